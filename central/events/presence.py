"""When terminals were last heard: kept in the worker, written down when one comes and coarsely afterwards.

A row changed at every sign of life would be 33,000 writes a second for a million terminals with a beat of 30 s.
"""

import datetime as dt
import threading

from central.rules.letters import Sender
from central.store import terminals
from central.store.database import Database

COARSE = dt.timedelta(minutes=3)
"""How far the written time may lie behind."""


class Presence:
    """What this worker has heard."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._heard: dict[Sender, dt.datetime] = {}
        self._written: dict[Sender, dt.datetime] = {}
        self._lock = threading.Lock()

    def heard(self, sender: Sender, now: dt.datetime) -> None:
        """A sign of life. Raises StoreUnavailable when it is the first here and cannot be written down."""
        with self._lock:
            self._heard[sender] = now
            if sender in self._written:
                return
            self._written[sender] = now
        self._write({sender: now})

    def still(self, sender: Sender, now: dt.datetime) -> None:
        """A sign of life of one that was heard before; nothing is written."""
        with self._lock:
            if sender in self._written:
                self._heard[sender] = now

    def flush(self, now: dt.datetime) -> int:
        """Write down in one transaction what is too far behind; how many there were. Raises StoreUnavailable.

        Who has not been heard for long is forgotten: when it comes again, that is written down at once.
        """
        with self._lock:
            due = {
                sender: last
                for sender, last in self._heard.items()
                if last != self._written[sender] and abs(now - self._written[sender]) >= COARSE
            }
        if due:
            self._write(due)
        with self._lock:
            self._written.update({sender: last for sender, last in due.items() if sender in self._written})
            for sender in [sender for sender, last in self._heard.items() if abs(now - last) >= 2 * COARSE]:
                del self._heard[sender], self._written[sender]
        return len(due)

    def _write(self, seen: dict[Sender, dt.datetime]) -> None:
        with self._database.writing(durable=False) as connection:
            terminals.set_seen(connection, [(each.region, each.terminal, at) for each, at in seen.items()])

    def forget(self) -> None:
        with self._lock:
            self._heard.clear()
            self._written.clear()
