"""What the pad does under a finger; run by test_panel.py in a process of its own."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from tests.ui_keyboard.glass import Glass
from tests.ui_keyboard.hands import SIZE, by_hand, taught
from tests.ui_keyboard.touched import faults
from ui.keyboard.zinnia import Stroke

LANDSCAPE_BUDGET = 480
FACES = [
    (kind, language, elder, wide)
    for kind in ("address", "pinyin")
    for language in ("zh", "en")
    for elder in (False, True)
    for wide in (False, True)
]


class Finger:
    """Writes on the pad of a glass, by touch or with a mouse."""

    def __init__(self, glass: Glass) -> None:
        self.glass = glass
        self.device = QTest.createTouchDevice()

    def cells(self) -> list[QQuickItem]:
        return [item for item in self.glass.items() if item.metaObject().className().startswith("HandCell")]

    def area(self, cell: int) -> QRectF:
        return self.glass.area(self.cells()[cell])

    def path(self, cell: int, stroke: Stroke) -> list[QPoint]:
        area = self.area(cell)
        scale = min(area.width(), area.height()) * 0.8 / SIZE
        corner = area.center() - QPoint(round(SIZE / 2), round(SIZE / 2)).toPointF() * scale
        return [QPoint(round(corner.x() + x * scale), round(corner.y() + y * scale)) for x, y in stroke]

    def stroke(self, cell: int, stroke: Stroke) -> None:
        """By touch."""
        points = self.path(cell, stroke)
        window = self.glass.window
        QTest.touchEvent(window, self.device, False).press(0, points[0], window).commit()
        for point in points[1:]:
            QTest.touchEvent(window, self.device, False).move(0, point, window).commit()
            QCoreApplication.processEvents()
        QTest.touchEvent(window, self.device, False).release(0, points[-1], window).commit()
        QCoreApplication.processEvents()

    def stroke_by_mouse(self, cell: int, stroke: Stroke) -> None:
        points = self.path(cell, stroke)
        none = Qt.KeyboardModifier.NoModifier
        QTest.mousePress(self.glass.window, Qt.MouseButton.LeftButton, none, points[0])
        for point in points[1:]:
            QTest.mouseMove(self.glass.window, point)
            QCoreApplication.processEvents()
        QTest.mouseRelease(self.glass.window, Qt.MouseButton.LeftButton, none, points[-1])
        QCoreApplication.processEvents()

    def write(self, text: str, cell: int = 0) -> None:
        """A character, and wait for its candidates."""
        for stroke in by_hand(text, 1):
            self.stroke(cell, stroke)
        self.read()

    def read(self) -> None:
        self.glass.until(lambda: not self.glass.keyboard.property("searching"))
        self.glass.settle()

    def ink(self, cell: int) -> int:
        """How many pixels of the cell are ink."""
        self.glass.settle()
        area = self.area(cell).toRect().adjusted(8, 8, -8, -60)
        picture = self.glass.window.grabWindow().copy(area).convertToFormat(QImage.Format.Format_RGB32)
        ink = self.glass.theme.property("ink")
        assert isinstance(ink, QColor)
        return bytes(picture.constBits()).count(ink.rgb().to_bytes(4, "little"))


@pytest.fixture(scope="session")
def the_glass() -> Iterator[Glass]:
    made = Glass()
    yield made
    made.close()


@pytest.fixture(scope="session")
def one_finger(the_glass: Glass) -> Finger:
    return Finger(the_glass)


@pytest.fixture
def glass(the_glass: Glass) -> Glass:
    the_glass.theme.set_landscape(False)
    the_glass.open("address")
    the_glass.touch("手写")
    return the_glass


@pytest.fixture
def finger(glass: Glass, one_finger: Finger) -> Finger:
    return one_finger


def test_a_character_is_written_and_picked(glass: Glass, finger: Finger) -> None:
    finger.write("浦")
    assert "浦" in glass.names()[:5]
    assert finger.ink(0) > 100
    glass.touch("浦")
    assert glass.text == "浦"
    assert finger.ink(0) == 0


def test_an_address_is_written_in_a_row_from_cell_to_cell(glass: Glass, finger: Finger) -> None:
    written = "上海市浦东新区".replace("海", "青").replace("东", "南")  # characters of another's hand
    for number, text in enumerate(written):
        finger.write(text, number % 2)
    glass.touch("完成")
    assert len(glass.text) == len(written)
    glass.touch("完成")
    assert glass.text == written
    assert glass.item("field").property("activeFocus") is False


def test_a_mouse_writes_too(glass: Glass, finger: Finger) -> None:
    for stroke in taught("王"):
        finger.stroke_by_mouse(1, stroke)
    finger.read()
    glass.touch("王")
    assert glass.text == "王"


def test_ink_stands_as_it_was_drawn_until_a_stroke_is_taken_back(glass: Glass, finger: Finger) -> None:
    strokes = taught("王")
    amounts = []
    for stroke in strokes:
        finger.stroke(0, stroke)
        amounts.append(finger.ink(0))
    assert amounts == sorted(set(amounts))
    finger.read()
    glass.touch("撤一笔")
    assert amounts[1] < finger.ink(0) < amounts[3]
    glass.touch("更多字")  # the grid stands in place of the pad, and the pad comes back with its ink
    glass.touch("更多字")
    assert amounts[1] < finger.ink(0) < amounts[3]
    glass.touch("重写")
    assert finger.ink(0) == 0
    assert glass.keyboard.property("composing") is False


def test_a_cell_takes_the_stroke_that_leaves_it(glass: Glass, finger: Finger) -> None:
    finger.stroke(0, [(SIZE / 2, SIZE / 2), (SIZE * 1.2, SIZE / 2), (SIZE * 2, SIZE / 2)])
    finger.read()
    assert len(glass.keyboard.property("ink")) == 1
    assert glass.keyboard.property("inkCell") == 0


def test_a_second_finger_in_another_cell_changes_nothing(glass: Glass, finger: Finger) -> None:
    window = glass.window
    one, two = finger.path(0, [(20, 20), (200, 20)]), finger.path(1, [(20, 20), (200, 20)])
    QTest.touchEvent(window, finger.device, False).press(0, one[0], window).commit()
    QTest.touchEvent(window, finger.device, False).stationary(0).press(1, two[0], window).commit()
    QTest.touchEvent(window, finger.device, False).move(0, one[1], window).move(1, two[1], window).commit()
    QTest.touchEvent(window, finger.device, False).stationary(0).release(1, two[1], window).commit()
    QTest.touchEvent(window, finger.device, False).release(0, one[1], window).commit()
    finger.read()
    assert len(glass.keyboard.property("ink")) == 1
    assert glass.keyboard.property("inkCell") == 0


def test_the_end_of_a_visit_leaves_no_ink(glass: Glass, finger: Finger) -> None:
    finger.write("李")
    glass.keyboard.reset()
    glass.settle()
    assert "李" not in "".join(glass.texts())
    assert glass.keyboard.property("ink") == []


def test_places_are_put_together_by_touch_alone(glass: Glass) -> None:
    glass.touch("浦东新区", "更多字", "张江镇")
    assert glass.text == "浦东新区张江镇"
    glass.touch("拼音", *"zu", "祖", "祖冲之路", *"1687", "弄")
    assert glass.text == "浦东新区张江镇祖冲之路1687弄"


@pytest.mark.parametrize(("kind", "language", "elder", "wide"), FACES)
def test_every_key_of_the_pad_is_named_large_enough_and_whole(
    glass: Glass, finger: Finger, kind: str, language: str, elder: bool, wide: bool
) -> None:
    glass.theme.set_landscape(wide)
    glass.open(kind, language, elder)
    wrong: list[str] = []
    for panel in ("hand", "pinyin", "english", "digits"):
        glass.keyboard.switchPanel(panel)
        glass.settle()
        wrong += faults(glass)
    glass.keyboard.switchPanel("hand")
    glass.settle()
    finger.write("王")
    wrong += faults(glass)
    glass.keyboard.expand()
    glass.settle()
    wrong += faults(glass)
    assert wrong == []
    if wide and not elder:
        assert glass.item("panel").height() <= LANDSCAPE_BUDGET
