"""Batches as bytes: what goes in comes out, and whatever else comes has its name."""

import struct
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.offline_cache.world import START
from wire.batches import LONGEST_HEADER, MAGIC, BatchFault, NotABatch, pack_batch, unpack_batch
from wire.canonical import canonical, sha256_hex
from wire.messages import LetterHeader, LetterKind

MOST = 4
words = st.text(min_size=1, max_size=120)


def header(body: bytes, letter: str = "L-1", subject: str = "subject") -> LetterHeader:
    return LetterHeader(
        id=letter, region="31", terminal="terminal-1", kind=LetterKind.APPLICATION, seq=1, sha256=sha256_hex(body),
        size=len(body), created_at=START, subject=subject,
    )  # fmt: skip


def by_hand(headers: bytes, *bodies: bytes) -> bytes:
    """A batch with these bytes in the place of the headers."""
    sizes = b"".join(struct.pack(">I", len(body)) for body in bodies)
    return MAGIC + struct.pack(">HI", len(bodies), len(headers)) + sizes + headers + b"".join(bodies)


def fault_of(data: bytes) -> BatchFault:
    with pytest.raises(NotABatch) as said:
        unpack_batch(data, MOST)
    return said.value.fault


@given(st.lists(st.tuples(words, words, st.binary(max_size=200)), min_size=1, max_size=MOST))
@settings(max_examples=40)
def test_any_letters_come_out_as_they_went_in(told: list[tuple[str, str, bytes]]) -> None:
    letters = [(header(body, letter, subject), body) for letter, subject, body in told]
    there = [(LetterHeader.model_validate(each), body) for each, body in unpack_batch(pack_batch(letters), MOST)]
    assert there == letters


LETTERS = [(header(body, f"L-{number}"), body) for number, body in enumerate((b"", b"one", bytes(300)))]
WHOLE = pack_batch(LETTERS)


@given(st.one_of(st.binary(max_size=60), st.binary(max_size=60).map(MAGIC.__add__)))
@settings(max_examples=100)
def test_any_bytes_are_a_batch_or_have_a_fault(data: bytes) -> None:
    fault_of(data)  # nobody finds a batch with its checksum by chance


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
@settings(max_examples=100)
def test_a_changed_byte_never_raises_anything_else(at: int, change: int) -> None:
    spoilt = bytearray(WHOLE)
    spoilt[at] ^= change
    try:
        found = unpack_batch(bytes(spoilt), MOST)
    except NotABatch:
        return
    assert len(found) == len(LETTERS)  # it was a body, or which body ends where: the hash in its header tells


def test_a_batch_cut_anywhere_says_so() -> None:
    assert {fault_of(WHOLE[:end]) for end in range(len(MAGIC), len(WHOLE))} == {BatchFault.CUT}


def headers_of(count: int) -> bytes:
    return zlib.compress(canonical([{}] * count))


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (WHOLE + b"\0", BatchFault.OVERLONG),
        (pack_batch([]), BatchFault.EMPTY),
        (by_hand(headers_of(MOST + 1), *[b""] * (MOST + 1)), BatchFault.TOO_MANY),
        (MAGIC + struct.pack(">HI", 65535, 0), BatchFault.TOO_MANY),
        (MAGIC + struct.pack(">HII", 1, 0, 2**32 - 1), BatchFault.CUT),
        (by_hand(headers_of(1), b"a", b"b"), BatchFault.BAD_HEADERS),
        (by_hand(headers_of(3), b"a", b"b"), BatchFault.BAD_HEADERS),
        (by_hand(b"", b"a"), BatchFault.BAD_HEADERS),
        (by_hand(canonical([{}]), b"a"), BatchFault.BAD_HEADERS),
        (by_hand(headers_of(1)[:-1], b"a"), BatchFault.BAD_HEADERS),
        (by_hand(headers_of(1) + b"\0", b"a"), BatchFault.BAD_HEADERS),
        (by_hand(zlib.compress(b"{}"), b"a"), BatchFault.BAD_HEADERS),
        (by_hand(zlib.compress(b"[1]"), b"a"), BatchFault.BAD_HEADERS),
        (by_hand(zlib.compress(b'[{"id":"\\ud800"}]'), b"a"), BatchFault.BAD_HEADERS),
        (by_hand(zlib.compress(b"[" * 4000), b"a"), BatchFault.BAD_HEADERS),
        (b"NTL2" + WHOLE[4:], BatchFault.BAD_HEADERS),
    ],
    ids=lambda told: told.value if isinstance(told, BatchFault) else "",
)
def test_what_is_no_batch_has_its_name(data: bytes, fault: BatchFault) -> None:
    assert fault_of(data) is fault


def test_headers_as_long_as_they_may_be_are_taken_and_a_byte_more_is_not() -> None:
    told = b"[{}" + b" " * (LONGEST_HEADER - 4) + b"]"
    assert unpack_batch(by_hand(zlib.compress(told), b"a"), MOST) == [({}, b"a")]
    assert fault_of(by_hand(zlib.compress(told + b" "), b"a")) is BatchFault.BAD_HEADERS


def test_headers_that_would_fill_the_memory_are_not_unpacked() -> None:
    bomb = by_hand(zlib.compress(b" " * 30_000_000, 9), b"a")
    assert len(bomb) < 40_000
    tracemalloc.start()
    try:
        assert fault_of(bomb) is BatchFault.BAD_HEADERS
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_sealed_bytes_cost_no_more_than_themselves() -> None:
    """64 letters of 5 kB: less than 2 in a hundred beside the sealed bytes, where JSON takes 39."""
    bodies = [bytes([number]) * 5000 for number in range(64)]
    packed = pack_batch([(header(body, f"01938a3e-0000-7000-8000-{n:012}"), body) for n, body in enumerate(bodies)])
    assert len(packed) < 1.02 * sum(map(len, bodies))
