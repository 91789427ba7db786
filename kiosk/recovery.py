"""What the next boot does with deeds that have no end: ask the device, settle, tell. Also swept after a device returns.

Nothing is printed or opened again without the ledger knowing: a deed whose end nobody can tell is settled UNKNOWN and
told to central as an incident, for a technician.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from hardware.api.clock import Clock
from hardware.api.errors import DeviceError
from hardware.api.locker import DoorView, Locker, Seen
from hardware.api.page_printer import JobName, JobState, PagePrinter
from hardware.api.slip_printer import SlipPrinted, SlipPrinter
from kiosk.hands.slips import read_back
from kiosk.ports import Deed, DeedKind, DeedRow, DeedState, Papers, Store
from kiosk.stations import Station
from kiosk.words import Words
from wire.letters import Collected, Incident

log = logging.getLogger("kiosk.recovery")

FRESH = dt.timedelta(minutes=5)
"""Within this time the person may still stand there: a promised slip is printed, a running job may end."""


@dataclass(frozen=True)
class Found:
    """What became of one deed: for the log and the technician."""

    deed: Deed
    state: DeedState
    note: str


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
            if outcome is None:
                held |= {DeedKind.PAGES: {"pages"}, DeedKind.DOOR: {"door"}}.get(row.deed.kind, set())
            else:
                log.warning("deed %s (%s): %s %s", row.deed.id, row.deed.kind, outcome.state.value, outcome.note)
                found.append(outcome)
        return found, frozenset(held)

    def _settle(self, row: DeedRow) -> Found | None:
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

    def _fresh(self, row: DeedRow) -> bool:
        age = self._clock.now() - row.changed_at
        return dt.timedelta(0) <= age < FRESH

    # ---- pages ----

    def _settle_pages(self, row: DeedRow) -> Found | None:
        if self._pages is None:
            return self._end(row, DeedState.UNKNOWN, "there is no printer any more")
        name = JobName(row.deed.id)
        job = self._pages.call(lambda printer: printer.find(name))
        if job is None:
            if row.state is DeedState.PROMISED:
                return self._end(row, DeedState.VOID, "never given to the printer")
            if row.state is DeedState.BEGUN and self._fresh(row):
                return self._end(row, DeedState.VOID, "the printer never had it")
            if row.state is DeedState.BEGUN:
                return self._end(row, DeedState.UNKNOWN, "the printer has forgotten it")
        if job is not None and job.state in (JobState.QUEUED, JobState.PRINTING, JobState.STOPPED):
            # the person whose document it is may be gone: what is not out yet is not brought out
            self._pages.call(lambda printer: printer.cancel(name))
            job = self._pages.call(lambda printer: printer.find(name))
            if job is not None and job.state in (JobState.QUEUED, JobState.PRINTING, JobState.STOPPED):
                return None  # it is ending: the next sweep sees how
        if job is not None and job.state in (JobState.ABORTED, JobState.CANCELLED):
            return self._end(row, DeedState.FAILED, "stopped by the restart")
        tray = self._pages.call(lambda printer: printer.paper_in_tray())
        match tray:
            case Seen.YES:
                if row.state is not DeedState.PRESENTED:
                    self._store.mark(row.deed.id, DeedState.PRESENTED, "found in the tray at boot")
                return None  # it lies there: ended when it is taken
            case Seen.NO:
                return self._end(row, DeedState.DONE, "printed, tray empty at boot")
            case Seen.UNKNOWN:
                return self._end(row, DeedState.DONE, "printed, the tray cannot be seen")

    # ---- slips ----

    def _settle_slip(self, row: DeedRow) -> Found | None:
        if self._slips is None:
            return self._end(row, DeedState.UNKNOWN, "there is no slip printer any more")
        if row.state is DeedState.PROMISED:
            facts = read_back(row.deed.again)
            if facts is None or not self._fresh(row):
                return self._end(row, DeedState.VOID, "never given to the printer, too late now")
            note = self._words.say("slip.note.restarted", facts.language)
            told = type(facts)(facts.title, facts.lines, (note, *facts.notes), facts.token, facts.language)
            image = self._papers.slip(told)
            self._slips.call(lambda printer: printer.status())  # away: stays promised
            self._store.mark(row.deed.id, DeedState.BEGUN)
            try:
                outcome = self._slips.call(lambda printer: printer.print_slip(image), 60.0)
            except DeviceError as lost:
                return self._end(row, DeedState.UNKNOWN, f"restart: {lost.fault.value}")
            if isinstance(outcome, SlipPrinted):
                return self._end(row, DeedState.DONE, "printed after the restart")
            return self._end(row, DeedState.FAILED, f"restart: {outcome.fault.value}")
        mouth = self._slips.call(lambda printer: printer.slip_in_exit())
        if mouth is Seen.YES:
            return self._end(row, DeedState.DONE, "found in the mouth at boot")
        if row.state in (DeedState.FED, DeedState.PRESENTED):
            return self._end(row, DeedState.DONE, "printed before the restart")
        return self._end(row, DeedState.UNKNOWN, "begun before the restart, nobody saw its end")

    # ---- doors ----

    def _settle_door(self, row: DeedRow) -> Found | None:
        if self._locker is None:
            return self._end(row, DeedState.UNKNOWN, "there is no cabinet any more")
        views = self._locker.call(lambda locker: locker.look())
        view = views.get(row.deed.door, DoorView(Seen.UNKNOWN))
        if view.is_open is Seen.YES:
            return None  # the end page holds until it is closed; the next sweep sees it
        if view.is_open is Seen.NO and row.state is DeedState.PROMISED:
            return self._end(row, DeedState.VOID, "never fired")
        if view.item is Seen.YES and view.is_open is Seen.NO:
            return self._collected(row, DeedState.DONE, "not_taken")
        if view.item is Seen.NO and row.state in (DeedState.FED, DeedState.PRESENTED):
            return self._collected(row, DeedState.DONE, "taken")
        return self._collected(row, DeedState.UNKNOWN, "doubtful")

    def _collected(self, row: DeedRow, state: DeedState, outcome: str) -> Found:
        told = Collected(
            ticket=row.deed.subject, door=row.deed.door, by="restart", outcome=outcome, at=self._clock.now()
        )
        self._store.settle(row.deed.id, state, told, subject=row.deed.subject, note=f"restart: {outcome}")
        return Found(row.deed, state, outcome)
