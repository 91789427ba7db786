"""A PostgreSQL for one round of central: every commit flushed, killed and started again, its files where one likes."""

import functools
import signal
import threading
import time
from pathlib import Path

from bench.cluster import Cluster, NoPostgres, programs

AGAIN_S = 60.0


class Server:
    """One server with central's database. Raises NoPostgres."""

    def __init__(self, data: Path) -> None:
        """`data`: the folder to be made for its files; PostgreSQL's own user has to be able to come there."""
        self._cluster = Cluster(durable=True, data=data)
        self.url = self._cluster.create("central")
        """As `serve --database` is given it."""
        self.kills = 0

    def kill(self, how: signal.Signals) -> None:
        """SIGKILL: as if it had never been there; SIGQUIT: its immediate shutdown. Both without a last word on disk."""
        self.kills += 1
        self._cluster.kill(how)

    def start(self) -> None:
        """At once; who was killed may still hold its memory for a moment. Raises NoPostgres."""
        deadline = time.monotonic() + AGAIN_S
        while True:
            try:
                self._cluster.start()
            except NoPostgres:
                if time.monotonic() > deadline:
                    raise
                threading.Event().wait(0.05)
            else:
                return

    def close(self) -> None:
        self._cluster.stop()


@functools.cache
def why_none() -> str:
    """Why there is no PostgreSQL here; empty when there is."""
    try:
        programs()
    except NoPostgres as absent:
        return str(absent)
    return ""
