"""The "8A" family of lock boards (硕铭 and rebrands, 8 to 50 channels): short frames with an XOR at the end, 9600 8N1.

Facts from a 24-channel protocol sheet (2021), a ROS 2 driver (MIT), a JS client with board profiles, Open-Locker
ADR-0061 and blog.csdn.net/u012909822/article/details/147892413. Two things differ between boards and are settings of
the driver: which status byte holds channels 1-8, and whether 11 means closed or open.
The open reply `8A 01 01 11 9B` is byte-identical to its request: a line echo looks like success.
"""

import enum
from dataclasses import dataclass

from hardware.codecs.hunt import NEED_MORE, NOT_A_FRAME, Hunter, Noise

BAUD = 9600
PULSE_S = 0.3
"""How long the board drives a lock that it was told to open, seconds."""
MOST_CHANNELS = 50

OPEN, READ, CHANGED, OPEN_SEVERAL, HOLD_ON, HOLD_OFF = 0x8A, 0x80, 0x82, 0x90, 0x9A, 0x9B
SET, CLEAR, ASK = 0x11, 0x00, 0x33
"""The state words 11 and 00 (what they mean is the lock's wiring), and the word that asks."""


class StatusOrder(enum.StrEnum):
    """Which status byte of "read all" holds channels 1-8. Most boards: the last."""

    LAST = "last"
    FIRST = "first"


@dataclass(frozen=True)
class OpenRequest:
    """Fire one lock (channel 0: all); `seconds` 1-9 drives it longer than the board's own 300 ms."""

    board: int
    channel: int
    seconds: int | None = None


@dataclass(frozen=True)
class SeveralRequest:
    """Open several at once: three bytes of channel bits, as on the wire."""

    board: int
    bits: bytes


@dataclass(frozen=True)
class HoldRequest:
    """Power a channel until told otherwise, or stop that."""

    board: int
    channel: int
    on: bool


@dataclass(frozen=True)
class ReadRequest:
    """Ask for one channel, or for all (channel 0)."""

    board: int
    channel: int = 0


@dataclass(frozen=True)
class OpenReply:
    """The board's word on an open request, or its echo: the two cannot be told apart."""

    board: int
    channel: int
    state: int


@dataclass(frozen=True)
class ReadReply:
    """The state word of one channel, 11 or 00."""

    board: int
    channel: int
    state: int


@dataclass(frozen=True)
class AllReply:
    """Every channel's bit; `status` is 3, 4 or 7 bytes as on the wire."""

    board: int
    status: bytes


@dataclass(frozen=True)
class DoorChanged:
    """Unasked: a door changed (firmware option)."""

    board: int
    channel: int
    state: int


ToBoard = OpenRequest | SeveralRequest | HoldRequest | ReadRequest
FromBoard = OpenReply | ReadReply | AllReply | DoorChanged | ReadRequest
"""A ReadRequest seen by the host is its own echo."""


def status_size(channels: int) -> int:
    """Status bytes in "read all": 3 up to 24 channels, 4 up to 32, 7 up to 50. Raises ValueError beyond."""
    if not 1 <= channels <= MOST_CHANNELS:
        raise ValueError(f"an 8A board has 1 to {MOST_CHANNELS} channels, not {channels}")
    return 3 if channels <= 24 else 4 if channels <= 32 else 7


def channel_bits(status: bytes, order: StatusOrder) -> int:
    """The status bytes as one number, bit 0 = channel 1."""
    return int.from_bytes(status, "big" if order is StatusOrder.LAST else "little")


def status_bytes(bits: int, channels: int, order: StatusOrder) -> bytes:
    """The other way round: what a board of so many channels puts on the wire."""
    return bits.to_bytes(status_size(channels), "big" if order is StatusOrder.LAST else "little")


def bcc(body: bytes) -> int:
    """XOR of all bytes."""
    total = 0
    for byte in body:
        total ^= byte
    return total


def encode(frame: ToBoard | FromBoard) -> bytes:
    """One frame's bytes, BCC included."""
    match frame:
        case OpenRequest(board, channel, seconds):
            body = bytes((OPEN, board, channel, SET)) + (b"" if seconds is None else bytes((seconds,)))
        case SeveralRequest(board, bits):
            body = bytes((OPEN_SEVERAL, board)) + bits
        case HoldRequest(board, channel, on):
            body = bytes((HOLD_ON if on else HOLD_OFF, board, channel, SET))
        case ReadRequest(board, channel):
            body = bytes((READ, board, channel, ASK))
        case OpenReply(board, channel, state):
            body = bytes((OPEN, board, channel, state))
        case ReadReply(board, channel, state):
            body = bytes((READ, board, channel, state))
        case AllReply(board, status):
            body = bytes((READ, board)) + status + bytes((ASK,))
        case DoorChanged(board, channel, state):
            body = bytes((CHANGED, board, channel, state))
    return body + bytes((bcc(body),))


def _ends_right(data: bytes, size: int) -> bool:
    return len(data) >= size and bcc(data[: size - 1]) == data[size - 1]


def _measure_request(data: bytes) -> int:
    head = data[0]
    if head not in (OPEN, READ, OPEN_SEVERAL, HOLD_ON, HOLD_OFF):
        return NOT_A_FRAME
    if len(data) < 5:
        return NEED_MORE
    if head != OPEN_SEVERAL and data[3] != (ASK if head == READ else SET):
        return NOT_A_FRAME
    # The BCC of a plain open is never below 80 (8A ^ 11 ^ two small numbers), so 1-9 here are seconds.
    size = 6 if head == OPEN_SEVERAL or (head == OPEN and 1 <= data[4] <= 9) else 5
    if len(data) < size:
        return NEED_MORE
    return size if _ends_right(data, size) else NOT_A_FRAME


def _parse_request(raw: bytes) -> ToBoard:
    board, channel = raw[1], raw[2]
    match raw[0]:
        case 0x8A:
            return OpenRequest(board, channel, raw[4] if len(raw) == 6 else None)
        case 0x90:
            return SeveralRequest(board, raw[2:5])
        case 0x9A:
            return HoldRequest(board, channel, on=True)
        case 0x9B:
            return HoldRequest(board, channel, on=False)
        case _:
            return ReadRequest(board, channel)


class RequestReader(Hunter[ToBoard]):
    """What a board hears."""

    def __init__(self) -> None:
        super().__init__(_measure_request, _parse_request, 6)


class ReplyReader(Hunter[FromBoard]):
    """What the host hears from boards of `channels` channels.

    `80 01 01 00 80` is a whole answer about channel 1 *and* may be the start of a "read all" reply, so the longer
    frame is preferred and the shorter one is given out when the next bytes, or a quiet line, rule the longer one out.
    """

    def __init__(self, channels: int) -> None:
        self._all_size = status_size(channels) + 4
        super().__init__(self._measure_reply, self._parse_reply, self._all_size, self._measure_last)

    def _measure_last(self, data: bytes) -> int:
        return self._measure_short(data) if len(data) < self._all_size else self._measure_reply(data)

    def _measure_short(self, data: bytes) -> int:
        states = (SET, CLEAR, ASK) if data[0] == READ else (SET, CLEAR)
        headed = data[0] in (OPEN, READ, CHANGED) and len(data) >= 5
        return 5 if headed and data[3] in states and _ends_right(data, 5) else NOT_A_FRAME

    def _measure_reply(self, data: bytes) -> int:
        if data[0] not in (OPEN, READ, CHANGED):
            return NOT_A_FRAME
        if len(data) < 5:
            return NEED_MORE
        short = self._measure_short(data)
        if data[0] != READ or (len(data) >= self._all_size - 1 and data[self._all_size - 2] != ASK):
            return short
        if len(data) < self._all_size:
            return NEED_MORE
        return self._all_size if _ends_right(data, self._all_size) else short

    def _parse_reply(self, raw: bytes) -> FromBoard:
        board = raw[1]
        if len(raw) > 5:
            return AllReply(board, raw[2:-2])
        channel, state = raw[2], raw[3]
        match raw[0]:
            case 0x8A:
                return OpenReply(board, channel, state)
            case 0x82:
                return DoorChanged(board, channel, state)
            case _:
                return ReadRequest(board, channel) if state == ASK else ReadReply(board, channel, state)


def size_on_wire(piece: ToBoard | FromBoard | Noise) -> int:
    """How many bytes a piece took."""
    return len(piece.raw) if isinstance(piece, Noise) else len(encode(piece))
