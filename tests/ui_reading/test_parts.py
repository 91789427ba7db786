"""Numbers, signs, keys and sounds of spoken use, without a screen."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from PySide6.QtCore import Qt

from hardware.api.speech import Sound
from kiosk.settings.keypad import NAMES, Keypad
from kiosk.view import Countdown, FormBody, Page, View
from tests.ui.samples import views
from ui.keyboard.characters import Characters
from ui.reading import spelling
from ui.reading.examples import example
from ui.reading.keypad import USUAL, Key, Keys, codes
from ui.reading.sounds import sound_of
from ui.reading.spelling import content, digits, is_number, spelled, tongue, unmasked

VIEWS = views("zh")
CHARACTERS = Characters()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("310101199003070022", "3 1 0 1 0 1， 1 9 9 0， 0 3 0 7， 0 0 2 2"),
        ("31010119900307002X", "3 1 0 1 0 1， 1 9 9 0， 0 3 0 7， 0 0 2 X"),
        ("13812345678", "1 3 8， 1 2 3 4， 5 6 7 8"),
        ("26112203", "2 6 1 1， 2 2 0 3"),
        ("310104-20261122-00017-3", "3 1 0 1 0 4， 2 0 2 6 1 1 2 2， 0 0 0 1 7， 3"),
        ("JI-YP01-261122-0001-W", "J I， Y P 0 1， 2 6 1 1 2 2， 0 0 0 1， W"),
        ("SAMPLE", "SAMPLE"),
        ("样例路5号", "样例路5号"),
        ("12", "12"),
    ],
)
def test_a_value_is_said_by_digits_in_groups_or_as_it_stands(text: str, said: str) -> None:
    assert content(text) == said


@given(st.text("0123456789", min_size=spelling.LONG_NUMBER, max_size=30))
def test_no_digit_is_lost_or_made_up(number: str) -> None:
    assert is_number(number)
    assert digits(number).replace(spelling.PAUSE, " ").split(" ") == list(number)


@given(st.text(max_size=30))
def test_spelling_tells_every_sign(text: str) -> None:
    bare = "".join(sign for sign in text if not sign.isspace())
    told = spelled(text).replace(" ", "").replace("，", "")
    assert told == bare.replace("，", "").replace("-", "") or told == bare.replace("，", "")


def test_the_rest_of_a_masked_name_is_not_said_as_stars() -> None:
    assert unmasked("测***，您好") == "测，您好"
    assert unmasked("3101**********0022") == "3101**********0022"


def test_chinese_goes_to_the_chinese_voice() -> None:
    assert tongue("Step 1", "en") == "en"
    assert tongue("样例路", "en") == "zh"
    assert tongue("𬱖", "en") == "zh"
    assert tongue("12", "zh") == "zh"


# ------------------------------------------------------------------------------------------------------------- keys


def test_the_settings_name_the_same_keys_as_the_screen_takes_by_itself() -> None:
    assert {name: tuple(keys) for name, keys in Keypad().keys.items()} == USUAL
    assert set(USUAL) == {key.value for key in Key}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_key_that_settings_may_name_is_qts(name: str) -> None:
    assert codes(Keys({"ok": (name,)})) == {Qt.Key[f"Key_{name}"].value: Key.OK}


def test_a_key_nobody_has_is_told_with_a_near_one() -> None:
    with pytest.raises(ValidationError, match="no key is called Pageup; PageUp is"):
        Keypad(up="Pageup")


# ----------------------------------------------------------------------------------------------------------- sounds


@pytest.mark.parametrize(
    ("before", "after", "sound"),
    [
        ("home", "item", None),
        ("review", "take-slip", Sound.DONE),
        ("take-slip", "result", Sound.DONE),
        ("take-slip", "result-not-good", Sound.WRONG),
        ("working", "trouble", Sound.WRONG),
        ("form", "form-error", Sound.WRONG),
        ("form-error", "form", None),
        ("identify", "identify-refused", Sound.WRONG),
        ("identify-refused", "identify-refused", None),
        ("home", "countdown", Sound.HURRY),
        ("countdown", "form", None),
    ],
)
def test_a_sound_where_a_page_says_it_too(before: str, after: str, sound: Sound | None) -> None:
    assert sound_of(VIEWS[before], VIEWS[after]) is sound


def test_the_countdown_hurries_once() -> None:
    first = VIEWS["countdown"]
    assert first.countdown is not None
    later = replace(first, countdown=Countdown(first.countdown.seconds - 1, first.countdown.total, "还有"))
    assert sound_of(first, later) is None


def test_another_visit_is_another_page() -> None:
    before = VIEWS["form-error"]
    assert isinstance(before.body, FormBody)
    assert sound_of(before, replace(before, visit=before.visit + 1)) is Sound.WRONG
    assert sound_of(View(Page.FORM, FormBody("", ())), before) is Sound.WRONG


# -------------------------------------------------------------------------------------------------------- characters


def test_a_character_is_told_apart_by_a_word_it_stands_in() -> None:
    assert example("上") == "上海"
    assert example("A") == ""
    table = {one: example(one) for syllable in CHARACTERS.syllables() for one in CHARACTERS.of(syllable)}
    assert all(one in word and len(word) == 2 for one, word in table.items() if word)
    usual = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子"
    assert [one for one in usual if not table[one]] == []


@pytest.mark.parametrize("syllable", ["shang", "hai", "lu", "zhang", "li", "wang", "shi", "nong", "hao"])
def test_characters_that_sound_the_same_are_told_apart(syllable: str) -> None:
    first = CHARACTERS.of(syllable)[:8]
    told = [example(one) for one in first if example(one)]
    assert len(told) == len(set(told))
    assert len(told) >= len(first) - 2
