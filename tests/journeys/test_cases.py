"""How cases stand: whose they are, what is told in every state, and what leads on from there."""

import dataclasses
import datetime as dt
from dataclasses import replace

import pytest

from catalogue.model import Gap
from central.rules.progress import CaseState
from hardware.api.id_card import CardRead
from hardware.api.locker import Seen
from kiosk import visit as v
from kiosk.health import World
from kiosk.journeys import apply, cases, collect
from kiosk.journeys import events as e
from kiosk.journeys import orders as o
from kiosk.journeys.ends import done
from kiosk.modes import Mode
from kiosk.ports import DeedId, Network
from kiosk.presenting.cases import TONES
from kiosk.view import CaseBody, CasesBody, FormBody, GoodbyeBody, Page, ResultBody
from tests.journeys.shortcuts import at_the_form
from tests.journeys.walker import ITEMS, MARK, NOW, OLD, OLD_NUMBER, SECRET, TODAY, Walker, asks, code, standing, told
from wire.messages import CaseStatus

PHONE = "contact.phone"
RETURNED = standing(1, "returned", asks=asks(PHONE), answers={PHONE: "13800000001"})
WAITING = standing(2, "waiting", asks=asks("mail.address", "residence.address"))
ITEM = next(item for item in ITEMS if item.code == "jinglaoka")


def asked(walker: Walker | None = None) -> Walker:
    """A person has said by card that they want to know."""
    walker = walker or Walker()
    walker.happen(e.Pressed("start"))
    walker.happen(e.Pressed("cases"))
    walker.happen(e.CardSeen(CardRead(OLD, SECRET), TODAY))
    walker.happen(e.Pressed("next"))
    return walker


def shown(*found: CaseStatus, walker: Walker | None = None) -> Walker:
    walker = asked(walker)
    walker.happen(e.CasesCame(told(*found)))
    return walker


def by_slip(*found: CaseStatus) -> Walker:
    walker = Walker()
    for event in (e.Pressed("start"), e.Pressed("cases"), e.CodeShown("NT1.slip"), e.SlipShown("NT1.slip")):
        walker.happen(event)
    walker.happen(e.CasesCame(told(*found)))
    return walker


def ways(walker: Walker) -> set[str]:
    return {choice.ask for choice in walker.view().ways()}


def orders(walker: Walker, kind: type) -> list:
    return [order for order in walker.orders if isinstance(order, kind)]


def test_the_holder_of_a_card_is_asked_for_by_number_and_sees_the_newest_first() -> None:
    walker = shown(WAITING, RETURNED, standing(9, "accepted"))
    (order,) = orders(walker, o.AskCases)
    assert order.person is not None
    assert (order.person.number, order.slip) == (OLD_NUMBER, "")
    view = walker.view()
    assert isinstance(view.body, CasesBody)
    assert [tile.number for tile in view.body.cases] == ["K1", "K2", "K9"]
    assert [tile.tone for tile in view.body.cases] == ["turn", "turn", "wait"]
    walker.happen(e.Pressed("case:K9"))
    assert walker.view().page is Page.CASE
    walker.happen(e.Pressed("back"))
    assert walker.view().page is Page.CASES


def test_who_is_known_already_is_not_asked_again() -> None:
    walker = shown(RETURNED)
    walker.happen(e.Pressed("home"))
    walker.happen(e.Pressed("cases"))
    assert len(orders(walker, o.AskCases)) == 2
    assert walker.inner().phase is cases.Phase.ASKING


def test_every_state_of_central_is_told_with_what_comes_next_in_both_languages() -> None:
    assert set(TONES) == {state.value for state in CaseState}
    for language in ("zh", "en"):
        told_of = set()
        for state in (*CaseState, "a_state_of_tomorrow"):
            walker = shown(standing(5, str(state)))
            walker.happen(e.LanguageChosen(language))
            body = walker.view().body
            assert isinstance(body, CaseBody)
            assert body.state
            assert body.next
            assert body.since
            told_of.add((body.state, body.next))
        assert len(told_of) == len(CaseState) + 1, "each in its own words"


def test_what_central_says_of_the_next_step_is_said() -> None:
    walker = shown(standing(5, "accepted", next_zh="明天上门送达", next_en="It is delivered tomorrow"))
    assert walker.view().body.next == "明天上门送达"
    walker.happen(e.LanguageChosen("en"))
    assert walker.view().body.next == "It is delivered tomorrow"


def test_a_refusal_says_why_and_what_can_be_done() -> None:
    walker = shown(standing(5, "refused", next_zh="户籍不在本市", next_en="Not registered here"))
    assert walker.view().body.next == "户籍不在本市。想问清楚，或认为不对，请到窗口或打热线。"


@pytest.mark.parametrize(("hours", "said"), [(24 * 8, "还有 8 天"), (24, "明天"), (1, "今天"), (-30, "已过")])
def test_a_deadline_says_how_long_it_still_is(hours: int, said: str) -> None:
    walker = shown(RETURNED.model_copy(update={"deadline": NOW + dt.timedelta(hours=hours)}))
    assert said in walker.view().body.deadline


def amending(status: CaseStatus, modes: tuple[Mode, ...] = ()) -> Walker:
    walker = shown(status)
    for mode in modes:
        walker.happen(e.ModeChosen(mode, on=True))
    walker.happen(e.Pressed("amend"))
    assert walker.view().page is Page.CONSENT
    walker.happen(e.Pressed("next"))
    return walker


def test_a_returned_case_is_put_right_with_only_what_was_asked_for() -> None:
    walker = amending(RETURNED)
    body = walker.view().body
    assert isinstance(body, FormBody)
    assert [(one.id, one.value) for one in body.fields] == [(PHONE, "13800000001")]
    assert "看不清" in body.note
    walker.happen(e.Typed(PHONE, "13900000009"))
    walker.happen(e.Pressed("next"))
    (page,) = orders(walker, o.MakeApplicationPage)
    assert (page.case, page.amends.revision) == ("K1", 3)
    assert page.answers == {PHONE: "13900000009"}
    walker.happen(("desk", "made"))
    assert walker.view().page is Page.REVIEW
    walker.happen(e.Pressed("next"))
    (order,) = orders(walker, o.Submit)
    assert (order.case, order.amends.revision, order.amends.state) == ("K1", 3, "returned")
    assert order.answers == {PHONE: "13900000009"}
    assert (order.item.code, order.item.version, order.item.sha256) == (ITEM.code, ITEM.version, ITEM.sha256)
    assert set(order.consents) == {ITEM.code}
    walker.happen(e.Submitted("K1", DeedId("D1"), online=True))
    walker.happen(e.SlipOut(Seen.YES))
    walker.happen(e.SlipTaken())
    body = walker.view().body
    assert isinstance(body, ResultBody)
    assert (body.title, body.number) == ("已经收下您的补正", "K1")
    assert done(walker.inner()) == "", "the case was rated when it was begun"
    walker.happen(e.Pressed("home"))
    walker.happen(e.Pressed("cases"))
    walker.happen(e.CasesCame(told(RETURNED)))
    assert "amend" not in ways(walker), "it is on its way: the same revision is not answered twice"
    assert "刚补过" in walker.view().body.state


def test_a_case_that_waits_takes_what_belongs_to_a_page_of_the_form_that_nobody_chose() -> None:
    """`mail.address` stands on a page that applies to one answer only, and that answer is not asked for again."""
    walker = amending(WAITING)
    seen = []
    while walker.inner().phase is apply.Phase.FORM:
        fields = [one.id for one in walker.view().body.fields]
        seen += fields
        for name in fields:
            walker.happen(e.Typed(name, "上海市测试区样例路1号"))
        walker.happen(e.Pressed("next"))
    assert sorted(seen) == ["mail.address", "residence.address"]
    (page,) = orders(walker, o.MakeApplicationPage)
    assert set(page.answers) == {"mail.address", "residence.address"}


def test_what_a_case_waits_for_may_not_be_left_empty_and_it_takes_what_there_is() -> None:
    """`mail.recipient` may be left empty in the form; a paper that cannot be taken here does not stand in the way."""
    optional = tuple(one.model_copy(update={"required": False}) for one in ITEM.fields)
    item = ITEM.model_copy(update={"fields": optional})
    status = standing(1, "waiting", asks=(*asks("mail.recipient"), *asks("photo", field=False)))
    fields = cases.fields_to_give(status, item)
    assert fields == ("mail.recipient",)
    assert cases.narrowed(item, status, fields).field("mail.recipient").required
    assert not cases.narrowed(item, RETURNED, fields).field("mail.recipient").required, "it may be taken away"


def test_what_may_follow_later_says_so_in_its_place() -> None:
    walker = at_the_form()
    inner = walker.inner()
    fields = tuple(one.model_copy(update={"required": one.id != PHONE and one.required}) for one in ITEM.fields)
    item = ITEM.model_copy(update={"gaps": (Gap(field=PHONE, days=20),), "fields": fields})
    walker.visit = replace(walker.visit, inner=replace(inner, item=item))
    phone = next(one for one in walker.view().body.fields if one.id == PHONE)
    assert (phone.hint, phone.required) == ("现在没有也行，20 天内补上", False)
    walker.happen(e.Typed("delivery.way", "cabinet"))
    walker.happen(e.Pressed("next"))
    assert PHONE not in walker.inner().form.errors


def test_large_type_asks_one_question_a_page() -> None:
    walker = amending(standing(1, "returned", asks=asks(PHONE, "residence.address")), (Mode.ELDER,))
    assert [one.id for one in walker.view().body.fields] == [PHONE]


def test_back_from_the_consent_is_the_case_again() -> None:
    walker = shown(RETURNED)
    walker.happen(e.Pressed("amend"))
    walker.happen(e.Pressed("back"))
    assert walker.view().page is Page.CASE
    assert walker.visit.item is None


def test_nothing_of_it_waits_as_a_draft_and_no_draft_is_touched() -> None:
    walker = amending(RETURNED)
    walker.happen(e.Typed(PHONE, "13900000009"))
    assert v.draft_hours(walker.visit) == 0
    walker.happen(e.Absent())
    assert orders(walker, o.KeepDraft) == []
    assert orders(walker, o.DropDraft) == []


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (standing(1, "returned", asks=asks("photo", field=False)), "a paper that a terminal may take, and this cannot"),
        (standing(1, "returned", asks=asks(PHONE, here=False)), "at a counter only"),
        (standing(1, "returned", asks=asks(PHONE, "no.such.field")), "half of it would be half an answer"),
        (standing(1, "returned", asks=(*asks(PHONE), *asks("photo", field=False))), "so would this"),
        (standing(1, "returned", item="nowhere", asks=asks(PHONE)), "an item that is not done here"),
        (standing(1, "accepted", asks=asks(PHONE)), "not the citizen's turn"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_cannot_be_put_right_here_is_told_with_where_to_bring_it(status: CaseStatus, why: str) -> None:
    walker = shown(status)
    assert "amend" not in ways(walker), why
    walker.happen(e.Pressed("amend"))
    assert isinstance(walker.inner(), cases.Cases)
    assert ways(walker) >= {"home", "leave"}
    if status.state == "returned":
        assert "place" in {line.mark for line in walker.view().body.lines}


def test_what_is_for_a_counter_stands_beside_what_is_done_here() -> None:
    both = (*asks(PHONE), *asks("photo", here=False, field=False))
    walker = shown(standing(1, "returned", asks=both, where_zh="3 号窗口", where_en="Counter 3"))
    assert "amend" in ways(walker)
    assert "地点：3 号窗口" in [line.text for line in walker.view().body.lines]


# ---- by slip ---------------------------------------------------------------------------------------------------


def test_a_slip_shows_its_one_case_without_a_name_and_takes_no_answers() -> None:
    walker = by_slip(RETURNED)
    (order,) = orders(walker, o.AskCases)
    assert (order.person, order.slip) == (None, "NT1.slip")
    view = walker.view()
    assert view.page is Page.CASE
    assert view.person is None
    assert "amend" not in ways(walker)
    walker.happen(e.Pressed("amend"))
    assert isinstance(walker.inner(), cases.Cases)


def test_after_a_slip_the_card_leads_on_to_the_same_case() -> None:
    walker = by_slip(RETURNED)
    walker.happen(e.Pressed("identify"))
    assert walker.visit.identifying is not None
    assert walker.visit.identifying.ways == ("card", "code")
    walker.happen(e.CardSeen(CardRead(OLD, SECRET), TODAY))
    walker.happen(e.Pressed("next"))
    walker.happen(e.CasesCame(told(standing(9, "done"), RETURNED)))
    assert walker.view().page is Page.CASE
    assert walker.view().body.number == "K1"
    assert "amend" in ways(walker)


def test_who_thinks_again_is_back_at_what_the_slip_showed() -> None:
    walker = by_slip(RETURNED)
    walker.happen(e.Pressed("identify"))
    walker.happen(e.Pressed("back"))
    assert walker.view().page is Page.CASE
    assert not walker.watching.card


def test_a_slip_whose_letter_has_not_arrived_says_so() -> None:
    walker = by_slip()
    body = walker.view().body
    assert isinstance(body, CasesBody)
    assert "还没有送到" in body.question
    assert {"identify", "home", "leave"} <= ways(walker)


def test_a_code_that_is_no_slip_stands_in_for_the_card() -> None:
    walker = Walker()
    for event in (e.Pressed("start"), e.Pressed("cases"), e.CodeShown("NT1.code"), e.CodeChecked(code())):
        walker.happen(event)
    walker.happen(e.Pressed("next"))
    (order,) = orders(walker, o.AskCases)
    assert order.person is not None


# ---- without central -------------------------------------------------------------------------------------------


def test_without_a_network_nobody_lays_a_card_down_for_nothing() -> None:
    walker = Walker(world=World({}, Network.DOWN))
    walker.visit = replace(walker.visit, phase=v.Phase.FINDING)
    walker.visit, given = v.step(walker.visit, e.Pressed("cases"), replace(walker.moment(), online=False))
    assert given == (o.Watch(),)
    view = walker.view()
    assert view.page is Page.TROUBLE
    assert view.body.code == "cases.away"
    assert {"again", "home", "leave"} <= ways(walker)
    walker.happen(e.Pressed("again"))  # it is back
    assert walker.view().page is Page.IDENTIFY


def test_central_away_is_told_and_asked_again() -> None:
    walker = asked()
    walker.happen(e.CasesCame(None))
    assert walker.view().page is Page.TROUBLE
    walker.happen(e.Pressed("again"))
    assert len(orders(walker, o.AskCases)) == 2
    walker.happen(e.TimeUp("patience"))
    assert walker.view().body.patience


# ---- what lies in a compartment --------------------------------------------------------------------------------


def test_what_lies_here_is_collected_from_here() -> None:
    walker = shown(standing(3, "ready", here=True))
    assert walker.view().next.ask == "collect"
    walker.happen(e.Pressed("collect"))
    (order,) = orders(walker, o.FindTickets)
    assert (order.item, order.number) == ("", OLD_NUMBER)
    assert isinstance(walker.inner(), collect.Collect)
    walker.happen(e.TicketsFound((), NOW))
    walker.happen(e.Pressed("identify"))
    walker.happen(e.Pressed("back"))
    assert walker.view().page is Page.HOME


def test_what_lies_elsewhere_says_where() -> None:
    walker = shown(standing(3, "ready", where_zh="一号厅", where_en="Hall 1"))
    assert "collect" not in ways(walker)
    assert "地点：一号厅" in [line.text for line in walker.view().body.lines]


# ---- what must be wiped ----------------------------------------------------------------------------------------


def test_nothing_of_it_is_left_after_the_visit() -> None:
    walker = amending(RETURNED)
    walker.happen(e.Typed(PHONE, "13900000009"))
    assert MARK not in repr(walker.visit)
    assert "13800000001" not in repr(walker.visit)
    assert "139000" not in repr(walker.visit)
    walker.happen(e.Pressed("leave"))
    left = {field.name: getattr(walker.visit, field.name) for field in dataclasses.fields(walker.visit)}
    assert (left["standing"], left["inner"], left["person"], left["amended"]) == (None, None, None, frozenset())
    walker.happen(e.LeftoversSeen(frozenset()))
    assert isinstance(walker.view().body, GoodbyeBody)
