"""What the page of a case tells, put together out of what central knows."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from catalogue.model import Item, Text
from central.console import words
from central.console.titles import Titles
from central.jobs import casework
from central.routes.requests import SignedIn
from central.store import desk, supplements, tickets
from central.store.cases import CaseRow, PartRow
from central.store.database import Connection
from central.wiring import Central

MOST_PLACES = 300
"""Terminals to choose from when something is put into a compartment."""


@dataclass(frozen=True)
class Typed:
    """What somebody typed into a form that could not be done: it is shown again."""

    move: str = ""
    reasons: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    whys: Mapping[str, str] = field(default_factory=lambda: defaultdict(str))  # reasons by what is asked for
    deadline: str = ""
    note: str = field(default="", repr=False)
    terminal: str = ""
    door: str = ""


@dataclass(frozen=True)
class Askable:
    """Something that the citizen may be asked for."""

    what: str
    label: Text
    is_field: bool
    empty: bool
    gap: bool


def day_of(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def askable_of(central: Central, row: CaseRow, answers: Mapping[str, str]) -> list[Askable]:
    """What of the form and of the materials may be asked for; what was left empty first."""
    item = central.item_of(row.item, row.definition)
    if item is None:
        return []
    gaps = {gap.field for gap in item.gaps}
    fields = [
        Askable(each.id, each.label, True, not answers.get(each.id, ""), each.id in gaps and not answers.get(each.id))
        for each in item.fields
        if each.editable and each.compute is None
    ]
    papers = [Askable(each.id, each.label, False, False, False) for each in item.materials]
    return sorted(fields, key=lambda each: not each.gap) + papers


@dataclass(frozen=True)
class PartTold:
    """A file of a case as a person reads of it. `file` is its own name where the catalogue has no better one."""

    part: int
    title: str
    kind: str
    size: int
    file: str


def parts_told(central: Central, row: CaseRow, parts: Sequence[PartRow], language: str) -> list[PartTold]:
    """The files by the catalogue's titles: a paper is named by its material's id.

    One that the item has no longer, or never had, is counted, and its own name stands beside it.
    """
    item = central.item_of(row.item, row.definition)
    labels = {each.id: each.label.say(language) for each in item.materials} if item is not None else {}
    found, papers, pages = [], 0, 0
    for part in parts:
        file = ""
        if part.part == 0:
            title = words.say("case.page", language)
        elif part.media_type == "application/pdf" and part.name == "page.pdf":
            pages += 1
            title = words.say("case.page.later", language, number=pages)
        else:
            papers += 1
            known = labels.get(PurePosixPath(part.name).stem)
            title = known or words.say("case.paper", language, number=papers)
            file = "" if known else part.name
        found.append(
            PartTold(part.part, title, words.say(f"kind.{kind_of(part.media_type)}", language), part.size, file)
        )
    return found


def kind_of(media_type: str) -> str:
    """A word of `kind.…` for what a terminal said that a file is."""
    if media_type == "application/pdf":
        return "pdf"
    return "picture" if media_type.startswith("image/") else "file"


def consent_told(titles: Titles, name: str, language: str) -> str:
    """To what somebody agreed: a service, or one of the words for what every service asks."""
    told = titles.item(name, language)
    return words.say_word("consent", name, language) if told == name else words.say("consent.item", language, item=told)


def in_order(item: Item | None, answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """The answers in the order of the form, and what the form does not have (any more) afterwards."""
    order = {field_.id: place for place, field_ in enumerate(item.fields)} if item is not None else {}
    return sorted(answers.items(), key=lambda pair: (order.get(pair[0], len(order)), pair[0]))


def places(connection: Connection, asked: SignedIn) -> list[dict[str, Any]]:
    """The terminals that something may be put into, with the doors that are taken."""
    return [
        {
            "region": row.region,
            "terminal": row.terminal,
            "site": row.site,
            "taken": sorted(tickets.doors_taken(connection, row.region, row.terminal)),
        }
        for row in desk.places(connection, asked.staff.regions, MOST_PLACES)
    ]


def placed(connection: Connection, row: CaseRow) -> tuple[supplements.PlacedRow, ...]:
    found = supplements.placed_now(connection, row.region, row.case)
    return (found,) if found is not None else ()


def facts_told(
    central: Central, labels: Titles, event: casework.Event, language: str, who: Callable[[str], str]
) -> list[str]:
    """What an event's facts say to a person; facts that are no sentence of ours stay away."""
    found = []
    for key, value in event.facts.items():
        if key == "queue":
            office = next((each for each in central.offices.offices if each.region == value), None)
            value = office.say(language) if office is not None else value
        if key == "standing":
            value = words.say_word("standing", str(value), language)
        if key == "to" and value:
            value = who(value)
        if key == "fields":
            value = words.say("list.comma", language).join(labels.field(each, language) for each in value)
        if f"fact.{key}" in words.WORDS and value not in ("", None):
            found.append(words.say(f"fact.{key}", language, value=value))
    return found
