"""Time as an argument: nothing in the house reads a clock that it was not handed."""

import datetime as dt
import time
from typing import Protocol


class Clock(Protocol):
    """A steady counter for durations and a calendar clock for what people and documents read."""

    def monotonic(self) -> float:
        """Seconds on a counter that never goes back; only differences mean anything."""
        ...

    def now(self) -> dt.datetime:
        """The calendar time, timezone-aware (UTC)."""
        ...

    def wait(self, seconds: float) -> None:
        """Let `seconds` pass (a device's own settling time; never used to wait for an event)."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def monotonic(self) -> float:
        return time.monotonic()

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)
