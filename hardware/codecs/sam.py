"""Frames of the identity-card security module (SAM) on a UART: GA/T 467-2019 as vendors and open drivers tell it.

Request: `AA AA AA 96 69 | length, big-endian | command | parameter | data | check`
Reply:   `AA AA AA 96 69 | length, big-endian | SW1 SW2 SW3 | data | check`
The length counts everything after itself; the check is the XOR of everything after the preamble before it.
"""

import enum
from dataclasses import dataclass, field

from hardware.codecs.hunt import NEED_MORE, NOT_A_FRAME, Hunter

PREAMBLE = bytes.fromhex("AA AA AA 96 69")
HEAD = len(PREAMBLE) + 2
LONGEST_REPLY_LENGTH = 0x090A + 64
"""The longest reply known is 0x090A (text, photo, fingerprints), and a little slack; nothing makes us wait for more."""
LONGEST_REQUEST_LENGTH = 64
LONGEST_REPLY = HEAD + LONGEST_REPLY_LENGTH
LONGEST_REQUEST = HEAD + LONGEST_REQUEST_LENGTH


class Command(enum.Enum):
    """What the module can be asked: command byte, parameter byte."""

    RESET = (0x10, 0xFF)
    STATUS = (0x11, 0xFF)
    SAM_ID = (0x12, 0xFF)
    FIND = (0x20, 0x01)
    SELECT = (0x20, 0x02)
    READ = (0x30, 0x01)  # text and photo
    READ_WITH_FINGERPRINT = (0x30, 0x10)
    READ_ADDITIONAL_ADDRESS = (0x30, 0x03)
    READ_MANAGEMENT_NUMBER = (0x30, 0x05)
    BAUD_115200 = (0x60, 0x00)
    BAUD_57600 = (0x60, 0x01)
    BAUD_38400 = (0x60, 0x02)
    BAUD_19200 = (0x60, 0x03)
    BAUD_9600 = (0x60, 0x04)
    MAX_RF_BYTES = (0x61, 0xFF)  # one data byte


class Sw(enum.IntEnum):
    """The third status byte. SW1 and SW2 are normally 00 and carry detail with 31, 32, 33, 41, 47, 81."""

    DONE = 0x90
    FOUND = 0x9F
    NOT_FOUND = 0x80
    NONE_ON_CARD = 0x91
    CHECKSUM_WRONG = 0x10
    LENGTH_WRONG = 0x11
    NOT_ACCEPTED = 0x21
    UNKNOWN_COMMAND = 0x24
    CARD_REFUSED_SAM = 0x31
    SAM_REFUSED_CARD = 0x32
    FAILED_CHECK = 0x33
    WRONG_CARD = 0x40
    READ_FAILED = 0x41
    RANDOM_FAILED = 0x47
    SAM_FAILED = 0x60
    SAM_UNAUTHORISED = 0x66
    SELECT_FAILED = 0x81


@dataclass(frozen=True)
class Request:
    """A request as it was on the wire, whether we know the command or not."""

    command: int
    parameter: int
    data: bytes = b""

    @property
    def known(self) -> Command | None:
        """The command by name, None for one that this list does not have."""
        return _BY_CODE.get((self.command, self.parameter))


@dataclass(frozen=True)
class Reply:
    """A reply; `data` may hold everything about a person and is never shown by repr."""

    sw3: int
    data: bytes = field(default=b"", repr=False)
    sw1: int = 0
    sw2: int = 0

    @property
    def sw(self) -> Sw | None:
        """The status by name, None for one that this list does not have."""
        return _SW.get(self.sw3)


_BY_CODE: dict[tuple[int, int], Command] = {command.value: command for command in Command}
_SW: dict[int, Sw] = {sw.value: sw for sw in Sw}


def encode_request(command: Command, data: bytes = b"") -> bytes:
    """The bytes of a request."""
    return _framed(bytes(command.value) + data)


def encode_raw_request(request: Request) -> bytes:
    """The bytes of a request with any command bytes at all (tests and twins)."""
    return _framed(bytes((request.command, request.parameter)) + request.data)


def encode_reply(reply: Reply) -> bytes:
    """The bytes of a reply."""
    return _framed(bytes((reply.sw1, reply.sw2, reply.sw3)) + reply.data)


def reply_reader() -> Hunter[Reply]:
    """For the driver: feed it chunks of any size, it hands back replies, and the noise between them."""
    return Hunter(_measure_reply, _parse_reply, LONGEST_REPLY)


def request_reader() -> Hunter[Request]:
    """For the twin: the same, for requests."""
    return Hunter(_measure_request, _parse_request, LONGEST_REQUEST)


def expected_size(held: bytes) -> int | None:
    """How long the frame that begins `held` says it is, in bytes; None when its head is not there or not a head."""
    if len(held) < HEAD or held[: len(PREAMBLE)] != PREAMBLE:
        return None
    return HEAD + int.from_bytes(held[len(PREAMBLE) : HEAD], "big")


# ---- what replies carry


@dataclass(frozen=True)
class CardData:
    """The parts of an answer to READ or READ_WITH_FINGERPRINT."""

    text: bytes = field(repr=False)
    photo: bytes = field(repr=False)
    fingerprint: bytes = field(default=b"", repr=False)


def encode_card_data(card: CardData, *, with_fingerprint: bool = False) -> bytes:
    """The data part of the reply: two or three lengths, big-endian, then the parts."""
    parts = [card.text, card.photo, *([card.fingerprint] if with_fingerprint else [])]
    return b"".join(len(part).to_bytes(2, "big") for part in parts) + b"".join(parts)


def parse_card_data(data: bytes, *, with_fingerprint: bool = False) -> CardData | None:
    """The parts, or None when the lengths do not add up to what came."""
    count = 3 if with_fingerprint else 2
    head = 2 * count
    if len(data) < head:
        return None
    sizes = [int.from_bytes(data[at : at + 2], "big") for at in range(0, head, 2)]
    if head + sum(sizes) != len(data):
        return None
    text_end = head + sizes[0]
    photo_end = text_end + sizes[1]
    return CardData(data[head:text_end], data[text_end:photo_end], data[photo_end:])


def sam_id(data: bytes) -> str | None:
    """The module's 16 identity bytes as vendors print them, `05.03-20200101-0001234567-0007654321`."""
    if len(data) != 16:
        return None
    kind, maker = (int.from_bytes(data[at : at + 2], "little") for at in (0, 2))
    date, serial, check = (int.from_bytes(data[at : at + 4], "little") for at in (4, 8, 12))
    return f"{kind:02d}.{maker:02d}-{date:08d}-{serial:010d}-{check:010d}"


def encode_sam_id(text: str) -> bytes:
    """The 16 bytes behind a printed SAM id. Raises ValueError for anything else."""
    kind_maker, date, serial, check = text.split("-")
    kind, maker = kind_maker.split(".")
    return b"".join(
        int(number).to_bytes(size, "little")
        for number, size in ((kind, 2), (maker, 2), (date, 4), (serial, 4), (check, 4))
    )


# ---- the frame itself


def _framed(body: bytes) -> bytes:
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + counted + bytes([_xor(counted)])


def _measure_reply(held: bytes, _quiet: bool = False) -> int:
    return _measure(held, 4, LONGEST_REPLY_LENGTH)


def _measure_request(held: bytes, _quiet: bool = False) -> int:
    return _measure(held, 3, LONGEST_REQUEST_LENGTH)


def _measure(held: bytes, shortest: int, longest: int) -> int:
    start = held[: len(PREAMBLE)]
    if start != PREAMBLE[: len(start)]:
        return NOT_A_FRAME
    size = expected_size(held)
    if size is None:
        return NEED_MORE
    if not shortest <= size - HEAD <= longest:
        return NOT_A_FRAME
    if len(held) < size:
        return NEED_MORE
    return size if _xor(held[len(PREAMBLE) : size]) == 0 else NOT_A_FRAME


def _parse_reply(frame: bytes) -> Reply:
    sw1, sw2, sw3 = frame[HEAD : HEAD + 3]
    return Reply(sw3, frame[HEAD + 3 : -1], sw1, sw2)


def _parse_request(frame: bytes) -> Request:
    return Request(frame[HEAD], frame[HEAD + 1], frame[HEAD + 2 : -1])


def _xor(data: bytes) -> int:
    """XOR of all bytes, by folding a long integer in halves: false frames in noise must not cost a loop each."""
    folded = int.from_bytes(data, "big")
    bits = 8 << max(len(data) - 1, 0).bit_length()
    while bits > 8:
        bits >>= 1
        folded = (folded >> bits) ^ (folded & ((1 << bits) - 1))
    return folded
