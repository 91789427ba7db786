"""Reads editions of the catalogue that central publishes: whole, or not at all."""

import logging
from collections.abc import Callable
from pathlib import Path

from catalogue.files import load_files
from catalogue.loader import Catalogue, CatalogueMistakes, load_lenient
from wire.editions import Edition

log = logging.getLogger("kiosk.editions")


class CatalogueReader:
    """Holds the catalogue that the terminal works by, and hands a new one on: an `EditionReader` for the sync."""

    def __init__(self) -> None:
        self.catalogue = Catalogue()
        self.switched: Callable[[Catalogue], None] = _nobody
        """Called with a new catalogue, in the thread that fetched it."""
        self._read = Catalogue()

    def begin(self, held: Edition | None, packaged: Path) -> bool:
        """The catalogue to start with: the edition held here, else the folder that came with the program.

        False when an edition is held and is not good for this program. Mistakes of the folder are logged and cost the
        items that they touch: a terminal has to come up.
        """
        if held is not None and self.read(held):
            self.catalogue = self._read
            log.info("catalogue: edition %d, %d items", held.version, len(self.catalogue.items))
            return True
        self.catalogue, mistakes = load_lenient(packaged)
        for mistake in mistakes:
            log.error("catalogue: %s", mistake)
        return held is None

    def read(self, edition: Edition) -> bool:
        """Whether all of it is good."""
        try:
            self._read = load_files(edition.files)
        except CatalogueMistakes as wrong:
            for mistake in wrong.mistakes:
                log.error("catalogue edition %d: %s", edition.version, mistake)
            return False
        except OSError as world:
            log.error("catalogue edition %d cannot be laid out: %s", edition.version, type(world).__name__)
            return False
        return True

    def switch(self) -> None:
        """Work by what was read last, from the next visit on."""
        self.catalogue = self._read
        self.switched(self.catalogue)


def _nobody(_: Catalogue) -> None:
    return None
