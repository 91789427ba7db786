"""Hearing an answer among whatever else a line carries."""

import datetime as dt

from hardware.codecs.hunt import Noise
from hardware.codecs.lock_8a import CLEAR, SET, DoorChanged, FromBoard, ReadReply, ReplyReader, encode
from hardware.drivers.exchange import hear
from hardware.drivers.slip_escpos import SlipEscPos


class Script:
    """A link and a clock in one: each read hands over the next chunk, a silence takes the time it was given."""

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = list(chunks)
        self._seconds = 0.0

    def open(self) -> None: ...

    def close(self) -> None: ...

    def write(self, data: bytes) -> None: ...

    def discard_input(self) -> None: ...

    def read(self, timeout_s: float) -> bytes:
        chunk = self._chunks.pop(0) if self._chunks else b""
        self._seconds += 0.0 if chunk else timeout_s
        return chunk

    def monotonic(self) -> float:
        return self._seconds

    def now(self) -> dt.datetime:
        return dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

    def wait(self, seconds: float) -> None:
        self._seconds += seconds


FIRST, SECOND = DoorChanged(1, 1, SET), DoorChanged(1, 2, CLEAR)


def test_the_first_answer_counts_and_every_piece_is_shown() -> None:
    line = Script(b"\xff" + encode(FIRST) + encode(SECOND))
    shown: list[FromBoard | Noise] = []

    def wanted(piece: FromBoard | Noise) -> FromBoard | None:
        shown.append(piece)
        return piece if isinstance(piece, DoorChanged) else None

    assert hear(line, line, ReplyReader(24), wanted, 1.0) == FIRST
    assert shown == [Noise(b"\xff"), FIRST, SECOND]


def test_what_is_held_when_the_line_goes_quiet_is_given_up_or_kept_as_asked() -> None:
    ambiguous = ReadReply(1, 1, CLEAR)  # may be the start of a longer frame

    def wanted(piece: FromBoard | Noise) -> FromBoard | None:
        return piece if isinstance(piece, ReadReply) else None

    line = Script(encode(ambiguous))
    assert hear(line, line, ReplyReader(24), wanted, 1.0) == ambiguous
    line, reader = Script(encode(ambiguous)), ReplyReader(24)
    assert hear(line, line, reader, wanted, 1.0, then_quiet=False) is None
    assert reader.held == 5


def test_a_silence_ends_when_its_time_has_passed() -> None:
    line = Script()
    assert hear(line, line, ReplyReader(24), lambda piece: piece, 2.5) is None
    assert line.monotonic() == 2.5


def test_half_an_automatic_report_is_never_taken_for_queued_answers() -> None:
    """The slip printer looks often and shortly; a report that arrives in two looks must stay one report."""
    line = Script(b"\x10\x00", b"", b"\x00\x00\x12")
    printer = SlipEscPos(line, line)
    printer._asked = 2
    assert not printer._hear_queued(2, 0.1)
    assert not printer._hear_queued(2, 0.1)
    assert printer._answered == 0
