"""espeak-ng: the real engine where it is installed, and stand-ins for what goes wrong with it."""

import re
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.api.errors import DeviceBrokeRules, NotAnswering, OutOfService
from hardware.api.speech import Speech, Unspoken
from hardware.api.status import DeviceState, Fault, Status
from hardware.drivers.voice_espeak import VoiceEspeak
from hardware.drivers.voice_espeak.chinese_numbers import read_out
from hardware.drivers.voice_espeak.marking import VOICES, marked
from hardware.transports.engine_pipe import EnginePipe
from tests.contracts.until import until
from tests.contracts.voice import VoiceContract, loudest

PATIENCE_S = 30.0
"""For programs that are sure to come to an end, on a machine that is busy."""

NEEDS_IT = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


@NEEDS_IT
class TestEspeak(VoiceContract):
    @pytest.fixture
    def voice(self) -> VoiceEspeak:
        voice = VoiceEspeak(EnginePipe("espeak-ng", answer_s=PATIENCE_S))
        assert "eSpeak NG" in voice.start()
        return voice

    def test_a_hundred_lines_of_anything_are_survived(self, voice: VoiceEspeak) -> None:
        for text in ("[[kirsh]]", "<voice name='x'>&", "\x00\x1b[2J", "a" * 900, "!" * 900 + "好", "\u202e好", "𠮷䶮"):
            made = voice.render(text, "zh", 1.0)
            assert made is Unspoken.NOTHING or (isinstance(made, Speech) and loudest(made) > 0)


def phonemes(text: str, language: str) -> str:
    """What the engine would say, in its own letters."""
    told = subprocess.run(
        ["espeak-ng", "-v", VOICES[language], "-m", "-q", "-x", "--stdin"],
        input=marked(text, language), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return re.sub(r"[\s'_|,]+", " ", told.stdout)


@NEEDS_IT
class TestWhatIsSpoken:
    def test_chinese_is_not_spelled_in_english(self) -> None:
        """The voice `cmn` says "ki-n-gee three" for 请: its letters are English."""
        assert "(en)" not in phonemes("请在二十二日前办理居住证", "zh")
        assert phonemes("请", "zh").strip().startswith("tS;h i")

    def test_a_year_and_a_sum(self) -> None:
        assert phonemes("2026年", "zh") == phonemes("二零二六年", "zh")
        assert phonemes("30元", "zh") == phonemes("三十元", "zh")

    def test_brackets_are_not_read(self) -> None:
        assert phonemes("《居住证》", "zh").split() == phonemes("居住证", "zh").split()

    def test_latin_in_chinese_is_english_and_the_chinese_after_it_is_not(self) -> None:
        said = phonemes("请用A4纸，打开 Nuanting App 办理", "zh")
        assert "eI f o@" in said
        assert "(en)" not in said
        assert phonemes("办理", "zh").strip() in said

    def test_chinese_in_english_is_chinese(self) -> None:
        said = phonemes("Take your 居住证 now", "en")
        assert "tS; y55" in said
        assert "n aU" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026年11月22日", "二零二六年十一月二十二日"),
        ("2026-01-05", "二零二六年一月五日"),
        ("费用30元", "费用三十元"),
        ("1,234.50元", "一千二百三十四点五零元"),
        ("拨打12345", "拨打幺二三四五"),
        ("021-12345678", "零二幺，幺二三四五六七八"),
        ("100000人", "十万人"),
        ("10010元", "一万零一十元"),
        ("3.5%", "百分之三点五"),
        ("23:00", "二十三点"),
        ("9:05", "九点零五分"),
        ("第1步", "第一步"),
        ("A4", "A四"),
        ("110", "一百一十"),
        ("20003000", "二零零零三零零零"),
        ("20003000元", "二千万三千元"),
        ("0", "零"),
        ("没有数", "没有数"),
    ],
)
def test_numbers_in_chinese(text: str, said: str) -> None:
    assert read_out(text) == said


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_an_amount_in_characters_is_that_amount(value: int) -> None:
    said = read_out(f"{value:,}")
    assert _value(said) == value


def _value(said: str) -> int:
    """A Chinese number read back, by a way of its own."""
    total = section = digit = 0
    for sign in said.replace("万亿", "兆"):
        if sign in "零一二三四五六七八九":
            digit = "零一二三四五六七八九".index(sign)
        elif sign in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
        else:
            total += (section + digit) * {"万": 10**4, "亿": 10**8, "兆": 10**12}[sign]
            section = digit = 0
    return total + section + digit


@given(st.text(max_size=200), st.sampled_from(["zh", "en"]))
def test_no_text_breaks_out_of_its_marks(text: str, language: str) -> None:
    given_ = marked(text, language)
    inside = re.sub(r'</?speak>|<voice name="[a-z-]+">|</voice>|&(amp|lt|gt);', "", given_)
    assert not set(inside) & set("<>&[]")
    assert inside.isprintable() or not inside


def script(folder: Path, lines: str, answer_s: float = PATIENCE_S) -> EnginePipe:
    program = folder / "engine"
    program.write_text(f"#!/bin/sh\n{lines}\n", "utf-8")
    program.chmod(0o700)
    return EnginePipe(str(program), answer_s=answer_s)


def test_an_engine_that_is_absent_says_so() -> None:
    voice = VoiceEspeak(EnginePipe("/nowhere/espeak-ng"))
    with pytest.raises(OutOfService):
        voice.start()
    assert voice.status() == Status(DeviceState.ERROR, Fault.VOICE_NO_ENGINE)


def test_an_engine_without_a_voice_for_chinese_is_no_engine(tmp_path: Path) -> None:
    voice = VoiceEspeak(script(tmp_path, 'case "$*" in *pinyin*) exit 1;; esac'))
    with pytest.raises(OutOfService):
        voice.start()
    assert voice.status().fault is Fault.VOICE_NO_ENGINE


def test_an_engine_that_writes_no_sound(tmp_path: Path) -> None:
    with pytest.raises(DeviceBrokeRules):
        VoiceEspeak(script(tmp_path, "echo what is this")).render("好", "zh", 1.0)


def test_an_engine_that_hangs_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(NotAnswering):
        VoiceEspeak(script(tmp_path, "exec sleep 60", answer_s=0.5)).render("好", "zh", 1.0)


def test_a_stop_ends_a_rendering(tmp_path: Path) -> None:
    voice = VoiceEspeak(script(tmp_path, f"touch {tmp_path}/begun; exec sleep 60"))
    made: list[object] = []
    thread = threading.Thread(target=lambda: made.append(voice.render("好", "zh", 1.0)))
    thread.start()
    until((tmp_path / "begun").exists)
    voice.stop()
    thread.join(PATIENCE_S)
    assert made == [Unspoken.CUT]


def test_a_stop_while_the_engine_is_being_started_is_not_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = script(tmp_path, "exec sleep 60")
    begin = subprocess.Popen

    def stopped(*given: Any, **more: Any) -> Any:
        process = begin(*given, **more)
        engine.kill()  # another thread's, before this one knows its process
        return process

    monkeypatch.setattr("hardware.transports.engine_pipe.subprocess.Popen", stopped)
    assert VoiceEspeak(engine).render("好", "zh", 1.0) is Unspoken.CUT


def test_the_text_is_on_no_command_line_and_in_no_environment(tmp_path: Path) -> None:
    voice = VoiceEspeak(
        script(
            tmp_path,
            f'tr "\\0" " " < /proc/$$/cmdline > {tmp_path}/seen; env >> {tmp_path}/seen; cat > {tmp_path}/text',
        )
    )
    voice.render("张伟，您好", "zh", 1.0)
    seen = (tmp_path / "seen").read_text("utf-8")
    assert "--stdin" in seen
    assert "张伟" not in seen
    assert "张伟" in (tmp_path / "text").read_text("utf-8")
