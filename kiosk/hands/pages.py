"""The hand that prints A4 documents: promise, submit by our own name, watch the job, watch the tray, settle."""

import datetime as dt
import logging
import threading

from hardware.api.clock import Clock
from hardware.api.errors import DeviceError
from hardware.api.locker import Seen
from hardware.api.page_printer import JobName, JobRefused, JobState, PagePrinter
from hardware.api.status import Fault, Level, Status, Supply
from hardware.transports.lane import Broke, Done, Lane
from kiosk.hands.telling import Tell, no_one
from kiosk.journeys.events import PagesFailed, PagesGoOn, PagesOut, PagesStopped, PagesTaken, PapersFailed
from kiosk.journeys.orders import PrintPages
from kiosk.numbers import new_deed_id
from kiosk.ports import Accepted, Deed, DeedKind, DeedState, Store, StoreBroken
from kiosk.stations import Station
from wire.letters import Person, ProofPrinted

log = logging.getLogger("kiosk.hands.pages")

LOOK_S = 0.4
STUCK_S = 60.0
"""A job that shows no change for so long is told to be stuck; it may still come."""
BACK_S = 20.0
"""How long a lost printer is waited for before the person is told that nobody knows."""
TRAY_S = 3.0
"""How long a tray sensor may take to see paper after the printer says done."""


def person_of(order: PrintPages) -> Person:
    p = order.person
    return Person(kind=p.kind, name=p.name, number=p.number, birth=p.birth, address=p.address, by=p.by)


def stops_paper(status: Status) -> Fault | None:
    """The fault that keeps paper from coming out now, if any."""
    if status.level(Supply.PAPER) is Level.OUT:
        return Fault.PRINTER_PAPER_OUT
    return status.fault


class PagesHand:
    """Prints one document at a time."""

    def __init__(self, station: Station[PagePrinter], store: Store, clock: Clock) -> None:
        self._station = station
        self._store = store
        self._clock = clock
        self._post: Tell = no_one
        self._lane = Lane("hand.pages", clock)
        self._give_up = threading.Event()
        self._in_hand = threading.Event()
        self._abandon = threading.Event()
        self._nudge = threading.Event()
        self._busy = threading.Event()
        self._out = threading.Event()

    # ---- asked by the dispatcher ----

    def print(self, order: PrintPages, tell: Tell) -> None:
        for flag in (self._give_up, self._in_hand, self._abandon, self._out):
            flag.clear()
        self._busy.set()
        self._lane.ask(lambda: self._print(order, tell), self._ended)

    def _ended(self, done: Done[None]) -> None:
        self._busy.clear()
        if isinstance(done, Broke):
            self._post(PagesFailed(Fault.PRINTER_STUCK, known=False))

    @property
    def busy(self) -> bool:
        """Whether a deed of a document is in this hand."""
        return self._busy.is_set()

    def give_up(self) -> None:
        self._give_up.set()
        self._nudge.set()

    def in_hand(self) -> None:
        self._in_hand.set()
        self._nudge.set()

    def leave(self) -> None:
        """The person goes: what is not out yet is not wanted any more."""
        if not self._out.is_set():
            self.give_up()

    def abandon(self) -> None:
        """Stop waiting for a hand at the tray (the visit is over)."""
        self.give_up()
        self._abandon.set()

    @property
    def unfinished(self) -> bool:
        """Whether a job may still bring paper."""
        return self._busy.is_set() and not self._out.is_set()

    def end(self) -> None:
        self.abandon()
        self._lane.stop(5.0)

    # ---- in the hand's own thread ----

    def _pause(self, seconds: float = LOOK_S) -> None:
        self._nudge.wait(seconds)
        self._nudge.clear()

    def _print(self, order: PrintPages, tell: Tell) -> None:
        self._post = tell
        deed = Deed(new_deed_id(self._clock.now()), DeedKind.PAGES, order.serial, order.item.code)
        promised = self._store.promise(deed)
        if not isinstance(promised, Accepted):
            self._post(PapersFailed(promised.reason.value))
            return
        try:
            self._run(order, deed)
        except StoreBroken:
            log.error("deed %s: the store refused a mark", deed.id)
            self._post(PagesFailed(Fault.PRINTER_STUCK, known=False))

    def _run(self, order: PrintPages, deed: Deed) -> None:
        self._store.mark(deed.id, DeedState.BEGUN)
        name = JobName(deed.id)
        try:
            outcome = self._station.call(lambda printer: printer.submit(name, order.pages.pdf), 60.0)
        except DeviceError as lost:
            if not self._found_again(name):
                self._unsure(order, deed, lost.fault)
                return
        else:
            if isinstance(outcome, JobRefused):
                self._settle(order, deed, DeedState.FAILED, "failed", outcome.fault.value)
                self._post(PagesFailed(outcome.fault))
                return
        self._watch(order, deed, name)

    def _found_again(self, name: JobName) -> bool:
        """Whether the printer, once it is back, knows the job. False also when it does not come back."""
        until = self._clock.monotonic() + BACK_S
        while self._clock.monotonic() < until and not self._abandon.is_set():
            try:
                return self._station.call(lambda printer: printer.find(name)) is not None
            except DeviceError:
                self._pause(1.0)
        return False

    def _unsure(self, order: PrintPages, deed: Deed, fault: Fault) -> None:
        """The printer went away while being told. If it is back and knows no such job: void; else nobody knows."""
        try:
            known = self._station.call(lambda printer: printer.find(JobName(deed.id))) is None
        except DeviceError:
            known = False
        if known:
            self._settle(order, deed, DeedState.VOID, "failed", fault.value)
        # otherwise the deed stays open: the sweep asks the printer when it is back
        self._post(PagesFailed(fault, known=known))

    def _watch(self, order: PrintPages, deed: Deed, name: JobName) -> None:
        stopped: Fault | None = None
        last: JobState | None = None
        since = self._clock.monotonic()
        cancelled = False
        while True:
            try:
                job = self._station.call(lambda printer: printer.find(name))
                status = self._station.call(lambda printer: printer.status())
            except DeviceError as lost:
                if self._clock.monotonic() - since > BACK_S or self._abandon.is_set():
                    self._post(PagesFailed(lost.fault, known=False))
                    return
                if stopped is None:
                    stopped = lost.fault
                    self._post(PagesStopped(lost.fault))
                self._pause(1.0)
                continue
            if job is None or job.state in (JobState.ABORTED, JobState.CANCELLED):
                known = job is not None
                state = DeedState.FAILED if known else DeedState.UNKNOWN
                self._settle(order, deed, state, "failed" if known else "unknown", "cancelled" if cancelled else "gone")
                fault = (job.fault if job else None) or stopped or Fault.PRINTER_REFUSED
                self._post(PagesFailed(fault, known=known))
                return
            if job.state is JobState.DONE:
                self._came_out(order, deed, status)
                return
            if job.state is not last:
                last, since = job.state, self._clock.monotonic()
            if self._give_up.is_set() and not cancelled:
                cancelled = True
                try:
                    self._station.call(lambda printer: printer.cancel(name))
                except DeviceError as error:
                    log.info("deed %s: cancel: %s", deed.id, error.fault)
            fault_now = stops_paper(status) or job.fault
            if fault_now is None and self._clock.monotonic() - since > STUCK_S:
                fault_now = Fault.PRINTER_STUCK
            if fault_now is not stopped:
                self._post(PagesStopped(fault_now) if fault_now is not None else PagesGoOn())
                stopped = fault_now
            self._pause()

    def _came_out(self, order: PrintPages, deed: Deed, status: Status) -> None:
        seen = self._tray()
        doubt = stops_paper(status)
        until = self._clock.monotonic() + TRAY_S
        while seen is Seen.NO and self._clock.monotonic() < until:
            self._pause(0.2)
            seen = self._tray()
        if doubt is not None and seen is not Seen.YES:
            # "completed" is the queue's word: with the paper out and nothing in the tray it is not believed
            self._settle(order, deed, DeedState.UNKNOWN, "unknown", f"done with {doubt.value}")
            self._post(PagesFailed(doubt, known=False))
            return
        self._out.set()
        self._store.mark(deed.id, DeedState.FED)
        if seen is Seen.YES:
            self._store.mark(deed.id, DeedState.PRESENTED)
        self._post(PagesOut(seen))
        watched = seen is not Seen.UNKNOWN
        while not self._in_hand.is_set() and not self._abandon.is_set():
            if watched and self._tray() is Seen.NO:
                break
            self._pause()
        taken = not self._abandon.is_set() or self._in_hand.is_set()
        outcome = "taken" if taken else "presented"
        self._settle(order, deed, DeedState.DONE, outcome, "" if taken else "left in the tray")
        self._post(PagesTaken())

    def _tray(self) -> Seen:
        try:
            return self._station.call(lambda printer: printer.paper_in_tray())
        except DeviceError:
            return Seen.UNKNOWN

    def _settle(self, order: PrintPages, deed: Deed, state: DeedState, outcome: str, note: str) -> None:
        told = ProofPrinted(
            serial=order.serial,
            item=order.item.code,
            version=order.item.version,
            person=person_of(order),
            consents=dict(order.consents),
            token=order.pages.token,
            outcome=outcome,
            printed_at=self._now(),
        )
        self._store.settle(deed.id, state, told, subject=order.serial, note=note)

    def _now(self) -> dt.datetime:
        return self._clock.now()
