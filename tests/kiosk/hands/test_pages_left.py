"""The hand that prints documents when its person leaves, the next one comes, or the disk refuses."""

import gc
import threading
import weakref

import pytest

from hardware.twins.page_press import PressJob
from kiosk.journeys.events import Event, PagesFailed, PagesOut, PagesTaken, PapersFailed
from kiosk.ports import Accepted, DeedState, Refused, StoreBroken, StoreRefused
from tests.contracts.until import DEADLINE_S, until
from tests.kiosk.hands.rig import Rig, Told, a_while, an_order


def prints(rig: Rig) -> int:
    """How many documents the printer was ever given."""
    return len(rig.twins[0].received)


def test_who_leaves_before_the_printer_was_told_gets_nothing_printed(rig: Rig) -> None:
    twin = rig.printer(page_s=None)
    gone = threading.Event()

    def holds(_: Event) -> None:
        """The first does not end before the second has left."""
        assert gone.wait(DEADLINE_S)

    rig.pages_hand.print(an_order(serial="S-0"), holds)
    assert twin.wait_for(lambda: twin.current() is not None)
    told = Told()
    rig.pages_hand.print(an_order(serial="S-1"), told)  # waits behind the first
    rig.pages_hand.leave()
    gone.set()
    told.until(PagesFailed)
    until(lambda: not rig.pages_hand.busy)
    assert [row.deed.subject for row in rig.sql.deeds()] == ["S-0"]
    assert not twin.printed


def test_who_leaves_in_mid_job_has_it_cancelled(rig: Rig) -> None:
    twin = rig.printer(page_s=None)
    told = rig.print()
    assert twin.wait_for(lambda: twin.current() is not None)
    assert rig.pages_hand.unfinished
    rig.pages_hand.leave()
    told.until(PagesFailed)
    until(lambda: not rig.pages_hand.unfinished)
    twin.turn_page()
    a_while()
    assert not twin.printed


def test_the_next_visit_is_not_held_up_by_a_job_that_does_not_end(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    twin = rig.printer(page_s=None)
    cancel = twin.cancel_job
    monkeypatch.setattr(twin, "cancel_job", lambda job: True)
    first = rig.print(serial="S-0")
    assert twin.wait_for(lambda: twin.current() is not None)
    rig.pages_hand.leave()
    rig.pages_hand.abandon()
    until(lambda: not rig.pages_hand.busy)
    monkeypatch.setattr(twin, "cancel_job", cancel)
    with twin.changed:
        cancel(twin.current())  # type: ignore[arg-type]
        twin.changed.notify_all()
    second = rig.print(serial="S-1")
    until(lambda: prints(rig) == 2)
    twin.turn_page()
    second.until(PagesOut)
    assert not first.of(PagesOut)
    assert [document.pdf for document in twin.printed] == [twin.received[1].pdf]


def test_a_visit_that_ends_between_two_looks_of_the_hand_has_its_job_cancelled(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = rig.printer(page_s=None)
    told = rig.print()
    assert twin.wait_for(lambda: twin.current() is not None)
    (job,) = rig.pages_hand._jobs
    looks = job.given_up.is_set

    def just_before() -> bool:
        """The hand has seen that nothing was given up, and the visit ends before it looks on."""
        seen = looks()
        if not seen:
            rig.pages_hand.abandon()
        return seen

    monkeypatch.setattr(job.given_up, "is_set", just_before)
    told.until(PagesFailed)
    assert twin.wait_for(lambda: twin.current() is None)
    assert not twin.printed


def test_the_next_visit_does_not_take_back_what_the_last_one_gave_up(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two orders at once: the flags of the first are its own."""
    twin = rig.printer(page_s=None)
    cancel = twin.cancel_job

    def cancel_whole(job: PressJob) -> bool:
        """It answers when the job has ended: nobody waits for what was given up."""
        return cancel(job) and twin.changed.wait_for(lambda: job.end is not None, DEADLINE_S)

    monkeypatch.setattr(twin, "cancel_job", cancel_whole)
    first = rig.print(serial="S-0")
    assert twin.wait_for(lambda: twin.current() is not None)
    rig.pages_hand.abandon()
    second = rig.print(serial="S-1")
    assert first.until(PagesFailed).known
    until(lambda: prints(rig) == 2)
    twin.turn_page(5)
    second.until(PagesOut)
    assert len(twin.printed) == 1
    assert not first.of(PagesOut, PagesTaken)


def test_a_paper_left_in_the_tray_does_not_hold_up_the_next_order(rig: Rig) -> None:
    rig.printer()
    first = rig.print(serial="S-0")
    first.until(PagesOut)
    second = rig.print(serial="S-1")
    second.until(PagesOut)
    first.until(PagesTaken)
    assert rig.row(1).note == "left in the tray"


def test_taken_in_the_moment_in_which_the_visit_ends_is_taken(rig: Rig) -> None:
    twin = rig.printer()
    told = rig.print()
    told.until(PagesOut)
    with twin.changed:  # no look can come between
        twin.tray.clear()
        rig.pages_hand.abandon()
    rig.ended(DeedState.DONE)
    assert rig.outcomes() == ["taken"]


def test_nothing_of_the_person_stays_in_the_hand(rig: Rig) -> None:
    twin = rig.printer()
    told = Told()
    order = an_order()
    gone = weakref.ref(order.pages)
    rig.pages_hand.print(order, told)
    del order
    told.until(PagesOut)
    twin.take_paper()
    told.until(PagesTaken)
    until(lambda: not rig.pages_hand.busy)

    def forgotten() -> bool:
        gc.collect()
        return gone() is None

    until(forgotten)


# ---- the disk


def test_a_full_disk_prints_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.printer()
    monkeypatch.setattr(rig.store, "promise", lambda deed: Refused(StoreRefused.FULL), raising=False)
    told = rig.print()
    assert told.until(PapersFailed) == PapersFailed("store.full")
    until(lambda: not rig.pages_hand.busy)
    assert prints(rig) == 0


@pytest.mark.log_warnings_expected
def test_a_disk_that_refuses_the_first_mark_prints_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.printer()

    def refuse(*_: object) -> None:
        raise StoreBroken

    monkeypatch.setattr(rig.store, "mark", refuse, raising=False)
    told = rig.print()
    assert told.until(PagesFailed).known
    rig.ended(DeedState.PROMISED)
    assert prints(rig) == 0


@pytest.mark.log_warnings_expected
def test_a_disk_that_breaks_later_takes_no_paper_from_the_person(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    twin = rig.printer()
    real = rig.sql.mark

    def refuse(deed: object, state: DeedState, note: str = "") -> None:
        if state is not DeedState.BEGUN:
            raise StoreBroken
        real(deed, state, note)  # type: ignore[arg-type]

    def refuse_end(*_: object, **__: object) -> None:
        raise StoreBroken

    monkeypatch.setattr(rig.store, "mark", refuse, raising=False)
    monkeypatch.setattr(rig.store, "settle", refuse_end)
    told = rig.print()
    told.until(PagesOut)
    twin.take_paper()
    told.until(PagesTaken)
    rig.ended(DeedState.BEGUN)
    monkeypatch.undo()
    (found,) = rig.swept()
    assert found.state is DeedState.DONE


@pytest.mark.log_warnings_expected
def test_our_own_mistake_is_told_to_the_person(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.printer()

    def break_(deed: object) -> Accepted:
        raise ZeroDivisionError

    monkeypatch.setattr(rig.store, "promise", break_, raising=False)
    assert rig.print().until(PagesFailed).known is False
