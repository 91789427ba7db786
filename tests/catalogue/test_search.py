"""What people write, and what is found: a table of queries over the shipped items."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.loader import load
from catalogue.search import LONGEST, Found, Index, fold, index, search
from ui.keyboard.characters import characters

CATALOGUE = load(Path(__file__).parents[2] / "assets" / "catalogue")
INDEX = index(CATALOGUE.items, CATALOGUE.home.life, characters().readings())
CARD, PROOF, PERMIT = "jinglaoka", "shebao-proof", "juzhuzheng-pickup"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("敬老卡", CARD), ("敬", CARD), ("老人卡", CARD), ("老年证", CARD), ("公交卡", CARD), ("老人乘车的卡", CARD),
        ("jlk", CARD), ("JLK", CARD), ("jinglaoka", CARD), ("jing lao", CARD), ("jingl", CARD), ("nianka", CARD),
        ("senior", CARD), ("bus card", CARD), ("Ｓｅｎｉｏｒ card", CARD),
        ("社保", PROOF), ("交金", PROOF), ("四金", PROOF), ("shebao", PROOF), ("sb", PROOF), ("pension", PROOF),
        ("我要打印社保", PROOF), ("缴费证明", PROOF),
        ("居住证", PERMIT), ("取件", PERMIT), ("qj", PERMIT), ("juzhuzheng", PERMIT), ("collect a permit", PERMIT),
        ("pickup", PERMIT), ("领证", PERMIT),
    ],
)  # fmt: skip
def test_what_people_write_finds_the_item(query: str, first: str) -> None:
    assert search(INDEX, query).items[:1] == (first,)


@pytest.mark.parametrize(
    ("query", "event"), [("护照", "abroad"), ("结婚", "marriage"), ("passport", "abroad"), ("医保", "medical")]
)
def test_what_is_not_done_here_finds_where_it_is(query: str, event: str) -> None:
    assert search(INDEX, query) == Found((), (event,))


@pytest.mark.parametrize("query", ["", "  ", "?!", "xyzzy", "养猫许可", "qqq", "🙂"])
def test_nothing_is_found_rather_than_anything(query: str) -> None:
    assert search(INDEX, query) == Found()


def test_every_character_that_names_an_item_can_be_read() -> None:
    names = "".join(item.title.zh + "".join(item.also) for item in CATALOGUE.items)
    read = characters().readings()
    assert {c for c in names if "\u4e00" <= c <= "\u9fff"} <= read.keys()


@given(st.text(max_size=LONGEST * 2))
def test_any_text_may_be_searched(query: str) -> None:
    found = search(INDEX, query)
    assert set(found.items) <= set(CATALOGUE.codes)
    assert len(set(found.items)) == len(found.items)


@given(st.sampled_from([*[i.title.zh for i in CATALOGUE.items], *[w for i in CATALOGUE.items for w in i.also]]))
def test_every_name_finds_its_item_first_and_its_beginning_finds_it_too(name: str) -> None:
    wanted = {i.code for i in CATALOGUE.items if fold(name) in map(fold, (i.title.zh, *i.also))}
    assert search(INDEX, name).items[0] in wanted
    assert wanted & set(search(INDEX, name[:2]).items)


def test_an_empty_catalogue_is_searched_too() -> None:
    assert search(Index(), "敬老卡") == Found()
