"""Words that stand ready in an address field: they follow, or complete, what stands before the caret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.keyboard.addresses import CITY, DISTRICTS, MOST, STREET_ENDS, districts, roads, suggestions
from ui.keyboard.engine import SingleCharacters
from ui.keyboard.facade import Keyboard


def texts(before: str) -> list[str]:
    return [word.text for word in suggestions(before)]


def test_all_sixteen_districts_with_their_subdistricts_and_towns() -> None:
    assert len(districts()) == 16
    assert {name: len(streets) for name, streets in districts().items()}["浦东新区"] == 36
    for name, streets in districts().items():
        assert name.endswith("区")
        assert all(street.endswith(STREET_ENDS) for street in streets)
        assert len(set(streets)) == len(streets)
    assert len(DISTRICTS.split()) == 16 + sum(map(len, districts().values()))


@pytest.mark.parametrize(
    ("before", "first"),
    [
        ("", ["上海市", "浦东新区"]),
        ("上海市", ["浦东新区", "黄浦区"]),
        ("上海市杨浦区", ["定海路街道", "平凉路街道"]),
        ("杨浦区", ["定海路街道"]),
        ("浦东新区张江镇", ["路"]),
        ("浦东新区张江镇祖冲之路", ["弄", "号"]),
        ("浦东新区张江镇祖冲之路1687", ["弄", "号", "室"]),
        ("浦东新区张江镇祖冲之路1687弄5号", ["室"]),
        ("江苏省南京市玄武区", ["路"]),
    ],
)
def test_what_may_come_next(before: str, first: list[str]) -> None:
    assert texts(before)[: len(first)] == first


@pytest.mark.parametrize(
    ("before", "text", "rest"),
    [
        ("上", "上海市", "海市"),
        ("上海市浦", "浦东新区", "东新区"),
        ("杨", "杨浦区", "浦区"),
        ("浦东新区张", "张江镇", "江镇"),
        ("浦东新区张江镇祖", "祖冲之路", "冲之路"),
    ],
)
def test_what_is_begun_is_completed(before: str, text: str, rest: str) -> None:
    assert [(word.text, word.rest) for word in suggestions(before) if word.text == text] == [(text, rest)]


NAMES = sorted({CITY, *districts(), *roads(), *(street for streets in districts().values() for street in streets)})


@given(st.lists(st.sampled_from([*NAMES, "1", "弄", "号", "南京", "祖"]), max_size=4), st.integers(0, 6))
def test_whatever_stands_there_is_only_added_to(parts: list[str], cut: int) -> None:
    whole = "".join(parts)
    before = whole[: len(whole) - cut] if cut else whole
    found = suggestions(before)
    assert 0 < len(found) <= MOST
    assert len({word.text for word in found}) == len(found)
    for word in found:
        assert word.rest
        assert (before + word.rest).endswith(word.text)


def test_a_word_that_stands_ready_is_let_go_by_one_touch_and_the_next_ones_come() -> None:
    board = Keyboard(SingleCharacters(), {})
    said: list[str] = []
    board.committed.connect(said.append)
    board.measure(800.0, 1060.0, 34.0, 16.0, 81.0, 8.0)
    board.open("address", "zh")
    board.stand("上海市浦")
    assert board.property("ready")[0]["text"] == "浦东新区"
    board.pick(0)
    board.stand("上海市浦东新区")
    assert said == ["东新区"]
    assert board.property("quick")[0] == "潍坊新村街道"
    board.key("z")
    board.key("u")
    assert (board.property("ready"), bool(board.property("cells"))) == ([], True)
    board.reset()
    assert board.property("quick") == []


def test_other_fields_have_none() -> None:
    board = Keyboard(SingleCharacters(), {})
    board.measure(800.0, 1060.0, 34.0, 16.0, 81.0, 8.0)
    for kind in ("pinyin", "english", "id", "phone"):
        board.open(kind, "zh")
        board.stand("上海市")
        assert (board.property("suggesting"), board.property("quick"), board.property("ready")) == (False, [], [])
