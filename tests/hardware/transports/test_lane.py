"""A lane does work in order, tells each outcome once, and never lets one bad order take the device with it."""

import logging
import threading
from collections.abc import Iterator

import pytest

from hardware.api.clock import SystemClock
from hardware.api.errors import LinkLost
from hardware.transports.lane import (
    PATIENCE_S,
    Answer,
    Broke,
    Done,
    Failed,
    Lane,
    NotBegun,
    assert_in_lane,
    in_lane,
)
from tests.hardware.drivers.scripted_link import HandClock

WAIT_S = 20.0


class Told:
    """Collects outcomes and lets a test wait for them."""

    def __init__(self) -> None:
        self.done: list[Done] = []
        self._changed = threading.Condition()

    def __call__(self, done: Done) -> None:
        with self._changed:
            self.done.append(done)
            self._changed.notify_all()

    def wait_for(self, count: int) -> list[Done]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.done) >= count, WAIT_S), "nothing was told in time"
            return self.done[:]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def lane(clock: HandClock) -> Iterator[Lane]:
    lane = Lane("reader", clock)
    yield lane
    assert lane.stop(WAIT_S)


@pytest.fixture
def told() -> Told:
    return Told()


class Held:
    """Work that stays under way until it is let go."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.go = threading.Event()

    def __call__(self) -> str:
        self.begun.set()
        assert self.go.wait(WAIT_S)
        return "held"


def test_work_is_done_in_order_by_the_lane_s_own_thread(lane: Lane, told: Told) -> None:
    for number in range(5):
        lane.ask(lambda number=number: (number, threading.current_thread().name), told)
    assert told.wait_for(5) == [Answer((number, "lane:reader")) for number in range(5)]


def test_a_device_s_failure_is_told_and_the_lane_goes_on(lane: Lane, told: Told) -> None:
    def fail() -> None:
        raise LinkLost("pulled")

    lane.ask(fail, told)
    lane.ask(lambda: 1, told)
    failed, answer = told.wait_for(2)
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, LinkLost)
    assert answer == Answer(1)


@pytest.mark.log_warnings_expected
def test_our_own_bug_is_told_and_logged_by_type_only(lane: Lane, told: Told, caplog: pytest.LogCaptureFixture) -> None:
    def bug() -> None:
        raise KeyError("310199199003070022")

    with caplog.at_level(logging.ERROR):
        lane.ask(bug, told)
        lane.ask(lambda: 1, told)
        broke, answer = told.wait_for(2)
    assert isinstance(broke, Broke)
    assert isinstance(broke.error, KeyError)
    assert answer == Answer(1)
    assert "KeyError" in caplog.text
    assert "3101" not in caplog.text


@pytest.mark.log_warnings_expected
def test_a_listener_s_bug_does_not_stop_the_lane(lane: Lane, told: Told) -> None:
    def broken(done: Done) -> None:
        raise ValueError

    lane.ask(lambda: 0, broken)
    lane.ask(lambda: 1, told)
    assert told.wait_for(1) == [Answer(1)]


def test_an_order_that_waited_past_its_deadline_is_not_begun(lane: Lane, clock: HandClock, told: Told) -> None:
    held, ran = Held(), []
    lane.ask(held, told)
    assert held.begun.wait(WAIT_S)
    lane.ask(lambda: ran.append(1), told, deadline_s=5.0)
    clock.at += 5.1
    held.go.set()
    first, second = told.wait_for(2)
    assert first == Answer("held")
    assert isinstance(second, Failed)
    assert isinstance(second.error, NotBegun)
    assert ran == []


def test_a_lane_says_for_how_long_it_is_overdue(lane: Lane, clock: HandClock, told: Told) -> None:
    held = Held()
    assert not lane.late
    lane.ask(held, told, deadline_s=2.0)
    assert held.begun.wait(WAIT_S)
    clock.at += 1.5
    assert not lane.late
    clock.at += 2.0
    assert lane.late
    assert lane.overdue_s == pytest.approx(1.5)
    held.go.set()
    told.wait_for(1)
    lane.ask(lambda: 0, told)
    told.wait_for(2)
    assert lane.overdue_s == 0.0


def test_an_order_without_a_deadline_makes_a_lane_late_in_the_end(lane: Lane, clock: HandClock, told: Told) -> None:
    held = Held()
    lane.ask(held, told)
    assert held.begun.wait(WAIT_S)
    clock.at += PATIENCE_S + 1.0
    assert lane.overdue_s == pytest.approx(1.0)
    held.go.set()
    told.wait_for(1)


def test_a_full_lane_says_so_at_once_and_loses_nothing(clock: HandClock, told: Told) -> None:
    lane = Lane("reader", clock, longest_queue=2)
    held, late = Held(), Told()
    lane.ask(held, told)
    assert held.begun.wait(WAIT_S)
    for number in (1, 2):
        lane.ask(lambda number=number: number, told)
    lane.ask(lambda: 3, late)
    (refused,) = late.done
    assert isinstance(refused, Failed)
    assert isinstance(refused.error, NotBegun)
    held.go.set()
    assert told.wait_for(3) == [Answer("held"), Answer(1), Answer(2)]
    assert lane.stop(WAIT_S)


def test_a_stopped_lane_tells_everyone_who_waited(clock: HandClock, told: Told) -> None:
    lane = Lane("reader", clock)
    held = Held()
    lane.ask(held, told)
    assert held.begun.wait(WAIT_S)
    lane.ask(lambda: 1, told)
    assert not lane.stop(0.0)  # the work under way is not torn away
    held.go.set()
    assert lane.stop(WAIT_S)
    lane.ask(lambda: 2, told)
    first, second, third = told.done
    assert first == Answer("held")
    for refused in (second, third):
        assert isinstance(refused, Failed)
        assert isinstance(refused.error, NotBegun)


def test_a_repeat_is_done_until_it_is_stopped(told: Told) -> None:
    lane = Lane("reader", SystemClock())
    repeat = lane.every(0.001, lambda: "again", told)
    assert told.wait_for(3)[:3] == [Answer("again")] * 3
    repeat.stop()
    after = Told()
    lane.ask(lambda: 0, after)
    after.wait_for(1)
    count = len(told.done)
    lane.ask(lambda: 0, after)
    after.wait_for(2)
    assert len(told.done) == count
    assert lane.stop(WAIT_S)


def test_a_repeat_keeps_its_period_without_a_backlog(lane: Lane, clock: HandClock, told: Told) -> None:
    nudge = Told()
    lane.every(10.0, lambda: clock.at, told)
    assert told.wait_for(1) == [Answer(1000.0)]
    clock.at += 9.0
    lane.ask(lambda: 0, nudge)
    nudge.wait_for(1)
    assert len(told.done) == 1
    clock.at += 31.0  # four periods late: one run, and the next a period after its own beginning
    lane.ask(lambda: 0, nudge)
    assert told.wait_for(2)[1] == Answer(1040.0)
    lane.ask(lambda: 0, nudge)
    nudge.wait_for(3)
    assert len(told.done) == 2


def test_orders_go_before_a_repeat_that_is_due_but_do_not_starve_it(lane: Lane, clock: HandClock, told: Told) -> None:
    held = Held()
    lane.ask(held, told)
    assert held.begun.wait(WAIT_S)
    lane.every(1.0, lambda: "repeat", told)
    lane.ask(lambda: "first", told)
    lane.ask(lambda: setattr(clock, "at", clock.at + 5.0), told)
    lane.ask(lambda: "last", told)
    held.go.set()
    order = [done.value for done in told.wait_for(5) if isinstance(done, Answer)]
    assert order == ["held", "first", None, "repeat", "last"]


def test_drivers_can_tell_whether_they_are_in_their_lane(lane: Lane, told: Told) -> None:
    lane.ask(lambda: (in_lane("reader"), in_lane("printer")), told)
    assert told.wait_for(1) == [Answer((True, False))]
    with pytest.raises(RuntimeError, match="outside lane reader"):
        assert_in_lane("reader")
