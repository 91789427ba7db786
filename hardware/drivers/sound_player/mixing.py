"""Samples on their way out: loudness, the headset's limit, and short sounds laid over speech. Pure."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from hardware.api.speech import LOUDEST, SAMPLE_BYTES, Speech

STEP_DB = 3.0
"""One level of loudness; level 1 is 27 dB below level 10."""
CHUNK_S = 0.02
_ONE = 1 << 15
_FULL = 32_767


def gain(level: int, limit: float) -> int:
    """The factor of a level, in parts of 32,768; `limit` is the part of the full signal that may ever come out."""
    if level <= 0:
        return 0
    return round(_ONE * limit * 10 ** (-STEP_DB * (LOUDEST - min(level, LOUDEST)) / 20))


def chunks(speech: Speech) -> Iterator[bytes]:
    """The samples in steps of CHUNK_S, so that a new loudness or a stop takes effect within one."""
    size = max(round(speech.hz * CHUNK_S), 1) * SAMPLE_BYTES
    for at in range(0, len(speech.pcm) - len(speech.pcm) % SAMPLE_BYTES, size):
        yield speech.pcm[at : at + size]


def silence(hz: int) -> bytes:
    """One step of nothing."""
    return bytes(max(round(hz * CHUNK_S), 1) * SAMPLE_BYTES)


def at_speed(speech: Speech, hz: int) -> "array[int]":
    """The samples at another speed, in straight lines between them: good enough for a bell, not for a voice."""
    given = array("h", speech.pcm[: len(speech.pcm) // SAMPLE_BYTES * SAMPLE_BYTES])
    if speech.hz == hz or len(given) < 2:
        return given
    made = array("h")
    for n in range(len(given) * hz // speech.hz):
        whole, part = divmod(n * speech.hz, hz)
        here = given[min(whole, len(given) - 1)]
        after = given[min(whole + 1, len(given) - 1)]
        made.append(here + (after - here) * part // hz)
    return made


@dataclass
class Chime:
    """A short sound and how far it has gone out."""

    sound: Speech
    at: int = 0  # samples at the speed of the stream that carries it
    samples: "array[int] | None" = None


def mixed(chunk: bytes, chimes: list[Chime], hz: int, factor: int, limit: float) -> bytes:
    """One step of speech with the chimes laid over it, made as loud as it may be. Moves the chimes on."""
    speech = array("h", chunk)
    if not chimes:
        return array("h", [value * factor >> 15 for value in speech]).tobytes()
    sums = list(speech)
    for chime in chimes:
        if chime.samples is None:
            chime.samples = at_speed(chime.sound, hz)
        part = chime.samples[chime.at : chime.at + len(sums)]
        for n, value in enumerate(part):
            sums[n] += value
        chime.at += len(part)
    most = int(_FULL * limit)
    return array("h", [min(max(value * factor >> 15, -most), most) for value in sums]).tobytes()
