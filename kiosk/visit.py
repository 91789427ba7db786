"""One citizen's visit: from the first touch to the goodbye, and what must be wiped in between.

The visit walks the pages that belong to every item (identify, leaving) and hands everything else on: finding an item to
`kiosk.journeys.find`, doing it to the journey of its kind. It is pure: (state, event) -> (state, orders).

Past 400 lines because every way from one journey into another stands here.
"""

import datetime as dt
import enum
from dataclasses import dataclass, field, replace

from catalogue.facts import facts_about
from catalogue.guide import facts_of
from catalogue.model import Item, ItemKind
from kiosk.journeys import apply, cases, collect, ends, find, identify, prove, rate
from kiosk.journeys.ends import Inner
from kiosk.journeys.events import (
    Absent,
    CardSeen,
    CodeChecked,
    CodeShown,
    DraftFound,
    DraftKept,
    Event,
    LanguageChosen,
    LeftoversSeen,
    ModeChosen,
    Pressed,
    SlipShown,
    StillHere,
    Submitted,
    TimeUp,
    Typed,
)
from kiosk.journeys.find import Find, Offer
from kiosk.journeys.orders import Arm, CheckSlip, Forget, Light, LookForLeftovers, Order, PrintPromisedSlip, Watch
from kiosk.journeys.table import WrongMoment
from kiosk.modes import ALL_OFF, Mode, Modes
from kiosk.ports import PersonFacts

GOODBYE_S = 4.0
DRAFT_GOODBYE_S = 8.0  # a longer sentence, which tells where what was typed is
LISTEN = Watch(code=True)
"""Where `hears_slips`; a terminal that has come up begins with it."""
LEFT_THINGS_S = 120.0
"""After this long on the leaving page a new person may begin beside what still lies there."""


class Phase(enum.Enum):
    ATTRACT = enum.auto()
    FINDING = enum.auto()
    IDENTIFYING = enum.auto()
    NOT_ELIGIBLE = enum.auto()
    DOING = enum.auto()
    RATING = enum.auto()
    LEAVING = enum.auto()
    GOODBYE = enum.auto()


@dataclass(frozen=True)
class Visit:
    """All that is known of a visit; what of it is its person's, `strip` takes out.

    Identifying or doing something without an item is asking how cases stand.
    """

    number: int = 0
    phase: Phase = Phase.ATTRACT
    language: str = "zh"
    modes: Modes = ALL_OFF
    find: Find = field(default_factory=Find)
    item: Item | None = None
    identifying: identify.Identify | None = None
    person: PersonFacts | None = None
    inner: Inner | None = None
    against: tuple[str, ...] = ()  # ids of the item's conditions that the person does not meet
    leftovers: frozenset[str] = frozenset()
    looked: bool = False
    long_left: bool = False
    kept: bool = False  # an application of this visit lies sealed here, waiting for the network
    draft_hours: int = 0  # what was typed and not submitted lies sealed here for so long
    rating: rate.Rate | None = None
    asked: frozenset[str] = frozenset()  # cases, serials, tickets of this visit that a rating was asked for
    standing: cases.Cases | None = None  # what "back" leads to from a case that is being put right
    amended: frozenset[str] = field(default=frozenset(), repr=False)  # cases put right in this visit


@dataclass(frozen=True)
class Moment:
    """What a step may know of the world, besides its event: the calendar and what is on offer."""

    now: dt.datetime
    today: dt.date
    offers: dict[str, Offer]
    default_language: str = "zh"
    online: bool = True


Move = tuple[Visit, tuple[Order, ...]]


def step(visit: Visit, event: Event, moment: Moment) -> Move:
    """The visit's answer to anything at all. Raises WrongMoment for a pair that no table knows."""
    after, orders = _step(visit, event, moment)
    if not hears_slips(after):
        still = hears_slips(visit) and not any(isinstance(order, Watch) for order in orders)
        return after, (*orders, Watch()) if still else orders
    if hears_slips(visit) and visit.number == after.number:
        return after, orders
    return after, (*orders, LISTEN)


def _step(visit: Visit, event: Event, moment: Moment) -> Move:
    match event:
        case StillHere():
            return visit, ()
        case LanguageChosen(language):
            return _speak(visit, language)
        case ModeChosen(mode, on):
            return _switch(visit, mode, on), ()
        case Pressed("leave"):
            return _rate(visit, "leave") or _leave(visit)
        case Pressed("erase"):
            return _leave(visit, keep=False)
        case DraftKept(hours):
            return _draft_kept(visit, hours)
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
            return _attract(visit, event, moment)
        case Phase.FINDING:
            return _finding(visit, event, moment)
        case Phase.IDENTIFYING:
            return _identifying(visit, event, moment)
        case Phase.NOT_ELIGIBLE:
            return _not_eligible(visit, event)
        case Phase.DOING:
            return _doing(visit, event, moment)
        case Phase.RATING:
            return _rating(visit, event)
        case Phase.LEAVING:
            return _leaving(visit, event, moment)
        case Phase.GOODBYE:
            if isinstance(event, Pressed) and event.ask == "start":
                return _end(visit, moment)
            return visit, ()


def _attract(visit: Visit, event: Event, moment: Moment) -> Move:
    if isinstance(event, Pressed) and event.ask == "start":
        return _home(visit), ()
    return _held_up(visit, event, moment)


def hears_slips(visit: Visit) -> bool:
    """Whether nothing is chosen yet: then a slip before the scanner is a wish by itself."""
    at_home = visit.phase is Phase.FINDING and visit.find.phase is find.Phase.HOME
    return visit.phase is Phase.ATTRACT or at_home


def _held_up(visit: Visit, event: Event, moment: Moment) -> Move:
    """A slip asks how its case stands; any other code asks for nothing here."""
    match event:
        case CodeShown(text, True):
            return visit, (CheckSlip(text),)
        case SlipShown(receipt) if moment.online:
            return _ask_cases(_home(visit), receipt)
        case SlipShown(receipt):
            return replace(_home(visit), phase=Phase.DOING, inner=cases.away(receipt)), ()
        case _:
            return visit, ()


def _home(visit: Visit) -> Visit:
    return replace(visit, phase=Phase.FINDING, find=Find(), item=None, against=(), inner=None, standing=None)


def _card(visit: Visit) -> Visit:
    """The card of the item in hand."""
    return replace(visit, phase=Phase.FINDING, find=find.card(visit.find), inner=None)


def _finding(visit: Visit, event: Event, moment: Moment) -> Move:
    if not isinstance(event, Pressed | Typed):
        return _held_up(visit, event, moment) if hears_slips(visit) else (visit, ())
    if isinstance(event, Pressed) and event.ask == "cases":
        return _cases(visit, moment)
    found = find.step(visit.find, event, moment.offers)
    visit = replace(visit, find=found, item=found.item)
    if found.phase is not find.Phase.READY or found.item is None:
        return visit, ()
    if visit.person is not None and visit.person.by in found.item.ways:
        return _identified(visit, moment)
    state, orders = identify.begin(tuple(found.item.ways))
    return replace(visit, phase=Phase.IDENTIFYING, identifying=state, person=None), orders


def _identifying(visit: Visit, event: Event, moment: Moment) -> Move:
    if isinstance(event, Pressed) and event.ask == "back":
        return _unidentified(visit), (Watch(), Light(None))
    if visit.identifying is None:
        return visit, ()
    state, orders = identify.JOURNEY.step(visit.identifying, event)
    visit = replace(visit, identifying=state)
    if state.phase is identify.Phase.IDENTIFIED:
        known = replace(visit, person=state.person, identifying=None)
        visit, more = _identified(known, moment) if known.item is not None else _ask_cases(known)
        return visit, (*orders, *more)
    if state.phase is identify.Phase.SLIP:
        visit, more = _ask_cases(replace(visit, identifying=None), slip=state.slip)
        return visit, (*orders, *more)
    if state.phase is identify.Phase.PICKUP_CODE and visit.item is not None:
        inner, more = collect.begin(visit.item.code, "pickup_code", pickup_code=state.code_typed)
        return replace(visit, phase=Phase.DOING, identifying=None, inner=inner), (*orders, *more)
    return visit, orders


def _unidentified(visit: Visit) -> Visit:
    """Back from identification to where it was asked for."""
    visit = replace(visit, phase=Phase.FINDING, identifying=None)
    if visit.find.item is not None:
        return replace(visit, find=find.reopened(visit.find))
    if visit.standing is not None:
        return replace(visit, phase=Phase.DOING, inner=visit.standing, standing=None)
    return replace(visit, item=None)


def _identified(visit: Visit, moment: Moment) -> Move:
    item, person = visit.item, visit.person
    if item is None or person is None:
        raise WrongMoment("visit: identified without an item or a person")
    led = visit.find.answers
    against = item.refusals({**facts_about(person, moment.today), **facts_of(item, led)})
    if against:
        return replace(visit, phase=Phase.NOT_ELIGIBLE, against=against), ()
    inner: Inner
    orders: tuple[Order, ...]
    match item.kind:
        case ItemKind.PROOF:
            inner, orders = prove.begin(item, person, visit.language)
        case ItemKind.APPLY:
            begun, orders = apply.begin(item, person, visit.language, moment.today)
            # the guide's answers stand among the form's values: they decide its pages, and are not submitted
            begun = replace(begun, form=replace(begun.form, values={**led, **begun.form.values}))
            inner = apply.one_by_one(begun, visit.modes.elder)
        case ItemKind.COLLECT:
            inner, orders = collect.begin(item.code, person.by, number=person.number)
    return replace(visit, phase=Phase.DOING, inner=inner, against=()), orders


def _not_eligible(visit: Visit, event: Event) -> Move:
    if isinstance(event, Pressed) and event.ask == "home":
        return _home(visit), ()
    return visit, ()


def _doing(visit: Visit, event: Event, moment: Moment) -> Move:
    inner = visit.inner
    if isinstance(event, Pressed) and event.ask == "home" and ends.may_go_home(inner):
        return _rate(visit, "home") or (_home(visit), (Light(None),))
    if event == TimeUp("rate"):
        return _rate(visit, "result") or (visit, ())
    if isinstance(event, Pressed) and event.ask == "identify" and isinstance(inner, collect.Collect) and visit.item:
        if inner.phase is not collect.Phase.NOTHING:
            return visit, ()
        state, orders = identify.begin(tuple(visit.item.ways))
        return replace(visit, phase=Phase.IDENTIFYING, identifying=state, inner=None, person=None), orders
    if isinstance(event, CardSeen | CodeShown | CodeChecked | SlipShown):
        return visit, ()  # the reader was told to stop; this one was on its way
    if isinstance(event, DraftFound) and not isinstance(inner, apply.Apply):
        return visit, ()  # a slow disk's answer to an item that is over
    after, orders = _inner(visit, event, moment)
    if ends.done(after.inner) and not ends.done(inner):
        orders = (*orders, Arm("rate", rate.RATE_AFTER_S * _slowness(visit)))
    return after, orders


def _inner(visit: Visit, event: Event, moment: Moment) -> Move:
    inner = visit.inner
    match inner:
        case cases.Cases():
            return _in_cases(visit, inner, event, moment)
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
            amended = visit.amended
            if isinstance(event, Submitted) and new_apply.amends is not None:
                amended = amended | {new_apply.case}
            return replace(visit, inner=new_apply, kept=kept, amended=amended), orders
        case collect.Collect():
            new_collect, orders = collect.JOURNEY.step(inner, event)
            return replace(visit, inner=new_collect), orders
        case None:
            return visit, ()


def _consent(visit: Visit, event: Event, moment: Moment) -> Move:
    if not isinstance(event, Pressed):
        return visit, ()
    if event.ask == "back" and visit.standing is not None:
        return replace(visit, item=None, inner=visit.standing, standing=None), (Light(None),)
    if event.ask == "back":
        return _card(visit), (Light(None),)
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


# ---- cases --------------------------------------------------------------------------------------------------


def _cases(visit: Visit, moment: Moment) -> Move:
    """How things stand: ask at once for who is known, else who they are; nobody, while central is away."""
    visit = replace(visit, item=None, inner=None, standing=None, against=())
    if not moment.online:
        return replace(visit, phase=Phase.DOING, inner=cases.away()), ()
    if visit.person is not None:
        return _ask_cases(visit)
    return _whose(visit, cases.WAYS)


def _whose(visit: Visit, ways: tuple[str, ...]) -> Move:
    state, orders = identify.begin(ways)
    return replace(visit, phase=Phase.IDENTIFYING, identifying=state, inner=None, person=None, item=None), orders


def _ask_cases(visit: Visit, slip: str = "") -> Move:
    looked_at = visit.standing.case if visit.standing is not None else ""
    state, orders = cases.begin(None if slip else visit.person, slip=slip, case=looked_at)
    return replace(visit, phase=Phase.DOING, inner=state, standing=None), orders


def _in_cases(visit: Visit, state: cases.Cases, event: Event, moment: Moment) -> Move:
    match event:
        case Pressed("again") if state.phase is cases.Phase.AWAY and state.slip:
            return _ask_cases(visit, state.slip) if moment.online else (visit, ())
        case Pressed("again") if state.phase is cases.Phase.AWAY:
            return _cases(visit, moment)
        case Pressed("identify") if state.slip and state.phase in (cases.Phase.CASE, cases.Phase.NOTHING):
            return _whose(replace(visit, standing=state), cases.HOLDER)
        case Pressed("amend"):
            return _amend(visit, state, moment)
        case Pressed("collect"):
            return _pick_up(visit, state, moment)
        case _:
            inner, orders = cases.JOURNEY.step(state, event)
            return replace(visit, inner=inner), orders


def _amend(visit: Visit, state: cases.Cases, moment: Moment) -> Move:
    """The form of what the case asks for, as an application is filled in."""
    status, person = cases.opened(state), visit.person
    if state.phase is not cases.Phase.CASE or status is None or person is None or status.case in visit.amended:
        return visit, ()
    offer = moment.offers.get(status.item)
    fields = cases.fields_to_give(status, offer.item if offer is not None else None)
    if offer is None or not offer.can_now or not fields:
        return visit, ()
    inner, orders = apply.amend(
        cases.narrowed(offer.item, status, fields), person, visit.language, moment.today, status
    )
    inner = apply.one_by_one(inner, visit.modes.elder)
    return replace(visit, item=offer.item, inner=inner, standing=state), orders


def _pick_up(visit: Visit, state: cases.Cases, moment: Moment) -> Move:
    """The compartment in which it lies, as if the person had chosen to collect."""
    status, person = cases.opened(state), visit.person
    item = cases.pickup((offer.item, offer.can_now) for offer in moment.offers.values())
    if state.phase is not cases.Phase.CASE or status is None or person is None or item is None:
        return visit, ()
    if not moment.offers[item.code].can_now:
        return visit, ()
    inner, orders = collect.begin("", person.by, number=person.number)
    return replace(visit, item=item, inner=inner, standing=None), orders


# ---- rating -------------------------------------------------------------------------------------------------


def _slowness(visit: Visit) -> float:
    return 3.0 if visit.modes.elder else 1.0


def _rate(visit: Visit, onward: str) -> Move | None:
    """The question on the item that was done, unless it was asked; who wants to leave is forgotten all the same."""
    about = ends.done(visit.inner)
    if visit.phase is not Phase.DOING or visit.item is None or not about or about in visit.asked:
        return None
    state, orders = rate.begin(visit.item, about, onward)
    asked = visit.asked | {about}
    if onward == "leave":
        visit, orders = strip(visit), (Watch(), Light(None), Arm("rating", rate.LEAVE_S * _slowness(visit)))
    return replace(visit, phase=Phase.RATING, rating=state, asked=asked), orders


def _rating(visit: Visit, event: Event) -> Move:
    if visit.rating is None or not isinstance(event, Pressed | TimeUp):
        return visit, ()
    if event == TimeUp("rating") and visit.rating.onward == "leave":
        return _leave(visit)
    state, orders = rate.JOURNEY.step(visit.rating, event)
    if state.phase is not rate.Phase.OVER:
        return replace(visit, rating=state), orders
    visit = replace(visit, rating=None, phase=Phase.DOING)
    match state.onward:
        case "leave":
            return _leave(visit)
        case "home":
            return _home(visit), (Light(None),)
        case _:
            return visit, ()


# ---- leaving --------------------------------------------------------------------------------------------------


def _leave(visit: Visit, *, keep: bool = True) -> Move:
    """One touch from anywhere: everything of the person is dropped now; what lies about is looked for.

    Without `keep` what was typed is not sealed for a return, and what was sealed before is deleted.
    """
    if visit.phase in (Phase.ATTRACT, Phase.LEAVING, Phase.GOODBYE):
        return visit, ()
    orders: tuple[Order, ...] = rate.given_up(visit.rating) if visit.rating is not None else ()
    if isinstance(visit.inner, apply.Apply):
        orders = (*orders, *apply.left(visit.inner, keep=keep))
    stripped = strip(replace(visit, phase=Phase.LEAVING, looked=False, leftovers=frozenset(), long_left=False))
    return stripped, (*orders, Watch(), Light(None), LookForLeftovers(), Arm("left", LEFT_THINGS_S))


def draft_hours(visit: Visit) -> int:
    """For how long what was typed will be kept if the person goes now; 0 when it will not."""
    draft = apply.draft_to_keep(visit.inner) if isinstance(visit.inner, apply.Apply) else None
    return draft.hours if draft is not None else 0


def _draft_kept(visit: Visit, hours: int) -> Move:
    """It is on disk: only now the goodbye says so."""
    match visit.phase:
        case Phase.LEAVING:
            return replace(visit, draft_hours=hours), ()
        case Phase.GOODBYE:
            return replace(visit, draft_hours=hours), (Arm("goodbye", DRAFT_GOODBYE_S),)
        case _:
            return visit, ()


def strip(visit: Visit) -> Visit:
    """The visit without its person."""
    return replace(
        visit, person=None, identifying=None, inner=None, find=Find(), item=None, against=(), rating=None,
        standing=None, amended=frozenset(),
    )  # fmt: skip


def _leaving(visit: Visit, event: Event, moment: Moment) -> Move:
    match event:
        case LeftoversSeen(things):
            visit = replace(visit, leftovers=things, looked=True)
            if things:
                return visit, ()
            goodbye_s = DRAFT_GOODBYE_S if visit.draft_hours else GOODBYE_S
            return replace(visit, phase=Phase.GOODBYE), (Forget(), Arm("goodbye", goodbye_s))
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
    return ends.is_busy(visit.inner)
