"""The hand that prints slips, against a printer that remembers nothing."""

import threading

import pytest

from documents.fonts import NoGlyph
from hardware.api.locker import Seen
from hardware.api.status import Fault
from hardware.twins.slip_escpos import SlipEscPosTwin, SlipFault
from kiosk.hands.slips import read_back, written_down
from kiosk.journeys.events import Event, SlipMissed, SlipOut, SlipTaken
from kiosk.ports import DeedKind, DeedState, Refused, StoreBroken, StoreRefused
from tests.contracts.until import DEADLINE_S, until
from tests.kiosk.hands.rig import FACTS, Rig, Told, a_deed, a_while


def slips(twin: SlipEscPosTwin) -> int:
    return len(twin.slips)


def test_a_slip_is_seen_in_the_mouth_and_seen_taken(rig: Rig) -> None:
    twin = rig.slip_printer(presenter=True)
    told = rig.slip()
    assert told.until(SlipOut) == SlipOut(Seen.YES)
    assert rig.row().state is DeedState.PRESENTED
    a_while()
    assert not told.of(SlipTaken)
    twin.take_slip()
    told.until(SlipTaken)
    assert rig.ended(DeedState.DONE).note == ""
    assert slips(twin) == 1


def test_a_slip_left_in_the_mouth_is_written_down_when_the_visit_ends(rig: Rig) -> None:
    rig.slip_printer(presenter=True)
    told = rig.slip()
    told.until(SlipOut)
    rig.slips_hand.abandon()
    told.until(SlipTaken)
    rig.ended(DeedState.DONE, "left in the mouth")


def test_a_slip_taken_as_the_visit_ends_is_taken(rig: Rig) -> None:
    twin = rig.slip_printer(presenter=True)
    rig.slip().until(SlipOut)
    with twin.lock:  # no look can come between
        twin.in_exit.clear()
        rig.slips_hand.abandon()
    assert rig.ended(DeedState.DONE).note == ""


def test_without_a_presenter_the_persons_word_counts(rig: Rig) -> None:
    rig.slip_printer(presenter=False)
    told = rig.slip()
    assert told.until(SlipOut) == SlipOut(Seen.UNKNOWN)
    a_while()
    assert not told.of(SlipTaken)
    rig.slips_hand.in_hand()
    told.until(SlipTaken)
    assert rig.ended(DeedState.DONE).note == ""


def test_a_slip_that_nobody_took_does_not_hold_up_the_next(rig: Rig) -> None:
    """Without a presenter the first would wait for a word that its page does not ask for any more."""
    twin = rig.slip_printer(presenter=False)
    first = rig.slip("S-0")
    first.until(SlipOut)
    second = rig.slip("S-1")
    second.until(SlipOut)
    first.until(SlipTaken)
    rig.slips_hand.in_hand()
    second.until(SlipTaken)
    until(lambda: not rig.slips_hand.busy)
    assert slips(twin) == 2
    assert [row.state for row in rig.sql.deeds()] == [DeedState.DONE, DeedState.DONE]


def test_paper_out_before_the_slip_is_void(rig: Rig) -> None:
    twin = rig.slip_printer(presenter=True)
    twin.paper_ends_after(0)
    told = rig.slip()
    assert told.until(SlipMissed) == SlipMissed(Fault.PRINTER_PAPER_OUT)
    rig.ended(DeedState.VOID)
    twin.load_paper()
    a_while()
    assert slips(twin) == 0


def test_paper_out_in_mid_slip_is_failed_and_the_next_slip_is_whole(rig: Rig) -> None:
    twin = rig.slip_printer(presenter=False)
    twin.paper_ends_after(30)
    assert rig.slip().until(SlipMissed) == SlipMissed(Fault.PRINTER_PAPER_OUT)
    rig.ended(DeedState.FAILED, "in mid-slip")
    twin.load_paper()
    until(lambda: rig.slips.status.can_work)
    rig.slip("S-2").until(SlipOut)


def test_an_open_cover_is_told(rig: Rig) -> None:
    twin = rig.slip_printer(presenter=True)
    twin.open_cover()
    assert rig.slip().until(SlipMissed) == SlipMissed(Fault.PRINTER_COVER_OPEN)
    rig.ended(DeedState.VOID)


@pytest.mark.parametrize(
    ("fault", "told"),
    [(SlipFault.CUTTER_STUCK, Fault.PRINTER_CUTTER), (SlipFault.NEVER_PRINTS, Fault.PRINTER_STUCK)],
)
def test_a_slip_that_stays_inside_is_failed(rig: Rig, fault: SlipFault, told: Fault) -> None:
    twin = rig.slip_printer(presenter=True)
    rig.slip("S-0").until(SlipOut)
    twin.take_slip()
    rig.ended(DeedState.DONE)
    rig.slip_driver._grace_s = 0.6  # a printer that never prints is waited for in vain
    twin.suffer(fault)
    assert rig.slip().until(SlipMissed) == SlipMissed(told)
    rig.ended(DeedState.FAILED, "in mid-slip")
    assert slips(twin) == 1


def test_a_printer_that_is_away_was_told_nothing(rig: Rig) -> None:
    twin = rig.slip_printer(presenter=True)
    twin.unplug()
    told = rig.slip()
    assert told.until(SlipMissed).fault is Fault.LINK_LOST
    rig.ended(DeedState.VOID)
    twin.replug()
    until(lambda: rig.slips.status.can_work)
    a_while()
    assert slips(twin) == 0


def test_a_link_lost_in_mid_slip_leaves_nobody_sure(rig: Rig) -> None:
    twin = rig.slip_printer(presenter=True)
    rig.slip("S-0").until(SlipOut)  # what may have been left inside is out now, and not waited for below
    rig.slips_hand.abandon()
    twin.dots_s = 5.0
    told = rig.slip()
    until(lambda: twin.uncut_rows > 0)
    twin.unplug()
    assert told.until(SlipMissed).fault is Fault.LINK_LOST
    rig.ended(DeedState.UNKNOWN, Fault.LINK_LOST.value)


def test_a_mouth_that_cannot_be_asked_any_more_holds_nobody(rig: Rig) -> None:
    twin = rig.slip_printer(presenter=True)
    told = rig.slip()
    told.until(SlipOut)
    twin.unplug()
    a_while()
    rig.slips_hand.in_hand()
    told.until(SlipTaken)
    rig.ended(DeedState.DONE)


# ---- promises


def test_a_promised_slip_is_printed_under_its_promise(rig: Rig) -> None:
    twin = rig.slip_printer(presenter=True)
    deed = a_deed(DeedKind.SLIP, again=written_down(FACTS))
    rig.sql.promise(deed)
    told = Told()
    rig.slips_hand.print_promised(deed.id, FACTS, told)
    told.until(SlipOut)
    twin.take_slip()
    rig.ended(DeedState.DONE)
    assert len(rig.sql.deeds()) == 1


def test_who_left_before_it_was_printed_gets_none(rig: Rig) -> None:
    twin = rig.slip_printer(presenter=True)
    first, gone = Told(), threading.Event()

    def holds(event: Event) -> None:
        """The first does not end before the second has left."""
        first(event)
        assert not isinstance(event, SlipOut) or gone.wait(DEADLINE_S)

    rig.slips_hand.print("S-0", "shebao-proof", FACTS, holds)
    first.until(SlipOut)
    deed = a_deed(DeedKind.SLIP, again=written_down(FACTS))
    rig.sql.promise(deed)
    told = Told()
    rig.slips_hand.print_promised(deed.id, FACTS, told)
    rig.slips_hand.abandon()
    gone.set()
    told.until(SlipMissed)
    rig.ended(DeedState.VOID, "the person left")
    assert slips(twin) == 1


@pytest.mark.log_warnings_expected
def test_a_character_that_no_font_has_ends_the_promise(rig: Rig) -> None:
    rig.slip_printer(presenter=True)
    rig.papers.breaks = NoGlyph("𠮷")
    assert rig.slip().until(SlipMissed).fault is Fault.PRINTER_REFUSED
    rig.ended(DeedState.VOID, "no font")


def test_a_full_disk_prints_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    twin = rig.slip_printer(presenter=True)
    monkeypatch.setattr(rig.store, "promise", lambda deed: Refused(StoreRefused.FULL), raising=False)
    rig.slip().until(SlipMissed)
    until(lambda: not rig.slips_hand.busy)
    assert slips(twin) == 0


@pytest.mark.log_warnings_expected
@pytest.mark.parametrize(("works", "printed"), [((), 0), ((DeedState.BEGUN,), 1)])
def test_a_disk_that_breaks_prints_only_what_it_has_written_down(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, works: tuple[DeedState, ...], printed: int
) -> None:
    twin = rig.slip_printer(presenter=True)
    real = rig.sql.mark

    def refuse(deed: object, state: DeedState, note: str = "") -> None:
        if state not in works:
            raise StoreBroken
        real(deed, state, note)  # type: ignore[arg-type]

    monkeypatch.setattr(rig.store, "mark", refuse, raising=False)
    told = rig.slip()
    told.until(SlipOut if printed else SlipMissed)  # type: ignore[type-var]
    twin.take_slip()
    until(lambda: not rig.slips_hand.busy)
    assert slips(twin) == printed


def test_what_is_written_down_reads_back() -> None:
    assert read_back(written_down(FACTS)) == FACTS


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"title": 1}', written_down(FACTS).replace('"zh"', '"fr"'),
     written_down(FACTS).replace('"凭条"', "7"), written_down(FACTS).replace('"请保管好"', "null")],
)  # fmt: skip
def test_what_is_no_slip_reads_back_as_none(text: str) -> None:
    assert read_back(text) is None
