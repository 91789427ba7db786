"""Where the files that documents are drawn with lie."""

import sys
from pathlib import Path


def assets_folder() -> Path:
    """The folder `assets` beside the rooms, in the source tree as in the frozen program."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parent.parent
    return root / "assets"


def fonts_folder() -> Path:
    return assets_folder() / "fonts"
