"""Full disks, read-only disks, damaged databases: a clear word, nothing half-written, nothing empty unsaid."""

import errno
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from offline_cache import outbox, rescue
from offline_cache.boot import BootReport, Opened, Unusable, WhyUnusable, open_store
from offline_cache.database import DiskRefused
from offline_cache.reserve import Reserve
from offline_cache.store import SqlStore, StoreSettings
from tests.offline_cache.world import IDENTITY, SMALL_STORE, HandClock, a_mirror, a_store, application, collected, deed
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


def test_the_reserve_is_spent_once_and_laid_down_again(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path, 100_000)
    assert reserve.make()
    assert (tmp_path / "reserve").stat().st_size == 100_000
    assert reserve.spend()
    assert not reserve.spend()
    assert reserve.make()
    assert not Reserve(tmp_path / "other", 0).make()


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


# ---- damaged ------------------------------------------------------------------------------------------------


def filled(folder: Path, letters: int = 60) -> list[str]:
    """A store with letters small and large, deeds, counters and a mirror; the ids of its letters."""
    with a_store(folder) as store:
        for n in range(letters):
            size = 400_000 if n % 20 == 0 else 3000
            store.accept(application(f"C{n}", size), subject=f"C{n}", promises=[deed(f"D{n}")])
            store.next_number("case")
        store.first_use("code-1", HandClock().now())
        store.take_mirror(a_mirror(3, "T1"))
        return [row.id for row in store.letters(10_000)]


def reopened(folder: Path) -> tuple[SqlStore, BootReport]:
    outcome = open_store(folder, IDENTITY, HandClock(), SMALL_STORE)
    assert isinstance(outcome, Opened), outcome
    return outcome.store, outcome.report


def test_a_first_start_is_fresh_and_a_second_is_not(tmp_path: Path) -> None:
    store, report = reopened(tmp_path)
    assert report == BootReport(fresh=True)
    store.close()
    store, report = reopened(tmp_path)
    assert report == BootReport(fresh=False)
    store.close()


@pytest.mark.parametrize("harm", ["garbage", "empty", "gone", "header", "short"])
def test_a_destroyed_database_is_set_aside_and_said(tmp_path: Path, harm: str) -> None:
    filled(tmp_path)
    path = tmp_path / STORE
    before = path.read_bytes()
    match harm:
        case "garbage":
            path.write_bytes(b"this is no database at all. " * 400)
        case "empty":
            path.write_bytes(b"")
        case "gone":
            path.unlink()
        case "header":
            path.write_bytes(b"X" * 100 + before[100:])
        case "short":
            path.write_bytes(before[:300])
    left = path.read_bytes() if path.exists() else None
    store, report = reopened(tmp_path)
    try:
        assert not report.fresh
        assert report.damage is not None
        assert report.damage.what
        assert {"letters", "deeds", "counters"} <= set(report.damage.unread)
        assert left is None or (report.damage.set_aside / STORE).read_bytes() == left
        assert report.swept == 3  # the large bodies are set aside too: nothing sealed is deleted
        assert len(list(report.damage.set_aside.glob("*.sealed"))) == 3
        assert store.next_number("case") > 60, "a number was given twice"
        assert isinstance(store.accept(application("N"), subject="N"), Accepted)
    finally:
        store.close()
    store, report = reopened(tmp_path)
    assert report == BootReport()
    assert store.waiting().letters == 1
    store.close()


def test_a_truncated_database_gives_back_what_it_still_has(tmp_path: Path) -> None:
    ids = filled(tmp_path)
    path = tmp_path / STORE
    before = path.read_bytes()
    path.write_bytes(before[: len(before) * 2 // 3 // 4096 * 4096])
    store, report = reopened(tmp_path)
    try:
        assert report.damage is not None
        held = [row.id for row in store.letters(10_000)]
        assert 10 < len(held) == report.damage.letters < 60
        assert held == [letter for letter in ids if letter in held]
        assert "letters" in report.damage.unread
        assert (report.damage.set_aside / STORE).exists()
        assert len(store.next_small(1000, 1 << 30)) > 10
    finally:
        store.close()


def test_torn_pages_cost_only_what_they_held(tmp_path: Path) -> None:
    """Whole pages overwritten at random: whatever is read again is exactly what was written."""
    ids = filled(tmp_path / "sound")
    chance = random.Random(7)
    rescued = damaged = 0
    for turn in range(12):
        folder = tmp_path / f"torn-{turn}"
        shutil.copytree(tmp_path / "sound", folder)
        path = folder / STORE
        content = bytearray(path.read_bytes())
        pages = len(content) // 4096
        for page in chance.sample(range(1, pages), 3):
            content[page * 4096 : page * 4096 + 4096] = chance.randbytes(4096)
        path.write_bytes(content)
        store, report = reopened(folder)
        try:
            damaged += report.damage is not None
            rows = store.letters(10_000)
            assert [row.id for row in rows] == [letter for letter in ids if letter in {row.id for row in rows}]
            sendable = store.next_small(1000, 1 << 30)
            rescued += len(sendable)
            assert len(rows) + (report.damage.letters_lost if report.damage else 0) <= len(ids)
            assert isinstance(store.accept(application("N"), subject="N", promises=[deed("N")]), Accepted)
            assert len(store.open_deeds()) >= 1
        finally:
            store.close()
    assert damaged >= 10
    assert rescued > 12 * 25


def test_a_rescue_that_is_cut_short_is_finished_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cut at any of its steps: after the database is set aside, after its log is, before the new one has its name."""
    for step in ("sync_folder", "_copy_all", "new.replace"):
        folder = tmp_path / step
        filled(folder)
        path = folder / STORE
        content = bytearray(path.read_bytes())
        content[4096 * 8 : 4096 * 9] = bytes(4096)
        path.write_bytes(content)

        class Cut(Exception):
            pass

        def cut(*_: object) -> None:
            raise Cut

        with monkeypatch.context() as patched:
            if step == "new.replace":
                patched.setattr(Path, "replace", _cut_at_the_new_name(Path.replace, cut))
            else:
                patched.setattr(rescue, step, cut)
            with pytest.raises(Cut):
                open_store(folder, IDENTITY, HandClock(), SMALL_STORE)
        _let_go_of_locks(folder)
        store, report = reopened(folder)
        assert report.damage is not None
        assert report.damage.letters > 30
        assert store.waiting().letters == report.damage.letters
        store.close()
        store, report = reopened(folder)
        assert report.damage is None
        store.close()


def _cut_at_the_new_name(real: Callable[[Path, Path], Path], cut: Callable[[], None]) -> Callable[[Path, Path], Path]:
    def replace(self: Path, target: Path) -> Path:
        if self.name == rescue.NEW_FILE:
            cut()
        return real(self, target)

    return replace


def _let_go_of_locks(folder: Path) -> None:
    """What the end of the process does: the cut left the lock's file open in this one."""
    for link in Path("/proc/self/fd").iterdir():
        try:
            if link.readlink() == folder / "store.lock":
                os.close(int(link.name))
        except FileNotFoundError:
            continue


def test_a_flipped_bit_in_a_letter_is_found_by_its_sha256(tmp_path: Path) -> None:
    """quick_check does not see it; the letter is parked and the others go."""
    filled(tmp_path, 12)
    with a_store(tmp_path) as store:
        bodies = {letter.id: letter.body for letter in store.next_small(100, 1 << 30)}
    path = tmp_path / STORE
    content = bytearray(path.read_bytes())
    victim, body = next((letter, body) for letter, body in bodies.items() if body[-1500:] in content)
    content[content.index(body[-1500:]) + 700] ^= 0x10
    path.write_bytes(content)
    store, report = reopened(tmp_path)
    try:
        assert report.damage is None
        sendable = {letter.id for letter in store.next_small(100, 1 << 30)}
        assert sendable == bodies.keys() - {victim}
        assert [(row.id, row.reason) for row in store.letters() if row.state == "parked"] == [
            (victim, outbox.PARKED_DAMAGED)
        ]
    finally:
        store.close()


def test_files_of_letters_never_accepted_are_swept_and_missing_ones_told(tmp_path: Path) -> None:
    ids = filled(tmp_path, 22)
    (tmp_path / "letters" / f"{'0' * 8}-0000-7000-8000-{'0' * 12}.sealed").write_bytes(b"cut before its row")
    (tmp_path / "letters" / "x.part").write_bytes(b"cut while it was written")
    (tmp_path / "letters" / f"{ids[0]}.sealed").unlink()
    store, report = reopened(tmp_path)
    assert report == BootReport(swept=2, missing=1)
    assert [row.reason for row in store.letters(100) if row.id == ids[0]] == [outbox.PARKED_MISSING]
    assert len(list((tmp_path / "letters").iterdir())) == 1
    store.close()


def test_a_store_of_a_later_release_is_left_alone(tmp_path: Path) -> None:
    with a_store(tmp_path) as store, store._database.transaction() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = '99' WHERE key = 'schema'")
    before = (tmp_path / STORE).read_bytes()
    outcome = open_store(tmp_path, IDENTITY, HandClock(), SMALL_STORE)
    assert isinstance(outcome, Unusable)
    assert outcome.reason is WhyUnusable.NEWER
    assert (tmp_path / STORE).read_bytes() == before
    assert isinstance(open_store(tmp_path, IDENTITY, HandClock(), SMALL_STORE), Unusable)


def test_a_start_cut_while_the_store_was_first_made_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / STORE).write_bytes(b"")
    store, report = reopened(tmp_path)
    assert report.fresh
    store.close()


def test_disk_words_tell_the_file_from_the_disk() -> None:
    assert DiskRefused(StoreRefused.BROKEN, "x", is_file=True).is_file
    assert isinstance(DiskRefused(StoreRefused.FULL, "x"), StoreBroken)
