"""ESC/POS, host to printer: the commands a raster slip needs, and those that other hosts are known to send.

The stream has no checksums and no frame marks, so a byte that starts no known command is noise by itself, and a raster
swallows as many bytes as its header announces whatever they look like. Sources: Epson TM-U220/TM-T88III manuals, SPRT
and POS80B manuals, python-escpos constants; the presenter's question 10 04 14 is CUSTOM's (KPM150).
"""

from dataclasses import dataclass, field
from typing import Final

from hardware.codecs.hunt import Noise

WIDEST = 128
"""Bytes of one raster row (1,024 dots)."""
TALLEST = 4095
"""Rows of one raster."""
LONGEST_EXTENDED = 4096
ASK_PRESENTER = 0x14


@dataclass(frozen=True)
class Initialise:
    """1B 40: settings back to power-on; what is already in the buffer stays."""


@dataclass(frozen=True)
class Raster:
    """1D 76 30: `height` rows of `width_bytes`, 1 = black."""

    width_bytes: int
    height: int
    data: bytes = field(repr=False)
    mode: int = 0


@dataclass(frozen=True)
class FeedDots:
    """1B 4A n: move the paper by n dots."""

    dots: int


@dataclass(frozen=True)
class FeedLines:
    """1B 64 n: move the paper by n lines."""

    lines: int


@dataclass(frozen=True)
class Cut:
    """1D 56: cut now (feed None), or feed to the knife plus `feed` dots and cut."""

    partial: bool = False
    feed: int | None = None


@dataclass(frozen=True)
class AskNow:
    """10 04 n: one status byte in real time (n = 1-4), or a presenter's six (n = 14 hex)."""

    n: int


@dataclass(frozen=True)
class Recover:
    """10 05 n: leave a recoverable error and resume (1) or drop what is buffered (2)."""

    n: int


@dataclass(frozen=True)
class AskQueued:
    """1D 72 n: one status byte when everything before it has been worked through."""

    n: int


@dataclass(frozen=True)
class AutoStatus:
    """1D 61 n: which changes are sent unasked; 0 = none."""

    mask: int


@dataclass(frozen=True)
class Extended:
    """1D 28 x: a command that says its own length (QR codes and the like)."""

    kind: int
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Setting:
    """A known setting without effect on a raster (Chinese mode, alignment, code page, line spacing)."""

    raw: bytes


@dataclass(frozen=True)
class Text:
    """Characters and line ends to print in the printer's own font."""

    raw: bytes = field(repr=False)


@dataclass(frozen=True)
class Filler:
    """Zero bytes outside any command: printers ignore them."""

    count: int


Command = (
    Initialise
    | Raster
    | FeedDots
    | FeedLines
    | Cut
    | AskNow
    | Recover
    | AskQueued
    | AutoStatus
    | Extended
    | Setting
    | Text
    | Filler
)

_SETTINGS: Final = {
    b"\x1c\x26": 2,  # Chinese on
    b"\x1c\x2e": 2,  # Chinese off
    b"\x1c\x21": 3,  # Chinese mode bits
    b"\x1c\x57": 3,  # Chinese double size
    b"\x1c\x53": 4,  # Chinese spacing
    b"\x1b\x61": 3,  # alignment
    b"\x1b\x21": 3,  # print mode
    b"\x1b\x74": 3,  # code page
    b"\x1b\x33": 3,  # line spacing
    b"\x1b\x32": 2,  # line spacing, default
}
_SHORT: Final = {b"\x1b\x40": 2, b"\x1b\x4a": 3, b"\x1b\x64": 3} | {
    b"\x10\x04": 3,
    b"\x10\x05": 3,
    b"\x1d\x72": 3,
    b"\x1d\x61": 3,
}
_LEADS = frozenset(b"\x10\x1b\x1c\x1d")
_LINE_FEED = 0x0A


def encode(command: Command) -> bytes:
    """One command's bytes."""
    match command:
        case Initialise():
            return b"\x1b\x40"
        case Raster(width, height, data, mode):
            return b"\x1d\x76\x30" + bytes((mode,)) + _short(width) + _short(height) + data
        case FeedDots(dots):
            return bytes((0x1B, 0x4A, dots))
        case FeedLines(lines):
            return bytes((0x1B, 0x64, lines))
        case Cut(partial, None):
            return bytes((0x1D, 0x56, partial))
        case Cut(partial, int(feed)):
            return bytes((0x1D, 0x56, 0x41 + partial, feed))
        case AskNow(n):
            return bytes((0x10, 0x04, n))
        case Recover(n):
            return bytes((0x10, 0x05, n))
        case AskQueued(n):
            return bytes((0x1D, 0x72, n))
        case AutoStatus(mask):
            return bytes((0x1D, 0x61, mask))
        case Extended(kind, data):
            return bytes((0x1D, 0x28, kind)) + _short(len(data)) + data
        case Setting(raw) | Text(raw):
            return raw
        case Filler(count):
            return bytes(count)
    raise AssertionError(command)


def _short(value: int) -> bytes:
    return value.to_bytes(2, "little")


def size_on_wire(piece: Command | Noise) -> int:
    """How many bytes a piece took."""
    return len(piece.raw) if isinstance(piece, Noise) else len(encode(piece))


class CommandReader:
    """What a printer hears. Holds at most one unfinished command: a raster of 512 kB at the very most."""

    def __init__(self) -> None:
        self._held = bytearray()

    @property
    def held(self) -> int:
        """How many bytes wait for the rest of their command."""
        return len(self._held)

    def feed(self, chunk: bytes) -> list[Command | Noise]:
        """The commands and noise that `chunk` completes, in order."""
        self._held += chunk
        out: list[Command | Noise] = []
        at = 0
        while at < len(self._held):
            taken = self._take(at)
            if taken is None:
                break
            piece, at = taken
            out.append(piece)
        del self._held[:at]
        return out

    def power_cycle(self) -> None:
        """Forget what is held, as a printer does without power."""
        self._held.clear()

    def _take(self, at: int) -> tuple[Command | Noise, int] | None:
        """The piece that starts at `at` and where the next one starts; None when more bytes are needed."""
        held = self._held
        lead = held[at]
        if lead not in _LEADS:
            return self._run(at)
        pair = bytes(held[at : at + 2])
        if len(pair) < 2:
            return None
        size = _SHORT.get(pair) or _SETTINGS.get(pair)
        if size is not None:
            raw = bytes(held[at : at + size])
            return None if len(raw) < size else (_short_command(raw), at + size)
        match pair:
            case b"\x1d\x56":
                return self._cut(at)
            case b"\x1d\x76":
                return self._raster(at)
            case b"\x1d\x28":
                return self._extended(at)
            case _:
                return Noise(pair[:1]), at + 1

    def _run(self, at: int) -> tuple[Command | Noise, int]:
        """A run of one sort of plain bytes: zeros, characters, or control bytes that mean nothing."""
        sort = _sort(self._held[at])
        end = at + 1
        while end < len(self._held) and self._held[end] not in _LEADS and _sort(self._held[end]) == sort:
            end += 1
        raw = bytes(self._held[at:end])
        if sort == "zero":
            return Filler(len(raw)), end
        return (Text(raw) if sort == "text" else Noise(raw)), end

    def _cut(self, at: int) -> tuple[Command | Noise, int] | None:
        raw = bytes(self._held[at : at + 4])
        if len(raw) < 3:
            return None
        match raw[2]:
            case 0x00 | 0x01:
                return Cut(partial=raw[2] == 1), at + 3
            case 0x41 | 0x42:
                return None if len(raw) < 4 else (Cut(raw[2] == 0x42, raw[3]), at + 4)
            case _:
                return Noise(raw[:1]), at + 1

    def _raster(self, at: int) -> tuple[Command | Noise, int] | None:
        head = bytes(self._held[at : at + 8])
        if len(head) > 2 and head[2] != 0x30:
            return Noise(head[:1]), at + 1
        if len(head) < 8:
            return None
        width, height = int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")
        if not (1 <= width <= WIDEST and 1 <= height <= TALLEST and head[3] <= 3):
            return Noise(head[:1]), at + 1
        end = at + 8 + width * height
        if len(self._held) < end:
            return None
        return Raster(width, height, bytes(self._held[at + 8 : end]), head[3]), end

    def _extended(self, at: int) -> tuple[Command | Noise, int] | None:
        head = bytes(self._held[at : at + 5])
        if len(head) < 5:
            return None
        size = int.from_bytes(head[3:5], "little")
        if size > LONGEST_EXTENDED:
            return Noise(head[:1]), at + 1
        end = at + 5 + size
        return None if len(self._held) < end else (Extended(head[2], bytes(self._held[at + 5 : end])), end)


def _sort(byte: int) -> str:
    if byte == 0:
        return "zero"
    return "text" if byte >= 0x20 or byte == _LINE_FEED else "control"


def _short_command(raw: bytes) -> Command:
    match raw[:2]:
        case b"\x1b\x40":
            return Initialise()
        case b"\x1b\x4a":
            return FeedDots(raw[2])
        case b"\x1b\x64":
            return FeedLines(raw[2])
        case b"\x10\x04":
            return AskNow(raw[2])
        case b"\x10\x05":
            return Recover(raw[2])
        case b"\x1d\x72":
            return AskQueued(raw[2])
        case b"\x1d\x61":
            return AutoStatus(raw[2])
        case _:
            return Setting(raw)
