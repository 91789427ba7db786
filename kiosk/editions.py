"""Reads editions that central publishes, the catalogue and what the district sets: whole, or not at all."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from catalogue import district
from catalogue.district import Value
from catalogue.files import load_files
from catalogue.loader import Catalogue, CatalogueMistakes, load_lenient
from catalogue.source import Mistake
from kiosk.settings.afar import laid_over, taken
from kiosk.settings.model import Settings
from wire.editions import SETTINGS_FILE, Edition

log = logging.getLogger("kiosk.editions")


@dataclass(frozen=True)
class Contents:
    """What an edition says: the catalogue, and settings by dotted name."""

    catalogue: Catalogue = field(default_factory=Catalogue)
    afar: Mapping[str, Value] = field(default_factory=dict)


class CatalogueReader:
    """Holds what the terminal works by, and hands a new one on: an `EditionReader` for the sync."""

    def __init__(self, own: Settings | None = None) -> None:
        """`own` are the settings of the terminal's file, which those of an edition are laid under."""
        self.contents = Contents()
        self.switched: Callable[[Contents], None] = _nobody
        """Called with the new contents, in the thread that fetched them."""
        self._own = own
        self._read = Contents()
        self._version = 0

    @property
    def catalogue(self) -> Catalogue:
        return self.contents.catalogue

    def begin(self, held: Edition | None, packaged: Path) -> bool:
        """What to start with: the edition held here, else the folder that came with the program.

        False when an edition is held and is not good for this program. Mistakes of the folder are logged and cost the
        items that they touch: a terminal has to come up.
        """
        if held is not None and self.read(held):
            self.contents = self._read
            self._say(held.version)
            return True
        catalogue, mistakes = load_lenient(packaged)
        self.contents = Contents(catalogue)
        for mistake in mistakes:
            log.error("catalogue: %s", mistake)
        return held is None

    def read(self, edition: Edition) -> bool:
        """Whether all of it is good."""
        try:
            self._read = contents_of(edition, self._own)
        except CatalogueMistakes as wrong:
            for mistake in wrong.mistakes:
                log.error("catalogue edition %d: %s", edition.version, mistake)
            return False
        except OSError as world:
            log.error("catalogue edition %d cannot be laid out: %s", edition.version, type(world).__name__)
            return False
        self._version = edition.version
        return True

    def switch(self) -> None:
        """Work by what was read last, from the next visit on."""
        self.contents = self._read
        self._say(self._version)
        self.switched(self.contents)

    def _say(self, version: int) -> None:
        afar = self.contents.afar
        holding = taken(self._own, afar) if self._own is not None else afar
        log.info("catalogue: edition %d, %d items", version, len(self.catalogue.items))
        if afar:
            log.info("settings of edition %d: %s; own file: %s", version, " ".join(sorted(holding)) or "none hold",
                     " ".join(sorted(afar.keys() - holding.keys())) or "says nothing else")  # fmt: skip


def contents_of(edition: Edition, own: Settings | None = None) -> Contents:
    """What an edition says, checked as if nobody had checked it before. Raises CatalogueMistakes, OSError."""
    afar = district.read(edition.files.get(SETTINGS_FILE, ""))
    if own is not None:
        try:
            laid_over(own, afar)
        except ValidationError as wrong:
            names = [".".join(map(str, each["loc"])) for each in wrong.errors(include_input=False, include_url=False)]
            mistake = Mistake(SETTINGS_FILE, 0, ", ".join(names), "is not good for this terminal")
            raise CatalogueMistakes((mistake,)) from None
    return Contents(load_files(edition.files), afar)


def _nobody(_: Contents) -> None:
    return None
