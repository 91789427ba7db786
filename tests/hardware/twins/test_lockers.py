"""Lock boards CU16 and 8A: the promises of every locker, on each board's own bytes, and what is each one's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware.api.clock import SystemClock
from hardware.api.errors import DeviceBrokeRules, NotAnswering
from hardware.api.locker import DoorView, Pulsed, Seen
from hardware.codecs.cu16 import BAUD as BAUD_CU16
from hardware.codecs.lock_8a import BAUD as BAUD_8A
from hardware.codecs.lock_8a import StatusOrder
from hardware.drivers.locker_8a import Feedback, Locker8A
from hardware.drivers.locker_cu16 import LockerCu16
from hardware.transports.serial_link import SerialLink
from hardware.twins.cabinet import HandError
from hardware.twins.lock_board import LockBoardTwin, LockFault
from hardware.twins.locker_8a import Locker8ATwin
from hardware.twins.locker_cu16 import LockerCu16Twin
from hardware.twins.wire import PtyWire, WireFault
from tests.contracts.locker import LockerBench, LockerContract
from tests.contracts.until import until
from tests.hardware.unhurried import UnhurriedLink

PATIENCE_S = 0.25
IMPATIENCE_S = 0.08


class StillClock(SystemClock):
    """Waits are written down, not waited."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "locker"


def opened(twin: LockBoardTwin) -> UnhurriedLink:
    link = UnhurriedLink(twin.wire)
    link.open()
    return link


@pytest.fixture
def cu16(port: Path) -> Iterator[Callable[..., LockerBench]]:
    """Makes a CU16 bench: the twin's wiring, then the driver's settings."""
    made: list[LockerBench] = []

    def make(doors: int = 16, *, wired: dict[str, int] | None = None, **settings: int | None) -> LockerBench:
        twin = LockerCu16Twin(PtyWire(port, BAUD_CU16, pacing=False), doors, **(wired or {}))
        link = opened(twin)
        locker, impatient = (
            LockerCu16(link, link.clock, doors, settle_s=0.0, reply_s=reply_s, **settings)  # type: ignore[arg-type]
            for reply_s in (PATIENCE_S, IMPATIENCE_S)
        )
        made.append(LockerBench(locker, impatient, link, twin))
        return made[-1]

    yield make
    for bench in made:
        bench.link.close()
        bench.cabinet.close()


@pytest.fixture
def lock_8a(port: Path) -> Iterator[Callable[..., LockerBench]]:
    """Makes an 8A bench."""
    made: list[LockerBench] = []

    def make(
        doors: int = 24,
        *,
        board: int = 1,
        channels: int | None = None,
        feedback: Feedback = Feedback.CLOSING,
        order: StatusOrder = StatusOrder.LAST,
        reports_changes: bool = False,
    ) -> LockerBench:
        twin = Locker8ATwin(
            PtyWire(port, BAUD_8A, pacing=False),
            doors,
            board=board,
            channels=channels,
            opening_feedback=feedback is Feedback.OPENING,
            status_order=order,
            reports_changes=reports_changes,
        )
        link = opened(twin)
        locker, impatient = (
            Locker8A(
                link,
                link.clock,
                board,
                doors,
                channels=channels,
                feedback_mode=feedback,
                status_order=order,
                reply_s=reply_s,
                settle_s=0.0,
            )
            for reply_s in (PATIENCE_S, IMPATIENCE_S)
        )
        made.append(LockerBench(locker, impatient, link, twin))
        return made[-1]

    yield make
    for bench in made:
        bench.link.close()
        bench.cabinet.close()


class TestCu16(LockerContract):
    @pytest.fixture
    def bench(self, cu16: Callable[..., LockerBench]) -> LockerBench:
        return cu16()

    def test_an_item_is_seen_and_a_lying_item_sensor_is_only_what_it_says(self, bench: LockerBench) -> None:
        bench.cabinet.stock(2)
        assert bench.locker.look()[2] == DoorView(Seen.NO, Seen.YES)
        bench.locker.pulse(2)
        bench.locker.look()
        bench.cabinet.take_item(2)
        assert bench.locker.look()[2] == DoorView(Seen.YES, Seen.NO)
        bench.cabinet.suffer(LockFault.IR_LIES, 2)
        assert bench.locker.look()[2] == DoorView(Seen.YES, Seen.YES)


class TestCu16OfThreeBoardsWiredTheOtherWay(LockerContract):
    @pytest.fixture
    def bench(self, cu16: Callable[..., LockerBench]) -> LockerBench:
        return cu16(40, wired={"closed_bit": 0, "item_bit": 0}, closed_bit=0, item_bit=0)

    def test_the_second_and_third_boards_doors(self, bench: LockerBench) -> None:
        bench.cabinet.stock(33)
        for door in (17, 33, 40):
            bench.locker.pulse(door)
        assert bench.seen_open() == bench.opened() == [17, 33, 40]
        assert [door for door, view in bench.locker.look().items() if view.item is Seen.YES] == [33]


def test_cu16_without_sensors_says_that_it_does_not_know(cu16: Callable[..., LockerBench]) -> None:
    bench = cu16(closed_bit=None, item_bit=None)
    bench.cabinet.stock(1)
    bench.locker.pulse(1)
    assert set(bench.locker.look().values()) == {DoorView(Seen.UNKNOWN, Seen.UNKNOWN)}
    assert bench.locker.status().fault is None


@pytest.mark.parametrize(("doors", "first_board"), [(0, 0), (241, 0), (17, 14)])
def test_cu16_doors_that_no_chain_of_boards_has(doors: int, first_board: int, port: Path) -> None:
    with pytest.raises(ValueError, match="doors"):
        LockerCu16(SerialLink(str(port), BAUD_CU16), SystemClock(), doors, first_board=first_board)


class Test8A(LockerContract):
    @pytest.fixture
    def bench(self, lock_8a: Callable[..., LockerBench]) -> LockerBench:
        return lock_8a()

    def test_there_is_no_item_sensor(self, bench: LockerBench) -> None:
        bench.cabinet.stock(1)
        assert {view.item for view in bench.locker.look().values()} == {Seen.UNKNOWN}

    def test_an_acknowledgement_that_does_not_come_is_told(self, bench: LockerBench) -> None:
        bench.cabinet.wire.disturb(WireFault.SILENT)
        with pytest.raises(NotAnswering):
            bench.locker.pulse(1)
        assert bench.pulses() == {1: 1}

    def test_an_acknowledgement_of_another_board_is_not_ours(self, bench: LockerBench) -> None:
        bench.cabinet.suffer(LockFault.OTHER_BOARD)
        with pytest.raises(DeviceBrokeRules):
            bench.impatient.pulse(1)
        bench.cabinet.heal()
        assert bench.seen_open() == [1]
        assert bench.pulses() == {1: 1}


class Test8AOpeningFeedbackFirstByteFirstReporting(LockerContract):
    @pytest.fixture
    def bench(self, lock_8a: Callable[..., LockerBench]) -> LockerBench:
        return lock_8a(feedback=Feedback.OPENING, order=StatusOrder.FIRST, reports_changes=True)


class TestEightDoorsOnA32ChannelBoard(LockerContract):
    @pytest.fixture
    def bench(self, lock_8a: Callable[..., LockerBench]) -> LockerBench:
        return lock_8a(8, board=7, channels=32, reports_changes=True)


def test_8a_of_fifty_channels(lock_8a: Callable[..., LockerBench]) -> None:
    bench = lock_8a(50, board=32)
    for door in (1, 9, 25, 50):
        bench.locker.pulse(door)
    assert bench.seen_open() == bench.opened() == [1, 9, 25, 50]


def test_8a_settings_that_do_not_fit_the_board_are_seen_as_doubtful(port: Path) -> None:
    with Locker8ATwin(PtyWire(port, BAUD_8A, pacing=False), 24, opening_feedback=True) as twin:
        link = opened(twin)
        status = Locker8A(link, link.clock, 1, 24, settle_s=0.0).status()
        link.close()
    assert status.fault is not None
    assert status.can_work


def test_8a_without_feedback_says_that_it_does_not_know(port: Path) -> None:
    with Locker8ATwin(PtyWire(port, BAUD_8A, pacing=False), 24) as twin:
        link = opened(twin)
        views = Locker8A(link, link.clock, 1, 24, feedback_mode=Feedback.NONE, settle_s=0.0).look()
        link.close()
    assert {view.is_open for view in views.values()} == {Seen.UNKNOWN}


@pytest.mark.parametrize(
    ("board", "doors", "channels"), [(0, 8, None), (33, 8, None), (1, 51, None), (1, 0, None), (1, 25, 24)]
)
def test_8a_boards_that_do_not_exist(board: int, doors: int, channels: int | None, port: Path) -> None:
    with pytest.raises(ValueError, match="board"):
        Locker8A(SerialLink(str(port), BAUD_8A), SystemClock(), board, doors, channels=channels)


def test_a_lock_is_left_its_time_before_the_doors_are_looked_at_and_before_the_next_lock(port: Path) -> None:
    clock = StillClock()
    with Locker8ATwin(PtyWire(port, BAUD_8A, pacing=False), 8) as twin:
        link = opened(twin)
        locker = Locker8A(link, clock, 1, 8, settle_s=30.0)
        locker.look()
        assert clock.waits == []
        locker.pulse(1)
        locker.look()
        locker.pulse(2)
        link.close()
    assert len(clock.waits) == 2
    assert all(20 < wait <= 30 for wait in clock.waits)


def test_a_spring_takes_its_time(port: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with LockerCu16Twin(PtyWire(port, BAUD_CU16), motion_s=0.1) as twin:  # paced, as on the real wire
        link = opened(twin)
        locker = LockerCu16(link, SystemClock(), 16, settle_s=0.0, reply_s=20.0)
        later, springs = twin.wire.later, list[tuple[float, Callable[[], None]]]()

        def held(delay_s: float, call: Callable[[], None]) -> None:
            """What takes the spring's time has not happened before the doors are looked at."""
            if delay_s > 0:
                springs.append((delay_s, call))
            else:
                later(delay_s, call)

        monkeypatch.setattr(twin.wire, "later", held)
        assert locker.pulse(1) == Pulsed()
        assert locker.look()[1].is_open is Seen.NO
        ((motion_s, spring),) = springs
        assert motion_s == 0.1
        later(motion_s, spring)
        until(lambda: twin.doors[1].is_open)
        assert locker.look()[1].is_open is Seen.YES
        link.close()


def test_hands_do_not_reach_through_doors(port: Path) -> None:
    with LockerCu16Twin(PtyWire(port, BAUD_CU16, pacing=False)) as twin:
        twin.stock(1)
        with pytest.raises(HandError, match="shut"):
            twin.take_item(1)
        twin.cabinet.drive(1)
        with pytest.raises(HandError, match="full"):
            twin.put_item(1)
        twin.take_item(1)
        with pytest.raises(HandError, match="empty"):
            twin.take_item(1)
        twin.put_item(1)
        assert twin.doors[1].item
