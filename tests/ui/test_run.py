"""The whole screen in a process of its own: starts, shows, stops, obeys a signal, and says what is missing."""

import os
import subprocess
import sys

import pytest

from tests.ui.stage import ROOT

START = """
import sys
from pathlib import Path
from kiosk.view import AttractBody, Page, View
from kiosk.words import Words
from ui import app
from ui.link import Glass

class Mind:
    def subscribe(self, callback):
        callback(View(Page.ATTRACT, AttractBody("您好", "24", "Hello", "这里")))
    def post(self, event):
        pass
    def paper_image(self, name):
        return None

words = Words.load(Path("assets/i18n"))
"""
ENDS = {
    "by its own stop, and tells that the pinyin library is absent": """
import threading
from ui.keyboard import google
google.LIBRARY = "libgooglepinyin-that-is-not-here.so.0"
def started(stage):
    assert stage.window.isVisible()
    threading.Thread(target=stage.stop, args=(3,)).start()
sys.exit(app.run(Mind(), Glass(), words, started))
""",
    "by a signal, its picture turned as the glass is, and no move of a finger dropped": """
import os, signal
from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtQuick import QQuickItem
QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents)  # as X11's platform does
def started(stage):
    if QCoreApplication.testAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents):
        print("what a finger writes is thinned out", file=sys.stderr)
    head = stage.window.findChild(QQuickItem, "head")
    begin, end = head.mapToScene(QPointF(0, 0)), head.mapToScene(QPointF(head.width(), 0))
    if not stage.theme.landscape or abs(begin.x() - stage.window.width()) > 2 or end.y() < begin.y() + 50:
        print("not turned", begin, end, file=sys.stderr)
    signal.signal(signal.SIGTERM, lambda number, frame: stage.stop(3))
    os.kill(os.getpid(), signal.SIGTERM)
sys.exit(app.run(Mind(), Glass(windowed=True, scale=0.3, rotation=90), words, started))
""",
    "with what is missing": """
app.FONT_FILES = ("none.ttf",)
try:
    app.run(Mind(), Glass(), words)
except app.ScreenError as error:
    assert "none.ttf" in str(error)
    sys.exit(3)
""",
}

TOLD = {
    "by its own stop, and tells that the pinyin library is absent": "pinyin library absent: keyboard.characters_only\n"
}


@pytest.mark.parametrize("end", ENDS)
def test_it_ends(end: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", START + ENDS[end]],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip
    assert ran.returncode == 3
    assert ran.stderr == TOLD.get(end, "")
