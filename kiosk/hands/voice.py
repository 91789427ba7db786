"""The hand that speaks and rings: one utterance at a time, the newest wins, and what is personal stays in the headset.

Two lanes: the engine renders a breath ahead while the card plays. What is said is held only until it has been said;
only sentences of the terminal's own words are kept rendered.
"""

import queue
import threading
import wave
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hardware.api.locker import Seen
from hardware.api.speech import LOUDEST, AudioOut, Outlet, Rendering, Sound, Speech, Unspoken, Voice
from hardware.api.status import DeviceState
from hardware.transports.lane import Answer, Done
from kiosk.hands.breaths import breaths
from kiosk.stations import Station
from kiosk.words import LANGUAGES, Words

QUIETEST = 1
"""Who cannot see must not turn the voice off by turning it down."""
KEPT_BYTES = 8 * 1024 * 1024
"""Rendered sentences of our own that are kept."""
PATIENCE_S = 20.0
"""For the next breath; an engine that takes longer has been given up by its driver."""


@dataclass(frozen=True)
class SpeechManners:
    """What the settings say of speech."""

    rate: float = 1.0
    level: int = 6
    sounds: bool = True
    private_unfelt: bool = False  # speak personal data although nothing tells whether a headset is plugged in


class _Utterance:
    """One text on its way."""

    def __init__(self, pieces: list[str], language: str, private: bool, outlet: Outlet) -> None:
        self.pieces = pieces
        self.language = language
        self.private = private
        self.outlet = outlet
        self.cut_off = False
        self.made: queue.SimpleQueue[Rendering | None] = queue.SimpleQueue()

    def cut(self) -> None:
        """Any thread: say no more of it, and wake who waits for it."""
        self.cut_off = True
        self.made.put(None)

    def forget(self) -> None:
        self.pieces = []


@dataclass
class _Kept:
    """Our own sentences, rendered: the newest used stay. Only the engine's lane touches it."""

    bytes: int = 0
    speech: OrderedDict[tuple[str, str, float], Speech] = field(default_factory=OrderedDict, repr=False)

    def get(self, key: tuple[str, str, float]) -> Speech | None:
        found = self.speech.get(key)
        if found is not None:
            self.speech.move_to_end(key)
        return found

    def put(self, key: tuple[str, str, float], speech: Speech) -> None:
        self.speech[key] = speech
        self.bytes += len(speech.pcm)
        while self.bytes > KEPT_BYTES:
            _, oldest = self.speech.popitem(last=False)
            self.bytes -= len(oldest.pcm)


class VoiceHand:
    """Implements `ui.link.VoiceLink`: everything here returns at once. Without an engine it only rings."""

    def __init__(
        self,
        voice: tuple[Station[Voice], Voice] | None,
        card: tuple[Station[AudioOut], AudioOut],
        words: Words,
        sounds: Mapping[Sound, Speech],
        manners: SpeechManners,
    ) -> None:
        self._voice = voice
        self._card, self._out = card
        self._words = words
        self._sounds = dict(sounds)
        self._manners = manners
        self._level = manners.level
        self._felt = Seen.UNKNOWN
        self._now: _Utterance | None = None
        self._ringing = False
        self._lock = threading.Lock()
        self._own = _own_sentences(words)
        self._kept = _Kept()
        self._out.set_level(self._level)

    # ---- what the screen asks

    @property
    def available(self) -> bool:
        """Whether speech would be heard now."""
        if self._voice is None or self._voice[0].status.device is not DeviceState.ONLINE:
            return False
        return self._card.status.device is DeviceState.ONLINE and self._for_all() is not None

    def say(self, text: str, language: str, private: bool) -> None:
        """Speak, in place of what is being said. Personal text that may not be spoken is answered by a sentence."""
        outlet = Outlet.HEADSET
        if private and not self._may_be_private():
            text = self._words.say(self._instead(), language)
            private = False
        if not private:
            public = self._for_all()
            if public is None:
                self.hush()
                return
            outlet = public
        said = _Utterance(breaths(text, language), language, private, outlet)
        self._silence(said)
        if self._voice is None or not said.pieces:
            self._ring()
            return
        self._request(said, 0)
        self._card.ask(lambda out: out.play(self._pieces(said), said.outlet), lambda _: self._ended(said))

    def hush(self) -> None:
        """Fall silent at once; a sound that was cut with the speech is heard to its end."""
        self._silence(None)
        self._ring()

    def louder(self) -> None:
        self._set_level(self._level + 1)

    def softer(self) -> None:
        self._set_level(self._level - 1)

    def sound(self, sound: Sound) -> None:
        """A short sound, over speech or alone."""
        if self._manners.sounds and self._for_all() is not None and self._card.status.device is DeviceState.ONLINE:
            self._out.chime(self._sounds[sound])
            self._ring()

    def headset(self, plugged: bool) -> None:
        """What the keypad feels; it is believed before the card's own contact. Pulling it ends what is said in it."""
        self._felt = Seen.YES if plugged else Seen.NO
        now = self._now
        if not plugged and now is not None and now.outlet is Outlet.HEADSET:
            self.hush()

    def behave(self, manners: SpeechManners) -> None:
        """Other manners from now on, while nobody is served."""
        self._manners = manners
        self._set_level(manners.level)

    def reset(self) -> None:
        """The visit is over."""
        self.hush()
        self._set_level(self._manners.level)

    def end(self) -> None:
        """The program ends: say no more, so that the lanes come free."""
        self._silence(None)

    # ---- where it may be heard

    def _seen(self) -> Seen:
        if not self._out.has(Outlet.HEADSET):
            return Seen.NO
        return self._felt if self._felt is not Seen.UNKNOWN else self._out.plugged()

    def _may_be_private(self) -> bool:
        match self._seen():
            case Seen.YES:
                return True
            case Seen.NO:
                return False
            case Seen.UNKNOWN:
                return self._manners.private_unfelt

    def _for_all(self) -> Outlet | None:
        """Where what anybody may hear comes out: in the headset that is worn, else in the room."""
        if self._may_be_private():
            return Outlet.HEADSET
        if self._out.has(Outlet.SPEAKER):
            return Outlet.SPEAKER
        return Outlet.HEADSET if self._seen() is Seen.UNKNOWN else None

    def _instead(self) -> str:
        return "speech.need_headset" if self._out.has(Outlet.HEADSET) else "speech.no_headset"

    # ---- one utterance

    def _set_level(self, level: int) -> None:
        self._level = min(max(level, QUIETEST), LOUDEST)
        self._out.set_level(self._level)

    def _silence(self, newer: _Utterance | None) -> None:
        with self._lock:
            older, self._now = self._now, newer
        if older is not None:
            older.cut()
        if self._voice is not None:
            self._voice[1].stop()
        self._out.stop()

    def _request(self, said: _Utterance, number: int) -> None:
        if self._voice is None or number >= len(said.pieces):
            return
        piece = said.pieces[number]
        self._voice[0].ask(lambda voice: self._render(voice, said, piece), lambda done: _hand_over(said, done))

    def _render(self, voice: Voice, said: _Utterance, piece: str) -> Rendering:
        if said.cut_off:
            return Unspoken.CUT
        own = not said.private and piece in self._own
        rate = self._manners.rate
        key = (said.language, piece, rate)
        made: Rendering | None = self._kept.get(key) if own else None
        if made is None:
            made = voice.render(piece, said.language, rate)
            if own and isinstance(made, Speech):
                self._kept.put(key, made)
        return made

    def _pieces(self, said: _Utterance) -> Iterator[Speech]:
        """In the card's lane: each breath when it is needed, the one after it asked for already."""
        for number in range(len(said.pieces)):
            self._request(said, number + 1)
            try:
                made = said.made.get(timeout=PATIENCE_S)
            except queue.Empty:
                return
            if made is None or said.cut_off or (said.private and not self._may_be_private()):
                return
            if isinstance(made, Speech):
                yield made

    def _ended(self, said: _Utterance) -> None:
        said.cut()  # a breath that was asked for ahead is not rendered any more
        said.forget()
        with self._lock:
            if self._now is said:
                self._now = None

    # ---- sounds

    def _ring(self) -> None:
        """Have the card play sounds that no speech takes along; one such order waits at a time."""
        with self._lock:
            if self._ringing:
                return
            self._ringing = True
        self._card.ask(self._rings, lambda done: self._rang(done))

    def _rings(self, out: AudioOut) -> None:
        self._rung()
        outlet = self._for_all()
        if outlet is not None:
            out.ring(outlet)

    def _rang(self, done: Done[None]) -> None:
        if not isinstance(done, Answer):
            self._rung()

    def _rung(self) -> None:
        with self._lock:
            self._ringing = False


def _hand_over(said: _Utterance, done: Done[Rendering]) -> None:
    said.made.put(done.value if isinstance(done, Answer) else None)


def _own_sentences(words: Words) -> frozenset[str]:
    """Breaths of our own sentences that hold nothing filled in."""
    fixed = [sentence for sentence in words.sentences.values() if not sentence.parameters]
    return frozenset(
        breath for sentence in fixed for language in LANGUAGES for breath in breaths(sentence.text(language), language)
    )


def load_sounds(folder: Path) -> dict[Sound, Speech]:
    """The sounds in `folder`, one WAV each. Raises OSError or wave.Error for a broken installation."""
    found: dict[Sound, Speech] = {}
    for sound in Sound:
        with wave.open(str(folder / f"{sound.value}.wav"), "rb") as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, 2):
                raise wave.Error(f"{sound.value}.wav is not one channel of 16 bits")
            found[sound] = Speech(file.readframes(file.getnframes()), file.getframerate())
    return found
