"""What the catalogue calls the items and fields that letters name by code."""

from dataclasses import dataclass, field

from catalogue.loader import Catalogue
from catalogue.model import Text


@dataclass(frozen=True)
class Titles:
    """Titles by code. A code that the catalogue does not know is shown as it is."""

    items: dict[str, Text] = field(default_factory=dict)
    fields: dict[str, Text] = field(default_factory=dict)

    def item(self, code: str, language: str) -> str:
        return self.items[code].say(language) if code in self.items else code

    def field(self, code: str, language: str) -> str:
        return self.fields[code].say(language) if code in self.fields else code


def titles_of(catalogue: Catalogue) -> Titles:
    """The titles of a catalogue's whole items."""
    return Titles(
        {item.code: item.title for item in catalogue.items}, {each.id: each.label for each in catalogue.fields}
    )
