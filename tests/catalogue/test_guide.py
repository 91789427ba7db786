"""The guide of an item: which questions apply, what an answer is worth, when it leads away."""

from pathlib import Path

import pytest

from catalogue.answers import applicable, sections
from catalogue.guide import asked, facts_of, following, turned_by
from catalogue.loader import load
from catalogue.model import Item
from tests.catalogue.test_items import GOOD, OLD, TODAY

ITEM = load(Path(__file__).parents[2] / "assets" / "catalogue").item("jinglaoka")
SELF = {"guide.for_whom": "self"}
THROUGH = {**SELF, "guide.first_time": "first"}


def names(item: Item, answers: dict[str, str]) -> list[str]:
    return [question.id for question in asked(item, answers)]


def test_a_question_comes_when_the_answers_before_it_call_for_it() -> None:
    assert names(ITEM, {}) == ["guide.for_whom"]
    assert names(ITEM, SELF) == ["guide.for_whom", "guide.first_time"]
    assert names(ITEM, {"guide.for_whom": "relative"}) == ["guide.for_whom"]
    question = following(ITEM, SELF)
    assert question is not None
    assert question.id == "guide.first_time"
    assert following(ITEM, THROUGH) is None


def test_an_answer_that_is_none_counts_for_nothing() -> None:
    assert facts_of(ITEM, {"guide.for_whom": "nobody", "guide.first_time": "first"}) == {}
    assert facts_of(ITEM, {"guide.for_whom": "relative", "guide.first_time": "first"}) == {"guide.for_whom": "relative"}
    assert facts_of(ITEM, {**THROUGH, "contact.phone": "1"}) == THROUGH


@pytest.mark.parametrize(
    ("answers", "to_bring"),
    [({"guide.for_whom": "relative"}, 4), ({**SELF, "guide.first_time": "lost"}, 2)],
)
def test_some_answers_lead_to_a_counter_and_say_what_to_bring(answers: dict[str, str], to_bring: int) -> None:
    turned = turned_by(ITEM, answers)
    assert turned is not None
    assert turned.refuse is not None
    assert len(turned.refuse.bring) == to_bring
    assert "窗口" in turned.refuse.zh
    assert turned_by(ITEM, THROUGH) is None
    assert turned_by(ITEM, {}) is None


def test_answers_of_the_guide_decide_pages_and_are_not_submitted() -> None:
    """They stand among the values under their ids; a page may depend on one; none is kept."""
    mail = ITEM.form[1].model_copy(update={"when": "guide.first_time == 'first'"})
    item = ITEM.model_copy(update={"form": (ITEM.form[0], mail)})
    assert [page.id for page in sections(item, GOOD, OLD, TODAY)] == ["about_you"]
    assert [page.id for page in sections(item, {**GOOD, **THROUGH}, OLD, TODAY)] == ["about_you", "mail"]
    assert applicable(ITEM, {**GOOD, **THROUGH}, OLD, TODAY) == GOOD


def test_a_rule_may_ask_for_an_answer_of_the_guide() -> None:
    rule = ITEM.eligibility[0].model_copy(update={"id": "own", "when": "guide.for_whom == 'self'"})
    item = ITEM.model_copy(update={"eligibility": (rule,)})
    assert item.refusals({}) == ()
    assert item.refusals({"guide.for_whom": "relative"}) == ("own",)
    assert item.refusals(THROUGH) == ()
