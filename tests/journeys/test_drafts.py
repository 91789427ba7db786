"""What was typed and not submitted: kept on leaving, back with the card, gone when the person says so."""

import pytest

from kiosk import visit as v
from kiosk.journeys import apply
from kiosk.journeys import events as e
from kiosk.journeys import orders as o
from kiosk.modes import Mode
from kiosk.ports import Draft
from kiosk.view import FormBody, GoodbyeBody
from tests.journeys.shortcuts import at_the_form, identified
from tests.journeys.walker import ITEMS, NOW, SECRET, Walker

ITEM = next(item for item in ITEMS if item.code == "jinglaoka")
PHONE = {"contact.phone": "13800000000"}


def kept(walker: Walker) -> list[o.KeepDraft]:
    return [order for order in walker.orders if isinstance(order, o.KeepDraft)]


def a_draft(**changed: object) -> Draft:
    told = {"item": ITEM.code, "version": ITEM.version, "consented_at": NOW, "values": PHONE, "section": 0}
    return Draft.model_validate({**told, **changed})


@pytest.mark.parametrize("gone", [e.Absent(), e.Pressed("leave")])
def test_who_goes_in_the_middle_of_the_form_finds_it_again(gone: e.Event) -> None:
    walker = at_the_form()
    walker.happen(e.Typed("contact.phone", PHONE["contact.phone"]))
    assert v.draft_hours(walker.visit) == 24
    walker.happen(gone)
    (order,) = kept(walker)
    assert (order.card, order.hours, order.draft) == (SECRET, 24, a_draft())
    assert (walker.visit.person, walker.visit.inner) == (None, None)


def test_who_asks_to_be_forgotten_leaves_nothing_behind() -> None:
    walker = at_the_form()
    walker.happen(e.Typed("contact.phone", PHONE["contact.phone"]))
    walker.happen(e.Pressed("erase"))
    assert kept(walker) == []
    assert [order.item for order in walker.orders if isinstance(order, o.DropDraft)] == [ITEM.code]
    assert walker.visit.phase is v.Phase.LEAVING


def test_only_what_the_person_typed_is_in_it() -> None:
    walker = at_the_form()
    walker.happen(e.Typed("delivery.way", "post"))
    walker.happen(e.Absent())
    (order,) = kept(walker)
    assert order.draft.values == {"delivery.way": "post"}


def test_nothing_typed_nothing_kept_nor_said() -> None:
    walker = at_the_form()
    assert v.draft_hours(walker.visit) == 0
    walker.happen(e.Absent())
    assert kept(walker) == []


def test_before_consent_nothing_is_kept() -> None:
    walker = at_the_form()
    walker.happen(e.Typed("contact.phone", "13800000000"))
    walker.happen(e.Pressed("back"))
    assert walker.inner().phase is apply.Phase.CONSENT
    walker.happen(e.Pressed("leave"))
    assert kept(walker) == []


def test_a_card_without_a_photo_keeps_and_finds_none() -> None:
    walker = at_the_form(secret=b"")
    walker.happen(e.Typed("contact.phone", "13800000000"))
    assert v.draft_hours(walker.visit) == 0
    walker.happen(e.Absent())
    assert not any(isinstance(order, o.KeepDraft | o.FindDraft) for order in walker.orders)


def test_the_goodbye_speaks_of_it_only_once_it_is_on_disk() -> None:
    walker = at_the_form()
    walker.happen(e.Typed("contact.phone", "13800000000"))
    walker.happen(e.Absent())
    walker.happen(e.LeftoversSeen(frozenset()))
    body = walker.view().body
    assert isinstance(body, GoodbyeBody)
    assert "24" not in body.line
    walker.happen(("drafts", "kept"))
    body = walker.view().body
    assert isinstance(body, GoodbyeBody)
    assert "24 小时" in body.line


@pytest.mark.parametrize("modes", [(), (Mode.ELDER,)])
def test_the_same_card_brings_the_form_back_and_says_so(modes: tuple[Mode, ...]) -> None:
    walker = at_the_form(draft=a_draft(), modes=modes)
    view = walker.view()
    assert isinstance(view.body, FormBody)
    assert view.body.note
    assert [choice.ask for choice in view.choices] == ["anew"]
    assert walker.inner().form.values["contact.phone"] == PHONE["contact.phone"]
    assert walker.inner().consents == {ITEM.code: NOW}


def test_it_comes_back_at_the_section_where_it_was_left_and_can_be_finished() -> None:
    values = {**PHONE, "residence.address": "上海市测试区样例路1号", "delivery.way": "post"}
    walker = at_the_form(draft=a_draft(values=values, section=1))
    body = walker.view().body
    assert isinstance(body, FormBody)
    assert [one.id for one in body.fields] == ["mail.recipient", "mail.address"]


def test_a_field_that_is_not_the_persons_to_write_is_not_taken_from_it() -> None:
    locked = {one.id: "x" for one in ITEM.fields if not one.editable}
    walker = at_the_form(draft=a_draft(values={**PHONE, **locked, "no.such": "x"}))
    assert "x" not in walker.inner().form.values.values()


def test_one_touch_starts_anew_from_the_consent_and_the_draft_is_deleted() -> None:
    walker = at_the_form(draft=a_draft())
    walker.happen(e.Pressed("anew"))
    assert walker.inner().phase is apply.Phase.CONSENT
    assert walker.inner().consents == {}
    assert "contact.phone" not in walker.inner().form.values
    assert [order for order in walker.orders if isinstance(order, o.DropDraft)] == [o.DropDraft(SECRET, ITEM.code)]
    walker.happen(e.Pressed("next"))
    assert not walker.view().choices


def test_a_slow_disk_holds_nobody_up() -> None:
    walker = identified()
    walker.happen(e.TimeUp("draft"))
    assert walker.inner().phase is apply.Phase.CONSENT
    walker.happen(e.DraftFound(a_draft()))  # late: as if it had not been there
    assert walker.inner().phase is apply.Phase.CONSENT


def test_secrets_and_answers_are_in_no_repr() -> None:
    walker = at_the_form()
    walker.happen(e.Typed("residence.address", "标记路九十九弄"))
    walker.happen(e.Absent())
    (order,) = kept(walker)
    for told in (repr(order), repr(e.DraftFound(order.draft)), repr(walker.visit)):
        assert "标记路" not in told
        assert repr(SECRET)[2:-1] not in told
