"""Modbus relay frames: the worked examples byte for byte, and any bytes at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.codecs.hunt import Noise
from hardware.codecs.modbus_relay import (
    ALL_COILS,
    FLASH_OFF,
    FLASH_ON,
    MOST_DATA,
    OFF,
    ON,
    TOGGLE,
    FromBoard,
    Read,
    Refused,
    ReplyReader,
    RequestReader,
    ToBoard,
    Values,
    Write,
    WriteMany,
    Written,
    encode,
    size_on_wire,
)
from tests.hardware.codecs.cutting import chunks_of, merged

ASKED: list[tuple[ToBoard, str]] = [
    (Write(1, 5, 0, ON), "01 05 00 00 FF 00 8C 3A"),
    (Write(1, 5, 0, OFF), "01 05 00 00 00 00 CD CA"),
    (Write(1, 5, 0, TOGGLE), "01 05 00 00 55 00 F2 9A"),
    (Write(1, 5, ALL_COILS, ON), "01 05 00 FF FF 00 BC 0A"),
    (Write(1, 5, ALL_COILS, OFF), "01 05 00 FF 00 00 FD FA"),
    (Write(1, 5, FLASH_ON, 7), "01 05 02 00 00 07 8D B0"),
    (Write(1, 5, FLASH_ON, 30), "01 05 02 00 00 1E 4C 7A"),
    (Write(1, 5, FLASH_OFF, 8), "01 05 04 00 00 08 CD 3C"),
    (Read(1, 1, 0, 8), "01 01 00 00 00 08 3D CC"),
    (Read(1, 2, 0, 8), "01 02 00 00 00 08 79 CC"),
    (WriteMany(1, 0, 8, b"\xff"), "01 0F 00 00 00 08 01 FF BE D5"),
    (WriteMany(1, 0, 8, b"\x00"), "01 0F 00 00 00 08 01 00 FE 95"),
    (Read(1, 3, 0x4000, 1), "01 03 40 00 00 01 91 CA"),
    (Write(1, 6, 0x4000, 3), "01 06 40 00 00 03 DC 0B"),
    (Read(0, 3, 0, 1), "00 03 00 00 00 01 85 DB"),
]
ANSWERED: list[tuple[FromBoard, str]] = [
    (Write(1, 5, 0, ON), "01 05 00 00 FF 00 8C 3A"),
    (Values(1, 1, b"\x01"), "01 01 01 01 90 48"),
    (Refused(1, 5, 2), "01 85 02 C3 51"),
]

words, small = st.integers(0, 0xFFFF), st.integers(0, 255)
some_data = st.binary(min_size=1, max_size=MOST_DATA)
reads = st.sampled_from([1, 2, 3])
writes = st.builds(Write, small, st.sampled_from([5, 6]), words, words)
requests = st.one_of(
    st.builds(Read, small, reads, words, words), writes, st.builds(WriteMany, small, words, words, some_data)
)
replies = st.one_of(
    writes,
    st.builds(Values, small, reads, some_data),
    st.builds(Written, small, words, words),
    st.builds(Refused, small, st.sampled_from([1, 2, 3, 5, 6, 15]), small),
)


@pytest.mark.parametrize(("frame", "raw"), ASKED, ids=[raw for _, raw in ASKED])
def test_worked_requests(frame: ToBoard, raw: str) -> None:
    assert encode(frame) == bytes.fromhex(raw)
    assert RequestReader().feed(bytes.fromhex(raw)) == [frame]


@pytest.mark.parametrize(("frame", "raw"), ANSWERED, ids=[raw for _, raw in ANSWERED])
def test_worked_answers(frame: FromBoard, raw: str) -> None:
    assert encode(frame) == bytes.fromhex(raw)
    assert ReplyReader().feed(bytes.fromhex(raw)) == [frame]


@pytest.mark.parametrize("count", [0, MOST_DATA + 1, 255])
def test_a_count_that_no_board_has_is_not_waited_for(count: int) -> None:
    reader = ReplyReader()
    assert reader.feed(bytes((0xEE, 1, count)) + encode(Values(9, 1, b"\1"))) == [
        Noise(bytes((0xEE, 1, count))),
        Values(9, 1, b"\1"),
    ]


@given(st.lists(st.one_of(st.binary(max_size=60), requests.map(encode), replies.map(encode))), st.data())
def test_any_bytes_are_accounted_for_and_little_is_held(parts: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(parts)
    for make in (RequestReader, ReplyReader):
        reader, pieces = make(), []
        for chunk in data.draw(chunks_of(stream)):
            pieces += reader.feed(chunk)
            assert reader.held < 9 + MOST_DATA
        assert sum(map(size_on_wire, pieces)) + reader.held == len(stream)
        pieces += reader.quiet()
        assert reader.held == 0
        assert sum(map(size_on_wire, pieces)) == len(stream)
        whole = make()
        assert merged(pieces, Noise) == merged(whole.feed(stream) + whole.quiet(), Noise)


@given(st.lists(requests), st.lists(replies), st.data())
def test_frames_come_out_as_they_went_in_however_they_are_cut(
    asked: list[ToBoard], answered: list[FromBoard], data: st.DataObject
) -> None:
    for sent, reader in ((asked, RequestReader()), (answered, ReplyReader())):
        chunks = data.draw(chunks_of(b"".join(map(encode, sent))))
        assert [piece for chunk in chunks for piece in reader.feed(chunk)] == sent
