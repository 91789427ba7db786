"""What the store answers with, and the deeds it keeps: words between the mind and the store. Standard library only."""

import datetime as dt
import enum
from dataclasses import dataclass
from typing import NewType

from wire.ids import LetterId

DeedId = NewType("DeedId", str)


class DeedKind(enum.StrEnum):
    """What a terminal does to the world that cannot be undone."""

    PAGES = "pages"  # an A4 document
    SLIP = "slip"
    DOOR = "door"


class DeedState(enum.StrEnum):
    """How far a deed has come. PROMISED and BEGUN are open; the rest are ends."""

    PROMISED = "promised"  # written down, the device was not told yet
    BEGUN = "begun"  # the device was told
    FED = "fed"  # pages/slip: out of the printer · door: seen open
    PRESENTED = "presented"  # lies in tray or mouth · door: seen emptied, still open
    DONE = "done"  # taken · door: seen closed again
    VOID = "void"  # never happened, known for sure
    FAILED = "failed"  # did not come whole, known for sure
    UNKNOWN = "unknown"  # nobody can tell: a technician was told


OPEN_STATES = frozenset({DeedState.PROMISED, DeedState.BEGUN, DeedState.FED, DeedState.PRESENTED})


@dataclass(frozen=True)
class Deed:
    """A deed to be written down before it is done. `subject` is a case, serial or ticket: no person."""

    id: DeedId
    kind: DeedKind
    subject: str
    item: str = ""
    door: int = 0
    again: str = ""  # plain facts to finish it at the next boot (slip without personal data); never a person's


@dataclass(frozen=True)
class DeedRow:
    """A deed as the ledger holds it."""

    deed: Deed
    state: DeedState
    promised_at: dt.datetime
    changed_at: dt.datetime
    note: str = ""


class StoreRefused(enum.StrEnum):
    """Why the store will not accept: told before anything is promised to the citizen."""

    FULL = "store.full"  # the disk
    BROKEN = "store.broken"  # read-only, I/O error, damaged
    TOO_LARGE = "store.too_large"


class Room(enum.StrEnum):
    """Whether the store can take what a new visit would write; asked before anything is typed."""

    ENOUGH = "room.enough"
    LOW = "room.low"  # visits go on; a technician should come
    NONE = "room.none"  # what was begun can be ended, nothing new is begun
    REFUSES = "room.refuses"  # read-only, I/O errors, damaged


@dataclass(frozen=True)
class Accepted:
    """On disk for good. `letter` is empty when only a deed was written."""

    letter: LetterId
    at: dt.datetime


@dataclass(frozen=True)
class Refused:
    reason: StoreRefused


@dataclass(frozen=True)
class Waiting:
    """The outbox in numbers, for health and the technician."""

    letters: int = 0
    parked: int = 0
    bytes: int = 0
    oldest_at: dt.datetime | None = None


class StoreBroken(Exception):
    """The disk refused in the middle of a deed."""


class Network(enum.StrEnum):
    """Whether central answered of late."""

    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"
