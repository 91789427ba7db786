"""Where a text is cut into breaths, and what the four sounds are."""

import array
import math
import runpy
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hardware.api.speech import Sound
from kiosk.hands.breaths import LONGEST, breaths
from kiosk.hands.voice import load_sounds
from kiosk.words import Words

ROOT = Path(__file__).resolve().parents[3]
WORDS = Words.load(ROOT / "assets" / "i18n")
SOUNDS = load_sounds(ROOT / "assets" / "sounds")


@given(st.text(max_size=400), st.sampled_from(["zh", "en"]))
def test_breaths_lose_no_letter_and_none_is_too_long(text: str, language: str) -> None:
    cut = breaths(text, language)
    assert all(len(breath) <= LONGEST[language] for breath in cut)
    assert [sign for breath in cut for sign in breath if sign.isalnum()] == [sign for sign in text if sign.isalnum()]


def test_where_a_text_is_cut() -> None:
    assert breaths("价格3.5元；见 www.a.cn。\n“好。”他说。", "zh") == ["价格3.5元；", "见 www.a.cn。", "“好。”他说。"]
    assert breaths("It costs 3.50 yuan. Yes!", "en") == ["It costs 3.50 yuan.", "Yes!"]
    long = "请带上身份证原件，" * 12
    assert [len(breath) for breath in breaths(long, "zh")] == [45, 45, 18]


def test_the_sounds_are_short_small_and_unlike_each_other() -> None:
    files = list((ROOT / "assets" / "sounds").glob("*.wav"))
    assert {file.stem for file in files} == {sound.value for sound in Sound}
    assert sum(file.stat().st_size for file in files) < 60_000
    assert len({math.floor(SOUNDS[sound].length_s * 100) for sound in (Sound.KEY, Sound.DONE, Sound.WRONG)}) == 3
    for sound in Sound:
        values = array.array("h", SOUNDS[sound].pcm)
        assert 3_000 < max(map(abs, values)) < 28_000
        assert max(map(abs, values[-40:])) < 300, "it would end with a click"
        for language in ("zh", "en"):
            assert WORDS.say(f"sound.{sound.value}", language)


def test_the_sounds_are_what_their_maker_makes(tmp_path: Path) -> None:
    make = runpy.run_path(str(ROOT / "make" / "sounds.py"))
    make["main"](tmp_path)
    for sound in Sound:
        name = f"{sound.value}.wav"
        assert (tmp_path / name).read_bytes() == (ROOT / "assets" / "sounds" / name).read_bytes()
