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

    `measure(bytes, line_is_quiet)` looks at the start of what is held and answers the frame's length, NEED_MORE or
    NOT_A_FRAME; it must decide once `longest` bytes are there, which bounds what is ever held. `parse` gets exactly one
    frame's bytes.
    """

    def __init__(self, measure: Callable[[bytes, bool], int], parse: Callable[[bytes], F], longest: int) -> None:
        self._measure = measure
        self._parse = parse
        self._longest = longest
        self._held = b""

    @property
    def held(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._held)

    def feed(self, chunk: bytes) -> list[F | Noise]:
        """The frames and noise that `chunk` completes, in order."""
        return self._cut(self._held + chunk, line_is_quiet=False)

    def quiet(self) -> list[F | Noise]:
        """The line has gone quiet: what is held will not be completed, so hunt on inside it and hold nothing."""
        return self._cut(self._held, line_is_quiet=True)

    def reset(self) -> None:
        """Forget what is held."""
        self._held = b""

    def _cut(self, data: bytes, *, line_is_quiet: bool) -> list[F | Noise]:
        out: list[F | Noise] = []
        at = noise_from = 0
        while at < len(data):
            # The window keeps one feed linear in its length.
            size = self._measure(data[at : at + self._longest], line_is_quiet)
            if size == NEED_MORE and not line_is_quiet:
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
