"""A finger on the real screen: finds what stands on the glass by its accessible name, and touches it through Qt."""

from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from demo.glass import Asked, CannotBeDone, answers, field_of, label_of, place_among, seen
from kiosk.view import View
from kiosk.words import Words
from ui.app import Stage
from ui.pictures import ASSETS

LOOK_AGAIN_MS = 20
DRAGS = 12
FRAMES = 2
"""Frames after which a new View is laid out and on the glass."""
SETTLE_MS = 60
"""The keyboard rises and the page makes room."""

Reply = Callable[[dict[str, Any]], None]


class Finger(QObject):
    """Works on the screen's thread; `do` is called from another and waits. Implements `demo.glass.Hand`."""

    asked = Signal(object, object)

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self._window = stage.window
        self._words = Words.load(ASSETS / "i18n")
        self._frames = 0
        self._drawn: View | None = None  # the View whose frames are counted
        self._drawn_at = 0
        self.asked.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._window.frameSwapped.connect(self._frame)

    # ---- from the control post's thread

    def do(self, asked: Asked) -> dict[str, Any]:
        replies: SimpleQueue[dict[str, Any] | CannotBeDone] = SimpleQueue()
        self.asked.emit(asked, replies)
        told = replies.get()
        if isinstance(told, CannotBeDone):
            raise told
        return told

    # ---- on the screen's thread

    @Slot()
    def _frame(self) -> None:
        self._frames += 1

    @property
    def _view(self) -> View | None:
        view: View | None = self._stage.shell.body
        return view

    @Slot(object, object)
    def _take(self, asked: Asked, replies: "SimpleQueue[dict[str, Any] | CannotBeDone]") -> None:
        if asked["do"] == "wait":
            self._wait(asked, replies, round(float(asked.get("within", 20.0)) * 1000))
            return
        if not self._at_rest():
            QTimer.singleShot(LOOK_AGAIN_MS, lambda: self._take(asked, replies))
            return
        try:
            replies.put(self._do(asked))
        except CannotBeDone as why:
            replies.put(why)

    def _wait(self, asked: Asked, replies: "SimpleQueue[dict[str, Any] | CannotBeDone]", left_ms: int) -> None:
        if self._at_rest() and answers(self._view, asked):
            replies.put(seen(self._view))
        elif left_ms <= 0:
            replies.put(CannotBeDone(f"waited for {asked}; there is {seen(self._view)}"))
        else:
            QTimer.singleShot(LOOK_AGAIN_MS, lambda: self._wait(asked, replies, left_ms - LOOK_AGAIN_MS))

    def _at_rest(self) -> bool:
        """Whether the page stands still and the newest View has been laid out and drawn: nobody touches sooner."""
        navigator = self._window.findChild(QQuickItem, "navigator")
        if navigator is None or navigator.property("busy") or any(map(is_loading, self._items())):
            return False
        if self._drawn is not self._view:
            self._drawn, self._drawn_at = self._view, self._frames
        if self._frames < self._drawn_at + FRAMES:
            self._window.update()
            return False
        return True

    def _do(self, asked: Asked) -> dict[str, Any]:
        view = self._view
        if view is None:
            raise CannotBeDone("the glass is empty")
        match asked["do"]:
            case "look":
                return seen(view) | {"names": [name for name, _ in self._named()], "texts": self._texts()}
            case "press":
                self._touch(self._find(label_of(view, asked["ask"]), place_among(view, asked["ask"])))
            case "tap":
                self._touch(self._find(asked["name"]))
            case "keys":
                for name in asked["names"]:
                    self._touch(self._find(name))
            case "type":
                self._write(view, asked)
            case "field":
                self._touch(self._find_field(field_of(view, asked["field"])[0]))
                QTest.qWait(SETTLE_MS)
                return {"names": [name for name, _ in self._named()]}
            case "code":
                self._touch(self._find_field())
                for digit in asked["text"]:
                    self._touch(self._find(digit))
                self._touch(self._find(self._said("keyboard.done")))
            case "head":
                word = "screen.other_language"
                if asked["what"] == "elder":
                    word = "screen.normal_type" if view.modes.elder else "screen.large_type"
                self._touch(self._find(self._said(word)))
            case "still_here":
                self._touch(self._find(self._said("screen.still_here")))
            case "picture":
                self._window.grabWindow().save(asked["file"])
            case "where":
                return {"places": [self._place(item) for name, item in self._named() if name == asked["name"]]}
            case other:
                raise CannotBeDone(f"a person cannot {other}")
        return {}

    def _said(self, key: str) -> str:
        return self._words.say(key, self._stage.shell.body.language)

    # ---- what stands on the glass

    def _items(self) -> Iterator[QQuickItem]:
        """Everything that can be seen, from the back to the front."""
        return standing(self._window.contentItem())

    def _named(self) -> Iterator[tuple[str, QQuickItem]]:
        """What can be touched, with its accessible name."""
        for item in self._items():
            if not item.isEnabled() or not _touchable(item):
                continue
            told = QAccessible.queryAccessibleInterface(item)
            if told is not None and (name := told.text(QAccessible.Text.Name)):
                yield name, item

    def _texts(self) -> list[str]:
        return [str(item.property("text")) for item in self._items() if item.inherits("QQuickText")]

    def _find(self, name: str, place: int | None = None) -> QQuickItem:
        """The thing of that name; `place` counts from the top left where several have it."""
        found = [item for each, item in self._named() if each == name]
        if not found:
            raise CannotBeDone(f"nothing on the glass is named {name!r}: {[each for each, _ in self._named()]}")
        if place is not None and place < len(found):
            return sorted(found, key=lambda item: (self._area(item).top(), self._area(item).left()))[place]
        return found[-1]

    def _find_field(self, name: str = "") -> QQuickItem:
        for each, item in self._named():
            if item.inherits("QQuickTextInput") and name in ("", each):
                return item
        raise CannotBeDone(f"no field {name!r} on the glass")

    def _area(self, item: QQuickItem) -> QRectF:
        return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))

    def _place(self, item: QQuickItem) -> list[int]:
        """[x, y] of its middle in the window, after it was brought into sight."""
        self._bring_into_sight(item)
        middle = self._area(item).center().toPoint()
        return [middle.x(), middle.y()]

    # ---- touching

    def _touch(self, item: QQuickItem) -> None:
        self._bring_into_sight(item)
        middle = self._area(item).center().toPoint()
        QTest.mouseClick(self._window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)

    def _bring_into_sight(self, item: QQuickItem) -> None:
        """Push the page with the finger until the item's middle can be seen."""
        shelf = item.parentItem()
        while shelf is not None and not shelf.inherits("QQuickFlickable"):
            shelf = shelf.parentItem()
        if shelf is None:
            return
        for _ in range(DRAGS):
            view, thing = self._area(shelf), self._area(item)
            room = min(thing.height() / 2, view.height() / 4)
            below = thing.center().y() + room - view.bottom()
            above = view.top() - (thing.center().y() - room)
            if below <= 0 and above <= 0:
                return
            self._drag(view, -min(below, view.height() * 0.6) if below > 0 else min(above, view.height() * 0.6))
        raise CannotBeDone("it cannot be brought into sight")

    def _drag(self, view: QRectF, by: float) -> None:
        slack = 24.0 if by > 0 else -24.0  # what Qt waits for before it believes in a drag
        start = QPointF(view.left() + 6, view.center().y() - (by + slack) / 2)
        steps = 12
        QTest.mousePress(self._window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start.toPoint())
        for step in range(1, steps + 1):
            at = QPoint(round(start.x()), round(start.y() + (by + slack) * step / steps))
            QTest.mouseMove(self._window, at, 8)
        QTest.qWait(150)  # held still: no throw
        end = QPoint(round(start.x()), round(start.y() + by + slack))
        QTest.mouseRelease(self._window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
        QTest.qWait(30)

    def _write(self, view: View, asked: Asked) -> None:
        label, kind, _ = field_of(view, asked["field"])
        if kind == "choice":
            self._touch(self._find(asked["text"]))
            return
        self._touch(self._find_field(label))
        QTest.qWait(SETTLE_MS)
        for _ in range(int(asked.get("erase", 0))):
            self._touch(self._find(self._said("keyboard.delete")))
        for key in asked.get("keys") or list(asked["text"]):
            self._touch(self._find(key))
        self._touch(self._find(self._said("keyboard.done")))


def standing(item: QQuickItem) -> Iterator[QQuickItem]:
    """The item and everything within it that can be seen, from the back to the front."""
    if not item.isVisible() or item.opacity() == 0:
        return
    yield item
    for child in item.childItems():
        yield from standing(child)


def is_loading(item: QQuickItem) -> bool:
    """Whether it is a picture of ours that is still being drawn."""
    source = item.property("source")
    return isinstance(source, QUrl) and source.toString().startswith("image://") and item.property("progress") < 1


def _touchable(item: QQuickItem) -> bool:
    if item.inherits("QQuickAbstractButton"):
        return True
    return bool(item.inherits("QQuickTextInput")) and not item.property("readOnly")
