"""The hand that prints slips: promise, print, watch the mouth, settle.

A slip printer remembers nothing: the ledger does.
"""

import dataclasses
import json
import logging
import threading
from collections.abc import Callable

from documents.fonts import NoGlyph
from documents.slip import Image1Bit
from hardware.api.clock import Clock
from hardware.api.errors import DeviceError
from hardware.api.locker import Seen
from hardware.api.slip_printer import SlipFailed, SlipPrinted, SlipPrinter
from hardware.api.status import Fault
from hardware.transports.lane import Answer, Done, Lane
from kiosk.hands.telling import Tell
from kiosk.journeys.events import SlipMade, SlipMissed, SlipOut, SlipTaken
from kiosk.numbers import new_deed_id
from kiosk.ports import Accepted, Deed, DeedId, DeedKind, DeedState, Papers, SlipFacts, Store, StoreBroken
from kiosk.stations import Station, never_tried
from kiosk.words import LANGUAGES

log = logging.getLogger("kiosk.hands.slips")

LOOK_S = 0.3


def written_down(facts: SlipFacts) -> str:
    """A slip's facts as the ledger keeps them, to print it at the next boot. Nothing personal is in them."""
    return json.dumps(dataclasses.asdict(facts), ensure_ascii=False)


def read_back(again: str) -> SlipFacts | None:
    """The inverse of `written_down`; None for what is no slip."""
    try:
        raw = json.loads(again)
        facts = SlipFacts(
            title=raw["title"],
            lines=tuple((label, value) for label, value in raw["lines"]),
            notes=tuple(raw["notes"]),
            token=raw["token"],
            language=raw["language"],
        )
    except (ValueError, KeyError, TypeError):
        return None
    texts = (facts.title, *(text for line in facts.lines for text in line), *facts.notes, facts.token)
    return facts if all(isinstance(text, str) for text in texts) and facts.language in LANGUAGES else None


class _Slip:
    """One slip under way: what its person and its visit want of it."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.in_hand = threading.Event()  # the person's word
        self.let_go = threading.Event()  # another slip is wanted: this one is not waited for any more
        self.abandoned = threading.Event()  # the visit is over
        self.out = threading.Event()
        self.ended = threading.Event()
        self.nudge = threading.Event()

    def wish(self, flag: threading.Event) -> None:
        flag.set()
        self.nudge.set()

    @property
    def waited_for(self) -> bool:
        return not (self.in_hand.is_set() or self.let_go.is_set() or self.abandoned.is_set())


class SlipsHand:
    """Prints one slip at a time. A new order ends the waiting for the one before."""

    def __init__(
        self,
        station: Station[SlipPrinter],
        store: Store,
        papers: Papers,
        clock: Clock,
        *,
        look_s: float = LOOK_S,
    ) -> None:
        self._station = station
        self._store = store
        self._papers = papers
        self._clock = clock
        self._look_s = look_s
        self._lane = Lane("hand.slips", clock)
        self._slips: tuple[_Slip, ...] = ()  # not ended, newest last

    def print(self, subject: str, item: str, facts: SlipFacts, tell: Tell) -> None:
        """Promise a slip and print it."""
        deed = Deed(new_deed_id(self._clock.now()), DeedKind.SLIP, subject, item, again=written_down(facts))
        self._start(lambda slip: self._promise_and_print(deed, facts, slip), tell)

    def print_promised(self, deed: DeedId, facts: SlipFacts, tell: Tell) -> None:
        """Print a slip whose promise is on disk already."""
        self._start(lambda slip: self._printed(deed, facts, slip), tell)

    def _start(self, work: Callable[[_Slip], None], tell: Tell) -> None:
        for before in self._slips:
            before.wish(before.let_go)
        slip = _Slip(tell)
        self._slips = (*(each for each in self._slips if not each.ended.is_set()), slip)
        self._lane.ask(lambda: work(slip), lambda done: self._ended(slip, done))

    def _ended(self, slip: _Slip, done: Done[None]) -> None:
        if not isinstance(done, Answer):
            slip.tell(SlipTaken() if slip.out.is_set() else SlipMissed(Fault.PRINTER_STUCK))
        slip.ended.set()

    @property
    def busy(self) -> bool:
        """Whether a deed of a slip is in this hand."""
        return any(not slip.ended.is_set() for slip in self._slips)

    def in_hand(self) -> None:
        for slip in self._slips:
            slip.wish(slip.in_hand)

    def abandon(self) -> None:
        for slip in self._slips:
            slip.wish(slip.abandoned)

    @property
    def unfinished(self) -> bool:
        """Whether a slip may still come out."""
        return any(not slip.ended.is_set() and not slip.out.is_set() for slip in self._slips)

    def end(self) -> None:
        self.abandon()
        self._lane.stop(5.0)

    def _promise_and_print(self, deed: Deed, facts: SlipFacts, slip: _Slip) -> None:
        if slip.abandoned.is_set() or not isinstance(self._store.promise(deed), Accepted):
            slip.tell(SlipMissed(Fault.PRINTER_REFUSED))
            return
        self._printed(deed.id, facts, slip)

    def _printed(self, deed: DeedId, facts: SlipFacts, slip: _Slip) -> None:
        if slip.abandoned.is_set():
            self._missed(deed, slip, DeedState.VOID, Fault.PRINTER_REFUSED, "the person left before it was printed")
            return
        try:
            image = self._papers.slip(facts)
        except NoGlyph:
            log.error("deed %s: a slip holds a character that no font has", deed)
            self._missed(deed, slip, DeedState.VOID, Fault.PRINTER_REFUSED, "a character that no font has")
            return
        slip.tell(SlipMade(Image1Bit(image.width, image.height, image.rows).png()))
        if not self._mark(deed, DeedState.BEGUN):
            slip.tell(SlipMissed(Fault.PRINTER_REFUSED))  # nothing was given to the printer
            return
        try:
            outcome = self._station.call(lambda printer: printer.print_slip(image), 60.0)
        except DeviceError as lost:
            state = DeedState.VOID if never_tried(lost) else DeedState.UNKNOWN
            self._missed(deed, slip, state, lost.fault, lost.fault.value)
            return
        match outcome:
            case SlipFailed(fault, begun=True):
                self._missed(deed, slip, DeedState.FAILED, fault, f"{fault.value} in mid-slip")
            case SlipFailed(fault):
                self._missed(deed, slip, DeedState.VOID, fault, fault.value)
            case SlipPrinted():
                self._wait_for_hand(deed, slip)

    def _missed(self, deed: DeedId, slip: _Slip, state: DeedState, fault: Fault, note: str) -> None:
        self._mark(deed, state, note)
        slip.tell(SlipMissed(fault))

    def _wait_for_hand(self, deed: DeedId, slip: _Slip) -> None:
        slip.out.set()
        self._mark(deed, DeedState.FED)
        seen = self._mouth()
        if seen is Seen.YES:
            self._mark(deed, DeedState.PRESENTED)
        slip.tell(SlipOut(seen))
        gone = seen is Seen.NO  # taken while it came out
        while not gone and slip.waited_for:
            slip.nudge.wait(self._look_s)
            slip.nudge.clear()
            gone = seen is Seen.YES and self._mouth() is Seen.NO
        # seen gone in the very moment in which the visit ended counts as taken
        gone = gone or slip.in_hand.is_set() or (seen is Seen.YES and self._mouth() is Seen.NO)
        self._mark(deed, DeedState.DONE, "" if gone else "left in the mouth, or not seen")
        slip.tell(SlipTaken())

    def _mouth(self) -> Seen:
        try:
            return self._station.call(lambda printer: printer.slip_in_exit())
        except DeviceError:
            return Seen.UNKNOWN

    def _mark(self, deed: DeedId, state: DeedState, note: str = "") -> bool:
        """Write it down. A disk that refuses leaves the deed open for the sweep, and hinders no person."""
        try:
            self._store.mark(deed, state, note)
        except StoreBroken:
            log.error("deed %s: the store refused a mark, see to its disk", deed)
            return False
        return True
