"""The hand that prints slips: promise, print, watch the mouth, settle.

A slip printer remembers nothing: the ledger does.
"""

import dataclasses
import json
import logging
import threading
from collections.abc import Callable

from hardware.api.clock import Clock
from hardware.api.errors import DeviceError
from hardware.api.locker import Seen
from hardware.api.slip_printer import SlipFailed, SlipPrinted, SlipPrinter
from hardware.api.status import Fault
from hardware.transports.lane import Broke, Done, Lane
from kiosk.hands.telling import Tell, no_one
from kiosk.journeys.events import SlipMissed, SlipOut, SlipTaken
from kiosk.numbers import new_deed_id
from kiosk.ports import Accepted, Deed, DeedId, DeedKind, DeedState, Papers, SlipFacts, Store, StoreBroken
from kiosk.stations import Station

log = logging.getLogger("kiosk.hands.slips")

LOOK_S = 0.3


def written_down(facts: SlipFacts) -> str:
    """A slip's facts as the ledger keeps them, to print it at the next boot. Nothing personal is in them."""
    return json.dumps(dataclasses.asdict(facts), ensure_ascii=False)


def read_back(again: str) -> SlipFacts | None:
    """The inverse of `written_down`; None for what is no slip."""
    try:
        raw = json.loads(again)
        return SlipFacts(
            title=raw["title"],
            lines=tuple((label, value) for label, value in raw["lines"]),
            notes=tuple(raw["notes"]),
            token=raw["token"],
            language=raw["language"],
        )
    except (ValueError, KeyError, TypeError):
        return None


class SlipsHand:
    """Prints one slip at a time."""

    def __init__(
        self,
        station: Station[SlipPrinter],
        store: Store,
        papers: Papers,
        clock: Clock,
    ) -> None:
        self._station = station
        self._store = store
        self._papers = papers
        self._clock = clock
        self._post: Tell = no_one
        self._lane = Lane("hand.slips", clock)
        self._in_hand = threading.Event()
        self._abandon = threading.Event()
        self._nudge = threading.Event()
        self._busy = threading.Event()
        self._out = threading.Event()

    def print(self, subject: str, item: str, facts: SlipFacts, tell: Tell) -> None:
        """Promise a slip and print it."""
        deed = Deed(new_deed_id(self._clock.now()), DeedKind.SLIP, subject, item, again=written_down(facts))
        self._start(lambda: self._promise_and_print(deed, facts), tell)

    def print_promised(self, deed: DeedId, facts: SlipFacts, tell: Tell) -> None:
        """Print a slip whose promise is on disk already."""
        self._start(lambda: self._print(deed, facts), tell)

    def _start(self, work: Callable[[], None], tell: Tell) -> None:
        def told() -> None:
            self._post = tell
            work()

        for flag in (self._in_hand, self._abandon, self._out):
            flag.clear()
        self._busy.set()
        self._lane.ask(told, self._ended)

    def _ended(self, done: Done[None]) -> None:
        self._busy.clear()
        if isinstance(done, Broke):
            self._post(SlipMissed(Fault.PRINTER_STUCK))

    @property
    def busy(self) -> bool:
        """Whether a deed of a slip is in this hand."""
        return self._busy.is_set()

    def in_hand(self) -> None:
        self._in_hand.set()
        self._nudge.set()

    def abandon(self) -> None:
        self._abandon.set()
        self._nudge.set()

    @property
    def unfinished(self) -> bool:
        return self._busy.is_set() and not self._out.is_set()

    def end(self) -> None:
        self.abandon()
        self._lane.stop(5.0)

    def _promise_and_print(self, deed: Deed, facts: SlipFacts) -> None:
        if not isinstance(self._store.promise(deed), Accepted):
            self._post(SlipMissed(Fault.PRINTER_REFUSED))
            return
        self._print(deed.id, facts)

    def _print(self, deed: DeedId, facts: SlipFacts) -> None:
        try:
            self._printed(deed, facts)
        except StoreBroken:
            log.error("deed %s: the store refused a mark", deed)
            self._post(SlipMissed(Fault.PRINTER_REFUSED))

    def _printed(self, deed: DeedId, facts: SlipFacts) -> None:
        image = self._papers.slip(facts)
        if self._abandon.is_set():
            self._store.mark(deed, DeedState.VOID, "the person left before it was printed")
            self._post(SlipMissed(Fault.PRINTER_REFUSED))
            return
        self._store.mark(deed, DeedState.BEGUN)
        try:
            outcome = self._station.call(lambda printer: printer.print_slip(image), 60.0)
        except DeviceError as lost:
            state, note = DeedState.UNKNOWN, lost.fault.value
            self._store.mark(deed, state, note)
            self._post(SlipMissed(lost.fault))
            return
        match outcome:
            case SlipFailed(fault, begun):
                self._store.mark(deed, DeedState.FAILED, f"{fault.value}{' in mid-slip' if begun else ''}")
                self._post(SlipMissed(fault))
            case SlipPrinted():
                self._wait_for_hand(deed)

    def _wait_for_hand(self, deed: DeedId) -> None:
        self._out.set()
        self._store.mark(deed, DeedState.FED)
        seen = self._mouth()
        if seen is Seen.YES:
            self._store.mark(deed, DeedState.PRESENTED)
        self._post(SlipOut(seen))
        while not self._in_hand.is_set() and not self._abandon.is_set():
            if seen is Seen.YES and self._mouth() is Seen.NO:
                break
            if seen is Seen.NO:
                break  # taken while it came out
            self._nudge.wait(LOOK_S)
            self._nudge.clear()
        left = self._abandon.is_set() and not self._in_hand.is_set()
        self._store.mark(deed, DeedState.DONE, "left in the mouth, or not seen" if left else "")
        self._post(SlipTaken())

    def _mouth(self) -> Seen:
        try:
            return self._station.call(lambda printer: printer.slip_in_exit())
        except DeviceError:
            return Seen.UNKNOWN
