"""Every journey, walked at random: never stuck, never without a way out, never a promise given twice."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk import visit as v
from kiosk.journeys import events as e
from kiosk.journeys import orders as o
from kiosk.journeys.find import Find
from kiosk.view import BODIES
from tests.journeys.walker import ITEMS, MARK, Walker

WALKS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
picks = st.lists(st.integers(0, 10_000), min_size=200, max_size=250)


def always(walker: Walker) -> None:
    """What holds after every single event, 60 x 200 of them for each item."""
    visit, view = walker.visit, walker.view()
    assert isinstance(view.body, BODIES[view.page])
    if v.has_person(visit):
        assert view.leave is not None, "a page that cannot be left"
        assert view.leave.enabled
    else:
        assert (visit.person, visit.inner, visit.identifying, visit.find) == (None, None, None, Find())
        assert MARK not in repr(view)
    assert MARK not in repr(view).replace(MARK[0], ""), "an unmasked name on the screen"
    assert MARK not in repr(visit), "a name in what a log might write"


def promises_are_kept(walker: Walker) -> None:
    slips = [order.deed for order in walker.orders if isinstance(order, o.PrintPromisedSlip)]
    serials = [order.serial for order in walker.orders if isinstance(order, o.PrintPages)]
    assert len(set(slips)) == len(slips)
    assert len(set(serials)) == len(serials)
    # the walker hands the same ticket out every evening
    rated = [r.about for r in walker.orders if isinstance(r, o.SendRating) and not r.about.startswith("T")]
    assert len(set(rated)) == len(rated), "rated twice"
    for order in walker.orders:
        if isinstance(order, o.AskRecord | o.Submit | o.PrintPages):
            assert order.item.consent is not None


@settings(WALKS, max_examples=20)
@given(picks=picks)
def test_how_cases_stand_at_random(picks: list[int]) -> None:
    walker = Walker(items=("cases",))
    walker.walk(picks, always)
    promises_are_kept(walker)
    leave(walker)


@pytest.mark.parametrize("item", [item.code for item in ITEMS])
@WALKS
@given(picks=picks)
def test_each_item_at_random(item: str, picks: list[int]) -> None:
    walker = Walker(items=(item,))
    walker.walk(picks, always)
    promises_are_kept(walker)
    leave(walker)


@WALKS
@given(picks=picks)
def test_all_items_in_one_evening(picks: list[int]) -> None:
    walker = Walker()
    walker.walk(picks, always)
    promises_are_kept(walker)
    leave(walker)


def leave(walker: Walker) -> None:
    """From wherever the walk has come to, one touch and nobody's help lead back to the first page."""
    if walker.visit.phase not in (v.Phase.LEAVING, v.Phase.GOODBYE, v.Phase.ATTRACT):
        walker.happen(e.Pressed("leave"))
        assert (walker.visit.person, walker.visit.inner) == (None, None)
    if walker.visit.phase is v.Phase.RATING:  # the question does not hold up who is gone
        walker.happen(e.TimeUp("rating"))
    if walker.visit.phase is v.Phase.LEAVING:
        walker.happen(e.LeftoversSeen(frozenset()))
    if walker.visit.phase is v.Phase.GOODBYE:
        walker.happen(e.TimeUp("goodbye"))
    assert walker.visit.phase is v.Phase.ATTRACT
    assert walker.watching == v.LISTEN, "no card, and of codes a slip alone means anything"


def test_the_walker_reaches_every_phase() -> None:
    """The walks above mean little if they never come far: a fixed long walk sees every phase of every journey."""
    import random

    from kiosk.journeys import apply, cases, collect, find, identify, prove, rate

    seen: set[object] = set()

    def look(walker: Walker) -> None:
        visit = walker.visit
        seen.add(visit.phase)
        if visit.phase is v.Phase.FINDING:
            seen.add(visit.find.phase)
        for inner in (visit.inner, visit.identifying, visit.rating):
            if inner is not None:
                seen.add(inner.phase)

    for item in (*(item.code for item in ITEMS), "cases", ""):
        chance = random.Random(item)
        Walker(items=(item,) if item else ()).walk([chance.randrange(10_000) for _ in range(6000)], look)
    # left within the same step
    passing = {
        identify.Phase.IDENTIFIED,
        identify.Phase.PICKUP_CODE,
        identify.Phase.SLIP,
        find.Phase.READY,
        rate.Phase.OVER,
    }
    journeys = (v.Phase, prove.Phase, apply.Phase, collect.Phase, identify.Phase, find.Phase, rate.Phase, cases.Phase)
    missed = [phase for kind in journeys for phase in kind if phase not in seen and phase not in passing]
    assert not missed
