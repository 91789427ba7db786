"""The GM65 family's serial protocol: zones read and written, and codes on the same line as the answers.

Request: `7E 00 type length address(2) data crc(2)`; reply: `02 00 code length data crc(2)`, `03 00 …` to a heartbeat.
The CRC is CCITT 0x1021 from 0, over everything after the first two bytes; `AB CD` stands for "not checked". The answer
to a trigger comes before the code and shares its line, so answers are cut out of the stream wherever they stand.
Sources: four open drivers and the EM3095 manual; CRCs recomputed.
"""

import enum
from dataclasses import dataclass, field

from hardware.api.code_scanner import LONGEST_CODE
from hardware.codecs.code_lines import CR, Code, LineReader, TooLong
from hardware.codecs.hunt import NEED_MORE, NOT_A_FRAME, Hunter, Noise

REQUEST_START = b"\x7e\x00"
REPLY_STARTS = (b"\x02\x00", b"\x03\x00")
UNCHECKED = b"\xab\xcd"
LONGEST_DATA = 32
"""Data bytes of one answer or request; zones are read one or a few at a time."""
HEAD = 4
CRC_SIZE = 2
LONGEST_REPLY = HEAD + LONGEST_DATA + CRC_SIZE
LONGEST_REQUEST = HEAD + 2 + LONGEST_DATA + CRC_SIZE

ZONE_MODE = 0x0000
ZONE_TRIGGER = 0x0002
ZONE_DEFAULTS = 0x00D9
MODE_MASK = 0x03
MODE_COMMAND = 0x01
MODE_D5 = 0xD5
"""Command-triggered, light and aim while reading, LED on: as an open driver sets it."""


class Kind(enum.IntEnum):
    """What a request wants."""

    READ = 0x07
    WRITE = 0x08
    SAVE = 0x09  # to flash
    HEARTBEAT = 0x0A


class Result(enum.IntEnum):
    """What an answer says."""

    OK = 0x00
    BAD_CRC = 0x01
    BAD_COMMAND = 0x03


@dataclass(frozen=True)
class Request:
    """A request as it was on the wire."""

    kind: int
    address: int
    data: bytes = b""
    checked: bool = field(default=True, compare=False)  # False: it came with AB CD in place of the CRC


@dataclass(frozen=True)
class BadRequest:
    """A request whose CRC is wrong (the twin answers it as the scanner does)."""

    raw: bytes


@dataclass(frozen=True)
class Reply:
    """An answer. `heartbeat` is the answer to a heartbeat and to nothing else."""

    code: int
    data: bytes = b""
    heartbeat: bool = False
    checked: bool = field(default=True, compare=False)

    @property
    def result(self) -> Result | None:
        """The answer by name, None for one that this list does not have."""
        return _RESULTS.get(self.code)


_RESULTS: dict[int, Result] = {result.value: result for result in Result}

Piece = Reply | Code | TooLong | Noise


def crc(data: bytes) -> bytes:
    """CRC-16 CCITT (0x1021, from 0, no reflection), high byte first."""
    value = 0
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1) ^ 0x1021 if value & 0x8000 else value << 1
        value &= 0xFFFF
    return value.to_bytes(2, "big")


def encode_request(kind: Kind, address: int, data: bytes, *, checked: bool = True) -> bytes:
    """The bytes of a request; `checked` False puts AB CD in place of the CRC."""
    body = bytes([kind, len(data)]) + address.to_bytes(2, "big") + data
    return REQUEST_START + body + (crc(body) if checked else UNCHECKED)


def encode_reply(reply: Reply) -> bytes:
    """The bytes of an answer."""
    body = bytes([reply.code, len(reply.data)]) + reply.data
    return REPLY_STARTS[reply.heartbeat] + body + (crc(body) if reply.checked else UNCHECKED)


TRIGGER = encode_request(Kind.WRITE, ZONE_TRIGGER, b"\x01")
UNTRIGGER = encode_request(Kind.WRITE, ZONE_TRIGGER, b"\x00")
HEARTBEAT = encode_request(Kind.HEARTBEAT, 0x0000, b"\x00")
SAVE = encode_request(Kind.SAVE, 0x0000, b"\x00")
READ_MODE = encode_request(Kind.READ, ZONE_MODE, b"\x01")


def request_reader() -> Hunter[Request | BadRequest]:
    """For the twin: feed it chunks of any size, it hands back requests, and the noise between them."""
    return Hunter(_measure_request, _parse_request, LONGEST_REQUEST)


class StreamReader:
    """For the driver: answers and codes out of one stream, and the noise it refused. Holds at most one of each.

    Every byte fed comes out in a reply, a code, or noise, or is still held; but an answer that stands inside a code is
    handed over before it.
    """

    def __init__(self, tail: bytes = CR, longest: int = LONGEST_CODE) -> None:
        self._lines = LineReader(tail, longest)
        self._start = b""  # the beginning of what may be an answer

    @property
    def held(self) -> int:
        """How many bytes wait for more."""
        return len(self._start) + self._lines.held

    @property
    def unfinished(self) -> bool:
        """Whether something has begun and not ended."""
        return bool(self._start) or self._lines.unfinished

    def feed(self, chunk: bytes) -> list[Piece]:
        """The answers, codes and noise that `chunk` completes."""
        return self._cut(self._start + chunk, line_is_quiet=False)

    def quiet(self) -> list[Piece]:
        """The line has gone quiet: what is held is all that will come."""
        return [*self._cut(self._start, line_is_quiet=True), *self._lines.quiet()]

    def reset(self) -> None:
        """Forget what is held."""
        self._start = b""
        self._lines.reset()

    def _cut(self, data: bytes, *, line_is_quiet: bool) -> list[Piece]:
        out: list[Piece] = []
        text_from = at = 0
        while True:
            at = _next_start(data, at)
            if at < 0:
                at = len(data)
                break
            size = _measure_reply(data[at : at + LONGEST_REPLY])
            if size == NEED_MORE and not line_is_quiet:
                break
            if size <= 0:
                at += 1
                continue
            out += self._lines.feed(data[text_from:at])
            out.append(_parse_reply(data[at : at + size]))
            at = text_from = at + size
        out += self._lines.feed(data[text_from:at])
        self._start = data[at:]
        return out


def _next_start(data: bytes, at: int) -> int:
    """Where an answer may begin, from `at` on; -1 for nowhere."""
    found = [place for place in (data.find(start[:1], at) for start in REPLY_STARTS) if place >= 0]
    return min(found, default=-1)


def _measure_reply(held: bytes) -> int:
    if len(held) > 1 and held[1] != 0:
        return NOT_A_FRAME
    if len(held) < HEAD:
        return NEED_MORE
    if held[2] not in _RESULTS or not 1 <= held[3] <= LONGEST_DATA:
        return NOT_A_FRAME
    size = HEAD + held[3] + CRC_SIZE
    if len(held) < size:
        return NEED_MORE
    given = held[size - CRC_SIZE : size]
    return size if given in (crc(held[2 : size - CRC_SIZE]), UNCHECKED) else NOT_A_FRAME


def _parse_reply(frame: bytes) -> Reply:
    checked = frame[-CRC_SIZE:] != UNCHECKED or crc(frame[2:-CRC_SIZE]) == UNCHECKED
    return Reply(frame[2], frame[HEAD:-CRC_SIZE], heartbeat=frame[:2] == REPLY_STARTS[1], checked=checked)


def _measure_request(held: bytes, _quiet: bool = False) -> int:
    start = held[: len(REQUEST_START)]
    if start != REQUEST_START[: len(start)]:
        return NOT_A_FRAME
    if len(held) < HEAD:
        return NEED_MORE
    if held[2] not in (7, 8, 9, 10) or not 1 <= held[3] <= LONGEST_DATA:
        return NOT_A_FRAME
    size = HEAD + 2 + held[3] + CRC_SIZE
    return size if len(held) >= size else NEED_MORE


def _parse_request(frame: bytes) -> Request | BadRequest:
    given, right = frame[-CRC_SIZE:], crc(frame[2:-CRC_SIZE])
    if given not in (right, UNCHECKED):
        return BadRequest(frame)
    return Request(frame[2], int.from_bytes(frame[4:6], "big"), frame[6:-CRC_SIZE], checked=given == right)
