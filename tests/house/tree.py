"""The files of the repository, as the house-rule tests look at them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PRODUCT = ("kiosk", "hardware", "ui", "offline_cache", "catalogue", "documents", "wire", "trust", "central")
WORKSHOP = ("demo", "bench", "tests", "make")

_SKIPPED = {".git", "build", "dist", "out", "__pycache__"}


@cache
def all_files() -> tuple[Path, ...]:
    """Every file that is part of the project; what tools leave behind is not."""
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            hidden = path.name.startswith(".") and path.name != ".ci"
            if path.name not in _SKIPPED and not hidden:
                yield from _walk(path)
        else:
            yield path


def sources(*rooms: str, suffix: str = ".py") -> list[Path]:
    """The source files of the given rooms; a room may be a path such as `hardware/codecs`."""
    folders = [ROOT / room for room in rooms]
    return [path for path in all_files() if path.suffix == suffix and any(path.is_relative_to(f) for f in folders)]


def shown(path: Path) -> str:
    """The path as a failure names it."""
    return str(path.relative_to(ROOT))


def imported(path: Path) -> set[str]:
    """Top-level names of every module the file imports, wherever in the file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names.add(node.module.split(".")[0])
    return names
