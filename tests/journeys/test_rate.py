"""The rating: asked once after what was done, never forced, and nobody is kept for it."""

import pytest

from kiosk import visit as v
from kiosk.journeys import events as e
from kiosk.journeys import orders as o
from kiosk.journeys import rate
from kiosk.modes import Mode
from kiosk.view import Page, RatingBody
from tests.journeys.shortcuts import applied, at_the_form
from tests.journeys.walker import Walker
from wire.letters import RatingReason


def sent(walker: Walker) -> list[tuple[int, tuple[str, ...]]]:
    return [(order.level, order.reasons) for order in walker.orders if isinstance(order, o.SendRating)]


@pytest.mark.parametrize(
    ("wish", "then"),
    [(e.Pressed("home"), v.Phase.FINDING), (e.Pressed("leave"), v.Phase.LEAVING), (e.TimeUp("rate"), v.Phase.DOING)],
)
def test_it_opens_by_itself_once_and_a_skip_goes_where_the_person_wanted(wish: e.Event, then: v.Phase) -> None:
    walker = applied()
    walker.happen(wish)
    view = walker.view()
    assert view.page is Page.RATING
    assert isinstance(view.body, RatingBody)
    assert [mark.ask for mark in view.body.levels] == [f"level:{n}" for n in (5, 4, 3, 2, 1)]
    walker.happen(e.Pressed("skip"))
    assert walker.visit.phase is then
    assert sent(walker) == []
    if then is v.Phase.DOING:
        walker.happen(e.TimeUp("rate"))
        assert walker.visit.phase is v.Phase.DOING
        walker.happen(e.Pressed("home"))
        assert walker.visit.phase is v.Phase.FINDING


@pytest.mark.parametrize("level", [3, 4, 5])
def test_a_good_level_is_thanked_for_and_sent_at_once(level: int) -> None:
    walker = applied()
    walker.happen(e.Pressed("home"))
    walker.happen(e.Pressed(f"level:{level}"))
    assert sent(walker) == [(level, ())]
    walker.happen(e.Pressed("level:1"))  # a second touch is no second rating
    walker.happen(e.TimeUp("thanks"))
    assert walker.visit.phase is v.Phase.FINDING
    assert sent(walker) == [(level, ())]


@pytest.mark.parametrize("level", [1, 2])
def test_a_poor_level_is_asked_why_and_any_answer_or_none_will_do(level: int) -> None:
    walker = applied()
    walker.happen(e.Pressed("home"))
    walker.happen(e.Pressed(f"level:{level}"))
    assert sent(walker) == []
    for reason in (RatingReason.UNEASY, RatingReason.UNCLEAR, RatingReason.UNEASY):
        walker.happen(e.Pressed(f"reason:{reason.value}"))
    walker.happen(e.Pressed("next"))
    assert sent(walker) == [(level, ("unclear",))]


def test_a_level_may_be_thought_over() -> None:
    walker = applied()
    for ask in ("home", "level:1", "back", "level:5"):
        walker.happen(e.Pressed(ask))
    assert sent(walker) == [(5, ())]


@pytest.mark.parametrize("gone", [e.Absent(), e.Pressed("leave")])
def test_who_walks_away_from_the_reasons_has_said_the_level(gone: e.Event) -> None:
    walker = applied()
    for ask in ("home", "level:2", "reason:machine"):
        walker.happen(e.Pressed(ask))
    walker.happen(gone)
    assert walker.visit.phase is v.Phase.LEAVING
    assert sent(walker) == [(2, ("machine",))]


def test_who_wants_to_leave_is_forgotten_before_the_question_and_not_held_up_by_it() -> None:
    walker = applied()
    walker.happen(e.Pressed("leave"))
    assert (walker.visit.person, walker.visit.inner, walker.view().person) == (None, None, None)
    walker.happen(e.TimeUp("rating"))
    assert walker.visit.phase is v.Phase.LEAVING
    assert sent(walker) == []


def test_leaving_from_the_question_leaves() -> None:
    walker = applied()
    walker.happen(e.Pressed("home"))
    walker.happen(e.Pressed("leave"))
    assert walker.visit.phase is v.Phase.LEAVING


def test_nothing_done_nothing_asked() -> None:
    walker = at_the_form()
    walker.happen(e.Pressed("leave"))
    assert walker.visit.phase is v.Phase.LEAVING
    absent = applied()
    absent.happen(e.Absent())
    assert absent.visit.phase is v.Phase.LEAVING


@pytest.mark.parametrize(("modes", "seconds"), [((), rate.RATE_AFTER_S), ((Mode.ELDER,), 3 * rate.RATE_AFTER_S)])
def test_large_type_has_longer_to_read_the_result(modes: tuple[Mode, ...], seconds: float) -> None:
    walker = applied(modes)
    waits = [order.seconds for order in walker.orders if isinstance(order, o.Arm) and order.name == "rate"]
    assert waits == [seconds]
