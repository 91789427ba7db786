"""The keys of the raised keyboard as a grid to be walked with four keys."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem, QQuickWindow

from ui.reading.keypad import Key
from ui.reading.walk import KEYBOARD, area

SAME_ROW = 0.5
"""Two keys stand in one row when they overlap by this part of the lower of them."""


@dataclass(frozen=True)
class KeyStop:
    """One key: its name, where it stands, and whether it is the chosen one of several."""

    item: QQuickItem
    name: str
    place: QRectF
    on: bool = False

    def beside(self, other: "KeyStop") -> bool:
        """Whether the other stands in this one's row."""
        top = max(self.place.top(), other.place.top())
        bottom = min(self.place.bottom(), other.place.bottom())
        return bottom - top > SAME_ROW * min(self.place.height(), other.place.height())


def typed_into(window: QQuickWindow) -> QQuickItem | None:
    """The field that is being typed in."""
    # Its value and not `activeFocusItem()`: the binding ties what that returns to the window for good, alive or not.
    focus: QQuickItem | None = window.property("activeFocusItem")
    if focus is None or not focus.inherits("QQuickTextInput") or focus.property("readOnly"):
        return None
    return focus


def keys(window: QQuickWindow) -> list[KeyStop]:
    """Every key that can be pressed now; none while the keyboard is down."""
    panel = _panel(window.contentItem())
    found: list[KeyStop] = []
    if panel is not None:
        _gather(panel, found)
    return found


def _panel(item: QQuickItem) -> QQuickItem | None:
    if not item.isVisible():
        return None
    if item.metaObject().className().startswith(KEYBOARD):
        return item
    for child in item.childItems():
        found = _panel(child)
        if found is not None:
            return found
    return None


def _gather(item: QQuickItem, found: list[KeyStop]) -> None:
    if not item.isVisible() or item.opacity() == 0:
        return
    if item.inherits("QQuickAbstractButton"):
        told = QAccessible.queryAccessibleInterface(item)
        name = told.text(QAccessible.Text.Name).strip() if told is not None else ""
        raw = str(item.property("text") or "")
        if item.isEnabled() and (name or raw):
            state = told.state() if told is not None else None
            found.append(KeyStop(item, name or raw, area(item), bool(state and state.checked)))
        return
    for child in item.childItems():
        _gather(child, found)


def nearest(stops: list[KeyStop], place: QRectF) -> KeyStop | None:
    """The key that stands where one stood."""
    middle = place.center()

    def far(stop: KeyStop) -> float:
        off = stop.place.center() - middle
        return off.x() ** 2 + off.y() ** 2

    return min(stops, key=far, default=None)


def neighbour(stops: list[KeyStop], at: KeyStop, way: Key) -> KeyStop | None:
    """The next key that way; None at the edge."""
    middle = at.place.center()
    if way in (Key.LEFT, Key.RIGHT):
        sign = 1 if way is Key.RIGHT else -1
        row = [one for one in stops if one.beside(at) and sign * (one.place.center().x() - middle.x()) > 1]
        return min(row, key=lambda one: sign * one.place.center().x(), default=None)
    sign = 1 if way is Key.DOWN else -1
    beyond = [one for one in stops if not one.beside(at) and sign * (one.place.center().y() - middle.y()) > 1]
    first = min(beyond, key=lambda one: sign * one.place.center().y(), default=None)
    if first is None:
        return None
    row = [one for one in beyond if one.beside(first)]
    return min(row, key=lambda one: abs(one.place.center().x() - middle.x()))
