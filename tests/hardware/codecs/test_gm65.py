"""GM65 frames: the published ones, answers inside the stream of codes, any bytes, any cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.api.code_scanner import LONGEST_CODE
from hardware.codecs import gm65
from hardware.codecs.code_lines import Code, TooLong
from hardware.codecs.gm65 import BadRequest, Kind, Reply, Request, Result, StreamReader
from hardware.codecs.hunt import Noise
from tests.hardware.chunks import cut, piece_sizes

OK = bytes.fromhex("02 00 00 01 00 33 31")


@pytest.mark.parametrize(
    ("kind", "address", "data", "frame"),
    [
        (Kind.WRITE, 0x0002, "01", "7E 00 08 01 00 02 01 02 DA"),
        (Kind.SAVE, 0x0000, "00", "7E 00 09 01 00 00 00 DE C8"),
        (Kind.HEARTBEAT, 0x0000, "00", "7E 00 0A 01 00 00 00 30 1A"),
        (Kind.READ, 0x0000, "01", "7E 00 07 01 00 00 01 01 41"),
        (Kind.WRITE, 0x0000, "D5", "7E 00 08 01 00 00 D5 EF 41"),
        (Kind.WRITE, 0x00D9, "50", "7E 00 08 01 00 D9 50 81 D3"),
        (Kind.WRITE, 0x00D9, "55", "7E 00 08 01 00 D9 55 D1 76"),
    ],
)
def test_requests_as_published(kind: Kind, address: int, data: str, frame: str) -> None:
    wire = bytes.fromhex(frame)
    assert gm65.encode_request(kind, address, bytes.fromhex(data)) == wire
    assert gm65.request_reader().feed(wire) == [Request(kind, address, bytes.fromhex(data))]


def test_a_request_need_not_be_checked() -> None:
    wire = bytes.fromhex("7E 00 08 01 00 02 01 AB CD")
    assert gm65.encode_request(Kind.WRITE, gm65.ZONE_TRIGGER, b"\x01", checked=False) == wire
    (found,) = gm65.request_reader().feed(wire)
    assert found == Request(Kind.WRITE, gm65.ZONE_TRIGGER, b"\x01")
    assert isinstance(found, Request)
    assert not found.checked


def test_a_request_with_a_wrong_crc_is_told_apart() -> None:
    wire = gm65.TRIGGER[:-1] + b"\x00"
    assert gm65.request_reader().feed(wire) == [BadRequest(wire)]


@pytest.mark.parametrize(
    ("reply", "frame"),
    [
        (Reply(Result.OK, b"\x00"), "02 00 00 01 00 33 31"),
        (Reply(Result.BAD_CRC, b"\x00"), "02 00 01 01 00 04 01"),
        (Reply(Result.BAD_COMMAND, b"\x00"), "02 00 03 01 00 6A 61"),
        (Reply(Result.OK, b"\x00", heartbeat=True), "03 00 00 01 00 33 31"),
    ],
)
def test_answers_as_published(reply: Reply, frame: str) -> None:
    wire = bytes.fromhex(frame)
    assert gm65.encode_reply(reply) == wire
    assert StreamReader().feed(wire) == [reply]


def test_the_answer_to_a_trigger_is_not_part_of_the_code() -> None:
    assert StreamReader().feed(OK + b"NT1:abc\r") == [Reply(Result.OK, b"\x00"), Code(b"NT1:abc", b"\r")]


def test_an_answer_in_the_middle_of_a_code_is_cut_out() -> None:
    found = StreamReader().feed(b"NT1:" + OK + b"abc\r")
    assert found == [Reply(Result.OK, b"\x00"), Code(b"NT1:abc", b"\r")]


def test_an_unchecked_answer_is_an_answer() -> None:
    assert StreamReader().feed(OK[:-2] + gm65.UNCHECKED) == [Reply(Result.OK, b"\x00")]


def test_an_answer_with_a_wrong_crc_is_no_answer() -> None:
    found = StreamReader().feed(OK[:-1] + b"\x00" + b"\r")
    assert [piece for piece in found if isinstance(piece, Reply)] == []


def test_bytes_that_begin_like_an_answer_stay_in_the_code() -> None:
    raw = b"a\x02b\x03\x00c\x02\x00\x00\x01\x00zz"
    assert StreamReader().feed(raw + b"\r") == [Code(raw, b"\r")]


def test_an_answer_of_an_unknown_code_stays_in_the_code() -> None:
    raw = gm65.encode_reply(Reply(0x77, b"\x00"))
    assert StreamReader().feed(raw + b"\r") == [Code(raw, b"\r")]


def test_a_code_that_ends_like_an_answer_begins_comes_out_when_the_line_is_quiet() -> None:
    reader = StreamReader()
    assert reader.feed(b"abc\x02") == []
    assert reader.unfinished
    assert reader.quiet() == [Code(b"abc\x02")]


def test_a_code_of_three_kilobytes() -> None:
    raw = "政务服务".encode() * 250
    assert StreamReader().feed(OK + raw + b"\r")[1:] == [Code(raw, b"\r")]


def test_too_long_is_bounded_and_said() -> None:
    reader = StreamReader()
    found = []
    for _ in range(20):
        found += reader.feed(b"x" * 1000)
        assert reader.held <= LONGEST_CODE + gm65.LONGEST_REPLY
    found += reader.feed(b"\r" + b"next\r")
    assert [p for p in found if not isinstance(p, Noise)] == [TooLong(b"\r"), Code(b"next", b"\r")]


replies = st.builds(
    Reply, st.sampled_from(list(Result)).map(int), st.binary(min_size=1, max_size=gm65.LONGEST_DATA), st.booleans()
)
bodies = st.text(st.characters(codec="utf-8", min_codepoint=0x20), min_size=1, max_size=20).map(str.encode)
junk = st.lists(st.binary(max_size=30) | st.sampled_from([OK, OK[:4], b"\x02\x00\x00\x20", b"\r"]), max_size=20)


@given(junk.map(b"".join), piece_sizes)
def test_any_bytes_are_accounted_for_and_little_is_held(data: bytes, sizes: list[int]) -> None:
    reader = StreamReader(longest=32)
    given_out = b""
    for chunk in cut(data, sizes):
        given_out += b"".join(_wire(piece) for piece in reader.feed(chunk))
        assert reader.held < 32 + gm65.LONGEST_REPLY
    given_out += b"".join(_wire(piece) for piece in reader.quiet())
    # An answer inside a code comes out before the code: the same bytes, not always in the same order.
    assert sorted(given_out) == sorted(data)
    assert (reader.held, reader.unfinished) == (0, False)


@given(st.lists(replies | bodies, max_size=6), piece_sizes)
def test_how_the_wire_cuts_the_stream_does_not_matter(sent: list[Reply | bytes], sizes: list[int]) -> None:
    reader = StreamReader()
    wire = b"".join(gm65.encode_reply(each) if isinstance(each, Reply) else each + b"\r" for each in sent)
    found = [piece for chunk in cut(wire, sizes) for piece in reader.feed(chunk)]
    assert found == [each if isinstance(each, Reply) else Code(each, b"\r") for each in sent]


@given(junk.map(b"".join), piece_sizes)
def test_requests_in_any_bytes_are_accounted_for(data: bytes, sizes: list[int]) -> None:
    reader = gm65.request_reader()
    pieces = [piece for chunk in cut(data + gm65.TRIGGER, sizes) for piece in reader.feed(chunk)] + reader.quiet()
    given_out = b"".join(
        gm65.encode_request(Kind(piece.kind), piece.address, piece.data, checked=piece.checked)
        if isinstance(piece, Request)
        else piece.raw
        for piece in pieces
    )
    assert given_out == data + gm65.TRIGGER
    assert reader.held == 0


def _wire(piece: gm65.Piece) -> bytes:
    match piece:
        case Reply():
            return gm65.encode_reply(piece)
        case Code():
            return piece.raw + piece.end
        case TooLong():
            return piece.end
        case Noise():
            return piece.raw
