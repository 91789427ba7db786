"""What the next boot does with every kind of deed, in every open state, for everything that its device can show.

Past 400 lines because the tables of the three kinds are read side by side.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from documents.fonts import NoGlyph
from hardware.twins.lock_board import LockFault
from hardware.twins.page_press import PageFault
from kiosk.hands.pages import FORGETS_S, LANDS_S
from kiosk.hands.slips import written_down
from kiosk.ports import DeedKind, DeedState, SlipFacts
from kiosk.recovery import FRESH, LONG
from tests.contracts.until import until
from tests.kiosk.hands.rig import FACTS, ONE_PAGE, SILENCE_S, Rig, a_deed, a_rig

pytestmark = pytest.mark.log_warnings_expected

P, B, F, S = DeedState.PROMISED, DeedState.BEGUN, DeedState.FED, DeedState.PRESENTED
DONE, VOID, FAILED, UNKNOWN = DeedState.DONE, DeedState.VOID, DeedState.FAILED, DeedState.UNKNOWN
NAME = "NT-1"
NOTHING: frozenset[str] = frozenset()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with a_rig(tmp_path) as made:
        yield made


def at(rig: Rig, kind: DeedKind, state: DeedState, again: str = "") -> None:
    """A deed that came so far before the program was killed."""
    deed = a_deed(kind, NAME, again=again)
    rig.sql.promise(deed)
    for reached in (B, F, S):
        if state is not P:
            rig.sql.mark(deed.id, reached)
        if reached is state:
            return


@dataclass(frozen=True)
class Case:
    """One row: the ledger's state, what the device shows, and what becomes of it."""

    state: DeedState
    shows: str
    ends: DeedState | None  # None: it waits
    held: frozenset[str] = NOTHING
    age_s: float = LANDS_S + 1
    letter: str = "incident"
    more: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.state.value}, {self.shows}, {self.age_s:.0f} s"


def judge(rig: Rig, case: Case) -> None:
    sweeps = [rig.sweep()]
    if case.ends is not None:  # a device may not answer the first one in time: the next ends it
        until(lambda: sweeps[-1][0] or sweeps.append(rig.sweep()))
    found, held = sweeps[-1]
    row = rig.row()
    assert held == case.held
    if case.ends is None:
        assert found == []
        assert row.state in (P, B, F, S)
        assert rig.outcomes() == []
    else:
        assert (row.state, [each.state for each in found]) == (case.ends, [case.ends])
        assert rig.outcomes() == [case.letter]
        assert rig.sweep() == ([], NOTHING)  # told once


# ---- documents


def _job(rig: Rig, *, done: bool = False) -> None:
    twin = rig.twins[0]
    twin.take_job(NAME, "terminal", ONE_PAGE, two_sided=False)
    if done:
        twin.turn_page()
        assert twin.wait_for(lambda: twin.current() is None)


def _refuses_to_cancel(rig: Rig) -> None:
    _job(rig)
    rig.twins[0].cancel_job = lambda job: True


def _aborted(rig: Rig) -> None:
    rig.twins[0].begin(PageFault.ABORTS)
    _job(rig)
    assert rig.twins[0].wait_for(lambda: rig.twins[0].current() is None)


def _says_done(rig: Rig) -> None:
    rig.twins[0].load_paper(0)
    rig.twins[0].begin(PageFault.SAYS_DONE_PAPER_OUT)
    _job(rig)
    assert rig.twins[0].wait_for(lambda: rig.twins[0].current() is None)


def _taken(rig: Rig) -> None:
    _job(rig, done=True)
    rig.twins[0].take_paper()


def _other_paper(rig: Rig) -> None:
    rig.twins[0].take_job("other", "terminal", ONE_PAGE, two_sided=False)
    rig.twins[0].turn_page()
    assert rig.twins[0].wait_for(lambda: rig.twins[0].current() is None)


def _away(rig: Rig) -> None:
    rig.twins[0].go_away()
    until(lambda: not rig.pages.status.can_work)


PAGES_SHOW: dict[str, Callable[[Rig], None]] = {
    "nothing": lambda rig: None,
    "nothing, and somebody's paper": _other_paper,
    "under way": _job,
    "under way, and stays": _refuses_to_cancel,
    "aborted": _aborted,
    "done, in the tray": lambda rig: _job(rig, done=True),
    "done, tray empty": _taken,
    "done, paper out": _says_done,
    "away": _away,
}
IN_TRAY = frozenset({"pages"})
PAGES = [
    *(Case(P, shows, VOID) for shows in ("nothing", "away")),
    Case(B, "nothing", None, age_s=0.0),  # bytes under way may still arrive
    Case(B, "nothing", VOID),
    Case(B, "nothing", UNKNOWN, age_s=FORGETS_S + 1),
    Case(B, "nothing", UNKNOWN, age_s=-3600.0),  # the calendar was set back
    Case(B, "nothing, and somebody's paper", UNKNOWN),
    Case(B, "under way", FAILED),
    Case(B, "under way, and stays", None),
    Case(B, "aborted", FAILED),
    Case(B, "done, in the tray", None, IN_TRAY),
    Case(B, "done, tray empty", DONE),
    Case(B, "done, paper out", UNKNOWN),
    *(Case(state, "away", None, age_s=age) for state in (B, F, S) for age in (10.0, 1e6)),
    *(Case(state, "nothing", DONE, age_s=age) for state in (F, S) for age in (10.0, 1e6)),
    *(Case(state, "done, in the tray", None, IN_TRAY) for state in (F, S)),
    *(Case(state, "done, tray empty", DONE) for state in (F, S)),
    Case(S, "done, in the tray", DONE, age_s=LONG.total_seconds() + 1),
    Case(F, "done, paper out", DONE),  # it was seen out
]  # fmt: skip


@pytest.mark.parametrize("case", PAGES, ids=str)
def test_documents(rig: Rig, case: Case) -> None:
    rig.printer(page_s=None)
    at(rig, DeedKind.PAGES, case.state)
    PAGES_SHOW[case.shows](rig)
    given = len(rig.twins[0].received)
    rig.clock.leap(case.age_s)
    judge(rig, case)
    assert len(rig.twins[0].received) == given  # nothing is ever printed again


def test_a_document_in_the_tray_is_ended_when_it_is_taken(rig: Rig) -> None:
    twin = rig.printer(page_s=None)
    at(rig, DeedKind.PAGES, B)
    _job(rig, done=True)
    assert rig.sweep() == ([], IN_TRAY)
    assert rig.sweep() == ([], IN_TRAY)
    twin.take_paper()
    (found,), held = rig.sweep()
    assert (found.state, held) == (DONE, NOTHING)


def test_without_a_tray_sensor_done_is_believed(rig: Rig) -> None:
    rig.printer(page_s=None, tray_sensor=False)
    at(rig, DeedKind.PAGES, B)
    _job(rig, done=True)
    (found,), held = rig.sweep()
    assert (found.state, held) == (DONE, NOTHING)


# ---- doors


def _stands(rig: Rig, *, is_open: bool, item: bool) -> None:
    twin = rig.twins[0]
    twin.doors[2].is_open, twin.doors[2].item = is_open, item


def _board_away(rig: Rig) -> None:
    rig.twins[0].unplug()
    until(lambda: not rig.doors.status.can_work)


DOORS_SHOW: dict[str, Callable[[Rig], None]] = {
    "open, full": lambda rig: _stands(rig, is_open=True, item=True),
    "open, empty": lambda rig: _stands(rig, is_open=True, item=False),
    "shut, full": lambda rig: _stands(rig, is_open=False, item=True),
    "shut, empty": lambda rig: _stands(rig, is_open=False, item=False),
    "away": _board_away,
}
OPEN = frozenset({"door"})
LATE = FRESH.total_seconds() + 1
DOORS = [
    *(Case(P, shows, VOID) for shows in DOORS_SHOW),
    *(Case(state, shows, None, OPEN) for state in (B, F, S) for shows in ("open, full", "open, empty")),
    *(Case(state, "shut, full", DONE, letter="not_taken") for state in (B, F, S)),
    Case(B, "shut, empty", UNKNOWN, letter="doubtful"),
    *(Case(state, "shut, empty", DONE, letter="taken") for state in (F, S)),
    *(Case(state, "away", None, age_s=age) for state in (B, F, S) for age in (10.0, 1e6)),
    # a sensor that lies open does not hold the terminal for ever
    *(Case(state, "open, full", UNKNOWN, age_s=LATE, letter="doubtful") for state in (B, F, S)),
    Case(B, "open, empty", UNKNOWN, age_s=LATE, letter="doubtful"),
    *(Case(state, "open, empty", DONE, age_s=LATE, letter="taken") for state in (F, S)),
]
BLIND_DOORS = [
    Case(P, "shut, full", VOID),
    *(Case(state, "open, empty", UNKNOWN, letter="doubtful") for state in (B, F)),
    Case(S, "open, empty", DONE, letter="taken"),  # it was seen gone before
]


@pytest.mark.parametrize("case", DOORS, ids=str)
def test_doors(rig: Rig, case: Case) -> None:
    twin = rig.locker()
    at(rig, DeedKind.DOOR, case.state)
    DOORS_SHOW[case.shows](rig)
    rig.clock.leap(case.age_s)
    judge(rig, case)
    assert twin.doors[2].pulses == 0  # nothing is ever opened again
    assert rig.sql.tickets_gone() == ({"T-1"} if case.letter == "taken" else frozenset())


@pytest.mark.parametrize("case", BLIND_DOORS, ids=str)
def test_doors_without_sensors(rig: Rig, case: Case) -> None:
    rig.locker(closed_bit=None, item_bit=None)
    at(rig, DeedKind.DOOR, case.state)
    DOORS_SHOW[case.shows](rig)
    judge(rig, case)


def test_an_open_door_is_ended_when_it_is_closed(rig: Rig) -> None:
    twin = rig.locker()
    at(rig, DeedKind.DOOR, F)
    _stands(rig, is_open=True, item=True)
    assert rig.sweep() == ([], OPEN)
    twin.take_item(2)
    twin.close_door(2)
    (found,), held = rig.sweep()
    assert (found.note, held) == ("taken", NOTHING)


def test_a_door_whose_board_says_nothing_waits(rig: Rig) -> None:
    twin = rig.locker(reply_s=SILENCE_S)
    at(rig, DeedKind.DOOR, B)
    twin.suffer(LockFault.NO_REPLY)
    until(lambda: not rig.doors.status.can_work)
    assert rig.sweep() == ([], NOTHING)
    twin.heal()
    until(lambda: rig.doors.status.can_work)
    assert len(rig.swept()) == 1


# ---- slips


def _in_mouth(rig: Rig) -> None:
    rig.slip("S-0")
    until(lambda: rig.twins[0].in_exit)
    rig.slips_hand.abandon()
    until(lambda: not rig.slips_hand.busy)


def _slip_away(rig: Rig) -> None:
    rig.twins[0].unplug()
    until(lambda: not rig.slips.status.can_work)


def _no_paper(rig: Rig) -> None:
    rig.twins[0].paper_ends_after(0)


SLIPS_SHOW: dict[str, Callable[[Rig], None]] = {
    "ready": lambda rig: None,
    "a slip in the mouth": _in_mouth,
    "no paper": _no_paper,
    "away": _slip_away,
}
SLIPS = [
    Case(P, "ready", DONE),
    Case(P, "a slip in the mouth", DONE),
    Case(P, "no paper", None),
    Case(P, "away", None),
    *(Case(P, shows, VOID, age_s=LATE) for shows in SLIPS_SHOW),
    Case(P, "ready", VOID, age_s=-3600.0),  # the calendar was set back: nobody knows how old it is
    Case(B, "ready", UNKNOWN),
    Case(B, "no paper", UNKNOWN),
    Case(B, "a slip in the mouth", DONE),
    Case(B, "away", None),
    *(Case(state, shows, DONE) for state in (F, S) for shows in SLIPS_SHOW),
]


@pytest.mark.parametrize("case", SLIPS, ids=str)
def test_slips(rig: Rig, case: Case) -> None:
    twin = rig.slip_printer(presenter=True)
    SLIPS_SHOW[case.shows](rig)
    at(rig, DeedKind.SLIP, case.state, written_down(FACTS))
    before = len(twin.slips)
    rig.clock.leap(case.age_s)
    judge(rig, case)
    assert len(twin.slips) == before + (case.state is P and case.ends is DONE)


def test_a_promised_slip_is_printed_when_paper_is_back_and_says_why_it_is_late(rig: Rig) -> None:
    twin = rig.slip_printer(presenter=True)
    at(rig, DeedKind.SLIP, P, written_down(FACTS))
    twin.paper_ends_after(0)
    rig.clock.leap(10)
    recovery = rig.recovery()
    assert recovery.sweep() == ([], NOTHING)
    twin.load_paper()
    until(lambda: rig.slips.status.can_work)
    (found,), _ = recovery.sweep()
    assert found.state is DONE
    assert rig.papers.made[-1].notes[1:] == FACTS.notes
    assert len(twin.slips) == 1


def test_a_slip_whose_person_left_is_not_blamed_on_a_restart(rig: Rig) -> None:
    rig.slip_printer(presenter=True)
    recovery = rig.recovery()
    rig.clock.leap(60)
    at(rig, DeedKind.SLIP, P, written_down(FACTS))
    assert len(recovery.sweep()[0]) == 1
    assert rig.papers.made[-1] == FACTS


def test_a_slip_that_did_not_begin_is_promised_as_before_but_no_younger(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = rig.slip_printer(presenter=True)
    at(rig, DeedKind.SLIP, P, written_down(FACTS))
    mark = rig.sql.mark

    def cover_opens(deed: Any, state: DeedState, note: str = "") -> None:
        mark(deed, state, note)
        if state is B:
            twin.open_cover()

    monkeypatch.setattr(rig.store, "mark", cover_opens, raising=False)
    rig.clock.leap(FRESH.total_seconds() - 60)
    assert rig.sweep() == ([], NOTHING)
    assert (rig.row().state, len(twin.slips)) == (P, 0)
    rig.clock.leap(120)
    (found,), _ = rig.sweep()
    assert found.state is VOID


@pytest.mark.parametrize("again", ["", "{}", written_down(SlipFacts("t", (), (), "", "xx"))])
def test_a_promise_that_cannot_be_read_is_void(rig: Rig, again: str) -> None:
    rig.slip_printer(presenter=True)
    at(rig, DeedKind.SLIP, P, again)
    assert rig.sweep()[0][0].state is VOID


def test_a_slip_that_no_font_can_write_is_void_and_holds_up_nothing_else(rig: Rig) -> None:
    rig.slip_printer(presenter=True)
    rig.papers.breaks = NoGlyph("𠮷")
    at(rig, DeedKind.SLIP, P, written_down(FACTS))
    rig.sql.promise(a_deed(DeedKind.DOOR, "NT-2"))
    found, _ = rig.sweep()
    assert [each.state for each in found] == [VOID, VOID]


def test_without_a_presenter_a_begun_slip_is_unknown(rig: Rig) -> None:
    rig.slip_printer(presenter=False)
    at(rig, DeedKind.SLIP, B)
    assert rig.sweep()[0][0].state is UNKNOWN


# ---- devices that the settings name no more, and many deeds


@pytest.mark.parametrize("kind", list(DeedKind))
@pytest.mark.parametrize(("state", "ends"), [(P, VOID), (B, UNKNOWN)])
def test_a_device_that_is_no_more_leaves_no_deed_open(
    rig: Rig, kind: DeedKind, state: DeedState, ends: DeedState
) -> None:
    at(rig, kind, state, written_down(FACTS))
    assert rig.sweep()[0][0].state is ends
    assert rig.sql.open_deeds() == ()


def test_one_device_that_is_away_holds_up_no_other(rig: Rig) -> None:
    rig.printer(page_s=None)
    _away(rig)
    rig.sql.promise(a_deed(DeedKind.PAGES, "NT-0"))
    rig.sql.mark("NT-0", B)  # type: ignore[arg-type]
    at(rig, DeedKind.DOOR, P)
    found, _ = rig.sweep()
    assert [each.deed.id for each in found] == [NAME]
    assert [row.deed.id for row in rig.sql.open_deeds()] == ["NT-0"]


def test_the_limits_are_in_the_order_that_they_need() -> None:
    assert LANDS_S < FORGETS_S < 60.0  # a printer may forget after a minute
    assert dt.timedelta(seconds=FORGETS_S) < FRESH < LONG
