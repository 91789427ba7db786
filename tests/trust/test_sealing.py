"""Sealed letters."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trust.keys import USE_ACK, KeyFileBroken
from trust.sealing import (
    PIECE,
    Envelope,
    NoSealKey,
    SealBroken,
    Sealer,
    SealFault,
    SealingKey,
    WrapSuite,
    bucket,
    open_sealed,
    seal,
)

CENTRAL = SealingKey.generate()
OLDER = SealingKey.generate(WrapSuite.X25519)
STRANGER = SealingKey.generate()
SEALED = seal((CENTRAL.public(), OLDER.public()), "李㛃𬱖".encode() * 40, header=b"letter-1")


@given(st.binary(max_size=9000), st.binary(max_size=40))
def test_every_recipient_opens_what_was_sealed(plain: bytes, header: bytes) -> None:
    sealed = seal((CENTRAL.public(), OLDER.public()), plain, header=header)
    assert open_sealed(CENTRAL, sealed, header=header) == plain
    assert open_sealed(OLDER, sealed, header=header) == plain
    assert plain not in sealed or len(plain) < 5  # a few bytes may stand there by chance


@pytest.mark.parametrize("size", [PIECE - 9, PIECE - 8, PIECE - 7, 2 * PIECE, 3 * PIECE + 17])
def test_large_letters_are_cut_and_put_together(size: int) -> None:
    plain = bytes(range(256)) * (size // 256) + bytes(size % 256)
    sealer = Sealer(Envelope(CENTRAL.public(), header=b"id"), size)
    pieces = list(sealer.pieces(plain[i : i + 100_000] for i in range(0, size, 100_000)))
    assert max(map(len, pieces)) <= PIECE + 16
    sealed = b"".join(pieces)
    assert len(sealed) == sealer.sealed_size
    assert open_sealed(CENTRAL, sealed, header=b"id") == plain


@given(st.data())
def test_a_changed_letter_does_not_open(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SEALED) - 1))
    changed = bytearray(SEALED)
    changed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        open_sealed(CENTRAL, bytes(changed), header=b"letter-1")


@given(st.integers(0, len(SEALED) - 1))
def test_a_cut_letter_does_not_open(length: int) -> None:
    with pytest.raises(SealBroken):
        open_sealed(CENTRAL, SEALED[:length], header=b"letter-1")


@given(st.binary(max_size=400))
def test_any_bytes_are_survived(noise: bytes) -> None:
    for sealed in (noise, b"NTS1" + noise, SEALED + noise[1:]):
        assume(sealed != SEALED)
        with pytest.raises(SealBroken):
            open_sealed(CENTRAL, sealed, header=b"letter-1")


def test_pieces_cannot_be_dropped_or_moved() -> None:
    sealer = Sealer(Envelope(CENTRAL.public(), header=b"id"), 3 * PIECE)
    head, first, second, third, rest = sealer.pieces((bytes(3 * PIECE),))
    for changed in ((head, first, second, third), (head, second, first, third, rest), (head, first, third, rest)):
        with pytest.raises(SealBroken) as broken:
            open_sealed(CENTRAL, b"".join(changed), header=b"id")
        assert broken.value.fault is SealFault.DAMAGED


def test_a_letter_is_bound_to_its_id() -> None:
    with pytest.raises(SealBroken) as broken:
        open_sealed(CENTRAL, SEALED, header=b"letter-2")
    assert broken.value.fault is SealFault.DAMAGED


def test_others_are_told_that_it_is_not_for_them() -> None:
    with pytest.raises(SealBroken) as broken:
        open_sealed(STRANGER, SEALED, header=b"letter-1")
    assert broken.value.fault is SealFault.NOT_FOR_US


def test_the_sealed_size_tells_only_a_bucket() -> None:
    sizes = {len(seal(CENTRAL.public(), bytes(n), header=b"id")) for n in range(0, 4088, 97)}
    assert len(sizes) == 1


@given(st.integers(0, 80_000_000))
def test_buckets_grow_and_waste_little(length: int) -> None:
    size = bucket(length)
    assert size >= length
    assert size <= max(4096, length * 1.12)
    assert bucket(size) == size


def test_a_source_of_another_size_is_our_mistake() -> None:
    for source in ((b"abc",), (b"abcde",)):
        with pytest.raises(ValueError, match="size"):
            list(Sealer(Envelope(CENTRAL.public(), header=b"id"), 4).pieces(source))


@pytest.mark.parametrize(
    "change",
    [{"use": USE_ACK}, {"alg": "rot13"}, {"key": "%%%"}, {"key": "AAAA"}, {"kid": "0" * 16}],
)
def test_nothing_is_sealed_to_a_key_that_is_not_one(change: dict[str, str]) -> None:
    with pytest.raises(NoSealKey):
        seal(CENTRAL.public().model_copy(update=change), b"x", header=b"id")
    with pytest.raises(NoSealKey):
        seal((), b"x", header=b"id")


@pytest.mark.parametrize("suite", list(WrapSuite))
def test_the_private_key_comes_back_from_its_file(tmp_path: Path, suite: WrapSuite) -> None:
    key = SealingKey.generate(suite)
    path = tmp_path / "seal.key"
    key.save(path)
    sealed = seal(key.public(not_after=dt.datetime.now(dt.UTC)), b"x", header=b"id")
    assert open_sealed(SealingKey.load(path), sealed, header=b"id") == b"x"
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("nuanting-seal 9 AAAA\n")
    with pytest.raises(KeyFileBroken):
        SealingKey.load(path)


def test_an_envelope_holds_one_letter() -> None:
    envelope = Envelope(CENTRAL.public(), header=b"id")
    first = b"".join(Sealer(envelope, 3).pieces([b"one"]))
    assert open_sealed(CENTRAL, first, header=b"id") == b"one"
    with pytest.raises(ValueError, match="one letter"):
        list(Sealer(envelope, 3).pieces([b"two"]))
