"""ESC/POS, printer to host: real-time bytes, automatic status and queued answers share one line without frames.

They are told apart by their fixed bits: a real-time byte has bits 1 and 4 set and 0 and 7 clear (`b & 93 == 12`), the
first of four automatic bytes has bit 4 set and 0, 1 and 7 clear (`b & 93 == 10`), the other three and a queued answer
have 4 and 7 clear. Sources: Epson TM manuals (10 04 n, 1D 61 n, 1D 72 n); CUSTOM KPM150 (six bytes from 10 0F on).
"""

import enum
from dataclasses import dataclass

from hardware.codecs.hunt import Noise


class Printer(enum.IntFlag):
    """10 04 01."""

    DRAWER = 0x04
    OFFLINE = 0x08


class OfflineCause(enum.IntFlag):
    """10 04 02."""

    COVER_OPEN = 0x04
    FEED_BUTTON = 0x08
    PAPER_END = 0x20
    ERROR = 0x40


class ErrorCause(enum.IntFlag):
    """10 04 03."""

    MECHANICAL = 0x04
    CUTTER = 0x08
    UNRECOVERABLE = 0x20
    AUTO_RECOVERABLE = 0x40  # the head is too hot, and the like


class PaperSensor(enum.IntFlag):
    """10 04 04. Near-end sensors are optional: always 0 where there is none."""

    NEAR_END = 0x0C
    END = 0x60


class QueuedPaper(enum.IntFlag):
    """1D 72 01."""

    NEAR_END = 0x03
    END = 0x0C


class PresenterPaper(enum.IntFlag):
    """First of the presenter's four status bytes."""

    NONE = 0x01
    NEAR_END = 0x04
    IN_EXIT = 0x20


class PresenterUser(enum.IntFlag):
    """Second of the presenter's four status bytes."""

    HEAD_UP = 0x01
    COVER_OPEN = 0x02


@dataclass(frozen=True)
class NowAnswer:
    """One real-time byte; which of the four it is only the question tells."""

    bits: int


@dataclass(frozen=True)
class QueuedAnswer:
    """The answer to 1D 72 01: everything before the question has been worked through."""

    bits: int


@dataclass(frozen=True)
class AutoReport:
    """Four automatic bytes: printer, error, paper, reserved."""

    printer: int
    error: int
    paper: int
    reserved: int = 0


@dataclass(frozen=True)
class PresenterReport:
    """What a kiosk presenter says after 10 04 14."""

    paper: int
    user: int
    recoverable: int = 0
    unrecoverable: int = 0


Answer = NowAnswer | QueuedAnswer | AutoReport | PresenterReport

_NOW_FIXED, _AUTO_FIXED, _FIXED_MASK, _LATER_MASK = 0x12, 0x10, 0x93, 0x90
_PRESENTER_HEAD = b"\x10\x0f"
_QUEUED = frozenset((0x00, 0x03, 0x0C, 0x0F))


def encode(answer: Answer) -> bytes:
    """One answer's bytes, fixed bits included."""
    match answer:
        case NowAnswer(bits):
            return bytes((bits | _NOW_FIXED,))
        case QueuedAnswer(bits):
            return bytes((bits,))
        case AutoReport(printer, error, paper, reserved):
            return bytes((printer | _AUTO_FIXED, error, paper, reserved))
        case PresenterReport(paper, user, recoverable, unrecoverable):
            return _PRESENTER_HEAD + bytes((paper, user, recoverable, unrecoverable))


def size_on_wire(piece: Answer | Noise) -> int:
    """How many bytes a piece took."""
    return len(piece.raw) if isinstance(piece, Noise) else len(encode(piece))


class AnswerReader:
    """What the host hears. With `presenter`, `10 0F` starts its six bytes; without, four automatic ones.

    A real-time byte may come in the middle of four automatic ones and is given out at once.
    """

    def __init__(self, *, presenter: bool = False) -> None:
        self._presenter = presenter
        self._held = bytearray()

    @property
    def held(self) -> int:
        """How many bytes wait for the rest of their answer; at most five."""
        return len(self._held)

    def feed(self, chunk: bytes) -> list[Answer | Noise]:
        """The answers and noise that `chunk` completes."""
        out: list[Answer | Noise] = []
        for byte in chunk:
            self._take(byte, out)
        return out

    def quiet(self) -> list[Answer | Noise]:
        """The line has gone quiet: what is held is noise."""
        left = bytes(self._held)
        self._held.clear()
        return [Noise(left)] if left else []

    def _take(self, byte: int, out: list[Answer | Noise]) -> None:
        held = self._held
        if held:
            if self._presenter and bytes(held[:2]) == _PRESENTER_HEAD:
                held.append(byte)
                if len(held) == 6:
                    out.append(PresenterReport(*held[2:]))
                    held.clear()
                return
            if not byte & _LATER_MASK:
                held.append(byte)
                if len(held) == 4:
                    out.append(AutoReport(held[0] & ~_AUTO_FIXED, *held[1:]))
                    held.clear()
                return
            if byte & _FIXED_MASK != _NOW_FIXED:
                out += self.quiet()
        if byte & _FIXED_MASK == _NOW_FIXED:
            out.append(NowAnswer(byte & ~_NOW_FIXED))
        elif byte & _FIXED_MASK == _AUTO_FIXED:
            held.append(byte)
        elif byte in _QUEUED:
            out.append(QueuedAnswer(byte))
        else:
            out.append(Noise(bytes((byte,))))
