"""A large letter over a line that breaks again and again costs little more than its bytes, and is soon through."""

import random
from pathlib import Path

from offline_cache.link import Link
from offline_cache.sync import Sync, SyncSettings
from tests.offline_cache.line import a_line
from tests.offline_cache.rig import TRIES
from tests.offline_cache.world import CentralEnd, HandClock, a_store, application, serving

MB = 1_000_000
WITHOUT_MIRROR = SyncSettings(mirror_every_s=1e9)


def drained_over(folder: Path, size: int, cuts: list[int]) -> tuple[int, int, int]:
    """(sealed bytes, bytes carried both ways, cuts met) for one letter with an attachment of `size` bytes."""
    end = CentralEnd()
    clock = HandClock()
    end.now = clock.now
    with serving(end) as url, a_line(url, cuts) as line, a_store(folder, clock) as store:
        store.accept(application("LONG", size), subject="LONG")
        sealed = store.waiting().bytes
        link = Link(line.url, store.identity.key, clock)
        sync = Sync(store, link, clock, settings=WITHOUT_MIRROR, chance=lambda: 1.0)
        for _ in range(3 * TRIES):
            wait = sync.round()
            if not store.waiting().letters:
                break
            clock.pass_(wait)
        link.close()
        assert end.cases() == ["LONG"]
        return sealed, line.carried, line.cut


def test_twenty_cuts_in_twenty_megabytes_cost_less_than_a_tenth(tmp_path: Path) -> None:
    chance = random.Random(20)
    places = sorted(chance.randrange(20 * MB) for _ in range(20))
    cuts = [max(1, after - before) for before, after in zip([0, *places], places, strict=False)]
    sealed, carried, cut = drained_over(tmp_path, 20 * MB, cuts)
    assert cut == 20
    assert sealed <= 1.03 * 20 * MB  # the file as it is, not as base64
    assert carried <= 1.1 * 20 * MB, carried / 20 / MB
