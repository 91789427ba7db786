"""What the mind asks of the store, of the documents room and of central: ports, met by wiring.

Every method of `Store` and `Papers` may take as long as a disk or a page takes: they are called in lanes, never on the
mind's own thread nor on the screen's.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from catalogue.model import Item
from hardware.api.slip_printer import SlipImage
from wire.deeds import OPEN_STATES as OPEN_STATES
from wire.deeds import Accepted as Accepted
from wire.deeds import Deed as Deed
from wire.deeds import DeedId as DeedId
from wire.deeds import DeedKind as DeedKind
from wire.deeds import DeedRow as DeedRow
from wire.deeds import DeedState as DeedState
from wire.deeds import Network as Network
from wire.deeds import Refused as Refused
from wire.deeds import Room as Room
from wire.deeds import StoreBroken as StoreBroken
from wire.deeds import StoreRefused as StoreRefused
from wire.deeds import Waiting as Waiting
from wire.drafts import Draft as Draft
from wire.ids import CaseNumber
from wire.letters import Contents
from wire.messages import Cases as Cases
from wire.messages import Mirror as Mirror
from wire.messages import RecordAnswer, RecordRequest
from wire.tokens import CodeFault as CodeFault
from wire.tokens import IdCode


class Store(Protocol):
    """What the terminal remembers. Durable when it returns (one fsync'd transaction)."""

    def accept(
        self, contents: Contents, *, subject: str, promises: Sequence[Deed] = (), draft: str = "",
        files: Mapping[str, bytes | Path] | None = None,
    ) -> Accepted | Refused:  # fmt: skip
        """Seal the letter to central and write it with the deeds it entails in one transaction; `draft` ends in it.

        `files`: attachments whose `data` is empty in `contents`, by SHA-256: as bytes, or files read piece by piece.
        """
        ...

    def promise(self, deed: Deed) -> Accepted | Refused: ...

    def mark(self, deed: DeedId, state: DeedState, note: str = "") -> None:
        """Move a deed on. Raises StoreBroken when the disk refuses (the deed then stays as it was)."""
        ...

    def settle(
        self, deed: DeedId, state: DeedState, contents: Contents | None, *, subject: str, note: str = ""
    ) -> None:
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
        """Tickets whose compartment was emptied here and which central may still list. To be asked before `mirror`."""
        ...

    def waiting(self) -> Waiting: ...

    def room(self) -> Room:
        """Whether a new visit's letter would be taken; asked before anything is typed."""
        ...

    def mirror_seen(self) -> dt.datetime | None:
        """When central last said that the mirror held here is its newest; None before the first."""
        ...


class Drafts(Protocol):
    """What was typed and not submitted, sealed to a card and this terminal. A disk that refuses means: no draft.

    `card` is the secret that the reader made of the card (`CardRead.secret`), never empty here.
    """

    def keep(self, card: bytes, draft: Draft, hours: int) -> bool:
        """Whether it is on disk, in the place of the last one of this card and item, for so many hours from now."""
        ...

    def find(self, card: bytes, item: str, version: int) -> Draft | None: ...

    def drop(self, card: bytes, item: str) -> None: ...

    def name(self, card: bytes, item: str) -> str:
        """What `Store.accept` calls it; "" when there can be none."""
        ...

    def sweep(self) -> int:
        """Delete what is over; how many."""
        ...


# ---- papers -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MadePages:
    """A finished PDF and what proves it. `previews` are PNG pages as they will be kept, `veiled` the same with numbers
    covered: what a screen shows until the person asks for the whole."""

    pdf: bytes = field(repr=False)
    sha256: str
    previews: tuple[bytes, ...] = field(default=(), repr=False)
    token: str = ""
    veiled: tuple[bytes, ...] = field(default=(), repr=False)


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

    def application_page(
        self, item: Item, answers: Mapping[str, str], person: "PersonFacts", case: str, at: dt.datetime, language: str
    ) -> MadePages: ...

    def proof(
        self, item: Item, record: RecordAnswer, person: "PersonFacts", serial: str, at: dt.datetime
    ) -> MadePages: ...

    def receipt(
        self, case: CaseNumber, item: Item, parts: Sequence[str], at: dt.datetime, counter: int, previous: str
    ) -> str:
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
    card: bytes = field(default=b"", repr=False)  # the card's secret; empty by code and for a card without a photo


# ---- central, when it can be reached ------------------------------------------------------------------------


class Central(Protocol):
    """The link to central for what cannot wait in the outbox. Called in the central lane."""

    def record(self, request: RecordRequest) -> RecordAnswer:
        """Ask for a record; an answer of state UNAVAILABLE when central cannot be reached or believed."""
        ...

    def cases(self, *, number: str = "", name: str = "", receipt: str = "") -> Cases | None:
        """How the cases of a holder stand, or the one of a slip's receipt; None when central cannot be asked."""
        ...

    def network(self) -> Network: ...


class Codes(Protocol):
    """Reads citizens' codes offline."""

    def check(self, text: str, now: dt.datetime) -> IdCode | CodeFault:
        """Signature, dates; USED is the store's to say."""
        ...


class Tags(Protocol):
    """Turns a number or a pickup code into the tag that a ticket carries (slow on purpose)."""

    def holder(self, number: str, salt: str) -> str: ...

    def code(self, code: str, salt: str) -> str: ...
