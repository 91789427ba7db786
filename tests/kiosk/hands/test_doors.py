"""The hand that opens doors: one promise, one pulse, and what was seen; boards and sensors that lie."""

import pytest

from hardware.api.locker import Seen
from hardware.api.status import Fault
from hardware.twins.lock_board import LockFault
from hardware.twins.locker_8a import Locker8ATwin
from hardware.twins.locker_cu16 import LockerCu16Twin
from kiosk.hands.doors import LEFT_OPEN_S, LOST_S, OPENS_WITHIN_S
from kiosk.journeys.events import DoorClosed, DoorLost, DoorOpened, DoorStayedShut, ItemGone
from kiosk.ports import DeedState
from tests.contracts.until import until
from tests.kiosk.hands.rig import DOORS, SILENCE_S, Rig, a_while

DOOR = 2


def stocked(rig: Rig, **settings: float | int | None) -> LockerCu16Twin:
    twin = rig.locker(**settings)  # type: ignore[arg-type]
    twin.stock(DOOR)
    return twin


def pulses(twin: LockerCu16Twin) -> int:
    return sum(door.pulses for door in twin.doors.values())


def test_open_emptied_closed_are_each_seen_and_told_once(rig: Rig) -> None:
    twin = stocked(rig)
    told = rig.open()
    assert told.until(DoorOpened) == DoorOpened(Seen.YES)
    assert rig.doors_hand.door_is_open
    twin.take_item(DOOR)
    told.until(ItemGone)
    assert rig.row().state is DeedState.PRESENTED
    twin.close_door(DOOR)
    assert told.until(DoorClosed) == DoorClosed(Seen.YES)
    rig.ended(DeedState.DONE, "taken")
    assert not rig.doors_hand.door_is_open
    assert rig.outcomes() == ["taken"]
    assert rig.sql.tickets_gone() == {"T-1"}
    assert [type(event) for event in told.events] == [DoorOpened, ItemGone, DoorClosed]
    assert pulses(twin) == 1


def test_closed_with_the_thing_inside_is_not_taken(rig: Rig) -> None:
    twin = stocked(rig)
    told = rig.open()
    told.until(DoorOpened)
    twin.close_door(DOOR)
    assert told.until(DoorClosed) == DoorClosed(Seen.NO)
    rig.ended(DeedState.DONE, "not_taken")
    assert rig.sql.tickets_gone() == frozenset()


def test_taken_out_and_laid_back_is_not_taken(rig: Rig) -> None:
    twin = stocked(rig)
    told = rig.open()
    told.until(DoorOpened)
    twin.take_item(DOOR)
    told.until(ItemGone)
    twin.put_item(DOOR)
    twin.close_door(DOOR)
    assert told.until(DoorClosed) == DoorClosed(Seen.NO)
    rig.ended(DeedState.DONE, "not_taken")
    assert rig.sql.tickets_gone() == frozenset()


def test_a_thing_that_was_never_seen_inside_is_never_said_to_be_taken_or_left(rig: Rig) -> None:
    twin = stocked(rig)
    twin.suffer(LockFault.IR_LIES, DOOR)
    told = rig.open()
    told.until(DoorOpened)
    twin.take_item(DOOR)
    twin.close_door(DOOR)
    assert told.until(DoorClosed) == DoorClosed(Seen.UNKNOWN)
    rig.ended(DeedState.DONE, "doubtful")


def test_acknowledged_and_shut_is_told_and_tried_again_only_when_asked(rig: Rig) -> None:
    twin = stocked(rig)
    twin.suffer(LockFault.ACK_BUT_SHUT, DOOR)
    told = rig.open()
    a_while()
    assert not told.events
    rig.leap("doors", OPENS_WITHIN_S + 0.1)
    told.until(DoorStayedShut)
    twin.heal()
    a_while()
    assert not told.of(DoorOpened)
    again = rig.open()
    again.until(DoorOpened)
    assert rig.row(1).state is DeedState.FAILED
    twin.take_item(DOOR)
    again.until(ItemGone)
    twin.close_door(DOOR)
    rig.ended(DeedState.DONE, "taken")
    assert pulses(twin) == 1


def test_a_door_that_opens_late_is_seen(rig: Rig) -> None:
    twin = stocked(rig)
    twin.stick(DOOR)
    told = rig.open()
    until(lambda: pulses(twin) == 1)
    rig.leap("doors", OPENS_WITHIN_S + 0.1)
    told.until(DoorStayedShut)
    with twin.lock:
        twin.doors[DOOR].is_open = True  # somebody pulled
    told.until(DoorOpened)
    twin.take_item(DOOR)
    told.until(ItemGone)
    twin.close_door(DOOR)
    rig.ended(DeedState.DONE, "taken")


def test_a_sensor_that_lies_closed_does_not_hide_that_the_thing_is_gone(rig: Rig) -> None:
    twin = stocked(rig)
    twin.suffer(LockFault.SENSOR_LIES_CLOSED, DOOR)
    told = rig.open()
    until(lambda: twin.doors[DOOR].is_open)
    twin.take_item(DOOR)
    assert told.until(DoorClosed) == DoorClosed(Seen.YES)
    rig.ended(DeedState.DONE, "taken")


def test_a_sensor_that_lies_closed_and_no_item_sensor_leaves_the_persons_word(rig: Rig) -> None:
    twin = stocked(rig, item_bit=None)
    twin.suffer(LockFault.SENSOR_LIES_CLOSED, DOOR)
    told = rig.open()
    until(lambda: twin.doors[DOOR].is_open)
    rig.leap("doors", OPENS_WITHIN_S + 0.1)
    told.until(DoorStayedShut)
    rig.doors_hand.in_hand()
    rig.ended(DeedState.UNKNOWN, "doubtful")
    assert rig.outcomes() == ["doubtful"]


def test_a_sensor_that_lies_open_does_not_keep_a_door_shut_nor_the_terminal_closed(rig: Rig) -> None:
    twin = stocked(rig)
    twin.suffer(LockFault.SENSOR_LIES_OPEN, DOOR)
    told = rig.open()
    told.until(DoorOpened)
    twin.take_item(DOOR)
    told.until(ItemGone)
    twin.close_door(DOOR)
    rig.doors_hand.leave()
    a_while()
    assert rig.doors_hand.door_is_open
    rig.leap("doors", LEFT_OPEN_S + 1)
    rig.ended(DeedState.DONE, "taken, not seen closed")
    assert not rig.doors_hand.door_is_open
    assert rig.outcomes() == ["taken"]
    assert pulses(twin) == 1


def test_without_any_sensor_the_persons_word_ends_it_in_doubt(rig: Rig) -> None:
    twin = stocked(rig, closed_bit=None, item_bit=None)
    told = rig.open()
    assert told.until(DoorOpened) == DoorOpened(Seen.UNKNOWN)
    rig.doors_hand.in_hand()
    rig.ended(DeedState.UNKNOWN, "doubtful")
    assert pulses(twin) == 1


def test_without_a_door_sensor_a_thing_that_was_seen_gone_is_taken(rig: Rig) -> None:
    twin = stocked(rig, closed_bit=None)
    told = rig.open()
    told.until(DoorOpened)
    twin.take_item(DOOR)
    told.until(ItemGone)
    rig.doors_hand.in_hand()
    rig.ended(DeedState.DONE, "taken")
    assert rig.sql.tickets_gone() == {"T-1"}


# ---- the board


def test_a_board_that_is_away_is_told_nothing(rig: Rig) -> None:
    twin = stocked(rig)
    twin.unplug()
    until(lambda: not rig.doors.status.can_work)
    assert rig.open().until(DoorLost) == DoorLost(Fault.LINK_LOST.value)
    rig.ended(DeedState.VOID)
    twin.replug()
    until(lambda: rig.doors.status.can_work)
    a_while()
    assert pulses(twin) == 0


def test_a_board_lost_for_a_moment_is_asked_again(rig: Rig) -> None:
    twin = stocked(rig)
    told = rig.open()
    told.until(DoorOpened)
    twin.unplug()
    until(lambda: not rig.doors.status.can_work)
    twin.take_item(DOOR)
    twin.replug()
    told.until(ItemGone)
    twin.close_door(DOOR)
    rig.ended(DeedState.DONE, "taken")
    assert not told.of(DoorLost)


@pytest.mark.log_warnings_expected
def test_a_board_lost_in_mid_door_leaves_the_deed_to_the_sweep(rig: Rig) -> None:
    twin = stocked(rig)
    told = rig.open()
    told.until(DoorOpened)
    twin.unplug()
    a_while()
    assert not told.of(DoorLost)
    rig.leap("doors", LOST_S + 1)
    assert told.until(DoorLost) == DoorLost(Fault.LINK_LOST.value)
    rig.ended(DeedState.FED)
    assert not rig.doors_hand.door_is_open
    assert rig.sweep() == ([], frozenset())  # it waits for the board
    twin.replug()
    until(lambda: rig.doors.status.can_work)
    assert rig.sweep() == ([], frozenset({"door"}))
    twin.take_item(DOOR)
    twin.close_door(DOOR)
    (found,), held = rig.sweep()
    assert (found.state, found.note, held) == (DeedState.DONE, "taken", frozenset())
    assert pulses(twin) == 1


class Mute(Locker8ATwin):
    """Fires and does not answer its open commands."""

    def say(self, answer: bytes) -> None:
        if answer[0] != 0x8A:
            super().say(answer)


def test_a_pulse_whose_answer_is_lost_is_looked_after_and_never_sent_twice(rig: Rig) -> None:
    twin = rig.locker_8a(Mute)
    told = rig.open()
    assert told.until(DoorOpened) == DoorOpened(Seen.YES)
    twin.close_door(DOOR)
    assert told.until(DoorClosed) == DoorClosed(Seen.UNKNOWN)
    rig.ended(DeedState.DONE, "doubtful")
    assert twin.doors[DOOR].pulses == 1


def test_a_silent_board_opens_nothing_and_says_so(rig: Rig) -> None:
    twin = stocked(rig, reply_s=SILENCE_S)
    twin.suffer(LockFault.NO_REPLY)
    until(lambda: not rig.doors.status.can_work)
    rig.open().until(DoorLost)
    assert pulses(twin) == 0


def test_a_door_that_the_cabinet_does_not_have_is_not_fired(rig: Rig) -> None:
    twin = stocked(rig)
    assert rig.open(DOORS + 1).until(DoorLost) == DoorLost("door.unknown")
    rig.ended(DeedState.VOID, "no such door")
    assert pulses(twin) == 0
