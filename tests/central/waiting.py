"""Waiting for what another process or thread does."""

import threading
import time
from collections.abc import Callable

import pytest

from central.jobs.unseal import unseal_pending
from central.store import letters
from central.wiring import Central

PATIENCE_S = 30.0


def settled(central: Central) -> Central:
    """The same central, once every letter that it has acknowledged is opened: by this process, or by who serves."""

    def nothing_waits() -> bool:
        unseal_pending(central)
        with central.database.reading() as connection:
            return letters.unopened_count(connection) == 0

    until(nothing_waits, "letters to be opened")
    opened_whole(central)
    return central


def opened_whole(central: Central) -> None:
    """Once a letter is opened, whoever opened it in this process still decides its case: his turn ends with that."""
    with central.opening.turn():
        pass


def until(seen: Callable[[], bool], what: str) -> None:
    """Looks again and again, and fails when it was in vain."""
    deadline = time.monotonic() + PATIENCE_S
    while not seen():
        if time.monotonic() > deadline:
            pytest.fail(f"waited in vain for {what}")
        threading.Event().wait(0.05)
