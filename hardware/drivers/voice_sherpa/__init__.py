"""Speech by a neural voice that a district installs (sherpa-onnx, docs/devices/speech.md), and the plain voice behind.

The package is optional (`pip install nuanting[voice]`) and no voice comes with it: `folder` holds one model as its
makers pack it. Only this file imports it, and only when the settings name a folder.
"""

import importlib
import threading
from array import array
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from hardware.api.errors import DeviceBrokeRules, DeviceError, OutOfService
from hardware.api.speech import Rendering, Speech, Unspoken, Voice
from hardware.api.status import STARTING, DeviceState, Fault, Status
from hardware.drivers.exchange import status_of

LONGEST = 1000
"""Characters in one piece of text."""
THREADS = 1
"""The terminal's screen needs the other cores."""
_FULL = 32_767

Load = Callable[[Path], Any]


def load_model(folder: Path) -> Any:
    """The engine with the model in `folder`: Matcha where an acoustic model and a vocoder lie, else VITS.

    Raises OutOfService (VOICE_NO_MODEL) when the package is absent or the folder holds no model that it takes.
    Layouts: k2-fsa.github.io/sherpa/onnx/tts/pretrained_models.
    """
    try:
        sherpa: Any = importlib.import_module("sherpa_onnx")
    except ImportError:
        raise OutOfService(Fault.VOICE_NO_MODEL) from None
    models = sorted(folder.glob("*.onnx"))
    tokens = folder / "tokens.txt"
    if not models or not tokens.is_file():
        raise OutOfService(Fault.VOICE_NO_MODEL)
    lexicon = ",".join(str(path) for path in sorted(folder.glob("lexicon*.txt")))
    rules = ",".join(
        str(folder / name) for name in ("phone.fst", "date.fst", "number.fst") if (folder / name).is_file()
    )
    dictionary = str(folder / "dict") if (folder / "dict").is_dir() else ""
    data = str(folder / "espeak-ng-data") if (folder / "espeak-ng-data").is_dir() else ""
    vocoders = [path for path in models if "vocos" in path.name or "hifigan" in path.name]
    acoustic = [path for path in models if path not in vocoders]
    if not acoustic:
        raise OutOfService(Fault.VOICE_NO_MODEL)
    parts = {"lexicon": lexicon, "tokens": str(tokens), "data_dir": data, "dict_dir": dictionary}
    if vocoders:
        model = sherpa.OfflineTtsModelConfig(
            matcha=sherpa.OfflineTtsMatchaModelConfig(
                acoustic_model=str(acoustic[0]), vocoder=str(vocoders[0]), **parts
            ),
            num_threads=THREADS,
        )
    else:
        model = sherpa.OfflineTtsModelConfig(
            vits=sherpa.OfflineTtsVitsModelConfig(model=str(acoustic[0]), **parts), num_threads=THREADS
        )
    config = sherpa.OfflineTtsConfig(model=model, rule_fsts=rules, max_num_sentences=1)
    if not config.validate():
        raise OutOfService(Fault.VOICE_NO_MODEL)
    return sherpa.OfflineTts(config)


class VoiceSherpa:
    """Implements `hardware.api.speech.Voice` for the languages that the voice speaks."""

    def __init__(self, folder: Path, languages: Iterable[str] = ("zh",), load: Load = load_model) -> None:
        self._folder = folder
        self._languages = frozenset(languages)
        self._load = load
        self._model: Any = None
        self._status: Status = STARTING
        self._stops = 0
        self._lock = threading.Lock()

    def start(self) -> str:
        """Load the model; seconds for a large one. Raises OutOfService (VOICE_NO_MODEL)."""
        try:
            self._model = self._load(self._folder)
        except (DeviceError, RuntimeError, OSError, TypeError, ValueError) as error:
            # what a wrong model makes the package raise is not written down anywhere
            wrong = OutOfService(Fault.VOICE_NO_MODEL)
            self._status = status_of(wrong)
            raise wrong from error
        self._status = Status(DeviceState.ONLINE)
        return f"sherpa-onnx, {self._folder.name}"

    def status(self) -> Status:
        return self._status

    def render(self, text: str, language: str, rate: float) -> Rendering:
        """Implements `Voice.render`. Raises DeviceBrokeRules, OutOfService."""
        if self._model is None:
            raise OutOfService(Fault.VOICE_NO_MODEL)
        if language not in self._languages:
            return Unspoken.NO_VOICE
        if len(text) > LONGEST:
            return Unspoken.TOO_LONG
        if not any(sign.isalnum() for sign in text):
            return Unspoken.NOTHING
        stops = self._stops
        try:
            made = self._model.generate(text, sid=0, speed=rate, callback=lambda *_: 1 if self._stops == stops else 0)
        except RuntimeError as error:
            raise DeviceBrokeRules("the voice could not render") from error
        if self._stops != stops:
            return Unspoken.CUT
        values = array("h", (max(-_FULL, min(_FULL, int(value * _FULL))) for value in made.samples))
        return Speech(values.tobytes(), int(made.sample_rate)) if values else Unspoken.NOTHING

    def stop(self) -> None:
        with self._lock:
            self._stops += 1


class BetterVoice:
    """The better voice where it can speak, the plain one where it cannot: nobody is left without a voice."""

    def __init__(self, better: Voice, plain: Voice) -> None:
        self._better = better
        self._plain = plain
        self._has_better = False
        self._fault: Fault | None = None

    def start(self) -> str:
        """Both; the better one may be missing, which is told as advice. Raises DeviceError when the plain one is."""
        self._has_better, self._fault = False, None
        try:
            named = self._better.start()
            self._has_better = True
        except DeviceError:
            named, self._fault = "", Fault.VOICE_NO_MODEL
        plain = self._plain.start()
        return named or plain

    def status(self) -> Status:
        status = self._plain.status()
        return Status(status.device, self._fault) if status.can_work else status

    def render(self, text: str, language: str, rate: float) -> Rendering:
        """Implements `Voice.render`. Raises DeviceError."""
        if self._has_better:
            try:
                made = self._better.render(text, language, rate)
            except DeviceError:
                self._has_better, self._fault = False, Fault.VOICE_NO_MODEL
            else:
                if made is not Unspoken.NO_VOICE:
                    return made
        return self._plain.render(text, language, rate)

    def stop(self) -> None:
        self._better.stop()
        self._plain.stop()
