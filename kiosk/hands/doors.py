"""The hand that opens doors: promise, fire once, then see open, see emptied, see closed, and settle."""

import enum
import logging
import threading

from hardware.api.clock import Clock
from hardware.api.errors import DeviceError
from hardware.api.locker import DoorView, Locker, PulseRefused, Seen
from hardware.api.status import Fault
from hardware.transports.lane import Broke, Done, Lane
from kiosk.hands.telling import Tell, no_one
from kiosk.journeys.events import DoorClosed, DoorLost, DoorOpened, DoorStayedShut, ItemGone
from kiosk.numbers import new_deed_id
from kiosk.ports import Accepted, Deed, DeedKind, DeedState, Store, StoreBroken
from kiosk.stations import Station
from wire.letters import Collected
from wire.messages import Ticket

log = logging.getLogger("kiosk.hands.doors")

LOOK_S = 0.2
OPENS_WITHIN_S = 2.5
"""A solenoid needs 0.2-0.5 s; a door that shows no opening after this long is told to have stayed shut."""


class Ending(enum.Enum):
    """Why the watch over a door ends before the door was seen closed."""

    SAID = enum.auto()  # the person's word
    AGAIN = enum.auto()  # the person asks for the door once more
    LEFT = enum.auto()
    STOP = enum.auto()  # the program ends


BLIND = DoorView(Seen.UNKNOWN, Seen.UNKNOWN)


class DoorsHand:
    """Opens one door at a time, each time it is asked exactly once."""

    def __init__(self, station: Station[Locker], store: Store, clock: Clock) -> None:
        self._station = station
        self._store = store
        self._clock = clock
        self._post: Tell = no_one
        self._lane = Lane("hand.doors", clock)
        self._ending: Ending | None = None
        self._nudge = threading.Event()
        self._leaving = threading.Event()
        self._open = threading.Event()
        self._busy = 0
        self._counting = threading.Lock()

    def open(self, ticket: Ticket, by: str, tell: Tell) -> None:
        """Open the ticket's door. A deed of before that still waits for its door is ended first."""
        self._finish(Ending.AGAIN)
        with self._counting:
            self._busy += 1
        self._lane.ask(lambda: self._run(ticket, by, tell), self._ended)

    def _ended(self, done: Done[None]) -> None:
        with self._counting:
            self._busy -= 1
        if isinstance(done, Broke):
            self._post(DoorLost("program.broken"))

    @property
    def busy(self) -> bool:
        """Whether a deed of a door is in this hand."""
        return self._busy > 0

    def in_hand(self) -> None:
        """The person says the thing is taken, or the door closed: the sensors do not show it."""
        self._finish(Ending.SAID)

    def leave(self) -> None:
        """The person goes. An open door is watched until it is closed; a door that never opened is settled."""
        self._finish(Ending.LEFT)

    def _finish(self, how: Ending) -> None:
        self._ending = how
        self._nudge.set()

    @property
    def door_is_open(self) -> bool:
        """Whether the door of this visit was seen open and not yet closed."""
        return self._open.is_set()

    def end(self) -> None:
        self._finish(Ending.STOP)
        self._lane.stop(5.0)

    def _run(self, ticket: Ticket, by: str, tell: Tell) -> None:
        self._post = tell
        self._ending = None
        self._open.clear()
        deed = Deed(new_deed_id(self._clock.now()), DeedKind.DOOR, ticket.ticket, ticket.item, ticket.door)
        promised = self._store.promise(deed)
        if not isinstance(promised, Accepted):
            self._post(DoorLost(promised.reason.value))
            return
        try:
            self._fire(deed, ticket, by)
        except StoreBroken:
            log.error("deed %s: the store refused a mark", deed.id)
            self._post(DoorLost("store.broken"))
        finally:
            self._open.clear()

    def _fire(self, deed: Deed, ticket: Ticket, by: str) -> None:
        before = self._look(ticket.door) or BLIND
        self._store.mark(deed.id, DeedState.BEGUN)
        try:
            outcome = self._station.call(lambda locker: locker.pulse(ticket.door), 10.0)
        except DeviceError as lost:
            # nobody knows whether the lock fired: the deed stays open, the sweep asks the board when it is back
            self._post(DoorLost(lost.fault.value))
            return
        if isinstance(outcome, PulseRefused):
            self._store.mark(deed.id, DeedState.FAILED, "the board refused")
            self._post(DoorLost(Fault.LOCK_STAYED_SHUT.value))
            return
        self._watch(deed, ticket, by, before)

    def _watch(self, deed: Deed, ticket: Ticket, by: str, before: DoorView) -> None:
        opened = told_shut = gone = False
        item_first = before.item
        since = self._clock.monotonic()
        while True:
            view = self._look(ticket.door)
            if view is None:
                self._post(DoorLost(Fault.LINK_LOST.value))
                return  # the deed stays open: the sweep asks the board when it is back
            if item_first is Seen.UNKNOWN:
                item_first = view.item
            if not opened and (view.is_open is Seen.YES or (view.is_open is Seen.UNKNOWN and not told_shut)):
                opened = True
                self._open.set()
                self._store.mark(deed.id, DeedState.FED)
                self._post(DoorOpened(view.is_open))
            if not gone and item_first is Seen.YES and view.item is Seen.NO:
                gone = True
                self._store.mark(deed.id, DeedState.PRESENTED)
                self._post(ItemGone())
            if view.is_open is Seen.NO and (opened or gone):
                taken = Seen.YES if gone else (Seen.NO if view.item is Seen.YES else Seen.UNKNOWN)
                self._close(deed, ticket, by, taken)
                return
            if not opened and not told_shut and self._clock.monotonic() - since > OPENS_WITHIN_S:
                told_shut = True
                self._post(DoorStayedShut())
            match self._ending:
                case Ending.STOP:
                    return  # the program ends; the next boot asks the board
                case Ending.SAID:
                    self._doubtful(deed, ticket, by)
                    return
                case Ending.AGAIN | Ending.LEFT if not opened and not gone and told_shut:
                    self._store.mark(deed.id, DeedState.FAILED, Fault.LOCK_STAYED_SHUT.value)
                    return
                case Ending.LEFT if view.is_open is Seen.UNKNOWN:
                    self._doubtful(deed, ticket, by)  # no sensor will ever show this door closed
                    return
                case Ending.AGAIN:
                    self._doubtful(deed, ticket, by)
                    return
                case Ending.LEFT | None:
                    pass  # an open door is watched until it is closed
            self._nudge.wait(LOOK_S)
            self._nudge.clear()

    def _close(self, deed: Deed, ticket: Ticket, by: str, taken: Seen) -> None:
        outcome = {Seen.YES: "taken", Seen.NO: "not_taken", Seen.UNKNOWN: "doubtful"}[taken]
        contents = self._letter(ticket, by, outcome)
        self._store.settle(deed.id, DeedState.DONE, contents, subject=ticket.ticket, note=outcome)
        self._post(DoorClosed(taken))

    def _doubtful(self, deed: Deed, ticket: Ticket, by: str) -> None:
        contents = self._letter(ticket, by, "doubtful")
        self._store.settle(deed.id, DeedState.UNKNOWN, contents, subject=ticket.ticket, note="the person's word")

    def _letter(self, ticket: Ticket, by: str, outcome: str) -> Collected:
        return Collected(ticket=ticket.ticket, door=ticket.door, by=by, outcome=outcome, at=self._clock.now())

    def _look(self, door: int) -> DoorView | None:
        try:
            return self._station.call(lambda locker: locker.look(), 10.0).get(door, BLIND)
        except DeviceError:
            return None
