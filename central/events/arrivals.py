"""Terminals whose letters wait to be opened in this worker, each once, in the order in which they came."""

import threading

MOST_AT_ONCE = 64
"""Terminals that are given out together."""


class Arrivals:
    """Told by requests, taken from by the worker's opener. What is lost of it is found in the database."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], None] = {}  # never more than there are terminals
        self._changed = threading.Condition()

    def add(self, region: str, terminal: str) -> None:
        with self._changed:
            self._waiting[region, terminal] = None
            self._changed.notify()

    def wait(self, timeout_s: float) -> bool:
        """Whether any terminal waits, now or within the time; `wake` ends it early."""
        with self._changed:
            return bool(self._waiting) or (self._changed.wait(timeout_s) and bool(self._waiting))

    def take(self) -> tuple[str, list[str]] | None:
        """The region of the one that waits longest, and terminals of this region; None when nobody waits."""
        with self._changed:
            region = next(iter(self._waiting), ("", ""))[0]
            taken = [terminal for each, terminal in self._waiting if each == region][:MOST_AT_ONCE]
            for terminal in taken:
                del self._waiting[region, terminal]
        return (region, taken) if taken else None

    def wake(self) -> None:
        """Let who waits look around."""
        with self._changed:
            self._changed.notify_all()
