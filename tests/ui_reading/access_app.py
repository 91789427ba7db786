"""The screen for an assistive program to read: `python -m tests.ui_reading.access_app`, told what to show line by line.

A line is JSON. `{"show": NAME, "language": "zh"}` shows a sample page and answers with what can be worked there;
`{"events": true}` answers with what the mind was asked since. It runs where DISPLAY and a session bus are.
"""

import json
import os
import queue
import sys
import threading
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "xcb")
os.environ["QT_LINUX_ACCESSIBILITY_ALWAYS_ON"] = "1"

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtQuick import QQuickItem

from kiosk.journeys.events import Event, Pressed, Typed
from tests.ui.stage import Bench

IDLE_MS = 50


def main() -> int:
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(lines,), daemon=True).start()
    bench = Bench()
    _tell({"ready": True})
    while True:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, IDLE_MS)
        if lines.empty():
            continue
        line = lines.get()
        if line is None:
            bench.close()
            return 0
        _tell(_do(bench, json.loads(line)))


def _do(bench: Bench, asked: dict[str, Any]) -> dict[str, Any]:
    if "show" in asked:
        bench.fresh()
        bench.sample(asked["show"], asked["language"], countdown=None)
        return {"worked": [_kind(item) for item in bench.items() if _worked(item)]}
    bench.settle()
    return {"events": [_event(one) for one in bench.mind.events]}


def _worked(item: QQuickItem) -> bool:
    """What a finger can work now: what lies wholly beyond the edge of a scrolling page is reached by its arrows."""
    if not _in_sight(item):
        return False
    if item.inherits("QQuickAbstractButton"):
        return item.isEnabled()
    return bool(item.inherits("QQuickTextInput"))


def _in_sight(item: QQuickItem) -> bool:
    around = item.parentItem()
    while around is not None:
        if around.clip():
            place = item.mapRectToItem(around, item.boundingRect())
            if not place.intersects(around.boundingRect()):
                return False
        around = around.parentItem()
    return True


def _kind(item: QQuickItem) -> str:
    return "field" if item.inherits("QQuickTextInput") else str(item.property("text"))


def _event(event: Event) -> str:
    match event:
        case Pressed(ask=ask):
            return f"pressed {ask}"
        case Typed(name=name):
            return f"typed {name}"
        case _:
            return type(event).__name__


def _read(lines: "queue.SimpleQueue[str | None]") -> None:
    for line in sys.stdin:
        lines.put(line)
    lines.put(None)


def _tell(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
