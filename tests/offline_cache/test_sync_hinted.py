"""What a hint that the mirror has changed does to the sync: one request, not sooner than allowed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from offline_cache.sync import HINT_S, SyncSettings
from tests.offline_cache.rig import Rig, a_rig, accept
from tests.offline_cache.world import Handler, a_mirror

PATIENCE_S = 20.0
SELDOM = SyncSettings(mirror_every_s=1e6)


@contextmanager
def hinted_rig(folder: Path) -> Iterator[Rig]:
    with a_rig(folder, settings=SELDOM) as rig:
        rig.sync.round()
        rig.end.seen.clear()
        rig.clock.pass_(HINT_S)
        yield rig


def test_a_hint_makes_the_mirror_due(tmp_path: Path) -> None:
    with hinted_rig(tmp_path / "s") as rig:
        rig.end.mirror = a_mirror(2, "T1")
        rig.sync.round()
        assert not rig.end.seen
        rig.sync.mirror_hinted()
        rig.sync.round()
        assert [ticket.ticket for ticket in rig.store.mirror().tickets] == ["T1"]


def test_a_hundred_hints_a_second_cost_one_request_a_second(tmp_path: Path) -> None:
    with hinted_rig(tmp_path / "s") as rig:
        for _ in range(300):  # three seconds
            rig.sync.mirror_hinted()
            rig.sync.round()
            rig.clock.pass_(HINT_S / 100)
        assert 3 <= len(rig.end.seen) <= 4
        rig.clock.pass_(HINT_S)
        rig.sync.round()
        rig.end.seen.clear()
        rig.clock.pass_(HINT_S)
        assert rig.sync.round() > HINT_S
        assert not rig.end.seen, "the hints are over"


def test_a_hint_cuts_no_wait_short(tmp_path: Path) -> None:
    """After a failure, and after central's own wish, the next request is when it would be without hints."""
    with hinted_rig(tmp_path / "s") as rig:
        rig.end.faults = [lambda handler: handler.error(503, "busy", Retry_After="100")]
        accept(rig, "A")
        assert rig.sync.round() == 100.0
        rig.end.seen.clear()
        for _ in range(99):
            rig.sync.mirror_hinted()
            rig.sync.round()
            rig.clock.pass_(1.0)
        assert not rig.end.seen
        rig.clock.pass_(1.0)
        rig.sync.round()
        assert {path.partition("?")[0] for _, path in rig.end.seen} == {"/v1/mirror", "/v1/letters"}


def test_a_hint_does_not_wait_for_the_end_of_a_long_letter(tmp_path: Path) -> None:
    def hint(handler: Handler) -> None:
        if handler.command == "PATCH":
            rig.sync.mirror_hinted()

    with hinted_rig(tmp_path / "s") as rig:
        rig.end.when = hint
        accept(rig, "LONG", size=1_000_000)
        rig.sync.round()
        asked = [(method, path.partition("?")[0]) for method, path in rig.end.seen]
        pieces = [place for place, (method, _) in enumerate(asked) if method == "PATCH"]
        assert pieces[0] < asked.index(("GET", "/v1/mirror")) < pieces[-1]


def test_the_loop_takes_a_letter_for_a_reason_to_hurry_and_a_hint_not(tmp_path: Path) -> None:
    with hinted_rig(tmp_path / "s") as rig:
        turns: list[bool] = []
        turned = threading.Semaphore(0)

        def turn(*, woken: bool = False) -> float:
            turns.append(woken)
            turned.release()
            return 1e6

        rig.sync.round = turn  # type: ignore[method-assign]
        rig.sync.start()
        for do in (lambda: None, rig.sync.mirror_hinted, rig.sync.wake):
            do()
            assert turned.acquire(timeout=PATIENCE_S)
        rig.sync.mirror_hinted()  # one is known and not yet asked about: nobody is woken again
        rig.sync.wake()
        assert turned.acquire(timeout=PATIENCE_S)
        assert rig.sync.stop(PATIENCE_S)
        assert turns[:4] == [False, False, True, True]
