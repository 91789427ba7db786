"""The pages on which something is collected: which compartment, its door, and that nothing is listed."""

from typing import assert_never

from hardware.api.locker import Seen
from kiosk.journeys import collect
from kiosk.presenting.doing import steps_of, working
from kiosk.presenting.front import Drawn
from kiosk.presenting.saying import Say
from kiosk.presenting.trouble import trouble
from kiosk.view import Choice, DoorBody, Line, Page, ResultBody
from wire.messages import Ticket


def collect_page(state: collect.Collect, say: Say, doors: int) -> Drawn:
    phase, ticket = state.phase, state.ticket
    door = ticket.door if ticket else 0
    what = "" if ticket is None else _what(ticket, say)
    again = Choice("again", say("foot.again"), icon="refresh")
    match phase:
        case collect.Phase.MATCHING:
            return working(say("working.title"), steps_of(("find", "unlock"), "find", say))
        case collect.Phase.NOTHING:
            if state.as_of is None:
                return trouble("pickup.no_list", say)
            nothing = "pickup.not_listed" if say.as_of else "pickup.nothing"
            word = "pickup.unknown" if state.by == "pickup_code" else nothing
            retry = Choice("identify", say("foot.other_way"), icon="refresh")
            return trouble(word, say, retry, note=_old_list(say))
        case collect.Phase.CHOOSING:
            return _choosing(state, say)
        case collect.Phase.OPENING:
            return _door("opening", "opening", say, (door, doors), what)
        case collect.Phase.OPEN:
            if state.door_seen is Seen.UNKNOWN:
                body = DoorBody(
                    say("door.open.title", door=door, what=what), say("door.open.unseen"), door, door, "open"
                )
                return Drawn(Page.DOOR, body, next=Choice("closed", say("foot.closed")))
            return _door("open", "open", say, (door, doors), what)
        case collect.Phase.TAKEN:
            return _door("taken", "close", say, (door, doors), what)
        case collect.Phase.SHUT:
            line = say("door.shut.line") if state.tries < 3 else say("door.shut.help")
            body = DoorBody(say("door.shut.title", door=door), line, door, doors, "shut")
            return Drawn(Page.DOOR, body, choices=(again, Choice("in_hand", say("foot.in_hand"), icon="check")))
        case collect.Phase.STILL_INSIDE:
            body = DoorBody(say("door.still_inside.title"), say("door.still_inside.line"), door, doors, "shut")
            home = Choice("home", say("foot.home"), icon="home")
            return Drawn(Page.DOOR, body, next=home, choices=(again,))
        case collect.Phase.DONE:
            sure = state.taken is Seen.YES
            end = Line("ok", say("result.collect.line")) if sure else Line("warn", say("result.collect.doubtful"))
            result = ResultBody(say("result.collect.title"), sure, lines=(end,))
            return Drawn(Page.RESULT, result, next=Choice("home", say("foot.home"), icon="home"))
        case collect.Phase.FAILED:
            word = state.failure if state.failure.startswith("store.") else "door.lost"
            return trouble(word, say, safe="item_inside", code=state.failure)
        case _:
            assert_never(phase)


def _what(ticket: Ticket, say: Say) -> str:
    return ticket.what_en if say.language == "en" else ticket.what_zh


def _door(words: str, shown: str, say: Say, at: tuple[int, int], what: str) -> Drawn:
    door, doors = at
    title = say("door.open.title", door=door, what=what) if words == "open" else say(f"door.{words}.title", door=door)
    return Drawn(Page.DOOR, DoorBody(title, say(f"door.{words}.line"), door, doors, shown))


def _choosing(state: collect.Collect, say: Say) -> Drawn:
    choices = tuple(
        Choice(
            f"ticket:{ticket.ticket}",
            " · ".join((_what(ticket, say), say("door.choose.line", door=ticket.door))),
            icon="package",
        )
        for ticket in state.tickets
    )
    title = say("door.choose.title", count=len(state.tickets))
    return Drawn(Page.DOOR, DoorBody(title, _old_list(say), 0, 0, "opening"), choices=choices)


def _old_list(say: Say) -> str:
    return say("old.pickup", when=say.as_of) if say.as_of else ""
