"""How cases stand, at the desk: a slip told from a code, central asked for one or the other, what is put right kept."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kiosk.hands.standing import is_receipt
from kiosk.journeys import orders as o
from kiosk.journeys.cases import narrowed
from kiosk.journeys.events import CasesCame, CodeChecked, PageMade, SlipOut, SlipShown, Submitted, TicketsFound
from kiosk.ports import Cases, CodeFault, DeedState, MadePages
from tests.journeys.walker import NOW, asks, standing, told
from tests.kiosk.hands.rig import Rig, ticket
from tests.kiosk.hands.test_dispatch import APPLY, MARKED, NAME, NUMBER, House
from tests.offline_cache.world import IDENTITY, KEYS, a_mirror
from tests.visits.rig import page_text
from trust.keys import USE_TERMINAL, KeyRing
from trust.sealing import open_sealed
from trust.tokens import read, write
from wire.letters import Amended
from wire.packing import unpack
from wire.tokens import Proof, Receipt

RECEIPT = Receipt(case="K1", item="jinglaoka", version=1, parts=("0" * 64,), at=NOW, terminal="other", counter=1,
                  previous="0" * 64)  # fmt: skip
PROOF = Proof(serial="S1", item="shebao-proof", figures="0" * 64, at=NOW, terminal="other")
STATUS = standing(1, "returned", asks=asks("contact.phone"), answers={"contact.phone": "13800000001"})


@pytest.fixture
def house(rig: Rig) -> House:
    made = House(rig)
    made.asked = []  # type: ignore[attr-defined]

    def cases(**asked: str) -> Cases | None:
        made.asked.append(asked)  # type: ignore[attr-defined]
        return told(STATUS)

    made.office.cases = cases  # type: ignore[attr-defined]
    return made


def test_a_slip_of_any_terminal_is_a_slip_and_nothing_else_is() -> None:
    assert is_receipt(write(RECEIPT, IDENTITY.key))
    assert not is_receipt(write(PROOF, IDENTITY.key))
    assert not is_receipt("NT1.e30.0123456789abcdef." + "A" * 86)
    assert not is_receipt("https://example.org/pay")


@given(st.text(max_size=60), st.binary(max_size=60))
def test_no_text_at_all_breaks_the_look(text: str, raw: bytes) -> None:
    assert not is_receipt(text)
    assert not is_receipt(f"NT1.{raw.hex()}.x.{text}")


def test_a_slip_is_taken_only_where_one_is_waited_for(house: House) -> None:
    house.codes.check = lambda text, now: CodeFault.FOREIGN  # type: ignore[method-assign]
    slip = write(RECEIPT, IDENTITY.key)
    assert house.do(o.CheckCode(slip, slip=True)).until(SlipShown).receipt == slip
    assert house.do(o.CheckCode(slip)).until(CodeChecked).result is CodeFault.FOREIGN
    assert house.do(o.CheckCode("NT1.x", slip=True)).until(CodeChecked).result is CodeFault.FOREIGN


def test_central_is_asked_for_the_holder_or_for_the_slip_never_for_both(house: House) -> None:
    assert house.do(o.AskCases(MARKED)).until(CasesCame).cases == told(STATUS)
    house.do(o.AskCases(None, "NT1.slip")).until(CasesCame)
    assert house.asked == [{"number": NUMBER, "name": NAME}, {"receipt": "NT1.slip"}]  # type: ignore[attr-defined]


@pytest.mark.log_warnings_expected
def test_whatever_breaks_the_person_hears_that_it_cannot_be_told(house: House) -> None:
    def broken(**_: Any) -> None:
        raise ZeroDivisionError

    house.office.cases = broken  # type: ignore[attr-defined]
    assert house.do(o.AskCases(MARKED)).until(CasesCame).cases is None


def test_whatever_lies_here_is_found_where_no_item_is_named(house: House) -> None:
    house.rig.sql.take_mirror(a_mirror().model_copy(update={"tickets": (ticket(1),)}))
    asked = house.do(o.FindTickets("", number=NUMBER)).until(TicketsFound)
    assert [one.ticket for one in asked.tickets] == ["T-1"]
    assert house.do(o.FindTickets("another-item", number=NUMBER)).until(TicketsFound).tickets == ()


def amended(house: House, state: str = "returned") -> tuple[MadePages, Submitted, Amended]:
    """What was put right, and kept; opened with central's own key."""
    item = narrowed(APPLY, STATUS, ("contact.phone",))
    amends = o.Amends("K1", 3, state, STATUS.asks)
    answers = {"contact.phone": "13900000009"}
    made = house.do(o.MakeApplicationPage(item, answers, MARKED, "zh", "K1", amends)).until(PageMade)
    order = o.Submit("K1", item, answers, MARKED, made.pages, {APPLY.code: NOW}, "zh", made.at, amends)
    submitted = house.do(order).until(Submitted)
    (sealed,) = house.rig.sql.next_small(9, 1 << 30)
    assert sealed.body is not None
    plain = open_sealed(KEYS.seal, sealed.body, header=sealed.id.encode())
    return made.pages, submitted, unpack(plain, TypeAdapter(Amended))


def test_what_is_put_right_is_kept_as_such_with_its_slips_promise_and_receipt(house: House) -> None:
    pages, submitted, letter = amended(house)
    assert (letter.case, letter.revision, submitted.case) == ("K1", 3, "K1")
    assert (letter.item, letter.version, letter.definition) == (APPLY.code, APPLY.version, APPLY.sha256)
    assert letter.answers == {"contact.phone": "13900000009"}
    assert letter.person.number == NUMBER
    assert letter.page.sha256 == pages.sha256
    receipt = read(letter.receipt, KeyRing([IDENTITY.key.public(USE_TERMINAL)]), USE_TERMINAL, letter.submitted_at)
    assert isinstance(receipt, Receipt)
    assert (receipt.case, receipt.parts, receipt.counter) == ("K1", (pages.sha256,), 1)
    assert house.rig.sql.chain()[0] == 1, "the next receipt follows this one"
    row = house.rig.row()
    assert (row.deed.id, row.deed.subject, row.state) == (submitted.slip, "K1", DeedState.PROMISED)
    assert "补正回执" in row.deed.again
    assert NAME not in row.deed.again
    assert NUMBER not in row.deed.again
    house.do(o.PrintPromisedSlip(submitted.slip)).until(SlipOut)


def test_the_page_says_what_it_is_and_holds_what_was_asked_for(house: House) -> None:
    pages, _, _ = amended(house, "waiting")
    text = page_text(pages.pdf)
    assert "敬老卡申领 · 补交" in text
    assert "13900000009" in text
    assert "K1" in text
    assert "居住地址" not in text, "nothing is asked for twice, and nothing stands there as left blank"
    assert "补交回执" in house.rig.row().deed.again


def test_a_draft_of_the_same_item_outlives_it(house: House) -> None:
    ended: list[str] = []
    keep = house.rig.store.accept
    house.rig.store.accept = lambda *a, **more: (ended.append(more["draft"]), keep(*a, **more))[1]  # type: ignore[method-assign]
    amended(house)
    assert ended == [""]
