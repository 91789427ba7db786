"""Several requests under way at once: while one waits for its answer the others use the line, and all else stays."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from offline_cache.sync import SyncSettings
from tests.offline_cache import world
from tests.offline_cache.rig import Rig, a_rig, accept

THREE = SyncSettings(mirror_every_s=1e9, in_flight=3)
DEADLINE_S = 30.0


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with a_rig(tmp_path / "store", settings=THREE) as made:
        yield made


def test_a_batch_and_two_large_letters_are_under_way_at_once(rig: Rig) -> None:
    accept(rig, "L1", "L2", "L3", size=500_000)
    accept(rig, "C1", "C2")
    together = threading.Barrier(3)
    met = []

    def meet(handler: world.Handler) -> world.Reply | None:
        if len(met) < 3 and handler.command != "GET":
            met.append((handler.command, handler.path.rsplit("/", 1)[1]))
            together.wait(DEADLINE_S)
        return None

    rig.end.when = meet
    rig.sync.round()
    assert sorted(command for command, _ in met) == ["PATCH", "PATCH", "POST"]
    assert sorted(rig.end.cases()) == ["C1", "C2", "L1", "L2", "L3"]
    assert len(rig.end.stored) == 5


def test_letters_of_one_subject_never_overtake_each_other(rig: Rig) -> None:
    for turn in range(4):
        for subject in ("A", "B"):
            for kind, size in (("small", 100), ("large", 400_000), ("then", 100)):
                accept(rig, f"{subject}{turn}-{kind}", size=size, subject=subject)
    rig.turn_until_empty()
    arrived = rig.end.cases()
    for subject in ("A", "B"):
        of_it = [case for case in arrived if case.startswith(subject)]
        assert of_it == [f"{subject}{turn}-{kind}" for turn in range(4) for kind in ("small", "large", "then")]
    assert len(rig.end.stored) == 24


@pytest.mark.parametrize("broken", [world.no_reply, world.error_500, world.half_reply, world.html_200])
def test_one_that_fails_takes_nothing_from_the_others(rig: Rig, broken: world.Reply) -> None:
    accept(rig, "L1", "L2", size=500_000)
    accept(rig, "C1")
    rig.end.when = lambda handler: broken if handler.command == "PATCH" and "L1" in case_of(rig, handler) else None
    rig.sync.round()
    assert "C1" in rig.end.cases()
    rig.end.when = lambda _: None
    rig.turn_until_empty()
    assert sorted(rig.end.cases()) == ["C1", "L1", "L2"]
    assert len(rig.end.stored) == 3


def case_of(rig: Rig, handler: world.Handler) -> str:
    """Subjects are cases here."""
    return next(row.subject for row in rig.store.letters() if row.id in handler.path)


def test_a_mistake_of_ours_beside_is_not_swallowed(rig: Rig) -> None:
    accept(rig, "L1", "L2", size=500_000)
    real = rig.link.exchange

    def breaks(method: str, target: str, *rest: object, **more: object) -> object:
        if threading.current_thread() is not threading.main_thread():
            raise ZeroDivisionError
        return real(method, target, *rest, **more)

    rig.link.exchange = breaks
    with pytest.raises(ZeroDivisionError):
        rig.sync.round()
