"""The tactile keypad of those who do not see the screen."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field

from kiosk.settings.group import Group, YesNo, described

NAMES = (
    frozenset(
        "Up Down Left Right Return Enter Escape Backspace Space Tab Home End PageUp PageDown Insert Delete Plus Minus "
        "Asterisk Slash Period Comma Equal Menu Pause Print ScrollLock Help VolumeUp VolumeDown VolumeMute MediaPlay "
        "MediaStop MediaNext MediaPrevious A B C D E F G H I J K L M N O P Q R S T U V W X Y Z".split()
    )
    | {f"F{number}" for number in range(1, 36)}
    | {str(digit) for digit in range(10)}
)
"""Keys that a keypad may send, by the names Qt has for them."""


def _known(text: str) -> str:
    for name in text.split():
        if name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, 1)
            raise ValueError(f"no key is called {name}" + (f"; {near[0]} is" if near else ""))
    return text


KeyNames = Annotated[str, Field(max_length=120, pattern=r"^[A-Za-z0-9 ]*$"), AfterValidator(_known)]


class Keypad(Group):
    """The tactile keypad; docs/accessibility.md. It is a USB keyboard: name the keys that it sends, a space between."""

    up: KeyNames = described("The item before; a key higher up while typing.", "Up")
    down: KeyNames = described("The next item; a key further down while typing.", "Down")
    left: KeyNames = described("Say it again; a key to the left while typing.", "Left")
    right: KeyNames = described("Tell more; a key to the right while typing.", "Right")
    ok: KeyNames = described("Press, choose, begin typing.", "Return Enter")
    back: KeyNames = described("Back; closes the keyboard.", "Escape Backspace")
    help: KeyNames = described("What this page is for; pressed again: where am I.", "F1")
    louder: KeyNames = described("Louder.", "Plus VolumeUp")
    softer: KeyNames = described("Softer.", "Minus VolumeDown")
    headset: KeyNames = described("A headset plugged in, or out: for a keypad with one key for both.", "F9")
    headset_in: KeyNames = described("A headset plugged in, where the keypad tells it as a key.", "")
    headset_out: KeyNames = described("A headset pulled out, where the keypad tells it as a key.", "")
    touch_sound: YesNo = described("Answer every touch of the glass with the key sound.", True)

    @property
    def keys(self) -> Mapping[str, Sequence[str]]:
        """Meaning -> names of keys."""
        return {name: str(text).split() for name, text in self if name != "touch_sound"}
