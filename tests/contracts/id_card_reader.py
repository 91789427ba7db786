"""What every identity-card reader promises; a twin's or a bench's test class inherits this and gives it a bench."""

from typing import Protocol

import pytest

from hardware.api.errors import LinkLost
from hardware.api.id_card import CardKind, CardProblem, CardRead, CardRefused, IdCardReader, NoCard
from hardware.api.status import OFFLINE, DeviceState, Status


class CardBench(Protocol):
    """A reader, and the hand that lays cards on it and pulls its cable."""

    reader: IdCardReader

    def lay(self, kind: CardKind) -> str:
        """Lay a good card of that kind; returns the number that stands on it."""
        ...

    def lay_damaged(self) -> None: ...

    def lift(self) -> None: ...

    def unplug(self) -> None: ...

    def replug(self) -> None:
        """Put the cable back and open the link again; the reader is not started yet."""
        ...


class IdCardReaderContract:
    """Inherit, and give a fixture `bench` whose reader was started."""

    def test_it_says_who_it_is(self, bench: CardBench) -> None:
        serial = bench.reader.start()
        assert serial
        assert bench.reader.start() == serial

    def test_a_working_reader_is_online(self, bench: CardBench) -> None:
        assert bench.reader.status() == Status(DeviceState.ONLINE)

    def test_an_empty_spot_is_no_card(self, bench: CardBench) -> None:
        assert bench.reader.poll() == NoCard()
        assert not bench.reader.card_still_there()

    @pytest.mark.parametrize("kind", list(CardKind))
    def test_each_kind_of_card_is_read(self, bench: CardBench, kind: CardKind) -> None:
        number = bench.lay(kind)
        outcome = bench.reader.poll()
        assert isinstance(outcome, CardRead)
        assert (outcome.holder.kind, outcome.holder.number) == (kind, number)
        assert outcome.holder.name
        assert len(outcome.holder.photo_wlt) == 1024

    def test_a_card_that_stays_is_told_once(self, bench: CardBench) -> None:
        bench.lay(CardKind.CITIZEN)
        assert isinstance(bench.reader.poll(), CardRead)
        assert bench.reader.poll() == NoCard()
        assert bench.reader.poll() == NoCard()

    def test_a_card_laid_again_is_read_again(self, bench: CardBench) -> None:
        for _ in range(2):
            bench.lay(CardKind.CITIZEN)
            assert isinstance(bench.reader.poll(), CardRead)
            bench.lift()
            assert bench.reader.poll() == NoCard()

    def test_one_holder_is_never_taken_for_the_next(self, bench: CardBench) -> None:
        for kind in (CardKind.CITIZEN, CardKind.HMT_PERMIT, CardKind.CITIZEN):
            number = bench.lay(kind)
            outcome = bench.reader.poll()
            assert isinstance(outcome, CardRead)
            assert outcome.holder.number == number
            bench.lift()

    def test_a_card_left_behind_is_seen_and_its_lifting_too(self, bench: CardBench) -> None:
        bench.lay(CardKind.CITIZEN)
        assert isinstance(bench.reader.poll(), CardRead)
        assert bench.reader.card_still_there()
        assert bench.reader.card_still_there()
        bench.lift()
        assert not bench.reader.card_still_there()

    def test_a_damaged_card_is_refused_and_the_next_card_is_read(self, bench: CardBench) -> None:
        bench.lay_damaged()
        assert bench.reader.poll() == CardRefused(CardProblem.FAILED_CHECK)
        bench.lift()
        bench.lay(CardKind.CITIZEN)
        assert isinstance(bench.reader.poll(), CardRead)

    def test_a_pulled_cable_is_link_lost_and_comes_back(self, bench: CardBench) -> None:
        bench.unplug()
        with pytest.raises(LinkLost):
            bench.reader.poll()
        with pytest.raises(LinkLost):
            bench.reader.card_still_there()
        assert bench.reader.status() == OFFLINE
        bench.replug()
        assert bench.reader.start()
        assert bench.reader.status() == Status(DeviceState.ONLINE)
        bench.lift()
        bench.lay(CardKind.CITIZEN)
        assert isinstance(bench.reader.poll(), CardRead)
