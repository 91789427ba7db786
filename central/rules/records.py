"""When a department's record may be asked for."""

import datetime as dt
import enum

from wire.messages import RecordRequest
from wire.records import LEAST_NONCE

CONSENT_LIFE = dt.timedelta(hours=24)
"""As long as a signed request is believed: a terminal's clock may be off, and the request is signed anyway."""
CONSENT_AHEAD = dt.timedelta(minutes=10)

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class RecordRefusal(enum.StrEnum):
    """Why central does not ask the department."""

    CONSENT_OLD = "record.consent_old"
    CONSENT_AHEAD = "record.consent_ahead"
    BAD_NUMBER = "record.bad_number"
    NO_NONCE = "record.no_nonce"  # the answer could be shown again as the answer to another asking
    NO_CONNECTOR = "record.no_connector"  # no department answers for this item


def number_is_sound(number: str) -> bool:
    """Whether an 18-character identity number has the right check character (GB 11643-1999, ISO 7064 MOD 11-2)."""
    if len(number) != 18 or not number.isascii() or not number[:17].isdigit():
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return _CHECKS[total % 11] == number[17].upper()


def is_holder_number(number: str) -> bool:
    """Whether this can be the number of somebody who has cases: a sound one, or an old one of foreigners."""
    return number_is_sound(number) or (len(number) == 15 and number.isascii() and number.isalnum())


def judge_request(request: RecordRequest, now: dt.datetime) -> RecordRefusal | None:
    """Whether a request stands on a fresh consent and names a number that can exist."""
    if len(request.nonce) < LEAST_NONCE:
        return RecordRefusal.NO_NONCE
    consent = request.consent_at if request.consent_at.tzinfo else request.consent_at.replace(tzinfo=dt.UTC)
    if consent > now + CONSENT_AHEAD:
        return RecordRefusal.CONSENT_AHEAD
    if consent < now - CONSENT_LIFE:
        return RecordRefusal.CONSENT_OLD
    return None if is_holder_number(request.holder_number) else RecordRefusal.BAD_NUMBER
