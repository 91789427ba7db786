"""Cards and codes that come at the same time, or twice: neither takes the other's answer away."""

import pytest

from hardware.api.id_card import CardProblem, CardRead, CardRefused, PollOutcome
from kiosk import visit as v
from kiosk.journeys import events as e
from kiosk.journeys import orders as o
from kiosk.ports import CodeFault
from kiosk.view import IdentifyBody
from tests.journeys.walker import EXPIRED, TODAY, WORDS, Walker, code


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
