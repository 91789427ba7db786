"""What a person has left is asked of the devices themselves, and the next person is not disturbed by the asking."""

from dataclasses import dataclass

import pytest

from hardware.api.id_card import CardRead
from hardware.codecs.sam import Command
from hardware.twins.id_card_sam import IdCardSamTwin
from hardware.twins.locker_cu16 import LockerCu16Twin
from hardware.twins.made_up_people import CITIZEN
from hardware.twins.page_ipp import PageIppTwin
from hardware.twins.slip_escpos import SlipEscPosTwin
from kiosk.hands.leftovers import SETTLE_S, Leftovers
from kiosk.journeys.events import DoorOpened, LeftoversSeen, PagesOut, SlipOut
from kiosk.ports import DeedState
from tests.contracts.until import until
from tests.kiosk.hands.rig import Rig, Told, a_while


@dataclass
class Front:
    """Everything at the terminal's front."""

    rig: Rig
    reader: IdCardSamTwin
    pages: PageIppTwin
    slip: SlipEscPosTwin
    locker: LockerCu16Twin
    hand: Leftovers

    def look(self) -> Told:
        told = Told()
        self.rig.pages_hand.leave()
        self.rig.doors_hand.leave()
        self.hand.look(told)
        return told


@pytest.fixture
def front(rig: Rig) -> Front:
    twins = (rig.reader(), rig.printer(), rig.slip_printer(presenter=True), rig.locker())
    return Front(rig, *twins, rig.leftovers())


def seen(*things: str) -> LeftoversSeen:
    return LeftoversSeen(frozenset(things))


def last(told: Told, wanted: LeftoversSeen) -> None:
    until(lambda: told.events and told.events[-1] == wanted)


def resets(front: Front) -> int:
    with front.reader.lock:
        return sum(request.known is Command.RESET for request in front.reader.requests)


def test_nothing_left_is_told_at_once_and_only_once(front: Front) -> None:
    told = front.look()
    told.until(LeftoversSeen)
    a_while()
    assert told.events == [seen()]


def test_everything_left_is_told_and_its_going_thing_by_thing(front: Front) -> None:
    front.locker.stock(2)
    front.rig.print().until(PagesOut)
    front.rig.slip().until(SlipOut)
    front.rig.open().until(DoorOpened)
    front.reader.lay(CITIZEN.card)
    told = front.look()
    last(told, seen("card", "pages", "slip", "door"))
    front.locker.close_door(2)
    last(told, seen("card", "pages", "slip"))
    front.reader.lift()
    last(told, seen("pages", "slip"))
    front.pages.take_paper()
    last(told, seen("slip"))
    front.slip.take_slip()
    last(told, seen())
    assert len(told.events) == 5


def test_a_card_that_was_read_and_still_lies_there_is_seen(front: Front) -> None:
    front.reader.lay(CITIZEN.card)
    assert isinstance(front.rig.cards.call(lambda reader: reader.poll()), CardRead)
    told = front.look()
    last(told, seen("card"))
    front.hand.stop()


def test_devices_that_are_away_hold_nothing_up(front: Front) -> None:
    front.reader.unplug()
    front.slip.unplug()
    front.pages.go_away()
    until(lambda: not any(s.status.can_work for name, s in front.rig.stations.items() if name != "locker"))
    last(front.look(), seen())


def test_a_job_that_was_given_up_is_waited_for(front: Front) -> None:
    front.pages.page_s = None
    front.rig.print()
    assert front.pages.wait_for(lambda: front.pages.current() is not None)
    cancel, front.pages.cancel_job = front.pages.cancel_job, lambda job: True  # type: ignore[method-assign]
    told = front.look()
    a_while()
    assert told.events == []
    front.pages.turn_page()  # it was too late to stop it
    last(told, seen("pages"))
    front.pages.cancel_job = cancel  # type: ignore[method-assign]
    front.pages.take_paper()
    last(told, seen())


def test_a_job_that_never_ends_is_not_waited_for_for_ever(front: Front) -> None:
    front.pages.page_s = None
    front.rig.print()
    assert front.pages.wait_for(lambda: front.pages.current() is not None)
    front.pages.cancel_job = lambda job: True  # type: ignore[method-assign]
    told = front.look()
    a_while()
    assert told.events == []
    front.rig.leap("leftovers", SETTLE_S + 1)
    last(told, seen())


def test_a_door_that_is_about_to_spring_open_is_waited_for(front: Front) -> None:
    front.locker.stock(2)
    front.locker.motion_s = 0.2
    front.rig.open()
    until(lambda: front.rig.sql.deeds() and front.rig.row().state is DeedState.BEGUN)
    told = front.look()
    last(told, seen("door"))
    assert told.events == [seen("door")]
    front.locker.close_door(2)
    last(told, seen())


def test_nobody_is_told_after_the_visit_and_the_reader_is_left_alone(front: Front) -> None:
    front.reader.lay(CITIZEN.card)
    told = front.look()
    last(told, seen("card"))
    front.hand.stop()
    front.rig.cards.call(lambda reader: None)  # what was asked before has been answered
    front.reader.requests.clear()
    front.reader.lift()
    a_while()
    assert resets(front) == 0
    assert told.events == [seen("card")]


def test_a_question_that_is_late_does_not_reset_the_next_persons_reader(front: Front) -> None:
    """The old look's question waits in the reader's lane behind the next person's card."""
    front.reader.lay(CITIZEN.card)
    told = front.look()
    last(told, seen("card"))

    def busy(_: object) -> None:
        until(lambda: front.rig.cards.lane._orders)  # the look has asked meanwhile and waits
        front.hand.stop()
        front.reader.requests.clear()

    front.rig.cards.call(busy)
    front.rig.cards.call(lambda reader: None)
    a_while(0.05)
    assert resets(front) == 0


def test_a_new_look_ends_the_one_before(front: Front) -> None:
    front.reader.lay(CITIZEN.card)
    first = front.look()
    last(first, seen("card"))
    second = front.look()
    last(second, seen("card"))
    front.reader.lift()
    last(second, seen())
    assert first.events == [seen("card")]


@pytest.mark.log_warnings_expected
def test_our_own_mistake_does_not_keep_the_leaving_page_up(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(front.rig.slips, "call", broken)
    last(front.look(), seen())
