"""`python -m demo`: the terminal and the bench panel on this desk; without a screen, scripted visits."""

import argparse
import os
import sys
from pathlib import Path

from demo.show import FOLDER, show


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m demo", description="the terminal with made-up devices and people")
    parser.add_argument("--no-screen", action="store_true", help="play scripted visits and keep their pictures")
    parser.add_argument("--output", type=Path, default=FOLDER, help="where pictures and papers go (demo-output)")
    told = parser.parse_args()
    on_desk = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")) or sys.platform != "linux"
    if told.no_screen or not on_desk:
        return show(told.output)
    from demo.desk import desk  # Qt's widgets are loaded only where there is a screen

    return desk()


if __name__ == "__main__":
    sys.exit(main())
