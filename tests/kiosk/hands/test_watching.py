"""Cards and codes are looked for only while they are asked for, and belong to whoever asked."""

import datetime as dt
from typing import Any

import pytest

from hardware.api.code_scanner import CodeScanned
from hardware.api.id_card import CardProblem, CardRead, CardRefused
from hardware.codecs.sam import Command
from hardware.transports.lane import Answer
from hardware.twins.id_card_sam import IdCardSamTwin, SamFault
from hardware.twins.made_up_people import CITIZEN, DAMAGED
from kiosk.hands.watching import Watching
from kiosk.journeys.events import CardSeen, CodeShown
from tests.contracts.until import until
from tests.journeys.walker import OLD
from tests.kiosk.hands.rig import Rig, Told, a_while


def heard(twin: IdCardSamTwin, command: Command) -> int:
    """How many requests of this kind are among the newest that the reader heard."""
    with twin.lock:
        return sum(request.known is command for request in twin.requests)


def watching(rig: Rig, *, scanner: bool = False) -> Watching:
    return Watching(rig.cards, rig.codes if scanner else None, rig.clock, dt.UTC)


def test_a_card_is_told_once_while_it_lies_there(rig: Rig) -> None:
    twin = rig.reader()
    hand, told = watching(rig), Told()
    hand.watch(card=True, code=False, tell=told)
    twin.lay(CITIZEN.card)
    assert isinstance(told.until(CardSeen).outcome, CardRead)
    a_while()
    assert len(told.events) == 1
    hand.watch(card=False, code=False)


def test_a_refused_card_that_stays_is_told_once_and_again_when_laid_again(rig: Rig) -> None:
    twin = rig.reader()
    hand, told = watching(rig), Told()
    hand.watch(card=True, code=False, tell=told)
    twin.lay(DAMAGED.card)
    assert isinstance(told.until(CardSeen).outcome, CardRefused)
    a_while()
    assert len(told.events) == 1

    def lift(_: object) -> None:
        """Between two looks: in the middle of one it would be a card that moved."""
        twin.lift()
        twin.requests.clear()

    rig.cards.call(lift)
    until(lambda: heard(twin, Command.FIND))  # the spot was seen empty
    twin.lay(DAMAGED.card)
    until(lambda: len(told.events) == 2)
    hand.watch(card=False, code=False)


def test_nobody_looks_when_nobody_asks(rig: Rig) -> None:
    twin = rig.reader()
    hand, told = watching(rig), Told()
    hand.watch(card=True, code=False, tell=told)
    hand.watch(card=False, code=False)
    rig.cards.call(lambda reader: None)
    twin.requests.clear()
    twin.lay(CITIZEN.card)
    a_while()
    assert heard(twin, Command.FIND) == 0
    assert told.events == []


def test_a_read_that_began_for_one_visit_is_not_told_to_the_next(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    twin = rig.reader()
    hand, first, second = watching(rig), Told(), Told()
    hand.watch(card=True, code=False, tell=first)
    read: list[bytes] = []
    send = twin.send

    def late(data: bytes, after_s: float = 0.0) -> None:
        """A module that takes its time over a card's data, and over nothing else."""
        if len(data) > len(CITIZEN.card.text):
            read.append(data)
        else:
            send(data, after_s)

    monkeypatch.setattr(twin, "send", late)
    twin.lay(CITIZEN.card)
    until(lambda: read)
    hand.watch(card=False, code=False)
    hand.watch(card=True, code=False, tell=second)
    twin.requests.clear()
    send(read[0])
    until(lambda: heard(twin, Command.FIND) >= 2)  # it was looked for again, and not found
    a_while()
    assert first.events == []
    assert second.events == []  # it was read for the first, and is not found again
    hand.watch(card=False, code=False)


@pytest.mark.parametrize("saw", [CardRead(OLD), CodeScanned("NT1.first")], ids=["card", "code"])
def test_what_is_told_in_the_moment_in_which_the_visits_change_is_not_told_to_the_next(
    rig: Rig, saw: CardRead | CodeScanned
) -> None:
    rig.reader()
    rig.scanner()
    hand, first, second = watching(rig, scanner=True), Told(), Told()

    class Late(Answer[Any]):
        """Looked at after the hand has asked whose it is."""

        @property
        def value(self) -> CardRead | CodeScanned:  # type: ignore[override]
            hand.watch(card=False, code=False)
            hand.watch(card=True, code=True, tell=second)
            return saw

    hand.watch(card=True, code=True, tell=first)
    heard = (hand._polled, hand._cards_asked) if isinstance(saw, CardRead) else (hand._scanned, hand._codes_asked)
    heard[0](object.__new__(Late), heard[1])
    hand.watch(card=False, code=False)
    assert second.events == []
    assert len(first.events) == 1  # which the mind knows to be over


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
    until(lambda: b"NT1.early" in rig.code_link.heard)
    hand.watch(card=False, code=True, tell=told)
    rig.codes.call(lambda scanner: None)
    twin.show(b"NT1.now")
    assert told.until(CodeShown).text == "NT1.now"
    hand.watch(card=False, code=False)
    rig.codes.call(lambda scanner: None)
    twin.show(b"NT1.late")
    until(lambda: b"NT1.late" in rig.code_link.heard)
    a_while()
    assert len(told.events) == 1


def test_a_scanner_that_came_back_listens_again(rig: Rig) -> None:
    rig.reader()
    twin = rig.scanner()
    hand, told = watching(rig, scanner=True), Told()
    hand.watch(card=False, code=True, tell=told)
    twin.unplug()
    until(lambda: not rig.codes.status.can_work)
    until(lambda: hand._deaf)  # a look has found it gone
    twin.replug()
    until(lambda: rig.codes.status.can_work)
    until(lambda: rig.codes.call(lambda scanner: scanner._listening))  # it was told to
    twin.show(b"NT1.again")
    assert told.until(CodeShown).text == "NT1.again"
    hand.watch(card=False, code=False)
