"""A catalogue as texts by their paths: how it is published, kept and carried. What is checked is what is sent."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from catalogue.loader import Catalogue, CatalogueMistakes, load
from catalogue.offices import load_offices
from catalogue.source import LARGEST_FILE, Mistake

_FOLDERS = ("", "items", "packages")


def read_files(folder: Path) -> dict[str, str]:
    """Every data file of a catalogue's folder, by its path in it. Raises CatalogueMistakes, OSError."""
    files: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for part in _FOLDERS:
        for path in sorted((folder / part).glob("*.yaml")):
            name = f"{part}/{path.name}" if part else path.name
            with path.open("rb") as stream:
                data = stream.read(LARGEST_FILE + 1)
            try:
                files[name] = data.decode()
            except UnicodeDecodeError:
                mistakes.append(Mistake(name, 0, "", "is not UTF-8"))
            if len(data) > LARGEST_FILE:
                mistakes.append(Mistake(name, 0, "", f"is larger than {LARGEST_FILE} bytes"))
    if mistakes:
        raise CatalogueMistakes(tuple(mistakes))
    return files


def load_files(files: Mapping[str, str], *, with_offices: bool = False) -> Catalogue:
    """The whole catalogue that these files are; `with_offices` also checks what only offices work with.

    The names must be checked already (`wire.editions.FileName`). Raises CatalogueMistakes with all mistakes, OSError.
    """
    with tempfile.TemporaryDirectory(prefix="nuanting-catalogue-") as name:
        folder = Path(name)
        for path, text in files.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(text.encode())
        catalogue = load(folder)
        if with_offices:
            _, mistakes = load_offices(folder, catalogue.items)
            if mistakes:
                raise CatalogueMistakes(tuple(mistakes))
        return catalogue
