"""Visit 4 with the address written by hand: an X server's pointer draws every stroke on the pad of the real window.

The strokes are those of `tests/ui_keyboard/strokes`, taken from another source than the shapes that the pad compares
with, and each is moved, stretched, slanted and shaken as a hand would. The person takes what is right among the first
five candidates; what is not there is a miss, wiped, and had by pinyin.
"""

from dataclasses import dataclass, field

import pytest

from demo.world import World
from tests.touch import application
from tests.touch.person import Person
from tests.touch.xscreen import MISSING
from tests.ui_keyboard.hands import OTHERS_HAND, SIZE, by_hand, known
from ui.keyboard.zinnia import Stroke

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"needs the packages {' '.join(MISSING)} (packages.apt)"),
    pytest.mark.timeout(300),
]
PHONE = "13916871687"
ADDRESS = "虹口区四川北路街道四川北路1318弄6号501室"
SOUNDS = dict(zip("虹口区四川北路街道弄号室", "hong kou qu si chuan bei lu jie dao nong hao shi".split(), strict=True))
OTHERS = "上市浦新江祖冲之王李徐静安普行宝山嘉松"
"""Written too, so that more than the address's characters have been; every one is wiped again."""
FIELD = "residence.address"
OFFERED = 5
HAND = 0
FIRST_FLOOR, FIVE_FLOOR = 0.85, 0.94  # measured 32 and 34 of 35, as without a window between


@dataclass
class Score:
    """Where the characters that were written stood among the candidates."""

    places: list[tuple[str, int]] = field(default_factory=list)

    def count(self, text: str, offered: list[str]) -> bool:
        """Note its place, OFFERED where it is further back or absent; whether it is among the first five."""
        place = offered.index(text) if text in offered[:OFFERED] else OFFERED
        self.places.append((text, place))
        return place < OFFERED

    def share(self, within: int) -> float:
        return sum(place < within for _, place in self.places) / len(self.places)

    def __str__(self) -> str:
        first, five = (sum(place < within for _, place in self.places) for within in (1, OFFERED))
        behind = " ".join(f"{text}{place + 1}" for text, place in self.places if place)
        return f"{len(self.places)} characters: {first} first, {five} among the first five ({behind or 'none behind'})"


def test_an_address_is_written_by_hand(world: World, person: Person) -> None:
    person.terminal.wait("attract")
    application.to_the_form(world, person)
    application.give_a_phone(person, PHONE)

    person.sees(FIELD, application.ON_THE_CARD)
    person.touch(field=FIELD)
    person.touch(name="清空")
    person.sees(FIELD, "")
    person.touch(name="手写")
    score = Score()
    for number, text in enumerate(OTHERS):
        score.count(text, person.write(swiftly(text), number % 2, SIZE))
        person.rewrite()
    write_the_address(person, score)
    person.touch(name="完成")

    case = application.to_the_end(world, person)
    application.central_has_it_once(world, case, PHONE, ADDRESS)
    print(score)  # noqa: T201
    assert len({text for text, _ in score.places}) >= 30
    assert {text for text, _ in score.places} <= known(OTHERS_HAND).keys()
    assert score.share(1) >= FIRST_FLOOR, score
    assert score.share(OFFERED) >= FIVE_FLOOR, score


def write_the_address(person: Person, score: Score) -> None:
    """Characters on the pad from cell to cell, digits on their own panel."""
    panel = "手写"
    for number, sign in enumerate(ADDRESS):
        before = person.value(FIELD)
        if sign.isdigit():
            panel = turn(person, panel, "数字")
            person.keys(FIELD, sign)
            continue
        panel = turn(person, panel, "手写")
        if score.count(sign, person.write(swiftly(sign), number % 2, SIZE)):
            person.touch(name=sign)
            person.sees(FIELD, before + sign)
        else:
            person.rewrite()
            panel = turn(person, panel, "拼音")
            person.spell(FIELD, SOUNDS[sign], sign)
    person.sees(FIELD, ADDRESS)
    person.picture("address")


def swiftly(text: str) -> list[Stroke]:
    """Written so fast that a panel reports every second point only."""
    return [[*stroke[:-1:2], stroke[-1]] for stroke in by_hand(text, HAND)]


def turn(person: Person, panel: str, wanted: str) -> str:
    if panel != wanted:
        person.touch(name=wanted)
    return wanted
