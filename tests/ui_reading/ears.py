"""The terminal's own program with a keypad and a recorder: `python -m tests.ui_reading.ears --control SOCKET …`.

Everything after the socket goes to `kiosk.main` as it is. Who asks can press keys, through Qt and nothing else, and
hear what is said; there are no eyes here. Requests: `{"do": "key", "key": "Down"}` presses one; `{"do": "listen",
"after": n}` answers `{"said": [[text, language, private], …], "sounds": […]}` with everything said after the first n;
with "for" and "within" it waits until one of these texts is in what was said after n.
"""

import sys
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from demo import finger, kiosk_under_test
from demo.glass import Asked, CannotBeDone
from hardware.api.speech import Sound
from ui.app import Stage

Heard = tuple[str, str, bool]


class Recorder:
    """A VoiceLink that is heard by a list."""

    available = True

    def __init__(self) -> None:
        self.said: list[Heard] = []
        self.sounds: list[str] = []
        self.done: list[str] = []  # everything else that was asked of it

    def say(self, text: str, language: str, private: bool) -> None:
        self.said.append((text, language, private))

    def sound(self, sound: Sound) -> None:
        self.sounds.append(sound.value)

    def hush(self) -> None:
        self.done.append("hush")

    def louder(self) -> None:
        self.done.append("louder")

    def softer(self) -> None:
        self.done.append("softer")

    def headset(self, plugged: bool) -> None:
        self.done.append("plugged" if plugged else "pulled")

    def reset(self) -> None:
        self.done.append("reset")


class Ears(finger.Finger):
    """A finger that was taken away; what is left is a keypad under the hand and a headset."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.recorder = Recorder()
        stage.reader._spoken.voice = self.recorder

    def _take(self, asked: Asked, replies: Any) -> None:
        if asked["do"] == "listen":
            self._listen(asked, replies, round(float(asked.get("within", 0)) * 1000))
        else:
            super()._take(asked, replies)

    def _listen(self, asked: Asked, replies: Any, left_ms: int) -> None:
        said = self.recorder.said[int(asked["after"]) :]
        wanted = asked.get("for", [])
        if not wanted or any(word in text for text, _, _ in said for word in wanted):
            replies.put({"said": said, "sounds": self.recorder.sounds})
        elif left_ms <= 0:
            replies.put(CannotBeDone(f"nobody said any of {wanted}, but {[text for text, _, _ in said]}"))
        else:
            again = finger.LOOK_AGAIN_MS
            QTimer.singleShot(again, lambda: self._listen(asked, replies, left_ms - again))

    def _do(self, asked: Asked) -> dict[str, Any]:
        match asked["do"]:
            case "key":
                QTest.keyClick(self._window, Qt.Key[f"Key_{asked['key']}"])
                return {}
            case "wait" | "look":
                return super()._do(asked)
            case other:
                raise CannotBeDone(f"ears cannot {other}")


if __name__ == "__main__":
    finger.Finger = Ears
    sys.exit(kiosk_under_test.main())
