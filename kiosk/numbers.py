"""Numbers that people read over the telephone, and the ids of deeds."""

import datetime as dt
import secrets

from kiosk.ports import DeedId

_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUVWXY"


def check_letter(text: str) -> str:
    """One letter that catches a mistyped or swapped character (weighted sum, modulus 31, no I, O, S, Z)."""
    total = sum(i * _LETTERS.find(c) for i, c in enumerate((c for c in text.upper() if c in _LETTERS), start=2))
    return _LETTERS[total % 31]


def case_number(item_code: str, terminal: str, today: dt.date, number: int) -> str:
    """Like `JI-YP01-261122-0007-K`: first letters of the item, terminal, day, the terminal's counter, check letter."""
    parts = item_code.split("-")
    prefix = "".join(part[0] for part in parts[:2]) if len(parts) > 1 else item_code[:2]
    stem = f"{prefix.upper()}-{terminal}-{today:%y%m%d}-{number:04d}"
    return f"{stem}-{check_letter(stem)}"


def new_deed_id(now: dt.datetime) -> DeedId:
    """A short name without any personal data: it is also the job's name at the printer."""
    return DeedId(f"NT-{now:%y%m%d%H%M%S}-{secrets.token_hex(4)}")
