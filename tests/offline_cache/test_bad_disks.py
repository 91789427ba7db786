"""Full disks and read-only disks: a clear word each time, and nothing half-written."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from offline_cache import rescue
from offline_cache.bodies import Bodies
from offline_cache.boot import Unusable, WhyUnusable, open_store
from offline_cache.reserve import Reserve
from offline_cache.store import SqlStore, StoreSettings
from tests.offline_cache.world import IDENTITY, SMALL_STORE, HandClock, a_store, application, collected, deed
from wire.deeds import Accepted, DeedId, DeedState, Refused, StoreBroken, StoreRefused
from wire.messages import Ack, AckState

ROOT = Path(__file__).resolve().parents[2]
STORE = rescue.STORE_FILE


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip("needs the right to mount a tmpfs")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def refused(store: SqlStore, size: int = 100) -> StoreRefused | None:
    outcome = store.accept(application("X", size), subject="X")
    return outcome.reason if isinstance(outcome, Refused) else None


def test_the_folder_of_the_first_large_letter_is_on_disk_before_the_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr("offline_cache.bodies.sync_folder", synced.append)
    bodies = Bodies(tmp_path / "letters")
    try:
        for letter in ("first", "second"):
            bodies.write(letter, [b"sealed"])
    finally:
        bodies.close()
    assert synced == [tmp_path, bodies.folder, bodies.folder]


# ---- full ---------------------------------------------------------------------------------------------------


def test_a_full_disk_refuses_new_letters_and_ends_open_deeds(small_disk: Path) -> None:
    with a_store(small_disk, settings=StoreSettings(reserve_bytes=512 * 1024)) as store:
        store.promise(deed("D1"))
        accepted = []
        for n in range(2000):
            outcome = store.accept(application(f"C{n}", 20_000), subject=f"C{n}", promises=[deed(f"P{n}")])
            if isinstance(outcome, Refused):
                break
            accepted.append(outcome.letter)
        assert outcome == Refused(StoreRefused.FULL)
        assert refused(store, 400_000) is StoreRefused.FULL
        assert list((small_disk / "letters").iterdir()) == []
        rows = {row.deed.id for row in store.deeds(10_000)}
        assert f"P{len(accepted)}" not in rows
        assert (small_disk / "reserve").exists()
        for state in (DeedState.BEGUN, DeedState.FED, DeedState.PRESENTED):
            store.mark(DeedId("D1"), state, "x" * 30_000)
        store.settle(DeedId("D1"), DeedState.DONE, collected(), subject="T1")
        assert not any(row.deed.id == "D1" for row in store.open_deeds())
        assert [row.id for row in store.letters(5000)][: len(accepted)] == accepted
        acks = [
            Ack(id=each.id, sha256=each.sha256, state=AckState.RECEIVED, received_at=HandClock().now())
            for each in store.next_small(10_000, 1 << 30)
        ]
        assert store.apply(acks) == len(accepted) + 1
        assert isinstance(store.accept(application("L"), subject="L"), Accepted)
    with a_store(small_disk, settings=StoreSettings(reserve_bytes=512 * 1024)) as store:
        assert [row.subject for row in store.letters()] == ["L"]


def test_a_disk_that_was_full_before_the_start_is_named(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(bytes(3 * 1024 * 1024 - 4096 * 4))
    outcome = open_store(small_disk / "store", IDENTITY, HandClock(), SMALL_STORE)
    assert isinstance(outcome, Unusable)
    assert outcome.reason is WhyUnusable.FULL


LIMITED = """
import resource, sys
from pathlib import Path
from tests.offline_cache.world import *
from wire.deeds import Refused
store = opened(Path(sys.argv[1]))
store.accept(application("C1"), subject="C1")
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
print(store.accept(application("L1", 2_000_000), subject="L1").reason.value)
outcome = None
for n in range(200):
    outcome = store.accept(application(f"S{n}", 100_000), subject=f"S{n}")
    if isinstance(outcome, Refused):
        print(outcome.reason.value)
        break
print(store.waiting().letters == n + 1)
store.close()
"""


def test_a_disk_that_takes_no_more_bytes_leaves_nothing_half_written(tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk where none can be mounted: EFBIG in the middle of a write."""
    script = tmp_path / "limited.py"
    script.write_text(LIMITED)
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "store")], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    large, small, whole = done.stdout.split()
    assert large == StoreRefused.FULL
    assert small in (StoreRefused.FULL, StoreRefused.BROKEN)
    assert whole == "True"
    assert list((tmp_path / "store" / "letters").iterdir()) == []
    with a_store(tmp_path / "store") as store:
        assert store.letters(500)[0].subject == "C1"
        assert isinstance(store.accept(application("L1", 2_000_000), subject="L1"), Accepted)


def test_a_write_that_fails_half_way_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_store(tmp_path) as store:
        for number, reason in ((errno.ENOSPC, StoreRefused.FULL), (errno.EIO, StoreRefused.BROKEN)):

            def fail(_: int, number: int = number) -> None:
                raise OSError(number, os.strerror(number))

            with monkeypatch.context() as patched:
                patched.setattr("offline_cache.bodies.os.fsync", fail)
                assert refused(store, 400_000) is reason
            assert list((tmp_path / "letters").iterdir()) == []
        assert store.waiting().letters == 0


def test_a_folder_that_cannot_be_put_on_disk_means_no_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with a_store(tmp_path) as store:
        assert refused(store, 400_000) is None
        with monkeypatch.context() as patched:
            patched.setattr("offline_cache.bodies.sync_folder", fail)
            assert refused(store, 400_000) is StoreRefused.BROKEN
        assert len(list((tmp_path / "letters").iterdir())) == store.waiting().letters == 1


def test_the_reserve_is_spent_once_and_laid_down_again(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path, 100_000)
    assert reserve.make()
    assert (tmp_path / "reserve").stat().st_size == 100_000
    assert reserve.spend()
    assert not reserve.spend()
    assert reserve.make()
    assert not Reserve(tmp_path / "other", 0).make()
    larger = Reserve(tmp_path, 150_000)  # as the settings say from now on
    assert larger.missing() == 50_000
    assert larger.make()
    assert larger.missing() == 0


# ---- read-only ----------------------------------------------------------------------------------------------


def test_a_read_only_disk_is_named_and_not_set_aside(small_disk: Path) -> None:
    store_folder = small_disk / "store"
    with a_store(store_folder) as store:
        store.accept(application("C1"), subject="C1")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    outcome = open_store(store_folder, IDENTITY, HandClock(), SMALL_STORE)
    assert isinstance(outcome, Unusable)
    assert outcome.reason is WhyUnusable.BROKEN
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    with a_store(store_folder) as store:
        assert store.waiting().letters == 1
    assert list(store_folder.glob("damaged-*")) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    outcome = open_store(blocked / "store", IDENTITY, HandClock(), SMALL_STORE)
    assert isinstance(outcome, Unusable)
    assert outcome.reason is WhyUnusable.BROKEN


def test_a_disk_that_refuses_in_the_middle_of_a_deed_is_told(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        store.promise(deed("D1"))
        with store._database.reading() as connection:
            connection.exec_driver_sql("PRAGMA query_only=ON")
        with pytest.raises(StoreBroken):
            store.mark(DeedId("D1"), DeedState.BEGUN)
        assert store.promise(deed("D2")) == Refused(StoreRefused.BROKEN)
        assert refused(store) is StoreRefused.BROKEN
        assert refused(store, 400_000) is StoreRefused.BROKEN
        assert list((tmp_path / "letters").iterdir()) == []
        with store._database.reading() as connection:
            connection.exec_driver_sql("PRAGMA query_only=OFF")
        assert [row.state for row in store.deeds()] == [DeedState.PROMISED]
