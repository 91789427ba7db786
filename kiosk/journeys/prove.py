"""Prove: consent, record, document, paper, slip. The 23:00 story: one proof, printed at once."""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from catalogue.model import Item
from documents.proof import is_demonstration
from hardware.api.lights import Spot
from hardware.api.locker import Seen
from hardware.api.status import Fault
from kiosk.journeys.events import (
    TAIL,
    PagesFailed,
    PagesGoOn,
    PagesOut,
    PagesStopped,
    PagesTaken,
    PapersFailed,
    Pressed,
    ProofMade,
    RecordCame,
    SlipMade,
    SlipMissed,
    SlipOut,
    SlipTaken,
    TimeUp,
    Typed,
)
from kiosk.journeys.orders import (
    Arm,
    AskRecord,
    GiveUpPages,
    Light,
    MakeProof,
    Order,
    PagesInHand,
    PrintPages,
    PrintProofSlip,
    SlipInHand,
)
from kiosk.journeys.table import Journey, Move
from kiosk.ports import MadePages, PersonFacts
from wire.messages import RecordState

PATIENCE_S = 10.0
SLIP_WAIT_S = 30.0
"""How long the end page is held back for a slip that nobody takes (the slip itself is watched on the leaving page)."""


class Phase(enum.Enum):
    CONSENT = enum.auto()
    FETCHING = enum.auto()
    MAKING = enum.auto()
    PRINTING = enum.auto()
    STOPPED = enum.auto()  # the printer waits for help
    GIVING_UP = enum.auto()
    TAKE = enum.auto()
    SLIP = enum.auto()
    TAKE_SLIP = enum.auto()
    DONE = enum.auto()
    FAILED = enum.auto()


@dataclass(frozen=True)
class Prove:
    item: Item
    person: PersonFacts
    language: str
    phase: Phase = Phase.CONSENT
    consents: Mapping[str, dt.datetime] = field(default_factory=dict)
    serial: str = ""
    pages: MadePages | None = None
    seen: Seen = Seen.UNKNOWN
    fault: Fault | None = None
    failure: str = ""  # a word: why nothing was printed
    slip_missed: bool = False
    slip: bytes = field(default=b"", repr=False)  # its picture
    printed: bool = False
    slow: bool = False
    demonstration: bool = False


def begin(item: Item, person: PersonFacts, language: str) -> Move[Prove]:
    return Prove(item, person, language), (Light(None),)


def consent(state: Prove, at: dt.datetime) -> Move[Prove]:
    """The person agreed: only now is central asked."""
    state = replace(state, phase=Phase.FETCHING, consents={state.item.code: at}, slow=False)
    return state, (AskRecord(state.item, state.person, at), Arm("patience", PATIENCE_S))


def _fail(state: Prove, word: str, *more: Order) -> Move[Prove]:
    return replace(state, phase=Phase.FAILED, failure=word, pages=None), (Light(None), *more)


def _record(state: Prove, event: RecordCame) -> Move[Prove]:
    match event.answer.state:
        case RecordState.FOUND:
            state = replace(state, phase=Phase.MAKING, demonstration=is_demonstration(event.answer))
            return state, (MakeProof(state.item, event.answer, state.person),)
        case RecordState.NOTHING:
            return _fail(state, "record.nothing")
        case RecordState.UNAVAILABLE:
            return _fail(state, "record.unavailable")


def _made(state: Prove, event: ProofMade) -> Move[Prove]:
    orders: tuple[Order, ...] = (
        PrintPages(event.serial, state.item, event.pages, state.person, state.consents),
        Light(Spot.PAGES),
        Arm("patience", PATIENCE_S),
    )
    return replace(state, phase=Phase.PRINTING, serial=event.serial, pages=event.pages, slow=False), orders


def _papers_failed(state: Prove, event: PapersFailed) -> Move[Prove]:
    return _fail(state, event.word)


def _out(state: Prove, event: PagesOut) -> Move[Prove]:
    return replace(state, phase=Phase.TAKE, seen=event.seen, fault=None, printed=True), (Light(Spot.PAGES),)


def _stopped(state: Prove, event: PagesStopped) -> Move[Prove]:
    return replace(state, phase=Phase.STOPPED, fault=event.fault), ()


def _go_on(state: Prove, _: PagesGoOn) -> Move[Prove]:
    return replace(state, phase=Phase.PRINTING, fault=None), ()


def _give_up(state: Prove, _: Pressed) -> Move[Prove]:
    return replace(state, phase=Phase.GIVING_UP), (GiveUpPages(),)


def _pages_failed(state: Prove, event: PagesFailed) -> Move[Prove]:
    word = "pages.failed" if event.known else "pages.unknown"
    return _fail(replace(state, fault=event.fault), word)


def _taken(state: Prove, _: PagesTaken) -> Move[Prove]:
    token = state.pages.token if state.pages else ""
    slip = PrintProofSlip(state.serial, state.item, state.language, state.printed, token, state.demonstration)
    return replace(state, phase=Phase.SLIP, pages=None), (slip, Light(Spot.SLIP))


def _in_hand(state: Prove, _: Pressed) -> Move[Prove]:
    return state, (PagesInHand(),)


def _slip_made(state: Prove, event: SlipMade) -> Move[Prove]:
    return replace(state, slip=event.picture), ()


def _slip_out(state: Prove, _: SlipOut) -> Move[Prove]:
    return replace(state, phase=Phase.TAKE_SLIP), (Light(Spot.SLIP), Arm("slip", SLIP_WAIT_S))


def _slip_done(state: Prove, _: SlipTaken) -> Move[Prove]:
    return replace(state, phase=Phase.DONE), (Light(None),)


def _slip_in_hand(state: Prove, _: Pressed) -> Move[Prove]:
    return replace(state, phase=Phase.DONE), (SlipInHand(), Light(None))


def _slip_missed(state: Prove, event: SlipMissed) -> Move[Prove]:
    return replace(state, phase=Phase.DONE, slip_missed=True, fault=event.fault), (Light(None),)


def _time(state: Prove, event: TimeUp) -> Move[Prove]:
    if event.name == "patience":
        return replace(state, slow=True), ()
    if event.name == "slip" and state.phase is Phase.TAKE_SLIP:
        return replace(state, phase=Phase.DONE), (Light(None),)
    return state, ()


def _again(state: Prove, _: Pressed) -> Move[Prove]:
    """Ask once more with the consent that was given."""
    at = state.consents[state.item.code]
    state = replace(state, phase=Phase.FETCHING, failure="", fault=None, slow=False)
    return state, (AskRecord(state.item, state.person, at), Arm("patience", PATIENCE_S))


JOURNEY: Journey[Prove] = Journey(
    "prove",
    {
        (Phase.FETCHING, RecordCame): _record,
        (Phase.FETCHING, TimeUp): _time,
        (Phase.MAKING, ProofMade): _made,
        (Phase.MAKING, PapersFailed): _papers_failed,
        (Phase.MAKING, TimeUp): _time,
        (Phase.PRINTING, PagesOut): _out,
        (Phase.PRINTING, PagesStopped): _stopped,
        (Phase.PRINTING, PagesFailed): _pages_failed,
        (Phase.PRINTING, PapersFailed): _papers_failed,
        (Phase.PRINTING, TimeUp): _time,
        (Phase.STOPPED, PagesStopped): _stopped,
        (Phase.STOPPED, PagesGoOn): _go_on,
        (Phase.STOPPED, PagesOut): _out,
        (Phase.STOPPED, PagesFailed): _pages_failed,
        (Phase.STOPPED, "give_up"): _give_up,
        (Phase.GIVING_UP, PagesOut): _out,
        (Phase.GIVING_UP, PagesFailed): _pages_failed,
        (Phase.TAKE, PagesTaken): _taken,
        (Phase.TAKE, "in_hand"): _in_hand,
        (Phase.SLIP, SlipMade): _slip_made,
        (Phase.SLIP, SlipOut): _slip_out,
        (Phase.SLIP, SlipMissed): _slip_missed,
        (Phase.TAKE_SLIP, SlipTaken): _slip_done,
        (Phase.TAKE_SLIP, "slip_in_hand"): _slip_in_hand,
        (Phase.TAKE_SLIP, TimeUp): _time,
        (Phase.FAILED, "again"): _again,
    },
    late=frozenset({Typed, TimeUp, PagesGoOn, PagesStopped, PagesTaken, SlipTaken, RecordCame, ProofMade, SlipMissed})
    | TAIL,
)
