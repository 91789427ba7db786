"""Every sentence there must be is there, in both languages, and every one that the program says exists."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.answers import AnswerFault
from catalogue.loader import load
from catalogue.model import Block, Need
from hardware.api.id_card import CardProblem
from hardware.api.status import Fault
from kiosk.ports import CodeFault, StoreRefused
from kiosk.words import NoSuchSentence, Words, WordsMistakes

ROOT = Path(__file__).parents[2]
WORDS = Words.load(ROOT / "assets" / "i18n")
HAN = re.compile(r"[\u3400-\u9fff]")

FAULTS = [str(word.value) for words in (Fault, CardProblem, CodeFault, StoreRefused) for word in words]
OF_JOURNEYS = ["card.number", "card.expired", "card.not_yet_valid", "pickup.short", "record.nothing",
               "record.unavailable", "pages.failed", "pages.unknown"]  # fmt: skip
NOT_OURS = {"随申办", "咔", "信件"}  # an app, a sound, and a list of the office: nothing that is touched here
BILINGUAL = {"app.name", "app.other_language", "head.language", "screen.other_language"}


@pytest.mark.parametrize("word", FAULTS + OF_JOURNEYS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_fault_is_told_to_the_citizen_with_what_can_be_done(word: str, language: str) -> None:
    title, do = WORDS.fault(word, language)
    assert title
    assert do
    assert title != do


def test_answers_blocks_and_needs_have_their_sentences() -> None:
    field = load(ROOT / "assets" / "catalogue").field("contact.phone")
    for language in ("zh", "en"):
        for fault in AnswerFault:
            assert WORDS.answer(field, fault.value, language)
    assert WORDS.answer(field, "answer.too_long", "zh") == "最多 11 个字"
    for block in Block:
        assert WORDS.has(f"home.block.{block.value}.label")
    for need in Need:
        assert WORDS.has(f"item.reason.{need.value}")
    assert WORDS.has("item.reason.page_printer_paper")
    assert WORDS.has("item.reason.slip_printer_paper")


@pytest.mark.parametrize("key", sorted(WORDS.sentences))
def test_a_sentence_is_in_its_language_and_blames_nobody(key: str) -> None:
    sentence = WORDS.sentence(key)
    if key not in BILINGUAL and not key.startswith("attract."):
        assert not HAN.search(sentence.en), "Chinese in the English sentence"
        bare = re.sub(r"\{[a-z_]+\}|[^\w]", "", sentence.zh)
        assert not bare or HAN.search(bare) or not re.search(r"[A-Za-z]{3}", bare), "English in the Chinese sentence"
    assert not re.search(r"失败|错误|非法|无效|禁止|您必须", sentence.zh), "a kind clerk says it otherwise"
    assert not re.search(r"\b(failed|error|invalid|illegal|must not|wrong input)\b", sentence.en, re.IGNORECASE)
    assert len(sentence.zh) <= 80
    assert len(sentence.en) <= 160


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_sentence_names_in_quotes_is_written_so_where_it_is_touched(language: str) -> None:
    shown = {getattr(WORDS.sentence(key), language) for key in WORDS.sentences} | NOT_OURS
    named = {
        (key, name)
        for key in WORDS.sentences
        for name in re.findall(r"“([^”{]+)”", getattr(WORDS.sentence(key), language))
    }
    assert len(named) >= 5
    assert {(key, name) for key, name in named if name not in shown} == set()


def _said() -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """(file, key, parameters) of every `say("…")` with a plain key; parameters None when they are not plain."""
    for path in sorted((ROOT / "kiosk").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            key = node.args[0]
            if name == "say" and isinstance(key, ast.Constant) and isinstance(key.value, str) and "." in key.value:
                plain = all(keyword.arg for keyword in node.keywords)
                given = frozenset(keyword.arg or "" for keyword in node.keywords) - {"language"}
                yield str(path.relative_to(ROOT)), key.value, given if plain else None


def test_everything_the_mind_says_exists_with_the_parameters_it_is_given() -> None:
    wrong = [
        f"{file}: {key}"
        for file, key, parameters in _said()
        if not WORDS.has(key) or (parameters is not None and parameters != WORDS.sentence(key).parameters)
    ]
    assert wrong == []


def test_a_sentence_is_filled_in() -> None:
    assert WORDS.say("time.minutes", "zh", minutes=2) == "约 2 分钟"
    assert WORDS.say("door.open.title", "en", door=7, what="a permit") == "Door 7 is open. Please take out: a permit"


@given(st.text(max_size=20))
def test_what_is_filled_in_is_never_read_as_a_parameter(what: str) -> None:
    assert WORDS.say("door.open.title", "zh", door="{what}", what=what) == f"{{what}} 号门开了，请取出{what}"


@pytest.mark.parametrize(
    ("key", "language", "parameters"),
    [
        ("time.minuts", "zh", {}),
        ("time.minutes", "zh", {}),
        ("time.minutes", "zh", {"minutes": 1, "hours": 2}),
        ("time.minutes", "fr", {"minutes": 1}),
    ],
)
def test_a_sentence_that_does_not_fit_is_our_bug(key: str, language: str, parameters: dict[str, int]) -> None:
    with pytest.raises(NoSuchSentence):
        WORDS.say(key, language, **parameters)


def test_a_mistyped_key_comes_with_a_near_one() -> None:
    with pytest.raises(NoSuchSentence, match=r"time\.minutes"):
        WORDS.say("time.minuts", "zh")


def test_all_mistakes_of_all_files_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "a:\n  b: {zh: 一}\n  c: {zh: 一, en: ''}\n  d: {zh: '{x}', en: '{y}'}\n  e: {zh: 一, en: '{ x'}\n"
        "  f: {zh: 待定, en: A}\n  g: text\n  h: {zh: 一, en: A}\n",
        "utf-8",
    )
    (tmp_path / "b.yaml").write_text("a:\n  h: {zh: 一, en: A}\n", "utf-8")
    (tmp_path / "c.yaml").write_text("a: [\n", "utf-8")
    with pytest.raises(WordsMistakes) as told:
        Words.load(tmp_path)
    assert [(m.file, m.line, m.where) for m in told.value.mistakes] == [
        ("a.yaml", 2, "a.b"),
        ("a.yaml", 3, "a.c"),
        ("a.yaml", 4, "a.d"),
        ("a.yaml", 5, "a.e"),
        ("a.yaml", 6, "a.f"),
        ("a.yaml", 7, "a.g"),
        ("b.yaml", 2, "a.h"),
        ("c.yaml", 2, ""),
    ]


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(WordsMistakes):
        Words.load(tmp_path)
