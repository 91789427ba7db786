"""What the mind asks of the store, of the documents room and of central: ports, met by wiring.

Every method of `Store` and `Papers` may take as long as a disk or a page takes: they are called in lanes, never on the
mind's own thread nor on the screen's.
"""

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NewType, Protocol

from catalogue.model import Item
from hardware.api.slip_printer import SlipImage
from wire.ids import CaseNumber, LetterId
from wire.letters import Contents
from wire.messages import Mirror, RecordAnswer, RecordRequest
from wire.tokens import IdCode

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


@dataclass(frozen=True)
class Accepted:
    """On disk for good."""

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


class Store(Protocol):
    """What the terminal remembers. Durable when it returns (one fsync'd transaction)."""

    def accept(self, contents: Contents, *, subject: str, promises: Sequence[Deed] = ()) -> Accepted | Refused:
        """Seal the letter to central and write it with the deeds it entails in one transaction."""
        ...

    def promise(self, deed: Deed) -> Accepted | Refused: ...

    def mark(self, deed: DeedId, state: DeedState, note: str = "") -> None:
        """Move a deed on. Raises StoreBroken when the disk refuses (the deed then stays as it was)."""
        ...

    def settle(self, deed: DeedId, state: DeedState, contents: Contents | None, *, subject: str, note: str = "") -> None:
        """End a deed and write the letter that tells of it, in one transaction. `contents` None: the end alone."""
        ...

    def open_deeds(self) -> tuple[DeedRow, ...]: ...

    def deeds(self, limit: int = 200) -> tuple[DeedRow, ...]:
        """The newest deeds, for the technician and the tests."""
        ...

    def next_number(self, name: str) -> int:
        """The next of a durable counter, from 1; a number is never given twice, gaps are allowed."""
        ...

    def chain(self) -> tuple[int, str]:
        """(counter, sha256 of the last receipt token) of this terminal's receipt chain; (0, 64 zeros) at first."""
        ...

    def first_use(self, code_id: str, expires: dt.datetime) -> bool:
        """Whether this code is shown for the first time here; remembers it until it has expired."""
        ...

    def mirror(self) -> Mirror | None:
        """The last good mirror; None before the first."""
        ...

    def tickets_gone(self) -> frozenset[str]:
        """Tickets whose compartment was emptied here and which central may still list."""
        ...

    def waiting(self) -> Waiting: ...


class StoreBroken(Exception):
    """The disk refused in the middle of a deed."""


# ---- papers -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MadePages:
    """A finished PDF and what proves it. `previews` are PNG pages as they will be kept."""

    pdf: bytes = field(repr=False)
    sha256: str
    previews: tuple[bytes, ...] = field(default=(), repr=False)
    token: str = ""


@dataclass(frozen=True)
class SlipFacts:
    """What a slip says: lines without any name, number or address; and a code to be verified."""

    title: str
    lines: tuple[tuple[str, str], ...]  # (label, value)
    notes: tuple[str, ...] = ()
    token: str = ""
    language: str = "zh"


class Papers(Protocol):
    """Makes documents. Pure but slow: called in the papers lane. Raises documents.fonts.NoGlyph and nothing else."""

    def application_page(self, item: Item, answers: Mapping[str, str], person: "PersonFacts", case: str,
                         at: dt.datetime, language: str) -> MadePages: ...

    def proof(self, item: Item, record: RecordAnswer, person: "PersonFacts", serial: str, at: dt.datetime) -> MadePages: ...

    def receipt(self, case: CaseNumber, item: Item, parts: Sequence[str], at: dt.datetime, counter: int, previous: str) -> str:
        """The signed receipt token."""
        ...

    def slip(self, facts: SlipFacts) -> SlipImage: ...


@dataclass(frozen=True)
class PersonFacts:
    """Who the visit is for, as the card or the code said. Lives in memory for one visit."""

    kind: str
    name: str = field(repr=False)
    number: str = field(repr=False)
    by: str  # "card" or "code"
    sex: str = field(default="", repr=False)
    birth: dt.date | None = field(default=None, repr=False)
    address: str = field(default="", repr=False)
    issuer: str = field(default="", repr=False)
    nation: str = field(default="", repr=False)
    valid_to: dt.date | None = field(default=None, repr=False)


# ---- central, when it can be reached ------------------------------------------------------------------------


class Network(enum.StrEnum):
    """Whether central answered of late."""

    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"


class Central(Protocol):
    """The link to central for what cannot wait in the outbox. Called in the central lane."""

    def record(self, request: RecordRequest) -> RecordAnswer:
        """Ask for a record; an answer of state UNAVAILABLE when central cannot be reached or believed."""
        ...

    def network(self) -> Network: ...


class CodeFault(enum.StrEnum):
    """Why a shown code does not stand in for a card."""

    FOREIGN = "code.foreign"  # another system's code
    DAMAGED = "code.damaged"  # ours, and cannot be read or verified
    EXPIRED = "code.expired"
    NOT_YET = "code.not_yet"  # issued in the future: somebody's clock is wrong
    USED = "code.used"


class Codes(Protocol):
    """Reads citizens' codes offline."""

    def check(self, text: str, now: dt.datetime) -> IdCode | CodeFault:
        """Signature, dates; USED is the store's to say."""
        ...


class Tags(Protocol):
    """Turns a number or a pickup code into the tag that a ticket carries (slow on purpose)."""

    def holder(self, number: str, salt: str) -> str: ...

    def code(self, code: str, salt: str) -> str: ...
