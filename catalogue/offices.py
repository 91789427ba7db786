"""What offices work with, beside the items: reasons, notices' templates, and which office a household belongs to.

Three files of a catalogue's folder: `reasons.yaml`, `notices.yaml`, `offices.yaml`. Each may be absent. A mistake costs
the entry it is in and no others, like everywhere in a catalogue.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import pydantic
from pydantic import Field

from catalogue.model import Id, Item, Part, Text, Word
from catalogue.source import BadSource, Mistake, Place, Source, dotted, read


class Use(Part):
    """Base of what stands in these files under its id."""

    id: Id


class Reason(Use, Text):
    """Why something is returned, asked for, refused or set aside: said to the citizen in these words."""

    uses: tuple[Literal["return", "refuse", "set_aside"], ...] = Field(min_length=1)


class NoticeTemplate(Use, Text):
    """What a notice says. `{item}`, `{state}` and `{case}` (the number's last four) are all that may be filled in.

    `gateway` is the template's id at the SMS gateway, which holds the very same sentence.
    """

    gateway: Word
    state: Text

    @pydantic.model_validator(mode="after")
    def _fills_in_nothing_else(self) -> "NoticeTemplate":
        try:
            for text in (self.zh, self.en):
                text.format(item="", state="", case="")
        except (KeyError, IndexError, ValueError):
            raise ValueError("only {item}, {state} and {case} may be filled in") from None
        return self


class Office(Use, Text):
    """An office that decides. `region` is the region of the terminals it serves, and the name of its queue.

    `addresses` are beginnings of addresses, `districts` first digits of identity numbers, of those who belong to it.
    """

    region: Annotated[str, Field(min_length=1, max_length=60)]
    where: Text | None = None
    addresses: tuple[Annotated[str, Field(min_length=2, max_length=60)], ...] = ()
    districts: tuple[Annotated[str, Field(pattern=r"^[0-9]{2,6}$")], ...] = ()


@dataclass(frozen=True)
class OfficeBook:
    """Everything of the three files, by id."""

    reasons: Mapping[str, Reason] = field(default_factory=dict)
    templates: Mapping[str, NoticeTemplate] = field(default_factory=dict)
    offices: tuple[Office, ...] = ()

    def reasons_for(self, item: Item | None, use: Literal["return", "refuse", "set_aside"]) -> tuple[Reason, ...]:
        """The list to choose from when a case of this item is returned or refused, or something sent for it set aside.

        An item that names its own reasons has no others; without an item all are listed.
        """
        named = item.reasons if item is not None and item.reasons else tuple(self.reasons)
        return tuple(self.reasons[each] for each in named if each in self.reasons and use in self.reasons[each].uses)

    def office_of(self, address: str, number: str) -> Office | None:
        """The office of a household: by the address, the longest beginning that fits; else by the number's digits.

        The number tells where somebody was first registered, which may be long ago: it is asked last.
        """
        found = _longest(
            (start, each) for each in self.offices for start in each.addresses if address.startswith(start)
        )
        if found is not None or address:
            return found
        return _longest((start, each) for each in self.offices for start in each.districts if number.startswith(start))

    def office(self, code: str) -> Office | None:
        return next((each for each in self.offices if each.id == code), None)


def _longest(found: Iterable[tuple[str, Office]]) -> Office | None:
    best = max(found, key=lambda pair: len(pair[0]), default=None)
    return None if best is None else best[1]


def load_offices(folder: Path | None, items: tuple[Item, ...] = ()) -> tuple[OfficeBook, tuple[Mistake, ...]]:
    """What is good of the three files, and every mistake; `items` are looked through for reasons that nobody wrote."""
    if folder is None:
        return OfficeBook(), ()
    mistakes: list[Mistake] = []
    reasons = _entries(folder, "reasons.yaml", Reason, mistakes)
    templates = _entries(folder, "notices.yaml", NoticeTemplate, mistakes)
    offices = _entries(folder, "offices.yaml", Office, mistakes)
    for item in items:
        for place, reason in enumerate(item.reasons):
            if reason not in reasons:
                path: Place = ("reasons", place)
                what = f"`{reason}` is not in reasons.yaml"
                mistakes.append(Mistake(f"items/{item.code}.yaml", 0, dotted(path), what))
        if item.routing.office and item.routing.office not in offices:
            what = f"`{item.routing.office}` is not in offices.yaml"
            mistakes.append(Mistake(f"items/{item.code}.yaml", 0, "routing.office", what))
    return OfficeBook(reasons, templates, tuple(offices.values())), tuple(mistakes)


U = TypeVar("U", bound=Use)


def _entries(folder: Path, name: str, part: type[U], mistakes: list[Mistake]) -> dict[str, U]:
    if not (folder / name).exists():
        return {}
    try:
        source = read(folder / name)
    except BadSource as bad:
        mistakes.extend(bad.mistakes)
        return {}
    if not isinstance(source.value, dict):
        mistakes.append(Mistake(name, 1, "", "must be a list of entries by id"))
        return {}
    found = {key: _entry(part, key, value, source, mistakes) for key, value in source.value.items()}
    return {key: made for key, made in found.items() if made is not None}


def _entry(part: type[U], key: str, value: object, source: Source, mistakes: list[Mistake]) -> U | None:
    if not isinstance(value, dict):
        mistakes.append(Mistake(source.file, source.line((key,)), key, "must be a group of names"))
        return None
    try:
        return part.model_validate({**value, "id": key})
    except pydantic.ValidationError as error:
        for problem in error.errors(include_url=False):
            path: Place = (key, *problem["loc"])
            mistakes.append(Mistake(source.file, source.line(path), dotted(path), str(problem["msg"])))
        return None
