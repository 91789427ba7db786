"""Whole visits on the real glass, over real bytes, to a real central: what a person gets is what central holds."""

import hashlib
from collections.abc import Iterator

import pytest

from central.store import tickets
from demo.album import kept_page
from demo.found import collections_at, opened
from demo.visits import CARD, PERMIT, PHONE, PROOF
from demo.world import REGION, TERMINAL
from hardware.twins.made_up_people import CITIZEN, ELDER, RARE, RARE_2
from tests.contracts.until import until
from tests.torture import ledger
from tests.visits.rig import TOLD_S, Rig, page_code, page_text
from wire.tokens import Proof, Receipt

pytestmark = [
    pytest.mark.threads_stay("the twins go on serving the terminal of the whole module"),
    pytest.mark.timeout(120),
]
DOOR, OTHER_DOOR, CODE = 7, 3, "26112203"


@pytest.fixture(scope="module")
def whole_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    rig = Rig(tmp_path_factory.mktemp("world"), screenless=False)
    rig.world.stock(ELDER, DOOR)
    rig.world.stock(CITIZEN, OTHER_DOOR, CODE)
    yield rig
    rig.close()


@pytest.fixture
def rig(whole_module: Rig) -> Rig:
    whole_module.fresh()
    return whole_module


def open_tickets(rig: Rig) -> set[int]:
    with opened(rig.world.central) as connection:
        return {ticket.door for ticket in tickets.open_at(connection, REGION, TERMINAL)}


def test_a_proof_is_printed_for_a_rare_name_and_verifies(rig: Rig) -> None:
    serial = rig.visit.prove(RARE)
    rig.visit.leave()
    assert rig.proof(serial).outcome == "taken"
    (document,) = rig.world.pages.printed
    assert "测㛃𬱖" in page_text(document.pdf)
    assert "演示" in page_text(document.pdf)
    token = page_code(document.pdf)
    assert rig.slip_code() == token
    said = rig.verified(token)
    assert isinstance(said, Proof)
    assert said.serial == serial
    assert rig.proof(serial).flags == ()


def test_an_application_typed_at_the_glass_arrives_as_it_was_reviewed(rig: Rig) -> None:
    case = rig.visit.apply(ELDER, edit=True)
    rig.visit.leave()
    row = rig.case(case)
    assert row.answers == {
        "contact.phone": PHONE,
        "residence.address": "上海市测试区长阳路88号201室",
        "delivery.way": "cabinet",
    }
    assert row.person.name == "测试长者"
    assert row.flags == ()
    receipt = rig.verified(rig.slip_code())
    assert isinstance(receipt, Receipt)
    assert receipt.case == case
    page = kept_page(rig.world.central, REGION, case)
    assert receipt.parts == (hashlib.sha256(page).hexdigest(),)
    assert "长阳路88号201室" in page_text(page).replace("\r\n", "")
    rig.told()


def test_collected_by_card(rig: Rig) -> None:
    rig.visit.collect(ELDER, DOOR)
    rig.visit.leave()
    rig.told()
    assert rig.world.locker.doors[DOOR].pulses == 1
    assert [outcome for _, outcome in collections_at(rig.world.central)] == ["taken"]
    assert open_tickets(rig) == {OTHER_DOOR}


def test_without_a_network_it_is_said_and_everything_arrives_later_once(rig: Rig) -> None:
    until(lambda: ledger.mirror_version(rig.world.store) > 0, TOLD_S)  # it knows what lies behind its doors
    before = open_tickets(rig)
    rig.world.gate.cut()
    rig.terminal.press("start")
    home = rig.terminal.wait("home", text="网络", within=TOLD_S)
    proof = next(tile for tile in home["body"]["items"] if tile["code"] == PROOF)
    assert not proof["can_now"]
    assert proof["reason"]
    case = rig.visit.apply(RARE_2)
    rig.visit.leave()
    rig.visit.collect_by_code(CODE, OTHER_DOOR)
    rig.visit.leave()
    assert rig.world.locker.doors[OTHER_DOOR].pulses == 1
    assert open_tickets(rig) == before
    rig.world.gate.mend()
    assert rig.case(case).person.name == "测䶮赟"
    rig.told()
    assert rig.case(case).flags == ()
    assert open_tickets(rig) == before - {OTHER_DOOR}


def test_a_person_searches_and_the_guide_says_what_a_counter_needs(rig: Rig) -> None:
    deeds = rig.book().deeds
    rig.terminal.press("start")
    rig.terminal.wait("home")
    rig.visit.search(CARD, "jlk")
    rig.terminal.wait("item", ask="next")
    rig.terminal.press("next")
    rig.terminal.wait("guide", ask="answer:relative")
    rig.terminal.press("answer:relative")
    told = rig.terminal.wait("guide", text="委托书")
    assert told["person"] is None
    rig.terminal.press("back")
    rig.terminal.wait("guide", ask="answer:self")
    rig.terminal.press("answer:self")
    rig.terminal.wait("guide", ask="answer:lost")
    rig.terminal.press("answer:lost")
    rig.terminal.wait("guide", text="旧卡")
    rig.terminal.press("home")
    rig.terminal.wait("home")
    rig.visit.leave()
    assert rig.book().deeds == deeds


def test_a_code_stands_in_for_the_card_once_and_in_english(rig: Rig) -> None:
    rig.terminal.switch_language()
    rig.terminal.wait("attract", language="en")
    code = rig.world.code_of(ELDER)
    rig.visit.choose(CARD)
    rig.visit.show_code(code)
    consent = rig.terminal.wait("consent")
    assert consent["person"] == {"name": "测***", "number": "3101**********0034"}
    rig.visit.leave()
    assert rig.terminal.look()["language"] == "zh"
    rig.visit.choose(CARD)
    rig.visit.show_code(code, then="identify", text='"state": "refused"')
    refused = rig.terminal.look()
    assert "用过" in refused["body"]["message"] or "使用过" in refused["body"]["message"]


def test_killed_in_mid_form_nothing_is_submitted_and_the_next_person_sees_nothing(rig: Rig) -> None:
    before = rig.book()
    rig.visit.choose(CARD)
    rig.visit.lay_card(ELDER)
    rig.visit.agree()
    rig.terminal.wait("form")
    rig.terminal.type("contact.phone", PHONE)
    rig.terminal.kill()
    rig.terminal.start()
    seen = rig.terminal.wait("attract")
    assert seen["person"] is None
    assert rig.book().receipts == before.receipts
    assert rig.book().deeds == before.deeds


def test_a_card_that_stays_holds_the_last_page_until_it_is_lifted(rig: Rig) -> None:
    rig.visit.choose(PERMIT)
    rig.visit.lay_card(CITIZEN, lift=False)
    rig.terminal.press("leave")
    seen = rig.terminal.wait("leaving", text='"card"')
    assert seen["person"] is None
    until(lambda: 1 in rig.world.lights.lit)
    rig.world.reader.lift()
    rig.terminal.wait("goodbye")
