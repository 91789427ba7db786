"""Modbus RTU as relay boards speak it (Waveshare 8CH and kin): 9600 8N1, CRC-16 low byte first.

RTU has no header, so a frame is found by its function's length and a CRC that fits. Source: Waveshare wiki "Modbus RTU
Relay (D)"; Open-Locker ADR-0004. The coil value 5500 (toggle) and the flash values are not legal standard Modbus.
"""

from dataclasses import dataclass
from functools import cache

from hardware.codecs.hunt import NEED_MORE, NOT_A_FRAME, Hunter, Noise

BAUD = 9600
ALL_COILS = 0x00FF
FLASH_ON, FLASH_OFF = 0x0200, 0x0400
"""Added to a coil's number: switch for a time (value × 100 ms), done by the board even if the host dies."""
ON, OFF, TOGGLE = 0xFF00, 0x0000, 0x5500
MOST_DATA = 32
"""Bytes of data in one frame: 256 relays; a longer count is noise, which bounds what is held."""

_READS = (0x01, 0x02, 0x03)
_WRITES = (0x05, 0x06)
_WRITE_MANY = 0x0F


@dataclass(frozen=True)
class Read:
    """Ask: function 01 coils, 02 inputs, 03 registers; `count` of them from `start`."""

    unit: int
    function: int
    start: int
    count: int


@dataclass(frozen=True)
class Write:
    """Set one coil (05) or register (06). The board's answer is the same bytes."""

    unit: int
    function: int
    address: int
    value: int


@dataclass(frozen=True)
class WriteMany:
    """Set `count` coils at once (0F); bit 0 of the first byte is coil `start`."""

    unit: int
    start: int
    count: int
    data: bytes


@dataclass(frozen=True)
class Values:
    """The answer to a Read."""

    unit: int
    function: int
    data: bytes


@dataclass(frozen=True)
class Written:
    """The answer to a WriteMany."""

    unit: int
    start: int
    count: int


@dataclass(frozen=True)
class Refused:
    """An exception answer: 01 function, 02 address, 03 value, 04 the device failed, 06 busy."""

    unit: int
    function: int
    code: int


ToBoard = Read | Write | WriteMany
FromBoard = Values | Write | Written | Refused


@cache
def _crc_of_byte(index: int) -> int:
    crc = index
    for _ in range(8):
        crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def crc16(body: bytes) -> int:
    """Modbus CRC: polynomial A001 reflected, start FFFF."""
    crc = 0xFFFF
    for byte in body:
        crc = crc >> 8 ^ _crc_of_byte((crc ^ byte) & 0xFF)
    return crc


def _words(*values: int) -> bytes:
    return b"".join(value.to_bytes(2, "big") for value in values)


def encode(frame: ToBoard | FromBoard) -> bytes:
    """One frame's bytes, CRC included."""
    match frame:
        case Read(unit, function, start, count):
            body = bytes((unit, function)) + _words(start, count)
        case Write(unit, function, address, value):
            body = bytes((unit, function)) + _words(address, value)
        case WriteMany(unit, start, count, data):
            body = bytes((unit, _WRITE_MANY)) + _words(start, count) + bytes((len(data),)) + data
        case Values(unit, function, data):
            body = bytes((unit, function, len(data))) + data
        case Written(unit, start, count):
            body = bytes((unit, _WRITE_MANY)) + _words(start, count)
        case Refused(unit, function, code):
            body = bytes((unit, function | 0x80, code))
    return body + crc16(body).to_bytes(2, "little")


def _whole(data: bytes, size: int) -> int:
    if len(data) < size:
        return NEED_MORE
    return size if crc16(data[:size]) == 0 else NOT_A_FRAME


def _counted(data: bytes, at: int, extra: int) -> int:
    """A frame whose byte `at` counts its data."""
    if len(data) <= at:
        return NEED_MORE
    return _whole(data, extra + data[at]) if 1 <= data[at] <= MOST_DATA else NOT_A_FRAME


def _measure_request(data: bytes) -> int:
    if len(data) < 2:
        return NEED_MORE
    if data[1] in _READS + _WRITES:
        return _whole(data, 8)
    return _counted(data, 6, 9) if data[1] == _WRITE_MANY else NOT_A_FRAME


def _parse_request(raw: bytes) -> ToBoard:
    unit, function, first, second = raw[0], raw[1], int.from_bytes(raw[2:4], "big"), int.from_bytes(raw[4:6], "big")
    if function in _READS:
        return Read(unit, function, first, second)
    if function in _WRITES:
        return Write(unit, function, first, second)
    return WriteMany(unit, first, second, raw[7:-2])


def _measure_reply(data: bytes) -> int:
    if len(data) < 2:
        return NEED_MORE
    function = data[1]
    if function in _READS:
        return _counted(data, 2, 5)
    if function in _WRITES or function == _WRITE_MANY:
        return _whole(data, 8)
    return _whole(data, 5) if function & 0x7F in (*_READS, *_WRITES, _WRITE_MANY) else NOT_A_FRAME


def _parse_reply(raw: bytes) -> FromBoard:
    unit, function = raw[0], raw[1]
    if function & 0x80:
        return Refused(unit, function & 0x7F, raw[2])
    if function in _READS:
        return Values(unit, function, raw[3:-2])
    first, second = int.from_bytes(raw[2:4], "big"), int.from_bytes(raw[4:6], "big")
    return Written(unit, first, second) if function == _WRITE_MANY else Write(unit, function, first, second)


class RequestReader(Hunter[ToBoard]):
    """What a board hears."""

    def __init__(self) -> None:
        super().__init__(_measure_request, _parse_request, 9 + MOST_DATA)


class ReplyReader(Hunter[FromBoard]):
    """What the host hears."""

    def __init__(self) -> None:
        super().__init__(_measure_reply, _parse_reply, 8 + MOST_DATA)


def size_on_wire(piece: ToBoard | FromBoard | Noise) -> int:
    """How many bytes a piece took."""
    return len(piece.raw) if isinstance(piece, Noise) else len(encode(piece))
