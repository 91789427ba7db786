"""Waiting for what another thread does, with a deadline."""

import threading
import time
from collections.abc import Callable

DEADLINE_S = 30.0
"""Nobody waits so long on a good day; on a bad one every thread of a busy machine may be late."""
LOOK_S = 0.002


def until(true: Callable[[], object], within_s: float = DEADLINE_S) -> None:
    """Return when `true()` is; fail the test when it is not in time."""
    never = threading.Event()
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        never.wait(LOOK_S)
