"""The hand that opens doors when the disk refuses, its person leaves, or the next one comes."""

import threading

import pytest

from hardware.api.status import Fault
from hardware.twins.lock_board import LockFault
from hardware.twins.locker_cu16 import LockerCu16Twin
from kiosk.hands.doors import OPENS_WITHIN_S
from kiosk.journeys.events import DoorClosed, DoorLost, DoorOpened, ItemGone
from kiosk.ports import Accepted, Deed, DeedState, Refused, StoreBroken, StoreRefused
from tests.contracts.until import until
from tests.kiosk.hands.rig import Rig, a_while

DOOR = 2


def stocked(rig: Rig, **settings: float | int | None) -> LockerCu16Twin:
    twin = rig.locker(**settings)  # type: ignore[arg-type]
    twin.stock(DOOR)
    return twin


def pulses(twin: LockerCu16Twin) -> int:
    return sum(door.pulses for door in twin.doors.values())


def test_a_full_disk_opens_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    twin = stocked(rig)
    monkeypatch.setattr(rig.store, "promise", lambda deed: Refused(StoreRefused.FULL), raising=False)
    assert rig.open().until(DoorLost) == DoorLost("store.full")
    a_while()
    assert pulses(twin) == 0


@pytest.mark.log_warnings_expected
def test_a_disk_that_refuses_the_mark_opens_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    twin = stocked(rig)

    def refuse(*_: object) -> None:
        raise StoreBroken

    monkeypatch.setattr(rig.store, "mark", refuse, raising=False)
    assert rig.open().until(DoorLost) == DoorLost("store.broken")
    rig.ended(DeedState.PROMISED)
    assert pulses(twin) == 0
    monkeypatch.undo()
    (found,) = rig.swept()
    assert found.state is DeedState.VOID


@pytest.mark.log_warnings_expected
def test_a_disk_that_breaks_while_the_door_is_open_leaves_the_person_their_thing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = stocked(rig)
    told = rig.open()
    told.until(DoorOpened)

    def refuse(*_: object, **__: object) -> None:
        raise StoreBroken

    monkeypatch.setattr(rig.store, "mark", refuse, raising=False)
    monkeypatch.setattr(rig.store, "settle", refuse)
    twin.take_item(DOOR)
    told.until(ItemGone)
    twin.close_door(DOOR)
    told.until(DoorClosed)
    rig.ended(DeedState.FED)
    monkeypatch.undo()
    (found,) = rig.swept()
    assert found.note == "taken"


# ---- visits that end


def test_who_leaves_before_the_lock_was_fired_has_no_door_opened_behind_them(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = stocked(rig)
    promising, go_on = threading.Event(), threading.Event()

    def slow(deed: Deed) -> Accepted | Refused:
        promising.set()
        assert go_on.wait(10)
        return rig.sql.promise(deed)

    monkeypatch.setattr(rig.store, "promise", slow, raising=False)
    told = rig.open()
    assert promising.wait(10)
    behind = rig.open(3)  # one more, before the first was fired
    rig.doors_hand.leave()
    assert rig.doors_hand.unfinished
    go_on.set()
    rig.ended(DeedState.VOID, "before it was fired")
    assert len(rig.sql.deeds()) == 1
    assert pulses(twin) == 0
    assert not told.events
    assert not behind.events


def test_who_leaves_while_the_lock_works_is_waited_for(rig: Rig) -> None:
    twin = stocked(rig)
    twin.stick(DOOR)
    told = rig.open()
    until(lambda: pulses(twin) == 1)
    rig.doors_hand.leave()
    a_while()
    assert rig.doors_hand.unfinished
    rig.leap("doors", OPENS_WITHIN_S + 0.1)
    rig.ended(DeedState.FAILED, Fault.LOCK_STAYED_SHUT.value)
    assert not told.of(DoorOpened)


def test_who_leaves_a_shut_door_that_nobody_can_look_behind_leaves_a_doubt(rig: Rig) -> None:
    twin = stocked(rig, item_bit=None)
    twin.suffer(LockFault.SENSOR_LIES_CLOSED, DOOR)
    rig.open()
    until(lambda: pulses(twin) == 1)
    rig.doors_hand.leave()
    rig.leap("doors", OPENS_WITHIN_S + 0.1)
    rig.ended(DeedState.UNKNOWN, "doubtful")


def test_an_open_door_is_watched_after_its_person_has_left(rig: Rig) -> None:
    twin = stocked(rig)
    told = rig.open()
    told.until(DoorOpened)
    rig.doors_hand.leave()
    a_while()
    assert rig.doors_hand.door_is_open
    twin.close_door(DOOR)
    rig.ended(DeedState.DONE, "not_taken")


def test_an_open_door_does_not_hold_up_the_next_person(rig: Rig) -> None:
    twin = stocked(rig)
    first = rig.open()
    first.until(DoorOpened)
    rig.doors_hand.leave()
    told = rig.open(3)
    told.until(DoorOpened)
    assert (rig.row(1).state, rig.row(1).note) == (DeedState.UNKNOWN, "doubtful, not seen closed")
    twin.close_door(3)
    told.until(DoorClosed)


def test_the_end_of_the_program_leaves_the_deed_to_the_next_boot(rig: Rig) -> None:
    stocked(rig)
    rig.open().until(DoorOpened)
    rig.doors_hand.end()
    assert rig.row().state is DeedState.FED
