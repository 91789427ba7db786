"""Facades of the pages before a person is known: closed, attract, home, item, identify, consent."""

from PySide6.QtCore import Signal, Slot

from kiosk.journeys.events import Pressed
from ui.screens.facade import Facade, TypingFacade, echoed, listed, told


class ClosedScreen(Facade):
    """Closed: why, since when, whom to call."""

    LISTS = (("lines", "lines_changed"),)
    changed = Signal()
    lines_changed = Signal(name="linesChanged")
    title = told("title", str, changed)
    lines = listed("lines", lines_changed)
    code = told("code", str, changed)
    phone = told("phone", str, changed)


class AttractScreen(Facade):
    """The lit doorway that waits for somebody."""

    changed = Signal()
    title = told("title", str, changed)
    line = told("line", str, changed)
    other = told("other_line", str, changed)
    place = told("place", str, changed)
    open = told("open_now", bool, changed)
    notice = told("notice", str, changed)
    news = told("news", str, changed)

    @Slot()
    def start(self) -> None:
        """The glass was touched anywhere."""
        self.post(Pressed("start"))


class HomeScreen(Facade):
    """What can be done here."""

    LISTS = (("blocks", "blocks_changed"), ("items", "items_changed"))
    changed = Signal()
    blocks_changed = Signal(name="blocksChanged")
    items_changed = Signal(name="itemsChanged")
    question = told("question", str, changed)
    notice = told("notice", str, changed)
    heading = told("heading", str, changed)
    news = told("news", str, changed)
    blocks = listed("blocks", blocks_changed)
    items = listed("items", items_changed)

    @Slot(str)
    def chooseItem(self, code: str) -> None:
        """A tile was touched."""
        self.post(Pressed(f"item:{code}"))


class ItemScreen(Facade):
    """One item, told before anybody identifies."""

    LISTS = (("facts", "facts_changed"), ("lines", "lines_changed"))
    changed = Signal()
    facts_changed = Signal(name="factsChanged")
    lines_changed = Signal(name="linesChanged")
    title = told("title", str, changed)
    summary = told("summary", str, changed)
    facts = listed("facts", facts_changed)
    lines = listed("lines", lines_changed)
    ready = told("can_now", bool, changed)
    reason = told("reason", str, changed)


class IdentifyScreen(TypingFacade):
    """Card, code or pickup code. What is typed is the pickup code."""

    ECHO = "code_typed"
    LISTS = (("ways", "ways_changed"),)
    changed = Signal()
    typed_changed = Signal(name="typedChanged")
    ways_changed = Signal(name="waysChanged")
    question = told("question", str, changed)
    state = told("state", str, changed)
    spot = told("spot", str, changed)
    message = told("message", str, changed)
    ways = listed("ways", ways_changed)
    typed = echoed(typed_changed)

    @Slot(str)
    def typeCode(self, text: str) -> None:
        """The pickup code after a key."""
        self.key("pickup_code", text)


class ConsentScreen(Facade):
    """What is done with the person's data, before it is done."""

    LISTS = (("short", "points_changed"),)
    changed = Signal()
    points_changed = Signal(name="pointsChanged")
    question = told("question", str, changed)
    points = listed("short", points_changed)
    full = told("full", str, changed)
    office = told("office", str, changed)
