"""The worker's own opener: a thread that opens letters after they were acknowledged."""

import logging
import threading
import time

from central.jobs.unseal import open_letters
from central.store import letters
from central.store.database import StoreUnavailable
from central.wiring import Central

LOG = logging.getLogger("central.openers")

GATHER_S = 0.25
"""So long what comes is gathered: its acknowledgements are gone by then, and ten letters together cost hardly more than
one. Nobody waits for it: who asks for cases has his own terminal's letters opened (`open_what_waits`)."""

LOOK_AGAIN_S = 0.02
"""Between looks whether another worker is through."""

MOST_LOOKED_FOR = 1000
"""Terminals that one look in the database finds; the next one finds the rest."""


def open_what_waits(central: Central, region: str, terminal: str, within_s: float) -> bool:
    """Open what a terminal has sent, before its own next question is answered; whether nothing of it waits any more.

    When another thread or worker is opening it, until that is done. Raises StoreUnavailable.
    """
    until = time.monotonic() + within_s
    while True:
        with central.database.reading() as connection:
            if not letters.waits(connection, region, terminal):
                return True
        if not open_letters(central, region, [terminal], lambda: time.monotonic() >= until, until):
            if time.monotonic() >= until:
                return False
            threading.Event().wait(LOOK_AGAIN_S)


class Opener:
    """Opens what comes at this worker, and every `look_every_s` seconds whatever else waits: what another worker left
    when it was killed, what the disk refused. The first look is at once.
    """

    def __init__(self, central: Central, look_every_s: float) -> None:
        self._central = central
        self._look_every_s = look_every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go, name="central opener", daemon=True)

    def start(self) -> "Opener":
        self._thread.start()
        return self

    def stop(self) -> None:
        """Returns when the letters that are being opened now are opened."""
        self._stop.set()
        self._central.arrivals.wake()
        self._thread.join()

    def _go(self) -> None:
        look_at = 0.0
        while not self._stop.is_set():
            try:
                now = time.monotonic()
                if now >= look_at:
                    look_at = now + self._look_every_s
                    self._look()
                if self._central.arrivals.wait(look_at - now):
                    self._stop.wait(GATHER_S)
                    self._open()
            except StoreUnavailable as world:
                LOG.warning("letters stay unopened for now: %s", world)
                self._stop.wait(self._look_every_s)
            except Exception as ours:  # noqa: BLE001 - no mistake of ours may end the opening of letters
                LOG.error("opening letters met a mistake of ours: %s; tell the maker", type(ours).__name__)
                self._stop.wait(self._look_every_s)

    def _look(self) -> None:
        with self._central.database.reading() as connection:
            found = letters.waiting_terminals(connection, MOST_LOOKED_FOR)
        for region, terminal in found:
            self._central.arrivals.add(region, terminal)

    def _open(self) -> None:
        found = self._central.arrivals.take()
        if found is not None:
            open_letters(self._central, *found, stop=self._stop.is_set)
