"""Cards and codes are looked for only while they are asked for, and belong to whoever asked."""

import datetime as dt

from hardware.api.id_card import CardProblem, CardRead, CardRefused
from hardware.codecs.sam import Command
from hardware.twins.id_card_sam import SamFault
from hardware.twins.made_up_people import CITIZEN, DAMAGED
from kiosk.hands.watching import Watching
from kiosk.journeys.events import CardSeen, CodeShown
from tests.contracts.until import until
from tests.kiosk.hands.rig import Rig, Told, soon


def watching(rig: Rig, *, scanner: bool = False) -> Watching:
    return Watching(rig.cards, rig.codes if scanner else None, rig.clock, dt.UTC)


def test_a_card_is_told_once_while_it_lies_there(rig: Rig) -> None:
    twin = rig.reader()
    hand, told = watching(rig), Told()
    hand.watch(card=True, code=False, tell=told)
    twin.lay(CITIZEN.card)
    assert isinstance(told.until(CardSeen).outcome, CardRead)
    soon()
    assert len(told.events) == 1
    hand.watch(card=False, code=False)


def test_a_refused_card_that_stays_is_told_once_and_again_when_laid_again(rig: Rig) -> None:
    twin = rig.reader()
    hand, told = watching(rig), Told()
    hand.watch(card=True, code=False, tell=told)
    twin.lay(DAMAGED.card)
    assert isinstance(told.until(CardSeen).outcome, CardRefused)
    soon()
    assert len(told.events) == 1
    twin.lift()
    soon(0.08)
    twin.lay(DAMAGED.card)
    until(lambda: len(told.events) == 2)
    hand.watch(card=False, code=False)


def test_nobody_looks_when_nobody_asks(rig: Rig) -> None:
    twin = rig.reader()
    hand, told = watching(rig), Told()
    hand.watch(card=True, code=False, tell=told)
    hand.watch(card=False, code=False)
    rig.cards.call(lambda reader: None)
    asked = sum(request.known is Command.FIND for request in tuple(twin.requests))
    twin.lay(CITIZEN.card)
    soon()
    assert sum(request.known is Command.FIND for request in tuple(twin.requests)) == asked
    assert told.events == []


def test_a_read_that_began_for_one_visit_is_not_told_to_the_next(rig: Rig) -> None:
    twin = rig.reader()
    hand, first, second = watching(rig), Told(), Told()
    hand.watch(card=True, code=False, tell=first)
    twin._think_s = 0.1  # a module that takes its time
    twin.lay(CITIZEN.card)
    until(lambda: any(request.known is Command.READ for request in tuple(twin.requests)))
    hand.watch(card=False, code=False)
    hand.watch(card=True, code=False, tell=second)
    soon(0.4)
    assert first.events == []
    assert second.events == []  # it was read for the first, and is not found again
    hand.watch(card=False, code=False)


def test_a_card_that_moves_is_told(rig: Rig) -> None:
    twin = rig.reader()
    hand, told = watching(rig), Told()
    twin.fail(SamFault.LIFTED_IN_READ, -1)
    hand.watch(card=True, code=False, tell=told)
    twin.lay(CITIZEN.card)
    assert told.until(CardSeen).outcome == CardRefused(CardProblem.MOVED)
    hand.watch(card=False, code=False)


def test_a_reader_that_was_away_reads_again(rig: Rig) -> None:
    twin = rig.reader()
    hand, told = watching(rig), Told()
    hand.watch(card=True, code=False, tell=told)
    twin.unplug()
    until(lambda: not rig.cards.status.can_work)
    twin.replug()
    until(lambda: rig.cards.status.can_work)
    twin.lay(CITIZEN.card)
    told.until(CardSeen)
    hand.watch(card=False, code=False)


def test_a_code_is_heard_only_by_who_asks(rig: Rig) -> None:
    rig.reader()
    twin = rig.scanner()
    hand, told = watching(rig, scanner=True), Told()
    twin.show(b"NT1.early")  # shown to nobody
    soon(0.05)
    hand.watch(card=False, code=True, tell=told)
    rig.codes.call(lambda scanner: None)
    twin.show(b"NT1.now")
    assert told.until(CodeShown).text == "NT1.now"
    hand.watch(card=False, code=False)
    rig.codes.call(lambda scanner: None)
    twin.show(b"NT1.late")
    soon()
    assert len(told.events) == 1


def test_a_scanner_that_came_back_listens_again(rig: Rig) -> None:
    rig.reader()
    twin = rig.scanner()
    hand, told = watching(rig, scanner=True), Told()
    hand.watch(card=False, code=True, tell=told)
    twin.unplug()
    until(lambda: not rig.codes.status.can_work)
    soon()  # a look has found it gone
    twin.replug()
    until(lambda: rig.codes.status.can_work)
    soon()
    twin.show(b"NT1.again")
    assert told.until(CodeShown).text == "NT1.again"
    hand.watch(card=False, code=False)
