"""KERONG CU16 lock board: frames of 5 bytes to it and 9 bytes from it, 19200 8N1 by default (9600 on some).

`02 ADDR CMD 03 SUM`, SUM = low byte of the plain sum of all earlier bytes. ADDR: high nibble the board, low nibble the
lock 0-15. The status reply is `02 ADDR 35 HOOK1-8 HOOK9-16 IR1-8 IR9-16 03 SUM`, bit 0 = lock 1.
No source shows a reply to "open". Sources: jin0949/KR-CU16_locker README and a second open client; the layout of the
replies 36 and 38 is in neither, so they are not read here.
"""

import enum
from dataclasses import dataclass

from hardware.codecs.hunt import NEED_MORE, NOT_A_FRAME, Hunter, Noise

BAUD = 19200
LOCKS_PER_BOARD = 16
BOARDS = 15
"""Boards 0-14; F in the high nibble means all boards."""
ALL_BOARDS = 0xF0

_STX, _ETX = 0x02, 0x03
_STATUS_REPLY = 0x35
_REQUEST_SIZE, _STATUS_SIZE = 5, 9


class Command(enum.IntEnum):
    """What the board can be asked."""

    STATUS = 0x30
    OPEN = 0x31
    STATUS_ALL = 0x32
    OPEN_ALL = 0x33
    UNLOCK_TIME = 0x37
    DELAYED_UNLOCK = 0x39


_COMMANDS = frozenset(Command)


@dataclass(frozen=True)
class Request:
    """One command to a board; `lock` counts from 0 and is 0 for commands that mean the whole board."""

    board: int
    lock: int
    command: Command

    @property
    def address(self) -> int:
        return self.board << 4 | self.lock


@dataclass(frozen=True)
class BoardStatus:
    """What one board's sensors say: 16 hook bits and 16 item (IR) bits, bit 0 = lock 1, as on the wire."""

    board: int
    hooks: int
    items: int
    lock: int = 0


Frame = Request | BoardStatus


def encode(frame: Frame) -> bytes:
    """One frame's bytes, sum included."""
    match frame:
        case Request():
            body = bytes((_STX, frame.address, frame.command, _ETX))
        case BoardStatus():
            address = frame.board << 4 | frame.lock
            bits = frame.hooks.to_bytes(2, "little") + frame.items.to_bytes(2, "little")
            body = bytes((_STX, address, _STATUS_REPLY)) + bits + bytes((_ETX,))
    return body + bytes((sum(body) & 0xFF,))


def _measure(data: bytes) -> int:
    if data[0] != _STX:
        return NOT_A_FRAME
    if len(data) < 3:
        return NEED_MORE
    if data[2] == _STATUS_REPLY:
        size = _STATUS_SIZE
    elif data[2] in _COMMANDS:
        size = _REQUEST_SIZE
    else:
        return NOT_A_FRAME
    if len(data) < size:
        return NEED_MORE
    whole = data[size - 2] == _ETX and data[size - 1] == sum(data[: size - 1]) & 0xFF
    return size if whole else NOT_A_FRAME


def _parse(raw: bytes) -> Frame:
    board, lock = raw[1] >> 4, raw[1] & 0x0F
    if raw[2] == _STATUS_REPLY:
        hooks, items = int.from_bytes(raw[3:5], "little"), int.from_bytes(raw[5:7], "little")
        return BoardStatus(board, hooks, items, lock)
    return Request(board, lock, Command(raw[2]))


class FrameReader(Hunter[Frame]):
    """Frames of both directions: the driver sees its own echo as a Request and knows it for one."""

    def __init__(self) -> None:
        super().__init__(_measure, _parse, _STATUS_SIZE)


def size_on_wire(piece: Frame | Noise) -> int:
    """How many bytes a piece took."""
    match piece:
        case Noise():
            return len(piece.raw)
        case BoardStatus():
            return _STATUS_SIZE
        case Request():
            return _REQUEST_SIZE
