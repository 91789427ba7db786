"""The hand that opens doors: promise, fire once, then see open, see emptied, see closed, and settle."""

import enum
import logging
import threading
from dataclasses import dataclass

from hardware.api.clock import Clock
from hardware.api.errors import DeviceError
from hardware.api.locker import DoorView, Locker, PulseRefused, Seen
from hardware.api.status import Fault
from hardware.transports.lane import Answer, Done, Lane
from kiosk.hands.telling import Tell
from kiosk.journeys.events import DoorClosed, DoorLost, DoorOpened, DoorStayedShut, ItemGone
from kiosk.numbers import new_deed_id
from kiosk.ports import Accepted, Deed, DeedKind, DeedState, Store, StoreBroken
from kiosk.stations import Station, never_tried
from wire.letters import Collected
from wire.messages import Ticket

log = logging.getLogger("kiosk.hands.doors")

LOOK_S = 0.2
OPENS_WITHIN_S = 2.5
"""A solenoid needs 0.2-0.5 s; a door that shows no opening after this long is told to have stayed shut."""


LOST_S = 5.0
"""How long a board that does not answer is asked again while a door may be open."""
LEFT_OPEN_S = 300.0
"""How long an open door that its person left is waited for: a sensor that lies must not close the terminal for ever."""


class Ending(enum.Enum):
    """Why the watch over a door ends before the door was seen closed."""

    SAID = enum.auto()  # the person's word
    AGAIN = enum.auto()  # the person asks for the door once more
    LEFT = enum.auto()
    STOP = enum.auto()  # the program ends


BLIND = DoorView(Seen.UNKNOWN, Seen.UNKNOWN)


class _Errand:
    """One order to open a door, and why its watch ends."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.ending: Ending | None = None
        self.open = threading.Event()  # seen open (or fired, where nothing sees it), not yet seen closed
        self.ended = threading.Event()
        self._nudge = threading.Event()

    def finish(self, how: Ending) -> None:
        if how is Ending.LEFT and self.ending is not None:
            return  # what the person said before going counts
        self.ending = how
        self._nudge.set()

    def is_over(self) -> bool:
        return self.ending is not None

    def pause(self, seconds: float) -> None:
        self._nudge.wait(seconds)
        self._nudge.clear()


@dataclass
class _Watched:
    """What was seen of the door so far."""

    first: Seen  # whether the thing lay inside at first
    opened: bool = False
    told_shut: bool = False
    gone: bool = False

    def taken(self, now: Seen) -> Seen:
        """Whether the thing is out. It counts as gone, or as left inside, only where it was seen inside before."""
        if self.first is Seen.YES and now is Seen.YES:
            return Seen.NO
        return Seen.YES if self.gone else Seen.UNKNOWN


class DoorsHand:
    """Opens one door at a time, each time it is asked exactly once."""

    def __init__(self, station: Station[Locker], store: Store, clock: Clock, *, look_s: float = LOOK_S) -> None:
        self._station = station
        self._store = store
        self._clock = clock
        self._look_s = look_s
        self._lane = Lane("hand.doors", clock)
        self._errands: tuple[_Errand, ...] = ()  # not ended, newest last

    def open(self, ticket: Ticket, by: str, tell: Tell) -> None:
        """Open the ticket's door. A deed of before that still waits for its door is ended first."""
        self._finish(Ending.AGAIN)
        errand = _Errand(tell)
        self._errands = (*(each for each in self._errands if not each.ended.is_set()), errand)
        self._lane.ask(lambda: self._run(ticket, by, errand), lambda done: self._ended(errand, done))

    def _ended(self, errand: _Errand, done: Done[None]) -> None:
        errand.open.clear()
        if not isinstance(done, Answer):
            errand.tell(DoorLost("program.broken"))
        errand.ended.set()

    @property
    def busy(self) -> bool:
        """Whether a deed of a door is in this hand."""
        return any(not errand.ended.is_set() for errand in self._errands)

    @property
    def unfinished(self) -> bool:
        """Whether a door may still spring open."""
        return any(not errand.ended.is_set() and not errand.open.is_set() for errand in self._errands)

    def in_hand(self) -> None:
        """The person says the thing is taken, or the door closed: the sensors do not show it."""
        self._finish(Ending.SAID)

    def leave(self) -> None:
        """The person goes. An open door is watched until it is closed; a door that never opened is settled."""
        self._finish(Ending.LEFT)

    def _finish(self, how: Ending) -> None:
        for errand in self._errands:
            if errand.ending is not Ending.STOP:
                errand.finish(how)

    @property
    def door_is_open(self) -> bool:
        """Whether the door of this visit was seen open and not yet closed."""
        return any(errand.open.is_set() for errand in self._errands)

    def end(self) -> None:
        self._finish(Ending.STOP)
        self._lane.stop(5.0)

    # ---- in the hand's own thread ----

    def _run(self, ticket: Ticket, by: str, errand: _Errand) -> None:
        if errand.is_over():
            return  # the person left, or asked anew, before anything was promised
        deed = Deed(new_deed_id(self._clock.now()), DeedKind.DOOR, ticket.ticket, ticket.item, ticket.door)
        promised = self._store.promise(deed)
        if not isinstance(promised, Accepted):
            errand.tell(DoorLost(promised.reason.value))
            return
        before = self._look()
        if before is not None and ticket.door not in before:
            self._mark(deed, DeedState.VOID, "no such door")
            errand.tell(DoorLost("door.unknown"))
            return
        if errand.is_over():
            self._mark(deed, DeedState.VOID, "the person left before it was fired")
            return
        if not self._mark(deed, DeedState.BEGUN):
            errand.tell(DoorLost("store.broken"))  # not fired; the sweep ends the promise
            return
        watched = _Watched((before or {}).get(ticket.door, BLIND).item)
        if self._fire(deed, ticket, errand):
            self._watch(deed, ticket, by, errand, watched)

    def _fire(self, deed: Deed, ticket: Ticket, errand: _Errand) -> bool:
        """Fire the lock, once. Whether the door is worth watching now."""
        try:
            outcome = self._station.call(lambda locker: locker.pulse(ticket.door), 10.0)
        except DeviceError as lost:
            if never_tried(lost):
                self._mark(deed, DeedState.VOID, lost.fault.value)
                errand.tell(DoorLost(lost.fault.value))
                return False
            view = (self._look() or {}).get(ticket.door, BLIND)
            if view.is_open is not Seen.UNKNOWN:
                return True  # nobody knows whether the lock fired: the door will show it
            errand.tell(DoorLost(lost.fault.value))
            return False  # the deed stays open: the sweep asks the board when it is back
        if isinstance(outcome, PulseRefused):
            self._mark(deed, DeedState.FAILED, "the board refused")
            errand.tell(DoorLost(Fault.LOCK_STAYED_SHUT.value))
            return False
        return True

    def _watch(self, deed: Deed, ticket: Ticket, by: str, errand: _Errand, seen: _Watched) -> None:
        since = self._clock.monotonic()
        lost_at: float | None = None
        left_at: float | None = None
        while True:
            views = self._look()
            now = self._clock.monotonic()
            if views is None:
                lost_at = now if lost_at is None else lost_at
                # Whenever the watch ends here the deed stays open: the sweep asks the board when it is back.
                if errand.ending in (Ending.STOP, Ending.AGAIN):
                    return
                if now - lost_at > LOST_S:
                    errand.tell(DoorLost(Fault.LINK_LOST.value))
                    return
                errand.pause(self._look_s)
                continue
            lost_at = None
            view = views.get(ticket.door, BLIND)
            self._see(deed, errand, seen, view)
            if view.is_open is Seen.NO and (seen.opened or seen.gone):
                taken = seen.taken(view.item)
                self._settle(deed, ticket, by, taken, DeedState.DONE, "")
                errand.tell(DoorClosed(taken))
                return
            if not seen.opened and not seen.told_shut and now - since > OPENS_WITHIN_S:
                seen.told_shut = True
                errand.tell(DoorStayedShut())
            if errand.ending is Ending.LEFT and left_at is None:
                left_at = now
            if self._is_over(deed, ticket, by, errand, seen, view, left=0.0 if left_at is None else now - left_at):
                return
            errand.pause(self._look_s)

    def _see(self, deed: Deed, errand: _Errand, seen: _Watched, view: DoorView) -> None:
        """Write down and tell what is new."""
        if seen.first is Seen.UNKNOWN:
            seen.first = view.item
        if not seen.opened and (view.is_open is Seen.YES or (view.is_open is Seen.UNKNOWN and not seen.told_shut)):
            seen.opened = True
            errand.open.set()
            self._mark(deed, DeedState.FED)
            errand.tell(DoorOpened(view.is_open))
        if not seen.gone and seen.first is Seen.YES and view.item is Seen.NO:
            seen.gone = True
            self._mark(deed, DeedState.PRESENTED)
            errand.tell(ItemGone())

    def _is_over(
        self, deed: Deed, ticket: Ticket, by: str, errand: _Errand, seen: _Watched, view: DoorView, *, left: float
    ) -> bool:
        """Whether the watch ends though the door was not seen closed; ends the deed then, but not for a restart."""
        never_opened = not seen.opened and not seen.gone
        match errand.ending:
            case None:
                return False
            case Ending.STOP:
                return True  # the next boot asks the board
            case Ending.AGAIN if never_opened and seen.told_shut:
                self._mark(deed, DeedState.FAILED, Fault.LOCK_STAYED_SHUT.value)
                return True
            case Ending.LEFT if never_opened and not seen.told_shut:
                return False  # it may spring open yet
            case Ending.LEFT if never_opened and view.item is Seen.YES:
                self._mark(deed, DeedState.FAILED, Fault.LOCK_STAYED_SHUT.value)
                return True
            case Ending.LEFT if view.is_open is Seen.YES and left < LEFT_OPEN_S:
                return False  # an open door is watched until it is closed
            case Ending.SAID | Ending.AGAIN | Ending.LEFT:
                taken = Seen.YES if seen.taken(view.item) is Seen.YES else Seen.UNKNOWN
                state = DeedState.DONE if taken is Seen.YES else DeedState.UNKNOWN
                self._settle(deed, ticket, by, taken, state, ", not seen closed")
                return True

    def _look(self) -> dict[int, DoorView] | None:
        try:
            return self._station.call(lambda locker: locker.look(), 10.0)
        except DeviceError:
            return None

    # ---- the ledger: a disk that refuses leaves the deed open for the sweep, and hinders no person ----

    def _mark(self, deed: Deed, state: DeedState, note: str = "") -> bool:
        try:
            self._store.mark(deed.id, state, note)
        except StoreBroken:
            log.error("deed %s: the store refused a mark, see to its disk", deed.id)
            return False
        return True

    def _settle(self, deed: Deed, ticket: Ticket, by: str, taken: Seen, state: DeedState, note: str) -> None:
        outcome = {Seen.YES: "taken", Seen.NO: "not_taken", Seen.UNKNOWN: "doubtful"}[taken]
        letter = Collected(ticket=ticket.ticket, door=ticket.door, by=by, outcome=outcome, at=self._clock.now())
        try:
            self._store.settle(deed.id, state, letter, subject=ticket.ticket, note=outcome + note)
        except StoreBroken:
            log.error("deed %s: the store refused its end, see to its disk", deed.id)
