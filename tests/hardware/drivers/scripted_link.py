"""A wire without time: bytes arrive when a hand-moved clock reaches them, so that silence costs a test nothing."""

import datetime as dt
from collections.abc import Callable

from hardware.api.errors import LinkLost


class HandClock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def monotonic(self) -> float:
        return self.at

    def now(self) -> dt.datetime:
        return dt.datetime(2026, 11, 22, tzinfo=dt.UTC) + dt.timedelta(seconds=self.at)

    def wait(self, seconds: float) -> None:
        self.at += seconds


Answer = list[tuple[float, bytes]]
"""Pieces of an answer, each with how many seconds after the one before it comes."""


class ScriptedLink:
    """Calls `answer` with what was written; what it returns is read later. Only waiting moves the clock."""

    def __init__(self, clock: HandClock, answer: Callable[[bytes], Answer]) -> None:
        self.clock = clock
        self.answer = answer
        self.written: list[bytes] = []
        self.lost = False
        self._coming: list[tuple[float, bytes]] = []
        self._free_at = 0.0

    def open(self) -> None:
        self.lost = False

    def close(self) -> None:
        self._coming.clear()

    def write(self, data: bytes) -> None:
        self._check()
        self.written.append(data)
        self.say(self.answer(data))

    def say(self, pieces: Answer) -> None:
        """Bytes that come on their own."""
        at = max(self.clock.at, self._free_at)
        for delay_s, piece in pieces:
            at += delay_s
            self._coming.append((at, piece))
        self._free_at = at

    def read(self, timeout_s: float) -> bytes:
        self._check()
        until = self.clock.at + max(timeout_s, 0.0)
        if not self._coming or self._coming[0][0] > until:
            self.clock.at = until
            return b""
        at, piece = self._coming.pop(0)
        self.clock.at = max(self.clock.at, at)
        return piece

    def discard_input(self) -> None:
        self._check()
        self._coming = [(at, piece) for at, piece in self._coming if at > self.clock.at]

    def _check(self) -> None:
        if self.lost:
            raise LinkLost("pulled")
