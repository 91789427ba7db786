"""The identity-card reader's port, and what the four kinds of card say about their holder."""

import datetime as dt
import enum
import hashlib
from dataclasses import dataclass, field
from typing import Protocol

from hardware.api.status import Status


class CardKind(enum.StrEnum):
    """Kind of document, byte 248 of the text block."""

    CITIZEN = "citizen"
    HMT_PERMIT = "hmt_permit"  # Hong Kong/Macao/Taiwan residence permit, 'J'
    FOREIGNER_2017 = "foreigner_2017"  # 'I'
    FOREIGNER_2023 = "foreigner_2023"  # 'Y'


@dataclass(frozen=True)
class Holder:
    """Who the card says its holder is. Never printed, logged or compared by repr.

    Dates are None where the card holds none or an impossible one; `valid_to` None with `valid_for_ever` True is 长期.
    `number` is the 18-character number (15 for the 2017 foreigner's card).
    """

    kind: CardKind
    name: str = field(repr=False)  # Chinese name; the English one where the card has no Chinese name
    number: str = field(repr=False)
    sex: str = field(default="", repr=False)  # GB/T 2261.1 digit
    birth: dt.date | None = field(default=None, repr=False)
    nation: str = field(default="", repr=False)  # GB/T 3304 two digits; citizen only
    address: str = field(default="", repr=False)
    issuer: str = field(default="", repr=False)
    valid_from: dt.date | None = field(default=None, repr=False)
    valid_to: dt.date | None = field(default=None, repr=False)
    valid_for_ever: bool = field(default=False, repr=False)
    english_name: str = field(default="", repr=False)
    nationality: str = field(default="", repr=False)
    permit_number: str = field(default="", repr=False)
    old_number: str = field(default="", repr=False)  # the 15-character number rebuilt from a 2023 card
    additional_address: str = field(default="", repr=False)
    photo_wlt: bytes = field(default=b"", repr=False)  # as on the card; needs a vendor library to show


LEAST_PHOTO = 64
"""Different bytes in a photo's 1024 (WLT is compressed: nearly all 256 occur)."""


class CardProblem(enum.StrEnum):
    """Why a card that lay on the reader was not read. Words, listed once."""

    MOVED = "card.moved"  # lifted halfway, or off the spot (41, 47, 81, silence mid-card)
    NOT_GENUINE = "card.not_genuine"  # 31, 32: card and SAM refused one another
    FAILED_CHECK = "card.failed_check"  # 33
    NOT_IDENTITY_CARD = "card.not_identity_card"  # 40
    UNREADABLE = "card.unreadable"  # text block that makes no sense


@dataclass(frozen=True)
class NoCard:
    """Nothing new on the spot. Says nothing about a card that was already read and still lies there."""


@dataclass(frozen=True)
class CardRead:
    """A card was read whole. `secret` is `card_secret` of it: for the visit's memory only, never written down."""

    holder: Holder = field(repr=False)
    secret: bytes = field(default=b"", repr=False)


def card_secret(text: bytes, photo_wlt: bytes) -> bytes:
    """32 bytes that only somebody who holds this card can make again: a hash of its whole text block and its photo.

    Empty for a card without a real photo: text alone (a name, a number, an address) can be guessed.
    """
    if len(set(photo_wlt)) < LEAST_PHOTO:
        return b""
    return hashlib.sha256(b"nuanting-card-v1\0" + len(text).to_bytes(4, "big") + text + photo_wlt).digest()


@dataclass(frozen=True)
class CardRefused:
    """A card is there and could not be read."""

    problem: CardProblem


PollOutcome = NoCard | CardRead | CardRefused


class IdCardReader(Protocol):
    """Reads identity documents laid on the spot. All methods run in the device's lane."""

    def start(self) -> str:
        """Reset and identify the module; returns its serial (SAM id). Raises DeviceError."""
        ...

    def status(self) -> Status: ...

    def poll(self) -> PollOutcome:
        """Look once for a card and read it. Raises DeviceError (LinkLost, NotAnswering, DeviceBrokeRules)."""
        ...

    def card_still_there(self) -> bool:
        """Whether any card lies on the spot now, read before or not (the field is restarted to find out)."""
        ...
