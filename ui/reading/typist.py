"""Typing by keypad: the raised keyboard's keys as a grid, each said when it is reached and again when it is pressed.

Whatever is said of keys is private: who hears which keys are passed hears what is typed.
"""

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtQuick import QQuickItem, QQuickWindow

from ui.keyboard.facade import Keyboard
from ui.reading import grid, spelling, walk
from ui.reading.keypad import Key
from ui.reading.phrases import Teller

Say = Callable[[str, bool], None]
"""A text, and whether it is private."""


class Typist:
    """One field at a time. `closed` is called when the keyboard has gone down."""

    def __init__(self, window: QQuickWindow, keyboard: Keyboard, say: Say, closed: Callable[[], None]) -> None:
        self._window = window
        self._keyboard = keyboard
        self._say = say
        self._closed = closed
        self.field: QQuickItem | None = None
        self.at: grid.KeyStop | None = None
        self._put = ""  # what the last key put into the field
        self._undone = ""  # or what it took away, as a word of `reading.typing`
        keyboard.committed.connect(self._committed)
        keyboard.erased.connect(lambda: self._took("erased"))
        keyboard.cleared.connect(lambda: self._took("cleared"))

    def _committed(self, text: str) -> None:
        self._put += text

    def _took(self, word: str) -> None:
        self._undone = word

    def begun(self) -> bool:
        """Whether a field has come to be typed in that was not before; then the cursor stands amid its keys."""
        field = grid.typed_into(self._window)
        keys = grid.keys(self._window) if field is not None else []
        if not keys:
            self.forget()
            return False
        if field == self.field:
            return False
        self.field = field
        whole = QRectF()
        for one in keys:
            whole = whole.united(one.place)
        self.at = grid.nearest(keys, whole)
        return True

    def forget(self) -> None:
        """No field, no key, no echo."""
        self.field = self.at = None
        self._put = self._undone = ""

    def lower(self) -> None:
        """Take the keyboard down; what was typed stays."""
        field = grid.typed_into(self._window)
        if field is not None:
            field.setProperty("focus", False)
        self.forget()

    def work(self, key: Key, tell: Teller) -> None:
        """A key of the keypad while a field is typed in."""
        keys = grid.keys(self._window)
        at = next((one for one in keys if self.at is not None and one.item == self.at.item), None)
        if at is None:
            at = grid.nearest(keys, self.at.place if self.at is not None else QRectF())
        if key is Key.BACK:
            self._leave(tell)
        elif key is Key.HELP:
            typed = str(self.field.property("text")) if self.field is not None else ""
            self._say(tell.joined(tell("help.typing"), tell("typing.count", count=len(typed))), False)
        elif at is not None and key is Key.OK:
            self._press(at, tell)
        elif at is not None:
            there = grid.neighbour(keys, at, key)
            self.at = there or at
            self._say(tell.key(there.name) if there else tell("edge"), True)

    def _press(self, at: grid.KeyStop, tell: Teller) -> None:
        self.at = at
        self._put = self._undone = ""
        keyboard = self._keyboard
        letters = str(keyboard.letters)
        walk.press(at.item)
        if grid.typed_into(self._window) is None:
            self.forget()
            self._closed()
        elif self._put:
            self._say(tell.character(spelling.content(self._put)), True)
        elif self._undone:
            self._say(tell(f"typing.{self._undone}"), True)
        elif keyboard.composing and str(keyboard.letters) != letters:
            self._say(self._composed(tell), True)
        else:
            self._say(tell.key(at.name), True)

    def _composed(self, tell: Teller) -> str:
        letters, cells = str(self._keyboard.letters), self._keyboard.property("cells")
        if not cells:
            return tell("typing.none", letters=letters)
        return tell("typing.likely", letters=letters, text=tell.character(str(cells[0]["text"])))

    def _leave(self, tell: Teller) -> None:
        if self._keyboard.composing:
            self._keyboard.clear()
            self._say(tell("typing.dropped"), False)
            return
        self.lower()
        self._closed()
