"""The bench panel: every button acts on the world, and on nothing else."""

import json
import os
import subprocess
import sys

import pytest

from demo.world import ROOT

# In a process of its own: the panel needs another kind of Qt application than the screen's tests.
SCRIPT = """
import json
from PySide6.QtWidgets import QApplication, QPushButton
app = QApplication([])
from demo.panel import Panel
from demo.terminal import Terminal
from demo.world import World
with World(fast=True) as world:
    world.enrol()
    panel = Panel(world, Terminal(world))
    def press(text):
        found = [b for b in panel.findChildren(QPushButton) if b.text().startswith(text)]
        found[0].click()
    told = {}
    press("放卡"); told["laid"] = world.reader.card is not None
    press("拿走卡"); told["lifted"] = world.reader.card is None
    press("A4 没纸"); told["out"] = world.pages.sheets
    press("A4 加纸"); told["in"] = world.pages.sheets > 0
    press("断网"); told["cut"] = not world.gate.is_open
    press("恢复"); told["mended"] = world.gate.is_open
    press("登记居住证"); told["stocked"] = world.locker.doors[1].item
    press("取出"); told["through a shut door"] = not world.locker.doors[1].item
    skipped = ("断电", "开机")
    buttons = [b for b in panel.findChildren(QPushButton) if not b.text().startswith(skipped)]
    for button in buttons:
        button.click()
        app.processEvents()
    told["buttons"] = len(buttons)
    panel.close()
print(json.dumps(told))
"""


@pytest.mark.timeout(120)  # a World and a panel are started, beside whatever else the machine does
def test_every_button_of_the_panel_works() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=110
    )
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told.pop("buttons") > 50
    assert told == {
        "laid": True,
        "lifted": True,
        "out": 0,
        "in": True,
        "cut": True,
        "mended": True,
        "stocked": True,
        "through a shut door": False,
    }
