"""Where the person is among the window's stops, kept while pages change under it; and the mark that shows it."""

from PySide6.QtCore import QRectF
from PySide6.QtQuick import QQuickItem, QQuickWindow
from shiboken6 import isValid

from kiosk.view import View
from ui.reading import walk
from ui.reading.walk import Stop, Zone

MARK_ROOM = 40.0
"""Around a stop that is scrolled into sight, design pixels."""


class Cursor:
    """One place among the stops. `at` is the stop as it was when it was last told."""

    def __init__(self, window: QQuickWindow) -> None:
        self.window = window
        self.at: Stop | None = None
        self._number = 0

    @property
    def settled(self) -> bool:
        """Whether the page stands still."""
        return bool(self.window.property("settled"))

    def look(self, view: View) -> walk.Found:
        """The stops as they are now."""
        ways = (view.next, view.back, view.leave)
        return walk.look(self.window, tuple(text for way in ways if way for text in (way.label, way.reason) if text))

    def index(self, stops: list[Stop]) -> int:
        """The number of the stop it is on: the same item, else one that is called the same, else the same number."""
        at = self.at
        if at is not None:
            for number, one in enumerate(stops):
                if isValid(at.item) and one.item == at.item:
                    return number
            for number, one in enumerate(stops):
                if one.same(at):
                    return number
        return max(0, min(self._number, len(stops) - 1))

    def here(self, stops: list[Stop]) -> Stop | None:
        """The stop it is on."""
        return stops[self.index(stops)] if stops else None

    def go_to(self, stop: Stop | None, stops: list[Stop]) -> None:
        """Stand on this stop, and bring it into sight."""
        self.at = stop
        if stop is not None:
            self._number = stops.index(stop)
            if stop.zone is Zone.PAGE:
                walk.bring_into_sight(stop.item, MARK_ROOM)

    def forget(self) -> None:
        """Stand nowhere."""
        self.at, self._number = None, 0


def place_of(item: QQuickItem | None) -> QRectF:
    """Where the mark stands for an item, for a field around its frame; empty for one that is gone."""
    if item is None or not isValid(item) or not item.isVisible():
        return QRectF()
    frame = item.parentItem()
    return walk.area(frame if frame is not None and item.inherits("QQuickTextInput") else item)
