"""The pinyin engine: what it offers, what it leaves out, that it keeps nothing, what is there without its library."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui_keyboard.make_characters import made
from tests.ui_keyboard.words import ADDRESSES, NAMES
from ui.keyboard import google
from ui.keyboard.characters import COARSE, FILE, characters
from ui.keyboard.engine import CHARACTERS_ONLY, PHRASES_AND_SENTENCES, Engine, Sentences, SingleCharacters, open_engine
from ui.keyboard.google import GooglePinyin, NoLibrary
from ui.keyboard.names import FILE as NAMES_FILE
from ui.keyboard.pages import Fit, pages
from ui.keyboard.phrases import phrases
from ui.keyboard.roads import FILE as ROADS
from ui.keyboard.weights import read_tables

ROOT = Path(__file__).resolve().parents[2]
STRIP = Fit(room=802, glyph=34, padding=16, least=81, gap=8)  # normal type at 1080 pixels
ENGINES = (open_engine(), SingleCharacters())
LETTERS = st.text("abcdefghijklmnopqrstuvwxyz'", max_size=60)


@pytest.fixture(scope="module")
def engine() -> Engine:
    made_here = open_engine()
    assert made_here.status == PHRASES_AND_SENTENCES, "packages.apt has libgooglepinyin0"
    return made_here


def test_a_sentence_is_taken_piece_by_piece(engine: Engine) -> None:
    found = {one.text: one.consumed for one in engine.candidates("shanghaishiyangpuqu", 40)}
    assert found["上海市杨浦区"] == 19
    assert found["上海市"] == 11
    assert found["上海"] == 8
    assert found["上"] == 5


@pytest.mark.parametrize(
    ("letters", "wanted"),
    [
        ("xuhuiqudaxuelu", "徐汇区大学路"),
        ("zhongguoshanghaishi", "中国上海市"),
        ("womenzhuzaiyangpuqu", "我们住在杨浦区"),
    ],
)
def test_a_sentence_keeps_its_order_around_a_known_place(engine: Engine, letters: str, wanted: str) -> None:
    assert engine.candidates(letters, 1)[0].text == wanted


def test_rare_characters_begin_with_those_the_library_has_nowhere() -> None:
    engine = ENGINES[0]
    assert isinstance(engine, Sentences)
    for syllable in ("yun", "yan", "di", "lu"):
        elsewhere = [one.text in engine._held for one in engine.rare(syllable, 2_000)]
        assert elsewhere == sorted(elsewhere)
        assert True in elsewhere


def test_an_apostrophe_parts_syllables(engine: Engine) -> None:
    assert engine.split("xi'an") == (0, 3, 5)
    assert engine.candidates("xi'an", 1)[0].text == "西安"
    assert engine.candidates("xi'an", 99)[-1].consumed == 3


@pytest.mark.parametrize(
    ("syllable", "character"),
    [
        ("yun", "赟"),
        ("jie", "㛃"),
        ("yan", "䶮"),
        ("di", "𬱖"),
        ("hong", "𬭎"),
        ("fu", "𫖯"),
        ("yin", "𬘡"),
        ("zhe", "喆"),
    ],
)
def test_rare_characters_are_offered_once_by_their_syllable(engine: Engine, syllable: str, character: str) -> None:
    offered = [one.text for one in engine.candidates(syllable, 2_000)]
    assert offered.count(character) == 1
    rare = [one.text for one in engine.rare(syllable, 60)]
    assert character == "喆" or character in rare, "not on the first page of rare characters"
    assert not set(rare) & set(GooglePinyin.open().search(syllable, 1_200).texts)


def test_coarse_characters_are_not_offered(engine: Engine) -> None:
    for syllable in ("cao", "bi", "diao", "kao", "cai"):
        offered = [one.text for one in (*engine.candidates(syllable, 2_000), *engine.rare(syllable, 2_000))]
        assert not COARSE.intersection("".join(offered))


@given(LETTERS)
def test_any_letters_are_answered_within_themselves(letters: str) -> None:
    for engine in ENGINES:
        starts = engine.split(letters)
        assert list(starts) == sorted(set(starts))
        assert starts[0] == 0
        assert starts[-1] <= len(letters)
        in_name = partial(engine.candidates, name=""), partial(engine.candidates, name="欧阳")
        for ask in (engine.candidates, engine.rare, *in_name):
            found = ask(letters, 50)
            assert len(found) <= 50
            assert len({one.text for one in found}) == len(found)
            for one in found:
                assert 0 < one.consumed <= starts[-1]
                assert engine.status == CHARACTERS_ONLY or one.consumed in (*starts, len(letters))
                assert one.text


def test_an_answer_depends_on_nothing_asked_before(engine: Engine) -> None:
    before = engine.candidates("lixiaoming", 240)
    for letters, wanted in (*NAMES, *ADDRESSES):
        engine.candidates(letters, 240)
        engine.candidates(letters[: len(wanted)], 1)
    assert engine.candidates("lixiaoming", 240) == before


KEEPS_NOTHING = """
import os, resource, signal
from pathlib import Path
from ui.keyboard.engine import open_engine
from ui.keyboard.facade import Keyboard
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # a single byte into any file ends this program
def opened():
    for name in os.listdir("/proc/self/fd"):
        try:
            flags = next(l for l in Path(f"/proc/self/fdinfo/{name}").read_text().splitlines() if l.startswith("flags"))
        except FileNotFoundError:
            continue
        target = Path(f"/proc/self/fd/{name}").resolve()
        if target.is_file() and int(flags.split()[1], 8) & 3:
            yield str(target)
first = open_engine().candidates("lixiaoming", 240)
board = Keyboard(open_engine(), {})
told = []
board.committed.connect(told.append)
board.measure(802.0, 1060.0, 34.0, 16.0, 81.0, 8.0)
board.open("pinyin", "zh")
for _ in range(20):
    for letter in "lixiaoming":
        board.key(letter)
    at = next(n for n, one in enumerate(open_engine().candidates("lixiaoming", 240)) if one.text == "李晓")
    board.pick(at)
    at = next(n for n, one in enumerate(open_engine().candidates("ming", 240)) if one.text == "明")
    board.pick(at)
assert told == ["李晓明"] * 20, told
assert open_engine().candidates("lixiaoming", 240) == first, "learnt"
assert list(opened()) == [], list(opened())
print("kept nothing")
"""


def test_nothing_is_learnt_and_no_file_is_written(tmp_path: Path) -> None:
    """In a process that would die of its first written byte, with an empty home that stays empty."""
    dictionary = google.dictionary()
    before = dictionary.stat().st_mtime_ns, dictionary.read_bytes()
    run = subprocess.run(
        [sys.executable, "-B", "-c", KEEPS_NOTHING],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "TMPDIR": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert (run.returncode, run.stdout.strip()) == (0, "kept nothing"), run.stderr
    assert list(tmp_path.iterdir()) == []
    assert (dictionary.stat().st_mtime_ns, dictionary.read_bytes()) == before


def test_nothing_that_learns_is_ever_called() -> None:
    called = {
        node.attr if isinstance(node, ast.Attribute) else str(node.value)
        for node in ast.walk(ast.parse(Path(google.__file__).read_text("utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr.startswith("im_"))
        or (isinstance(node, ast.Constant) and str(node.value).startswith("im_"))
    }
    assert called == {
        "im_open_decoder",
        "im_set_max_lens",
        "im_reset_search",
        "im_search",
        "im_get_candidate",
        "im_get_spl_start_pos",
    }


def test_what_is_typed_shows_in_no_repr(engine: Engine) -> None:
    assert "张" not in repr(engine.candidates("zhangwei", 5))


@pytest.fixture
def opened_again() -> Iterator[None]:
    """The library's state is the process's own: afterwards it is opened as it was."""
    google._opened.cache_clear()
    yield
    google._opened.cache_clear()
    GooglePinyin.open()


@pytest.mark.parametrize("missing", ["library", "dictionary", "damaged"])
def test_without_the_library_there_are_single_characters(
    opened_again: None, missing: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if missing == "library":
        monkeypatch.setattr(google, "LIBRARY", "libgooglepinyin-that-is-not-here.so.0")
    elif missing == "dictionary":
        monkeypatch.setattr(google, "DICTIONARY", "googlepinyin/data/not-here.dat")
    else:
        damaged = tmp_path / "dict_pinyin.dat"
        damaged.write_bytes(b"\x00" * 64)
        monkeypatch.setattr(google, "dictionary", lambda: damaged)
    with pytest.raises(NoLibrary):
        GooglePinyin.open()
    engine = open_engine()
    assert engine.status == CHARACTERS_ONLY
    assert engine.candidates("zhangwei", 8)[0].consumed == 5
    assert "张" in [one.text for one in engine.candidates("zhangwei", 8)]
    assert "赟" in [one.text for one in engine.candidates("yun", 240)]
    assert engine.candidates("iu", 8) == []


def test_every_name_and_address_can_be_typed_without_the_library() -> None:
    engine = SingleCharacters()
    for letters, wanted in (*NAMES, *ADDRESSES):
        left = letters
        for character in wanted:
            one = next(one for one in engine.candidates(left, 1_000) if one.text == character)
            left = left[one.consumed :]
        assert left == ""


@pytest.mark.parametrize(
    ("letters", "starts"),
    [("xian", (0, 4)), ("xi'an", (0, 3, 5)), ("lvyou", (0, 2, 5)), ("nve", (0, 3)), ("fangan", (0, 4, 6)), ("ix", (0,)),
     ("shanghaishi", (0, 5, 8, 11)), ("", (0,))],
)  # fmt: skip
def test_syllables_are_split_without_the_library(letters: str, starts: tuple[int, ...]) -> None:
    assert characters().split(letters) == starts


def test_the_table_of_characters_is_what_its_maker_makes() -> None:
    assert FILE.read_text("utf-8") == made()


def test_every_phrase_is_offered_by_its_own_letters(engine: Engine) -> None:
    known = phrases()
    for syllables, texts in known._texts.items():
        assert all(len(text) == len(syllables) for text in texts)
        assert all(characters().of(syllable) for syllable in syllables), syllables
        for text in texts:
            assert all(one in characters().of(s) for one, s in zip(text, syllables, strict=True)), text
            offered = [one.text for one in engine.candidates("'".join(syllables), 60)]
            assert text in offered


def test_every_text_of_the_tables_is_read_as_its_letters_say() -> None:
    """Names: characters of what Chinese is written in; roads: each character is one of its syllable."""
    for title, table in read_tables(ROADS).items():
        for sound in table.lines:
            syllables = sound.split("'")
            for text, worth in table.of(sound):
                assert len(text) == len(syllables), (title, sound, text)
                assert all(one in characters().of(s) for one, s in zip(text, syllables, strict=True)), (sound, text)
                assert worth <= 0
    for file in (ROADS, NAMES_FILE):
        assert not COARSE.intersection(file.read_text("utf-8"))
    for table in read_tables(NAMES_FILE).values():
        for sound in table.lines:
            found = table.of(sound)
            assert [worth for _, worth in found] == sorted((worth for _, worth in found), reverse=True)
            assert all(len(text) in (1, 2) and worth <= 0 for text, worth in found)


@given(st.lists(st.text("上海ab", min_size=1, max_size=30), max_size=60), st.integers(1, 5))
def test_every_candidate_stands_on_one_page_in_its_row(texts: list[str], rows: int) -> None:
    laid = pages(texts, STRIP, rows)
    assert [cell.number for page in laid for cell in page] == list(range(len(texts)))
    for page in laid:
        assert page
        assert {cell.row for cell in page} == set(range(page[-1].row + 1))
        assert page[-1].row < rows
        for one, two in pairwise(page):
            assert one.row < two.row or one.left + one.width + STRIP.gap <= two.left
        assert all(cell.left + cell.width <= STRIP.room and cell.width >= STRIP.least for cell in page)


def test_no_room_no_pages() -> None:
    assert pages(["上海"], Fit(), 1) == []
