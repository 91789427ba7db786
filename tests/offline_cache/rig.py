"""A store, a central end and a sync that is turned by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from offline_cache.link import Link
from offline_cache.store import SqlStore
from offline_cache.sync import Sync, SyncSettings, SyncState
from tests.offline_cache.world import IDENTITY, CentralEnd, HandClock, a_store, application, serving
from wire.messages import PIECE

TRIES = 40
ONE_BY_ONE = SyncSettings(mirror_every_s=1e9, least_piece_bytes=PIECE, in_flight=1)
"""So that a test can say what comes next."""


class Rig:
    """A store, a central end and a sync that is turned by hand; jitter is 1, so waits are their bounds."""

    def __init__(self, store: SqlStore, end: CentralEnd, link: Link, clock: HandClock, settings: SyncSettings) -> None:
        self.store, self.end, self.link, self.clock = store, end, link, clock
        self.told: list[SyncState] = []
        self.sync = Sync(store, link, clock, settings=settings, changed=self.told.append, chance=lambda: 1.0)

    def faults(self) -> list[str]:
        return [state.fault for state in self.told]

    def turn_until_empty(self) -> list[float]:
        """Turn and let the waits pass until nothing is waiting; the waits."""
        waits = []
        for _ in range(TRIES):
            wait = self.sync.round()
            if self.store.waiting().letters == 0:
                return waits
            waits.append(wait)
            self.clock.pass_(wait)
        raise AssertionError(f"still waiting: {self.store.letters()}, {self.sync.state()}")


@contextmanager
def a_rig(
    folder: Path, end: CentralEnd | None = None, *, url: str = "", settings: SyncSettings | None = None
) -> Iterator[Rig]:
    end = end or CentralEnd()
    clock = HandClock()
    end.now = clock.now
    with a_store(folder, clock) as store, serving(end) as served:
        link = Link(url or served, IDENTITY.key, clock)
        try:
            yield Rig(store, end, link, clock, settings or ONE_BY_ONE)
        finally:
            link.close()


def accept(rig: Rig, *cases: str, size: int = 100, subject: str = "") -> None:
    for case in cases:
        rig.store.accept(application(case, size), subject=subject or case)
