"""Central's hints that the mirror has changed, so that a ticket is here in a second and not when the mirror is due.

One answer of central stays open (`GET /v1/live`, central.events.live): lines of JSON, unsigned. Nothing of it is
believed; the most that anybody can reach with it is that the signed mirror is asked for once a second
(`Sync.mirror_hinted`). Without it everything comes as before, later.
"""

import enum
import json
import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from offline_cache.clock import Clock
from offline_cache.link import Cut, Failed, Link
from offline_cache.sync import SyncState
from wire.deeds import Network

LOG = logging.getLogger("offline_cache.hints")

LONGEST = 4096
"""Bytes of one piece with what is left of the piece before; central's lines have some 20."""

_NOT_OFFERED = frozenset({404, 405, 501})


@dataclass(frozen=True)
class HintSettings:
    """Times in seconds."""

    silence_s: float = 90.0
    """Three of central's beats."""
    first_wait_s: float = 5.0
    longest_wait_s: float = 900.0
    not_offered_wait_s: float = 3600.0  # an older central does not know the question
    steady_s: float = 60.0
    """An answer that was open for so long ends the doubling of the waits."""
    breath_s: float = 0.1
    """Between two pieces: a stream without end takes neither the processor nor, as its sender must wait, memory."""


class Line(enum.Enum):
    """What one line of the answer means."""

    NOTHING = enum.auto()  # a beat, or a word of a later central
    CHANGED = enum.auto()
    BYE = enum.auto()
    GARBAGE = enum.auto()


def meaning(line: bytes) -> Line:
    """Of one line without its end; anything at all may be given."""
    if not line.strip():
        return Line.NOTHING
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return Line.GARBAGE
    if not isinstance(told, dict):
        return Line.GARBAGE
    if told.get("bye") is True:
        return Line.BYE
    return Line.CHANGED if told.get("changed") == "mirror" else Line.NOTHING


class Hints:
    """Holds the answer open while central can be reached: one named thread. `start` and `stop` from outside."""

    def __init__(
        self, link: Link, hinted: Callable[[], None], clock: Clock, *, settings: HintSettings | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:  # fmt: skip
        """`hinted` is called in this object's thread; `chance` gives numbers in [0, 1) for jitter."""
        self._link = link
        self._hinted = hinted
        self._clock = clock
        self._settings = settings or HintSettings()
        self._chance = chance
        self._stopping = threading.Event()
        self._changes = threading.Condition()  # guards the next three
        self._up = False
        self._mirror = 0
        self._cut: Cut | None = None
        self._failures = 0
        self._held = b""
        self._said = False
        self._thread: threading.Thread | None = None

    # ---- from outside -------------------------------------------------------------------------------------------

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="sync hints", daemon=True)
        self._thread.start()

    def stop(self, within_s: float = 2.0) -> bool:
        """Cut the answer and end; whether it ended within that time (looking up a name cannot be cut)."""
        with self._changes:
            self._stopping.set()
            self._changes.notify_all()
            if self._cut is not None:
                self._cut()
        if self._thread is None:
            return True
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def told(self, state: SyncState) -> None:
        """How it stands with central: the sync's `changed`. What is open is cut when central cannot be reached."""
        with self._changes:
            self._up, self._mirror = state.network is Network.UP, state.mirror
            self._changes.notify_all()
            if not self._up and self._cut is not None:
                self._cut()

    # ---- the loop -----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            cut = Cut()
            with self._changes:
                self._changes.wait_for(lambda: self._up or self._stopping.is_set())
                if self._stopping.is_set():
                    return
                self._cut = cut
            wait = self.listen(cut)
            with self._changes:
                self._cut = None
            self._stopping.wait(wait)

    def listen(self, cut: Cut) -> float:
        """Hold one answer open until it ends; the seconds to wait before the next. Called by the loop, and by tests."""
        self._held = b""
        with self._changes:
            target = f"/v1/live?have={self._mirror}"
        began = self._clock.monotonic()
        outcome = self._link.listen(target, self._hear, cut, silence_s=self._settings.silence_s)
        if self._clock.monotonic() - began >= self._settings.steady_s:
            self._failures = 0
        return self._wait_after(outcome)

    def _wait_after(self, outcome: Failed | None) -> float:
        settings = self._settings
        if outcome is not None and outcome.status in _NOT_OFFERED:
            if not self._said:
                LOG.info("central does not offer hints")
            self._said = True
            return settings.not_offered_wait_s
        bound = min(settings.longest_wait_s, settings.first_wait_s * 2.0 ** min(self._failures, 30))
        self._failures += 1
        wait = bound * self._chance()
        after = outcome.retry_after_s if outcome is not None else None
        return wait if after is None else max(wait, after)

    def _hear(self, piece: bytes) -> bool:
        """One piece of the answer; whether to go on."""
        text = self._held + piece
        if len(text) > LONGEST:
            return False
        *lines, self._held = text.split(b"\n")
        for line in lines:
            match meaning(line):
                case Line.NOTHING:
                    pass
                case Line.CHANGED:
                    self._hinted()
                case Line.BYE | Line.GARBAGE:
                    return False
                case never:
                    assert_never(never)
        self._stopping.wait(self._settings.breath_s)
        return not self._stopping.is_set()
