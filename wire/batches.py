"""A batch of small letters as bytes: the headers told once and short, the sealed bodies behind them as they are.

Sealed bytes as base64 in JSON are a third larger on a line that is paid for by the byte. Layout (big-endian):

    "NTL1" | letters u16 | length of the headers u32 | per letter: length of its body u32 | headers | the bodies

The headers are the canonical JSON of a list of LetterHeader, compressed (zlib, RFC 1950): what letters of one terminal
have in common is most of it. No JSON begins with these four bytes: whoever reads a body knows by them what it is, and
whoever knows JSON only says that it is none.
"""

import enum
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from wire.canonical import canonical
from wire.messages import LetterHeader

MAGIC = b"NTL1"
LONGEST_HEADER = 4096
"""Bytes of one header as JSON, on average over a batch."""
_HEADERS = TypeAdapter(list[dict[str, Any]])
_HEAD = struct.Struct(">4sHI")
_LENGTH = struct.Struct(">I")


class BatchFault(enum.StrEnum):
    """Why bytes are no batch."""

    CUT = "letters.cut"  # fewer bytes than they say
    OVERLONG = "letters.overlong"  # more bytes than they say
    EMPTY = "letters.empty"  # no letter
    TOO_MANY = "letters.too_many"
    BAD_HEADERS = "letters.bad_headers"  # not one header for each letter, too long, not compressed, not JSON


class NotABatch(ValueError):
    """The bytes are no batch of ours."""

    def __init__(self, fault: BatchFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def pack_batch(letters: Sequence[tuple[LetterHeader, bytes]]) -> bytes:
    """The batch of these headers and their sealed bodies."""
    headers = zlib.compress(canonical([header.model_dump(mode="json") for header, _ in letters]), 9)
    sizes = (_LENGTH.pack(len(body)) for _, body in letters)
    return b"".join(
        (_HEAD.pack(MAGIC, len(letters), len(headers)), *sizes, headers, *(body for _, body in letters)),
    )


def unpack_batch(data: bytes, most: int) -> list[tuple[dict[str, Any], bytes]]:
    """Each header as a JSON object, not looked at closer, with its body. Raises NotABatch: also for more than `most`.

    What is taken of memory is bounded by `data` and LONGEST_HEADER for each letter, whatever the bytes say.
    """
    try:
        magic, count, length = _HEAD.unpack_from(data)
        if magic == MAGIC and count > most:
            raise NotABatch(BatchFault.TOO_MANY)
        sizes = [_LENGTH.unpack_from(data, _HEAD.size + number * _LENGTH.size)[0] for number in range(count)]
    except struct.error as short:
        raise NotABatch(BatchFault.CUT) from short
    if magic != MAGIC:
        raise NotABatch(BatchFault.BAD_HEADERS)
    at = _HEAD.size + count * _LENGTH.size
    missing = at + length + sum(sizes) - len(data)
    if missing:
        raise NotABatch(BatchFault.CUT if missing > 0 else BatchFault.OVERLONG)
    if count == 0:
        raise NotABatch(BatchFault.EMPTY)
    headers = _headers(data[at : at + length], count)
    at += length
    letters = []
    for header, size in zip(headers, sizes, strict=True):
        letters.append((header, data[at : at + size]))
        at += size
    return letters


def _headers(packed: bytes, count: int) -> list[dict[str, Any]]:
    longest = count * LONGEST_HEADER
    reader = zlib.decompressobj()
    try:
        text = reader.decompress(packed, longest + 1)
        if len(text) > longest or not reader.eof or reader.unused_data:
            raise NotABatch(BatchFault.BAD_HEADERS)
        headers = _HEADERS.validate_json(text)
    except (zlib.error, ValidationError) as broken:
        raise NotABatch(BatchFault.BAD_HEADERS) from broken
    if len(headers) != count:
        raise NotABatch(BatchFault.BAD_HEADERS)
    return headers
