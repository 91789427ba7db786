"""Damaged databases: set aside, said, and what can be read goes on; never an empty store unsaid."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from offline_cache import outbox, rescue
from offline_cache.boot import BootReport, Opened, Unusable, WhyUnusable, open_store
from offline_cache.database import DiskRefused
from offline_cache.store import SqlStore
from tests.offline_cache.world import IDENTITY, SMALL_STORE, HandClock, a_mirror, a_store, application, deed
from wire.deeds import Accepted, StoreBroken, StoreRefused

ROOT = Path(__file__).resolve().parents[2]
STORE = rescue.STORE_FILE


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


def test_a_store_that_is_gone_after_a_rescue_is_not_put_together_out_of_the_old_one(tmp_path: Path) -> None:
    filled(tmp_path, 2)
    path = tmp_path / STORE
    path.write_bytes(path.read_bytes()[:-4096])
    reopened(tmp_path)[0].close()
    for left in tmp_path.glob(f"{STORE}*"):
        left.unlink()
    clock = HandClock()
    clock.pass_(60)
    outcome = open_store(tmp_path, IDENTITY, clock, SMALL_STORE)
    assert isinstance(outcome, Opened)
    outcome.store.close()
    assert outcome.report.damage is not None
    assert (outcome.report.damage.what, outcome.report.damage.letters) == ("the file is gone", 0)


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
