"""The voice as the reading uses it: what was said last, and whether it is about over."""

from PySide6.QtCore import QElapsedTimer, QTimer

from hardware.api.speech import Sound
from ui.link import VoiceLink
from ui.reading.spelling import tongue

SIGN_S = {"zh": 0.26, "en": 0.085}
"""About how long a sign takes to be said."""
LISTENS_AT_MOST_S = 180.0


class Spoken:
    """Says one thing at a time; the newest cuts what is being said."""

    def __init__(self, voice: VoiceLink) -> None:
        self.voice = voice
        self.count = 0
        self._last = ("", "zh", False)
        self._since = QElapsedTimer()
        self._lasts_ms = 0.0
        self._over = QTimer(singleShot=True)  # the goodbye of the visit before is still being said
        self._over.timeout.connect(self._reset)

    def say(self, text: str, language: str, private: bool = False) -> None:
        """`language` is the page's; Chinese in it is given to the Chinese voice all the same."""
        if not text:
            return
        if self._over.isActive():
            self._reset()
        self._last = (text, tongue(text, language), private)
        self.count += 1
        self._since.start()
        self._lasts_ms = min(LISTENS_AT_MOST_S, len(text) * SIGN_S[self._last[1]]) * 1000
        self.voice.say(*self._last)

    def again(self) -> None:
        """What was said last, once more."""
        self.say(*self._last)

    def sound(self, sound: Sound) -> None:
        self.voice.sound(sound)

    def hush(self) -> None:
        """What the last page said is of no use any more."""
        self._lasts_ms = 0.0
        self.voice.hush()

    @property
    def going(self) -> bool:
        """Whether something is probably still being said."""
        return self._since.isValid() and self._since.elapsed() < self._lasts_ms

    @property
    def unheard(self) -> str:
        """What would be cut by something new; nothing private."""
        return self._last[0] if self.going and not self._last[2] else ""

    def forget(self, *, let_end: bool = False) -> None:
        """The visit is over. With `let_end` what is being said is said to its end, unless somebody else begins."""
        rest = self._lasts_ms - self._since.elapsed() if let_end and self.unheard else 0.0
        self._last = ("", "zh", False)
        self._lasts_ms = 0.0
        if rest > 0:
            self._over.start(round(rest))
        else:
            self._reset()

    def _reset(self) -> None:
        self._over.stop()
        self.voice.reset()
