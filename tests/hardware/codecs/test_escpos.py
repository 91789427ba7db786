"""ESC/POS commands: the table's bytes, and any bytes at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.codecs.escpos import (
    ASK_PRESENTER,
    LONGEST_EXTENDED,
    AskNow,
    AskQueued,
    AutoStatus,
    Command,
    CommandReader,
    Cut,
    Extended,
    FeedDots,
    FeedLines,
    Filler,
    Initialise,
    Raster,
    Recover,
    Setting,
    Text,
    encode,
    size_on_wire,
)
from hardware.codecs.hunt import Noise
from tests.hardware.codecs.cutting import chunks_of

WORKED: list[tuple[Command, str]] = [
    (Initialise(), "1B 40"),
    (Cut(), "1D 56 00"),
    (Cut(partial=True), "1D 56 01"),
    (Cut(feed=24), "1D 56 41 18"),
    (Cut(partial=True, feed=24), "1D 56 42 18"),
    (FeedDots(24), "1B 4A 18"),
    (FeedLines(3), "1B 64 03"),
    (AskNow(1), "10 04 01"),
    (AskNow(ASK_PRESENTER), "10 04 14"),
    (Recover(2), "10 05 02"),
    (AskQueued(1), "1D 72 01"),
    (AutoStatus(0xFF), "1D 61 FF"),
    (Raster(2, 3, bytes(6)), "1D 76 30 00 02 00 03 00 00 00 00 00 00 00"),
    (Extended(0x6B, b"1A2\0"), "1D 28 6B 04 00 31 41 32 00"),
    (Extended(0x6B, b"1P0SAMPLE"), "1D 28 6B 09 00 31 50 30 53 41 4D 50 4C 45"),
    (Setting(b"\x1c\x26"), "1C 26"),
    (Setting(b"\x1c\x2e"), "1C 2E"),
    (Setting(b"\x1c\x53\x00\x00"), "1C 53 00 00"),
    (Text("办".encode("gb18030") + b"\n"), "B0 EC 0A"),
    (Filler(3), "00 00 00"),
]

bytes_1 = st.integers(0, 255)
framed = st.one_of(
    st.just(Initialise()),
    st.builds(Cut, st.booleans(), st.none() | bytes_1),
    st.builds(FeedDots, bytes_1),
    st.builds(FeedLines, bytes_1),
    st.builds(AskNow, bytes_1),
    st.builds(Recover, bytes_1),
    st.builds(AskQueued, bytes_1),
    st.builds(AutoStatus, bytes_1),
    st.builds(Extended, bytes_1, st.binary(max_size=40)),
    st.integers(1, 8).flatmap(
        lambda width: st.integers(1, 8).flatmap(
            lambda height: st.builds(
                Raster, st.just(width), st.just(height), st.binary(min_size=width * height, max_size=width * height)
            )
        )
    ),
)


@pytest.mark.parametrize(("command", "raw"), WORKED, ids=[raw for _, raw in WORKED])
def test_worked_commands(command: Command, raw: str) -> None:
    assert encode(command) == bytes.fromhex(raw)
    assert CommandReader().feed(bytes.fromhex(raw)) == [command]


def test_an_image_swallows_what_looks_like_a_question() -> None:
    image = Raster(3, 1, encode(AskNow(1)))
    assert CommandReader().feed(encode(image) + encode(AskNow(2))) == [image, AskNow(2)]


@pytest.mark.parametrize(
    "raw",
    [
        "1D 76 30 00 00 00 01 00",  # no width
        "1D 76 30 00 81 00 01 00",  # wider than any head
        "1D 76 30 00 01 00 FF FF",  # taller than any slip
        "1D 76 31",  # another function
        "1D 28 6B FF FF",
        "1D 56 07",
        "1B 99",
    ],
)
def test_a_header_that_no_printer_takes_is_noise_and_is_not_waited_for(raw: str) -> None:
    reader = CommandReader()
    pieces = reader.feed(bytes.fromhex(raw) + encode(Initialise()))
    assert pieces[0] == Noise(bytes.fromhex(raw)[:1])
    assert pieces[-1] == Initialise()
    assert reader.held == 0


def test_zeros_bring_a_reader_that_waits_for_an_image_back_into_step() -> None:
    reader = CommandReader()
    image = Raster(72, 24, b"\xff" * 1728)
    assert reader.feed(encode(image)[:-700]) == []
    pieces = reader.feed(bytes(1728) + encode(Initialise()))
    assert [type(piece) for piece in pieces] == [Raster, Filler, Initialise]


@given(st.lists(st.one_of(st.binary(max_size=40), framed.map(encode))), st.data())
def test_any_bytes_are_accounted_for(parts: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(parts)
    reader, pieces = CommandReader(), []
    for chunk in data.draw(chunks_of(stream)):
        pieces += reader.feed(chunk)
    assert sum(map(size_on_wire, pieces)) + reader.held == len(stream)
    assert (
        b"".join(piece.raw if isinstance(piece, Noise) else encode(piece) for piece in pieces)
        == (stream[: len(stream) - reader.held])
    )
    reader.power_cycle()
    assert reader.held == 0


@given(st.binary(max_size=200))
def test_what_is_held_is_never_more_than_one_command(stream: bytes) -> None:
    reader = CommandReader()
    held = 0
    for byte in stream:
        completed = reader.feed(bytes((byte,)))
        assert reader.held == 0 or completed or reader.held == held + 1
        held = reader.held
    assert reader.held <= max(128 * 4095 + 8, LONGEST_EXTENDED + 5)


@given(st.lists(framed), st.data())
def test_commands_come_out_as_they_went_in_however_they_are_cut(sent: list[Command], data: st.DataObject) -> None:
    reader = CommandReader()
    chunks = data.draw(chunks_of(b"".join(map(encode, sent))))
    assert [piece for chunk in chunks for piece in reader.feed(chunk)] == sent
