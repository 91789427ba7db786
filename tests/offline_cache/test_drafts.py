"""Drafts on the disk: one card, one terminal, one day."""

import datetime as dt
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from offline_cache.boot import Opened, open_store
from offline_cache.drafts import HALF_FILE
from offline_cache.rescue import STORE_FILE
from offline_cache.store import SqlStore
from tests.offline_cache.world import IDENTITY, NAME, SMALL_STORE, START, HandClock, a_store, application, opened
from trust.drafts import DraftSecret
from trust.sealing import SealBroken
from wire.deeds import Accepted
from wire.drafts import MOST_HOURS, Draft, draft_context, read_draft, write_draft

CARD, OTHER_CARD = (hashlib.sha256(name).digest() for name in (b"card", b"other"))
TYPED = "标记路九十九弄九号"
HOURS = 24


def a_draft(version: int = 1, item: str = "senior-card") -> Draft:
    values = {"residence.address": TYPED, "contact.phone": "13800000000"}
    return Draft(item=item, version=version, consented_at=START, values=values, section=1)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(tmp_path: Path, clock: HandClock) -> Iterator[SqlStore]:
    with a_store(tmp_path, clock) as store:
        yield store


def rows(folder: Path) -> list[tuple[object, ...]]:
    with dbapi2.connect(str(folder / STORE_FILE)) as connection:
        found = connection.execute("SELECT name, version, expires, body FROM drafts").fetchall()
    connection.close()
    return found


def test_the_same_card_finds_it_within_its_time_also_after_a_restart(tmp_path: Path, clock: HandClock) -> None:
    with a_store(tmp_path, clock) as store:
        assert store.drafts.keep(CARD, a_draft(), HOURS)
        assert store.drafts.find(CARD, "senior-card", 1) == a_draft()
    clock.pass_(HOURS * 3600 - 1)
    with a_store(tmp_path, clock) as store:
        assert store.drafts.find(CARD, "senior-card", 1) == a_draft()


def test_no_other_card_no_other_item(store: SqlStore) -> None:
    store.drafts.keep(CARD, a_draft(), HOURS)
    assert store.drafts.find(OTHER_CARD, "senior-card", 1) is None
    assert store.drafts.find(CARD, "other-item", 1) is None
    assert store.drafts.find(CARD, "senior-card", 1) is not None


def test_the_disk_alone_reads_nothing_and_names_nobody(tmp_path: Path, store: SqlStore) -> None:
    store.drafts.keep(CARD, a_draft(), HOURS)
    ((name, version, _expires, body),) = rows(tmp_path)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for told in (TYPED, NAME, "13800000000", "senior-card"):
        assert told.encode() not in written
    for guess in (CARD, CARD.hex().encode(), hashlib.sha256(CARD).digest()):
        assert guess not in written
    assert isinstance(name, str)
    assert isinstance(body, bytes)
    thief = DraftSecret.load(tmp_path / HALF_FILE)
    with pytest.raises(SealBroken):
        thief.open(OTHER_CARD, body, context=draft_context("senior-card", version, START + dt.timedelta(hours=HOURS)))


def test_with_the_card_alone_another_terminal_opens_nothing(tmp_path: Path, store: SqlStore, clock: HandClock) -> None:
    store.drafts.keep(CARD, a_draft(), HOURS)
    ((name, version, expires, body),) = rows(tmp_path)
    with a_store(tmp_path / "elsewhere", clock) as other:
        other.drafts.keep(CARD, a_draft(item="another"), HOURS)  # it has its own half
        with dbapi2.connect(str(tmp_path / "elsewhere" / STORE_FILE)) as connection:
            connection.execute(
                "INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?)",
                (other.drafts.name(CARD, "senior-card"), version, expires, expires, body,
                 hashlib.sha256(body).hexdigest()),
            )  # fmt: skip
        connection.close()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("offline_cache.drafts.log.warning", lambda *_: None)
            assert other.drafts.find(CARD, "senior-card", 1) is None
    assert name != other.drafts.name(CARD, "senior-card")


def test_after_its_time_it_is_gone_and_nothing_is_left(tmp_path: Path, store: SqlStore, clock: HandClock) -> None:
    store.drafts.keep(CARD, a_draft(), HOURS)
    clock.pass_(HOURS * 3600)
    assert store.drafts.find(CARD, "senior-card", 1) is None
    assert rows(tmp_path) == []


def test_the_clock_deletes_it_without_anybody_asking(tmp_path: Path, store: SqlStore, clock: HandClock) -> None:
    store.drafts.keep(CARD, a_draft(), HOURS)
    clock.pass_(3600)
    store.drafts.keep(OTHER_CARD, a_draft(), HOURS)
    assert store.drafts.sweep() == 0
    clock.pass_(23 * 3600)
    assert store.drafts.sweep() == 1
    assert store.drafts.find(OTHER_CARD, "senior-card", 1) is not None
    clock.pass_(3600)
    assert store.drafts.sweep() == 1
    assert rows(tmp_path) == []


def test_a_boot_deletes_what_is_over(tmp_path: Path, clock: HandClock) -> None:
    with a_store(tmp_path, clock) as store:
        store.drafts.keep(CARD, a_draft(), HOURS)
    clock.pass_(HOURS * 3600 + 1)
    with a_store(tmp_path, clock):
        assert rows(tmp_path) == []


def test_a_clock_set_back_keeps_nothing_longer_than_any_draft_may(
    tmp_path: Path, store: SqlStore, clock: HandClock
) -> None:
    store.drafts.keep(CARD, a_draft(), HOURS)
    clock.jump(dt.timedelta(days=-30))
    assert store.drafts.sweep() == 1
    assert rows(tmp_path) == []


def test_a_clock_set_back_gives_out_nothing_either_before_it_is_swept(
    tmp_path: Path, store: SqlStore, clock: HandClock
) -> None:
    store.drafts.keep(CARD, a_draft(), HOURS)
    clock.jump(dt.timedelta(days=-30))
    assert store.drafts.find(CARD, "senior-card", 1) is None
    assert rows(tmp_path) == []


def test_no_draft_is_kept_longer_than_the_longest(tmp_path: Path, store: SqlStore, clock: HandClock) -> None:
    store.drafts.keep(CARD, a_draft(), 24 * 365)
    clock.pass_(MOST_HOURS * 3600)
    assert store.drafts.sweep() == 1


def test_a_second_one_stands_in_the_place_of_the_first(tmp_path: Path, store: SqlStore) -> None:
    store.drafts.keep(CARD, a_draft(), HOURS)
    second = a_draft().model_copy(update={"values": {"contact.phone": "1"}})
    store.drafts.keep(CARD, second, HOURS)
    assert len(rows(tmp_path)) == 1
    assert store.drafts.find(CARD, "senior-card", 1) == second


def test_the_letter_ends_it_in_the_same_transaction(tmp_path: Path, store: SqlStore) -> None:
    store.drafts.keep(CARD, a_draft(), HOURS)
    name = store.drafts.name(CARD, "senior-card")
    assert name == rows(tmp_path)[0][0]
    assert isinstance(store.accept(application("C1"), subject="C1", draft=name), Accepted)
    assert rows(tmp_path) == []
    assert store.drafts.find(CARD, "senior-card", 1) is None


def test_started_anew_it_is_deleted(tmp_path: Path, store: SqlStore) -> None:
    store.drafts.keep(CARD, a_draft(), HOURS)
    store.drafts.drop(CARD, "senior-card")
    assert rows(tmp_path) == []


def test_of_another_version_it_is_dropped(tmp_path: Path, store: SqlStore) -> None:
    store.drafts.keep(CARD, a_draft(version=1), HOURS)
    assert store.drafts.find(CARD, "senior-card", 2) is None
    assert rows(tmp_path) == []


LIES = {
    "body": "UPDATE drafts SET body = zeroblob(4096)",
    "body and its hash": "UPDATE drafts SET body = zeroblob(64), sha256 = "
    "'f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b'",
    "a later end": "UPDATE drafts SET expires = '2026-11-24T00:00:00.000000+00:00'",
    "no time": "UPDATE drafts SET expires = 'soon'",
    "text for bytes": "UPDATE drafts SET body = 'text'",
    "version": "UPDATE drafts SET version = 7",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_changed_row_is_as_if_it_were_not_there_and_the_log_names_nobody(
    tmp_path: Path, store: SqlStore, lie: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.drafts.keep(CARD, a_draft(version=7 if lie == "version" else 1), HOURS)
    name = store.drafts.name(CARD, "senior-card")
    with dbapi2.connect(str(tmp_path / STORE_FILE)) as connection:
        connection.execute(LIES[lie] if lie != "version" else "UPDATE drafts SET version = 1")
    connection.close()
    told: list[str] = []
    monkeypatch.setattr("offline_cache.drafts.log.warning", lambda text, *args: told.append(text % args))
    assert store.drafts.find(CARD, "senior-card", 1) is None
    assert len(told) == 1
    assert name not in told[0]
    assert store.drafts.find(CARD, "senior-card", 1) is None
    assert len(told) == 1  # deleted, not met again
    assert rows(tmp_path) == []


@pytest.mark.log_warnings_expected
def test_a_disk_that_takes_nothing_means_no_draft_and_no_waiting(
    store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.drafts.keep(OTHER_CARD, a_draft(), HOURS)
    with store._database.reading() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")  # SQLite's own read-only: SQLITE_READONLY on every write
    assert not store.drafts.keep(CARD, a_draft(), HOURS)
    store.drafts.drop(OTHER_CARD, "senior-card")
    assert store.drafts.find(OTHER_CARD, "senior-card", 1) is not None


@pytest.mark.log_warnings_expected
def test_a_folder_that_takes_no_file_means_no_draft(
    store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "read-only")

    monkeypatch.setattr("trust.drafts.write_private", refuse)
    assert not store.drafts.keep(CARD, a_draft(), HOURS)
    assert store.drafts.name(CARD, "senior-card") == ""
    assert store.drafts.find(CARD, "senior-card", 1) is None
    monkeypatch.undo()
    assert store.drafts.keep(CARD, a_draft(), HOURS)


@pytest.mark.log_warnings_expected
def test_a_half_that_cannot_be_read_is_made_anew(tmp_path: Path, clock: HandClock) -> None:
    with a_store(tmp_path, clock) as store:
        store.drafts.keep(CARD, a_draft(), HOURS)
    (tmp_path / HALF_FILE).write_bytes(b"half of a half")
    with a_store(tmp_path, clock) as store:
        assert store.drafts.find(CARD, "senior-card", 1) is None
        assert store.drafts.keep(CARD, a_draft(), HOURS)
        assert store.drafts.find(CARD, "senior-card", 1) == a_draft()


def test_a_store_from_before_drafts_opens_and_keeps_them(tmp_path: Path, clock: HandClock) -> None:
    with a_store(tmp_path, clock) as store:
        store.accept(application("C1"), subject="C1")
    with dbapi2.connect(str(tmp_path / STORE_FILE)) as connection:
        connection.execute("DROP TABLE drafts")
    connection.close()
    with a_store(tmp_path, clock) as store:
        assert store.waiting().letters == 1
        assert store.drafts.keep(CARD, a_draft(), HOURS)
        assert store.drafts.find(CARD, "senior-card", 1) == a_draft()


def damaged(folder: Path, clock: HandClock, *, whole: bool = False) -> Opened:
    """The store as it is opened after its file was damaged: wholly, or where the receipt chain is kept."""
    file = folder / STORE_FILE
    if whole:
        file.write_bytes(b"not a database any more" * 400)
    else:
        held = bytearray(file.read_bytes())
        page = next(n for n in range(len(held) // 4096 - 1, 0, -1) if b"receipt chain" in held[n * 4096 :][:4096])
        held[page * 4096 : (page + 1) * 4096] = b"\xa5" * 4096
        file.write_bytes(held)
    outcome = open_store(folder, IDENTITY, clock, SMALL_STORE)
    assert isinstance(outcome, Opened)
    assert outcome.report.damage is not None
    return outcome


def retired(folder: Path) -> list[Path]:
    return list(folder.glob("draft.before-*"))


def test_a_damaged_stores_drafts_are_rescued_under_a_secret_that_soon_goes(tmp_path: Path, clock: HandClock) -> None:
    with a_store(tmp_path, clock) as store:
        store.drafts.keep(CARD, a_draft(), HOURS)
        store.drafts.keep(OTHER_CARD, a_draft(), HOURS)
        store.accept(application("C1"), subject="C1")
    outcome = damaged(tmp_path, clock)
    store = outcome.store
    assert outcome.report.damage is not None
    assert (outcome.report.damage.drafts, outcome.report.damage.drafts_lost) == (2, 0)
    assert not (tmp_path / HALF_FILE).exists()
    assert len(retired(tmp_path)) == 1
    assert store.drafts.find(CARD, "senior-card", 1) == a_draft()
    assert (tmp_path / HALF_FILE).exists()  # sealed anew
    assert store.drafts.find(CARD, "senior-card", 1) == a_draft()
    store.drafts.drop(OTHER_CARD, "senior-card")
    assert store.drafts.find(OTHER_CARD, "senior-card", 1) is None
    store.close()
    with a_store(tmp_path, clock) as store:
        assert store.drafts.find(CARD, "senior-card", 1) == a_draft()
        clock.pass_(HOURS * 3600)
        assert store.drafts.find(CARD, "senior-card", 1) is None  # its end did not move
        clock.pass_((MOST_HOURS - HOURS) * 3600)
        store.drafts.sweep()
        assert retired(tmp_path) == []


def test_after_a_second_damage_both_secrets_still_open(tmp_path: Path, clock: HandClock) -> None:
    for card in (CARD, OTHER_CARD):
        with a_store(tmp_path, clock) as store:
            store.drafts.keep(card, a_draft(), HOURS)
            store.accept(application(card.hex()), subject="C1")
        clock.pass_(5)
        damaged(tmp_path, clock).store.close()
    with a_store(tmp_path, clock) as store:
        assert len(retired(tmp_path)) == 2
        assert store.drafts.find(CARD, "senior-card", 1) == a_draft()
        assert store.drafts.find(OTHER_CARD, "senior-card", 1) == a_draft()


def test_a_changed_draft_is_counted_and_left_behind(tmp_path: Path, clock: HandClock) -> None:
    with a_store(tmp_path, clock) as store:
        store.drafts.keep(CARD, a_draft(), HOURS)
        store.accept(application("C1"), subject="C1")
    with dbapi2.connect(str(tmp_path / STORE_FILE)) as connection:
        connection.execute("UPDATE drafts SET body = x'00'")
    connection.close()
    outcome = damaged(tmp_path, clock)
    assert outcome.report.damage is not None
    assert (outcome.report.damage.drafts, outcome.report.damage.drafts_lost) == (0, 1)
    outcome.store.close()


def test_a_store_that_cannot_be_read_at_all_has_no_drafts(tmp_path: Path, clock: HandClock) -> None:
    with a_store(tmp_path, clock) as store:
        store.drafts.keep(CARD, a_draft(), HOURS)
    outcome = damaged(tmp_path, clock, whole=True)
    assert outcome.report.damage is not None
    assert outcome.report.damage.drafts == 0
    assert outcome.store.drafts.find(CARD, "senior-card", 1) is None
    outcome.store.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.offline_cache.test_drafts import CARD, HOURS, a_draft
from tests.offline_cache.world import opened
store = opened(Path(sys.argv[1]))
kept = 0
while True:
    draft = a_draft().model_copy(update={"section": kept % 100})
    if store.drafts.keep(CARD, draft, HOURS):
        kept += 1
        os.write(1, b"%d\\n" % kept)
"""


def test_killed_while_sealing_the_last_whole_one_is_there(tmp_path: Path) -> None:
    for kill_after in (1, 5, 17):
        with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            for _ in range(kill_after):
                child.stdout.readline()
            child.kill()
            said = kill_after + len(child.stdout.read().splitlines())
        store = opened(tmp_path)
        found = store.drafts.find(CARD, "senior-card", 1)
        store.close()
        assert found is not None
        assert found.section in {(said - 1) % 100, said % 100}  # the last that was told, or the one under way
        assert len(rows(tmp_path)) == 1


@given(
    st.builds(
        Draft,
        item=st.text(min_size=1, max_size=40),
        version=st.integers(0, 1000),
        consented_at=st.datetimes(timezones=st.just(dt.UTC)),
        values=st.dictionaries(st.text(max_size=20), st.text(max_size=60), max_size=8),
        section=st.integers(0, 100),
    )
)
def test_a_draft_is_read_as_it_was_written(draft: Draft) -> None:
    assert read_draft(write_draft(draft)) == draft
    assert TYPED not in repr(a_draft())


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_a_draft_or_none(data: bytes) -> None:
    read_draft(data)
