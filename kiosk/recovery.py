"""What the next boot does with deeds that have no end: ask the device, settle, tell. Also swept after a device returns.

Nothing is printed or opened again without the ledger knowing: a deed whose end nobody can tell is settled UNKNOWN and
told to central as an incident, for a technician.
"""

import datetime as dt
import logging
from dataclasses import dataclass, replace

from documents.fonts import NoGlyph
from hardware.api.clock import Clock
from hardware.api.errors import DeviceError
from hardware.api.locker import DoorView, Locker, Seen
from hardware.api.page_printer import JobName, JobState, PagePrinter
from hardware.api.slip_printer import SlipFailed, SlipPrinted, SlipPrinter
from hardware.api.status import DeviceState, Fault
from kiosk.hands.pages import FORGETS_S, LANDS_S, stops_paper
from kiosk.hands.slips import read_back
from kiosk.ports import Deed, DeedKind, DeedRow, DeedState, Papers, Store
from kiosk.stations import Station, never_tried
from kiosk.words import Words
from wire.letters import Collected, Incident

log = logging.getLogger("kiosk.recovery")

UNDER_WAY = (JobState.QUEUED, JobState.PRINTING, JobState.STOPPED)
FRESH = dt.timedelta(minutes=5)
"""Within this time the person may still stand there: a promised slip is printed, an open door is waited for."""
LONG = dt.timedelta(hours=1)
"""A paper that lies in the tray for longer is not waited for any more: the sensor may lie."""


@dataclass(frozen=True)
class Found:
    """What became of one deed: for the log and the technician."""

    deed: Deed
    state: DeedState
    note: str


@dataclass(frozen=True)
class Waits:
    """A deed that cannot be ended yet; `seen` names what is seen to lie about: "pages", "door", or nothing."""

    seen: str = ""


class Recovery:
    """Sweeps the ledger. Call `sweep` from a thread that may wait; never while a visit is under way."""

    def __init__(
        self,
        store: Store,
        pages: Station[PagePrinter] | None,
        slips: Station[SlipPrinter] | None,
        locker: Station[Locker] | None,
        papers: Papers,
        words: Words,
        clock: Clock,
    ) -> None:
        self._store = store
        self._pages = pages
        self._slips = slips
        self._locker = locker
        self._papers = papers
        self._words = words
        self._clock = clock
        self._began = clock.now()

    def sweep(self) -> tuple[list[Found], frozenset[str]]:
        """Settle what can be settled now. Returns what was found, and what is seen to lie about: "pages", "door"."""
        found: list[Found] = []
        held: set[str] = set()
        for row in self._store.open_deeds():
            try:
                outcome = self._settle(row)
            except DeviceError as away:
                log.info("deed %s (%s) waits: %s", row.deed.id, row.deed.kind.value, away.fault.value)
                continue
            if isinstance(outcome, Waits):
                held |= {outcome.seen} - {""}
            else:
                look = "; look into tray, mouth and compartment" if outcome.state is DeedState.UNKNOWN else ""
                log.warning(
                    "deed %s (%s): %s %s%s", row.deed.id, row.deed.kind, outcome.state.value, outcome.note, look
                )
                found.append(outcome)
        return found, frozenset(held)

    def _settle(self, row: DeedRow) -> Found | Waits:
        match row.deed.kind:
            case DeedKind.PAGES:
                return self._settle_pages(row)
            case DeedKind.SLIP:
                return self._settle_slip(row)
            case DeedKind.DOOR:
                return self._settle_door(row)

    def _end(self, row: DeedRow, state: DeedState, note: str) -> Found:
        incident = Incident(
            deed=row.deed.id,
            what=f"{row.deed.kind.value}:{row.deed.subject}"[:120],
            found=f"{row.state.value} -> {state.value}: {note}"[:120],
            at=self._clock.now(),
        )
        self._store.settle(row.deed.id, state, incident, subject=row.deed.subject, note=note)
        return Found(row.deed, state, note)

    def _age(self, row: DeedRow) -> dt.timedelta:
        """Time since the last change; more than anything where the calendar was set back meanwhile."""
        age = self._clock.now() - row.changed_at
        return age if age >= dt.timedelta(0) else dt.timedelta.max

    # ---- pages ----

    def _settle_pages(self, row: DeedRow) -> Found | Waits:
        if row.state is DeedState.PROMISED:
            return self._end(row, DeedState.VOID, "never given to the printer")
        if self._pages is None:
            return self._end(row, DeedState.UNKNOWN, "there is no printer any more")
        name = JobName(row.deed.id)
        job = self._pages.call(lambda printer: printer.find(name))
        if job is not None and job.state in UNDER_WAY:
            # the person whose document it is may be gone: what is not out yet is not brought out
            self._pages.call(lambda printer: printer.cancel(name))
            job = self._pages.call(lambda printer: printer.find(name))
            if job is not None and job.state in UNDER_WAY:
                return Waits()  # it is ending: the next sweep sees how
        tray = self._pages.call(lambda printer: printer.paper_in_tray())
        if job is None and row.state is DeedState.BEGUN:
            return self._no_such_job(row, tray)
        if job is not None and job.state in (JobState.ABORTED, JobState.CANCELLED):
            note = "paper in the tray" if tray is Seen.YES else "nothing in the tray" if tray is Seen.NO else ""
            return self._end(row, DeedState.FAILED, ", ".join(filter(None, ("stopped by the restart", note))))
        if row.state is DeedState.BEGUN and tray is not Seen.YES:
            status = self._pages.call(lambda printer: printer.status())
            if status.device is DeviceState.OFFLINE:
                return Waits()
            doubt = stops_paper(status)
            if doubt is not None:
                return self._end(row, DeedState.UNKNOWN, f"done with {doubt.value}")
        match tray:
            case Seen.YES if row.state is not DeedState.PRESENTED:
                self._store.mark(row.deed.id, DeedState.PRESENTED, "found in the tray at boot")
                return Waits("pages")
            case Seen.YES if self._age(row) < LONG:
                return Waits("pages")  # it lies there: ended when it is taken
            case Seen.YES:
                return self._end(row, DeedState.DONE, "printed, left in the tray")
            case Seen.NO:
                return self._end(row, DeedState.DONE, "printed, tray empty at boot")
            case Seen.UNKNOWN:
                return self._end(row, DeedState.DONE, "printed, the tray cannot be seen")

    def _no_such_job(self, row: DeedRow, tray: Seen) -> Found | Waits:
        """The printer was told, or was about to be, and knows nothing: it never had the job, or has forgotten it."""
        age = self._age(row).total_seconds()
        if age < LANDS_S:
            return Waits()  # bytes that were under way when the program ended may still arrive
        if age > FORGETS_S:
            return self._end(row, DeedState.UNKNOWN, "the printer may have forgotten it")
        if tray is Seen.YES:
            return self._end(row, DeedState.UNKNOWN, "the printer does not know it, and paper lies in the tray")
        return self._end(row, DeedState.VOID, "the printer never had it")

    # ---- slips ----

    def _settle_slip(self, row: DeedRow) -> Found | Waits:
        match row.state:
            case DeedState.PROMISED:
                return self._promised_slip(row)
            case DeedState.FED | DeedState.PRESENTED:
                return self._end(row, DeedState.DONE, "printed before the restart")
            case _:
                pass
        if self._slips is None:
            return self._end(row, DeedState.UNKNOWN, "there is no slip printer any more")
        if self._slips.call(lambda printer: printer.slip_in_exit()) is Seen.YES:
            return self._end(row, DeedState.DONE, "found in the mouth at boot")
        return self._end(row, DeedState.UNKNOWN, "begun before the restart, nobody saw its end")

    def _promised_slip(self, row: DeedRow) -> Found | Waits:
        """Print it while the person may still stand there and the printer can; after that it is void."""
        facts = read_back(row.deed.again)
        age = self._clock.now() - row.promised_at  # not since the last change: a try that failed makes it no younger
        if facts is None or self._slips is None or not dt.timedelta(0) <= age < FRESH:
            return self._end(row, DeedState.VOID, "never given to the printer, too late now")
        if row.promised_at < self._began:
            note = self._words.say("slip.note.restarted", facts.language)
            facts = replace(facts, notes=(note, *facts.notes))
        try:
            image = self._papers.slip(facts)
        except NoGlyph:
            return self._end(row, DeedState.VOID, "a character that no font has")
        if not self._slips.call(lambda printer: printer.status()).can_work:
            return Waits()
        self._store.mark(row.deed.id, DeedState.BEGUN)
        try:
            outcome = self._slips.call(lambda printer: printer.print_slip(image), 60.0)
        except DeviceError as lost:
            if never_tried(lost):
                return self._not_begun(row, lost.fault)
            return self._end(row, DeedState.UNKNOWN, f"restart: {lost.fault.value}")
        match outcome:
            case SlipPrinted():
                return self._end(row, DeedState.DONE, "printed after the restart")
            case SlipFailed(fault, begun=True):
                return self._end(row, DeedState.FAILED, f"restart: {fault.value}")
            case SlipFailed(fault):
                return self._not_begun(row, fault)

    def _not_begun(self, row: DeedRow, fault: Fault) -> Waits:
        """Nothing is on paper: it is promised as before, and the next sweep tries again."""
        self._store.mark(row.deed.id, DeedState.PROMISED, fault.value)
        return Waits()

    # ---- doors ----

    def _settle_door(self, row: DeedRow) -> Found | Waits:
        if row.state is DeedState.PROMISED:
            return self._end(row, DeedState.VOID, "never fired")
        if self._locker is None:
            return self._end(row, DeedState.UNKNOWN, "there is no cabinet any more")
        views = self._locker.call(lambda locker: locker.look())
        view = views.get(row.deed.door, DoorView(Seen.UNKNOWN))
        if view.is_open is Seen.YES and self._age(row) < FRESH:
            return Waits("door")  # the end page holds until it is closed; the next sweep sees it
        if view.item is Seen.YES and view.is_open is Seen.NO:
            return self._collected(row, DeedState.DONE, "not_taken")
        emptied = row.state is DeedState.PRESENTED and view.item is not Seen.YES
        if emptied or (row.state is DeedState.FED and view.item is Seen.NO):
            return self._collected(row, DeedState.DONE, "taken")
        return self._collected(row, DeedState.UNKNOWN, "doubtful")

    def _collected(self, row: DeedRow, state: DeedState, outcome: str) -> Found:
        told = Collected(
            ticket=row.deed.subject, door=row.deed.door, by="restart", outcome=outcome, at=self._clock.now()
        )
        self._store.settle(row.deed.id, state, told, subject=row.deed.subject, note=f"restart: {outcome}")
        return Found(row.deed, state, outcome)
