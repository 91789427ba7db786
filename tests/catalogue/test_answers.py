"""Single answers: which will do, and how they are kept."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.answers import answer_fault, applicable, check, filled, tidy
from catalogue.model import FormField, Item, ItemText, Section
from tests.catalogue.test_items import JINGLAOKA, OLD, TODAY


def field(kind: str, **more: Any) -> FormField:
    label = {"zh": "一", "en": "A"}
    return FormField.model_validate({"id": "f", "type": kind, "label": label, **more})


@pytest.mark.parametrize(
    ("kind", "text", "fault"),
    [
        ("phone", "13800000000", None),
        ("phone", " 138-0000 0000 ", None),
        ("phone", "１３８００００００００", None),
        ("phone", "12800000000", "answer.not_a_phone"),
        ("phone", "138000000001", "answer.not_a_phone"),
        ("phone", "021-00000000", "answer.not_a_phone"),
        ("cn_id", "11010519491231002X", None),  # the example of GB 11643
        ("cn_id", "11010519491231002x", None),
        ("cn_id", "110105194912310020", "answer.not_an_id_number"),
        ("cn_id", "110105194913310021", "answer.not_an_id_number"),
        ("date", "2026-02-28", None),
        ("date", "2026-02-29", "answer.not_a_date"),
        ("date", "20260228", "answer.not_a_date"),
        ("int", "12", None),
        ("int", "-3", None),
        ("int", "1.5", "answer.not_a_number"),
        ("text", "𬱖㛃䶮赟", None),
        ("text", "a\nb", "answer.bad_characters"),
        ("text", "\ue863", "answer.bad_characters"),
        ("text", "\ufffd", "answer.bad_characters"),
        ("text", "\U0001fffe", "answer.bad_characters"),
        ("text", "\U000323af", None),  # newer than the interpreter's table, and in GB 18030-2022
        ("text", "", "answer.required"),
        ("text", "　", "answer.required"),
    ],
)
def test_which_answers_will_do(kind: str, text: str, fault: str | None) -> None:
    assert answer_fault(field(kind), text) == fault


def test_an_optional_answer_may_be_left_out_but_not_wrong() -> None:
    optional = field("phone", required=False)
    assert answer_fault(optional, "") is None
    assert answer_fault(optional, "1") == "answer.not_a_phone"


@given(st.text(max_size=40), st.sampled_from(["text", "phone", "address", "cn_id", "date", "int"]))
def test_any_text_is_judged_and_an_accepted_one_is_kept_as_judged(text: str, kind: str) -> None:
    one = field(kind, max_length=30)
    if answer_fault(one, text) is None:
        kept = tidy(one, text)
        assert tidy(one, kept) == kept
        assert answer_fault(one, kept) is None
        assert 0 < len(kept) <= 30


texts = st.sampled_from(["", "x", "13800000000", "post", "cabinet", "上海市样例路", "\x00", "样" * 80])


@given(st.dictionaries(st.sampled_from([field.id for field in JINGLAOKA.fields]), texts))
def test_what_is_kept_is_always_what_a_page_allowed(values: dict[str, str]) -> None:
    kept = applicable(JINGLAOKA, values, OLD, TODAY)
    assert ("mail.address" in kept) <= (kept.get("delivery.way") == "post")
    assert all(kept.values())
    assert applicable(JINGLAOKA, kept, OLD, TODAY) == kept


def small(*fields: FormField, sections: tuple[Section, ...] = ()) -> Item:
    text: ItemText = JINGLAOKA
    parts = {name: getattr(text, name) for name in ItemText.model_fields}
    title = text.title
    form = sections or (Section(id="one", title=title, fields=tuple(one.id for one in fields)),)
    return Item.model_construct(**{**parts, "form": form}, fields=fields, sha256="0" * 64)


def test_a_fields_own_rule_counts_only_when_it_is_broken_for_sure() -> None:
    own = {"when": "f <= today", "else": {"zh": "不能晚于今天", "en": "Not in the future"}}
    item = small(field("date", check=own))
    page = item.form[0]
    assert check(item, page, {"f": "2026-03-02"}, OLD, TODAY) == {"f": "answer.check"}
    assert check(item, page, {"f": "2026-03-01"}, OLD, TODAY) == {}
    assert check(item, page, {"f": "2026-99-01"}, OLD, TODAY) == {"f": "answer.not_a_date"}


def test_what_cannot_be_typed_is_taken_from_its_source_whatever_was_typed() -> None:
    item = small(field("text", editable=False, prefill=["card.name"]))
    assert applicable(item, {"f": "somebody else"}, OLD, TODAY) == {"f": "测试甲"}
    assert check(item, item.form[0], {"f": ""}, OLD, TODAY) == {}


def test_a_source_that_says_nothing_is_told() -> None:
    item = small(field("text", editable=False, prefill=["card.birth"]))
    nobody = type(OLD)(birth=None)
    assert filled(item.fields[0], nobody) == ""
    assert check(item, item.form[0], {}, nobody, TODAY) == {"f": "answer.source_missing"}


def test_a_page_that_is_gone_calls_up_no_other() -> None:
    title = JINGLAOKA.title
    first, second = field("text", required=False), field("text").model_copy(update={"id": "g"})
    item = small(
        first,
        second,
        sections=(
            Section(id="one", title=title, fields=("f",), when="age > 200"),
            Section(id="two", title=title, fields=("g",), when="f == 'x'"),
        ),
    )
    assert applicable(item, {"f": "x", "g": "y"}, OLD, dt.date(2026, 3, 1)) == {}


def test_a_computed_field_is_nobodys_to_answer() -> None:
    item = small(field("int", compute="age"))
    assert check(item, item.form[0], {}, OLD, TODAY) == {}
    assert applicable(item, {"f": "3"}, OLD, TODAY) == {}
