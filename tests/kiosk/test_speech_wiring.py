"""Speech as wiring builds it: the real engine where it is installed, the sound card's twin, the settings."""

import gc
import os
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardware.api.clock import SystemClock
from hardware.api.status import DeviceState, Fault
from hardware.drivers.voice_espeak import VoiceEspeak
from hardware.drivers.voice_sherpa import BetterVoice
from hardware.twins.sound_card import SoundCardTwin
from kiosk.hands.voice import VoiceHand
from kiosk.health import Opening, World, opening
from kiosk.settings.loading import SettingsMistakes, parse
from kiosk.settings.speech import Engine, Speech
from kiosk.stations import Station
from kiosk.wiring import voice_of
from kiosk.words import Words
from tests.contracts.until import until

WORDS = Words.load(Path(__file__).resolve().parents[2] / "assets" / "i18n")
TERMS = "我们只用您的身份证信息办理这一件事。办完以后，本机不留任何记录。您可以随时停下来，点一下返回就行。" * 12


class Terminal:
    """The hand and its stations, begun."""

    def __init__(self, settings: Speech) -> None:
        hand, self.stations = voice_of(settings, WORDS, SystemClock())
        assert hand is not None
        self.hand: VoiceHand = hand
        for station in self.stations.values():
            station.begin()

    def close(self) -> None:
        self.hand.end()
        for station in self.stations.values():
            station.end()


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundCardTwin]:
    with SoundCardTwin(tmp_path, "headset", "speaker", pacing=True) as twin:
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        yield twin


@pytest.fixture
def terminal(card: SoundCardTwin) -> Iterator[Terminal]:
    made = Terminal(Speech(headset="headset", speaker="speaker", volume=10))
    yield made
    made.close()


needs_engine = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


@needs_engine
def test_a_long_text_begins_at_once_and_a_hush_ends_it(terminal: Terminal, card: SoundCardTwin) -> None:
    until(lambda: terminal.hand.available)
    terminal.hand.say(TERMS, "zh", False)
    until(lambda: card.heard("speaker"))
    first = card.heard("speaker")[0]
    until(lambda: first.length_s > 0.5)
    assert first.loudest > 1_000
    terminal.hand.hush()
    until(lambda: first.ended)
    assert first.length_s < 30, "twelve times three sentences are minutes"


@needs_engine
def test_no_process_of_ours_has_the_text_on_its_command_line(terminal: Terminal, card: SoundCardTwin) -> None:
    until(lambda: terminal.hand.available)
    terminal.hand.headset(True)
    lines: list[bytes] = []
    watching = threading.Event()

    def watch() -> None:
        while not watching.is_set():
            lines.extend(children())

    thread = threading.Thread(target=watch)
    thread.start()
    terminal.hand.say("张伟，您好。您的号码是 310110199003078888。", "zh", True)

    def player_seen() -> bool:
        return any(b"aplay" in line or b"cat" in line for line in tuple(lines))

    try:
        until(lambda: card.heard("headset") and len(lines) > 400 and player_seen())
    finally:
        watching.set()
        thread.join()
    assert player_seen()
    assert not any("张伟".encode() in line or b"3101" in line for line in lines)


def numbers() -> set[str]:
    """The processes that this one has started."""
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        try:
            found.update((task / "children").read_text("ascii").split())
        except OSError:  # gone since
            continue
    return found


def children() -> list[bytes]:
    """Command lines and environments of the processes that this one has started."""
    found: list[bytes] = []
    for number in numbers():
        try:
            found += [Path(f"/proc/{number}/{what}").read_bytes() for what in ("cmdline", "environ")]
        except OSError:  # gone since
            continue
    return found


@needs_engine
def test_nothing_runs_on_after_the_end(card: SoundCardTwin) -> None:
    before = numbers()  # a database of other tests' may be among them
    made = Terminal(Speech(speaker="speaker"))
    until(lambda: made.hand.available)
    made.hand.say(TERMS, "zh", False)
    until(lambda: card.heard("speaker"))
    assert numbers() > before
    made.close()
    gc.collect()
    assert numbers() <= before
    assert not [thread.name for thread in threading.enumerate() if thread.name in ("lane:voice", "lane:sound")]


def test_an_engine_that_is_not_installed_shuts_nothing(card: SoundCardTwin, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = card.folder / "empty"
    nowhere.mkdir()
    for name in ("sh", "cat", "mkfifo"):
        (nowhere / name).symlink_to(str(shutil.which(name)))
    (nowhere / "aplay").symlink_to(card.player)
    monkeypatch.setenv("PATH", str(nowhere))
    made = Terminal(Speech(speaker="speaker"))
    try:
        until(lambda: made.stations["voice"].status.fault is Fault.VOICE_NO_ENGINE)
        until(lambda: made.stations["sound"].status.device is DeviceState.ONLINE)
        assert not made.hand.available
        world: dict[str, Any] = {"reader": made.stations["sound"].status, "voice": made.stations["voice"].status}
        assert opening(World(world)) is Opening.OPEN
    finally:
        made.close()


def test_a_terminal_with_nothing_to_be_heard_through_has_no_voice() -> None:
    assert voice_of(Speech(), WORDS, SystemClock()) == (None, {})


@pytest.mark.parametrize(
    ("engine", "kind"), [(Engine.ESPEAK, VoiceEspeak), (Engine.SHERPA, BetterVoice), (Engine.NONE, None)]
)
def test_the_engine_that_the_settings_name(tmp_path: Path, engine: Engine, kind: type | None) -> None:
    hand, stations = voice_of(Speech(engine=engine, voice=tmp_path, speaker="x"), WORDS, SystemClock())
    assert hand is not None
    voice: Station[Any] | None = stations.get("voice")
    assert (type(voice._driver) if voice is not None else None) is kind
    for station in stations.values():
        station.end()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('engine = "sherpa"', "speech.voice is missing"),
        ('headset = "hw:0; rm"', "speech.headset"),
        ('headset_jack = "hw:1"', "speech.headset_jack"),
        ("headset_limit = 1.5", "speech.headset_limit"),
        ("volume = 0", "speech.volume"),
        ('engine = "espaek"', "did you mean `espeak`"),
    ],
)
def test_settings_of_speech_that_are_wrong(tmp_path: Path, lines: str, told: str) -> None:
    with pytest.raises(SettingsMistakes, match=re.escape(told)):
        parse(f"[speech]\n{lines}\n".encode(), "bad.toml", tmp_path)


def test_card_and_control_of_a_socket() -> None:
    assert Speech(headset_jack="hw:1/Headphone Jack").jack == ("hw:1", "Headphone Jack")
    assert Speech().jack is None
