"""The hand that prints documents, against a printer with every obstacle."""

import pytest

from hardware.api.locker import Seen
from hardware.api.status import Fault
from hardware.codecs.ipp import Operation
from hardware.twins.page_ipp import PageIppTwin
from hardware.twins.page_press import PageFault, PressJob
from kiosk.hands.pages import BACK_S, CANCEL_S, FORGETS_S, HUSH_S, LANDS_S, STUCK_S, TRAY_S
from kiosk.journeys.events import PagesFailed, PagesGoOn, PagesOut, PagesStopped, PagesTaken
from kiosk.ports import DeedState
from tests.contracts.until import until
from tests.kiosk.hands.rig import TWO_PAGES, Rig, a_while


def prints(rig: Rig) -> int:
    """How many documents the printer was ever given."""
    return len(rig.twins[0].received)


def test_a_document_comes_out_is_taken_and_told_once(rig: Rig) -> None:
    twin = rig.printer()
    told = rig.print()
    assert told.until(PagesOut) == PagesOut(Seen.YES)
    assert rig.row().state is DeedState.PRESENTED
    twin.take_paper()
    told.until(PagesTaken)
    rig.ended(DeedState.DONE)
    assert rig.outcomes() == ["taken"]
    assert prints(rig) == 1
    assert [type(event) for event in told.events] == [PagesOut, PagesTaken]


def test_without_a_tray_sensor_the_persons_word_counts(rig: Rig) -> None:
    rig.printer(tray_sensor=False)
    told = rig.print()
    assert told.until(PagesOut) == PagesOut(Seen.UNKNOWN)
    a_while()
    assert not told.of(PagesTaken)
    rig.pages_hand.in_hand()
    told.until(PagesTaken)
    rig.ended(DeedState.DONE)
    assert rig.outcomes() == ["taken"]


def test_paper_out_in_mid_print_then_refilled(rig: Rig) -> None:
    twin = rig.printer(sheets=1)
    told = rig.print(TWO_PAGES)
    assert told.until(PagesStopped) == PagesStopped(Fault.PRINTER_PAPER_OUT)
    assert rig.row().state is DeedState.BEGUN
    twin.load_paper()
    told.until(PagesGoOn, PagesOut)
    told.until(PagesOut)
    twin.take_paper()
    rig.ended(DeedState.DONE)
    assert prints(rig) == 1


@pytest.mark.parametrize(
    ("trouble", "mend", "fault"),
    [
        ("jam", "jam", Fault.PRINTER_JAMMED),
        ("open_cover", "open_cover", Fault.PRINTER_COVER_OPEN),
    ],
)
def test_an_obstacle_is_told_and_over_when_it_is_mended(rig: Rig, trouble: str, mend: str, fault: Fault) -> None:
    twin = rig.printer(page_s=None)
    told = rig.print()
    assert twin.wait_for(lambda: twin.current() is not None)
    getattr(twin, trouble)()
    assert told.until(PagesStopped) == PagesStopped(fault)
    getattr(twin, mend)(False)
    told.until(PagesGoOn)
    twin.turn_page()
    told.until(PagesOut)


def test_a_jam_that_is_given_up_is_failed_and_nothing_comes_later(rig: Rig) -> None:
    twin = rig.printer(page_s=None)
    told = rig.print()
    assert twin.wait_for(lambda: twin.current() is not None)
    twin.jam()
    told.until(PagesStopped)
    rig.pages_hand.give_up()
    assert told.until(PagesFailed) == PagesFailed(Fault.PRINTER_JAMMED, known=True)
    rig.ended(DeedState.FAILED, "cancelled")
    assert rig.outcomes() == ["failed"]
    twin.jam(False)
    twin.turn_page()
    a_while()
    assert not twin.printed


def test_given_up_with_a_page_in_the_tray_nobody_says_that_nothing_came(rig: Rig) -> None:
    twin = rig.printer(sheets=1)
    told = rig.print(TWO_PAGES)
    told.until(PagesStopped)
    rig.pages_hand.give_up()
    assert told.until(PagesFailed) == PagesFailed(Fault.PRINTER_PAPER_OUT, known=False)
    rig.ended(DeedState.FAILED, "paper in the tray")
    assert len(twin.tray) == 1


def test_a_printer_that_accepts_and_never_prints_is_told_to_be_stuck_and_can_be_given_up(rig: Rig) -> None:
    twin = rig.printer()
    twin.begin(PageFault.ACCEPTS_NEVER_PRINTS)
    told = rig.print()
    assert twin.wait_for(lambda: (job := twin.current()) is not None and job.started_s is not None)
    a_while()
    assert not told.events
    rig.leap("pages", STUCK_S + 1)
    assert told.until(PagesStopped) == PagesStopped(Fault.PRINTER_STUCK)
    rig.pages_hand.give_up()
    assert told.until(PagesFailed).known
    rig.ended(DeedState.FAILED)


def test_a_cancelled_job_that_does_not_end_does_not_hold_the_person(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    twin = rig.printer()
    twin.begin(PageFault.ACCEPTS_NEVER_PRINTS)
    monkeypatch.setattr(twin, "cancel_job", lambda job: True)  # it says yes and goes on
    told = rig.print()
    assert twin.wait_for(lambda: twin.current() is not None)
    rig.pages_hand.give_up()
    a_while()
    assert not told.of(PagesFailed)
    rig.leap("pages", CANCEL_S + 1)
    assert told.until(PagesFailed) == PagesFailed(Fault.PRINTER_STUCK, known=False)
    rig.ended(DeedState.BEGUN)


def test_done_with_the_paper_out_is_not_believed(rig: Rig) -> None:
    twin = rig.printer(sheets=0)
    twin.begin(PageFault.SAYS_DONE_PAPER_OUT)
    told = rig.print()
    until(lambda: told.of(PagesFailed) or rig.clock.leap(TRAY_S))
    assert told.until(PagesFailed) == PagesFailed(Fault.PRINTER_PAPER_OUT, known=False)
    rig.ended(DeedState.UNKNOWN, "done with")
    assert rig.outcomes() == ["unknown"]


def test_somebody_elses_paper_in_the_tray_proves_nothing(rig: Rig) -> None:
    twin = rig.printer(sheets=1)
    first = rig.print(serial="S-0")
    first.until(PagesOut)
    rig.pages_hand.abandon()
    rig.ended(DeedState.DONE, "left in the tray")
    assert rig.outcomes() == ["presented"]
    twin.begin(PageFault.SAYS_DONE_PAPER_OUT)
    told = rig.print()
    assert told.until(PagesFailed) == PagesFailed(Fault.PRINTER_PAPER_OUT, known=False)
    rig.ended(DeedState.UNKNOWN)


def test_a_printer_that_was_away_all_the_time_was_given_nothing(rig: Rig) -> None:
    twin = rig.printer()
    twin.go_away()
    until(lambda: not rig.pages.status.can_work)
    told = rig.print()
    assert told.until(PagesFailed) == PagesFailed(Fault.LINK_LOST, known=True)
    rig.ended(DeedState.VOID)
    assert rig.outcomes() == ["failed"]
    twin.come_back()
    a_while()
    assert prints(rig) == 0


def test_an_answer_lost_after_the_job_was_taken_prints_once(rig: Rig) -> None:
    twin = rig.printer()
    twin.begin(PageFault.HANGS_UP_AFTER_TAKING)
    told = rig.print()
    told.until(PagesOut)
    twin.take_paper()
    rig.ended(DeedState.DONE)
    assert prints(rig) == 1


def test_gone_while_it_was_told_and_back_without_the_job_is_void(rig: Rig) -> None:
    twin = rig.printer()
    twin.only = Operation.PRINT_JOB
    twin.begin(PageFault.HANGS_UP_AFTER_TAKING)
    twin.begin(PageFault.BUSY)  # it takes nothing, and hangs up
    told = rig.print()
    until(lambda: asked(twin, Operation.PRINT_JOB))
    a_while()
    assert not told.events  # the job may still land
    rig.leap("pages", LANDS_S)
    assert told.until(PagesFailed).known
    rig.ended(DeedState.VOID)
    assert prints(rig) == 0


@pytest.mark.log_warnings_expected
def test_a_printer_that_may_have_forgotten_is_not_said_to_have_printed_nothing(rig: Rig) -> None:
    twin = rig.printer(history=0)
    twin.begin(PageFault.HANGS_UP_AFTER_TAKING)
    twin.begin(PageFault.SLOW)
    twin.only = Operation.PRINT_JOB
    told = rig.print()
    until(lambda: twin.printed)  # taken, printed, forgotten; the answer never comes
    twin.take_paper()
    rig.clock.leap(FORGETS_S)
    twin.end(PageFault.SLOW)
    assert told.until(PagesFailed).known is False
    rig.ended(DeedState.BEGUN)
    (found,) = rig.swept()
    assert found.state is DeedState.UNKNOWN


def asked(twin: PageIppTwin, operation: Operation) -> bool:
    with twin.changed:
        return any(word == operation.name for word, _ in twin.asked)


def watched(twin: PageIppTwin) -> bool:
    """Whether the hand knows that its job was taken: it asks for it by its number."""
    return asked(twin, Operation.GET_JOB_ATTRIBUTES)


def goes_when_told(twin: PageIppTwin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its cable is pulled in the moment in which it has taken a job."""
    take = twin.take_job

    def take_and_go(*args: str | bytes, **more: bool) -> PressJob:
        job = take(*args, **more)  # type: ignore[arg-type]
        twin.go_away()
        return job

    monkeypatch.setattr(twin, "take_job", take_and_go)


def test_a_printer_that_goes_when_it_is_told_is_waited_for_and_the_person_may_give_up(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = rig.printer(page_s=None)
    goes_when_told(twin, monkeypatch)
    told = rig.print()
    until(lambda: not twin.reachable)
    rig.leap("pages", HUSH_S + 0.1)
    told.until(PagesStopped)
    assert told.events == [PagesStopped(Fault.LINK_LOST)]
    rig.pages_hand.give_up()
    assert told.until(PagesFailed).known is False
    rig.ended(DeedState.BEGUN)


def test_a_printer_that_went_when_it_was_told_and_comes_back_goes_on(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    twin = rig.printer(page_s=None)
    goes_when_told(twin, monkeypatch)
    told = rig.print()
    until(lambda: not twin.reachable)
    rig.leap("pages", HUSH_S + 0.1)
    told.until(PagesStopped)
    twin.come_back()
    told.until(PagesGoOn)
    twin.turn_page()
    told.until(PagesOut)
    assert prints(rig) == 1


@pytest.mark.parametrize("tray_sensor", [True, False])
def test_a_printer_that_lost_its_power_when_it_was_told_is_believed_only_by_its_empty_tray(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, tray_sensor: bool
) -> None:
    twin = rig.printer(page_s=None, tray_sensor=tray_sensor)
    goes_when_told(twin, monkeypatch)
    told = rig.print()
    until(lambda: not twin.reachable)
    rig.leap("pages", HUSH_S + 0.1)
    told.until(PagesStopped)
    with twin.changed:
        twin.jobs.clear()
    twin.come_back()
    until(lambda: rig.pages.status.can_work)
    rig.leap("pages", LANDS_S)
    assert told.until(PagesFailed).known is tray_sensor


def test_gone_in_mid_job_and_back_knowing_it(rig: Rig) -> None:
    twin = rig.printer(page_s=None)
    told = rig.print()
    until(lambda: watched(twin))
    twin.go_away()
    assert told.until(PagesStopped) == PagesStopped(Fault.LINK_LOST)
    twin.turn_page()
    twin.come_back()
    told.until(PagesOut)
    twin.take_paper()
    rig.ended(DeedState.DONE)
    assert prints(rig) == 1


def test_gone_in_mid_job_and_back_not_knowing_it(rig: Rig) -> None:
    twin = rig.printer(page_s=None)
    told = rig.print()
    until(lambda: watched(twin))
    twin.go_away()
    told.until(PagesStopped)
    with twin.changed:
        twin.jobs.clear()  # its power was cut
    twin.come_back()
    assert told.until(PagesFailed).known is False
    rig.ended(DeedState.UNKNOWN)
    assert rig.outcomes() == ["unknown"]


@pytest.mark.log_warnings_expected
def test_a_long_job_does_not_use_up_the_patience_with_a_lost_printer(rig: Rig) -> None:
    twin = rig.printer(page_s=None)
    told = rig.print()
    until(lambda: watched(twin))
    rig.leap("pages", BACK_S + 5)
    twin.go_away()
    told.until(PagesStopped)
    a_while()
    assert not told.of(PagesFailed)
    rig.leap("pages", BACK_S + 5)
    assert told.until(PagesFailed).known is False
    rig.ended(DeedState.BEGUN)  # open: the sweep asks when it is back
    twin.come_back()
    until(lambda: rig.pages.status.can_work)
    (found,) = rig.swept()
    assert found.state is DeedState.FAILED
    twin.turn_page()
    a_while()
    assert not twin.printed


@pytest.mark.parametrize(("fault", "state"), [(PageFault.REFUSES, "failed"), (PageFault.ABORTS, "failed")])
def test_a_job_that_is_refused_or_aborted_is_known_not_to_have_come(rig: Rig, fault: PageFault, state: str) -> None:
    twin = rig.printer()
    twin.begin(fault)
    told = rig.print()
    assert told.until(PagesFailed).known
    rig.ended(DeedState.FAILED)
    assert rig.outcomes() == [state]


@pytest.mark.parametrize(
    "fault", [PageFault.HTML_ANSWER, PageFault.RUBBISH_ANSWER, PageFault.TRUNCATED_ANSWER, PageFault.OTHER_ANSWER]
)
def test_an_answer_that_is_nonsense_is_asked_after_and_prints_once(rig: Rig, fault: PageFault) -> None:
    twin = rig.printer()
    twin.only = Operation.PRINT_JOB
    twin.begin(fault)
    told = rig.print()
    told.until(PagesOut)
    assert prints(rig) == 1
