"""The tactile keypad: a USB keyboard of ten keys or so, whose key events are taken before any page sees them.

Nobody types on a real keyboard here: every key that the settings name is the keypad's, and no other does anything.
"""

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputEvent, QKeyEvent, QMouseEvent


class Key(enum.StrEnum):
    """What the keys of a keypad mean; the value is also its field in the settings."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    OK = "ok"
    BACK = "back"
    HELP = "help"
    LOUDER = "louder"
    SOFTER = "softer"
    HEADSET = "headset"  # plugged in where it was out, and the other way round
    HEADSET_IN = "headset_in"
    HEADSET_OUT = "headset_out"


REPEATED = frozenset({Key.UP, Key.DOWN, Key.LEFT, Key.RIGHT, Key.LOUDER, Key.SOFTER})
"""What a key held down may do again and again."""

USUAL: dict[str, tuple[str, ...]] = {
    "up": ("Up",), "down": ("Down",), "left": ("Left",), "right": ("Right",), "ok": ("Return", "Enter"),
    "back": ("Escape", "Backspace"), "help": ("F1",), "louder": ("Plus", "VolumeUp"), "softer": ("Minus", "VolumeDown"),
    "headset": ("F9",), "headset_in": (), "headset_out": (),
}  # fmt: skip


class KeypadPlan(Protocol):
    """The keypad, as settings describe it."""

    @property
    def keys(self) -> Mapping[str, Sequence[str]]:
        """Meaning (a value of Key) -> names of keys, as Qt writes them without "Key_"."""

    @property
    def touch_sound(self) -> bool:
        """Whether a finger on the glass is answered by the key sound too."""


@dataclass(frozen=True)
class Keys:
    """A plain KeypadPlan."""

    keys: Mapping[str, Sequence[str]] = field(default_factory=lambda: USUAL)
    touch_sound: bool = True


def codes(plan: KeypadPlan) -> dict[int, Key]:
    """Qt's key codes -> what they mean. Raises KeyError for a name that Qt does not have."""
    found: dict[int, Key] = {}
    for key in Key:
        for name in plan.keys.get(key.value, ()):
            found[Qt.Key[f"Key_{name}"].value] = key
    return found


class Keypad(QObject):
    """Installed on the window as its event filter: `pressed` for each key of the keypad, `touched` for each finger."""

    def __init__(self, plan: KeypadPlan, pressed: Callable[[Key], None], touched: Callable[[], None]) -> None:
        super().__init__()
        self._codes = codes(plan)
        self._pressed = pressed
        self._touched = touched if plan.touch_sound else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take key events; let everything else go on."""
        match event.type():
            case QEvent.Type.KeyPress if isinstance(event, QKeyEvent):
                key = self._codes.get(event.key())
                if key is None:
                    return False
                if key in REPEATED or not event.isAutoRepeat():
                    self._pressed(key)
                return True
            case QEvent.Type.KeyRelease if isinstance(event, QKeyEvent):
                return event.key() in self._codes
            case QEvent.Type.TouchBegin | QEvent.Type.MouseButtonPress if isinstance(event, QInputEvent):
                if self._touched is not None and not _made_up(event):
                    self._touched()
        return False


def _made_up(event: QInputEvent) -> bool:
    """Whether Qt made this mouse press out of a touch that was told already."""
    return isinstance(event, QMouseEvent) and event.source() is not Qt.MouseEventSource.MouseEventNotSynthesized
