"""The store as the mind uses it."""

import datetime as dt
import hashlib
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from kiosk import ports
from offline_cache.central_link import CentralLink
from offline_cache.citizen_codes import CitizenCodes
from offline_cache.database import DiskRefused
from offline_cache.deeds import DeedMisuse
from offline_cache.drafts import SealedDrafts
from offline_cache.outbox import Sealed
from offline_cache.store import SqlStore, StoreSettings
from tests.offline_cache.world import (
    KEYS,
    NAME,
    NUMBER,
    SMALL_STORE,
    START,
    HandClock,
    Keys,
    a_mirror,
    a_store,
    application,
    collected,
    deed,
    opened,
)
from trust.sealing import open_sealed
from trust.tags import ScryptTags
from wire.deeds import Accepted, DeedId, DeedState, Refused, StoreBroken, StoreRefused, Waiting
from wire.letters import Application
from wire.messages import SMALL_LETTER, Ack, AckState
from wire.packing import unpack


@pytest.mark.parametrize(
    ("port", "ours"),
    [
        (ports.Store, SqlStore),
        (ports.Drafts, SealedDrafts),
        (ports.Central, CentralLink),
        (ports.Codes, CitizenCodes),
        (ports.Tags, ScryptTags),
    ],
)
def test_the_ports_are_met_to_the_parameter(port: type, ours: type) -> None:
    names = [name for name, value in vars(port).items() if inspect.isfunction(value) and not name.startswith("_")]
    assert names
    for name in names:
        if name != "__init__":
            assert list(inspect.signature(getattr(ours, name)).parameters.values()) == list(
                inspect.signature(getattr(port, name)).parameters.values()
            ), name


def sealed_in(store: SqlStore) -> list[Sealed]:
    return [*store.next_small(64, 1 << 30), *filter(None, [store.next_large()])]


def body_of(store: SqlStore, letter: Sealed) -> bytes:
    return letter.body if letter.body is not None else store.piece(letter, 0, letter.size)


@pytest.mark.parametrize("size", [10, 1000, 150_000, 190_000, 250_000, 3_000_000])
def test_a_letter_is_kept_sealed_and_only_central_opens_it(tmp_path: Path, size: int) -> None:
    contents = application("C1", size)
    with a_store(tmp_path) as store:
        assert isinstance(store.accept(contents, subject="C1"), Accepted)
    with a_store(tmp_path) as store:
        (letter,) = sealed_in(store)
        assert (letter.body is None) == (letter.size > SMALL_LETTER)
        body = body_of(store, letter)
        assert len(body) == letter.size
        assert hashlib.sha256(body).hexdigest() == letter.sha256
        plain = open_sealed(KEYS.seal, body, header=letter.id.encode())
        assert unpack(plain, TypeAdapter(Application)) == contents


def test_no_file_shows_anything_of_the_person(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        store.accept(application("C1", 100), subject="C1", promises=[deed()])
        store.accept(application("C2", 500_000), subject="C2")
        everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (NAME, NUMBER, "13800000000"):
        for coding in ("utf-8", "gb18030", "utf-16-le"):
            assert secret.encode(coding) not in everything


def test_letter_and_promises_are_one_transaction(tmp_path: Path) -> None:
    """When a promise cannot be written, neither is the letter; a body file does not stay behind either."""
    with a_store(tmp_path) as store:
        store.promise(deed("D1"))
        for size in (100, 500_000):
            with pytest.raises(DeedMisuse):
                store.accept(application("C1", size), subject="C1", promises=[deed("D2"), deed("D1")])
        assert store.waiting() == Waiting()
        assert [row.deed.id for row in store.deeds()] == ["D1"]
        assert store.chain() == (0, "0" * 64)
        assert list((tmp_path / "letters").iterdir()) == []


def test_the_receipt_chain_moves_with_the_letter(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        assert store.chain() == (0, "0" * 64)
        store.accept(application("C1"), subject="C1")
        store.accept(collected(), subject="T1")
        assert store.chain() == (1, hashlib.sha256(b"NT1.C1").hexdigest())
        store.accept(application("C2"), subject="C2")
    with a_store(tmp_path) as store:
        assert store.chain() == (2, hashlib.sha256(b"NT1.C2").hexdigest())


def test_a_letter_beyond_what_central_takes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offline_cache.store.LARGEST_LETTER", 1_000_000)
    with a_store(tmp_path) as store:
        assert store.accept(application("C1", 2_000_000), subject="C1") == Refused(StoreRefused.TOO_LARGE)
        assert isinstance(store.accept(application("C1", 300_000), subject="C1"), Accepted)
        assert store.waiting().letters == 1


def test_waiting_counts_what_is_not_acknowledged(tmp_path: Path) -> None:
    clock = HandClock()
    with a_store(tmp_path, clock) as store:
        assert store.waiting() == Waiting()
        store.accept(application("C1"), subject="C1")
        clock.pass_(60)
        store.accept(application("C2", 400_000), subject="C2")
        small, large = sealed_in(store)
        assert store.waiting() == Waiting(2, 0, small.size + large.size, START)
        assert store.apply([acked(large)]) == 1
        assert store.waiting() == Waiting(1, 0, small.size, START)
        store.park(small.id, "letter.damaged")
        assert store.waiting() == Waiting(0, 1, small.size, START)


def acked(letter: Sealed, state: AckState = AckState.RECEIVED, sha256: str = "") -> Ack:
    return Ack(id=letter.id, sha256=sha256 or letter.sha256, state=state, received_at=START)


def test_an_acknowledgement_of_other_bytes_lets_go_of_nothing(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        store.accept(application("C1"), subject="C1")
        (letter,) = sealed_in(store)
        assert store.apply([acked(letter, sha256="0" * 64)]) == 0
        assert store.waiting().letters == 1
        assert store.apply([acked(letter)]) == 1
        assert store.apply([acked(letter)]) == 0


# ---- deeds --------------------------------------------------------------------------------------------------


def test_a_deed_goes_through_its_states_and_survives(tmp_path: Path) -> None:
    clock = HandClock()
    with a_store(tmp_path, clock) as store:
        assert isinstance(store.promise(deed("D1")), Accepted)
        clock.pass_(1)
        store.mark(DeedId("D1"), DeedState.BEGUN)
        store.mark(DeedId("D1"), DeedState.BEGUN)
    with a_store(tmp_path, clock) as store:
        (row,) = store.open_deeds()
        assert row.deed == deed("D1")
        assert (row.state, row.promised_at) == (DeedState.BEGUN, START)
        assert row.changed_at == START + dt.timedelta(seconds=1)
        store.mark(DeedId("D1"), DeedState.DONE, "taken")
        assert store.open_deeds() == ()
        assert [(each.state, each.note) for each in store.deeds()] == [(DeedState.DONE, "taken")]


def test_a_deed_and_the_letter_that_tells_of_its_end_are_one(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        store.promise(deed("D1"))
        store.settle(DeedId("D1"), DeedState.DONE, collected(), subject="T1")
        assert store.open_deeds() == ()
        assert store.waiting().letters == 1
        with pytest.raises(DeedMisuse):
            store.settle(DeedId("D2"), DeedState.DONE, collected("T2"), subject="T2")
        assert store.waiting().letters == 1
        assert store.tickets_gone() == {"T1"}


def test_an_end_is_an_end_but_for_the_unknown(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        for name, end in (("D1", DeedState.DONE), ("D2", DeedState.UNKNOWN)):
            store.promise(deed(name))
            store.settle(DeedId(name), end, None, subject="C1")
        with pytest.raises(DeedMisuse):
            store.mark(DeedId("D1"), DeedState.FAILED)
        store.mark(DeedId("D2"), DeedState.VOID, "found in the tray")
        with pytest.raises(DeedMisuse):
            store.mark(DeedId("D3"), DeedState.BEGUN)


# ---- counters, codes, mirror --------------------------------------------------------------------------------


def test_a_number_is_never_given_twice(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        assert [store.next_number("case") for _ in range(3)] == [1, 2, 3]
        assert store.next_number("serial") == 1
    with a_store(tmp_path) as store:
        assert store.next_number("case") == 4


def test_a_code_is_new_once(tmp_path: Path) -> None:
    clock = HandClock()
    expires = START + dt.timedelta(minutes=10)
    with a_store(tmp_path, clock) as store:
        assert store.first_use("code-1", expires)
        assert not store.first_use("code-1", expires)
        assert store.first_use("code-2", expires)
    clock.pass_(1200)
    with a_store(tmp_path, clock) as store:
        assert not store.first_use("code-1", expires)  # a clock set back must not make it new
        clock.pass_(3 * 86400)
        store.first_use("code-3", expires + dt.timedelta(days=9))
        with store._database.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM used_codes").scalar_one() == 1


def test_a_ticket_emptied_here_is_remembered_until_central_knows(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        assert store.take_mirror(a_mirror(1, "T1", "T2"))
        store.accept(collected("T1"), subject="T1")
        store.accept(collected("T2", "not_taken"), subject="T2")
        assert store.tickets_gone() == {"T1"}
        store.take_mirror(a_mirror(2, "T1", "T2"))
        assert store.tickets_gone() == {"T1"}
    with a_store(tmp_path) as store:
        assert store.tickets_gone() == {"T1"}
        store.take_mirror(a_mirror(3, "T2"))
        assert store.tickets_gone() == frozenset()


def test_who_looks_while_a_mirror_is_switched_finds_no_emptied_ticket_listed(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        store.take_mirror(a_mirror(1, "T1"))
        store.accept(collected("T1"), subject="T1")
        real, seen = store._database.transaction, []

        @contextmanager
        def transaction() -> Iterator[Any]:
            with real() as connection:
                yield connection
            seen.append((store.tickets_gone(), store.mirror().tickets))  # on disk, and not yet come back

        store._database.transaction = transaction
        assert store.take_mirror(a_mirror(2))
    assert seen == [(frozenset(), ())]


def test_a_mirror_that_the_disk_refuses_leaves_the_last_good_one_and_its_keys(tmp_path: Path) -> None:
    newer = Keys()
    with a_store(tmp_path) as store:
        store.take_mirror(a_mirror(1, "T1"))
        before = (store.mirror(), store.mirror_seen(), str(store.keyring()))
        real = store._database.transaction

        @contextmanager
        def transaction() -> Iterator[Any]:
            with real() as connection:
                yield connection
                raise DiskRefused(StoreRefused.FULL, "at the very end")

        store._database.transaction = transaction
        with pytest.raises(StoreBroken):
            store.take_mirror(a_mirror(2, keys=newer.public()))
        store._database.transaction = real
        assert (store.mirror(), store.mirror_seen(), str(store.keyring())) == before
        store.accept(application("C1"), subject="C1")
        (letter,) = sealed_in(store)
        assert open_sealed(KEYS.seal, letter.body, header=letter.id.encode())


def test_the_last_good_mirror_is_kept(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        assert store.mirror() is None
        assert store.take_mirror(a_mirror(5, "T1"))
        assert not store.take_mirror(a_mirror(4))
        assert not store.take_mirror(a_mirror(6, terminal="terminal-2"))
        assert not store.take_mirror(a_mirror(6, keys=(KEYS.code.public("sign.ack").model_copy(update={"key": "?"}),)))
        assert store.take_mirror(a_mirror(2, "T1", as_of=START + dt.timedelta(days=1)))  # central came from a backup
    with a_store(tmp_path) as store:
        assert store.mirror().version == 2


def test_when_central_was_last_heard_is_known_after_a_restart(tmp_path: Path) -> None:
    clock = HandClock()
    with a_store(tmp_path, clock) as store:
        store.take_mirror(a_mirror())
        clock.pass_(3600)
        store.confirm_mirror()
        heard = store.mirror_seen()
        clock.pass_(60)
        store.tend()
    assert heard == START + dt.timedelta(hours=1)
    with a_store(tmp_path, clock) as store:
        assert store.mirror_seen() == heard


def test_a_mirror_whose_bytes_changed_is_none(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        store.take_mirror(a_mirror(1, "T1"))
        with store._database.transaction() as connection:
            connection.exec_driver_sql("UPDATE mirrors SET body = CAST(replace(body, 'T1', 'T9') AS BLOB)")
    with a_store(tmp_path) as store:
        assert store.mirror() is None


def test_letters_are_sealed_to_the_mirrors_keys_once_it_has_some(tmp_path: Path) -> None:
    newer = Keys()
    with a_store(tmp_path) as store:
        store.take_mirror(a_mirror(1, keys=newer.public()))
        store.accept(application("C1"), subject="C1")
        (letter,) = sealed_in(store)
        assert open_sealed(newer.seal, letter.body, header=letter.id.encode())


def test_expired_sealing_keys_still_take_letters(tmp_path: Path) -> None:
    """A clock that has run away must not stop a citizen; central keeps its old keys."""
    clock = HandClock()
    over = KEYS.seal.public(not_after=START)
    with a_store(tmp_path, clock) as store:
        store.take_mirror(a_mirror(1, keys=(KEYS.ack.public("sign.ack"), over)))
        clock.jump(dt.timedelta(days=4000))
        assert isinstance(store.accept(application("C1"), subject="C1"), Accepted)


# ---- tending ------------------------------------------------------------------------------------------------


def test_what_is_long_over_is_forgotten_and_nothing_else(tmp_path: Path) -> None:
    clock = HandClock()
    with a_store(tmp_path, clock, StoreSettings(64 * 1024, dt.timedelta(days=30))) as store:
        store.accept(application("C1"), subject="C1")
        store.apply([acked(letter) for letter in sealed_in(store)])
        store.accept(application("C2"), subject="C2")
        for name in ("D1", "D2"):
            store.promise(deed(name))
        store.mark(DeedId("D1"), DeedState.DONE)
        clock.pass_(29 * 86400)
        store.tend()
        assert len(store.deeds()) == 2
        clock.pass_(2 * 86400)
        store.tend()
        assert [row.deed.id for row in store.deeds()] == ["D2"]
        assert store.waiting().letters == 1
        with store._database.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM letters").scalar_one() == 1


def test_a_new_letter_is_told_after_it_is_written(tmp_path: Path) -> None:
    seen: list[int] = []
    with a_store(tmp_path) as store:
        store.call_on_letter(lambda: seen.append(store.waiting().letters))
        store.accept(application("C1"), subject="C1")
        store.promise(deed("D1"))
        store.settle(DeedId("D1"), DeedState.DONE, collected(), subject="T1")
    assert seen == [1, 2]


def test_one_folder_one_program(tmp_path: Path) -> None:
    from offline_cache.boot import Unusable, WhyUnusable, open_store
    from tests.offline_cache.world import IDENTITY

    with a_store(tmp_path):
        second = open_store(tmp_path, IDENTITY, HandClock(), SMALL_STORE)
        assert isinstance(second, Unusable)
        assert second.reason is WhyUnusable.IN_USE
    opened(tmp_path).close()
