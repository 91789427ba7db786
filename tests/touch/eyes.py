"""The terminal's own program, watched and never touched from inside: `python -m tests.touch.eyes --control SOCKET …`.

Everything after the socket goes to `kiosk.main` as it is. What can be asked is what a pair of eyes can tell: which page
is there, what it says, how many strokes stand on the pad (a `look` tells `ink`, and `read` once all of it is read)
and where on the screen a thing is. Two requests more than `look`, `wait` and `picture`:
`{"do": "where", "name": … | "ask": … | "field": … | "pad": n}` ->
`{"place": [x, y, width, height], "shelf": [the same] | null}`, in the screen's pixels; the shelf is the part of a page
that scrolls, where the thing lies in one; the pad's cells are numbered as they stand. And `{"do": "touches"}` ->
`{"touches": n}`, how often a finger has left the glass: nothing is told before what such a touch did is drawn.
"""

import sys
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem

from demo import finger, kiosk_under_test
from demo.glass import Asked, CannotBeDone, field_of, label_of
from kiosk.view import View
from ui.app import Stage


class Eyes(finger.Finger):
    """A finger that has been tied down: it refuses whatever would touch."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._touches = 0
        self._touched_at = -finger.FRAMES
        self._window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._touches += 1
            self._touched_at = self._frames
        return False

    def _at_rest(self) -> bool:
        if self._frames < self._touched_at + finger.FRAMES:
            self._window.update()
            return False
        return super()._at_rest()

    def _do(self, asked: Asked) -> dict[str, Any]:
        view = self._view
        if view is None:
            raise CannotBeDone("the glass is empty")
        match asked["do"]:
            case "look":
                keyboard = self._stage.keyboard
                pad = {"ink": len(keyboard.property("ink")), "read": not keyboard.property("searching")}
                return super()._do(asked) | pad
            case "where":
                item = self._meant(view, asked)
                shelf = _shelf(item)
                return {"place": self._pixels(item), "shelf": None if shelf is None else self._pixels(shelf)}
            case "touches":
                return {"touches": self._touches}
            case "picture":  # of the X screen, not of what Qt thinks it has drawn
                self._window.screen().grabWindow(0).save(asked["file"])
                return {}
            case other:
                raise CannotBeDone(f"eyes cannot {other}")

    def _meant(self, view: View, asked: Asked) -> QQuickItem:
        if "pad" in asked:
            return self._cell(int(asked["pad"]))
        if "field" in asked:
            return self._find_field(field_of(view, asked["field"])[0])
        return self._find(label_of(view, asked["ask"]) if "ask" in asked else asked["name"])

    def _cell(self, number: int) -> QQuickItem:
        told = [(item, QAccessible.queryAccessibleInterface(item)) for item in self._items()]
        cells = [item for item, one in told if one is not None and one.role() == QAccessible.Role.Canvas]
        if number >= len(cells):
            raise CannotBeDone(f"the pad has {len(cells)} cells")
        return cells[number]

    def _pixels(self, item: QQuickItem) -> list[int]:
        area: QRectF = self._area(item)
        corner = self._window.mapToGlobal(area.topLeft())
        dots = self._window.devicePixelRatio()
        return [round(each * dots) for each in (corner.x(), corner.y(), area.width(), area.height())]


def _shelf(item: QQuickItem) -> QQuickItem | None:
    above = item.parentItem()
    while above is not None and not above.inherits("QQuickFlickable"):
        above = above.parentItem()
    return above


if __name__ == "__main__":
    finger.Finger = Eyes
    sys.exit(kiosk_under_test.main())
