"""All hands together, with the real documents: what is promised is kept, what is forgotten is gone, what is logged."""

import datetime as dt
import gc
import logging
import weakref
from functools import partial
from typing import Any

import pytest

from hardware.twins.made_up_people import CITIZEN
from hardware.twins.page_press import PageFault
from kiosk.hands.desk import NO_GLYPH, NO_KEY, STORE_BROKEN, Desk, Place
from kiosk.hands.dispatch import Hands
from kiosk.hands.drafts import DraftsHand
from kiosk.hands.lamps import Lamps
from kiosk.hands.watching import Watching
from kiosk.journeys import orders as o
from kiosk.journeys.events import (
    CardSeen,
    CodeChecked,
    DoorLost,
    DoorOpened,
    LeftoversSeen,
    PageMade,
    PagesFailed,
    PagesOut,
    PagesStopped,
    PapersFailed,
    ProofMade,
    RecordCame,
    SlipMissed,
    SlipOut,
    SubmitRefused,
    Submitted,
    TicketsFound,
)
from kiosk.papers import PapersRoom
from kiosk.ports import CodeFault, DeedId, DeedState, Network, PersonFacts, Refused, StoreBroken, StoreRefused
from tests.contracts.until import until
from tests.journeys.walker import ITEMS, NOW, WORDS, code
from tests.kiosk.hands.rig import PROOF, Rig, Told, ticket
from tests.offline_cache.world import IDENTITY, a_mirror, collected
from trust.keys import KeyUnavailable
from wire.messages import RecordAnswer, RecordRequest, RecordState

APPLY = next(item for item in ITEMS if item.code == "jinglaoka")
NAME, NUMBER, ADDRESS = "甄標記", "310199195503070021", "標記路九十九弄九號"
MARKED = PersonFacts(
    kind="citizen", name=NAME, number=NUMBER, by="card", sex="1", birth=dt.date(1955, 3, 7), address=ADDRESS
)
RECORD = RecordAnswer(state=RecordState.FOUND, source="made up", columns=("月份",), rows=(("202610",),), as_of=NOW)


class Office:
    """Central's desk, at the other end of a line that may be down."""

    def __init__(self) -> None:
        self.answer = RECORD
        self.breaks: Exception | None = None

    def record(self, request: RecordRequest) -> RecordAnswer:
        if self.breaks is not None:
            raise self.breaks
        return self.answer

    def network(self) -> Network:
        return Network.UP


class AnyCode:
    def __init__(self) -> None:
        self.breaks: Exception | None = None

    def check(self, text: str, now: dt.datetime) -> Any:
        if self.breaks is not None:
            raise self.breaks
        return code().model_copy(update={"issued": now, "expires": now + dt.timedelta(minutes=5)})


class PlainTags:
    def holder(self, number: str, salt: str) -> str:
        return "a" if number == NUMBER else "other"

    def code(self, code: str, salt: str) -> str:
        return "b" if code == "12345678" else "other"


class House:
    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.reader = rig.reader()
        self.pages = rig.printer()
        rig.papers = PapersRoom(IDENTITY.key, "terminal-1", "测试地点", "Test place", dt.UTC)  # type: ignore[assignment]
        self.slip = rig.slip_printer(presenter=True)
        self.locker = rig.locker()
        self.office, self.codes = Office(), AnyCode()
        place = Place("YP01", "测试地点", "Test place", "12345", dt.UTC)
        self.desk = Desk(
            rig.store,
            rig.store.drafts,
            rig.papers,
            self.office,
            self.codes,
            PlainTags(),
            WORDS,
            rig.clock,
            place,  # type: ignore[arg-type]
        )
        rig.hands.append(self.desk)
        watching = Watching(rig.cards, None, rig.clock, dt.UTC)
        leftovers = rig.leftovers()
        hands = (rig.pages_hand, rig.slips_hand, rig.doors_hand)
        drafts = DraftsHand(rig.store.drafts, rig.clock)
        rig.hands.append(drafts)
        self.hands = Hands(self.desk, watching, *hands, leftovers, Lamps(None), drafts)
        self.told = Told()

    def do(self, order: o.Order) -> Told:
        told = Told()
        self.hands.do(order, told)
        return told

    def submit(self, person: PersonFacts = MARKED) -> Told:
        answers = {"contact.phone": "13800000000", "delivery.way": "cabinet"}
        made = self.do(o.MakeApplicationPage(APPLY, answers, person, "zh")).until(PageMade)
        consents = {APPLY.code: NOW}
        return self.do(o.Submit(made.case, APPLY, answers, person, made.pages, consents, "zh", made.at))


@pytest.fixture
def house(rig: Rig) -> House:
    return House(rig)


def test_an_application_is_kept_with_its_slips_promise_and_the_slip_is_printed_once(house: House) -> None:
    told = house.submit()
    submitted = told.until(Submitted)
    assert submitted.online
    row = house.rig.row()
    assert (row.deed.id, row.deed.subject, row.state) == (submitted.slip, submitted.case, DeedState.PROMISED)
    assert NAME not in row.deed.again
    assert NUMBER not in row.deed.again
    house.do(o.PrintPromisedSlip(submitted.slip)).until(SlipOut)
    assert house.rig.sql.waiting().letters == 1
    house.slip.take_slip()
    house.rig.ended(DeedState.DONE)
    assert len(house.slip.slips) == 1


@pytest.mark.log_warnings_expected
def test_an_application_whose_program_was_killed_before_its_slip_gets_it_at_the_next_boot(house: House) -> None:
    house.submit().until(Submitted)
    (found,), _ = house.rig.sweep()
    assert found.state is DeedState.DONE
    assert len(house.slip.slips) == 1
    assert house.rig.sweep()[0] == []


def test_two_applications_are_one_chain(house: House) -> None:
    house.submit().until(Submitted)
    house.submit().until(Submitted)
    assert house.rig.sql.chain()[0] == 2


def test_a_full_disk_submits_nothing_and_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house.rig.store, "accept", lambda *_, **__: Refused(StoreRefused.FULL), raising=False)
    assert house.submit().until(SubmitRefused).reason is StoreRefused.FULL
    assert house.rig.sql.waiting().letters == 0
    assert house.desk.promised == {}


def test_a_broken_disk_is_told_as_such(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise StoreBroken

    monkeypatch.setattr(house.rig.store, "next_number", refuse, raising=False)
    monkeypatch.setattr("hardware.transports.lane.log.error", lambda *_: None)
    assert house.do(o.MakeProof(PROOF, RECORD, MARKED)).until(PapersFailed).word == STORE_BROKEN


@pytest.mark.log_warnings_expected
def test_whatever_breaks_at_the_desk_the_person_hears_of_it(house: House) -> None:
    house.office.breaks = house.codes.breaks = ZeroDivisionError()
    assert house.do(o.AskRecord(PROOF, MARKED, NOW)).until(RecordCame).answer.state is RecordState.UNAVAILABLE
    assert house.do(o.CheckCode("NT1.x")).until(CodeChecked).result is CodeFault.DAMAGED


@pytest.mark.log_warnings_expected
def test_a_name_that_no_font_has_is_told(house: House) -> None:
    stranger = PersonFacts(kind="citizen", name="甄\U000f0000", number=NUMBER, by="card")
    assert house.do(o.MakeProof(PROOF, RECORD, stranger)).until(PapersFailed).word == NO_GLYPH


@pytest.mark.log_warnings_expected
def test_where_the_key_does_not_sign_nothing_is_accepted_and_the_person_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object, data: bytes) -> bytes:
        raise KeyUnavailable("tpm.busy")

    monkeypatch.setattr(type(IDENTITY.key), "sign", refuse)
    assert house.submit().until(PapersFailed).word == NO_KEY
    assert house.do(o.MakeProof(PROOF, RECORD, MARKED)).until(PapersFailed).word == NO_KEY
    assert house.rig.sql.waiting().letters == 0
    assert house.desk.promised == {}


def test_a_code_is_honoured_once(house: House) -> None:
    assert not isinstance(house.do(o.CheckCode("NT1.x")).until(CodeChecked).result, CodeFault)
    assert house.do(o.CheckCode("NT1.x")).until(CodeChecked).result is CodeFault.USED


def test_a_code_that_nobody_was_asked_for_is_not_used_up(house: House) -> None:
    told = house.do(o.CheckSlip("NT1.x"))
    house.do(o.CheckSlip("NT1.x.y.z"))
    assert not isinstance(house.do(o.CheckCode("NT1.x")).until(CodeChecked).result, CodeFault)
    assert told.events == []


def test_tickets_are_found_by_number_or_code_and_not_once_they_are_gone(house: House) -> None:
    assert house.do(o.FindTickets("residence-permit", number=NUMBER)).until(TicketsFound).as_of is None
    tickets = tuple(
        ticket(door, name).model_copy(update={"item": "residence-permit"}) for door, name in ((2, "T-1"), (3, "T-2"))
    )
    house.rig.sql.take_mirror(a_mirror().model_copy(update={"tickets": tickets}))

    def found(**by: str) -> list[str]:
        told = house.do(o.FindTickets("residence-permit", **by)).until(TicketsFound)
        return [each.ticket for each in told.tickets]

    assert found(number=NUMBER) == ["T-1", "T-2"]
    assert found(number="310199199003070022") == []
    assert found(pickup_code="12345678") == ["T-1", "T-2"]
    assert found(pickup_code="00000000") == []
    house.locker.stock(2)
    told = house.do(o.OpenDoor(tickets[0], "card"))
    told.until(DoorOpened)
    house.locker.take_item(2)
    house.locker.close_door(2)
    house.rig.ended(DeedState.DONE, "taken")
    assert found(number=NUMBER) == ["T-2"]


def test_a_mirror_switched_while_tickets_are_looked_for_brings_no_emptied_one_back(house: House) -> None:
    sql = house.rig.sql
    sql.take_mirror(a_mirror().model_copy(update={"tickets": (ticket(2, "T-1"),)}))
    sql.accept(collected("T-1"), subject="T-1")
    real = {name: getattr(sql, name) for name in ("mirror", "tickets_gone")}

    def looked(name: str) -> Any:
        """And central, which has heard of it, sends its next one before the desk looks again."""
        told = real[name]()
        sql.__dict__.update(real)
        sql.take_mirror(a_mirror(2))
        return told

    sql.__dict__.update({name: partial(looked, name) for name in real})
    assert house.do(o.FindTickets("", number=NUMBER)).until(TicketsFound).tickets == ()


def test_after_forget_nothing_is_watched_promised_or_waited_for(house: House) -> None:
    house.submit().until(Submitted)
    house.do(o.Watch(card=True))
    house.rig.print().until(PagesOut)
    card = house.do(o.Watch(card=True))
    house.do(o.Forget())
    assert house.desk.promised == {}
    until(lambda: not any(hand.busy for hand in (house.rig.pages_hand, house.rig.slips_hand, house.rig.doors_hand)))
    house.reader.lay(CITIZEN.card)
    house.rig.cards.call(lambda reader: None)
    assert card.of(CardSeen) == []


def test_a_slip_whose_promise_was_forgotten_is_missed_and_breaks_nothing(house: House) -> None:
    house.do(o.PrintPromisedSlip(DeedId("NT-gone"))).until(SlipMissed)


def test_nothing_of_an_application_stays_with_the_hands(house: House) -> None:
    answers = {"contact.phone": "13800000000", "delivery.way": "cabinet"}
    made = house.do(o.MakeApplicationPage(APPLY, answers, MARKED, "zh")).until(PageMade)
    gone = weakref.ref(made.pages)
    told = house.do(o.Submit(made.case, APPLY, answers, MARKED, made.pages, {}, "zh", made.at))
    told.until(Submitted)
    del made, told

    def forgotten() -> bool:
        gc.collect()
        return gone() is None

    until(forgotten)


@pytest.mark.log_warnings_expected
def test_no_log_line_holds_a_person(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A marked person goes through every hand, well and badly; every line of every logger is searched."""
    caplog.set_level(logging.DEBUG)
    house.do(o.AskRecord(PROOF, MARKED, NOW)).until(RecordCame)
    proof = house.do(o.MakeProof(PROOF, RECORD, MARKED)).until(ProofMade)
    print_it = o.PrintPages(proof.serial, PROOF, proof.pages, MARKED, {PROOF.code: NOW})
    house.do(print_it).until(PagesOut)
    house.do(o.PagesInHand())
    house.rig.ended(DeedState.DONE)
    house.pages.take_paper()
    house.pages.jam()
    jammed = house.do(print_it)
    jammed.until(PagesStopped)
    house.do(o.GiveUpPages())
    jammed.until(PagesFailed)
    house.pages.jam(False)
    house.pages.begin(PageFault.RUBBISH_ANSWER)
    rubbish = house.do(print_it)
    until(lambda: rubbish.of(PagesFailed, PagesStopped) or house.rig.clock.leap(1.0))
    house.pages.end(PageFault.RUBBISH_ANSWER)
    house.do(o.Forget())
    house.submit().until(Submitted)
    house.slip.open_cover()
    slip = o.PrintProofSlip(proof.serial, PROOF, "zh", True, proof.pages.token)
    house.do(slip).until(SlipMissed)
    house.slip.close_cover()
    house.do(o.FindTickets("residence-permit", number=NUMBER)).until(TicketsFound)
    house.do(o.CheckCode(f"NT1.{NUMBER}")).until(CodeChecked)
    house.do(o.OpenDoor(ticket(99), "card")).until(DoorLost)
    house.do(o.MakeProof(PROOF, RECORD, PersonFacts("citizen", f"{NAME}\U000f0000", NUMBER, "card"))).until(
        PapersFailed
    )

    def refuse(*_: object, **__: object) -> None:
        raise StoreBroken

    def breaks(*_: object, **__: object) -> None:
        raise ValueError(NAME, NUMBER, ADDRESS)

    monkeypatch.setattr(house.rig.store, "settle", refuse)
    monkeypatch.setattr(house.rig.store, "mark", refuse, raising=False)
    house.do(print_it).until(PagesFailed)
    for broken in ("proof", "application_page", "receipt", "slip"):
        monkeypatch.setattr(house.rig.papers, broken, breaks)
    house.do(o.MakeProof(PROOF, RECORD, MARKED)).until(PapersFailed)
    house.do(slip).until(SlipMissed)
    house.office.breaks = house.codes.breaks = ValueError(NAME, NUMBER)
    house.do(o.AskRecord(PROOF, MARKED, NOW)).until(RecordCame)
    house.do(o.CheckCode(NUMBER)).until(CodeChecked)
    monkeypatch.setattr(house.rig.store, "promise", breaks, raising=False)
    house.do(print_it).until(PagesFailed)
    house.do(o.OpenDoor(ticket(2), "card")).until(DoorLost)
    house.do(o.LookForLeftovers()).until(LeftoversSeen)
    house.do(o.Forget())
    monkeypatch.undo()
    house.rig.clock.leap(3600)
    house.rig.sweep()
    said = [f"{record.getMessage()} {record.args} {record.exc_text or ''}" for record in caplog.records]
    assert len(said) > 12
    for secret in (NAME, NUMBER, ADDRESS, NUMBER[6:14], "13800000000", proof.pages.token):
        assert [line for line in said if secret in line] == []
