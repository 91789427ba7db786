"""A catalogue as texts by their paths: how it is published, kept and carried. What is checked is what is sent."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from catalogue.loader import Catalogue, CatalogueMistakes, load
from catalogue.offices import OfficeBook, load_offices
from catalogue.source import LARGEST_FILE, Mistake
from wire.editions import SETTINGS_FILE

_FOLDERS = ("", "items", "packages")


def read_files(folder: Path) -> dict[str, str]:
    """Every data file of a catalogue's folder, by its path in it. Raises CatalogueMistakes, OSError."""
    found = [(part, path) for part in _FOLDERS for path in sorted((folder / part).glob("*.yaml"))]
    if (folder / SETTINGS_FILE).exists():
        found.append(("", folder / SETTINGS_FILE))
    files: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for part, path in found:
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


def load_files(files: Mapping[str, str]) -> Catalogue:
    """The whole catalogue that these files are; what the district sets is not looked at (`catalogue.district`).

    The names must be checked already (`wire.editions.FileName`). Raises CatalogueMistakes with all mistakes, OSError.
    """
    with _laid_out(files) as folder:
        return load(folder)


def load_with_offices(files: Mapping[str, str]) -> tuple[Catalogue, OfficeBook]:
    """The same, with what only offices work with."""
    with _laid_out(files) as folder:
        catalogue = load(folder)
        offices, mistakes = load_offices(folder, catalogue.items)
    if mistakes:
        raise CatalogueMistakes(tuple(mistakes))
    return catalogue, offices


@contextmanager
def _laid_out(files: Mapping[str, str]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="nuanting-catalogue-") as name:
        for path, text in files.items():
            if path != SETTINGS_FILE:
                (Path(name) / path).parent.mkdir(exist_ok=True)
                (Path(name) / path).write_bytes(text.encode())
        yield Path(name)
