"""The demo on a desk: the terminal in a window, scaled to fit, and the bench panel beside it."""

import signal
import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from demo.panel import Panel
from demo.terminal import Terminal
from demo.world import PERMIT_DOOR, PICKUP_CODE, World, heard_here
from hardware.twins.made_up_people import CITIZEN
from ui.pictures import ASSETS

FONTS = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "HanaMinB.ttf")
LOOK_MS = 300


def desk() -> int:
    """Run until the panel is closed. A residence permit for the first made-up citizen lies in a compartment."""
    app = QApplication(sys.argv[:1])
    families = []
    for name in FONTS:
        number = QFontDatabase.addApplicationFont(str(ASSETS / "fonts" / name))
        families += QFontDatabase.applicationFontFamilies(number)
    font = QFont()
    font.setFamilies(list(dict.fromkeys([*families, *font.families()])))
    app.setFont(font)
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    with World(windowed=True, calm=False, speech=heard_here()) as world:
        world.enrol()
        world.stock(CITIZEN)
        terminal = Terminal(world, offscreen=False)
        try:
            terminal.start(wait=False)
            panel = Panel(world, terminal)
            free = app.primaryScreen().availableGeometry()
            panel.resize(min(1060, free.width()), min(960, round(free.height() * 0.94)))
            panel.move(free.right() - panel.width(), free.top())  # the terminal stands left of it
            panel.show()
            awake = QTimer()  # lets Python see Ctrl-C
            awake.timeout.connect(lambda: None)
            awake.start(LOOK_MS)
            print(f"Residence permit of the first citizen: door {PERMIT_DOOR}, pickup code {PICKUP_CODE}")
            print(f"Staff desk of the demo's central: {world.served.url}/ (the panel says what to type)")
            print("Close the panel to end.")
            return app.exec()
        finally:
            terminal.close()
