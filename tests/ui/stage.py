"""A real screen without a glass: the fake mind that feeds it and remembers what it was asked."""

import io
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPoint, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from demo.finger import is_loading, standing
from kiosk.journeys.events import Event
from kiosk.modes import Modes
from kiosk.view import View
from kiosk.words import Words
from tests.ui.samples import views
from ui.app import Stage, prepare
from ui.link import Glass, MindLink

ROOT = Path(__file__).resolve().parents[2]
LONGEST_WAIT_S = 20.0
LOOK_AGAIN_MS = 20


class FakeMind(MindLink):
    """Records events, feeds Views from a thread of its own, and hands out a drawn page."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.asked_papers: list[str] = []
        self._callback: Callable[[View], None] = lambda view: None

    def subscribe(self, callback: Callable[[View], None]) -> None:
        self._callback = callback

    def post(self, event: Event) -> None:
        self.events.append(event)

    def paper_image(self, name: str) -> bytes | None:
        self.asked_papers.append(name)
        return None if name == "gone" else paper()

    def show(self, view: View) -> None:
        """As the real mind does: from another thread."""
        thread = threading.Thread(target=self._callback, args=(view,), name="mind")
        thread.start()
        thread.join()


@cache
def paper() -> bytes:
    """A page that looks a little like a form."""
    sheet = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((420, 140, 820, 190), fill="black")
    for row in range(16):
        pen.rectangle((140, 300 + row * 80, 1100, 380 + row * 80), outline="black", width=3)
        pen.rectangle((170, 326 + row * 80, 330, 352 + row * 80), fill="gray")
        pen.rectangle((420, 326 + row * 80, 520 + row * 31, 352 + row * 80), fill="black")
    pen.ellipse((860, 1480, 1060, 1680), outline="red", width=6)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def until(true: Callable[[], bool], what: str) -> None:
    """Let Qt work until something holds; fails by a deadline, with a name."""
    deadline = time.monotonic() + LONGEST_WAIT_S
    alarm = QTimer()
    alarm.start(LOOK_AGAIN_MS)  # some things become true without an event of Qt's
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"never happened: {what}")
        turn()


def turn() -> None:
    """One turn of the program's own loop: wait for an event, do all that follows from it, delete what was to go.

    Without `exec` Qt keeps what was told to go from outside of an event, as by a resize in a test: such rows of pages
    long gone live on, and work out their texts anew with every View.
    """
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, LOOK_AGAIN_MS)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class Bench:
    """The screen and its fake mind, with a finger."""

    def __init__(self, calm: bool = True, glass: Glass | None = None) -> None:
        prepare()
        # Qt waits 5 ms before each frame, for more to draw in it: half the time of a page here, and nothing to see.
        os.environ.setdefault("QT_QPA_UPDATE_IDLE_TIME", "0")
        self.app = QGuiApplication.instance() or QGuiApplication(["nuanting"])
        self.mind = FakeMind()
        self.visits = 0
        plan = glass or Glass(reduced_motion=calm)
        self.words = Words.load(ROOT / "assets" / "i18n")
        self.stage = Stage(self.mind, plan, self.words)
        self.window = self.stage.window
        self.frames = 0
        self.window.frameSwapped.connect(self._count)
        self.window.resize(1080, 1920)
        self.window.show()

    def fresh(self) -> None:
        """Another visit than any before, in the ordinary window, nothing asked yet."""
        self.visits += 1
        self.window.resize(1080, 1920)
        self.settle()
        self.mind.events.clear()
        self.mind.asked_papers.clear()

    def sample(self, name: str, language: str = "zh", **changes: Any) -> View:
        """Show a sample of this visit, changed where wanted; returns what was shown."""
        if "elder" in changes:
            changes["modes"] = Modes(elder=changes.pop("elder"))
        view = replace(views(language)[name], visit=self.visits, **changes)
        self.show(view)
        self.mind.events.clear()
        return view

    def close(self) -> None:
        self.stage.close()

    def show(self, view: View) -> None:
        """Feed a View and wait until it is on the glass and quiet."""
        self.mind.show(view)
        until(lambda: self.stage.shell.body is view, f"view {view.page}")
        until(lambda: not self.navigator().property("busy"), "the page has come to rest")
        self.settle()

    def settle(self) -> None:
        """Let what is queued happen and be laid out and drawn, pictures included."""
        for _ in range(2):
            drawn = self.frames
            self.window.update()
            until(lambda now=drawn: self.frames > now, "a frame")  # type: ignore[misc]
        until(lambda: not any(map(is_loading, self.items())), "pictures are there")

    def _count(self) -> None:
        self.frames += 1

    def navigator(self) -> QQuickItem:
        found = self.window.findChild(QQuickItem, "navigator")
        assert found is not None
        return found

    def items(self) -> Iterator[QQuickItem]:
        """Everything that can be seen, from the back to the front."""
        return standing(self.window.contentItem())

    def buttons(self) -> list[QQuickItem]:
        return [item for item in self.items() if item.inherits("QQuickAbstractButton") and item.isEnabled()]

    def button(self, text: str) -> QQuickItem:
        found = [item for item in self.buttons() if item.property("text") == text]
        assert found, f"no button {text!r} among {[item.property('text') for item in self.buttons()]}"
        return found[-1]

    def fields(self) -> list[QQuickItem]:
        """What can be typed into, from the top."""
        return [item for item in self.items() if item.inherits("QQuickTextInput") and not item.property("readOnly")]

    def type(self, text: str) -> None:
        """Touch the keys of the raised keyboard, one after the other."""
        for key in text:
            self.touch(self.button(key))

    def texts(self) -> list[str]:
        """Every text that can be read now."""
        return [
            str(item.property("text"))
            for item in self.items()
            if item.inherits("QQuickText") or item.inherits("QQuickTextInput")
        ]

    def area(self, item: QQuickItem) -> QRectF:
        """Where it is on the glass."""
        return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))

    def touch(self, item: QQuickItem) -> None:
        """A finger on the middle of it."""
        middle = item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()
        self.touch_at(middle)

    def touch_at(self, point: QPoint) -> None:
        QTest.mouseClick(self.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
        self.settle()
