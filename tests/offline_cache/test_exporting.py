"""A letter that cannot be sent is carried by hand: sealed, signed, whole, and still here afterwards."""

import errno
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_cache import outbox
from offline_cache.store import SqlStore
from tests.offline_cache.world import IDENTITY, KEYS, NAME, START, TERMINAL_KEY, a_store, application
from trust.keys import USE_TERMINAL, KeyRing
from trust.sealing import open_sealed
from wire.canonical import sha256_hex
from wire.deeds import Accepted
from wire.exported import MAGIC, NotALetter, body, head, read_head, signed_bytes
from wire.ids import LetterId
from wire.messages import Ack, AckState

RING = KeyRing([TERMINAL_KEY.public(USE_TERMINAL)])


def parked(store: SqlStore, size: int) -> LetterId:
    outcome = store.accept(application("C1", size), subject="C1")
    assert isinstance(outcome, Accepted)
    store.park(outcome.letter, outbox.PARKED_CONFLICT)
    return outcome.letter


@pytest.mark.parametrize("size", [100, 3_000_000])
def test_an_exported_letter_is_whole_signed_and_opens_at_central_only(tmp_path: Path, size: int) -> None:
    file = tmp_path / "stick" / "letter"
    file.parent.mkdir()
    with a_store(tmp_path / "store") as store:
        letter = parked(store, size)
        assert store.export(letter, file)
        assert store.waiting().parked == 1
        assert store.unpark(letter)
    assert [path.name for path in file.parent.iterdir()] == ["letter"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert NAME.encode() not in file.read_bytes()
    with file.open("rb") as came:
        told = read_head(came)
        sealed = b"".join(body(came))
    assert RING.verify(USE_TERMINAL, told.kid, signed_bytes(told.header), told.signature, START)
    assert (told.header.id, told.header.terminal) == (letter, IDENTITY.terminal)
    assert (told.header.size, told.header.sha256) == (len(sealed), sha256_hex(sealed))
    assert NAME.encode() in open_sealed(KEYS.seal, sealed, header=letter.encode())


def test_a_letter_that_is_not_here_or_gone_is_not_exported(tmp_path: Path) -> None:
    file = tmp_path / "letter"
    with a_store(tmp_path / "store") as store:
        assert not store.export(LetterId("no such letter"), file)
        letter = parked(store, 400_000)
        (tmp_path / "store" / "letters" / f"{letter}.sealed").unlink()
        assert not store.export(letter, file)
        small = parked(store, 100)
        sha256 = next(row for row in store.letters() if row.id == small)
        acked = store.export(small, file)
        assert acked
        assert sha256.id == small
        with file.open("rb") as came:
            told = read_head(came).header
        store.apply([Ack(id=small, sha256=told.sha256, state=AckState.RECEIVED, received_at=START)])
        assert not store.export(small, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_letter_that_a_stick_does_not_keep_for_good_is_not_said_to_be_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    (tmp_path / "stick").mkdir()
    with a_store(tmp_path / "store") as store:
        letter = parked(store, 100)
        with monkeypatch.context() as patched:
            patched.setattr("offline_cache.exporting.os.fsync", fail)
            with pytest.raises(OSError, match=os.strerror(errno.EIO)):
                store.export(letter, tmp_path / "stick" / "letter")
        assert list((tmp_path / "stick").iterdir()) == []
        assert store.export(letter, tmp_path / "stick" / "letter")


def test_a_stick_that_is_full_leaves_no_half_letter(tmp_path: Path) -> None:
    with a_store(tmp_path / "store") as store:
        letter = parked(store, 100)
        with pytest.raises(OSError, match="No such file"):
            store.export(letter, tmp_path / "no stick" / "letter")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for text in (data, MAGIC + data, MAGIC + data + b"\n"):
        with pytest.raises(NotALetter):
            read_head(io.BytesIO(text))


def test_a_head_that_never_ends_is_not_read_to_its_end() -> None:
    file = io.BytesIO(MAGIC + b"[" * 1_000_000)
    with pytest.raises(NotALetter):
        read_head(file)
    assert file.tell() < 10_000


def test_the_head_is_one_line(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        parked(store, 100)
        header = store.header(store.next_small(1, 1 << 20)[0]) if store.unpark(store.letters()[0].id) else None
    assert header is not None
    assert head(header, "k", b"s" * 64).count(b"\n") == 2
