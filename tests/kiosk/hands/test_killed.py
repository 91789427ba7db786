"""The program is killed before or after every line that writes the ledger; the next boot finds out what was done."""

import threading
from typing import Any

import pytest

from hardware.twins.locker_cu16 import LockerCu16Twin
from kiosk.journeys.events import DoorOpened, Event, ItemGone, PagesOut, SlipOut
from kiosk.ports import DeedState
from tests.contracts.until import until
from tests.kiosk.hands.rig import FACTS, Rig, an_order, ticket

pytestmark = pytest.mark.log_warnings_expected

LINES = (1, 2, 3, 4, 5)
"""Promised, begun, fed, presented, ended."""


class Killed(Exception):
    """The program ends here."""


class Dying:
    """The real store for as long as the program lives: until its n-th write, which is done or not."""

    def __init__(self, store: Any, line: int, *, written: bool) -> None:
        self._store = store
        self._left = line
        self._written = written
        self.dead = threading.Event()

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._store, name)

        def work(*args: Any, **more: Any) -> Any:
            if self.dead.is_set():
                raise Killed
            self._left -= 1
            if self._left > 0:
                return real(*args, **more)
            self.dead.set()
            if self._written:
                real(*args, **more)
            raise Killed

        return work if name in ("promise", "mark", "settle") else real


class Person:
    """Does what the terminal asks, as long as it asks."""

    def __init__(self, twin: Any, store: Dying) -> None:
        self.twin = twin
        self.store = store

    def __call__(self, event: Event) -> None:
        match event:
            case PagesOut():
                self.twin.take_paper()
            case SlipOut():
                self.twin.take_slip()
            case DoorOpened():
                self.twin.take_item(2)
            case ItemGone():
                self.twin.close_door(2)
            case _:
                pass


def boots(rig: Rig) -> None:
    """Sweeps at the next boot and later, until nothing is open."""
    for _ in range(4):
        rig.sweep()
        rig.clock.leap(20.0)
    assert rig.sql.open_deeds() == ()


def dies(store: Dying, hand: Any) -> None:
    assert store.dead.wait(10)
    until(lambda: not hand.busy)


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("line", LINES)
def test_a_document(rig: Rig, line: int, written: bool) -> None:
    twin = rig.printer()
    store = Dying(rig.store, line, written=written)
    rig.pages_hand._store = store  # type: ignore[assignment]
    rig.pages_hand.print(an_order(), Person(twin, store))
    dies(store, rig.pages_hand)
    given = len(twin.received)
    assert given == (1 if line >= 3 else 0)
    rig.sweep()
    twin.take_paper()
    boots(rig)
    assert len(twin.received) == given  # nothing is printed again
    rows = rig.sql.deeds()
    if not rows:
        assert (line, written) == (1, False)
        return
    assert rows[0].state is (DeedState.DONE if given else DeedState.VOID)
    assert len(rig.store.letters) == 1


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("line", LINES)
def test_a_slip(rig: Rig, line: int, written: bool) -> None:
    twin = rig.slip_printer(presenter=True)
    store = Dying(rig.store, line, written=written)
    rig.slips_hand._store = store  # type: ignore[assignment]
    rig.slips_hand.print("S-1", "shebao-proof", FACTS, Person(twin, store))
    dies(store, rig.slips_hand)
    before = len(twin.slips)
    assert before == (1 if line >= 3 else 0)
    boots(rig)
    rows = rig.sql.deeds()
    if not rows:
        assert (line, written) == (1, False)
        return
    # A promise on disk is kept; what was begun is never printed again.
    promised = (line, written) in ((1, True), (2, False))
    assert len(twin.slips) == before + promised
    state = rows[0].state
    if promised or line > 3 or (line == 3 and written):
        assert state is DeedState.DONE
    else:
        assert state in (DeedState.UNKNOWN, DeedState.DONE)  # begun; DONE where it still lies in the mouth


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("line", LINES)
def test_a_door(rig: Rig, line: int, written: bool) -> None:
    twin = rig.locker()
    twin.stock(2)
    store = Dying(rig.store, line, written=written)
    rig.doors_hand._store = store  # type: ignore[assignment]
    rig.doors_hand.open(ticket(2), "card", Person(twin, store))
    dies(store, rig.doors_hand)
    fired = twin.doors[2].pulses
    assert fired == (1 if line >= 3 else 0)
    _, held = rig.sweep()
    assert held == ({"door"} if twin.doors[2].is_open else frozenset())
    _finishes(twin)
    boots(rig)
    assert twin.doors[2].pulses == fired  # nothing is opened again
    rows = rig.sql.deeds()
    if not rows:
        assert (line, written) == (1, False)
        return
    outcome = rig.outcomes()[-1]
    if (line, written) in ((1, True), (2, False)):
        assert rows[0].state is DeedState.VOID
    elif fired == 0:
        assert outcome == "not_taken"
    else:
        assert outcome in ("taken", "doubtful")
        assert (outcome == "taken") == (rig.sql.tickets_gone() == {"T-1"})


def _finishes(twin: LockerCu16Twin) -> None:
    """The person takes the thing and closes, whatever the screen shows."""
    if twin.doors[2].is_open:
        if twin.doors[2].item:
            twin.take_item(2)
        twin.close_door(2)
