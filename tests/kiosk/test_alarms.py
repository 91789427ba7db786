"""Alarms: what is told, and to whom."""

import datetime as dt

import pytest

from kiosk.alarms import Alarm, AlarmLimits, Freshness, Owner, alarms, freshness
from kiosk.ports import Network, Room, Waiting

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
LIMITS = AlarmLimits(oldest_letter=dt.timedelta(hours=2), oldest_mirror=dt.timedelta(hours=3))
HOUR = dt.timedelta(hours=1)


def told(
    waiting: Waiting | None = None,
    room: Room = Room.ENOUGH,
    network: Network = Network.UP,
    mirror: Freshness = Freshness.FRESH,
    *,
    sync_alive: bool = True,
) -> set[tuple[str, str]]:
    found = alarms(
        waiting=waiting or Waiting(), room=room, network=network, sync_alive=sync_alive, mirror=mirror, now=NOW,
        limits=LIMITS,
    )  # fmt: skip
    return {(alarm.word, alarm.owner.value) for alarm in found}


def since(hours: float, parked: int = 0) -> Waiting:
    return Waiting(letters=1, parked=parked, bytes=1, oldest_at=NOW - hours * HOUR)


def test_nothing_is_told_of_a_terminal_that_is_well() -> None:
    assert told(since(1.9)) == set()
    assert told(since(-1.9)) == set()  # the clock was set back a little: nobody is late


def test_an_old_letter_is_the_centre_s_when_central_answers_and_the_technician_s_when_it_does_not() -> None:
    assert told(since(2.1)) == {("letter.old", "centre")}
    for network in (Network.DOWN, Network.UNKNOWN):
        assert told(since(2.1), network=network) == {("letter.old", "technician")}


def test_a_letter_of_a_time_to_come_is_told_for_nobody_knows_how_long_it_lies_here() -> None:
    assert told(since(-2.1), network=Network.DOWN) == {("letter.old", "technician")}
    assert told(since(-80_000)) == {("letter.old", "centre")}


def test_a_parked_letter_is_told_at_once() -> None:
    assert told(since(0.1, parked=1)) == {("letter.parked", "centre")}


@pytest.mark.parametrize(
    ("room", "word"), [(Room.LOW, "store.low"), (Room.NONE, "store.full"), (Room.REFUSES, "store.broken")]
)
def test_the_disk_is_the_technician_s(room: Room, word: str) -> None:
    assert told(room=room) == {(word, "technician")}


def test_nobody_sending_and_an_old_mirror_are_told() -> None:
    assert told(sync_alive=False, mirror=Freshness.OLD) == {("sync.ended", "technician"), ("mirror.old", "centre")}
    assert told(mirror=Freshness.NONE) == set()


@pytest.mark.parametrize(
    ("hours", "found"),
    [(None, Freshness.NONE), (0, Freshness.FRESH), (3, Freshness.FRESH), (3.1, Freshness.OLD), (-4, Freshness.OLD)],
)
def test_what_central_said_grows_old(hours: float | None, found: Freshness) -> None:
    assert freshness(None if hours is None else NOW - hours * HOUR, NOW, LIMITS.oldest_mirror) is found


def test_alarms_are_told_in_one_order() -> None:
    assert sorted([Alarm("b", Owner.CENTRE), Alarm("a", Owner.TECHNICIAN)])[0].word == "a"
