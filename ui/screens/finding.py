"""Facades of the pages on which an item is found: lists, the tree of life, search, the guide."""

from PySide6.QtCore import Signal, Slot

from ui.screens.facade import Facade, TypingFacade, echoed, listed, told


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


class SearchScreen(TypingFacade):
    """What is being searched, and what fits."""

    ECHO = "query"
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
    typed = echoed(typed_changed)

    @Slot(str)
    def write(self, text: str) -> None:
        """What is searched, after a key."""
        self.key("search", text)


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
