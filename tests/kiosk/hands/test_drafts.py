"""The hand that keeps what was typed, and the desk that sends what was thought of it, on the real store."""

import dataclasses
import datetime as dt
import hashlib
from typing import Any

import pytest

from kiosk.hands.drafts import SWEEP_EVERY_S, DraftsHand
from kiosk.journeys import orders as o
from kiosk.journeys.events import DraftFound, DraftKept, SubmitRefused, Submitted
from kiosk.ports import Draft, Refused, StoreRefused
from tests.contracts.until import until
from tests.kiosk.hands.rig import Rig, Told
from tests.kiosk.hands.test_dispatch import APPLY, MARKED, House
from tests.offline_cache.test_drafts import rows

CARD = hashlib.sha256(b"card").digest()
DRAFT = Draft(item=APPLY.code, version=APPLY.version, consented_at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC),
              values={"contact.phone": "13800000000"})  # fmt: skip
KEEP, FIND = o.KeepDraft(CARD, DRAFT, 24), o.FindDraft(CARD, APPLY.code, APPLY.version)
HOLDER = dataclasses.replace(MARKED, card=CARD)


@pytest.fixture
def house(rig: Rig) -> House:
    return House(rig)


def found(house: House) -> Draft | None:
    return house.do(FIND).until(DraftFound).draft


def test_kept_and_found_and_dropped(house: House) -> None:
    assert found(house) is None
    assert house.do(KEEP).until(DraftKept).hours == 24
    assert found(house) == DRAFT
    house.do(o.DropDraft(CARD, APPLY.code))
    assert found(house) is None


def test_the_end_of_a_visit_does_not_take_it_back(house: House) -> None:
    told = house.do(KEEP)
    house.do(o.Forget())
    told.until(DraftKept)
    assert found(house) == DRAFT


def test_submitting_ends_it(house: House) -> None:
    house.do(KEEP).until(DraftKept)
    house.submit(HOLDER).until(Submitted)
    assert found(house) is None


def test_a_refused_submission_leaves_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.do(KEEP).until(DraftKept)
    monkeypatch.setattr(house.rig.store, "accept", lambda *_, **__: Refused(StoreRefused.FULL), raising=False)
    house.submit(HOLDER).until(SubmitRefused)
    assert found(house) == DRAFT


@pytest.mark.log_warnings_expected
def test_a_disk_that_takes_nothing_says_nothing_of_a_draft_and_holds_nobody_up(house: House) -> None:
    with house.rig.sql._database.reading() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    told = house.do(KEEP)
    assert found(house) is None  # the same lane: the keeping is over
    assert told.events == []


class BrokenDrafts:
    """Our own bug in the store: the person is not left waiting."""

    def __getattr__(self, name: str) -> Any:
        def breaks(*_: object) -> None:
            raise ZeroDivisionError(name)

        return breaks


@pytest.mark.log_warnings_expected
def test_whatever_breaks_the_person_goes_on_without_one(rig: Rig) -> None:
    hand = DraftsHand(BrokenDrafts(), rig.clock)  # type: ignore[arg-type]
    told = Told()
    try:
        hand.find(FIND, told)
        assert told.until(DraftFound).draft is None
    finally:
        hand.end()


def test_the_clock_deletes_what_is_over(house: House) -> None:
    house.do(KEEP).until(DraftKept)
    house.hands.begin()
    house.rig.clock.leap(24 * 3600 + SWEEP_EVERY_S)
    house.hands.begin()  # the lane looks at its clock when it is woken
    until(lambda: rows(house.rig.folder / "store") == [])


def test_a_rating_is_a_sealed_letter_that_follows_its_case(house: House) -> None:
    case = house.submit().until(Submitted).case
    house.do(o.SendRating(APPLY, case, 2, ("unclear",)))
    until(lambda: house.rig.sql.waiting().letters == 2)
    letters = house.rig.sql.next_small(8, 1 << 20)
    assert [letter.kind.value for letter in letters] == ["application", "rated"]
    assert {letter.subject for letter in letters} == {case}  # one subject: the rating never overtakes its case


@pytest.mark.log_warnings_expected
def test_a_rating_that_the_disk_refuses_troubles_nobody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(house.rig.store, "accept", lambda *_, **__: Refused(StoreRefused.FULL), raising=False)
    monkeypatch.setattr("kiosk.hands.desk.log.warning", lambda text, *args: said.append(text % args))
    house.do(o.SendRating(APPLY, "C-1", 5, ()))
    until(lambda: len(said) == 1)
    assert said == ["a rating was not kept: store.full"]
