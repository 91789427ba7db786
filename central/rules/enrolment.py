"""One-time codes that let a new terminal in."""

import datetime as dt
import enum
import secrets
from dataclasses import dataclass

from wire.canonical import sha256_hex

LIFE = dt.timedelta(minutes=15)
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to be misread
_LENGTH = 16  # 80 bits of chance
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


class EnrolRefusal(enum.StrEnum):
    """Why a code lets nobody in."""

    UNKNOWN = "enrol.unknown_code"
    EXPIRED = "enrol.expired_code"
    USED = "enrol.used_code"
    BAD_KEY = "enrol.bad_key"  # not a key that central can verify


def new_code() -> str:
    """A code as a technician types it, such as 7Q2M-0XKD-9FHA-W3TB."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return "-".join(letters[at : at + 4] for at in range(0, _LENGTH, 4))


def code_hash(code: str) -> str:
    """What is kept of a code. 80 bits of chance need no slow hash; case, dashes and misread letters do not matter."""
    letters = "".join(code.upper().split()).replace("-", "").translate(_MISREAD)
    return sha256_hex(b"nuanting enrolment code\0" + letters.encode(errors="replace"))


@dataclass(frozen=True)
class CodeRow:
    """A code as the store holds it; `used_kid` names the key that used it, "" while nobody did."""

    region: str
    site: str
    terminal: str
    expires_at: dt.datetime
    used_kid: str


@dataclass(frozen=True)
class Admit:
    """A new key for this terminal."""

    row: CodeRow


@dataclass(frozen=True)
class AdmitAgain:
    """The same terminal asks again with the same key, because our answer was lost: same answer, nothing new."""

    row: CodeRow


def judge_code(row: CodeRow | None, kid: str, now: dt.datetime) -> Admit | AdmitAgain | EnrolRefusal:
    """Whether a shown code lets a key in. An expired code lets nobody in, not even again."""
    if row is None:
        return EnrolRefusal.UNKNOWN
    if row.used_kid and row.used_kid != kid:
        return EnrolRefusal.USED
    if now >= row.expires_at:
        return EnrolRefusal.USED if row.used_kid else EnrolRefusal.EXPIRED
    return AdmitAgain(row) if row.used_kid else Admit(row)
