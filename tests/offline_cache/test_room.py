"""Whether the disk takes a visit's letter is known before anything is typed."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from offline_cache.room import RoomSettings
from offline_cache.store import SqlStore, StoreSettings
from tests.offline_cache.test_bad_disks import small_disk as small_disk
from tests.offline_cache.world import HandClock, a_store, application
from wire.deeds import Accepted, Refused, Room, StoreRefused

MB = 1024 * 1024
SETTINGS = StoreSettings(reserve_bytes=64 * 1024, room=RoomSettings(least_bytes=10 * MB, low_bytes=100 * MB))
pytestmark = pytest.mark.log_warnings_expected


class Disk:
    """What the file system says of itself."""

    def __init__(self) -> None:
        self.free = 1000 * MB
        self.flags = 0
        self.files = 1000
        self.gone = False

    def __call__(self, _: object) -> SimpleNamespace:
        if self.gone:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return SimpleNamespace(
            f_bavail=self.free // 4096, f_frsize=4096, f_flag=self.flags, f_files=10_000, f_favail=self.files
        )


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(tmp_path: Path, clock: HandClock) -> Iterator[SqlStore]:
    with a_store(tmp_path, clock, SETTINGS) as made:
        yield made


@pytest.fixture
def disk(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    monkeypatch.setattr("offline_cache.room.os.statvfs", made)
    return made


def test_room_goes_down_in_steps(store: SqlStore, disk: Disk) -> None:
    assert store.room() is Room.ENOUGH
    disk.free = 100 * MB - 4096
    assert store.room() is Room.LOW
    disk.free = 10 * MB - 4096
    assert store.room() is Room.NONE


def test_what_the_reserve_gave_away_is_not_for_new_letters(store: SqlStore, disk: Disk, tmp_path: Path) -> None:
    disk.free = 10 * MB + 32 * 1024
    assert store.room() is Room.LOW
    (tmp_path / "reserve").unlink()
    assert store.room() is Room.NONE
    disk.free = 1000 * MB
    assert store.room() is Room.LOW  # the technician should know until it is laid down again
    store.tend()
    assert store.room() is Room.ENOUGH


def test_a_disk_without_names_left_has_no_room(store: SqlStore, disk: Disk) -> None:
    disk.files = 3
    assert store.room() is Room.NONE


def test_a_disk_that_went_read_only_or_away_refuses(store: SqlStore, disk: Disk) -> None:
    disk.flags = os.ST_RDONLY
    assert store.room() is Room.REFUSES
    disk.flags = 0
    assert store.room() is Room.ENOUGH
    disk.gone = True
    assert store.room() is Room.REFUSES


def refuses_writes(store: SqlStore, yes: bool) -> None:
    with store._database.reading() as connection:
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if yes else 'OFF'}")


def test_a_refused_write_is_remembered_until_the_disk_takes_one_again(store: SqlStore, clock: HandClock) -> None:
    refuses_writes(store, True)
    assert store.accept(application("C1"), subject="C1") == Refused(StoreRefused.BROKEN)
    assert store.room() is Room.REFUSES
    clock.pass_(11)
    assert store.room() is Room.REFUSES
    refuses_writes(store, False)
    assert store.room() is Room.REFUSES  # not tried at every look
    clock.pass_(11)
    assert store.room() is Room.ENOUGH
    assert isinstance(store.accept(application("C1"), subject="C1"), Accepted)


def test_a_disk_that_takes_nothing_is_found_out_though_nobody_writes(store: SqlStore, clock: HandClock) -> None:
    refuses_writes(store, True)
    assert store.room() is Room.ENOUGH
    clock.pass_(301)
    assert store.room() is Room.REFUSES


@pytest.mark.parametrize(("number", "room"), [(errno.EIO, Room.REFUSES), (errno.ENOSPC, Room.NONE)])
def test_files_that_cannot_be_written_count_as_well_as_rows(
    store: SqlStore, clock: HandClock, monkeypatch: pytest.MonkeyPatch, number: int, room: Room
) -> None:
    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr("offline_cache.bodies.os.fsync", fail)
        assert isinstance(store.accept(application("L", 400_000), subject="L"), Refused)
        assert isinstance(store.accept(application("S"), subject="S"), Accepted)
        assert store.room() is room
        clock.pass_(11)
        assert store.room() is room  # a row could be written, a file could not
    clock.pass_(11)
    assert store.room() is Room.ENOUGH


def test_a_disk_that_fills_up_is_told_before_a_letter_is_refused(small_disk: Path) -> None:
    settings = StoreSettings(reserve_bytes=64 * 1024, room=RoomSettings(least_bytes=MB, low_bytes=2 * MB))
    with a_store(small_disk, HandClock(), settings) as store:
        rooms = []
        for n in range(200):
            rooms.append(store.room())
            if rooms[-1] is Room.NONE:
                break
            assert isinstance(store.accept(application(f"C{n}", 20_000), subject=f"C{n}"), Accepted)
        assert list(dict.fromkeys(rooms)) == [Room.ENOUGH, Room.LOW, Room.NONE]
