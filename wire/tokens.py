"""What a signed code in a QR says. The token's text is made and read by `trust.tokens`."""

import datetime as dt
import enum
from typing import Literal

from pydantic import Field

from wire.messages import Hash, Message, Word


class TokenUse(enum.StrEnum):
    RECEIPT = "receipt"
    PROOF = "proof"
    ID_CODE = "idcode"


class Receipt(Message):
    """The terminal says: I hold this application. No personal data."""

    t: Literal[TokenUse.RECEIPT] = TokenUse.RECEIPT
    case: Word
    item: Word
    version: int
    parts: tuple[Hash, ...]  # sha256 of the kept page (PDF), then of each material
    at: dt.datetime
    terminal: Word
    counter: int
    previous: Hash  # sha256 of the terminal's previous receipt token, 64 zeros for the first


class Proof(Message):
    """The terminal says: I printed this document of these figures."""

    t: Literal[TokenUse.PROOF] = TokenUse.PROOF
    serial: Word
    item: Word
    figures: Hash  # sha256 of canonical({"heading", "columns", "rows"})
    at: dt.datetime
    terminal: Word


class IdCode(Message):
    """A citizen's code, signed by central (key use "sign.code"): stands in for the card. Expires, is used once."""

    t: Literal[TokenUse.ID_CODE] = TokenUse.ID_CODE
    id: Word
    issued: dt.datetime
    expires: dt.datetime
    kind: Word
    name: str = Field(repr=False)
    number: str = Field(repr=False)
    birth: dt.date | None = Field(default=None, repr=False)
    address: str = Field(default="", repr=False)


class CodeFault(enum.StrEnum):
    """Why a shown code does not stand in for a card."""

    FOREIGN = "code.foreign"  # another system's code
    DAMAGED = "code.damaged"  # ours, and cannot be read or verified
    EXPIRED = "code.expired"
    NOT_YET = "code.not_yet"  # issued in the future: somebody's clock is wrong
    USED = "code.used"
