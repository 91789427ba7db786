"""The part of a clock that the store needs; `hardware.api.clock.SystemClock` is one."""

import datetime as dt
from typing import Protocol


class Clock(Protocol):
    def monotonic(self) -> float:
        """Seconds on a counter that never goes back; only differences mean anything."""
        ...

    def now(self) -> dt.datetime:
        """The calendar time, timezone-aware (UTC)."""
        ...
