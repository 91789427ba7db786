"""Not asking again and again what does not answer: a breaker for each department's item.

Closed: asked. After `failures` in a row it opens: nobody is asked, and nobody waits. After `rest` one may try
(half-open): its success closes the breaker, its failure opens it for another `rest`, twice as long each time.
"""

import datetime as dt
import enum
import threading
from collections.abc import Callable


class BreakerState(enum.StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker:
    """Thread-safe. Time is the caller's clock; one that is set back opens nothing for longer than a rest."""

    def __init__(
        self,
        now: Callable[[], dt.datetime],
        failures: int = 3,
        rest: dt.timedelta = dt.timedelta(seconds=30),
        longest: dt.timedelta = dt.timedelta(minutes=10),
    ) -> None:
        self._now = now
        self._most = failures
        self._first = rest
        self._longest = longest
        self._lock = threading.Lock()
        self._failed = 0
        self._rest = rest
        self._opened: dt.datetime | None = None
        self._trying: dt.datetime | None = None

    @property
    def state(self) -> BreakerState:
        with self._lock:
            return self._state()

    def _state(self) -> BreakerState:
        if self._opened is None:
            return BreakerState.CLOSED
        rested = not dt.timedelta() <= self._now() - self._opened < self._rest
        return BreakerState.HALF_OPEN if rested else BreakerState.OPEN

    def allows(self) -> bool:
        """Whether to ask now. Half-open, one at a time may: who was allowed says how it went."""
        with self._lock:
            state = self._state()
            if state is BreakerState.HALF_OPEN:
                now = self._now()
                if self._trying is not None and dt.timedelta() <= now - self._trying < self._rest:
                    return False
                self._trying = now
                return True
            return state is BreakerState.CLOSED

    def succeeded(self) -> bool:
        """It answered; whether that has closed the breaker."""
        with self._lock:
            was_open = self._opened is not None
            self._failed, self._opened, self._trying, self._rest = 0, None, None, self._first
            return was_open

    def failed(self) -> bool:
        """It did not answer; whether that has opened a closed breaker."""
        with self._lock:
            self._failed += 1
            if self._opened is not None:
                if self._trying is not None:
                    self._rest = min(self._rest * 2, self._longest)
                    self._opened, self._trying = self._now(), None
                return False
            if self._failed < self._most:
                return False
            self._opened = self._now()
            return True

    def open(self) -> None:
        """Take it as open: another worker found it so, or this one before it was started anew."""
        with self._lock:
            if self._opened is None:
                self._opened = self._now() - self._rest  # it may be tried at once
