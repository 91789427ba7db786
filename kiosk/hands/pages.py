"""The hand that prints A4 documents: promise, submit by our own name, watch the job, watch the tray, settle."""

import logging
import threading

from hardware.api.clock import Clock
from hardware.api.errors import DeviceError
from hardware.api.locker import Seen
from hardware.api.page_printer import JobName, JobRefused, JobState, PagePrinter
from hardware.api.status import Fault, Level, Status, Supply
from hardware.transports.lane import Answer, Done, Failed, Lane
from kiosk.hands.telling import Tell
from kiosk.journeys.events import PagesFailed, PagesGoOn, PagesOut, PagesStopped, PagesTaken, PapersFailed
from kiosk.journeys.orders import PrintPages
from kiosk.numbers import new_deed_id
from kiosk.ports import Accepted, Deed, DeedKind, DeedState, Store, StoreBroken
from kiosk.stations import Station, never_tried
from wire.letters import Person, ProofPrinted

log = logging.getLogger("kiosk.hands.pages")

LOOK_S = 0.4
STUCK_S = 60.0
"""A job that shows no change for so long is told to be stuck; it may still come."""
BACK_S = 20.0
"""How long a lost printer is waited for before the person is told that nobody knows."""
HUSH_S = 2.0
"""A printer that is back so soon was never away for the person."""
LANDS_S = 5.0
"""How long a document that was on its way when the wire broke may take to appear among the printer's jobs."""
FORGETS_S = 45.0
"""A printer may forget a finished job after a minute (ippeveprinter does): this late, "no such job" says nothing."""
CANCEL_S = 20.0
"""How long a cancelled job may take to end before the person is told that nobody knows."""
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


class _Job:
    """One order under way: what its person and its visit want of it. Holds nothing of the person."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.given_up = threading.Event()  # what is not out yet is not wanted any more
        self.in_hand = threading.Event()  # the person's word
        self.abandoned = threading.Event()  # the visit is over: nobody waits for anything
        self.out = threading.Event()
        self.ended = threading.Event()
        self.stopped: Fault | None = None  # what the person was told to wait for
        self._nudge = threading.Event()

    def wish(self, *flags: threading.Event) -> None:
        for flag in flags:
            flag.set()
        self._nudge.set()

    def pause(self, seconds: float) -> None:
        self._nudge.wait(seconds)
        self._nudge.clear()


class PagesHand:
    """Prints one document at a time. A new order ends the waiting for the one before."""

    def __init__(self, station: Station[PagePrinter], store: Store, clock: Clock, *, look_s: float = LOOK_S) -> None:
        self._station = station
        self._store = store
        self._clock = clock
        self._look_s = look_s
        self._lane = Lane("hand.pages", clock)
        self._jobs: tuple[_Job, ...] = ()  # not ended, newest last

    # ---- asked by the dispatcher ----

    def print(self, order: PrintPages, tell: Tell) -> None:
        self.abandon()  # whoever waited for a paper of before is gone
        job = _Job(tell)
        self._jobs = (*(each for each in self._jobs if not each.ended.is_set()), job)
        self._lane.ask(lambda: self._print(order, job), lambda done: self._ended(job, done))

    def _ended(self, job: _Job, done: Done[None]) -> None:
        if not isinstance(done, Answer):
            never = isinstance(done, Failed)
            job.tell(PagesTaken() if job.out.is_set() else PagesFailed(Fault.PRINTER_STUCK, known=never))
        job.ended.set()

    @property
    def busy(self) -> bool:
        """Whether a deed of a document is in this hand."""
        return any(not job.ended.is_set() for job in self._jobs)

    def give_up(self) -> None:
        for job in self._jobs:
            job.wish(job.given_up)

    def in_hand(self) -> None:
        for job in self._jobs:
            job.wish(job.in_hand)

    def leave(self) -> None:
        """The person goes: what is not out yet is not wanted any more."""
        for job in self._jobs:
            if not job.out.is_set():
                job.wish(job.given_up)

    def abandon(self) -> None:
        """Wait for nobody any more (the visit is over). A job that the printer still holds is left to the sweep."""
        for job in self._jobs:
            job.wish(job.given_up, job.abandoned)

    @property
    def unfinished(self) -> bool:
        """Whether a job may still bring paper."""
        return any(not job.ended.is_set() and not job.out.is_set() for job in self._jobs)

    def end(self) -> None:
        self.abandon()
        self._lane.stop(5.0)

    # ---- in the hand's own thread ----

    def _print(self, order: PrintPages, job: _Job) -> None:
        if job.given_up.is_set():
            job.tell(PagesFailed(Fault.PRINTER_REFUSED))  # the person left before anything was promised
            return
        deed = Deed(new_deed_id(self._clock.now()), DeedKind.PAGES, order.serial, order.item.code)
        promised = self._store.promise(deed)
        if not isinstance(promised, Accepted):
            job.tell(PapersFailed(promised.reason.value))
            return
        tray_before = self._tray()
        if not self._mark(deed, DeedState.BEGUN):
            job.tell(PagesFailed(Fault.PRINTER_REFUSED))  # nothing was given to the printer; the sweep ends the promise
            return
        name = JobName(deed.id)
        since = self._clock.monotonic()
        try:
            outcome = self._station.call(lambda printer: printer.submit(name, order.pages.pdf), 60.0)
        except DeviceError as lost:
            taken = Seen.NO if never_tried(lost) else self._taken(job, name, since, tray_before, lost.fault)
            if taken is not Seen.YES:
                self._not_taken(order, job, deed, lost.fault, known=taken is Seen.NO)
                return
        else:
            if isinstance(outcome, JobRefused):
                self._settle(order, deed, DeedState.FAILED, "failed", outcome.fault.value)
                job.tell(PagesFailed(outcome.fault))
                return
        self._watch(order, job, deed, tray_before)

    def _taken(self, job: _Job, name: JobName, since: float, tray_before: Seen, fault: Fault) -> Seen:
        """Whether the printer took the job though the wire broke. UNKNOWN when it does not come back or may forget."""
        broke = self._clock.monotonic()
        away = False
        while not job.abandoned.is_set():
            now = self._clock.monotonic()
            try:
                if self._station.call(lambda printer: printer.find(name)) is not None:
                    return Seen.YES
                answers = True
            except DeviceError:
                answers, away = False, True
            if answers and now - since > FORGETS_S:
                return Seen.UNKNOWN
            if answers and now - broke >= LANDS_S:
                tray = self._tray()
                new_paper = tray_before is not Seen.YES and tray is Seen.YES
                forgot = away and tray is not Seen.NO  # it may have printed, lost its power and forgotten
                return Seen.UNKNOWN if new_paper or forgot else Seen.NO
            if not answers and (job.given_up.is_set() or now - broke > BACK_S):
                return Seen.UNKNOWN
            if not answers and job.stopped is None and now - broke > HUSH_S:
                job.stopped = fault
                job.tell(PagesStopped(fault))
            job.pause(self._look_s)
        return Seen.UNKNOWN

    def _not_taken(self, order: PrintPages, job: _Job, deed: Deed, fault: Fault, *, known: bool) -> None:
        if known:
            self._settle(order, deed, DeedState.VOID, "failed", fault.value)
        # otherwise the deed stays open: the sweep asks the printer when it is back
        job.tell(PagesFailed(fault, known=known))

    def _watch(self, order: PrintPages, job: _Job, deed: Deed, tray_before: Seen) -> None:
        name = JobName(deed.id)
        last: JobState | None = None
        since = self._clock.monotonic()
        lost_at: float | None = None
        cancelled_at: float | None = None
        while True:
            try:
                found = self._station.call(lambda printer: printer.find(name))
                status = self._station.call(lambda printer: printer.status())
            except DeviceError as lost:
                now = self._clock.monotonic()
                lost_at = now if lost_at is None else lost_at
                if now - lost_at > BACK_S or job.abandoned.is_set():
                    job.tell(PagesFailed(lost.fault, known=False))
                    return  # the deed stays open: the sweep asks the printer when it is back
                if job.stopped is None:
                    job.stopped = lost.fault
                    job.tell(PagesStopped(lost.fault))
                job.pause(self._look_s)
                continue
            lost_at = None
            if found is None or found.state in (JobState.ABORTED, JobState.CANCELLED):
                fault = (found.fault if found else None) or job.stopped or Fault.PRINTER_REFUSED
                note = "gone" if cancelled_at is None else "cancelled"
                self._not_whole(order, job, deed, fault, note, known=found is not None, tray_before=tray_before)
                return
            if found.state is JobState.DONE:
                self._came_out(order, job, deed, status, tray_before)
                return
            now = self._clock.monotonic()
            if found.state is not last:
                last, since = found.state, now
            abandoned = job.abandoned.is_set()  # looked at first: what is abandoned is given up, and cancelled below
            if job.given_up.is_set() and cancelled_at is None:
                try:
                    self._station.call(lambda printer: printer.cancel(name))
                    cancelled_at = now
                    continue  # see at once what it did
                except DeviceError as error:
                    log.info("deed %s: cancel: %s", deed.id, error.fault)
            fault_now = stops_paper(status) or found.fault
            if abandoned or (cancelled_at is not None and now - cancelled_at > CANCEL_S):
                job.tell(PagesFailed(fault_now or Fault.PRINTER_STUCK, known=False))
                return  # the deed stays open: the sweep sees how the job ends
            if fault_now is None and now - since > STUCK_S:
                fault_now = Fault.PRINTER_STUCK
            if fault_now is not job.stopped:
                job.tell(PagesStopped(fault_now) if fault_now is not None else PagesGoOn())
                job.stopped = fault_now
            job.pause(self._look_s)

    def _not_whole(
        self, order: PrintPages, job: _Job, deed: Deed, fault: Fault, note: str, *, known: bool, tray_before: Seen
    ) -> None:
        """The job ended without its document, or is forgotten. Part of it may lie in the tray: then nobody is sure."""
        part = tray_before is not Seen.YES and self._tray() is Seen.YES
        if known:
            self._settle(order, deed, DeedState.FAILED, "failed", f"{note}, paper in the tray" if part else note)
        else:
            self._settle(order, deed, DeedState.UNKNOWN, "unknown", note)
        job.tell(PagesFailed(fault, known=known and not part))

    def _came_out(self, order: PrintPages, job: _Job, deed: Deed, status: Status, tray_before: Seen) -> None:
        seen = self._tray()
        doubt = stops_paper(status)
        until = self._clock.monotonic() + TRAY_S
        while seen is Seen.NO and self._clock.monotonic() < until and not job.abandoned.is_set():
            job.pause(min(0.2, self._look_s))
            seen = self._tray()
        if doubt is not None and (seen is not Seen.YES or tray_before is Seen.YES):
            # "completed" is the queue's word: with the paper out and nothing new in the tray it is not believed
            self._settle(order, deed, DeedState.UNKNOWN, "unknown", f"done with {doubt.value}")
            job.tell(PagesFailed(doubt, known=False))
            return
        job.out.set()
        self._mark(deed, DeedState.FED)
        if seen is Seen.YES:
            self._mark(deed, DeedState.PRESENTED)
        job.tell(PagesOut(seen))
        watched = seen is not Seen.UNKNOWN
        while True:
            over = job.in_hand.is_set() or job.abandoned.is_set()
            empty = watched and self._tray() is Seen.NO
            if over or empty:
                break
            job.pause(self._look_s)
        taken = empty or job.in_hand.is_set()
        outcome = "taken" if taken else "presented"
        self._settle(order, deed, DeedState.DONE, outcome, "" if taken else "left in the tray")
        job.tell(PagesTaken())

    def _tray(self) -> Seen:
        try:
            return self._station.call(lambda printer: printer.paper_in_tray())
        except DeviceError:
            return Seen.UNKNOWN

    # ---- the ledger: a disk that refuses leaves the deed open for the sweep, and hinders no person ----

    def _mark(self, deed: Deed, state: DeedState) -> bool:
        try:
            self._store.mark(deed.id, state)
        except StoreBroken:
            log.error("deed %s: the store refused a mark, see to its disk", deed.id)
            return False
        return True

    def _settle(self, order: PrintPages, deed: Deed, state: DeedState, outcome: str, note: str) -> None:
        told = ProofPrinted(
            serial=order.serial,
            item=order.item.code,
            version=order.item.version,
            person=person_of(order),
            consents=dict(order.consents),
            token=order.pages.token,
            outcome=outcome,
            printed_at=self._clock.now(),
        )
        try:
            self._store.settle(deed.id, state, told, subject=order.serial, note=note)
        except StoreBroken:
            log.error("deed %s: the store refused its end, see to its disk", deed.id)
