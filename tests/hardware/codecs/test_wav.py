"""WAV as a stream: any cut, any bytes, and what the standard library makes of our head."""

import io
import struct
import wave
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.codecs.hunt import Noise
from hardware.codecs.wav import LONGEST_HEAD, Begins, Piece, Reader, Samples, head
from tests.hardware.chunks import cut, piece_sizes


def read(chunks: Iterable[bytes]) -> list[Piece]:
    reader = Reader()
    return [piece for chunk in chunks for piece in reader.feed(chunk)]


def samples(pieces: list[Piece]) -> bytes:
    return b"".join(piece.pcm for piece in pieces if isinstance(piece, Samples))


@given(st.integers(4_000, 192_000), st.binary(max_size=300), piece_sizes)
def test_any_cut_gives_the_same_samples(hz: int, pcm: bytes, sizes: list[int]) -> None:
    pieces = read(cut(head(hz) + pcm, sizes))
    assert [piece for piece in pieces if isinstance(piece, Begins)] == [Begins(hz)]
    assert samples(pieces) == pcm[: len(pcm) // 2 * 2]
    assert not any(isinstance(piece, Noise) for piece in pieces)


@given(st.binary(max_size=2_000), piece_sizes)
def test_any_bytes_are_survived(raw: bytes, sizes: list[int]) -> None:
    reader = Reader()
    for chunk in cut(raw, sizes):
        reader.feed(chunk)
        assert len(reader._held) <= LONGEST_HEAD + 100


def test_the_standard_library_agrees() -> None:
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(16_000)
        written.writeframes(bytes(range(200)))
    assert read([file.getvalue()]) == [Begins(16_000), Samples(bytes(range(200)))]
    with wave.open(io.BytesIO(head(22_050) + bytes(400))) as ours:
        assert (ours.getframerate(), ours.getnchannels(), ours.getsampwidth()) == (22_050, 1, 2)
        assert ours.readframes(1000) == bytes(400)


def test_chunks_before_the_samples_are_passed_over() -> None:
    whole = head(8_000)
    listed = whole[:36] + b"LIST" + struct.pack("<I", 5) + b"hello\x00" + whole[36:] + b"\x01\x02"
    assert read([listed]) == [Begins(8_000), Samples(b"\x01\x02")]


@pytest.mark.parametrize(
    "raw",
    [
        b"OggS" + bytes(60),
        head(22_050).replace(b"WAVE", b"AVI "),
        head(22_050)[:22] + b"\x02\x00" + head(22_050)[24:],  # two channels
        head(22_050)[:20] + b"\x03\x00" + head(22_050)[22:],  # floating point
        head(22_050)[:12] + head(22_050)[36:] + bytes(20),  # samples before the format
        b"RIFF\0\0\0\0WAVEjunk" + struct.pack("<I", LONGEST_HEAD) + bytes(40),
    ],
)
def test_what_is_no_sound_of_ours_is_noise(raw: bytes) -> None:
    pieces = read([raw, b"more"])
    assert pieces
    assert all(isinstance(piece, Noise) for piece in pieces)
