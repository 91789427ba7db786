"""One citizen's visit: from the first touch to the goodbye, and what must be wiped in between.

The visit walks the pages that belong to every item (home, item, identify, leaving) and hands everything else to the
journey of the item's kind. It is pure: (state, event) -> (state, orders).
"""

import datetime as dt
import enum
from dataclasses import dataclass, replace

from catalogue.facts import facts_about
from catalogue.model import Item, ItemKind
from kiosk.journeys import apply, collect, identify, prove
from kiosk.journeys.events import (
    Absent,
    CardSeen,
    CodeChecked,
    CodeShown,
    Event,
    LanguageChosen,
    LeftoversSeen,
    ModeChosen,
    Pressed,
    StillHere,
    Submitted,
    TimeUp,
)
from kiosk.journeys.orders import Arm, Forget, Light, LookForLeftovers, Order, PrintPromisedSlip, Watch
from kiosk.journeys.table import WrongMoment
from kiosk.modes import ALL_OFF, Mode, Modes
from kiosk.ports import PersonFacts

GOODBYE_S = 4.0
LEFT_THINGS_S = 120.0
"""After this long on the leaving page a new person may begin beside what still lies there."""

Inner = prove.Prove | apply.Apply | collect.Collect


class Phase(enum.Enum):
    ATTRACT = enum.auto()
    HOME = enum.auto()
    ITEM = enum.auto()
    IDENTIFYING = enum.auto()
    NOT_ELIGIBLE = enum.auto()
    DOING = enum.auto()
    LEAVING = enum.auto()
    GOODBYE = enum.auto()


@dataclass(frozen=True)
class Offer:
    """An item as the catalogue holds it at this moment, and whether it can be done here now."""

    item: Item
    can_now: bool


@dataclass(frozen=True)
class Visit:
    """Everything that is known of a visit. `person`, `inner` and `identifying` hold personal data and end with it."""

    number: int = 0
    phase: Phase = Phase.ATTRACT
    language: str = "zh"
    modes: Modes = ALL_OFF
    item: Item | None = None
    identifying: identify.Identify | None = None
    person: PersonFacts | None = None
    inner: Inner | None = None
    against: tuple[str, ...] = ()  # ids of the item's conditions that the person does not meet
    leftovers: frozenset[str] = frozenset()
    looked: bool = False
    long_left: bool = False
    kept: bool = False  # an application of this visit lies sealed here, waiting for the network


@dataclass(frozen=True)
class Moment:
    """What a step may know of the world, besides its event: the calendar and what is on offer."""

    now: dt.datetime
    today: dt.date
    offers: dict[str, Offer]
    default_language: str = "zh"


Move = tuple[Visit, tuple[Order, ...]]


def step(visit: Visit, event: Event, moment: Moment) -> Move:
    """The visit's answer to anything at all. Raises WrongMoment for a pair that no table knows."""
    match event:
        case StillHere():
            return visit, ()
        case LanguageChosen(language):
            return _speak(visit, language)
        case ModeChosen(mode, on):
            return _switch(visit, mode, on), ()
        case Pressed("leave"):
            return _leave(visit)
        case Absent():
            return _leave(visit) if visit.phase not in (Phase.LEAVING, Phase.GOODBYE, Phase.ATTRACT) else (visit, ())
        case TimeUp(name) if name == "goodbye":
            return _end(visit, moment) if visit.phase is Phase.GOODBYE else (visit, ())
        case _:
            return _by_phase(visit, event, moment)


def _speak(visit: Visit, language: str) -> Move:
    visit = replace(visit, language=language)
    match visit.inner:
        case prove.Prove() as state:
            return replace(visit, inner=replace(state, language=language)), ()
        case apply.Apply() as form:
            inner, orders = apply.speak(form, language)
            return replace(visit, inner=inner), orders
        case _:
            return visit, ()


def _switch(visit: Visit, mode: Mode, on: bool) -> Visit:
    """A mode on or off. Nothing that was written is touched; large type asks one question a page."""
    visit = replace(visit, modes=visit.modes.set(mode, on))
    if mode is Mode.ELDER and isinstance(visit.inner, apply.Apply):
        return replace(visit, inner=apply.one_by_one(visit.inner, on))
    return visit


def _by_phase(visit: Visit, event: Event, moment: Moment) -> Move:
    match visit.phase:
        case Phase.ATTRACT:
            return _attract(visit, event)
        case Phase.HOME:
            return _home(visit, event, moment)
        case Phase.ITEM:
            return _item(visit, event, moment)
        case Phase.IDENTIFYING:
            return _identifying(visit, event, moment)
        case Phase.NOT_ELIGIBLE:
            return _not_eligible(visit, event)
        case Phase.DOING:
            return _doing(visit, event, moment)
        case Phase.LEAVING:
            return _leaving(visit, event, moment)
        case Phase.GOODBYE:
            if isinstance(event, Pressed) and event.ask == "start":
                return _end(visit, moment)
            return visit, ()


def _attract(visit: Visit, event: Event) -> Move:
    if isinstance(event, Pressed) and event.ask == "start":
        return replace(visit, phase=Phase.HOME), ()
    return visit, ()


def _home(visit: Visit, event: Event, moment: Moment) -> Move:
    if isinstance(event, Pressed) and event.ask.startswith("item:"):
        offer = moment.offers.get(event.ask.removeprefix("item:"))
        if offer is not None:
            return replace(visit, phase=Phase.ITEM, item=offer.item), ()
    return visit, ()


def _item(visit: Visit, event: Event, moment: Moment) -> Move:
    if not isinstance(event, Pressed) or visit.item is None:
        return visit, ()
    if event.ask == "back":
        return replace(visit, phase=Phase.HOME, item=None), ()
    offer = moment.offers.get(visit.item.code)
    if event.ask != "next" or offer is None or not offer.can_now:
        return visit, ()
    if visit.person is not None and visit.person.by in visit.item.ways:
        return _identified(visit, moment)
    state, orders = identify.begin(tuple(visit.item.ways))
    return replace(visit, phase=Phase.IDENTIFYING, identifying=state, person=None), orders


def _identifying(visit: Visit, event: Event, moment: Moment) -> Move:
    if isinstance(event, Pressed) and event.ask == "back":
        return replace(visit, phase=Phase.ITEM, identifying=None), (Watch(), Light(None))
    if visit.identifying is None:
        return visit, ()
    state, orders = identify.JOURNEY.step(visit.identifying, event)
    visit = replace(visit, identifying=state)
    if state.phase is identify.Phase.IDENTIFIED:
        visit, more = _identified(replace(visit, person=state.person, identifying=None), moment)
        return visit, (*orders, *more)
    if state.phase is identify.Phase.PICKUP_CODE and visit.item is not None:
        inner, more = collect.begin(visit.item.code, "pickup_code", pickup_code=state.code_typed)
        return replace(visit, phase=Phase.DOING, identifying=None, inner=inner), (*orders, *more)
    return visit, orders


def _identified(visit: Visit, moment: Moment) -> Move:
    item, person = visit.item, visit.person
    if item is None or person is None:
        raise WrongMoment("visit: identified without an item or a person")
    against = item.refusals(facts_about(person, moment.today))
    if against:
        return replace(visit, phase=Phase.NOT_ELIGIBLE, against=against), ()
    inner: Inner
    orders: tuple[Order, ...]
    match item.kind:
        case ItemKind.PROOF:
            inner, orders = prove.begin(item, person, visit.language)
        case ItemKind.APPLY:
            begun, orders = apply.begin(item, person, visit.language, moment.today)
            inner = apply.one_by_one(begun, visit.modes.elder)
        case ItemKind.COLLECT:
            inner, orders = collect.begin(item.code, person.by, number=person.number)
    return replace(visit, phase=Phase.DOING, inner=inner, against=()), orders


def _not_eligible(visit: Visit, event: Event) -> Move:
    if isinstance(event, Pressed) and event.ask == "home":
        return replace(visit, phase=Phase.HOME, item=None, against=()), ()
    return visit, ()


def _doing(visit: Visit, event: Event, moment: Moment) -> Move:
    inner = visit.inner
    if isinstance(event, Pressed) and event.ask == "home" and _may_go_home(inner):
        return replace(visit, phase=Phase.HOME, item=None, inner=None), (Light(None),)
    if isinstance(event, Pressed) and event.ask == "identify" and isinstance(inner, collect.Collect) and visit.item:
        if inner.phase is not collect.Phase.NOTHING:
            return visit, ()
        state, orders = identify.begin(tuple(visit.item.ways))
        return replace(visit, phase=Phase.IDENTIFYING, identifying=state, inner=None, person=None), orders
    if isinstance(event, CardSeen | CodeShown | CodeChecked):
        return visit, ()  # the reader was told to stop; this one was on its way
    match inner:
        case prove.Prove():
            if inner.phase is prove.Phase.CONSENT:
                return _consent(visit, event, moment)
            new, orders = prove.JOURNEY.step(inner, event)
            return replace(visit, inner=new), orders
        case apply.Apply():
            if inner.phase is apply.Phase.CONSENT:
                return _consent(visit, event, moment)
            new_apply, orders = apply.JOURNEY.step(inner, event)
            kept = visit.kept or (isinstance(event, Submitted) and not event.online)
            return replace(visit, inner=new_apply, kept=kept), orders
        case collect.Collect():
            new_collect, orders = collect.JOURNEY.step(inner, event)
            return replace(visit, inner=new_collect), orders
        case None:
            return visit, ()


def _consent(visit: Visit, event: Event, moment: Moment) -> Move:
    if not isinstance(event, Pressed):
        return visit, ()
    if event.ask == "back":
        return replace(visit, phase=Phase.ITEM, inner=None), (Light(None),)
    if event.ask != "next":
        return visit, ()
    match visit.inner:
        case prove.Prove() as state:
            inner, orders = prove.consent(state, moment.now)
            return replace(visit, inner=inner), orders
        case apply.Apply() as form:
            inner_apply, orders = apply.consent(form, moment.now)
            return replace(visit, inner=inner_apply), orders
        case _:
            return visit, ()


def _may_go_home(inner: Inner | None) -> bool:
    """Whether the item has come to an end that leaves nothing running."""
    match inner:
        case prove.Prove(phase=phase):
            return phase in (prove.Phase.DONE, prove.Phase.FAILED)
        case apply.Apply(phase=phase):
            return phase in (apply.Phase.DONE, apply.Phase.FAILED, apply.Phase.REFUSED)
        case collect.Collect(phase=phase):
            return phase in (
                collect.Phase.DONE,
                collect.Phase.NOTHING,
                collect.Phase.FAILED,
                collect.Phase.STILL_INSIDE,
            )
        case None:
            return True


# ---- leaving --------------------------------------------------------------------------------------------------


def _leave(visit: Visit) -> Move:
    """One touch from anywhere: everything of the person is dropped now; what lies about is looked for."""
    if visit.phase in (Phase.ATTRACT, Phase.LEAVING, Phase.GOODBYE):
        return visit, ()
    stripped = strip(replace(visit, phase=Phase.LEAVING, looked=False, leftovers=frozenset(), long_left=False))
    return stripped, (Watch(), Light(None), LookForLeftovers(), Arm("left", LEFT_THINGS_S))


def strip(visit: Visit) -> Visit:
    """The visit without its person."""
    return replace(visit, person=None, identifying=None, inner=None, item=None, against=())


def _leaving(visit: Visit, event: Event, moment: Moment) -> Move:
    match event:
        case LeftoversSeen(things):
            visit = replace(visit, leftovers=things, looked=True)
            if things:
                return visit, ()
            return replace(visit, phase=Phase.GOODBYE), (Forget(), Arm("goodbye", GOODBYE_S))
        case TimeUp("left"):
            return replace(visit, long_left=True), ()
        case Submitted(slip=slip, online=online):
            # the person left while it was being kept: it is kept, and its slip comes out all the same
            return replace(visit, kept=visit.kept or not online), (PrintPromisedSlip(slip),)
        case Pressed("start") if visit.long_left and "door" not in visit.leftovers:
            return _end(visit, moment)
        case _:
            return visit, ()


def _end(visit: Visit, moment: Moment) -> Move:
    fresh = Visit(number=visit.number + 1, language=moment.default_language)
    return fresh, (Forget(), Light(None))


def has_person(visit: Visit) -> bool:
    """Whether the screen now belongs to somebody: then a person's absence is counted."""
    return visit.phase not in (Phase.ATTRACT, Phase.LEAVING, Phase.GOODBYE)


def is_busy(visit: Visit) -> bool:
    """Whether the terminal is at work for the person, who may well stand still: absence is not counted."""
    match visit.inner:
        case prove.Prove(phase=phase):
            return phase in (
                prove.Phase.FETCHING,
                prove.Phase.MAKING,
                prove.Phase.PRINTING,
                prove.Phase.GIVING_UP,
                prove.Phase.SLIP,
            )
        case apply.Apply(phase=phase):
            return phase in (apply.Phase.MAKING, apply.Phase.SUBMITTING, apply.Phase.SLIP)
        case collect.Collect(phase=phase):
            return phase in (collect.Phase.MATCHING, collect.Phase.OPENING)
        case None:
            return False
