"""The composition and the facade over it: walked at random, nothing typed is lost or doubled, nothing stays."""

from itertools import pairwise
from string import ascii_lowercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ui.keyboard.composer import Composer
from ui.keyboard.engine import MOST_LETTERS, SingleCharacters, open_engine
from ui.keyboard.facade import KINDS, LABELS, Keyboard, labels

ENGINES = (open_engine(), SingleCharacters())
KEYS = "abcdefghijklmnopqrstuvwxyz' 19-，"


class Composing(RuleBasedStateMachine):
    """A model keeps the letters; whatever is done, the composition stands for just these."""

    @initialize(which=st.sampled_from(ENGINES), names=st.booleans())
    def begin(self, which: object, names: bool) -> None:
        self.composer = Composer(which, names=names)  # type: ignore[arg-type]
        self.letters = ""  # typed since the composition began
        self.choices: list[tuple[str, int]] = []  # text, letters it took

    def left(self) -> str:
        return self.letters[sum(took for _, took in self.choices) :]

    @rule(letter=st.sampled_from("aeiounghszxl'1A张"))
    def type(self, letter: str) -> None:
        fits = len(self.letters) < MOST_LETTERS and (
            letter in ascii_lowercase or (letter == "'" and self.left()[-1:] not in ("", "'"))
        )
        assert self.composer.type(letter) == fits
        if fits:
            self.letters += letter

    @rule(text=st.sampled_from(["shanghaishi", "xian", "lixiaoming", "yun"]))
    def write(self, text: str) -> None:
        for letter in text:
            self.type(letter)

    @rule(index=st.integers(-2, 300))
    def pick(self, index: int) -> None:
        offered = self.composer.candidates
        text = self.composer.pick(index)
        if not 0 <= index < len(offered):
            assert text == ""
            return
        self.choices.append((offered[index].text, offered[index].consumed))
        if self.left():
            assert text == ""
        else:
            assert text == "".join(one for one, _ in self.choices)
            self.letters, self.choices = "", []

    @rule()
    def erase(self) -> None:
        assert self.composer.erase() == bool(self.letters)
        if self.choices:
            self.choices.pop()
        else:
            self.letters = self.letters[:-1]

    @precondition(lambda self: self.letters)
    @rule()
    def take(self) -> None:
        chosen = "".join(one for one, _ in self.choices)
        text = self.composer.take()
        assert text.startswith(chosen)
        assert len(text) > len(chosen)
        self.letters, self.choices = "", []

    @rule(on=st.booleans())
    def show_rare(self, on: bool) -> None:
        self.composer.show_rare(on)

    @rule()
    def clear(self) -> None:
        self.composer.clear()
        self.letters, self.choices = "", []

    @invariant()
    def stands_for_what_was_typed(self) -> None:
        if not hasattr(self, "composer"):
            return
        assert self.composer.letters == self.left()
        assert self.composer.chosen == "".join(one for one, _ in self.choices)
        assert self.composer.active == bool(self.letters)
        assert self.composer.spelled.replace(" ", "") == self.left()


TestComposing = Composing.TestCase
TestComposing.settings = settings(max_examples=60, stateful_step_count=30)


class Field:
    """A field that does what the keyboard tells."""

    def __init__(self, kind: str = "address", language: str = "zh") -> None:
        self.text = ""
        self.done = 0
        self.board = Keyboard(ENGINES[0], {"zh": {"done": "完成"}, "en": {"done": "Done"}})
        self.board.committed.connect(self._put)
        self.board.erased.connect(self._erase)
        self.board.cleared.connect(self._clear)
        self.board.done_requested.connect(self._finish)
        self.board.measure(802.0, 1060.0, 34.0, 16.0, 81.0, 8.0)
        self.board.open(kind, language)

    def _put(self, text: str) -> None:
        self.text += text

    def _erase(self) -> None:
        self.text = self.text[:-1]

    def _clear(self) -> None:
        self.text = ""

    def _finish(self) -> None:
        self.done += 1

    def keys(self, text: str) -> None:
        for one in text:
            self.board.key(one)

    def pick(self, text: str) -> None:
        at = next(cell for cell in self.board.property("cells") if cell["text"] == text)
        self.board.pick(at["number"])


def test_an_address_is_picked_in_pieces_and_goes_on_with_digits() -> None:
    field = Field()
    field.keys("shanghaishiyangpuqu")
    field.pick("上海市")
    assert (field.text, field.board.property("chosen"), field.board.property("letters")) == ("", "上海市", "yang pu qu")
    field.board.pick(0)
    assert field.text == "上海市杨浦区"
    field.keys("changyanglu")
    field.keys("1687")
    assert field.text == "上海市杨浦区长阳路1687"
    field.board.key("弄")
    field.keys("5")
    field.board.key("号")
    assert field.text == "上海市杨浦区长阳路1687弄5号"


def test_space_takes_the_first_and_types_a_space_where_nothing_waits() -> None:
    field = Field()
    field.keys("nihao ")
    assert field.text == "你好"
    field.keys(" ")
    assert field.text == "你好 "


def test_done_and_another_panel_lose_nothing_that_waits() -> None:
    field = Field()
    field.keys("changyanglu")
    field.board.switchPanel("digits")
    assert (field.text, field.board.property("panel")) == ("长阳路", "digits")
    field.board.switchPanel("pinyin")
    field.keys("iu")
    field.board.done()
    assert (field.text, field.done) == ("长阳路iu", 0)  # to be seen before the field is left
    field.board.done()
    assert (field.text, field.done) == ("长阳路iu", 1)


def test_delete_undoes_the_choice_then_letters_then_the_field() -> None:
    field = Field()
    field.keys("1")
    field.keys("shanghaishiqu")
    field.pick("上海市")
    field.board.backspace()
    assert field.board.property("letters") == "shang hai shi qu"
    for _ in "shanghaishiqu":
        field.board.backspace()
    assert (field.board.property("composing"), field.text) == (False, "1")
    field.board.backspace()
    assert field.text == ""


def test_clear_empties_the_composition_first_and_then_the_field() -> None:
    field = Field()
    field.keys("1shang")
    field.board.clear()
    assert (field.text, field.board.property("composing")) == ("1", False)
    field.board.clear()
    assert field.text == ""


def test_no_more_letters_fit_and_none_is_lost() -> None:
    field = Field()
    field.keys("shang" * 20)
    assert len(field.board.property("letters").replace(" ", "")) == MOST_LETTERS
    field.board.done()
    assert field.text.startswith("上")
    assert field.board.property("composing") is False


def test_pages_hold_every_candidate_once() -> None:
    field = Field("pinyin")
    field.keys("yun")
    for expanded in (False, True):
        if expanded:
            field.board.expand()
        seen: list[str] = []
        while True:
            seen += [cell["text"] for cell in field.board.property("cells")]
            if not field.board.property("after"):
                break
            field.board.pageAfter()
        assert seen == [one.text for one in ENGINES[0].candidates("yun", 240)]
        while field.board.property("before"):
            field.board.pageBefore()
        assert field.board.property("cells")[0]["text"] == seen[0]


def test_rare_characters_are_shown_by_themselves_and_picked() -> None:
    field = Field("pinyin")
    field.keys("chen")
    field.pick("陈")
    field.keys("yan")
    field.board.expand()
    field.board.showRare()
    assert field.board.property("rare") is True
    field.pick("䶮")
    assert field.text == "陈䶮"
    assert field.board.property("expanded") is False


@pytest.mark.parametrize(
    ("kind", "language", "panel", "panels", "extra"),
    [
        ("address", "zh", "pinyin", ["pinyin", "english", "digits"], ""),
        ("pinyin", "en", "english", ["pinyin", "english", "digits"], ""),
        ("name", "zh", "pinyin", ["pinyin", "english", "digits"], ""),
        ("english", "zh", "english", ["english", "digits"], ""),
        ("phone", "en", "digits", ["digits"], ""),
        ("id", "zh", "digits", ["digits"], "X"),
        ("date", "zh", "digits", ["digits"], "-"),
        ("something new", "zh", "english", ["english", "digits"], ""),
    ],
)
def test_each_kind_of_field_has_its_panels(kind: str, language: str, panel: str, panels: list[str], extra: str) -> None:
    board = Field(kind, language).board
    assert [board.property(name) for name in ("panel", "panels", "extra")] == [panel, panels, extra]


def test_names_come_first_in_a_field_for_them_and_only_there() -> None:
    field = Field()

    def first(kind: str, letters: str) -> str:
        field.board.open(kind, "zh")
        field.keys(letters)
        return str(field.board.property("cells")[0]["text"])

    assert first("name", "zhangwei") == "张伟"
    for letters, name, word in (("lijing", "李静", "历经"), ("zhengming", "郑明", "证明")):
        found = [first(kind, letters) for kind in ("name", "pinyin", "name", "address")]
        assert found == [name, word, name, word]
    field.board.reset()
    assert first("pinyin", "lijing") == "历经"


def test_capitals_come_as_capitals_and_a_panel_that_is_not_there_is_not_shown() -> None:
    field = Field("english")
    field.board.shift()
    field.keys("ab")
    field.board.shift()
    field.keys("c1")
    field.board.switchPanel("pinyin")
    assert (field.text, field.board.property("panel")) == ("ABc1", "english")


def test_the_words_follow_the_language() -> None:
    board = Field().board
    assert board.property("words") == {"done": "完成"}
    board.open("address", "en")
    assert board.property("words") == {"done": "Done"}
    assert labels({"zh": {f"{LABELS}done": "完成", "foot.back": "上一步"}}) == {"zh": {"done": "完成"}}


def test_reset_forgets_everything() -> None:
    field = Field()
    field.keys("lixiaomingshanghai")
    field.board.pick(4)
    field.board.expand()
    field.board.reset()
    assert field.text == ""
    told = [field.board.property(name) for name in ("letters", "chosen", "cells", "composing", "expanded", "quick")]
    assert told == ["", "", [], False, False, []]
    held = [value for value in vars(field.board._composer).values() if isinstance(value, str | list)]
    assert not any(held)


TOUCHES = st.one_of(
    st.tuples(st.just("key"), st.sampled_from(KEYS)),
    st.tuples(st.just("pick"), st.integers(-1, 40)),
    st.tuples(st.just("switchPanel"), st.sampled_from(["pinyin", "english", "digits", "?"])),
    st.tuples(st.sampled_from(["backspace", "clear", "done", "shift"])),
    st.tuples(st.sampled_from(["expand", "showRare", "pageAfter", "pageBefore"])),
)


@given(st.sampled_from(sorted(KINDS)), st.lists(TOUCHES, max_size=40))
@settings(max_examples=60)
def test_any_touches_are_survived_and_the_page_fits(kind: str, touches: list[tuple[object, ...]]) -> None:
    field = Field(kind)
    for name, *said in touches:
        getattr(field.board, str(name))(*said)
        cells = field.board.property("cells")
        assert all(one["row"] < 5 for one in cells)
        assert all(one["number"] + 1 == two["number"] for one, two in pairwise(cells))
        assert bool(cells) == field.board.property("found")
        assert field.board.property("composing") or not cells
