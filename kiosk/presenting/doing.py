"""The pages of proving and applying: consent, form, review, working, take, result, trouble."""

from typing import assert_never

from catalogue.model import FieldType, FormField, Item
from hardware.api.identity_number import masked
from hardware.api.lights import Spot
from hardware.api.locker import Seen
from kiosk.journeys import apply, prove
from kiosk.journeys.form import current, groups, sections, shown
from kiosk.journeys.orders import Amends
from kiosk.presenting.front import Drawn
from kiosk.presenting.saying import Say, ask_text
from kiosk.presenting.trouble import trouble
from kiosk.view import (
    Choice,
    ConsentBody,
    FieldView,
    FormBody,
    IdentifyBody,
    Line,
    Page,
    ResultBody,
    ReviewBody,
    TakeBody,
    WorkingBody,
)

KINDS = {
    FieldType.PHONE: "phone",
    FieldType.ADDRESS: "address",
    FieldType.CN_ID: "id",
    FieldType.DATE: "date",
    FieldType.CHOICE: "choice",
}


PAPER_WORDS = ("record.nothing", "record.unavailable", "pages.failed", "pages.unknown")
"""Failures that say by themselves what became of the paper; after every other one nothing was printed."""
WHOLE = "/whole"
"""After a preview's name: the same page with nothing covered, for as long as the person asks for it."""


def paper_name(visit: int, subject: str, page: int) -> str:
    """The name by which the screen asks for a preview; good for this visit only."""
    return f"{visit}/{subject}/{page}"


def consent(item: Item, question: str, say: Say) -> Drawn:
    if item.consent is None:
        raise AssertionError("an item that tells a department anything has a consent")
    agreed = item.consent
    body = ConsentBody(
        question=say(question),
        short=(*(text.say(say.language) for text in agreed.short), say("consent.refuse")),
        full=agreed.full.say(say.language),
        office=say("consent.office", office=agreed.office.say(say.language)),
    )
    return Drawn(Page.CONSENT, body, back=Choice("back", say("foot.back")), next=Choice("next", say("foot.agree")))


PROVING = ("fetch", "make", "print", "take")


def steps_of(names: tuple[str, ...], now: str, say: Say, **told: str) -> tuple[Line, ...]:
    """What is done, what is being done and what is to come, each said as it stands."""
    at = names.index(now)
    stands = [("ok", "done") if n < at else ("step", "now") if n == at else ("info", "next") for n in range(len(names))]
    return tuple(
        Line(mark, say(f"working.step.{name}.{word}", **told if name == "fetch" else {}))
        for name, (mark, word) in zip(names, stands, strict=True)
    )


def working(title: str, lines: tuple[Line, ...], patience: str = "", *choices: Choice) -> Drawn:
    return Drawn(Page.WORKING, WorkingBody(title, lines, patience), choices=choices)


# ---- prove ----------------------------------------------------------------------------------------------------


def prove_page(state: prove.Prove, say: Say, visit: int) -> Drawn:
    office = state.item.department.say(say.language)
    patience = say("working.patience") if state.slow else ""
    phase = state.phase
    match phase:
        case prove.Phase.CONSENT:
            return consent(state.item, "consent.question.proof", say)
        case prove.Phase.FETCHING:
            return working(say("working.title"), steps_of(PROVING, "fetch", say, office=office), patience)
        case prove.Phase.MAKING:
            return working(say("working.title"), steps_of(PROVING, "make", say, office=office), patience)
        case prove.Phase.PRINTING:
            patience = say("working.patience_print") if state.slow else ""
            return working(say("working.title"), steps_of(PROVING, "print", say, office=office), patience)
        case prove.Phase.STOPPED:
            return _stopped(state, say)
        case prove.Phase.GIVING_UP:
            return working(say("working.title"), (Line("step", say("working.give_up")),))
        case prove.Phase.TAKE:
            return _take_pages(state, say)
        case prove.Phase.SLIP:
            return working(say("working.title"), steps_of(("print", "slip", "take_slip"), "slip", say))
        case prove.Phase.TAKE_SLIP:
            return take_slip(state, visit, say, "take.slip.line_proof")
        case prove.Phase.DONE:
            told = [Line("ok", say("result.prove.verify"))]
            if state.slip_missed:
                told.append(Line("warn", _missed(state, say)))
            number, slip = say("result.prove.number"), missed_slip(state, visit)
            result = ResultBody(say("result.prove.title"), True, number, state.serial, tuple(told), slip)
            return Drawn(Page.RESULT, result, next=Choice("home", say("foot.home"), icon="home"))
        case prove.Phase.FAILED:
            return _prove_failed(state, say)
        case _:
            assert_never(phase)


def _stopped(state: prove.Prove, say: Say) -> Drawn:
    word = state.fault.value if state.fault else "printer.stuck"
    why, do = say.fault(word)
    lines = (
        Line("warn", say("working.stopped", why=why)),
        Line("info", do),
        Line("info", say("working.stopped_wait")),
    )
    return working(say("working.stopped_title"), lines, "", Choice("give_up", say("foot.give_up"), icon="x"))


def _take_pages(state: prove.Prove, say: Say) -> Drawn:
    count = max(1, len(state.pages.previews)) if state.pages else 1
    line = say("take.pages.line_one") if count == 1 else say("take.pages.line", count=count)
    seen = state.seen is Seen.YES
    if not seen:
        line = say("text.two", first=line, second=say("take.pages.unseen"))
    body = TakeBody(say("take.pages.title"), line, Spot.PAGES, seen)
    return Drawn(Page.TAKE, body, next=Choice("in_hand", say("foot.in_hand")))


def slip_name(visit: int) -> str:
    """The name of the picture of this visit's newest slip."""
    return paper_name(visit, "slip", 0)


def missed_slip(state: prove.Prove | apply.Apply, visit: int) -> str:
    """The picture of the slip that did not come out on paper, if it got so far as to be drawn."""
    return slip_name(visit) if state.slip_missed and state.slip else ""


def _missed(state: prove.Prove | apply.Apply, say: Say) -> str:
    return say("result.slip_on_screen" if state.slip else "result.slip_missed")


def take_slip(state: prove.Prove | apply.Apply, visit: int, say: Say, line: str) -> Drawn:
    picture = slip_name(visit) if state.slip else ""
    body = TakeBody(say("take.slip.title"), say(line), Spot.SLIP, True, picture)
    return Drawn(Page.TAKE, body, next=Choice("slip_in_hand", say("foot.in_hand")))


def _prove_failed(state: prove.Prove, say: Say) -> Drawn:
    again = Choice("again", say("foot.again"), icon="refresh")
    cause = state.fault.value if state.fault else ""
    ways = (again,) if state.failure in ("record.unavailable", "pages.failed") else ()
    return trouble(
        state.failure, say, *ways, safe="" if state.failure in PAPER_WORDS else "nothing_printed", cause=cause
    )


# ---- apply ----------------------------------------------------------------------------------------------------


def apply_page(state: apply.Apply, say: Say, visit: int) -> Drawn:
    phase = state.phase
    patience = say("working.patience") if state.slow else ""
    match phase:
        case apply.Phase.LOOKING:  # a moment: the page before it stays
            name = state.person.name[:1] + "*" * max(1, len(state.person.name) - 1)
            return Drawn(Page.IDENTIFY, IdentifyBody(say("identify.known", name=name), (), "reading", None))
        case apply.Phase.CONSENT:
            amends = state.amends
            question = f"cases.consent.{amends.state}" if amends is not None else "consent.question.apply"
            return consent(state.item, question, say)
        case apply.Phase.FORM:
            return _form(state, say)
        case apply.Phase.MAKING:
            return working(say("working.title"), steps_of(("make", "check"), "make", say), patience)
        case apply.Phase.REVIEW:
            count = len(state.pages.previews) if state.pages else 0
            office = state.item.department.say(say.language)
            names = tuple(paper_name(visit, state.case, page) for page in range(count))
            promise = say("review.promise", office=office)
            body = ReviewBody(say("review.question"), names, promise, _answered(state, say))
            back, go = Choice("back", say("foot.correct")), Choice("next", say("foot.submit"))
            return Drawn(Page.REVIEW, body, back=back, next=go)
        case apply.Phase.SUBMITTING:
            return working(say("working.title"), steps_of(("check", "keep", "slip"), "keep", say), patience)
        case apply.Phase.SLIP:
            patience = say("working.patience_print") if state.slow else ""
            return working(say("working.title"), steps_of(("keep", "slip", "take_slip"), "slip", say), patience)
        case apply.Phase.TAKE_SLIP:
            return take_slip(state, visit, say, "take.slip.line")
        case apply.Phase.DONE:
            return _applied(state, say, visit)
        case apply.Phase.REFUSED:
            again = Choice("again", say("foot.again"), icon="refresh")
            return trouble(state.failure, say, again, safe="answers_kept")
        case apply.Phase.FAILED:
            correct = Choice("correct", say("foot.correct"), icon="pencil")
            return trouble(state.failure, say, correct, safe="nothing_sent")
        case _:
            assert_never(phase)


def _answered(state: apply.Apply, say: Say) -> tuple[tuple[str, str], ...]:
    """The answers as the page prints them: label and answer, in the form's order."""
    item, form = state.item, state.form
    kept = form.kept(item, state.person, state.today)
    names = [name for section in sections(item, form, state.person, state.today) for name in section.fields]
    lines = []
    for name in dict.fromkeys(names):
        one = item.field(name)
        if one.compute is None and name in kept:
            said = {option.value: option.say(say.language) for option in one.options}
            lines.append((one.label.say(say.language), said.get(kept[name], kept[name])))
    return tuple(lines)


def _form(state: apply.Apply, say: Say) -> Drawn:
    item, form = state.item, state.form
    section = current(item, form, state.person, state.today)
    pages = sections(item, form, state.person, state.today)
    fields = tuple(_field(state, name, say) for name in shown(item, form, state.person, state.today))
    alone = form.one_by_one and len(fields) == 1 and fields[0].kind != "read_only"
    question = fields[0].label if alone else section.title.say(say.language)
    counts = [len(groups(item, form, page)) for page in pages]
    if sum(counts) > 1:
        of = say("form.section_of", number=sum(counts[: form.section]) + form.group + 1, count=sum(counts))
        question = f"{question} ({of})" if say.language == "en" else f"{question}（{of}）"
    message = ""
    if form.errors:
        count = len(form.errors)
        message = say("form.message_one") if count == 1 else say("form.message", count=count)
    note = say("form.restored") if state.restored else ""
    if state.amends is not None:
        note = _asked(state.amends, tuple(one.id for one in fields), say)
    anew = (Choice("anew", say("form.anew"), icon="refresh"),) if state.restored else ()
    body = FormBody(question, fields, message, form.epoch, note)
    back, go = Choice("back", say("foot.back")), Choice("next", say("foot.next"))
    return Drawn(Page.FORM, body, back=back, next=go, choices=anew)


def _field(state: apply.Apply, field_id: str, say: Say) -> FieldView:
    one = state.item.field(field_id)
    form = state.form
    source = ""
    if field_id in form.sources:
        source = say("source.card" if state.person.by == "card" else "source.code")
        if one.editable:
            source = say("source.may_change", source=source)
    return FieldView(
        id=field_id,
        label=one.label.say(say.language),
        kind=KINDS.get(one.type, "text") if one.editable else "read_only",
        value=form.values.get(field_id, ""),
        keyboard=one.keyboard.value,
        hint=_hint(state, one, say),
        source=source,
        error=say.words.answer(one, form.errors[field_id], say.language) if field_id in form.errors else "",
        required=one.required,
        sensitive=one.sensitive,
        masked=_masked(one, form.values.get(field_id, "")),
        max_length=one.max_length,
        options=tuple((option.value, option.say(say.language)) for option in one.options),
    )


def _hint(state: apply.Apply, one: FormField, say: Say) -> str:
    """What stands in the empty field: above all, that it may follow later (容缺)."""
    gap = next((gap for gap in state.item.gaps if gap.field == one.id and state.amends is None), None)
    if gap is not None:
        return say("form.may_follow", days=gap.days)
    return one.hint.say(say.language) if one.hint else ""


def _asked(amends: Amends, fields: tuple[str, ...], say: Say) -> str:
    """What is asked for on this page, and why."""
    asks = (ask_text(ask, say) for ask in amends.asks if ask.what in fields and ask.reason_zh)
    return "\n".join((say(f"cases.form.{amends.state}"), *asks))


def _masked(field: FormField, text: str) -> str:
    match field.type:
        case FieldType.PHONE:
            return (
                text[:3] + "*" * max(0, len(text) - 7) + text[-4:]
                if len(text) > 7
                else text[:3] + "*" * (len(text) - 3)
            )
        case FieldType.CN_ID:
            return masked(text)
        case _:  # the number of an account
            return masked(text) if field.sensitive and text.isdigit() else ""


def _applied(state: apply.Apply, say: Say, visit: int) -> Drawn:
    office = state.item.department.say(say.language)
    sent = say("result.apply.sent", office=office) if state.online else say("result.apply.kept")
    lines = [
        Line("ok" if state.online else "info", sent),
        Line("info", say("result.next", promise=_promise(state, say))),
    ]
    if state.slip_missed:
        lines.append(Line("warn", _missed(state, say)))
    else:
        lines.append(Line("info", say("result.apply.receipt")))
    number, slip = say("result.apply.number"), missed_slip(state, visit)
    title = say(f"cases.done.{state.amends.state}" if state.amends is not None else "result.apply.title")
    body = ResultBody(title, True, number, state.case, tuple(lines), slip)
    return Drawn(Page.RESULT, body, next=Choice("home", say("foot.home"), icon="home"))


def _promise(state: apply.Apply, say: Say) -> str:
    return state.item.promise.say(say.language) if state.amends is None else say("cases.done.next")
