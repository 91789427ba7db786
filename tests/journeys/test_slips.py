"""A slip before the scanner while nothing is chosen leads to how its case stands; any other code leads nowhere."""

from dataclasses import replace

import pytest

from kiosk import visit as v
from kiosk.journeys import cases
from kiosk.journeys import events as e
from kiosk.journeys import orders as o
from kiosk.view import CaseBody, Page
from tests.journeys.walker import ITEMS, Walker, asks, standing, told

RETURNED = standing(1, "returned", asks=asks("contact.phone"))


def at_home() -> Walker:
    walker = Walker()
    walker.happen(e.Pressed("start"))
    return walker


@pytest.mark.parametrize("walker", [Walker, at_home], ids=["doorway", "home"])
def test_a_slip_that_is_held_up_shows_its_case_at_once(walker) -> None:
    walker = walker()
    walker.happen(e.CodeShown("NT1.slip"))
    walker.happen(("desk", "slip"))
    (order,) = [order for order in walker.orders if isinstance(order, o.AskCases)]
    assert (order.person, order.slip) == (None, "NT1.slip")
    assert walker.watching == o.Watch(), "the next code is nobody's"
    walker.happen(e.CasesCame(told(RETURNED)))
    view = walker.view()
    assert isinstance(view.body, CaseBody)
    assert view.person is None
    assert view.leave is not None
    walker.happen(e.Pressed("home"))
    assert walker.view().page is Page.HOME
    assert walker.watching == v.LISTEN


@pytest.mark.parametrize("walker", [Walker, at_home], ids=["doorway", "home"])
def test_any_other_code_changes_nothing_and_is_not_used_up(walker) -> None:
    walker = walker()
    before = walker.visit
    for event in (e.CodeShown("NT1.somebody"), e.CodeShown("", readable=False)):
        walker.happen(event)
    assert walker.visit == before
    assert [type(order) for order in walker.orders if "Check" in type(order).__name__] == [o.CheckSlip]


def test_codes_are_looked_for_only_while_nothing_is_chosen() -> None:
    walker = at_home()
    assert walker.watching == v.LISTEN
    for ask, heard in (("block:all", False), ("back", True), (f"item:{ITEMS[0].code}", False), ("back", True)):
        walker.happen(e.Pressed(ask))
        assert walker.watching.code is heard, ask
    walker.happen(e.Pressed("search"))
    walker.happen(e.SlipShown("NT1.late"))  # it was on its way when the page changed
    assert walker.view().page is Page.SEARCH
    walker.happen(e.Pressed("leave"))
    assert not walker.watching.code
    walker.happen(e.LeftoversSeen(frozenset()))
    walker.happen(e.TimeUp("goodbye"))
    assert walker.watching == v.LISTEN, "for the next person"
    assert walker.orders.index(o.Forget()) < len(walker.orders) - 1 - walker.orders[::-1].index(v.LISTEN)


def test_without_a_network_the_slip_need_not_be_held_up_again() -> None:
    walker = Walker()
    offline = replace(walker.moment(), online=False)
    walker.visit, _ = v.step(walker.visit, e.SlipShown("NT1.slip"), offline)
    assert walker.view().body.code == "cases.away"
    walker.visit, orders = v.step(walker.visit, e.Pressed("again"), offline)
    assert orders == ()
    walker.happen(e.Pressed("again"))  # it is back
    assert isinstance(walker.inner(), cases.Cases)
    assert [order.slip for order in walker.orders if isinstance(order, o.AskCases)] == ["NT1.slip"]
