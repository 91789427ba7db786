"""Every page in every state, both languages, normal and large type: drawn whole, named, and large enough to touch."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem

from kiosk.view import Page
from tests.ui.samples import views
from tests.ui.stage import Bench

MM_PER_PX = 0.248
SMALLEST_TOUCH_MM = {False: 20.0, True: 24.0}  # in large type
SMALLEST_TYPE_MM = 4.5
HAIR = 1.5  # pixels by which a rounded length may stand out

CASES = [(name, language, elder) for language in ("zh", "en") for elder in (False, True) for name in views("zh")]


def holder(item: QQuickItem) -> QQuickItem | None:
    """The sheet, button or box an item stands in."""
    above = item.parentItem()
    while above is not None:
        if above.inherits("QQuickRectangle") or above.inherits("QQuickAbstractButton"):
            return above
        if above.objectName() in ("head", "foot"):
            return above
        above = above.parentItem()
    return None


def whole(bench: Bench, item: QQuickItem) -> list[str]:
    """What is cut off of a text."""
    text = item.property("text")
    wrong = []
    if item.property("truncated"):
        wrong.append(f"shortened: {text!r}")
    if item.property("contentWidth") > item.width() + HAIR:
        wrong.append(f"wider than its box: {text!r}")
    area, box = bench.area(item), holder(item)
    if area.left() < -HAIR or area.right() > bench.window.width() + HAIR:
        wrong.append(f"off the glass: {text!r}")
    if box is not None and box.parentItem() is not None:
        edge = bench.area(box)
        if not edge.adjusted(-HAIR, -HAIR, HAIR, HAIR).contains(area):
            wrong.append(f"out of its sheet: {text!r} {area} {edge}")
    if item.property("font").pixelSize() * MM_PER_PX < SMALLEST_TYPE_MM and item.property("color").alpha():
        wrong.append(f"too small to read: {text!r}")
    return wrong


@pytest.mark.parametrize(("name", "language", "elder"), CASES)
def test_nothing_is_cut_off_unnamed_or_too_small_to_touch(bench: Bench, name: str, language: str, elder: bool) -> None:
    bench.sample(name, language, elder=elder)
    wrong = []
    for item in bench.items():
        if item.inherits("QQuickText") and item.property("text"):
            wrong += whole(bench, item)
        if item.inherits("QQuickAbstractButton") and item.isEnabled():
            text = str(item.property("text"))
            told = QAccessible.queryAccessibleInterface(item)
            if not text or told is None or told.text(QAccessible.Text.Name) != text:
                wrong.append(f"a button without a name at {bench.area(item)}")
            if min(item.width(), item.height()) * MM_PER_PX < SMALLEST_TOUCH_MM[elder]:
                wrong.append(f"too small to touch: {text!r} {item.width()}x{item.height()}")
    assert wrong == []


def seen(bench: Bench, item: QQuickItem) -> QRectF:
    """Where it can be seen: what a scrolling page cuts off lies under nothing."""
    area, above = bench.area(item), item.parentItem()
    while above is not None:
        if above.clip():
            area = area.intersected(bench.area(above))
        above = above.parentItem()
    return area


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_buttons_lie_on_each_other(bench: Bench, language: str) -> None:
    for name in views(language):
        if name in ("countdown",) or name.startswith("attract"):
            continue  # there the one above is meant to lie over the page
        bench.sample(name, language)
        places = [
            (str(item.property("text")), seen(bench, item))
            for item in bench.buttons()
            if item.property("text") != bench.stage.shell.words["screen.more_below"]
        ]
        foot = [item for item in bench.items() if item.objectName() == "foot"]
        for at, (one, area) in enumerate(places):
            for other, there in places[at + 1 :]:
                low = not foot or area.bottom() <= bench.area(foot[0]).top() or there.top() >= area.top()
                crossing = area.intersected(there)
                assert not low or min(crossing.width(), crossing.height()) < HAIR, f"{name}: {one} and {other}"


def test_every_page_has_a_sample() -> None:
    assert {view.page for view in views("zh").values()} == set(Page)


def test_a_field_speaks_its_label_and_its_error(bench: Bench) -> None:
    bench.sample("form-error")
    phone = bench.fields()[0]
    told = QAccessible.queryAccessibleInterface(phone)
    assert told is not None
    assert told.text(QAccessible.Text.Name) == "联系电话"
    assert "11 位" in told.text(QAccessible.Text.Description)
    assert told.role() == QAccessible.Role.EditableText


def test_a_landscape_window_shows_the_whole_page_in_its_middle(bench: Bench) -> None:
    bench.sample("guide")
    bench.window.resize(1920, 1080)
    bench.settle()
    for item in bench.buttons():
        area = bench.area(item)
        assert 0 <= area.left() < area.right() <= 1920
        assert 0 <= area.top() < area.bottom() <= 1080
    middle = (min(bench.area(item).left() for item in bench.buttons())
              + max(bench.area(item).right() for item in bench.buttons())) / 2  # fmt: skip
    assert abs(middle - 960) < 30
