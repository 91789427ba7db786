"""The keyboard alone on a glass that is not there: `python -m tests.ui_keyboard.glass --out DIR` draws its faces."""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

import shiboken6
from PySide6.QtCore import QCoreApplication, QEventLoop, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest

from demo.finger import is_loading, standing
from kiosk.modes import Modes
from kiosk.words import LANGUAGES, Words
from ui.app import load_fonts, prepare, register
from ui.keyboard.engine import open_engine
from ui.keyboard.facade import LABELS, Keyboard, labels
from ui.keyboard.handwriting import open_hand
from ui.link import Glass as ScreenGlass
from ui.pictures import IconPictures
from ui.screens.shell import Shell
from ui.theme import Look, Theme

ROOT = Path(__file__).resolve().parents[2]
TYPING = Path(__file__).resolve().with_name("Typing.qml")
LONGEST_WAIT_S = 20.0


def every_label(words: Words, beginning: str) -> dict[str, dict[str, str]]:
    own = [key for key in words.sentences if key.startswith(beginning)]
    return {language: {key: words.sentence(key).text(language) for key in own} for language in LANGUAGES}


class Glass:
    """One in a process: an engine may own the singletons only once."""

    def __init__(self) -> None:
        prepare()
        self.app = QGuiApplication.instance() or QGuiApplication(["keyboard"])
        words = Words.load(ROOT / "assets" / "i18n")
        self.look = Look()
        load_fonts(self.look)
        self.theme = Theme(self.look, ScreenGlass(reduced_motion=True))
        self.shell = Shell(lambda event: None, every_label(words, "screen."))
        self.keyboard = Keyboard(open_engine(), labels(every_label(words, LABELS)), open_hand())
        register(self.theme, self.shell, self.keyboard)
        self.qml = QQmlApplicationEngine()
        self.qml.addImageProvider("icon", IconPictures(self.look.schemes))
        self.qml.load(QUrl.fromLocalFile(str(TYPING)))
        window = self.qml.rootObjects()[0]
        assert isinstance(window, QQuickWindow)
        self.window = window
        self.window.show()
        self.open()

    def open(self, kind: str = "address", language: str = "zh", elder: bool = False) -> None:
        """An empty field of this kind."""
        self.theme.set_modes(Modes(elder=elder))
        self.window.setProperty("second", True)
        self.window.setProperty("kind", kind)
        self.window.setProperty("language", language)
        self.window.setProperty("second", False)
        for name in ("field", "other"):
            self.item(name).setProperty("text", "")
        self.settle()

    def until(self, true: Callable[[], bool]) -> None:
        """Let things happen until it is so."""
        deadline = time.monotonic() + LONGEST_WAIT_S
        while not true():
            assert time.monotonic() < deadline, "it never came"
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def settle(self) -> None:
        """Let what is queued happen, pictures included."""
        QCoreApplication.processEvents()
        deadline = time.monotonic() + LONGEST_WAIT_S
        while any(map(is_loading, self.items())):
            assert time.monotonic() < deadline, "pictures never came"
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        QCoreApplication.processEvents()

    def item(self, name: str) -> QQuickItem:
        found = self.window.findChild(QQuickItem, name)
        assert found is not None, name
        return found

    @property
    def text(self) -> str:
        """What stands in the field."""
        return str(self.item("field").property("text"))

    def items(self) -> Iterator[QQuickItem]:
        """Everything that can be seen, from the back to the front."""
        return standing(self.window.contentItem())

    def texts(self) -> list[str]:
        """The text of everything there is, seen or not."""
        waiting, texts = [self.window.contentItem()], []
        while waiting:
            item = waiting.pop()
            waiting += item.childItems()
            texts.append(str(item.property("text")))
        return texts

    def keys(self, true: Callable[[QQuickItem], bool] = lambda item: True) -> list[QQuickItem]:
        return [
            item for item in self.items() if item.inherits("QQuickAbstractButton") and item.isEnabled() and true(item)
        ]

    def names(self) -> list[str]:
        return [str(key.property("text")) for key in self.keys()]

    def area(self, item: QQuickItem) -> QRectF:
        return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))

    def touch(self, *names: str) -> None:
        """A finger on the key of this name, one after the other."""
        for name in names:
            found = self.keys(lambda item, name=name: item.property("text") == name)  # type: ignore[misc]
            assert found, f"no key {name!r} among {self.names()}"
            middle = found[0].mapToScene(QPointF(found[0].width() / 2, found[0].height() / 2)).toPoint()
            QTest.mouseClick(self.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
            QCoreApplication.processEvents()

    def close(self) -> None:
        self.window.hide()
        self.keyboard.close()
        shiboken6.delete(self.qml)


FACES = (
    ("idle", "address", (), ()),
    ("sentence", "address", "shanghaishiyangpuquchangyanglu", ()),
    ("name", "pinyin", "yun", ()),
    ("grid", "pinyin", "yun", ("expand",)),
    ("rare", "pinyin", "yan", ("expand", "showRare")),
    ("nothing", "pinyin", "iii", ()),
    ("english", "english", "abc", ("shift",)),
    ("numbers", "address", "", ("numbers",)),
    ("id", "id", "310", ()),
    ("phone", "phone", "138", ()),
)  # name, kind of the field, keys, what is asked afterwards


def draw(glass: Glass, folder: Path) -> None:
    """Every face of the keyboard, in both languages and sizes of type."""
    for elder, language in product((False, True), LANGUAGES):
        for name, kind, keys, asks in FACES:
            glass.open(kind, language, elder)
            glass.keyboard.switchPanel("pinyin")
            for one in keys:
                glass.keyboard.key(one)
            for ask in asks:
                glass.keyboard.switchPanel("digits") if ask == "numbers" else getattr(glass.keyboard, ask)()
            glass.settle()
            panel = glass.area(glass.item("panel")).toRect()
            picture = glass.window.grabWindow().copy(0, panel.top() - 120, 1080, panel.height() + 120)
            picture.save(str(folder / f"{language}-{'elder' if elder else 'normal'}-{name}.png"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    the_glass = Glass()
    draw(the_glass, out)
    the_glass.close()
