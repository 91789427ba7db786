"""What is inside a letter once it is opened: JSON of one of these (`wire.packing`)."""

import datetime as dt
import enum
from typing import Literal

from pydantic import Field, model_validator

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


BEST_RATING, WORST_RATING = 5, 1
POOR_RATINGS = frozenset({1, 2})
"""不满意 and 非常不满意: those who give one are asked why, if they like to say."""


class RatingReason(enum.StrEnum):
    """Why a rating is poor; a closed list, so that nobody writes a name into it."""

    TOO_LONG = "too_long"
    UNCLEAR = "unclear"
    HARD_TO_USE = "hard_to_use"
    MACHINE = "machine"
    NOT_SOLVED = "not_solved"
    UNEASY = "uneasy"  # about what becomes of personal data


class Rated(Message):
    """What somebody thought of one item, after it (好差评, GB/T 39734—2020: five levels, one rating for one item).

    Who, is not in it. `about` is the case, serial or ticket that was rated: central takes one rating for each.
    """

    kind: Literal[LetterKind.RATED] = LetterKind.RATED
    item: Word
    version: int
    about: Word
    level: int = Field(ge=WORST_RATING, le=BEST_RATING)  # 5 very satisfied, 1 very dissatisfied
    reasons: tuple[RatingReason, ...] = Field(default=(), max_length=len(RatingReason))
    at: dt.datetime

    @model_validator(mode="after")
    def _reasons_for_a_poor_one(self) -> "Rated":
        if self.reasons and self.level not in POOR_RATINGS:
            raise ValueError("reasons belong to a poor rating")
        if len(set(self.reasons)) != len(self.reasons):
            raise ValueError("a reason stands twice")
        return self


class Amended(Message):
    """What a citizen put right in a returned case, or handed in for one that waited (补正, 补件).

    `revision` is the case's revision that the citizen saw: central compares, and holds for a person what answers an
    older one. `answers` are those of the fields that were asked for, and the page shows these: what was asked for and
    what was answered to it.
    """

    kind: Literal[LetterKind.AMENDED] = LetterKind.AMENDED
    case: Word
    item: Word
    version: int
    definition: Hash
    revision: int
    person: Person
    answers: dict[str, str] = Field(repr=False)
    consents: dict[str, dt.datetime]
    receipt: str  # token; its case is this case, its parts are the page, then the materials
    page: Attachment
    materials: tuple[Attachment, ...] = ()
    language: Word
    submitted_at: dt.datetime


Contents = Application | ProofPrinted | Collected | Incident | Rated | Amended
