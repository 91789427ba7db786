"""The hand that speaks: the newest wins, the private stays private, nothing is kept and nothing is left running.

Past 400 lines because one room with an engine, a card and two outlets is asked about everything that a hand may do.
"""

import array
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware.api.clock import SystemClock
from hardware.api.errors import OutOfService
from hardware.api.locker import Seen
from hardware.api.speech import LOUDEST, Outlet, Rendering, Sound, Speech, Unspoken
from hardware.api.status import DeviceState, Fault, Status
from hardware.drivers.sound_player import SoundPlayer
from hardware.transports.sound_pipe import SoundPipe
from hardware.twins.sound_card import Played, SoundCardTwin
from kiosk.hands.breaths import breaths
from kiosk.hands.voice import SpeechManners, VoiceHand, load_sounds
from kiosk.stations import Station
from kiosk.words import Words
from tests.contracts.audio_out import all_played
from tests.contracts.until import DEADLINE_S, until
from ui.link import VoiceLink

ROOT = Path(__file__).resolve().parents[3]
WORDS = Words.load(ROOT / "assets" / "i18n")
SOUNDS = load_sounds(ROOT / "assets" / "sounds")
HZ = 22_050
MARK = 7_000
"""The samples of the first breath of a Tuner; each further text it meets is one lower."""


class Tuner:
    """A voice whose every text has a sample value of its own, so that a test hears what was said."""

    def __init__(self, seconds: float = 0.3) -> None:
        self.seconds = seconds
        self.rendered: list[str] = []
        self.texts: list[str] = []
        self.rates: list[float] = []
        self.gate = threading.Event()
        self.gate.set()
        self.absent = False

    def start(self) -> str:
        if self.absent:
            raise OutOfService(Fault.VOICE_NO_ENGINE)
        return "tuner"

    def status(self) -> Status:
        return Status(DeviceState.ONLINE)

    def render(self, text: str, language: str, rate: float) -> Rendering:
        if not self.gate.wait(DEADLINE_S):
            return Unspoken.CUT
        self.rendered.append(text)
        self.rates.append(rate)
        if text not in self.texts:
            self.texts.append(text)
        return Speech((MARK - self.texts.index(text)).to_bytes(2, "little") * round(self.seconds * HZ), HZ)

    def stop(self) -> None:
        """It is too quick to be stopped."""

    def texts_in(self, played: Played) -> list[str]:
        """The texts of one playing, in order, each once for an unbroken stretch."""
        found: list[str] = []
        for value in array.array("h", bytes(played.pcm)):
            text = self.texts[MARK - value] if 0 <= MARK - value < len(self.texts) else ""
            if not found or found[-1] != text:
                found.append(text)
        return found


class Room:
    """A hand, its voice, and what is heard in the headset and in the room."""

    def __init__(self, folder: Path, outlets: tuple[str, ...], manners: SpeechManners, *, engine: bool = True) -> None:
        self.twin = SoundCardTwin(folder, "headset", "speaker")
        self.voice = Tuner()
        clock = SystemClock()
        pipes = {Outlet(name): SoundPipe(name, player=str(self.twin.player)) for name in outlets}
        self.player = SoundPlayer(pipes, clock, headset_limit=1.0)
        self.card = Station("sound", self.player, None, clock, beat_s=0.05)
        self.engine = Station("voice", self.voice, None, clock, beat_s=0.05)
        voice = (self.engine, self.voice) if engine else None
        self.hand = VoiceHand(voice, (self.card, self.player), WORDS, SOUNDS, manners)
        self.link: VoiceLink = self.hand
        self.card.begin()
        self.engine.begin()

    def ready(self) -> "Room":
        until(lambda: self.hand.available)
        return self

    def said(self, device: str) -> list[list[str]]:
        return [self.voice.texts_in(played) for played in self.twin.heard(device)]

    def quiet(self) -> None:
        """Until both lanes have done what they were asked, and the card has played it."""
        for station in (self.engine, self.card):
            done = threading.Event()
            station.lane.ask(lambda: None, lambda _, done=done: done.set())
            assert done.wait(DEADLINE_S)
        until(lambda: all_played(self.twin))

    def close(self) -> None:
        self.hand.end()
        self.card.end()
        self.engine.end()
        self.twin.close()


LOUD = SpeechManners(level=LOUDEST)
BOTH = ("headset", "speaker")
Furnish = Callable[..., Room]


@pytest.fixture
def furnish(tmp_path: Path) -> Iterator[Furnish]:
    rooms: list[Room] = []

    def furnished(outlets: tuple[str, ...] = BOTH, manners: SpeechManners = LOUD, *, engine: bool = True) -> Room:
        rooms.append(Room(tmp_path / str(len(rooms)), outlets, manners, engine=engine))
        return rooms[-1].ready() if engine else rooms[-1]

    yield furnished
    for room in rooms:
        room.close()


def test_a_text_is_said_whole_and_in_order(furnish: Furnish) -> None:
    room = furnish()
    room.link.say("请放身份证。不要拿开。好了！", "zh", False)
    room.quiet()
    assert room.said("speaker") == [["请放身份证。", "不要拿开。", "好了！"]]
    assert room.said("headset") == []
    assert room.twin.heard("speaker")[0].length_s == pytest.approx(0.9, abs=0.01)


def test_the_newest_cuts_off_the_older_in_the_middle_of_a_word(furnish: Furnish) -> None:
    room = furnish()
    room.voice.seconds = 20.0
    room.twin.hold("speaker")
    room.hand.say("第一。第二。", "zh", False)
    until(lambda: room.voice.rendered)
    room.voice.seconds = 0.3
    room.hand.say("第三。", "zh", False)
    room.twin.release("speaker")
    until(lambda: any("第三。" in said for said in room.said("speaker")))
    room.quiet()
    assert room.said("speaker")[-1] == ["第三。"]
    assert sum(each.length_s for each in room.twin.heard("speaker")[:-1]) < 0.5


def test_only_the_last_of_many_is_rendered_to_its_end(furnish: Furnish) -> None:
    room = furnish()
    room.voice.gate.clear()
    for number in range(30):  # both breaths of each fit into the engine's lane, however slowly they are said
        room.hand.say(f"第{number}项。还有一句。", "zh", False)
    room.voice.gate.set()
    until(lambda: any("第29项。" in said for said in room.said("speaker")))
    room.quiet()
    assert room.said("speaker")[-1] == ["第29项。", "还有一句。"]
    assert len(room.voice.rendered) <= 6


def test_a_hush_is_silence_within_what_the_pipes_hold(furnish: Furnish) -> None:
    room = furnish()
    room.voice.seconds = 60.0
    room.twin.hold("speaker")
    room.hand.say("很长。", "zh", False)
    until(lambda: room.voice.rendered)
    room.hand.hush()
    room.twin.release("speaker")
    room.quiet()
    assert sum(each.length_s for each in room.twin.heard("speaker")) < 0.5


def test_the_private_is_heard_in_the_headset_only(furnish: Furnish) -> None:
    room = furnish()
    room.hand.headset(True)
    room.hand.say("张伟，您好。", "zh", True)
    room.quiet()
    assert room.said("headset") == [["张伟，您好。"]]
    assert room.said("speaker") == []


@pytest.mark.parametrize("felt", [Seen.NO, Seen.UNKNOWN])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_private_without_a_headset_is_not_even_rendered(furnish: Furnish, felt: Seen, language: str) -> None:
    room = furnish()
    if felt is Seen.NO:
        room.hand.headset(False)
    room.hand.say("张伟，310110。", language, True)
    room.quiet()
    asked = breaths(WORDS.say("speech.need_headset", language), language)
    assert room.voice.rendered == asked
    assert room.said("speaker") == [asked]
    assert room.said("headset") == []


def test_a_terminal_without_a_socket_says_so(furnish: Furnish) -> None:
    room = furnish(("speaker",))
    room.hand.headset(True)
    room.hand.say("张伟。", "zh", True)
    room.quiet()
    assert room.said("speaker") == [breaths(WORDS.say("speech.no_headset", "zh"), "zh")]


def test_settings_decide_where_nothing_feels_the_plug(furnish: Furnish) -> None:
    room = furnish(BOTH, SpeechManners(level=LOUDEST, private_unfelt=True))
    room.hand.say("张伟。", "zh", True)
    room.quiet()
    assert room.said("headset") == [["张伟。"]]
    room.hand.headset(False)
    room.hand.say("张伟。", "zh", True)
    room.quiet()
    assert len(room.said("headset")) == 1


def test_what_anybody_may_hear_goes_into_the_headset_that_is_worn(furnish: Furnish) -> None:
    room = furnish()
    room.hand.headset(True)
    room.hand.say("首页。", "zh", False)
    room.quiet()
    assert (room.said("headset"), room.said("speaker")) == ([["首页。"]], [])


def test_a_headset_pulled_out_ends_what_was_said_in_it(furnish: Furnish) -> None:
    room = furnish()
    room.voice.seconds = 60.0
    room.hand.headset(True)
    room.twin.hold("headset")
    room.hand.say("张伟。住在这里。", "zh", True)
    until(lambda: room.voice.rendered)
    room.hand.headset(False)
    room.twin.release("headset")
    room.quiet()
    assert sum(each.length_s for each in room.twin.heard("headset")) < 0.5
    assert room.said("speaker") == []


def test_a_headset_alone_is_silent_when_it_is_pulled(furnish: Furnish) -> None:
    room = furnish(("headset",))
    room.hand.headset(False)
    assert not room.hand.available
    room.hand.say("首页。", "zh", False)
    room.hand.sound(Sound.KEY)
    room.quiet()
    assert room.said("headset") == []
    room.hand.headset(True)
    assert room.hand.available


def test_loudness_ends_with_the_visit_and_never_turns_the_voice_off(furnish: Furnish) -> None:
    room = furnish(BOTH, SpeechManners(level=5))

    def loudness() -> int:
        room.hand.say("试一试。", "zh", False)
        room.quiet()
        return room.twin.heard("speaker")[-1].loudest

    usual = loudness()
    room.hand.louder()
    assert loudness() > usual
    room.hand.reset()
    assert loudness() == usual
    for _ in range(20):
        room.hand.softer()
    assert 0 < loudness() < usual
    for _ in range(30):
        room.hand.louder()
    assert loudness() == MARK


def test_other_manners_hold_from_then_on(furnish: Furnish) -> None:
    room = furnish(BOTH, SpeechManners(level=5))
    own = WORDS.say("speech.need_headset", "zh")

    def loudness() -> int:
        room.hand.say(own, "zh", False)
        room.quiet()
        return room.twin.heard("speaker")[-1].loudest

    usual = loudness()
    room.hand.behave(SpeechManners(rate=0.5, level=1, sounds=False))
    assert 0 < loudness() < usual  # and our own sentence, which was kept, is spoken anew at that speed
    assert set(room.voice.rates) == {1.0, 0.5}
    rang = len(room.twin.heard("speaker"))
    room.hand.louder()
    room.hand.reset()
    room.hand.sound(Sound.DONE)
    room.quiet()
    assert len(room.twin.heard("speaker")) == rang
    assert 0 < loudness() < usual


def test_a_reset_falls_silent(furnish: Furnish) -> None:
    room = furnish()
    room.voice.seconds = 60.0
    room.twin.hold("speaker")
    room.hand.say("很长。", "zh", False)
    until(lambda: room.voice.rendered)
    room.hand.reset()
    room.twin.release("speaker")
    room.quiet()
    assert sum(each.length_s for each in room.twin.heard("speaker")) < 0.5


def test_a_sound_cuts_no_speech_and_is_itself_not_lost(furnish: Furnish) -> None:
    room = furnish()
    room.voice.seconds = 1.0
    room.voice.gate.clear()  # the sound is there before the speech is over
    room.hand.say("慢慢来。", "zh", False)
    room.hand.sound(Sound.DONE)
    room.voice.gate.set()
    room.quiet()
    values = [each for played in room.twin.heard("speaker") for each in array.array("h", bytes(played.pcm))]
    assert len(values) == pytest.approx(HZ, rel=0.02)
    assert len({value for value in values if value != MARK}) > 500


@pytest.mark.parametrize("sound", list(Sound))
def test_every_sound_alone(furnish: Furnish, sound: Sound) -> None:
    room = furnish()
    room.hand.sound(sound)
    until(lambda: room.twin.heard("speaker"))
    room.quiet()
    assert room.twin.heard("speaker")[0].length_s == pytest.approx(SOUNDS[sound].length_s, abs=0.06)


def test_sounds_can_be_off(furnish: Furnish) -> None:
    room = furnish(BOTH, SpeechManners(sounds=False))
    room.hand.sound(Sound.WRONG)
    room.quiet()
    assert room.twin.heard("speaker") == []


def test_sounds_ring_without_an_engine_and_nothing_is_said(furnish: Furnish) -> None:
    room = furnish(BOTH, LOUD, engine=False)
    until(lambda: room.card.status.can_work)
    assert not room.hand.available
    room.hand.say("有人吗？", "zh", False)
    room.hand.sound(Sound.KEY)
    until(lambda: room.twin.heard("speaker"))
    room.quiet()
    assert room.voice.rendered == []


def test_an_engine_that_is_absent_is_named_and_comes_back(tmp_path: Path) -> None:
    room = Room(tmp_path, BOTH, LOUD)
    try:
        room.ready()
        room.voice.absent = True
        room.engine.ask(lambda voice: voice.start(), lambda _: None)
        second = Station("voice", room.voice, None, SystemClock(), beat_s=0.02)
        second.begin()
        until(lambda: second.status == Status(DeviceState.ERROR, Fault.VOICE_NO_ENGINE))
        hand = VoiceHand((second, room.voice), (room.card, room.player), WORDS, SOUNDS, LOUD)
        assert not hand.available
        hand.say("有人吗？", "zh", False)
        room.quiet()
        assert room.voice.rendered == []
        room.voice.absent = False
        until(lambda: hand.available)
        second.end()
    finally:
        room.close()


def test_a_card_that_went_away_is_silence_and_speech_comes_back_with_it(furnish: Furnish) -> None:
    room = furnish(("speaker",))
    room.twin.unplug("speaker")
    room.hand.say("有人吗？", "zh", False)
    until(lambda: not room.hand.available)
    room.hand.say("还在吗？", "zh", False)
    room.quiet()
    assert room.said("speaker") == []
    room.twin.replug("speaker")
    until(lambda: room.hand.available)
    room.hand.say("回来了。", "zh", False)
    room.quiet()
    assert room.said("speaker") == [["回来了。"]]


def test_our_own_sentences_are_rendered_once_and_a_persons_never_kept(furnish: Furnish) -> None:
    room = furnish()
    room.hand.headset(True)
    own = WORDS.say("speech.need_headset", "zh")
    for private in (False, False):
        room.hand.say(own, "zh", private)
        room.quiet()
    assert room.voice.rendered == breaths(own, "zh")
    room.voice.rendered.clear()
    for private in (True, True, False, False):
        room.hand.say("张伟。", "zh", private)
        room.quiet()
    assert room.voice.rendered == ["张伟。"] * 4
    assert not any("张伟" in text for _, text, _ in room.hand._kept.speech)


def test_nothing_that_was_said_is_held_or_logged(furnish: Furnish, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    room = furnish()
    room.hand.headset(True)
    room.hand.say("张伟，310110199003078888。", "zh", True)
    room.quiet()
    until(lambda: room.hand._now is None)
    assert "张伟" not in caplog.text
    assert "3101" not in caplog.text
