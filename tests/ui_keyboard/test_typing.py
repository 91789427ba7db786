"""The typing test: what share of common names and of Shanghai's addresses stands on the first page of candidates.

A name is found when the whole of it is one touch, in a field for names. An address is typed as people do, piece by
piece (the district, then the road); it is found when every piece is one touch, in a field for any text. The first page
is the strip above the keys of a screen 1080 wide. The floors lie just under what was measured; the numbers are in
docs/performance.md.
"""

import pytest

from tests.ui_keyboard import words
from ui.keyboard.composer import MOST_CANDIDATES, Composer
from ui.keyboard.engine import PHRASES_AND_SENTENCES, Engine, SingleCharacters, open_engine
from ui.keyboard.pages import Fit, pages

NORMAL = Fit(room=802, glyph=34, padding=16, least=81, gap=8)
LARGE = Fit(room=802, glyph=48, padding=16, least=81, gap=8)
Words = tuple[tuple[str, str], ...]


@pytest.fixture(scope="module")
def engine() -> Engine:
    made_here = open_engine()
    assert made_here.status == PHRASES_AND_SENTENCES, "packages.apt has libgooglepinyin0"
    return made_here


def first_page(engine: Engine, letters: str, fit: Fit, name: str | None) -> list[str]:
    texts = [one.text for one in engine.candidates(letters, MOST_CANDIDATES, name=name)]
    return [cell.text for cell in pages(texts, fit, 1)[0]]


def missing(engine: Engine, wanted: Words, fit: Fit, name: str | None) -> list[str]:
    """Texts of which a piece is not on its first page."""
    return [
        text
        for letters, text in wanted
        if not all(
            piece in first_page(engine, typed, fit, name)
            for typed, piece in zip(letters.split(), text.split(), strict=True)
        )
    ]


@pytest.mark.parametrize(
    ("wanted", "fit", "floor"),
    [
        (words.COMMON_NAMES, NORMAL, 95),
        (words.COMMON_NAMES, LARGE, 92),
        (words.HELD_NAMES, NORMAL, 80),
        (words.HELD_NAMES, LARGE, 78),
        (words.NAMES + words.OTHER_NAMES, NORMAL, 91),
    ],
    ids=["common", "common-large", "held", "held-large", "earlier"],
)
def test_names_stand_on_the_first_page_of_a_name_field(engine: Engine, wanted: Words, fit: Fit, floor: float) -> None:
    missed = missing(engine, wanted, fit, "")
    share = 100 * (1 - len(missed) / len(wanted))
    assert share >= floor, f"{share:.0f} % of {len(wanted)} names; not {' '.join(missed)}"


@pytest.mark.parametrize(
    ("wanted", "fit", "floor"),
    [
        (words.COMMON_ADDRESSES, NORMAL, 96),
        (words.COMMON_ADDRESSES, LARGE, 96),
        (words.HELD_ADDRESSES, NORMAL, 88),
        (words.HELD_ADDRESSES, LARGE, 88),
        (words.ADDRESSES + words.OTHER_ADDRESSES, NORMAL, 92),
    ],
    ids=["common", "common-large", "held", "held-large", "earlier"],
)
def test_the_pieces_of_addresses_stand_on_their_first_pages(
    engine: Engine, wanted: Words, fit: Fit, floor: float
) -> None:
    missed = missing(engine, wanted, fit, None)
    share = 100 * (1 - len(missed) / len(wanted))
    assert share >= floor, f"{share:.0f} % of {len(wanted)} addresses; not {', '.join(missed)}"


def test_names_stand_first_without_the_library_too() -> None:
    """The table of names is our own."""
    assert not missing(SingleCharacters(), words.COMMON_NAMES[:4], NORMAL, "")


def typed(engine: Engine, letters: str, *wanted: str, names: bool = True) -> str:
    """Letters, then candidates of the first page one after the other."""
    composer = Composer(engine, names=names)
    for letter in letters:
        assert composer.type(letter)
    done = ""
    for text in wanted:
        offered = [one.text for one in composer.candidates]
        shown = [cell.text for cell in pages(offered, NORMAL, 1)[0]]
        assert text in shown, shown
        done = composer.pick(offered.index(text))
    assert not composer.active
    return done


@pytest.mark.parametrize(
    ("letters", "wanted"),
    [
        ("zhangwei", ("张伟",)),
        ("zhang", ("张",)),
        ("wei", ("魏",)),
        ("wei", ("伟",)),
        ("haoran", ("浩然",)),
        ("ouyangna", ("欧阳娜",)),
        ("ouyangxiuying", ("欧阳秀英",)),
        ("zhugeming", ("诸葛明",)),
        ("lian", ("李安",)),
        ("li'an", ("李安",)),
        ("shanxiaoping", ("单小平",)),
        ("zengli", ("曾丽",)),
    ],
)
def test_names_of_every_shape(engine: Engine, letters: str, wanted: tuple[str, ...]) -> None:
    assert typed(engine, letters, *wanted) == "".join(wanted)


def test_after_a_surname_given_names_are_offered(engine: Engine) -> None:
    offered = [one.text for one in engine.candidates("zihan", 12, name="侯")]
    assert offered[0] == "子涵"
    assert engine.candidates("wei", 1, name="张")[0].text in "伟威薇玮巍"
    assert engine.candidates("wei", 1, name="")[0].text == "魏"
    assert engine.candidates("ying", 1, name="张秀")[0].text in "英颖莹"


def test_a_rare_name_is_had_character_by_character(engine: Engine) -> None:
    for letters, wanted in (("caiyun", "蔡赟"), ("zhangyan", "张䶮"), ("maqianli", "马骞骊")):
        composer = Composer(engine, names=True)
        for letter in letters:
            composer.type(letter)
        text = ""
        for one in wanted:
            text = composer.pick([found.text for found in composer.candidates].index(one))
        assert text == wanted


def test_where_no_name_is_typed_words_come_first(engine: Engine) -> None:
    for letters, word in (("gaoxing", "高兴"), ("luxian", "路线"), ("gongyuan", "公园")):
        assert engine.candidates(letters, 1)[0].text == word
    assert engine.candidates("gaoxing", 1, name="")[0].text[0] == "高"


@pytest.mark.parametrize(
    ("letters", "wanted"),
    [
        ("minhangqulixinlu", "闵行区立新路"),
        ("huhanggonglu", "沪杭公路"),
        ("waiqingsonggonglu", "外青松公路"),
        ("shanghaidianshi", "上海电视"),
        ("zhangjiangzhen", "张江镇"),
    ],
)
def test_sentences_end_in_places_where_they_sound_like_one(engine: Engine, letters: str, wanted: str) -> None:
    assert wanted in first_page(engine, letters, NORMAL, None)
