"""WAV as a stream: a head that says how fast the samples go, then samples until the stream ends.

Speech engines write it and sound players read it before anyone knows how long it will be, so the lengths in the head
are only believed for the chunks before the samples. Source: Microsoft, Multimedia Programming Interface and Data
Specifications 1.0, "WAVE"; PCM, one channel, signed 16 bit, little end first is all that we speak.
"""

import struct
from dataclasses import dataclass, field
from typing import TypeAlias

from hardware.codecs.hunt import Noise

ENDLESS = 0x7FFF_0000
"""The length of a stream whose end is not known yet."""
LONGEST_HEAD = 4096
"""Bytes; a head that goes on longer is none."""
_PCM, _SAMPLE_BYTES = 1, 2


@dataclass(frozen=True)
class Begins:
    """The head: `hz` samples in a second follow."""

    hz: int


@dataclass(frozen=True)
class Samples:
    """Whole samples."""

    pcm: bytes = field(repr=False)


Piece: TypeAlias = Begins | Samples | Noise


def head(hz: int) -> bytes:
    """The 44 bytes before samples of no known number."""
    form = struct.pack("<HHIIHH", _PCM, 1, hz, hz * _SAMPLE_BYTES, _SAMPLE_BYTES, 8 * _SAMPLE_BYTES)
    return (
        b"RIFF"
        + struct.pack("<I", ENDLESS + 36)
        + b"WAVEfmt "
        + struct.pack("<I", len(form))
        + form
        + (b"data" + struct.pack("<I", ENDLESS))
    )


class Reader:
    """Cuts one stream. What is no head of ours is Noise, and so is everything after it."""

    def __init__(self) -> None:
        self._held = b""
        self._begun = False
        self._hz = 0
        self._bad = False

    def feed(self, chunk: bytes) -> list[Piece]:
        if self._bad:
            return [Noise(chunk)] if chunk else []
        self._held += chunk
        found: list[Piece] = []
        if not self._begun:
            ends = self._head_ends()
            if ends is None:
                return found
            if ends < 0:
                self._bad, held, self._held = True, self._held, b""
                return [Noise(held)] if held else []
            self._begun, self._held = True, self._held[ends:]
            found.append(Begins(self._hz))
        whole = len(self._held) - len(self._held) % _SAMPLE_BYTES
        if whole:
            found.append(Samples(self._held[:whole]))
            self._held = self._held[whole:]
        return found

    def _head_ends(self) -> int | None:
        """Where the samples begin; None while that cannot be known, -1 when it is no head of ours."""
        data = self._held
        if not (b"RIFF".startswith(data[:4]) and b"WAVE".startswith(data[8:12])):
            return -1
        at = 12
        while len(data) >= at + 8:
            name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
            if name == b"data":
                return at + 8 if self._hz else -1
            if at + 8 + length > LONGEST_HEAD:
                return -1
            body = data[at + 8 : at + 8 + length]
            if len(body) < length:
                return None
            if name == b"fmt ":
                if length < 16:
                    return -1
                kind, channels, hz, _, block, bits = struct.unpack("<HHIIHH", body[:16])
                if (kind, channels, block, bits) != (_PCM, 1, 2, 16) or not 4_000 <= hz <= 192_000:
                    return -1
                self._hz = hz
            at += 8 + length + length % 2
        return None
