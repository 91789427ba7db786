"""The bus of several workers on one PostgreSQL: NOTIFY, on connections of its own.

Never inside the transaction that an event is about: NOTIFY makes commits wait for each other (measured: 3,354
transactions a second become 1,879). Events that come close together are sent as one transaction, the same ones once.
"""

import logging
import threading
from collections.abc import Callable

import psycopg

from central.events.bus import EVERYTHING, Event, Hear, Listeners

LOG = logging.getLogger("central.events")

CHANNEL = "nuanting"
LONGEST = 7000
"""Bytes of a NOTIFY's payload; PostgreSQL takes 8000."""

_GATHER_S = 0.05
_LOOK_S = 1.0
_AGAIN_S = (0.5, 1.0, 2.0, 5.0, 10.0)


class Notify:
    """Two threads, each with a connection: one sends, one listens (`notifies` keeps its connection to itself)."""

    def __init__(self, url: str) -> None:
        """`url` as CentralSettings.database has it."""
        self._url = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._listeners = Listeners()
        self._waiting: dict[Event, None] = {}
        self._some = threading.Condition()
        self._closed = threading.Event()
        self._listening = threading.Event()
        self._threads: dict[str, threading.Thread] = {}

    def publish(self, event: Event) -> None:
        with self._some:
            self._waiting[event] = None
            self._some.notify()
            self._start("notify", self._send)

    def listen(self, hear: Hear) -> Callable[[], None]:
        with self._some:
            self._start("listen", self._listen)
        return self._listeners.add(hear)

    def wait_until_listening(self, timeout_s: float) -> bool:
        return self._listening.wait(timeout_s)

    def close(self) -> None:
        self._closed.set()
        with self._some:
            self._some.notify()
            threads = tuple(self._threads.values())
        for thread in threads:
            thread.join(10)

    def _start(self, name: str, work: Callable[[], None]) -> None:
        """Only who publishes or listens has the connection for it."""
        if name not in self._threads and not self._closed.is_set():
            self._threads[name] = threading.Thread(target=work, name=f"central-{name}", daemon=True)
            self._threads[name].start()

    def _send(self) -> None:
        tries = 0
        while not self._closed.is_set() or (self._waiting and not tries):
            try:
                with psycopg.connect(self._url, autocommit=True, connect_timeout=10) as connection:
                    while self._send_some(connection):
                        tries = 0
            except psycopg.Error as world:
                LOG.warning("events are not sent for now: %s", type(world).__name__)
                self._pause(tries)
                tries += 1

    def _send_some(self, connection: psycopg.Connection) -> bool:
        """False when it is over."""
        with self._some:
            while not self._waiting and not self._closed.is_set():
                self._some.wait()
        self._closed.wait(_GATHER_S)  # not at all once it is closed: the last ones are sent
        with self._some:
            events = tuple(self._waiting)
        if not events:
            return False
        with connection.transaction():
            for event in events:
                payload = f"{event.topic} {event.about}"
                if len(payload.encode()) > LONGEST:
                    payload = f"{event.topic} {EVERYTHING}"
                connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
        with self._some:  # only now: what could not be sent is sent again
            for event in events:
                self._waiting.pop(event, None)
        return True

    def _listen(self) -> None:
        tries = 0
        while not self._closed.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True, connect_timeout=10) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    if self._listening.is_set():
                        self._listeners.tell(Event(EVERYTHING, EVERYTHING))  # what was told meanwhile, was not heard
                    self._listening.set()
                    tries = 0
                    while not self._closed.is_set():
                        for notice in connection.notifies(timeout=_LOOK_S):
                            self._hear(notice.payload)
            except psycopg.Error as world:
                LOG.warning("events are not heard for now: %s", type(world).__name__)
                self._pause(tries)
                tries += 1

    def _hear(self, payload: str) -> None:
        topic, _, about = payload.partition(" ")
        self._listeners.tell(Event(topic, about))

    def _pause(self, tries: int) -> None:
        self._closed.wait(_AGAIN_S[min(tries, len(_AGAIN_S) - 1)])
