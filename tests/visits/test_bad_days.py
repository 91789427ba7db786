"""Cards, codes, printers, locks and a central that misbehave in the middle of a visit: said, and survived."""

import datetime as dt
from collections.abc import Iterator

import pytest

from demo.faulty_central import CentralFault
from demo.found import cases_at, collections_at, proofs_at
from demo.visits import CARD, PERMIT, PROOF
from hardware.twins.id_card_sam import SamFault
from hardware.twins.lock_board import LockFault
from hardware.twins.made_up_people import BY_KEY, CITIZEN, ELDER
from hardware.twins.page_press import PageFault
from kiosk.words import Words
from tests.contracts.until import until
from tests.visits.rig import TOLD_S, Rig
from ui.pictures import ASSETS

pytestmark = [
    pytest.mark.threads_stay("the twins go on serving the terminal of the whole module"),
    pytest.mark.timeout(120),
]
WORDS = Words.load(ASSETS / "i18n")
STUCK_DOOR, LYING_DOOR = 2, 4
ALWAYS = -1


@pytest.fixture(scope="module")
def whole_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    rig = Rig(tmp_path_factory.mktemp("world"), screenless=True)
    rig.world.stock(CITIZEN, STUCK_DOOR, "11112222")
    rig.world.stock(ELDER, LYING_DOOR, "33334444")
    yield rig
    rig.close()


@pytest.fixture
def rig(whole_module: Rig) -> Rig:
    whole_module.fresh()
    return whole_module


def to_identify(rig: Rig, item: str = PROOF) -> None:
    rig.visit.choose(item)
    rig.visit.begin()
    rig.terminal.wait("identify")


def said(rig: Rig, word: str) -> None:
    """Wait for the sentence of a fault word on the identify page."""
    rig.terminal.wait("identify", text=WORDS.fault(word, "zh")[0])


# ---- cards -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (SamFault.LIFTED_IN_READ, "card.moved"),
        (SamFault.CUT_OFF_IN_READ, "card.moved"),
        (SamFault.CARD_REFUSED_SAM, "card.not_genuine"),
        (SamFault.SAM_REFUSED_CARD, "card.not_genuine"),
        (SamFault.FAILED_CHECK, "card.failed_check"),
        (SamFault.TEXT_NONSENSE, "card.unreadable"),
    ],
)
def test_a_card_that_is_not_read_is_told_why_and_read_when_laid_again(rig: Rig, fault: SamFault, word: str) -> None:
    to_identify(rig)
    rig.world.reader.fail(fault, ALWAYS)  # a card that lies there is tried again at once, and would be read by then
    rig.world.reader.lay(CITIZEN.card)
    refused = rig.terminal.wait("identify", text='"state": "refused"')
    assert WORDS.fault(word, "zh")[0] in refused["body"]["message"]
    rig.world.reader.lift()
    rig.world.reader.heal()
    rig.world.reader.lay(CITIZEN.card)
    rig.terminal.wait("consent")


@pytest.mark.parametrize(
    ("person", "word"), [("wrong_check", "card.number"), ("expired", "card.expired"), ("damaged", "card.failed_check")]
)
def test_a_card_that_may_not_be_used_is_told_why(rig: Rig, person: str, word: str) -> None:
    to_identify(rig)
    rig.world.reader.lay(BY_KEY[person].card)
    said(rig, word)


# ---- codes -----------------------------------------------------------------------------------------------------


def test_codes_that_do_not_stand_in_for_a_card(rig: Rig) -> None:
    used = rig.world.code_of(ELDER)
    to_identify(rig, CARD)
    rig.visit.hold_code(used, then="consent")
    rig.terminal.press("leave")
    rig.terminal.wait("goodbye")
    to_identify(rig, CARD)
    shown: list[tuple[str, bytes]] = [
        ("code.used", used.encode()),
        ("code.expired", rig.world.code_of(ELDER, age=dt.timedelta(hours=2)).encode()),
        ("code.foreign", b"https://example.org/pay?id=1"),
        ("code.damaged", used[:-20].encode()),
        ("code.foreign", "随申码测试".encode("gb18030")),
    ]
    for word, code in shown:
        rig.visit.hold_code(code, text=WORDS.fault(word, "zh")[0])


def test_a_code_of_three_thousand_bytes_is_told_to_be_none_of_ours(rig: Rig) -> None:
    to_identify(rig, CARD)
    rig.visit.hold_code(b"9" * 3000, text=WORDS.fault("code.foreign", "zh")[0])


# ---- the printer -----------------------------------------------------------------------------------------------


def to_printing(rig: Rig) -> None:
    rig.visit.choose(PROOF)
    rig.visit.lay_card(CITIZEN)
    rig.visit.agree()


def test_a_printer_that_accepts_and_never_prints_leaves_no_paper_to_the_next_person(rig: Rig) -> None:
    printed = len(rig.world.pages.printed)
    rig.world.pages.begin(PageFault.ACCEPTS_NEVER_PRINTS)
    to_printing(rig)
    until(lambda: rig.world.pages.current() is not None)
    rig.terminal.press("leave")
    rig.terminal.wait("attract", within=TOLD_S)
    rig.told()
    assert rig.book().of("pages")[-1].state == "failed"
    rig.world.pages.end(PageFault.ACCEPTS_NEVER_PRINTS)
    assert rig.world.pages.current() is None
    assert len(rig.world.pages.printed) == printed


def test_a_printer_that_says_done_with_its_paper_out_is_not_believed(rig: Rig) -> None:
    rig.visit.choose(PROOF)
    rig.visit.lay_card(CITIZEN)
    rig.terminal.wait("consent")
    rig.world.pages.begin(PageFault.SAYS_DONE_PAPER_OUT)
    rig.world.pages.load_paper(0)
    rig.terminal.press("next")
    rig.terminal.wait("trouble", text=WORDS.fault("pages.unknown", "zh")[0])
    rig.told()
    assert rig.book().of("pages")[-1].state == "unknown"
    assert proofs_at(rig.world.central)[0].outcome == "unknown"


def test_paper_out_in_mid_print_waits_for_paper_and_goes_on(rig: Rig) -> None:
    rig.visit.choose(PROOF)
    rig.visit.lay_card(CITIZEN)
    rig.terminal.wait("consent")
    rig.world.pages.load_paper(0)
    rig.terminal.press("next")
    rig.terminal.wait("working", ask="give_up")
    rig.world.pages.load_paper()
    serial = rig.visit.take_proof()
    assert rig.proof(serial).outcome == "taken"


def test_a_printer_that_goes_away_in_mid_print_is_asked_when_it_is_back(rig: Rig) -> None:
    printed = len(rig.world.pages.printed)
    rig.visit.choose(PROOF)
    rig.visit.lay_card(CITIZEN)
    rig.terminal.wait("consent")
    to_be_taken = PageFault.HANGS_UP_AFTER_TAKING
    rig.world.pages.begin(to_be_taken)
    rig.terminal.press("next")
    until(lambda: len(rig.world.pages.received) > printed)
    rig.world.pages.end(to_be_taken)
    serial = rig.visit.take_proof()
    assert rig.proof(serial).outcome == "taken"
    assert len(rig.world.pages.printed) == printed + 1


# ---- the locker ------------------------------------------------------------------------------------------------


def test_a_door_that_stays_shut_is_fired_again_only_when_asked(rig: Rig) -> None:
    door = rig.world.locker.doors[STUCK_DOOR]
    rig.world.locker.stick(STUCK_DOOR)
    rig.visit.choose(PERMIT)
    rig.visit.lay_card(CITIZEN)
    rig.terminal.wait("door", ask="again")
    assert door.pulses == 1
    rig.world.locker.free(STUCK_DOOR)
    rig.terminal.press("again")
    rig.visit.empty_door(STUCK_DOOR)
    rig.visit.leave()
    assert door.pulses == 2
    rig.told()
    assert [row.state for row in rig.book().of("door") if row.door == STUCK_DOOR] == ["failed", "done"]


def test_a_sensor_that_lies_does_not_keep_the_door_from_opening(rig: Rig) -> None:
    rig.world.locker.suffer(LockFault.SENSOR_LIES_CLOSED, LYING_DOOR)
    rig.world.locker.suffer(LockFault.IR_LIES, LYING_DOOR)
    rig.visit.choose(PERMIT)
    rig.visit.lay_card(ELDER)
    rig.terminal.wait("door", ask="in_hand")
    assert rig.world.locker.doors[LYING_DOOR].is_open
    rig.world.locker.take_item(LYING_DOOR)
    rig.terminal.press("in_hand")
    rig.terminal.wait("result")
    rig.visit.leave()
    rig.world.locker.close_door(LYING_DOOR)
    rig.told()
    assert collections_at(rig.world.central)[0][1] in ("doubtful", "taken")


# ---- central ---------------------------------------------------------------------------------------------------


def test_a_central_that_answers_nonsense_loses_and_doubles_nothing(rig: Rig) -> None:
    before = len(cases_at(rig.world.central))
    app = rig.world.served.app
    numbers = []
    for fault in (f for f in CentralFault if f is not CentralFault.SLOW):
        app.fault, met = fault, app.met
        numbers.append(rig.visit.apply(ELDER))  # a new letter is tried at once
        rig.visit.leave()
        until(lambda met=met: app.met > met, TOLD_S)
    assert rig.book().letters["waiting"] == len(numbers)
    app.fault = None
    numbers.append(rig.visit.apply(ELDER))
    rig.visit.leave()
    rig.told()
    held = [row.case for row in cases_at(rig.world.central)]
    assert sorted(held[: len(held) - before]) == sorted(numbers)


def test_no_record_is_printed_from_an_answer_that_nobody_can_believe(rig: Rig) -> None:
    printed = len(rig.world.pages.printed)
    rig.visit.choose(PROOF)
    rig.visit.lay_card(CITIZEN)
    rig.terminal.wait("consent")
    rig.world.served.app.fault = CentralFault.LOGIN_PAGE
    rig.terminal.press("next")
    rig.terminal.wait("trouble", text=WORDS.fault("record.unavailable", "zh")[0])
    rig.world.served.app.fault = None
    rig.terminal.press("again")
    rig.visit.take_proof()
    assert len(rig.world.pages.printed) == printed + 1
