"""CU16 frames: the worked examples byte for byte, and any bytes at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.codecs.cu16 import BoardStatus, Command, Frame, FrameReader, Request, encode, size_on_wire
from hardware.codecs.hunt import Noise
from tests.hardware.codecs.cutting import chunks_of, merged

WORKED: list[tuple[Frame, str]] = [
    (Request(0, 0, Command.STATUS), "02 00 30 03 35"),
    (Request(0, 0, Command.OPEN), "02 00 31 03 36"),
    (Request(0, 15, Command.OPEN), "02 0F 31 03 45"),
    (Request(0, 0, Command.STATUS_ALL), "02 00 32 03 37"),
    (Request(15, 0, Command.STATUS_ALL), "02 F0 32 03 27"),
    (Request(0, 0, Command.OPEN_ALL), "02 00 33 03 38"),
    (Request(0, 0, Command.UNLOCK_TIME), "02 00 37 03 3C"),
    (Request(0, 0, Command.DELAYED_UNLOCK), "02 00 39 03 3E"),
    (BoardStatus(0, hooks=0xFFFE, items=0x0001), "02 00 35 FE FF 01 00 03 38"),
]

frames = st.one_of(
    st.builds(Request, st.integers(0, 15), st.integers(0, 15), st.sampled_from(Command)),
    st.builds(BoardStatus, st.integers(0, 15), st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), st.integers(0, 15)),
)


@pytest.mark.parametrize(("frame", "raw"), WORKED, ids=[raw for _, raw in WORKED])
def test_worked_frames(frame: Frame, raw: str) -> None:
    assert encode(frame) == bytes.fromhex(raw)
    assert FrameReader().feed(bytes.fromhex(raw)) == [frame]


def test_lock_one_open_with_an_item_in_it() -> None:
    (status,) = FrameReader().feed(bytes.fromhex("02 00 35 FE FF 01 00 03 38"))
    assert isinstance(status, BoardStatus)
    assert [status.hooks >> lock & 1 for lock in range(16)] == [0] + [1] * 15
    assert [status.items >> lock & 1 for lock in range(16)] == [1] + [0] * 15


def test_a_wrong_sum_and_a_missing_end_are_noise() -> None:
    for raw in ("02 00 35 FE FF 01 00 03 39", "02 00 35 FE FF 01 00 04 39"):
        reader = FrameReader()
        assert reader.feed(bytes.fromhex(raw)) + reader.quiet() == [Noise(bytes.fromhex(raw))]


def test_a_frame_is_found_behind_the_start_of_another() -> None:
    reader = FrameReader()
    assert reader.feed(bytes.fromhex("02 00 35 02 00 30 03 35")) == []  # may still become a status
    assert reader.quiet() == [Noise(bytes.fromhex("02 00 35")), Request(0, 0, Command.STATUS)]


@given(st.lists(st.one_of(st.binary(max_size=30), frames.map(encode))), st.data())
def test_any_bytes_are_accounted_for_and_little_is_held(parts: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(parts)
    reader, pieces = FrameReader(), []
    for chunk in data.draw(chunks_of(stream)):
        pieces += reader.feed(chunk)
        assert reader.held < 9
    assert sum(map(size_on_wire, pieces)) + reader.held == len(stream)
    pieces += reader.quiet()
    assert reader.held == 0
    assert sum(map(size_on_wire, pieces)) == len(stream)
    whole = FrameReader()
    assert merged(pieces, Noise) == merged(whole.feed(stream) + whole.quiet(), Noise)


@given(st.lists(frames), st.data())
def test_frames_come_out_as_they_went_in_however_they_are_cut(sent: list[Frame], data: st.DataObject) -> None:
    reader = FrameReader()
    chunks = data.draw(chunks_of(b"".join(map(encode, sent))))
    assert [piece for chunk in chunks for piece in reader.feed(chunk)] == sent
