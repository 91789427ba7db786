"""Cases: how a person's applications stand, and what is theirs to do. Central tells it; nothing of it is kept.

Who they are is known by card or code, or they hold up a slip: then the one case it speaks of is told, without a name
and without anything that was written. What leads on from here (putting a case right, a compartment, another way of
saying who one is) is the visit's to begin.
"""

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from catalogue.model import Item, ItemKind, Section
from kiosk.journeys.events import TAIL, CasesCame, Pressed, TimeUp, Typed
from kiosk.journeys.orders import Arm, AskCases, Light
from kiosk.journeys.prove import PATIENCE_S
from kiosk.journeys.table import Journey, Move
from kiosk.ports import PersonFacts
from wire.messages import CaseStatus

WAYS = ("card", "code", "slip")
"""Of saying whose cases are asked for; `HOLDER` are those that say who somebody is."""
HOLDER = ("card", "code")
RETURNED, WAITING, READY = "returned", "waiting", "ready"
"""States in which there is something for the citizen to do (`central.rules.progress.CaseState`)."""
MOST = 20
"""Cases shown, the newest."""


class Phase(enum.Enum):
    ASKING = enum.auto()
    AWAY = enum.auto()  # central cannot be asked now
    NOTHING = enum.auto()
    LIST = enum.auto()
    CASE = enum.auto()


@dataclass(frozen=True)
class Cases:
    """`person` or `slip` says whose; neither, when central was away before anybody was asked."""

    person: PersonFacts | None = None
    slip: str = field(default="", repr=False)  # the receipt on it
    phase: Phase = Phase.ASKING
    cases: tuple[CaseStatus, ...] = field(default=(), repr=False)
    more: bool = False  # than are shown
    as_of: dt.datetime | None = None
    case: str = field(default="", repr=False)  # the one on the screen, or the one to be opened when it comes
    slow: bool = False


def begin(person: PersonFacts | None, *, slip: str = "", case: str = "") -> Move[Cases]:
    """Ask central; `case` is opened if it is among the answers."""
    return Cases(person, slip, case=case), (AskCases(person, slip), Arm("patience", PATIENCE_S), Light(None))


def away(slip: str = "") -> Cases:
    """Nobody is asked to lay a card down for what cannot be told; a slip that was held up need not be held up again."""
    return Cases(slip=slip, phase=Phase.AWAY)


def opened(state: Cases) -> CaseStatus | None:
    """The case on the screen."""
    return next((one for one in state.cases if one.case == state.case), None)


def fields_to_give(status: CaseStatus, item: Item | None) -> tuple[str, ...]:
    """The fields that can be given at this terminal.

    A case that waits takes what there is, and waits for the rest. A returned one goes on with what it is given: it is
    put right here only if this terminal can take all that a terminal may take.
    """
    if item is None or item.kind is not ItemKind.APPLY or status.state not in (RETURNED, WAITING):
        return ()
    asks = tuple(ask for ask in status.asks if ask.here)
    known = {one.id for one in item.fields if one.compute is None}
    given = tuple(ask.what for ask in asks if ask.is_field and ask.what in known)
    if status.state == RETURNED and len(given) < len(asks):
        return ()
    return tuple(dict.fromkeys(given))


def narrowed(item: Item, status: CaseStatus, fields: tuple[str, ...]) -> Item:
    """The item with a form of these fields only, under the headings they stand under; nothing of it waits as a draft.

    Conditions of its pages are left out: they look at answers that are not asked for again. What a case waits for may
    not be left empty.
    """
    sections: list[Section] = []
    left = list(fields)
    for section in item.form:
        held = tuple(name for name in section.fields if name in left)
        if held:
            sections.append(section.model_copy(update={"fields": held, "when": None}))
            left = [name for name in left if name not in held]
    if left:
        sections.append(Section(id="asked", title=item.title, fields=tuple(left)))
    needed = set(fields) if status.state == WAITING else set()
    known = tuple(one.model_copy(update={"required": one.required or one.id in needed}) for one in item.fields)
    more = {"form": tuple(sections), "fields": known, "materials": (), "draft_hours": 0}
    return item.model_copy(update=more)


def pickup(offered: Iterable[tuple[Item, bool]]) -> Item | None:
    """What collects what lies here: the first item of that kind, one that can be done now before any other."""
    kept = [(item, now) for item, now in offered if item.kind is ItemKind.COLLECT]
    return next((item for item, now in kept if now), kept[0][0] if kept else None)


def _came(state: Cases, event: CasesCame) -> Move[Cases]:
    if event.cases is None:
        return replace(state, phase=Phase.AWAY), ()
    told = sorted(event.cases.cases, key=lambda one: one.submitted_at, reverse=True)
    named = [one for one in told if one.case == state.case]  # the one that was looked at, however old
    shown = tuple(told[:MOST]) if not named or named[0] in told[:MOST] else (*told[: MOST - 1], named[0])
    state = replace(state, cases=shown, more=len(told) > len(shown), as_of=event.cases.as_of)
    if not told:
        return replace(state, phase=Phase.NOTHING, case=""), ()
    if named:
        return replace(state, phase=Phase.CASE), ()
    if len(told) == 1:
        return replace(state, phase=Phase.CASE, case=told[0].case), ()
    return replace(state, phase=Phase.LIST, case=""), ()


def _open(state: Cases, event: Pressed) -> Move[Cases]:
    kind, _, case = event.ask.partition(":")
    if kind != "case" or all(one.case != case for one in state.cases):
        return state, ()
    return replace(state, phase=Phase.CASE, case=case), ()


def _back(state: Cases, _: Pressed) -> Move[Cases]:
    if len(state.cases) < 2:
        return state, ()
    return replace(state, phase=Phase.LIST, case=""), ()


def _slow(state: Cases, event: TimeUp) -> Move[Cases]:
    return (replace(state, slow=True), ()) if event.name == "patience" else (state, ())


JOURNEY: Journey[Cases] = Journey(
    "cases",
    {
        (Phase.ASKING, CasesCame): _came,
        (Phase.ASKING, TimeUp): _slow,
        (Phase.LIST, Pressed): _open,
        (Phase.CASE, "back"): _back,
    },
    late=frozenset({TimeUp, Typed, CasesCame}) | TAIL,
)
