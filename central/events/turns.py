"""One thread at a time, in the order in which they came."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock that is fair, and that is not waited for longer than one wants.

    With `threading.Lock` who gives it back and wants it again at once nearly always has it before those who wait.
    """

    def __init__(self) -> None:
        self._waiting: deque[object] = deque()  # the first one has it
        self._changed = threading.Condition()

    def __len__(self) -> int:
        """Who has it and who waits for it."""
        with self._changed:
            return len(self._waiting)

    @contextmanager
    def turn(self, until: float | None = None) -> Iterator[bool]:
        """Whether it is ours for this block; False when it was not until then (`time.monotonic`)."""
        mine = object()
        try:
            with self._changed:
                self._waiting.append(mine)
                left = None if until is None else max(0.0, until - time.monotonic())
                had = self._changed.wait_for(lambda: self._waiting[0] is mine, left)
            yield had
        finally:
            with self._changed:
                self._waiting.remove(mine)
                self._changed.notify_all()
