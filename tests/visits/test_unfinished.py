"""A form left half-way and what was thought of the service, through the whole program: the card's bytes to the disk."""

import json
from collections.abc import Iterator

import pytest

from central.store import ratings
from demo.found import opened
from demo.visits import CARD, PHONE
from hardware.twins.made_up_people import ELDER, RARE_2, MadeUpPerson
from tests.contracts.until import until
from tests.offline_cache.test_drafts import rows
from tests.visits.rig import TOLD_S, Rig

pytestmark = [
    pytest.mark.threads_stay("the twins go on serving the terminal of the whole module"),
    pytest.mark.timeout(120),
]


@pytest.fixture(scope="module")
def whole_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    rig = Rig(tmp_path_factory.mktemp("world"), screenless=True)
    yield rig
    rig.close()


@pytest.fixture
def rig(whole_module: Rig) -> Rig:
    whole_module.fresh()
    return whole_module


def to_the_form(rig: Rig, person: MadeUpPerson = ELDER) -> str:
    """By card into the application; the page that then stands there."""
    rig.visit.choose(CARD)
    rig.visit.lay_card(person)
    return str(rig.terminal.wait("consent", "form")["page"])


def leave_half_way(rig: Rig) -> None:
    to_the_form(rig)
    rig.visit.agree()
    rig.terminal.wait("form")
    rig.terminal.type("contact.phone", PHONE)
    rig.terminal.press("leave")
    rig.terminal.wait("goodbye", text="24 小时")
    rig.visit.skip_goodbye()
    rig.terminal.wait("attract")


def test_the_same_card_brings_it_back_another_does_not_and_submitting_ends_it(rig: Rig) -> None:
    leave_half_way(rig)
    assert to_the_form(rig, RARE_2) == "consent"
    rig.visit.leave()
    rig.terminal.kill()
    rig.terminal.start()
    rig.terminal.wait("attract")
    assert to_the_form(rig) == "form"
    form = rig.terminal.look()["body"]
    assert form["note"]
    assert next(one["value"] for one in form["fields"] if one["id"] == "contact.phone") == PHONE
    rig.terminal.type("delivery.way", "到取件柜自取")
    rig.terminal.press("next")
    rig.visit.submit()
    rig.visit.take_slip()
    case = rig.case(str(rig.visit.result()["number"]))
    assert case.answers["contact.phone"] == PHONE
    assert case.flags == ()
    rig.visit.leave()
    until(lambda: rows(rig.world.store) == [], TOLD_S)
    assert to_the_form(rig) == "consent"


def test_one_touch_starts_anew(rig: Rig) -> None:
    leave_half_way(rig)
    assert to_the_form(rig) == "form"
    rig.terminal.press("anew")
    rig.terminal.wait("consent")
    rig.visit.leave()
    until(lambda: rows(rig.world.store) == [], TOLD_S)
    assert to_the_form(rig) == "consent"


def test_with_a_code_nothing_is_kept_nor_said(rig: Rig) -> None:
    rig.visit.choose(CARD)
    rig.visit.show_code(rig.world.code_of(ELDER))
    rig.visit.agree()
    rig.terminal.wait("form")
    rig.terminal.type("contact.phone", PHONE)
    rig.terminal.press("leave")
    goodbye = rig.terminal.wait("goodbye")
    assert "24" not in json.dumps(goodbye["body"])
    assert rows(rig.world.store) == []


def test_a_rating_reaches_central_once_and_without_its_person(rig: Rig) -> None:
    rig.visit.apply(ELDER)
    rig.visit.leave(rate="level:4")

    def counted() -> dict[int, int]:
        with opened(rig.world.central) as connection:
            return {level: n for row in ratings.rating_counts(connection) for level, n in row.levels.items()}

    until(lambda: counted() == {4: 1}, TOLD_S)
    rig.told()
    rig.visit.apply(ELDER)
    rig.visit.leave()  # skipped
    rig.told()
    assert counted() == {4: 1}
