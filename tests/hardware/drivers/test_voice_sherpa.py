"""The better voice on a stand-in for its package, and the plain voice that speaks when it cannot.

No voice comes with the package, so the package itself is only held against its absence here.
"""

import importlib.util
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hardware.api.errors import DeviceBrokeRules, OutOfService
from hardware.api.speech import Rendering, Speech, Unspoken
from hardware.api.status import DeviceState, Fault, Status
from hardware.drivers.voice_sherpa import BetterVoice, VoiceSherpa, load_model
from tests.contracts.voice import VoiceContract, loudest

HZ = 16_000


@dataclass
class Made:
    samples: list[float]
    sample_rate: int = HZ


class Package:
    """The package's engine: 0.2 s of a hum for a letter, told in steps to the callback, which may end it with 0."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.broken = False
        self.during: Any = None

    def generate(self, text: str, sid: int, speed: float, callback: Any) -> Made:
        self.asked.append(text)
        if self.broken:
            raise RuntimeError("onnxruntime")
        samples: list[float] = []
        for _ in text:
            samples += [1.2 * math.sin(n / 8) for n in range(round(0.15 * HZ / speed))]
            if self.during is not None:
                self.during()
            if callback(samples, 0.0) == 0:
                break
        return Made(samples)


class TestSherpa(VoiceContract):
    @pytest.fixture
    def voice(self, tmp_path: Path) -> VoiceSherpa:
        voice = VoiceSherpa(tmp_path, ("zh", "en"), lambda _: Package())
        voice.start()
        return voice


def test_samples_are_bounded_and_keep_their_own_speed(tmp_path: Path) -> None:
    voice = VoiceSherpa(tmp_path, load=lambda _: Package())
    voice.start()
    made = voice.render("好", "zh", 1.0)
    assert isinstance(made, Speech)
    assert (made.hz, loudest(made)) == (HZ, 32_767)


def test_a_stop_ends_it_after_the_step_under_way(tmp_path: Path) -> None:
    package = Package()
    voice = VoiceSherpa(tmp_path, load=lambda _: package)
    voice.start()
    steps: list[int] = []
    package.during = lambda: (steps.append(1), voice.stop())
    assert voice.render("很长的一句话", "zh", 1.0) is Unspoken.CUT
    assert len(steps) == 1


@pytest.mark.skipif(importlib.util.find_spec("sherpa_onnx") is not None, reason="sherpa-onnx is installed")
def test_without_the_package_it_says_so(tmp_path: Path) -> None:
    voice = VoiceSherpa(tmp_path)
    with pytest.raises(OutOfService):
        voice.start()
    assert voice.status() == Status(DeviceState.ERROR, Fault.VOICE_NO_MODEL)
    with pytest.raises(OutOfService):
        voice.render("好", "zh", 1.0)


@pytest.mark.parametrize("lies_there", [(), ("model.onnx",), ("tokens.txt",), ("vocos-16khz.onnx", "tokens.txt")])
def test_a_folder_that_holds_no_voice(
    tmp_path: Path, lies_there: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.import_module", lambda _: object())
    for name in lies_there:
        (tmp_path / name).touch()
    with pytest.raises(OutOfService) as told:
        load_model(tmp_path)
    assert told.value.fault is Fault.VOICE_NO_MODEL


class Plain:
    """A voice that notes what it was given."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.stopped = 0

    def start(self) -> str:
        return "plain"

    def status(self) -> Status:
        return Status(DeviceState.ONLINE)

    def render(self, text: str, language: str, rate: float) -> Rendering:
        self.said.append(text)
        return Speech(b"\x01\x00", 22_050)

    def stop(self) -> None:
        self.stopped += 1


def both(tmp_path: Path, package: Package | None) -> tuple[BetterVoice, Plain]:
    def load(folder: Path) -> Any:
        if package is None:
            raise ValueError(folder)
        return package

    plain = Plain()
    return BetterVoice(VoiceSherpa(tmp_path, load=load), plain), plain


def test_the_better_voice_speaks_what_it_can_and_the_plain_one_the_rest(tmp_path: Path) -> None:
    package = Package()
    voice, plain = both(tmp_path, package)
    assert "sherpa" in voice.start()
    assert voice.status() == Status(DeviceState.ONLINE)
    voice.render("你好", "zh", 1.0)
    voice.render("Hello", "en", 1.0)
    assert (package.asked, plain.said) == (["你好"], ["Hello"])
    voice.stop()
    assert plain.stopped == 1


def test_a_missing_voice_is_told_and_hinders_nobody(tmp_path: Path) -> None:
    voice, plain = both(tmp_path, None)
    assert voice.start() == "plain"
    assert voice.status() == Status(DeviceState.ONLINE, Fault.VOICE_NO_MODEL)
    assert voice.status().can_work
    voice.render("你好", "zh", 1.0)
    assert plain.said == ["你好"]


def test_a_voice_that_breaks_is_left_for_the_plain_one(tmp_path: Path) -> None:
    package = Package()
    voice, plain = both(tmp_path, package)
    voice.start()
    package.broken = True
    assert isinstance(voice.render("你好", "zh", 1.0), Speech)
    assert plain.said == ["你好"]
    assert voice.status().fault is Fault.VOICE_NO_MODEL
    alone = VoiceSherpa(tmp_path, load=lambda _: package)
    alone.start()
    with pytest.raises(DeviceBrokeRules):
        alone.render("你好", "zh", 1.0)
