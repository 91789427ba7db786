"""What every locker promises, whatever board is behind it."""

import pytest

from hardware.api.errors import DeviceBrokeRules, DeviceError, LinkLost, NotAnswering
from hardware.api.link import ByteLink
from hardware.api.locker import Locker, Pulsed, Seen
from hardware.api.status import OFFLINE, DeviceState, Fault, Status
from hardware.twins.lock_board import LockBoardTwin, LockFault
from hardware.twins.wire import WireFault
from tests.contracts.until import until


class LockerBench:
    """A driver, its link, and the cabinet it stands before; `impatient` is one more, for answers that never come."""

    def __init__(self, locker: Locker, impatient: Locker, link: ByteLink, cabinet: LockBoardTwin) -> None:
        self.locker = locker
        self.impatient = impatient
        self.link = link
        self.cabinet = cabinet

    def opened(self) -> list[int]:
        """The doors that are physically open."""
        return [number for number, door in self.cabinet.doors.items() if door.is_open]

    def pulses(self) -> dict[int, int]:
        """How often each lock was driven, of those that were."""
        return {number: door.pulses for number, door in self.cabinet.doors.items() if door.pulses}

    def seen_open(self) -> list[int]:
        """The doors that the driver says are open."""
        return [number for number, view in self.locker.look().items() if view.is_open is Seen.YES]


class LockerContract:
    """Inherited by each board's twin test; a fixture `bench` hands over the bench. Six doors at least."""

    def test_start_names_the_board_and_fires_nothing(self, bench: LockerBench) -> None:
        assert str(bench.locker.doors) in bench.locker.start()
        assert bench.pulses() == {}
        assert bench.locker.status() == Status(DeviceState.ONLINE)

    def test_every_door_that_the_port_has_is_seen(self, bench: LockerBench) -> None:
        assert list(bench.locker.look()) == list(range(1, bench.locker.doors + 1))

    def test_a_pulse_opens_its_own_door_and_fires_once(self, bench: LockerBench) -> None:
        for door in (1, 6, bench.locker.doors):
            assert bench.locker.pulse(door) == Pulsed()
            assert bench.seen_open() == bench.opened() == [door]
            bench.cabinet.close_door(door)
        assert bench.pulses() == {1: 1, 6: 1, bench.locker.doors: 1}

    def test_a_door_pushed_shut_is_seen_shut(self, bench: LockerBench) -> None:
        bench.locker.pulse(2)
        assert bench.seen_open() == [2]
        bench.cabinet.close_door(2)
        assert bench.seen_open() == []

    @pytest.mark.parametrize("door", [0, -1, 1000])
    def test_a_door_that_is_not_there_is_refused(self, bench: LockerBench, door: int) -> None:
        with pytest.raises(ValueError, match="door"):
            bench.locker.pulse(door)
        bench.locker.look()
        assert bench.pulses() == {}

    def test_a_pulse_is_not_an_open_door(self, bench: LockerBench) -> None:
        bench.cabinet.stick(3)
        assert bench.locker.pulse(3) == Pulsed()
        assert bench.seen_open() == []
        assert bench.pulses() == {3: 1}

    def test_a_board_that_acknowledges_and_drives_nothing_is_seen_through(self, bench: LockerBench) -> None:
        bench.cabinet.suffer(LockFault.ACK_BUT_SHUT, 3)
        assert bench.locker.pulse(3) == Pulsed()
        assert bench.seen_open() == []
        assert bench.pulses() == {}

    @pytest.mark.parametrize("lie", [LockFault.SENSOR_LIES_OPEN, LockFault.SENSOR_LIES_CLOSED])
    def test_no_sensor_keeps_a_door_from_being_opened(self, bench: LockerBench, lie: LockFault) -> None:
        bench.cabinet.suffer(lie, 4)
        assert (4 in bench.seen_open()) == (lie is LockFault.SENSOR_LIES_OPEN)
        assert bench.locker.pulse(4) == Pulsed()
        assert (4 in bench.seen_open()) == (lie is LockFault.SENSOR_LIES_OPEN)
        assert bench.opened() == [4]

    def test_sensors_that_all_say_open_are_doubtful_and_doors_still_open(self, bench: LockerBench) -> None:
        bench.cabinet.suffer(LockFault.SENSOR_LIES_OPEN)
        status = bench.locker.status()
        assert status.fault is Fault.LOCK_SENSOR_DOUBTFUL
        assert status.can_work
        bench.locker.pulse(1)
        bench.locker.look()
        assert bench.opened() == [1]

    def test_a_silent_board_is_told_as_not_answering(self, bench: LockerBench) -> None:
        bench.cabinet.suffer(LockFault.NO_REPLY)
        with pytest.raises(NotAnswering):
            bench.impatient.look()
        assert bench.impatient.status() == Status(DeviceState.OFFLINE, Fault.NOT_ANSWERING)

    @pytest.mark.parametrize("fault", [LockFault.BAD_SUM, LockFault.OTHER_BOARD])
    def test_answers_that_are_not_for_us_are_not_believed(self, bench: LockerBench, fault: LockFault) -> None:
        bench.cabinet.suffer(fault)
        with pytest.raises(DeviceBrokeRules):
            bench.impatient.look()
        assert bench.impatient.status() == Status(DeviceState.ERROR, Fault.BROKE_RULES)

    @pytest.mark.parametrize("fault", [LockFault.STRAY_BYTE, LockFault.ECHO])
    def test_a_line_with_stray_bytes_or_an_echo_still_serves(self, bench: LockerBench, fault: LockFault) -> None:
        bench.cabinet.suffer(fault)
        bench.locker.pulse(5)
        assert bench.seen_open() == [5]
        assert bench.pulses() == {5: 1}

    def test_an_echo_of_a_dead_board_opens_nothing_and_answers_nothing(self, bench: LockerBench) -> None:
        bench.cabinet.suffer(LockFault.ECHO)
        bench.cabinet.suffer(LockFault.NO_REPLY)
        bench.locker.pulse(5)
        with pytest.raises(NotAnswering):
            bench.impatient.look()
        assert bench.pulses() == {}

    @pytest.mark.parametrize("fault", [fault for fault in WireFault if fault is not WireFault.PULLED_HALFWAY])
    def test_one_bad_answer_is_asked_for_again(self, bench: LockerBench, fault: WireFault) -> None:
        bench.locker.pulse(2)
        bench.locker.look()
        bench.cabinet.wire.disturb(fault)
        assert bench.seen_open() == [2]
        assert bench.pulses() == {2: 1}

    def test_a_lost_answer_to_a_pulse_does_not_fire_twice(self, bench: LockerBench) -> None:
        bench.cabinet.wire.disturb(WireFault.SILENT, -1)
        try:
            bench.locker.pulse(2)
        except NotAnswering:
            pass  # boards that acknowledge are missed; the others have nothing to miss
        until(lambda: bench.pulses())
        bench.cabinet.wire.calm()
        assert bench.seen_open() == [2]
        assert bench.pulses() == {2: 1}

    def test_a_pulled_cable_is_a_lost_link_and_comes_back(self, bench: LockerBench) -> None:
        bench.locker.pulse(2)
        bench.locker.look()
        bench.cabinet.unplug()
        with pytest.raises(LinkLost):
            bench.locker.look()
        with pytest.raises(LinkLost):
            bench.locker.pulse(3)
        assert bench.locker.status() == OFFLINE
        bench.cabinet.replug()
        bench.link.open()
        bench.locker.start()
        assert bench.seen_open() == [2]
        assert bench.pulses() == {2: 1}

    def test_a_cable_pulled_in_the_middle_of_an_answer(self, bench: LockerBench) -> None:
        bench.cabinet.wire.disturb(WireFault.PULLED_HALFWAY)
        with pytest.raises(LinkLost):
            bench.locker.look()

    def test_a_line_that_babbles_without_end_is_left_in_time(self, bench: LockerBench) -> None:
        bench.cabinet.wire.disturb(WireFault.GARBAGE_BEFORE, -1)
        bench.cabinet.suffer(LockFault.BAD_SUM)
        with pytest.raises(DeviceError):
            bench.impatient.look()
