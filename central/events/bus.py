"""Rare events from where they happen to where somebody waits: a hint, never the only way to learn of something.

An event is told after the transaction that it is about, outside of it, and names only what to look at (an id, never a
content). It may be lost with a connection, and several of the same may arrive as one: whoever waits looks again now and
then (`LOOK_AGAIN`), and must bear an event too many.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

LOG = logging.getLogger("central.events")

EVERYTHING = "*"
"""As `about`: events may have been lost, anything may have changed."""


@dataclass(frozen=True)
class Event:
    """`topic` is a word, `about` the id of what changed."""

    topic: str
    about: str


Hear = Callable[[Event], None]
"""Called in any thread, soon returns, raises nothing."""


class EventBus(Protocol):
    """Carries events to every worker, this one included."""

    def publish(self, event: Event) -> None:
        """Returns at once and raises nothing: what it is about is in the database already."""

    def listen(self, hear: Hear) -> Callable[[], None]:
        """Hear every event from now on; call what is returned to stop."""

    def close(self) -> None: ...


class Listeners:
    """Who hears, in this process."""

    def __init__(self) -> None:
        self._hear: list[Hear] = []
        self._lock = threading.Lock()

    def add(self, hear: Hear) -> Callable[[], None]:
        with self._lock:
            self._hear.append(hear)

        def stop() -> None:
            with self._lock:
                if hear in self._hear:
                    self._hear.remove(hear)

        return stop

    def tell(self, event: Event) -> None:
        with self._lock:
            hear = tuple(self._hear)
        for each in hear:
            each(event)


class InProcess:
    """The bus of a central that is one process: whoever publishes tells everybody."""

    def __init__(self) -> None:
        self._listeners = Listeners()

    def publish(self, event: Event) -> None:
        self._listeners.tell(event)

    def listen(self, hear: Hear) -> Callable[[], None]:
        return self._listeners.add(hear)

    def close(self) -> None:
        return
