"""What conditions may ask of a person, and what a field may be filled from.

A fact that is not known is left out of the mapping: unknown is not false. Dates are compared as UTC midnights.
"""

import datetime as dt
import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol


class FactType(enum.StrEnum):
    """The types that conditions know. There are no fractions: `int * 1.5` is a mistake CEL reports, not a surprise."""

    INT = "int"
    TEXT = "text"
    BOOL = "bool"
    DATE = "date"


Fact = int | str | bool | dt.date
Facts = Mapping[str, object]

FACT_TYPES: Mapping[str, FactType] = MappingProxyType(
    {
        "age": FactType.INT,  # full years today
        "kind": FactType.TEXT,  # "citizen", "hmt_permit", "foreigner_2017", "foreigner_2023"
        "by": FactType.TEXT,  # "card", "code"
        "address": FactType.TEXT,  # as on the card: it may be older than the household register
        "birth": FactType.DATE,
        "today": FactType.DATE,
    }
)

SOURCES = ("card.name", "card.number", "card.address", "card.birth")
"""What `prefill` may name. A code that stands in for the card fills the same."""


class PersonLike(Protocol):
    """Who the visit is for, as a card or a code said it."""

    @property
    def kind(self) -> str: ...
    @property
    def by(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def birth(self) -> dt.date | None: ...
    @property
    def address(self) -> str: ...


def age_on(birth: dt.date, today: dt.date) -> int:
    """Full years; somebody born on 29 February is a year older on 1 March of a common year."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def facts_about(person: PersonLike, today: dt.date) -> dict[str, object]:
    """Everything that is known of a person, and nothing that is not."""
    facts: dict[str, object] = {"kind": person.kind, "by": person.by, "today": today}
    if person.address:
        facts["address"] = person.address
    if person.birth is not None:
        facts["birth"] = person.birth
        facts["age"] = age_on(person.birth, today)
    return facts


def from_source(source: str, person: PersonLike) -> str:
    """What a source holds for this person, "" when nothing. Raises ValueError for a name not in SOURCES."""
    match source:
        case "card.name":
            return person.name
        case "card.number":
            return person.number
        case "card.address":
            return person.address
        case "card.birth":
            return person.birth.isoformat() if person.birth else ""
        case _:
            raise ValueError(source)
