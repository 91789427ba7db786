"""A department's system behind one interface: ask it, hand a case on to it, see how that stands, hear from it."""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from wire.messages import RecordAnswer


class Standing(enum.StrEnum):
    """How far a department came with what was handed on."""

    RECEIVED = "received"
    WORKING = "working"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Submission:
    """A case as a department gets it. `key` names it: the same key twice is the same submission.

    `round` counts from 1: a case that was put right is submitted once more, under another key, and stands for the ones
    before it.
    """

    key: str
    case: str
    round: int
    item: str
    version: int
    submitted_at: dt.datetime
    name: str = field(repr=False)
    number: str = field(repr=False)
    answers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Taken:
    """The department has it, under its own reference."""

    reference: str


@dataclass(frozen=True)
class NotTaken:
    """The department will not have it, now or later; a person looks."""

    why: str


@dataclass(frozen=True)
class Stands:
    reference: str
    standing: Standing
    as_of: dt.datetime


@dataclass(frozen=True)
class Unknown:
    """The department knows no such reference; or what came claims to be from it and is not."""

    why: str = ""


@dataclass(frozen=True)
class Away:
    """It does not answer, or not with sense: ask again later."""

    why: str


SubmitOutcome = Taken | NotTaken | Away
StatusOutcome = Stands | Unknown | Away
CallbackOutcome = Stands | Unknown


class Department(Protocol):
    """One department's system. Called in a worker thread, may take seconds, keeps nothing of persons.

    Does not raise for what the department does: it answers UNAVAILABLE or Away.
    """

    def query(self, item: str, number: str, name: str) -> RecordAnswer: ...

    def submit(self, submission: Submission) -> SubmitOutcome: ...

    def status(self, reference: str) -> StatusOutcome: ...

    def callback(self, headers: Mapping[str, str], body: bytes) -> CallbackOutcome:
        """What a message that claims to be the department's says; header names in lower case."""
        ...

    def probe(self) -> bool:
        """Whether the department answers at all; asks about nobody."""
        ...
