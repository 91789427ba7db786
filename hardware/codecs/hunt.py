"""Hunting for frames in a stream that may hold anything: stray bytes, echoes, halves of frames."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

NEED_MORE = 0
"""Measured: the bytes so far may become a frame."""
NOT_A_FRAME = -1
"""Measured: no frame starts at this byte."""

F = TypeVar("F")


@dataclass(frozen=True)
class Noise:
    """Bytes that belong to no frame, in the order they came. Not shown by repr: a line may carry anything."""

    raw: bytes = field(repr=False)


class Hunter(Generic[F]):
    """Cuts a stream into frames and noise; every byte fed comes out in exactly one of them or is still held.

    `measure(bytes)` looks at the start of what is held and answers the frame's length, NEED_MORE or NOT_A_FRAME; it
    must decide once `longest` bytes are there, which bounds what is ever held. `parse` gets exactly one frame's bytes.
    `measure_quiet` is asked instead when the line has gone quiet, where a short frame may be the start of a longer one.
    """

    def __init__(
        self,
        measure: Callable[[bytes], int],
        parse: Callable[[bytes], F],
        longest: int,
        measure_quiet: Callable[[bytes], int] | None = None,
    ) -> None:
        self._measure = measure
        self._measure_quiet = measure_quiet or measure
        self._parse = parse
        self._longest = longest
        self._held = b""

    @property
    def held(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._held)

    def feed(self, chunk: bytes) -> list[F | Noise]:
        """The frames and noise that `chunk` completes, in order."""
        return self._cut(self._held + chunk, self._measure, wait=True)

    def quiet(self) -> list[F | Noise]:
        """The line has gone quiet: what is held will not be completed, so hunt on inside it and hold nothing."""
        return self._cut(self._held, self._measure_quiet, wait=False)

    def reset(self) -> None:
        """Forget what is held."""
        self._held = b""

    def _cut(self, data: bytes, measure: Callable[[bytes], int], *, wait: bool) -> list[F | Noise]:
        out: list[F | Noise] = []
        at = noise_from = 0
        while at < len(data):
            # The window keeps one feed linear in its length.
            size = measure(data[at : at + self._longest])
            if size == NEED_MORE and wait:
                break
            if size <= 0:
                at += 1
                continue
            if at > noise_from:
                out.append(Noise(data[noise_from:at]))
            out.append(self._parse(data[at : at + size]))
            at = noise_from = at + size
        if at > noise_from:
            out.append(Noise(data[noise_from:at]))
        self._held = data[at:]
        return out
