"""How often somebody may ask: so many in a span of time, counted in this worker."""

import datetime as dt
import threading
from collections import deque


class Rate:
    """At most `most` in any `span`, for each name; names that have been quiet are forgotten."""

    def __init__(self, most: int, span: dt.timedelta, names: int = 10_000) -> None:
        self._most = most
        self._span = span
        self._names = names
        self._lock = threading.Lock()
        self._times: dict[str, deque[dt.datetime]] = {}

    def allows(self, name: str, now: dt.datetime) -> bool:
        """Count one; False when that is one too many, which then does not count."""
        with self._lock:
            times = self._times.pop(name, None) or deque()
            while times and not now - self._span < times[0] <= now:  # a clock that was set back forgets, too
                times.popleft()
            allowed = len(times) < self._most
            if allowed:
                times.append(now)
            self._times[name] = times  # at the end: whoever asked last is forgotten last
            while len(self._times) > self._names:
                del self._times[next(iter(self._times))]
        return allowed
