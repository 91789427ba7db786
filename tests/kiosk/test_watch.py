"""The watch: when the terminal comes up, when deeds are swept, what the mind is told."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hardware.api.status import DeviceState
from kiosk.alarms import DO, Alarm, AlarmLimits, Freshness, Owner
from kiosk.health import World, opening
from kiosk.ports import DeedKind, DeedState, Network, Room, StoreBroken
from kiosk.recovery import Found
from kiosk.stations import Station
from kiosk.upkeep import watch as watches
from kiosk.upkeep.watch import DEVICES_TIME_S, SWEEP_EVERY_S, Watch
from tests.contracts.until import until
from tests.kiosk.hands.rig import Rig, a_deed, a_rig, a_while
from tests.offline_cache.world import collected


class Line:
    def __init__(self) -> None:
        self.state = Network.UP
        self.runs = True
        self.fault = ""

    def network(self) -> Network:
        return self.state

    def alive(self) -> bool:
        return self.runs

    def edition_fault(self) -> str:
        return self.fault


class MindSeat:
    """Where the mind sits: whether somebody is served, and what it is told."""

    def __init__(self) -> None:
        self.idle = True
        self.told: list[World] = []

    def world(self, world: World) -> None:
        self.told.append(world)


class Sweeps:
    """The real recovery, counted; `breaks` is raised instead."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self.count = 0
        self.breaks: Exception | None = None

    def sweep(self) -> tuple[list[Found], frozenset[str]]:
        self.count += 1
        if self.breaks is not None:
            raise self.breaks
        return self._rig.sweep()


class Post:
    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.mind = MindSeat()
        self.line = Line()
        self.sweeps = Sweeps(rig)
        self.busy = False
        self.watch: Watch | None = None

    def start(self, lacking: tuple[str, ...] = (), **more: Station[Any]) -> None:
        self.watch = Watch(
            self.mind,  # type: ignore[arg-type]
            {**self.rig.stations, **more},
            self.line,
            self.rig.store,  # type: ignore[arg-type]
            self.sweeps,  # type: ignore[arg-type]
            lambda: self.busy,
            self.rig.clock,
        )
        self.watch.lacks(lacking)
        self.watch.start()

    def up(self) -> World:
        until(lambda: self.mind.told)
        return self.mind.told[0]


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    monkeypatch.setattr(watches, "BEAT_S", 0.01)
    with a_rig(tmp_path) as rig:
        made = Post(rig)
        yield made
        if made.watch is not None:
            made.watch.stop()


def late_reader(rig: Rig) -> Station[Any]:
    """A station that has not looked at its device yet."""
    return Station("reader", object(), None, rig.still)  # type: ignore[arg-type]


def test_the_terminal_comes_up_with_every_device_looked_at_and_the_ledger_swept(post: Post) -> None:
    post.rig.locker()
    post.start()
    world = post.up()
    assert world.devices["locker"].device is DeviceState.ONLINE
    assert world.network is Network.UP
    assert post.sweeps.count == 1


@pytest.mark.log_warnings_expected
def test_the_boot_waits_for_a_device_but_not_for_ever_and_names_it(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.rig.locker()
    late = late_reader(post.rig)
    post.start(reader=late)
    a_while()
    assert post.mind.told == []
    assert post.sweeps.count == 0
    post.rig.clock.leap(DEVICES_TIME_S + 1)
    assert post.up().devices["reader"].device is DeviceState.STARTING
    assert any("boot check: reader" in record.getMessage() for record in caplog.records)
    late.end()


def test_a_device_that_was_there_late_ends_the_waiting(post: Post) -> None:
    reader = post.rig.reader()
    station = post.rig.stations.pop("reader")
    late = Station("reader", station._driver, None, post.rig.still)
    post.start(reader=late)
    a_while(0.05)
    assert post.mind.told == []
    late._tell(station.status)
    assert post.up()
    late.end()
    station.end()
    assert reader.wire.plugged


def test_a_change_is_told_once(post: Post) -> None:
    twin = post.rig.locker()
    post.start()
    post.up()
    a_while()
    assert len(post.mind.told) == 1
    twin.unplug()
    until(lambda: len(post.mind.told) == 2)
    post.line.state = Network.DOWN
    until(lambda: len(post.mind.told) == 3)
    a_while()
    assert len(post.mind.told) == 3
    assert post.mind.told[-1].network is Network.DOWN


@pytest.mark.log_warnings_expected
def test_deeds_are_swept_only_while_nobody_is_served_and_no_hand_is_at_work(post: Post) -> None:
    post.rig.locker()
    post.start()
    post.up()
    post.rig.sql.promise(a_deed(DeedKind.DOOR))
    # set from left to right, and a beat may fall between the two: at no moment is nobody served and no hand at work
    for post.busy, post.mind.idle in ((False, False), (True, True)):
        post.rig.clock.leap(SWEEP_EVERY_S + 1)
        a_while()
        assert post.sweeps.count == 1
    post.busy = False
    until(lambda: post.sweeps.count == 2)
    until(lambda: post.rig.row().state is DeedState.VOID)
    a_while()
    assert post.sweeps.count == 2  # not on every beat
    post.rig.clock.leap(SWEEP_EVERY_S + 1)
    until(lambda: post.sweeps.count == 3)


def test_what_lies_about_is_told_and_its_going(post: Post) -> None:
    twin = post.rig.locker()
    post.rig.sql.promise(a_deed(DeedKind.DOOR))
    post.rig.sql.mark("NT-1", DeedState.FED)  # type: ignore[arg-type]
    twin.doors[2].is_open = True
    post.start()
    assert post.up().held == {"door"}


@pytest.mark.log_warnings_expected
def test_a_broken_store_closes_the_terminal_and_a_mended_one_opens_it(post: Post) -> None:
    post.rig.locker()
    post.sweeps.breaks = StoreBroken()
    post.start()
    assert post.up().store_word == "store.broken"
    post.sweeps.breaks = None
    post.rig.clock.leap(SWEEP_EVERY_S + 1)
    until(lambda: post.mind.told[-1].store_word == "")


@pytest.mark.log_warnings_expected
def test_our_own_mistake_in_the_sweep_does_not_keep_the_terminal_from_coming_up(post: Post) -> None:
    post.rig.locker()
    post.sweeps.breaks = ZeroDivisionError()
    post.start()
    assert post.up().store_word == ""


@pytest.mark.log_warnings_expected
def test_a_disk_without_room_closes_the_terminal_before_anything_is_typed(post: Post) -> None:
    post.rig.locker()
    post.start()
    assert post.up().store_word == ""
    for room, word in ((Room.NONE, "store.full"), (Room.REFUSES, "store.broken"), (Room.LOW, "")):
        post.rig.sql.room = lambda room=room: room  # type: ignore[method-assign]
        until(lambda word=word: post.mind.told[-1].store_word == word)  # type: ignore[misc]
    assert post.mind.told[-1].alarms == {Alarm("store.low", Owner.TECHNICIAN)}


@pytest.mark.log_warnings_expected
def test_a_sync_that_ended_and_an_old_letter_raise_an_alarm_once_each(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.rig.locker()
    post.start()
    assert post.up().alarms == frozenset()
    post.line.runs = False
    until(lambda: post.mind.told[-1].alarms == {Alarm("sync.ended", Owner.TECHNICIAN)})
    post.line.runs = True
    until(lambda: post.mind.told[-1].alarms == frozenset())
    post.rig.sql.accept(collected(), subject="T1")
    post.rig.clock.leap(25 * 3600)
    until(lambda: post.mind.told[-1].alarms == {Alarm("letter.old", Owner.CENTRE)})
    a_while()
    told = [record.getMessage() for record in caplog.records if "alarm for" in record.getMessage()]
    assert [text.rpartition(": ")[0].split(": ")[:2] for text in told] == [
        ["alarm for the technician", "sync.ended"],
        ["alarm for the centre", "letter.old"],
    ]
    assert [DO["sync.ended"] in told[0], DO["letter.old"] in told[1]] == [True, True]
    assert post.mind.told[-1].waiting.letters == 1
    assert post.watch is not None
    post.watch.bound(AlarmLimits(oldest_letter=dt.timedelta(hours=26)))  # set by the district while the program runs
    until(lambda: post.mind.told[-1].alarms == frozenset())


@pytest.mark.log_warnings_expected
def test_what_the_glass_lacks_is_the_technician_s_and_closes_nothing(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.rig.locker()
    post.start(("glass.no_pinyin", "glass.high"))
    world = post.up()
    assert world.alarms == {Alarm("glass.high", Owner.TECHNICIAN), Alarm("glass.no_pinyin", Owner.TECHNICIAN)}
    assert opening(world) is opening(replace(world, alarms=frozenset()))
    told = [record.getMessage() for record in caplog.records if "alarm for" in record.getMessage()]
    assert told == [f"alarm for the technician: {word}: {DO[word]}" for word in ("glass.high", "glass.no_pinyin")]


@pytest.mark.log_warnings_expected
def test_an_edition_that_is_refused_is_the_centre_s_to_put_right(post: Post) -> None:
    post.rig.locker()
    post.start()
    assert post.up().alarms == frozenset()
    post.line.fault = "edition.refused"
    until(lambda: post.mind.told[-1].alarms == {Alarm("catalogue.refused", Owner.CENTRE)})
    post.line.fault = ""
    until(lambda: post.mind.told[-1].alarms == frozenset())


@pytest.mark.log_warnings_expected
def test_an_old_mirror_is_marked_with_when_central_was_last_heard(post: Post) -> None:
    post.rig.locker()
    seen = post.rig.clock.now()
    post.rig.sql.mirror_seen = lambda: seen  # type: ignore[method-assign]
    post.start()
    assert (post.up().mirror, post.up().mirror_seen) == (Freshness.FRESH, None)
    post.rig.clock.leap(13 * 3600)
    until(lambda: post.mind.told[-1].mirror is Freshness.OLD)
    assert post.mind.told[-1].mirror_seen == seen
