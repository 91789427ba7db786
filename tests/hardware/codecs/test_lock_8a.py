"""8A frames: the worked examples byte for byte, the frames that look like others, and any bytes at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.codecs.hunt import Noise
from hardware.codecs.lock_8a import (
    CLEAR,
    SET,
    AllReply,
    DoorChanged,
    FromBoard,
    HoldRequest,
    OpenReply,
    OpenRequest,
    ReadReply,
    ReadRequest,
    ReplyReader,
    RequestReader,
    SeveralRequest,
    StatusOrder,
    ToBoard,
    channel_bits,
    encode,
    size_on_wire,
    status_bytes,
    status_size,
)
from tests.hardware.codecs.cutting import chunks_of, merged

ASKED: list[tuple[ToBoard, str]] = [
    (OpenRequest(1, 1), "8A 01 01 11 9B"),
    (OpenRequest(1, 0), "8A 01 00 11 9A"),
    (OpenRequest(1, 1, seconds=5), "8A 01 01 11 05 9E"),
    (SeveralRequest(1, b"\2\2\2"), "90 01 02 02 02 93"),
    (HoldRequest(1, 1, on=True), "9A 01 01 11 8B"),
    (HoldRequest(1, 1, on=False), "9B 01 01 11 8A"),
    (ReadRequest(1, 1), "80 01 01 33 B3"),
    (ReadRequest(1), "80 01 00 33 B2"),
]
ANSWERED: list[tuple[FromBoard, str]] = [
    (OpenReply(1, 1, SET), "8A 01 01 11 9B"),
    (OpenReply(1, 1, CLEAR), "8A 01 01 00 8A"),
    (ReadReply(1, 1, SET), "80 01 01 11 91"),
    (ReadReply(1, 1, CLEAR), "80 01 01 00 80"),
    (AllReply(1, b"\x00\x00\x02"), "80 01 00 00 02 33 B0"),
    (DoorChanged(1, 1, SET), "82 01 01 11 93"),
    (DoorChanged(1, 1, CLEAR), "82 01 01 00 82"),
]

boards = st.integers(1, 32)
requests = st.one_of(
    st.builds(OpenRequest, boards, st.integers(0, 50), st.none() | st.integers(1, 9)),
    st.builds(SeveralRequest, boards, st.binary(min_size=3, max_size=3)),
    st.builds(HoldRequest, boards, st.integers(1, 50), st.booleans()),
    st.builds(ReadRequest, boards, st.integers(0, 50)),
)
states = st.sampled_from([SET, CLEAR])
sizes = st.sampled_from([8, 12, 18, 24, 32, 50])
unmistakable = st.one_of(
    st.builds(OpenReply, boards, st.integers(0, 50), states), st.builds(DoorChanged, boards, st.integers(1, 50), states)
)


@pytest.mark.parametrize(("frame", "raw"), ASKED, ids=[raw for _, raw in ASKED])
def test_worked_requests(frame: ToBoard, raw: str) -> None:
    assert encode(frame) == bytes.fromhex(raw)
    assert RequestReader().feed(bytes.fromhex(raw)) == [frame]


@pytest.mark.parametrize(("frame", "raw"), ANSWERED, ids=[raw for _, raw in ANSWERED])
def test_worked_answers(frame: FromBoard, raw: str) -> None:
    reader = ReplyReader(24)
    assert encode(frame) == bytes.fromhex(raw)
    assert reader.feed(bytes.fromhex(raw)) + reader.quiet() == [frame]


def test_an_echo_of_an_open_request_reads_as_its_answer() -> None:
    assert ReplyReader(24).feed(encode(OpenRequest(1, 1))) == [OpenReply(1, 1, SET)]


@pytest.mark.parametrize(("channels", "length"), [(8, 7), (12, 7), (18, 7), (24, 7), (32, 8), (50, 11)])
def test_the_answer_about_all_channels_is_as_long_as_the_board_is_large(channels: int, length: int) -> None:
    reply = AllReply(3, status_bytes(1 << (channels - 1), channels, StatusOrder.LAST))
    assert len(encode(reply)) == length
    assert ReplyReader(channels).feed(encode(reply)) == [reply]


@pytest.mark.parametrize("channels", [0, 51])
def test_boards_that_do_not_exist(channels: int) -> None:
    with pytest.raises(ValueError, match="1 to 50"):
        status_size(channels)


def test_which_byte_holds_the_first_channels_is_a_choice() -> None:
    assert channel_bits(b"\x00\x00\x02", StatusOrder.LAST) == 0b10  # lock 2, a capture
    assert channel_bits(b"\x02\x00\x00", StatusOrder.FIRST) == 0b10


def test_a_whole_short_answer_that_begins_a_long_one_waits_for_its_rest() -> None:
    whole = AllReply(1, bytes.fromhex("01 00 80"))  # its first five bytes are 80 01 01 00 80
    raw = encode(whole)
    reader = ReplyReader(24)
    assert reader.feed(raw[:5]) == []
    assert reader.feed(raw[5:]) == [whole]
    assert reader.feed(raw[:5]) == []
    assert reader.quiet() == [ReadReply(1, 1, CLEAR)]
    assert reader.feed(raw[:5] + encode(DoorChanged(1, 4, SET))) == [ReadReply(1, 1, CLEAR), DoorChanged(1, 4, SET)]


@pytest.mark.parametrize("stray", ["80", "8A", "82", "00", "80 01"])
def test_a_stray_byte_in_front_hides_nothing(stray: str) -> None:
    reader = ReplyReader(24)
    reply = AllReply(1, b"\xff\xff\xfe")
    assert reader.feed(bytes.fromhex(stray) + encode(reply)) == [Noise(bytes.fromhex(stray)), reply]


@given(st.lists(st.one_of(st.binary(max_size=20), requests.map(encode), unmistakable.map(encode))), sizes, st.data())
def test_any_bytes_are_accounted_for_and_little_is_held(parts: list[bytes], channels: int, data: st.DataObject) -> None:
    stream = b"".join(parts)
    for make in (RequestReader, lambda: ReplyReader(channels)):
        reader, pieces = make(), []
        for chunk in data.draw(chunks_of(stream)):
            pieces += reader.feed(chunk)
            assert reader.held < 11
        assert sum(map(size_on_wire, pieces)) + reader.held == len(stream)
        pieces += reader.quiet()
        assert reader.held == 0
        assert sum(map(size_on_wire, pieces)) == len(stream)
        whole = make()
        assert merged(pieces, Noise) == merged(whole.feed(stream) + whole.quiet(), Noise)


@given(st.lists(requests), st.data())
def test_requests_come_out_as_they_went_in_however_they_are_cut(sent: list[ToBoard], data: st.DataObject) -> None:
    reader = RequestReader()
    chunks = data.draw(chunks_of(b"".join(map(encode, sent))))
    assert [piece for chunk in chunks for piece in reader.feed(chunk)] == sent


@given(sizes, st.lists(st.tuples(st.integers(0), unmistakable)), st.data())
def test_unasked_frames_between_answers_disturb_none(
    channels: int, sent: list[tuple[int, FromBoard]], data: st.DataObject
) -> None:
    frames: list[FromBoard] = []
    for bits, other in sent:
        status = status_bytes(bits % (1 << channels), channels, StatusOrder.LAST)
        frames += [AllReply(1, status), other]
    reader = ReplyReader(channels)
    chunks = data.draw(chunks_of(b"".join(map(encode, frames))))
    assert [piece for chunk in chunks for piece in reader.feed(chunk)] == frames
