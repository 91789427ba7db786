"""How cases stand, by whole visits to a real central: returned and put right, shown by slip, and told to be away."""

from collections.abc import Iterator
from typing import Any

import pytest

from central.jobs import casework
from central.rules.asks import Ask
from central.rules.progress import CaseMove, CaseState
from central.store.cases import CaseRow
from demo.album import kept_page
from demo.visits import PHONE
from demo.world import REGION
from hardware.twins.made_up_people import ELDER
from tests.contracts.until import until
from tests.visits.rig import TOLD_S, Rig
from wire.tokens import Receipt

pytestmark = [
    pytest.mark.threads_stay("the twins go on serving the terminal of the whole module"),
    pytest.mark.timeout(120),
]
OTHER_PHONE = "13987654321"


@pytest.fixture(scope="module")
def whole_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    rig = Rig(tmp_path_factory.mktemp("world"), screenless=True)
    yield rig
    rig.close()


@pytest.fixture
def rig(whole_module: Rig) -> Rig:
    whole_module.fresh()
    return whole_module


def stood(rig: Rig, case: str, *states: CaseState) -> CaseRow:
    """The case, once it stands so."""
    until(lambda: rig.case(case).state in states, TOLD_S)
    return rig.case(case)


def moved(rig: Rig, case: str, move: CaseMove, **more: Any) -> None:
    row = stood(rig, case, CaseState.RECEIVED, CaseState.CHECKED)
    done = casework.move(rig.world.central, row.region, case, move, who="wang", revision=row.revision, **more)
    assert isinstance(done, casework.Moved), done


@pytest.mark.parametrize(
    ("move", "word", "after"),
    [
        (CaseMove.RETURN, "补正", (CaseState.RECEIVED, CaseState.CHECKED)),
        (CaseMove.ASK, "补交", (CaseState.ACCEPTED,)),
    ],
    ids=["returned", "waiting"],
)
def test_what_is_asked_for_is_given_at_the_terminal_and_the_case_goes_on_under_its_number(
    rig: Rig, move: CaseMove, word: str, after: tuple[CaseState, ...]
) -> None:
    case = rig.visit.apply(ELDER)
    rig.visit.leave()
    moved(rig, case, move, asks=(Ask("contact.phone", "phone.unreachable"),))
    if rig.visit.look_up(ELDER)["page"] == "cases":
        rig.terminal.press(f"case:{case}")
    seen = rig.terminal.wait("case")
    assert seen["body"]["number"] == case
    assert word in seen["body"]["state"]
    assert any("联系不上" in line["text"] for line in seen["body"]["lines"])
    assert [one["id"] for one in rig.visit.amend()["fields"]] == ["contact.phone"]
    rig.terminal.type("contact.phone", OTHER_PHONE, erase=len(PHONE))
    assert rig.visit.hand_in() == case
    slip = rig.verified(rig.slip_code())
    assert isinstance(slip, Receipt)
    assert slip.case == case
    rig.terminal.press("home")
    rig.visit.leave()
    row = stood(rig, case, *after)
    assert row.answers["contact.phone"] == OTHER_PHONE
    assert row.answers["delivery.way"] == "cabinet", "what was not asked for stays as it was"
    assert row.flags == ()
    assert kept_page(rig.world.central, REGION, case), "the page that was signed first is kept"
    rig.told()


@pytest.mark.parametrize("way", [(), ("start", "home"), ("start", "home", "cases", "identify")], ids=len)
def test_a_slip_alone_shows_its_case_and_no_name(rig: Rig, way: tuple[str, ...]) -> None:
    for ask, page in zip(way[::2], way[1::2], strict=True):
        rig.terminal.press(ask)
        rig.terminal.wait(page)
    rig.visit.hold_code(rig.slip_code(), then="case")
    seen = rig.terminal.look()
    assert seen["person"] is None
    assert seen["body"]["number"] in str(rig.verified(rig.slip_code()))
    assert "amend" not in seen["asks"]
    rig.visit.leave()


def test_without_a_network_it_is_said_before_anybody_lays_a_card_down(rig: Rig) -> None:
    rig.world.gate.cut()
    rig.terminal.press("start")
    rig.terminal.wait("home", text="网络", within=TOLD_S)
    rig.terminal.press("cases")
    seen = rig.terminal.wait("trouble", text="cases.away")
    assert seen["person"] is None
    rig.world.gate.mend()
    rig.terminal.press("home")
    rig.terminal.wait("home")
    rig.visit.leave()
