"""Speech by espeak-ng, a program beside ours (docs/devices/speech.md): plain, quick, in both languages."""

from typing import Protocol

from hardware.api.errors import DeviceBrokeRules, DeviceError, OutOfService
from hardware.api.speech import Rendering, Speech, Unspoken
from hardware.api.status import STARTING, DeviceState, Fault, Status
from hardware.codecs.wav import Begins, Reader, Samples
from hardware.drivers.exchange import status_of
from hardware.drivers.voice_espeak.marking import VOICES, marked

WORDS_A_MINUTE = {"zh": 180, "en": 165}
"""At rate 1.0: about four Chinese characters in a second."""
SLOWEST, FASTEST = 80, 450
"""What the engine's own documentation allows."""
LONGEST = 1000
"""Characters in one piece of text."""


class Engine(Protocol):
    """A program that is run once for each text."""

    def run(self, arguments: list[str], text: str = "") -> bytes | None: ...

    def kill(self) -> None: ...


class VoiceEspeak:
    """Implements `hardware.api.speech.Voice`. The text reaches the engine by a pipe, never by its command line."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._status: Status = STARTING

    def start(self) -> str:
        """Ask for the version and for both voices. Raises OutOfService, DeviceError."""
        try:
            said = self._engine.run(["--version"]) or b""
            for voice in VOICES.values():
                try:
                    self._engine.run(["-q", "--stdin", "-v", voice])
                except DeviceBrokeRules:
                    raise OutOfService(Fault.VOICE_NO_ENGINE) from None
        except DeviceError as error:
            self._status = status_of(error)
            raise
        self._status = Status(DeviceState.ONLINE)
        return said.decode("utf-8", "replace").split("Data at")[0].strip()

    def status(self) -> Status:
        return self._status

    def render(self, text: str, language: str, rate: float) -> Rendering:
        """Implements `Voice.render`. Raises DeviceError."""
        if language not in VOICES:
            return Unspoken.NO_VOICE
        if len(text) > LONGEST:
            return Unspoken.TOO_LONG
        given = marked(text, language)
        if not given:
            return Unspoken.NOTHING
        speed = min(max(round(WORDS_A_MINUTE[language] * rate), SLOWEST), FASTEST)
        try:
            wave = self._engine.run(["-v", VOICES[language], "-s", str(speed), "-m", "--stdin", "--stdout"], given)
        except OutOfService as gone:
            self._status = status_of(gone)
            raise
        if wave is None:
            return Unspoken.CUT
        return _speech(wave)

    def stop(self) -> None:
        self._engine.kill()


def _speech(wave: bytes) -> Rendering:
    if not wave:
        return Unspoken.NOTHING
    match Reader().feed(wave):
        case [Begins(hz), Samples(pcm)]:
            return Speech(pcm, hz)
        case [Begins()]:
            return Unspoken.NOTHING
        case _:
            raise DeviceBrokeRules("the speech engine wrote something that is not sound")
