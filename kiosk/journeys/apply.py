"""Apply: consent, form, the very page that will be kept, submit, slip. Works with central away and says so.

What a case was returned for, or waits for, goes the same way (`amend`), with a form of those fields only.
"""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from catalogue.model import Item
from hardware.api.lights import Spot
from hardware.api.locker import Seen
from hardware.api.status import Fault
from kiosk.journeys.events import (
    TAIL,
    DraftFound,
    PageMade,
    PapersFailed,
    Pressed,
    SlipMade,
    SlipMissed,
    SlipOut,
    SlipTaken,
    SubmitRefused,
    Submitted,
    TimeUp,
    Typed,
)
from kiosk.journeys.form import Form, back, mistakes, onward, prefilled, single, taken_up, typed, written
from kiosk.journeys.orders import (
    Amends,
    Arm,
    DropDraft,
    FindDraft,
    KeepDraft,
    Light,
    MakeApplicationPage,
    Order,
    PrintPromisedSlip,
    SlipInHand,
    Submit,
)
from kiosk.journeys.prove import PATIENCE_S, SLIP_WAIT_S
from kiosk.journeys.table import Journey, Move
from kiosk.ports import Draft, MadePages, PersonFacts
from wire.messages import CaseStatus

DRAFT_WAIT_S = 2.0
"""How long a slow disk may hold up a person with what they typed the last time."""


class Phase(enum.Enum):
    LOOKING = enum.auto()  # for what this card's holder had typed before
    CONSENT = enum.auto()
    FORM = enum.auto()
    MAKING = enum.auto()
    REVIEW = enum.auto()
    SUBMITTING = enum.auto()
    SLIP = enum.auto()
    TAKE_SLIP = enum.auto()
    DONE = enum.auto()
    REFUSED = enum.auto()  # the store would not accept; nothing was submitted, everything typed is still here
    FAILED = enum.auto()


@dataclass(frozen=True)
class Apply:
    item: Item
    person: PersonFacts
    language: str
    form: Form
    today: dt.date
    phase: Phase = Phase.CONSENT
    consents: Mapping[str, dt.datetime] = field(default_factory=dict)
    case: str = ""
    pages: MadePages | None = None
    made_at: dt.datetime | None = None
    online: bool = False
    seen: Seen = Seen.UNKNOWN
    fault: Fault | None = None
    failure: str = ""
    slip_missed: bool = False
    slow: bool = False  # it takes longer than a person likes to wait without a word
    slip: bytes = field(default=b"", repr=False)  # its picture
    restored: bool = False  # the form holds what was typed before
    amends: Amends | None = None


def begin(item: Item, person: PersonFacts, language: str, today: dt.date) -> Move[Apply]:
    state = Apply(item, person, language, prefilled(item, person), today)
    if not item.draft_hours or not person.card:
        return state, (Light(None),)
    look = FindDraft(person.card, item.code, item.version)
    return replace(state, phase=Phase.LOOKING), (Light(None), look, Arm("draft", DRAFT_WAIT_S))


def amend(item: Item, person: PersonFacts, language: str, today: dt.date, status: CaseStatus) -> Move[Apply]:
    """Put a case right: `item` has the fields that are asked for, what was answered before stands in them."""
    form = prefilled(item, person)
    asked = {name for section in item.form for name in section.fields if item.field(name).editable}
    before = {name: text for name, text in status.answers.items() if name in asked}
    form = replace(form, values={**form.values, **before}, sources=form.sources - before.keys())
    asks = tuple(ask for ask in status.asks if ask.here)
    amends = Amends(status.case, status.revision, status.state, asks)
    return Apply(item, person, language, form, today, case=status.case, amends=amends), (Light(None),)


def draft_to_keep(state: Apply) -> KeepDraft | None:
    """The order that seals what was typed so far, if the item allows it, the person agreed to it, and came by card."""
    agreed = state.consents.get(state.item.code)
    written_so_far = typed(state.item, state.form)
    if state.phase not in KEPT_FROM or not state.person.card or not state.item.draft_hours or agreed is None:
        return None
    if not any(written_so_far.values()):
        return None
    draft = Draft(
        item=state.item.code,
        version=state.item.version,
        consented_at=agreed,
        values=written_so_far,
        section=state.form.section,
    )
    return KeepDraft(state.person.card, draft, state.item.draft_hours)


def left(state: Apply, *, keep: bool) -> tuple[Order, ...]:
    """The person goes: what was typed is sealed for their return, or every trace of it is deleted."""
    if keep:
        draft = draft_to_keep(state)
        return () if draft is None else (draft,)
    return (DropDraft(state.person.card, state.item.code),) if state.person.card and state.item.draft_hours else ()


KEPT_FROM = frozenset({Phase.FORM, Phase.MAKING, Phase.REVIEW, Phase.REFUSED, Phase.FAILED})
"""Phases in which something is typed, agreed to and not submitted."""


def _draft(state: Apply, event: DraftFound) -> Move[Apply]:
    if event.draft is None:
        return replace(state, phase=Phase.CONSENT), ()
    form = taken_up(state.item, state.form, event.draft)
    consents = {state.item.code: event.draft.consented_at}  # to the very version that the draft is of
    return replace(state, phase=Phase.FORM, form=form, consents=consents, restored=True), ()


def _no_draft(state: Apply, event: TimeUp) -> Move[Apply]:
    return (replace(state, phase=Phase.CONSENT) if event.name == "draft" else state), ()


def _anew(state: Apply, _: Pressed) -> Move[Apply]:
    if not state.restored:
        return state, ()
    blank = prefilled(state.item, state.person)
    fields = {one.id for one in state.item.fields}
    led = {name: value for name, value in state.form.values.items() if name not in fields}  # the guide's answers stay
    values = {**led, **blank.values}
    form = replace(blank, values=values, one_by_one=state.form.one_by_one, epoch=state.form.epoch + 1)
    drop = DropDraft(state.person.card, state.item.code)
    return replace(state, phase=Phase.CONSENT, form=form, consents={}, restored=False, case=""), (drop,)


def consent(state: Apply, at: dt.datetime) -> Move[Apply]:
    return replace(state, phase=Phase.FORM, consents={state.item.code: at}), ()


def _typed(state: Apply, event: Typed) -> Move[Apply]:
    return replace(state, form=written(state.form, event.name, event.text)), ()


def _next(state: Apply, _: Pressed) -> Move[Apply]:
    found = mistakes(state.item, state.form, state.person, state.today)
    if found:
        return replace(state, form=replace(state.form, errors=found)), ()
    further = onward(state.item, state.form, state.person, state.today)
    return _make(state) if further is None else (replace(state, form=further), ())


def _make(state: Apply) -> Move[Apply]:
    form = replace(state.form, errors={})
    answers = form.kept(state.item, state.person, state.today)
    order = MakeApplicationPage(state.item, answers, state.person, state.language, state.case, state.amends)
    state = replace(state, phase=Phase.MAKING, form=form, failure="", slow=False)
    return state, (order, Arm("patience", PATIENCE_S))


def _back(state: Apply, _: Pressed) -> Move[Apply]:
    before = back(state.item, state.form, state.person, state.today)
    if before is None:
        return replace(state, phase=Phase.CONSENT), ()
    return replace(state, form=before), ()


def _made(state: Apply, event: PageMade) -> Move[Apply]:
    return replace(state, phase=Phase.REVIEW, case=event.case, pages=event.pages, made_at=event.at), ()


def _failed(state: Apply, event: PapersFailed) -> Move[Apply]:
    return replace(state, phase=Phase.FAILED, failure=event.word, pages=None), ()


def _correct(state: Apply, _: Pressed) -> Move[Apply]:
    return replace(state, phase=Phase.FORM, pages=None, form=replace(state.form, section=0, group=0, errors={})), ()


def _submit(state: Apply, _: Pressed) -> Move[Apply]:
    if state.pages is None or state.made_at is None:
        return _correct(state, _)
    order = Submit(
        state.case,
        state.item,
        state.form.kept(state.item, state.person, state.today),
        state.person,
        state.pages,
        state.consents,
        state.language,
        state.made_at,
        state.amends,
    )
    return replace(state, phase=Phase.SUBMITTING, slow=False), (order, Arm("patience", PATIENCE_S))


def _submitted(state: Apply, event: Submitted) -> Move[Apply]:
    orders: tuple[Order, ...] = (PrintPromisedSlip(event.slip), Light(Spot.SLIP), Arm("patience", PATIENCE_S))
    state = replace(state, phase=Phase.SLIP, case=event.case, online=event.online, pages=None, slow=False)
    return state, orders


def _refused(state: Apply, event: SubmitRefused) -> Move[Apply]:
    return replace(state, phase=Phase.REFUSED, failure=event.reason.value), ()


def _slip_made(state: Apply, event: SlipMade) -> Move[Apply]:
    return replace(state, slip=event.picture), ()


def _slip_out(state: Apply, event: SlipOut) -> Move[Apply]:
    return replace(state, phase=Phase.TAKE_SLIP, seen=event.seen), (Light(Spot.SLIP), Arm("slip", SLIP_WAIT_S))


def _slip_done(state: Apply, _: SlipTaken) -> Move[Apply]:
    return replace(state, phase=Phase.DONE), (Light(None),)


def _slip_in_hand(state: Apply, _: Pressed) -> Move[Apply]:
    return replace(state, phase=Phase.DONE), (SlipInHand(), Light(None))


def _slip_missed(state: Apply, event: SlipMissed) -> Move[Apply]:
    return replace(state, phase=Phase.DONE, slip_missed=True, fault=event.fault), (Light(None),)


def _slow(state: Apply, event: TimeUp) -> Move[Apply]:
    return (replace(state, slow=True), ()) if event.name == "patience" else (state, ())


def _time(state: Apply, event: TimeUp) -> Move[Apply]:
    if event.name == "slip":
        return replace(state, phase=Phase.DONE), (Light(None),)
    return state, ()


def speak(state: Apply, language: str) -> Move[Apply]:
    """Another language: a page that lies there to be checked is made anew in it."""
    state = replace(state, language=language)
    return _make(state) if state.phase is Phase.REVIEW else (state, ())


def one_by_one(state: Apply, on: bool) -> Apply:
    """One question a page, or a whole section; what was written stays."""
    return replace(state, form=single(state.item, state.form, state.person, state.today, on))


def _retry(state: Apply, _: Pressed) -> Move[Apply]:
    return _make(state)


JOURNEY: Journey[Apply] = Journey(
    "apply",
    {
        (Phase.LOOKING, DraftFound): _draft,
        (Phase.LOOKING, TimeUp): _no_draft,
        (Phase.FORM, "anew"): _anew,
        (Phase.FORM, Typed): _typed,
        (Phase.FORM, "next"): _next,
        (Phase.FORM, "back"): _back,
        (Phase.MAKING, PageMade): _made,
        (Phase.MAKING, PapersFailed): _failed,
        (Phase.REVIEW, "next"): _submit,
        (Phase.REVIEW, "back"): _correct,
        (Phase.SUBMITTING, Submitted): _submitted,
        (Phase.SUBMITTING, SubmitRefused): _refused,
        (Phase.SUBMITTING, PapersFailed): _failed,
        (Phase.SLIP, SlipMade): _slip_made,
        (Phase.SLIP, SlipOut): _slip_out,
        (Phase.SLIP, SlipMissed): _slip_missed,
        (Phase.TAKE_SLIP, SlipTaken): _slip_done,
        (Phase.TAKE_SLIP, "slip_in_hand"): _slip_in_hand,
        (Phase.TAKE_SLIP, TimeUp): _time,
        (Phase.MAKING, TimeUp): _slow,
        (Phase.SUBMITTING, TimeUp): _slow,
        (Phase.SLIP, TimeUp): _slow,
        (Phase.REFUSED, "again"): _retry,
        (Phase.FAILED, "correct"): _correct,
    },
    late=frozenset({TimeUp, Typed, SlipTaken, SlipMissed, PageMade, DraftFound}) | TAIL,
)
