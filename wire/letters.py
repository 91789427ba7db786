"""What is inside a letter once it is opened: canonical JSON of one of these."""

import datetime as dt
from typing import Literal

from pydantic import Field

from wire.messages import Hash, LetterKind, Message, Word


class Attachment(Message):
    """A file carried in the letter; `data` is b64u."""

    name: Word
    media_type: Word
    sha256: Hash
    data: str = Field(repr=False)


class Person(Message):
    """Who, as the card or the code said."""

    kind: Word
    name: str = Field(repr=False)
    number: str = Field(repr=False)
    birth: dt.date | None = Field(default=None, repr=False)
    address: str = Field(default="", repr=False)
    by: Word  # "card" or "code"


class Application(Message):
    kind: Literal[LetterKind.APPLICATION] = LetterKind.APPLICATION
    case: Word
    item: Word
    version: int
    definition: Hash
    person: Person
    answers: dict[str, str] = Field(repr=False)
    consents: dict[str, dt.datetime]
    receipt: str  # token
    page: Attachment  # the very page the citizen saw
    materials: tuple[Attachment, ...] = ()
    language: Word
    submitted_at: dt.datetime


class ProofPrinted(Message):
    kind: Literal[LetterKind.PROOF_PRINTED] = LetterKind.PROOF_PRINTED
    serial: Word
    item: Word
    version: int
    person: Person
    consents: dict[str, dt.datetime]
    token: str
    outcome: Word  # deed state: "presented", "taken", "failed", "unknown"
    printed_at: dt.datetime


class Collected(Message):
    kind: Literal[LetterKind.COLLECTED] = LetterKind.COLLECTED
    ticket: Word
    door: int
    by: Word  # "card", "code", "pickup_code"
    outcome: Word  # "taken", "not_taken", "doubtful"
    at: dt.datetime


class Incident(Message):
    kind: Literal[LetterKind.INCIDENT] = LetterKind.INCIDENT
    deed: Word
    what: Word
    found: Word
    at: dt.datetime


Contents = Application | ProofPrinted | Collected | Incident
