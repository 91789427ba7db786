"""What the catalogue calls the items and fields that letters name by code."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.loader import load_lenient
from catalogue.model import Text

LOG = logging.getLogger("central.titles")


@dataclass(frozen=True)
class Titles:
    """Titles by code. A code that the catalogue does not know is shown as it is."""

    items: dict[str, Text] = field(default_factory=dict)
    fields: dict[str, Text] = field(default_factory=dict)

    def item(self, code: str, language: str) -> str:
        return self.items[code].say(language) if code in self.items else code

    def field(self, code: str, language: str) -> str:
        return self.fields[code].say(language) if code in self.fields else code


def load_titles(folder: Path | None) -> Titles:
    """The titles of a catalogue's whole items; none without a folder. A mistake in it costs a title, not central."""
    if folder is None:
        return Titles()
    catalogue, mistakes = load_lenient(folder)
    for mistake in mistakes:
        LOG.warning("catalogue: %s", mistake)
    return Titles(
        {item.code: item.title for item in catalogue.items}, {each.id: each.label for each in catalogue.fields}
    )
