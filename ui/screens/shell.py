"""The facade of what stands on every page: head, steps, person, foot, countdown; and the one way Views come in."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Property, QElapsedTimer, Signal, Slot

from kiosk.journeys.events import LanguageChosen, ModeChosen, Pressed, StillHere
from kiosk.modes import ALL_OFF, Mode, Modes
from kiosk.view import View
from ui.screens.facade import MAP, Facade, Post, listed, row, told

STILL_HERE_EVERY_MS = 1000
SAME_PRESS_MS = 350  # a trembling finger presses twice within this: once is meant


def _choice(name: str, notify: Signal) -> Property:
    return Property(MAP, lambda self: row(getattr(self.body, name, None)) or {}, notify=notify)


def _mode(mode: Mode, notify: Signal) -> Property:
    return Property(bool, lambda self: self.modes.has(mode), notify=notify)


class Shell(Facade):
    """The frame around the pages. `visitChanged` comes before anything of the next visit is shown."""

    LISTS = (("language", "language_changed"), ("steps", "steps_changed"), ("choices", "choices_changed"))

    changed = Signal()
    modes_changed = Signal(name="modesChanged")
    page_changed = Signal(name="pageChanged")
    visit_changed = Signal(name="visitChanged")
    language_changed = Signal(name="languageChanged")
    switching = Signal()  # a language or a mode is about to be asked for: what is half typed is put where it belongs
    warned = Signal()  # nobody seems to be there: what is half typed is put where it belongs, before it is too late
    steps_changed = Signal(name="stepsChanged")
    choices_changed = Signal(name="choicesChanged")
    foot_changed = Signal(name="footChanged")

    page = told("page", str, page_changed)
    language = told("language", str, language_changed)
    elder = _mode(Mode.ELDER, modes_changed)
    contrast = _mode(Mode.CONTRAST, modes_changed)
    low = _mode(Mode.LOW, modes_changed)
    magnify = _mode(Mode.MAGNIFY, modes_changed)
    covered = _mode(Mode.HIDDEN, modes_changed)
    visit = told("visit", int, visit_changed)
    place = told("place", str, changed)
    help = told("help", str, changed)
    clock = told("clock", str, changed)
    network = told("network", str, changed)
    steps = listed("steps", steps_changed)
    person = Property(MAP, lambda self: row(getattr(self.body, "person", None)) or {}, notify=changed)
    back = _choice("back", foot_changed)
    leave = _choice("leave", foot_changed)
    next = _choice("next", foot_changed)
    choices = listed("choices", choices_changed)
    countdown = Property(MAP, lambda self: row(getattr(self.body, "countdown", None)) or {}, notify=changed)

    def __init__(self, post: Post, labels: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(post)
        self._labels = labels  # language -> key -> sentence
        self._pages: Mapping[str, Facade] = {}
        self._since_touch = QElapsedTimer()
        self._since_press = QElapsedTimer()
        self._pressed = ""

    @property
    def modes(self) -> Modes:
        """What is switched on."""
        modes: Modes = getattr(self.body, "modes", ALL_OFF)
        return modes

    @Property(MAP, notify=language_changed)
    def words(self) -> dict[str, str]:
        """The few fixed labels of the screen itself, in the page's language."""
        return dict(self._labels.get(getattr(self.body, "language", "zh"), {}))

    def manage(self, pages: Mapping[str, Facade]) -> None:
        """Name the facade of each page."""
        self._pages = pages

    def take(self, view: View) -> None:
        """Show a View. When the visit is another one, everything of the one before is dropped first."""
        before: View | None = self.body
        if before is not None and before.visit != view.visit:
            for page in self._pages.values():
                page.forget()
            self._since_touch.invalidate()
            self.show(None)
            self.visit_changed.emit()
            before = None
        self._pages[view.page].show(view.body)
        self.show(view)
        if view.countdown is not None and (before is None or before.countdown is None):
            self.warned.emit()  # before another page takes the keyboard down
        if before is None or before.page != view.page:
            self._pressed = ""
            self.page_changed.emit()

    def before_changed(self, before: Any, body: Any) -> None:
        if any(getattr(before, name, None) != getattr(body, name, None) for name in ("back", "leave", "next")):
            self.foot_changed.emit()
        if getattr(before, "modes", ALL_OFF) != getattr(body, "modes", ALL_OFF):
            self.modes_changed.emit()

    @Slot(str)
    def press(self, ask: str) -> None:
        """A button was touched."""
        if ask == self._pressed and self._since_press.isValid() and self._since_press.elapsed() < SAME_PRESS_MS:
            return
        self._pressed = ask
        self._since_press.start()
        self.post(Pressed(ask))

    @Slot()
    def stillHere(self) -> None:
        """Somebody is here and said so."""
        self.post(StillHere())

    @Slot()
    def touched(self) -> None:
        """The glass was touched, anywhere: reported at most once a second, and only while the page is a person's."""
        if not getattr(self.body, "restless", False):
            return
        if self._since_touch.isValid() and self._since_touch.elapsed() < STILL_HERE_EVERY_MS:
            return
        self._since_touch.start()
        self.post(StillHere())

    @Slot()
    def switchLanguage(self) -> None:
        """The other language, please."""
        self.switching.emit()
        self.post(LanguageChosen("en" if getattr(self.body, "language", "zh") == "zh" else "zh"))

    @Slot()
    def switchElder(self) -> None:
        """Larger or normal type, please."""
        self.switchMode(Mode.ELDER.value)

    @Slot(str)
    def switchMode(self, name: str) -> None:
        """A way of seeing or reaching on or off, please."""
        mode = Mode(name)
        self.switching.emit()
        self.post(ModeChosen(mode, not self.modes.has(mode)))
