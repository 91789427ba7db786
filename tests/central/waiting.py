"""Waiting for what another process or thread does."""

import threading
import time
from collections.abc import Callable

import pytest

PATIENCE_S = 30.0


def until(seen: Callable[[], bool], what: str) -> None:
    """Looks again and again, and fails when it was in vain."""
    deadline = time.monotonic() + PATIENCE_S
    while not seen():
        if time.monotonic() > deadline:
            pytest.fail(f"waited in vain for {what}")
        threading.Event().wait(0.05)
