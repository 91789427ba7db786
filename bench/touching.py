"""In the terminal's process: a finger on the real screen, and when the glass had changed under it.

A touch is injected as Qt's own touch event; its time runs until the end of the first frame that was drawn after the
touched thing had changed (`pressed`, or the caret's arrival), and, after the finger has left, until the end of the
first frame that shows what was asked for: the next page, the typed digit, the other language. The renderer draws on the
screen's own thread, so a frame that ends after a change holds it. `proved` compares the pictures before and after.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QEventLoop, QPoint, QRectF, QTimer, QUrl
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtQml import QQmlComponent
from PySide6.QtQuick import QQuickItem, QQuickView, QQuickWindow
from PySide6.QtTest import QTest

from bench.durable import application
from bench.inside import terminal_of
from bench.outside import ask
from demo.finger import standing
from kiosk.view import AttractBody, Choice, HomeBody, Page, View
from kiosk.wiring import Terminal
from kiosk.words import Words
from ui.app import Stage, prepare
from wire.deeds import Accepted

LONGEST_WAIT_MS = 20_000
HOLD_MS = (30, 90)
"""A finger stays down about so long."""
PAUSE_MS = (40, 160)
"""And lingers so long before the next touch."""
LAID_OUT_MS = 25
"""What has just come is laid out and drawn by then: nobody touches what cannot be seen yet."""
UPLOAD, UPLOADS = 20_000_000, 4
"""Bytes of a large submission, and how many of them are put in line at a time."""
WARM_UP = 5
MOST_LAPS = 20
A_FEW = 10
"""Up to so many touches it is a look whether the bench works, without a warm-up and in haste."""
HASTE = 0.1
"""Of the time that a finger takes."""
BARE = b"""
import QtQuick
Rectangle {
    color: "white"
    Rectangle { anchors.centerIn: parent; width: 480; height: 160; color: finger.pressed ? "black" : "gray" }
    MouseArea { id: finger; objectName: "finger"; anchors.fill: parent }
}
"""
"""The least that a touch can change: one rectangle on an empty window."""

Known = Callable[[], bool]


class Glass:
    """A window, a finger, and the moments at which frames were done."""

    def __init__(self, window: QQuickWindow) -> None:
        self.window = window
        self._device = QTest.createTouchDevice()
        self._chance = random.Random(5)
        self._wanted: Known | None = None
        self._at = 0.0
        self.pace = 1.0
        self._loop = QEventLoop()
        window.frameSwapped.connect(self._drawn)

    def _drawn(self) -> None:
        if self._wanted is not None and self._wanted():
            self._at = time.perf_counter()
            self._wanted = None
            self._loop.quit()

    def until_drawn(self, act: Callable[[], None], wanted: Known, what: str) -> float:
        """Milliseconds from `act` to the end of the first frame drawn after `wanted` holds."""
        self._wanted = wanted
        began = time.perf_counter()
        act()
        if self._wanted is not None:
            late = QTimer(singleShot=True, interval=LONGEST_WAIT_MS)
            late.timeout.connect(self._loop.quit)
            late.start()
            self._loop.exec()
            late.stop()
        if self._wanted is not None:
            raise TimeoutError(f"no frame ever showed: {what}")
        return (self._at - began) * 1000

    def press(self, at: QPoint) -> None:
        touch = QTest.touchEvent(self.window, self._device, False)
        touch.press(0, at, self.window)
        touch.commit()

    def release(self, at: QPoint) -> None:
        touch = QTest.touchEvent(self.window, self._device, False)
        touch.release(0, at, self.window)
        touch.commit()

    def linger(self, between: tuple[int, int]) -> None:
        """Let the screen live on for a while, as it does between touches."""
        self.wait(round(self._chance.randint(*between) * self.pace))

    def wait(self, ms: int) -> None:
        QTimer.singleShot(ms, self._loop.quit)
        self._loop.exec()

    def until(self, wanted: Known, what: str) -> None:
        """Wait, unmeasured."""
        deadline = time.monotonic() + LONGEST_WAIT_MS / 1000
        while not wanted():
            if time.monotonic() > deadline:
                raise TimeoutError(f"never happened: {what}")
            self.wait(10)


class Finger:
    """Touches what has an accessible name on the terminal's screen, and keeps the times."""

    def __init__(self, stage: Stage, words: Words) -> None:
        self.glass = Glass(stage.window)
        self._stage = stage
        self._words = words
        self.pressed_ms: list[float] = []
        self.answered_ms: dict[str, list[float]] = {"page": [], "same page": []}
        self.proved: list[str] = []
        self.unproved: list[str] = []
        self._seen: set[str] = set()
        self._uploads: Uploads | None = None

    def begin(self, uploads: "Uploads | None") -> None:
        """Count anew; with `uploads`, only touches during which one was under way from beginning to end."""
        self.pressed_ms, self.answered_ms = [], {"page": [], "same page": []}
        self._uploads = uploads

    @property
    def view(self) -> View:
        view: View = self._stage.shell.body
        return view

    def said(self, key: str) -> str:
        return self._words.say(key, self.view.language)

    def items(self) -> Iterator[QQuickItem]:
        return standing(self._stage.window.contentItem())

    def find(self, name: str) -> QQuickItem | None:
        """The front-most button of that name."""
        for item in reversed(list(self.items())):
            if item.isEnabled() and item.inherits("QQuickAbstractButton"):
                told = QAccessible.queryAccessibleInterface(item)
                if told is not None and told.text(QAccessible.Text.Name) == name:
                    return item
        return None

    def field(self) -> QQuickItem:
        """The topmost thing that can be typed into."""
        for item in self.items():
            if item.inherits("QQuickTextInput") and not item.property("readOnly"):
                return item
        raise LookupError(f"nothing to type into on {self.view.page}")

    def at_rest(self) -> bool:
        navigator = self._stage.window.findChild(QQuickItem, "navigator")
        loading = (
            isinstance(source := item.property("source"), QUrl)
            and source.toString().startswith("image://")
            and item.property("progress") < 1
            for item in self.items()
        )
        return navigator is not None and not navigator.property("busy") and not any(loading)

    def touch(self, name: str, answered: Known, *, turns: bool = False) -> None:
        """Touch the button of this name; `answered` tells that what it asks for has come. `turns`: to another page."""
        page = self.view.page
        what = f"{name!r} on the page {page}"
        self.glass.until(lambda: self.at_rest() and self.find(name) is not None, what)
        self.glass.wait(LAID_OUT_MS)
        item = self.find(name)
        assert item is not None
        at = middle(item)
        before = None if what in self._seen else self.glass.window.grabWindow()
        pressed = self.glass.until_drawn(lambda: self.glass.press(at), lambda: bool(item.property("pressed")), what)
        if before is not None:
            self._seen.add(what)
            changed = self.glass.window.grabWindow() != before
            (self.proved if changed else self.unproved).append(what)
        self.glass.linger(HOLD_MS)
        took = self.glass.until_drawn(lambda: self.glass.release(at), answered, f"the answer to {what}")
        if self._uploads is None or self._uploads.running:
            self.pressed_ms.append(pressed)
            self.answered_ms["page" if turns else "same page"].append(took)
        self.glass.linger(PAUSE_MS)

    # ---- a lap over the pages

    def lap(self) -> None:
        """Attract, home, a pickup code; then a card, consent and a form; out again. About forty touches."""
        self.start()
        language = self.view.language
        self.touch(self.said("screen.other_language"), lambda: self.view.language != language)
        self.touch(self.said("screen.large_type"), lambda: self.view.modes.elder)
        self.touch(self.said("screen.normal_type"), lambda: not self.view.modes.elder)
        self.touch(self.block("apply"), self.on(Page.LIST), turns=True)
        self.touch(self.label("back"), self.on(Page.HOME), turns=True)
        self.choose("juzhuzheng-pickup")
        self.touch(self.label("next"), self.on(Page.IDENTIFY), turns=True)
        self.type("20261122")
        self.out()
        if not self._uploads or self.glass.pace == 1.0:
            self.with_a_card()

    def with_a_card(self) -> None:
        """The second half of a lap; in haste only once, without uploads."""
        self.start()
        self.choose("jinglaoka")
        self.touch(self.label("next"), self.on(Page.GUIDE), turns=True)
        question = self.view.body
        self.touch(self.view.choices[0].label, lambda: self.view.body != question)
        self.touch(self.view.choices[0].label, self.on(Page.IDENTIFY), turns=True)
        ask("lay", "elder")
        self.glass.until(lambda: self.view.page in (Page.CONSENT, Page.FORM), "the card was read")
        ask("lift")
        if self.view.page is Page.FORM:  # what the lap before left was kept for this card
            restored = self.view.body
            self.touch(self.view.choices[0].label, lambda: self.view.body != restored)
        if self.view.page is Page.CONSENT:
            self.touch(self.label("next"), self.on(Page.FORM), turns=True)
        self.type("13800000000")
        self.out()

    def on(self, page: Page) -> Known:
        return lambda: self.view.page is page

    def label(self, way: str) -> str:
        choice: Choice | None = getattr(self.view, way)
        assert choice is not None, f"no {way} on the page {self.view.page}"
        return choice.label

    def block(self, name: str) -> str:
        body = self.view.body
        assert isinstance(body, HomeBody)
        return next(tile.label for tile in body.blocks if tile.block == name)

    def tile(self, code: str) -> str:
        body = self.view.body
        return next(tile.title for tile in body.items if tile.code == code) if isinstance(body, HomeBody) else ""

    def start(self) -> None:
        self.feed()
        body = self.view.body
        assert isinstance(body, AttractBody)
        self.touch(body.title, self.on(Page.HOME), turns=True)

    def feed(self) -> None:
        """Between two touches: see to it that an upload is under way."""
        if self._uploads is not None:
            self._uploads.feed()

    def choose(self, code: str) -> None:
        self.feed()
        self.touch(self.tile(code), self.on(Page.ITEM), turns=True)

    def type(self, digits: str) -> None:
        """A finger on the field raises the keyboard; then key by key."""
        self.feed()
        self.glass.until(self.at_rest, "the page is at rest")
        field = self.field()
        self.glass.press(middle(field))
        self.glass.linger(HOLD_MS)
        self.glass.release(middle(field))
        self.glass.until(lambda: bool(field.property("activeFocus")), "the field is typed into")
        for count, digit in enumerate(digits, 1):
            self.touch(digit, partial(holds, field, digits[:count]))
        self.touch(self.said("keyboard.done"), lambda: not field.property("activeFocus"))

    def out(self) -> None:
        """Leave, and back to the doorway."""
        gone = (Page.RATING, Page.LEAVING, Page.GOODBYE)
        self.touch(self.label("leave"), lambda: self.view.page in gone, turns=True)
        if self.view.page is Page.RATING:
            self.touch(self.label("next"), lambda: self.view.page in (Page.LEAVING, Page.GOODBYE), turns=True)
        self.glass.until(self.on(Page.GOODBYE), "goodbye")
        self.touch(self.label("next"), self.on(Page.ATTRACT), turns=True)


def middle(item: QQuickItem) -> QPoint:
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height())).center().toPoint()


def holds(field: QQuickItem, text: str) -> bool:
    return bool(field.property("text") == text)


def bare(count: int) -> list[float]:
    """The same touches on an empty window of the same size: what Qt itself takes from a touch to a frame."""
    prepare()
    app = QGuiApplication.instance() or QGuiApplication(["nuanting"])
    view = QQuickView()
    component = QQmlComponent(view.engine())
    component.setData(QByteArray(BARE), QUrl())
    root = component.create()
    assert isinstance(root, QQuickItem), component.errorString()
    view.setContent(QUrl(), component, root)
    view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
    view.resize(1080, 1920)
    view.show()
    glass = Glass(view)
    if count <= A_FEW:
        glass.pace = HASTE
    area = root.findChild(QQuickItem, "finger")
    assert area is not None
    took = []
    for _ in range(count + WARM_UP):
        glass.linger(PAUSE_MS)
        took.append(
            glass.until_drawn(lambda: glass.press(middle(area)), lambda: bool(area.property("pressed")), "bare")
        )
        glass.linger(HOLD_MS)
        glass.until_drawn(lambda: glass.release(middle(area)), lambda: not area.property("pressed"), "bare, released")
    view.close()
    del app
    return took[WARM_UP:]


class Uploads:
    """Large submissions on their way to central by the terminal's own sync, one after the other."""

    def __init__(self, terminal: Terminal, at_a_time: int) -> None:
        self._terminal = terminal
        self._at_a_time = at_a_time
        self._chance = random.Random(3)
        self.sent = 0

    def feed(self) -> None:
        """Put more in line when the line is short."""
        if self.left > 1:
            return
        ask("cut")  # so that the first does not go while the others are being written
        for _ in range(self._at_a_time):
            letter, files = application(f"UPLOAD-{self.sent}", UPLOAD, self._chance)
            assert isinstance(self._terminal.store.accept(letter, subject=letter.case, files=files), Accepted)
            self.sent += 1
        ask("mend")
        self._terminal.sync.try_now()

    @property
    def left(self) -> int:
        """Letters not yet acknowledged."""
        return self._terminal.store.waiting().letters

    @property
    def running(self) -> bool:
        return self.left > 0


@contextmanager
def on_glass(settings_file: Path) -> Iterator[tuple[Terminal, Words, Stage]]:
    """The terminal with its words and its screen, begun; it ends with the block."""
    prepare()
    app = QGuiApplication.instance() or QGuiApplication(["nuanting"])
    terminal, words, plan = terminal_of(settings_file)
    stage = Stage(terminal.mind, plan, words)
    stage.open(plan)
    terminal.start()
    try:
        yield terminal, words, stage
    finally:
        terminal.stop()
        stage.close()
    del app


def touches(settings_file: Path, count: int) -> dict[str, Any]:
    """Times in milliseconds: `idle` and `uploading`, each (pressed, page, same page), and what was proved."""
    found: dict[str, Any] = {}
    with on_glass(settings_file) as (terminal, words, stage):
        finger = Finger(stage, words)
        finger.glass.until(lambda: finger.view is not None and finger.view.page is Page.ATTRACT, "open for business")
        if count > A_FEW:
            finger.lap()  # every page has been drawn once
        else:
            finger.glass.pace = HASTE
        for name in ("idle", "uploading"):
            uploads = Uploads(terminal, UPLOADS if count > A_FEW else 1) if name == "uploading" else None
            finger.begin(uploads)
            laps = 0
            while (len(finger.pressed_ms) < count or not all(finger.answered_ms.values())) and laps < MOST_LAPS:
                finger.lap()
                laps += 1
            found[name] = [finger.pressed_ms, finger.answered_ms["page"], finger.answered_ms["same page"]]
            found["sent"] = uploads.sent if uploads else 0
        found["proved"], found["unproved"] = len(finger.proved), finger.unproved
        found["size"] = [stage.window.width(), stage.window.height()]
    return found
