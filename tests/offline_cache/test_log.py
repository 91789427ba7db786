"""The write-ahead log: at its full length from the start, and carried into the database while nobody waits."""

from pathlib import Path

from offline_cache.database import FOLD_EVERY, LOG_BYTES
from offline_cache.rescue import STORE_FILE
from tests.offline_cache.rig import a_rig
from tests.offline_cache.world import HandClock, a_store, application, deed
from wire.deeds import Accepted


def test_each_commit_is_on_disk_when_it_returns(tmp_path: Path) -> None:
    """sqlite.org/pragma.html#pragma_synchronous: under WAL only FULL (2) syncs the log after each transaction."""
    with a_store(tmp_path) as store, store._database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2


def test_the_sync_carries_the_log_over_when_it_is_due(tmp_path: Path) -> None:
    with a_rig(tmp_path) as rig:
        before = (tmp_path / STORE_FILE).read_bytes()
        for n in range(FOLD_EVERY):
            rig.store.promise(deed(f"D{n}"))
        assert (tmp_path / STORE_FILE).read_bytes() == before
        rig.sync.round()
        assert (tmp_path / STORE_FILE).read_bytes() != before


def test_no_letter_has_to_grow_the_log(tmp_path: Path) -> None:
    log = tmp_path / f"{STORE_FILE}-wal"
    with a_store(tmp_path) as store:
        assert log.stat().st_size == LOG_BYTES
        for n in range(20):
            assert isinstance(store.accept(application(f"C{n}"), subject=f"C{n}"), Accepted)
        assert log.stat().st_size == LOG_BYTES
    with a_store(tmp_path) as store:
        assert store.waiting().letters == 20


def test_the_log_is_carried_over_when_it_is_due_and_not_while_a_letter_is_written(tmp_path: Path) -> None:
    database = tmp_path / STORE_FILE
    with a_store(tmp_path, HandClock()) as store:
        before = database.read_bytes()
        for n in range(FOLD_EVERY):
            store.accept(application(f"C{n}"), subject=f"C{n}")
            if n < FOLD_EVERY // 2:
                store.make_ready()  # not due: nothing is done
        assert database.read_bytes() == before
        store.make_ready()
        assert database.stat().st_size > len(before)
        assert store.waiting().letters == FOLD_EVERY


def test_a_log_of_zeros_behind_the_last_frame_is_read_to_the_last_frame(tmp_path: Path) -> None:
    """As a power cut leaves it: the copied files are opened as they lay, log and all."""
    aside = tmp_path / "after the cut"
    aside.mkdir()
    with a_store(tmp_path / "store") as store:
        for n in range(5):
            store.accept(application(f"C{n}"), subject=f"C{n}")
        for path in (tmp_path / "store").glob("store.*"):
            if not path.name.endswith("-shm"):
                (aside / path.name).write_bytes(path.read_bytes())
    assert (aside / f"{STORE_FILE}-wal").stat().st_size == LOG_BYTES
    with a_store(aside) as store:
        assert [row.subject for row in store.letters()] == [f"C{n}" for n in range(5)]
