"""Reads a catalogue folder into frozen items, and tells every mistake of every file at once.

A folder holds `dictionary.yaml` (shared fields by id), `items/<code>.yaml`, `home.yaml` (what is asked for most, and
the tree of life; it may be absent) and, later, `packages/<code>.yaml`. A mistake costs the items it touches and no
others: `load_lenient` keeps the rest, so that one bad file never closes a terminal.

Past 400 lines because every check of one file against another tells its mistakes in the same words.
"""

import difflib
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pydantic

from catalogue.conditions import BadCondition, Condition, check_type
from catalogue.facts import FACT_TYPES, FactType
from catalogue.model import (
    Block,
    FormField,
    HomePlan,
    Item,
    ItemText,
    LifeEvent,
    Package,
    Part,
    condition_names,
    guide_names,
)
from catalogue.source import BadSource, Mistake, Place, Source, dotted, read
from wire.canonical import canonical, sha256_hex
from wire.ids import ItemCode

MOST_FILES = 2000

P = TypeVar("P", bound=Part)
_BLOCKS = tuple(Block)


class CatalogueMistakes(Exception):
    """Everything that is wrong in a catalogue folder."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Catalogue:
    """All items on offer, in the order of the lists: by block, then by code."""

    items: tuple[Item, ...] = ()
    fields: tuple[FormField, ...] = ()
    packages: tuple[Package, ...] = ()
    not_offered: frozenset[str] = field(default_factory=frozenset)  # names of files whose item has a mistake
    home: HomePlan = field(default_factory=HomePlan)

    def item(self, code: str) -> Item:
        """Raises KeyError."""
        for found in self.items:
            if found.code == code:
                return found
        raise KeyError(code)

    def field(self, field_id: str) -> FormField:
        """Raises KeyError."""
        for found in self.fields:
            if found.id == field_id:
                return found
        raise KeyError(field_id)

    @property
    def codes(self) -> tuple[ItemCode, ...]:
        return tuple(item.item_code for item in self.items)


def load(folder: Path) -> Catalogue:
    """The whole catalogue, for authors and for central. Raises CatalogueMistakes with all mistakes."""
    catalogue, mistakes = load_lenient(folder)
    if mistakes:
        raise CatalogueMistakes(mistakes)
    return catalogue


def load_lenient(folder: Path) -> tuple[Catalogue, tuple[Mistake, ...]]:
    """The items that are whole, and every mistake of the others, for a terminal that must go on."""
    mistakes: list[Mistake] = []
    dictionary = _dictionary(folder, mistakes)
    items: list[Item] = []
    not_offered: set[str] = set()
    for source in _sources(folder / "items", mistakes, not_offered):
        item = _item(source, dictionary, mistakes)
        if item is None:
            not_offered.add(_stem(source))
        else:
            items.append(item)
    if not items and not mistakes:
        mistakes.append(Mistake("items", 0, "", "holds no item (*.yaml)"))
    items.sort(key=lambda item: (_BLOCKS.index(item.block), item.code))
    packages = _packages(folder, {item.code for item in items}, mistakes)
    home = _home(folder, {item.code for item in items}, not_offered, mistakes)
    fields = tuple(dictionary.good.values())
    return Catalogue(tuple(items), fields, packages, frozenset(not_offered), home), tuple(mistakes)


# ---- files ------------------------------------------------------------------------------------------------------


def _sources(folder: Path, mistakes: list[Mistake], unreadable: set[str]) -> Iterator[Source]:
    paths = sorted(folder.glob("*.yaml"))
    if len(paths) > MOST_FILES:
        mistakes.append(Mistake(folder.name, 0, "", f"holds more than {MOST_FILES} files; the rest are not read"))
    for path in paths[:MOST_FILES]:
        try:
            yield read(path, f"{folder.name}/{path.name}")
        except BadSource as bad:
            mistakes.extend(bad.mistakes)
            unreadable.add(path.stem)


def _stem(source: Source) -> str:
    return Path(source.file).stem


@dataclass(frozen=True)
class _Dictionary:
    """Shared fields: the good ones, all ids that stand in the file, and where."""

    source: Source
    good: dict[str, FormField]

    @property
    def ids(self) -> Iterable[str]:
        return self.source.value if isinstance(self.source.value, dict) else ()


def _dictionary(folder: Path, mistakes: list[Mistake]) -> _Dictionary:
    name = "dictionary.yaml"
    try:
        source = read(folder / name)
    except BadSource as bad:
        mistakes.extend(bad.mistakes)
        return _Dictionary(Source(name, {}), {})
    if not isinstance(source.value, dict):
        mistakes.append(Mistake(name, 1, "", "must be a list of fields by id"))
        return _Dictionary(Source(name, {}), {})
    good: dict[str, FormField] = {}
    for field_id, value in source.value.items():
        if field_id in FACT_TYPES:
            mistakes.append(Mistake(name, source.line((field_id,)), field_id, "is the name of a fact already"))
        elif isinstance(value, dict) and "id" in value:
            mistakes.append(Mistake(name, source.line((field_id, "id")), f"{field_id}.id", "the id stands in front"))
        else:
            value = {**value, "id": field_id} if isinstance(value, dict) else value
            made = _made(FormField, value, source, (field_id,), mistakes)
            if made is not None:
                good[field_id] = made
    return _Dictionary(source, good)


# ---- items ------------------------------------------------------------------------------------------------------


def _item(source: Source, dictionary: _Dictionary, mistakes: list[Mistake]) -> Item | None:
    """The item, or None after at least one mistake was told."""
    before = len(mistakes)
    text = _made(ItemText, source.value, source, (), mistakes)
    if text is None:
        return None
    if text.code != _stem(source):
        mistakes.append(Mistake(source.file, source.line(("code",)), "code", "must be the name of the file"))
    _no_twins(text, source, mistakes)
    fields = _fields(text, source, dictionary, mistakes)
    _gaps(text, source, fields, mistakes)
    if len(mistakes) == before:
        _conditions(text, fields, source, dictionary, mistakes)
    if len(mistakes) > before:
        return None
    raw = {"item": source.value, "fields": {found.id: dictionary.source.value[found.id] for found in fields}}
    # Built from the checked parts: validating again would only repeat what was just done.
    parts = {name: getattr(text, name) for name in ItemText.model_fields}
    return Item.model_construct(**parts, fields=fields, sha256=sha256_hex(canonical(raw)))


def _no_twins(text: ItemText, source: Source, mistakes: list[Mistake]) -> None:
    """Ids that must differ."""
    groups: dict[str, tuple[Any, ...]] = {
        "eligibility": text.eligibility,
        "form": text.form,
        "materials": text.materials,
        "guide": text.guide,
    }
    for group, parts in groups.items():
        seen: set[str] = set()
        for place, part in enumerate(parts):
            if part.id in seen:
                path: Place = (group, place, "id")
                mistakes.append(Mistake(source.file, source.line(path), dotted(path), f"`{part.id}` stands twice"))
            seen.add(part.id)
    taken = {**dict.fromkeys(FACT_TYPES, "a fact"), **{name: "a field" for page in text.form for name in page.fields}}
    for place, question in enumerate(text.guide):
        if question.id in taken:
            path = ("guide", place, "id")
            what = f"`{question.id}` is the name of {taken[question.id]} already"
            mistakes.append(Mistake(source.file, source.line(path), dotted(path), what))


def _fields(text: ItemText, source: Source, dictionary: _Dictionary, mistakes: list[Mistake]) -> tuple[FormField, ...]:
    """The dictionary's fields that the form names, in order."""
    found: dict[str, FormField] = {}
    for page, section in enumerate(text.form):
        for place, field_id in enumerate(section.fields):
            path: Place = ("form", page, "fields", place)
            line, where = source.line(path), dotted(path)
            if field_id in found:
                mistakes.append(Mistake(source.file, line, where, f"`{field_id}` is asked twice"))
            elif field_id in dictionary.good:
                found[field_id] = dictionary.good[field_id]
            elif field_id in dictionary.ids:
                what = f"`{field_id}` has a mistake in {dictionary.source.file}"
                mistakes.append(Mistake(source.file, line, where, what))
            else:
                what = f"`{field_id}` is not in {dictionary.source.file}"
                mistakes.append(Mistake(source.file, line, where, what, _near(field_id, dictionary.ids)))
    return tuple(found.values())


def _gaps(text: ItemText, source: Source, fields: tuple[FormField, ...], mistakes: list[Mistake]) -> None:
    """What may follow later must be in the form, where it may be left empty."""
    optional = {shared.id: not shared.required for shared in fields}
    for place, gap in enumerate(text.gaps):
        path: Place = ("gaps", place, "field")
        line, where = source.line(path), dotted(path)
        if gap.field not in optional:
            near = _near(gap.field, optional)
            mistakes.append(Mistake(source.file, line, where, f"`{gap.field}` is not in the form", near))
        elif not optional[gap.field]:
            mistakes.append(Mistake(source.file, line, where, f"`{gap.field}` is required: it cannot follow later"))


def _conditions(
    text: ItemText,
    fields: tuple[FormField, ...],
    source: Source,
    dictionary: _Dictionary,
    mistakes: list[Mistake],
) -> None:
    """Compile everything that will ever be asked of this item."""
    names = condition_names(text, fields)
    wanted: list[tuple[Source, Place, str, FactType, Mapping[str, FactType]]] = []
    groups: dict[str, tuple[Any, ...]] = {
        "eligibility": text.eligibility,
        "form": text.form,
        "materials": text.materials,
    }
    for group, parts in groups.items():
        for place, part in enumerate(parts):
            if part.when is not None:
                wanted.append((source, (group, place, "when"), part.when, FactType.BOOL, names))
    if text.decision is not None:  # central decides on what was submitted, and the guide's answers are not
        submitted = {**FACT_TYPES, **{shared.id: shared.fact_type for shared in fields}}
        wanted.append((source, ("decision", "when"), text.decision.when, FactType.BOOL, submitted))
    for place, question in enumerate(text.guide):
        if question.when is not None:  # asked before anybody is known: it may look at the answers before it only
            before = guide_names(text.guide[:place])
            wanted.append((source, ("guide", place, "when"), question.when, FactType.BOOL, before))
    for shared in fields:
        if shared.check is not None:
            wanted.append((dictionary.source, (shared.id, "check", "when"), shared.check.when, FactType.BOOL, names))
        if shared.compute is not None:
            wanted.append((dictionary.source, (shared.id, "compute"), shared.compute, shared.fact_type, names))
    for where, path, condition, kind, known in wanted:
        try:
            if kind is FactType.BOOL:
                Condition.compile(condition, known)
            else:
                check_type(condition, known, kind)
        except BadCondition as bad:
            near = bad.near[0] if bad.near else ""
            what = bad.what if where is source else f"{bad.what} (in item {text.code})"
            mistakes.append(Mistake(where.file, where.line(path), dotted(path), what, near))


def _packages(folder: Path, codes: set[str], mistakes: list[Mistake]) -> tuple[Package, ...]:
    packages: list[Package] = []
    for source in _sources(folder / "packages", mistakes, set()):
        package = _made(Package, source.value, source, (), mistakes)
        if package is None:
            continue
        missing = [(place, code) for place, code in enumerate(package.items) if code not in codes]
        for place, code in missing:
            path: Place = ("items", place)
            what = f"`{code}` is not an item on offer"
            mistakes.append(Mistake(source.file, source.line(path), dotted(path), what, _near(code, codes)))
        if not missing:
            packages.append(package)
    return tuple(packages)


def _home(folder: Path, codes: set[str], not_offered: set[str], mistakes: list[Mistake]) -> HomePlan:
    """What is good of `home.yaml`: an event with a mistake is left out, and so is a code that nobody offers."""
    name = "home.yaml"
    if not (folder / name).exists():
        return HomePlan()
    try:
        source = read(folder / name)
    except BadSource as bad:
        mistakes.extend(bad.mistakes)
        return HomePlan()
    value = source.value if isinstance(source.value, dict) else {}
    events = value.get("life") or []
    made = _made(HomePlan, {**value, "life": []} if isinstance(events, list) else source.value, source, (), mistakes)
    if made is None:
        return HomePlan()
    life: list[LifeEvent] = []
    for place, raw in enumerate(events):
        event = _made(LifeEvent, raw, source, ("life", place), mistakes)
        if event is None:
            continue
        if event.code in {known.code for known in life}:
            path: Place = ("life", place, "code")
            mistakes.append(Mistake(source.file, source.line(path), dotted(path), f"`{event.code}` stands twice"))
            continue
        kept = _offered(event.items, source, ("life", place, "items"), codes, not_offered, mistakes)
        life.append(event.model_copy(update={"items": kept}))
    return HomePlan(hot=_offered(made.hot, source, ("hot",), codes, not_offered, mistakes), life=tuple(life))


def _offered(
    wanted: tuple[str, ...], source: Source, at: Place, codes: set[str], not_offered: set[str], mistakes: list[Mistake]
) -> tuple[str, ...]:
    """Those codes that are on offer. One whose own file has a mistake is not told twice."""
    good: list[str] = []
    for place, code in enumerate(wanted):
        path: Place = (*at, place)
        if code in good:
            mistakes.append(Mistake(source.file, source.line(path), dotted(path), f"`{code}` stands twice"))
        elif code in codes:
            good.append(code)
        elif code not in not_offered:
            what = f"`{code}` is not an item on offer"
            mistakes.append(Mistake(source.file, source.line(path), dotted(path), what, _near(code, codes)))
    return tuple(good)


# ---- from values to parts ---------------------------------------------------------------------------------------


def _made(part: type[P], value: Any, source: Source, prefix: Place, mistakes: list[Mistake]) -> P | None:
    """The validated part, or None with a mistake per thing that is wrong."""
    if not isinstance(value, dict):
        mistakes.append(Mistake(source.file, source.line(prefix), dotted(prefix), "must be a group of names"))
        return None
    try:
        return part.model_validate(value)
    except pydantic.ValidationError as error:
        for problem in error.errors(include_url=False):
            place: Place = problem["loc"]
            path = (*prefix, *place)
            what, near = _told(part, place, problem)
            mistakes.append(Mistake(source.file, source.line(path), dotted(path), what, near))
        return None


def _told(part: type[Part], place: Place, problem: Any) -> tuple[str, str]:
    """A problem of pydantic's in our words, with a near name."""
    match problem["type"]:
        case "missing":
            return "is missing", ""
        case "extra_forbidden":
            return "is not a name that belongs here", _near(str(place[-1]), _names_at(part, place[:-1]))
        case "enum" | "literal_error":
            expected = str(problem["ctx"]["expected"]).replace("'", "`")
            return f"must be {expected}", _near(str(problem["input"]), _words_of(expected))
        case "value_error":
            return str(problem["ctx"]["error"]), ""
        case "string_pattern_mismatch":
            return "is not written as it must be (small letters, digits and the signs of its kind)", ""
        case _:
            message = str(problem["msg"])
            return message[:1].lower() + message[1:], ""


def _words_of(expected: str) -> list[str]:
    return expected.split("`")[1::2]


def _near(name: str, names: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(name, list(names), n=1)), "")


def _names_at(part: type[Part], place: Place) -> list[str]:
    """The names that may stand at that place of a part."""
    kind: type[Part] | None = part
    for step in place:
        if kind is None or isinstance(step, int):
            continue
        found = next((info for name, info in kind.model_fields.items() if step in (name, info.alias)), None)
        kind = _part_in(found.annotation) if found is not None else None
    return [info.alias or name for name, info in kind.model_fields.items()] if kind is not None else []


def _part_in(annotation: Any) -> type[Part] | None:
    """The part inside `X`, `X | None` or `tuple[X, ...]`."""
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, Part) else None
    for inner in typing.get_args(annotation):
        found = _part_in(inner)
        if found is not None:
            return found
    return None
