"""Passwords by argon2id (RFC 9106), and the codes of an authenticator by TOTP (RFC 6238)."""

import datetime as dt
import secrets
from dataclasses import dataclass

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_STEP_S = 30
_WINDOW = 1
"""Steps before and after now whose code is taken: a telephone's clock may be half a minute off."""


@dataclass(frozen=True)
class PasswordCost:
    """What checking one password costs. The default is RFC 9106's second choice: 64 MiB, three passes, four lanes."""

    passes: int = 3
    memory_kib: int = 65536
    lanes: int = 4


class Passwords:
    """Makes and checks password hashes; checking takes the same work whether the login exists or not."""

    def __init__(self, cost: PasswordCost) -> None:
        self._hasher = PasswordHasher(cost.passes, cost.memory_kib, cost.lanes)
        self._nobodys = ""

    def hashed(self, password: str) -> str:
        return self._hasher.hash(password)

    def fits(self, kept: str, password: str) -> bool:
        """Whether `kept` is this password's hash. "" (nobody's) fits nothing and costs as much."""
        if not kept and not self._nobodys:
            self._nobodys = self._hasher.hash(secrets.token_urlsafe(16))
        try:
            return self._hasher.verify(kept or self._nobodys, password) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def new_password(login: str) -> str:
    """A password that nobody chose: 96 bits. One that holds the login, as one in sixty does a short one, is left."""
    made = secrets.token_urlsafe(12)
    while login and login.lower() in made.lower():
        made = secrets.token_urlsafe(12)
    return made


def new_totp() -> str:
    """A secret of 160 bits, in Base32."""
    return pyotp.random_base32()


def totp_uri(secret: str, login: str, issuer: str) -> str:
    """What an authenticator reads from a QR code (otpauth://…)."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def totp_code(secret: str, now: dt.datetime) -> str:
    """The six digits of this moment: what the authenticator shows."""
    return pyotp.TOTP(secret).at(now)


def totp_counter(secret: str, code: str, now: dt.datetime, used: int) -> int | None:
    """The counter that `code` was made for, if it is near now and later than `used`; else None."""
    clean = "".join(code.split())
    if len(clean) != 6 or not (clean.isascii() and clean.isdigit()):
        return None
    machine = pyotp.TOTP(secret)
    middle = int(now.timestamp()) // _STEP_S
    found = None
    for counter in range(middle - _WINDOW, middle + _WINDOW + 1):
        if secrets.compare_digest(machine.generate_otp(counter), clean) and counter > used:
            found = counter
    return found
