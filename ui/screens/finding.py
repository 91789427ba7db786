"""Facades of the pages on which an item is found: lists, the tree of life, search, the guide."""

from typing import Any

from PySide6.QtCore import Property, Signal, Slot

from kiosk.journeys.events import Typed
from ui.screens.facade import Echo, Facade, Post, listed, told


class ListScreen(Facade):
    """The items of a block or of an event of a life, and where else to go."""

    LISTS = (("items", "items_changed"), ("lines", "lines_changed"))
    changed = Signal()
    items_changed = Signal(name="itemsChanged")
    lines_changed = Signal(name="linesChanged")
    question = told("question", str, changed)
    icon = told("icon", str, changed)
    notice = told("notice", str, changed)
    items = listed("items", items_changed)
    lines = listed("lines", lines_changed)


class TreeScreen(Facade):
    """What happens in a life."""

    LISTS = (("events", "events_changed"),)
    changed = Signal()
    events_changed = Signal(name="eventsChanged")
    question = told("question", str, changed)
    notice = told("notice", str, changed)
    events = listed("events", events_changed)


class SearchScreen(Facade):
    """What is being searched, and what fits. What is typed is echoed by the mind and kept nowhere else."""

    LISTS = (("items", "items_changed"), ("events", "events_changed"))
    changed = Signal()
    typed_changed = Signal(name="typedChanged")
    items_changed = Signal(name="itemsChanged")
    events_changed = Signal(name="eventsChanged")
    question = told("question", str, changed)
    label = told("label", str, changed)
    hint = told("hint", str, changed)
    message = told("message", str, changed)
    heading = told("heading", str, changed)
    items = listed("items", items_changed)
    events = listed("events", events_changed)

    def __init__(self, post: Post) -> None:
        super().__init__(post)
        self._echo = Echo()

    @Property(str, notify=typed_changed)
    def typed(self) -> str:
        """What is searched, as it stands on the glass."""
        return self._echo.text

    @Slot(str)
    def write(self, text: str) -> None:
        """What is searched, after a key."""
        if self._echo.sent(text):
            self.typed_changed.emit()
            self.post(Typed("search", text))

    def before_changed(self, before: Any, body: Any) -> None:
        if self._echo.heard(getattr(before, "query", None), getattr(body, "query", None)):
            self.typed_changed.emit()


class GuideScreen(Facade):
    """One question of an item's guide, or why it ends here."""

    LISTS = (("lines", "lines_changed"),)
    changed = Signal()
    lines_changed = Signal(name="linesChanged")
    question = told("question", str, changed)
    item = told("item", str, changed)
    step = told("step", str, changed)
    hint = told("hint", str, changed)
    chosen = told("chosen", str, changed)
    why = told("why", str, changed)
    lines = listed("lines", lines_changed)
