"""Draws every sample page into PNG files: `python -m tests.ui.gallery --out DIR [--only NAME] [--width 1080]`."""

import argparse
import os
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from kiosk.modes import Modes
from tests.ui.samples import views
from tests.ui.stage import Bench


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--size", default="1080x1920")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    bench = Bench()
    width, height = (int(part) for part in given.size.split("x"))
    bench.window.resize(width, height)
    for language in ("zh", "en"):
        for elder in (False, True):
            for visit, (name, view) in enumerate(views(language).items()):
                if given.only not in name:
                    continue
                bench.show(replace(view, modes=Modes(elder=elder), visit=visit))
                start = given.out / f"{language}-{'elder' if elder else 'normal'}-{name}"
                bench.stage.grab().save(f"{start}.png")
                for number, field in enumerate(bench.fields()):
                    field.forceActiveFocus()
                    bench.settle()
                    bench.stage.grab().save(f"{start}-typing-{number}.png")
    bench.close()


if __name__ == "__main__":
    main()
