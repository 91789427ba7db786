"""Codes as lines: any bytes, any cut, too long, and what the bytes mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.api.code_scanner import LONGEST_CODE, CodeScanned
from hardware.codecs.code_lines import ANY_END, CR, Code, LineReader, TooLong, scanned
from hardware.codecs.hunt import Noise
from tests.hardware.chunks import cut, piece_sizes

bodies = st.binary(min_size=1, max_size=40).map(lambda raw: raw.replace(b"\r", b"_").replace(b"\n", b"_"))


@given(st.binary(max_size=400), piece_sizes, st.sampled_from([ANY_END, CR]))
def test_any_bytes_are_accounted_for_and_little_is_held(data: bytes, sizes: list[int], ends: bytes) -> None:
    reader = LineReader(ends, longest=16)
    given_out = b""
    for chunk in cut(data, sizes):
        given_out += b"".join(_wire(piece) for piece in reader.feed(chunk))
        assert reader.held <= 16
    assert given_out == data[: len(data) - reader.held]
    given_out += b"".join(_wire(piece) for piece in reader.quiet())
    assert given_out == data
    assert not reader.unfinished


@given(st.lists(bodies, max_size=5), st.sampled_from([b"\r", b"\n", b"\r\n"]), piece_sizes)
def test_how_the_wire_cuts_codes_does_not_matter(sent: list[bytes], end: bytes, sizes: list[int]) -> None:
    reader = LineReader()
    wire = b"".join(body + end for body in sent)
    found = [piece for chunk in cut(wire, sizes) for piece in reader.feed(chunk)]
    assert [piece.raw for piece in found if isinstance(piece, Code)] == sent


@given(st.integers(LONGEST_CODE + 1, 3 * LONGEST_CODE), piece_sizes)
def test_too_long_is_said_once_and_the_next_code_is_whole(size: int, sizes: list[int]) -> None:
    reader = LineReader()
    wire = b"x" * size + b"\r" + b"next\r"
    found = [piece for chunk in cut(wire, [each * 50 for each in sizes]) for piece in reader.feed(chunk)]
    assert [piece for piece in found if not isinstance(piece, Noise)] == [TooLong(b"\r"), Code(b"next", b"\r")]


def test_the_longest_code_is_a_code() -> None:
    assert LineReader().feed(b"x" * LONGEST_CODE + b"\n") == [Code(b"x" * LONGEST_CODE, b"\n")]


def test_an_endless_run_ends_when_the_line_goes_quiet() -> None:
    reader = LineReader()
    reader.feed(b"x" * (LONGEST_CODE + 1))
    assert (reader.held, reader.unfinished) == (0, True)
    assert reader.quiet() == [TooLong()]
    assert reader.quiet() == []


def test_a_code_without_an_end_is_a_code_when_the_line_goes_quiet() -> None:
    reader = LineReader()
    assert reader.feed(b"half") == []
    assert reader.quiet() == [Code(b"half")]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("暖亭取件码 48213".encode(), "暖亭取件码 48213"),
        ("暖亭取件码 48213".encode("gb18030"), "暖亭取件码 48213"),
        ("\ufeff有标记".encode(), "有标记"),
        ("𬱖㛃䶮".encode("gb18030"), "𬱖㛃䶮"),
        (b"NT1:abc", "NT1:abc"),
    ],
)
def test_text_is_utf_8_then_gb_18030(raw: bytes, text: str) -> None:
    assert scanned(raw) == CodeScanned(text)


def test_neither_is_not_readable() -> None:
    assert scanned(b"\xff\xff\xfe") == CodeScanned("", readable=False)


@given(st.binary(max_size=64))
def test_any_bytes_get_an_answer(raw: bytes) -> None:
    found = scanned(raw)
    assert found.readable or found.text == ""


def test_a_code_is_not_shown_by_repr() -> None:
    assert "secret" not in repr(Code(b"secret")) + repr(CodeScanned("secret"))


def _wire(piece: Code | TooLong | Noise) -> bytes:
    if isinstance(piece, Code):
        return piece.raw + piece.end
    return piece.end if isinstance(piece, TooLong) else piece.raw
