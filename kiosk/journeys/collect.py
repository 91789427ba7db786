"""Collect: the right door opens, and open, emptied and closed are each seen, not assumed."""

import datetime as dt
import enum
from dataclasses import dataclass, field, replace

from hardware.api.lights import Spot
from hardware.api.locker import Seen
from kiosk.journeys.events import (
    TAIL,
    DoorClosed,
    DoorLost,
    DoorOpened,
    DoorStayedShut,
    ItemGone,
    Pressed,
    TicketsFound,
    TimeUp,
    Typed,
)
from kiosk.journeys.orders import FindTickets, Light, OpenDoor, Order, ThingInHand
from kiosk.journeys.table import Journey, Move
from wire.messages import Ticket


class Phase(enum.Enum):
    MATCHING = enum.auto()
    NOTHING = enum.auto()  # no ticket for this person here
    CHOOSING = enum.auto()  # more than one thing waits
    OPENING = enum.auto()
    OPEN = enum.auto()
    TAKEN = enum.auto()  # seen empty, still open: please close
    SHUT = enum.auto()  # no opening was seen
    STILL_INSIDE = enum.auto()  # closed again with the thing in it
    DONE = enum.auto()
    FAILED = enum.auto()


@dataclass(frozen=True)
class Collect:
    item: str
    by: str  # "card", "code", "pickup_code"
    phase: Phase = Phase.MATCHING
    tickets: tuple[Ticket, ...] = field(default=(), repr=False)
    ticket: Ticket | None = field(default=None, repr=False)
    as_of: dt.datetime | None = None  # None: there is no list here to look into
    door_seen: Seen = Seen.UNKNOWN
    taken: Seen = Seen.UNKNOWN
    failure: str = ""
    tries: int = 0


def begin(item: str, by: str, *, number: str = "", pickup_code: str = "") -> Move[Collect]:
    return Collect(item, by), (FindTickets(item, number, pickup_code),)


def _found(state: Collect, event: TicketsFound) -> Move[Collect]:
    state = replace(state, tickets=event.tickets, as_of=event.as_of)
    if not event.tickets:
        return replace(state, phase=Phase.NOTHING), ()
    if len(event.tickets) == 1:
        return _open(state, event.tickets[0])
    return replace(state, phase=Phase.CHOOSING), ()


def _open(state: Collect, ticket: Ticket) -> Move[Collect]:
    state = replace(state, phase=Phase.OPENING, ticket=ticket, tries=state.tries + 1, taken=Seen.UNKNOWN)
    return state, (OpenDoor(ticket, state.by), Light(Spot.LOCKER))


def _choose(state: Collect, event: Pressed) -> Move[Collect]:
    for ticket in state.tickets:
        if event.ask == f"ticket:{ticket.ticket}":
            return _open(state, ticket)
    return state, ()


def _opened(state: Collect, event: DoorOpened) -> Move[Collect]:
    return replace(state, phase=Phase.OPEN, door_seen=event.seen), ()


def _gone(state: Collect, _: ItemGone) -> Move[Collect]:
    return replace(state, phase=Phase.TAKEN, taken=Seen.YES), ()


def _closed(state: Collect, event: DoorClosed) -> Move[Collect]:
    if event.taken is Seen.NO:
        return replace(state, phase=Phase.STILL_INSIDE, taken=Seen.NO), ()  # its light stays: there it lies
    return replace(state, phase=Phase.DONE, taken=event.taken), (Light(None),)


def _shut(state: Collect, _: DoorStayedShut) -> Move[Collect]:
    return replace(state, phase=Phase.SHUT), ()


def _lost(state: Collect, event: DoorLost) -> Move[Collect]:
    return replace(state, phase=Phase.FAILED, failure=event.fault), (Light(None),)


def _again(state: Collect, _: Pressed) -> Move[Collect]:
    if state.ticket is None:
        return state, ()
    return _open(state, state.ticket)


def _in_hand(state: Collect, _: Pressed) -> Move[Collect]:
    orders: tuple[Order, ...] = (ThingInHand(), Light(None))
    return replace(state, phase=Phase.DONE, taken=Seen.UNKNOWN), orders


JOURNEY: Journey[Collect] = Journey(
    "collect",
    {
        (Phase.MATCHING, TicketsFound): _found,
        (Phase.CHOOSING, Pressed): _choose,
        (Phase.OPENING, DoorOpened): _opened,
        (Phase.OPENING, DoorStayedShut): _shut,
        (Phase.OPENING, DoorLost): _lost,
        (Phase.OPENING, DoorClosed): _closed,  # opened and closed between two looks
        (Phase.OPENING, ItemGone): _gone,
        (Phase.OPEN, ItemGone): _gone,
        (Phase.OPEN, DoorClosed): _closed,
        (Phase.OPEN, DoorLost): _lost,
        (Phase.OPEN, "closed"): _in_hand,  # no door sensor: the person says that it is closed
        (Phase.TAKEN, DoorClosed): _closed,
        (Phase.TAKEN, DoorLost): _lost,
        (Phase.SHUT, DoorOpened): _opened,  # it sprang open late, or was helped
        (Phase.SHUT, DoorClosed): _closed,
        (Phase.SHUT, ItemGone): _gone,
        (Phase.SHUT, DoorLost): _lost,
        (Phase.SHUT, "again"): _again,
        (Phase.SHUT, "in_hand"): _in_hand,
        (Phase.STILL_INSIDE, "again"): _again,
    },
    late=frozenset({Typed, TimeUp, ItemGone, DoorClosed, DoorOpened, DoorStayedShut, DoorLost, TicketsFound}) | TAIL,
)
