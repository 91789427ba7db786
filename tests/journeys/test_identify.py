"""Which cards may be used; and cards and codes that come at the same time, or twice."""

import datetime as dt

import pytest

from hardware.api.id_card import CardProblem, CardRead, CardRefused, PollOutcome
from hardware.codecs.sam_text import holder_of, parse_text
from hardware.twins.id_card_sam import CardImage, citizen_card, foreigner_2017, foreigner_2023, hmt_card
from kiosk import visit as v
from kiosk.journeys import events as e
from kiosk.journeys import orders as o
from kiosk.journeys.identify import judge
from kiosk.ports import CodeFault
from kiosk.view import IdentifyBody
from tests.journeys.walker import EXPIRED, TODAY, WORDS, Walker, code

# ---- what stands against a card


def against(card: CardImage, today: dt.date = TODAY) -> str:
    """What is said of a card's own bytes."""
    text = parse_text(card.text)
    holder = holder_of(text) if text is not None else None
    assert holder is not None
    return judge(holder, today)


def citizen(valid_from: str = "20200101", valid_to: str = "20400101", number: str = "310199199003070022") -> CardImage:
    return citizen_card(name="测试一", number=number, valid_from=valid_from, valid_to=valid_to)


@pytest.mark.parametrize(
    ("today", "word"),
    [
        (dt.date(1970, 1, 1), "card.not_yet_valid"),  # a terminal whose clock has lost its battery
        (dt.date(2019, 12, 31), "card.not_yet_valid"),
        (dt.date(2020, 1, 1), ""),
        (dt.date(2040, 1, 1), ""),
        (dt.date(2040, 1, 2), "card.expired"),
    ],
)
def test_a_card_is_good_from_its_first_day_to_its_last(today: dt.date, word: str) -> None:
    assert against(citizen(), today) == word


def test_a_card_without_an_end_has_a_beginning() -> None:
    assert against(citizen(valid_to="长期"), dt.date(2999, 1, 1)) == ""
    assert against(citizen(valid_to="长期"), dt.date(2019, 12, 31)) == "card.not_yet_valid"
    assert against(citizen(valid_from="", valid_to="长期")) == ""


@pytest.mark.parametrize("end", ["", "20400230", "2040", "短期"])
def test_an_end_that_is_no_day_is_not_taken_for_never(end: str) -> None:
    assert against(citizen(valid_to=end)) == "card.unreadable"


@pytest.mark.parametrize(
    ("good", "wrong"),
    [
        (citizen(), citizen(number="310199199003070023")),
        (
            hmt_card(name="测试二", number="830000199003070019", permit_number="T12345678"),
            hmt_card(name="测试二", number="830000199003070010", permit_number="T12345678"),
        ),
        (
            foreigner_2017(english_name="SAMPLE, TEST PERSON", number="GBR310090030701", birth="19900307"),
            foreigner_2017(english_name="SAMPLE, TEST PERSON", number="GBR310090030702", birth="19900307"),
        ),
        (
            foreigner_2023(english_name="SAMPLE, TEST PERSON", number="931826199003070010"),
            foreigner_2023(english_name="SAMPLE, TEST PERSON", number="931826199003070011"),
        ),
    ],
    ids=["citizen", "hmt", "2017", "2023"],
)
def test_a_wrong_check_digit_is_seen_on_each_kind_of_card(good: CardImage, wrong: CardImage) -> None:
    assert (against(good), against(wrong)) == ("", "card.number")


# ---- at the same time, and twice


def checking() -> Walker:
    """Somebody has held up a code, and it is being looked at."""
    walker = Walker()
    for event in (e.Pressed("start"), e.Pressed("cases"), e.CodeShown("NT1.code")):
        walker.happen(event)
    return walker


@pytest.mark.parametrize("outcome", [CardRefused(CardProblem.NOT_IDENTITY_CARD), CardRead(EXPIRED)])
def test_a_card_that_will_not_do_takes_no_code_back_that_is_used_up_by_then(outcome: PollOutcome) -> None:
    walker = checking()
    walker.happen(e.CardSeen(outcome, TODAY))  # a telephone that holds up a code may answer like a card
    walker.happen(e.CodeChecked(code()))
    walker.happen(e.Pressed("next"))
    assert walker.visit.person is not None
    assert walker.visit.person.by == "code"


def test_of_a_card_and_a_code_that_will_not_do_the_last_is_told() -> None:
    walker = checking()
    walker.happen(e.CardSeen(CardRefused(CardProblem.MOVED), TODAY))
    walker.happen(e.CodeChecked(CodeFault.EXPIRED))
    body = walker.view().body
    assert isinstance(body, IdentifyBody)
    assert body.state == "refused"
    assert WORDS.fault("code.expired", "zh")[0] in body.message


def test_a_code_that_the_wire_brings_twice_is_looked_at_once() -> None:
    walker = checking()
    walker.happen(e.CodeShown("NT1.code"))
    assert len([order for order in walker.orders if isinstance(order, o.CheckCode)]) == 1
    walker.happen(e.CodeChecked(code()))
    walker.happen(e.CodeShown("NT1.code"))
    assert walker.visit.phase is v.Phase.IDENTIFYING
    assert len([order for order in walker.orders if isinstance(order, o.CheckCode)]) == 1
