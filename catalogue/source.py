"""Data files as plain values with the line each came from: a small, strict YAML.

Only mappings, lists and scalars; a scalar is text unless it is written as a whole number, `true`, `false` or `null`
(so `10:30` is no number and `no` is no lie). Tags, anchors, aliases, merges, several documents and repeated keys are
mistakes, and size, depth and number of nodes are bounded before anything is built.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

LARGEST_FILE = 256 * 1024
"""Bytes. The longest item known in the field has some forty fields, 20 kB."""
DEEPEST = 16
MOST_NODES = 20_000

Place = tuple[str | int, ...]

# libyaml reads the sentences of a terminal in a tenth of the time; PyYAML's wheels carry it, a bare build may not.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"^(0|-?[1-9][0-9]{0,17})$")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True)
class Mistake:
    """One thing wrong in a data file, told so that its author finds it. `line` counts from 1; 0 is the whole file."""

    file: str
    line: int
    where: str  # dotted place inside the file, "" for the file itself
    what: str
    near_name: str = ""  # what may have been meant

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        where = f" {self.where}:" if self.where else ""
        near = f" (did you mean `{self.near_name}`?)" if self.near_name else ""
        return f"{place}:{where} {self.what}{near}"


@dataclass(frozen=True)
class Source:
    """What a file says: `value`, and the line of every place in it."""

    file: str
    value: Any
    lines: dict[Place, int] = field(default_factory=dict, repr=False)

    def line(self, path: Place) -> int:
        """The line of that place, or of the nearest place around it that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class BadSource(Exception):
    """A file that cannot be read as data at all."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("; ".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


def read(path: Path, name: str = "") -> Source:
    """Read one file; `name` is what mistakes call it. Raises BadSource."""
    name = name or path.name
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise _bad(name, 0, f"cannot be read: {error.strerror or type(error).__name__}") from None
    if len(data) > LARGEST_FILE:
        raise _bad(name, 0, f"is larger than {LARGEST_FILE} bytes")
    return parse(data, name)


def parse(data: bytes, name: str) -> Source:
    """Read bytes. Raises BadSource with every mistake of form that can be told apart."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _bad(name, data[: error.start].count(b"\n") + 1, "is not UTF-8") from None
    try:
        _bounded(text, name)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _bad(name, mark.line + 1 if mark else 0, f"is not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError:
        raise _bad(name, 0, "holds characters that YAML does not allow") from None
    lines: dict[Place, int] = {}
    mistakes: list[Mistake] = []
    value = None if node is None else _value(node, (), name, lines, mistakes)
    if mistakes:
        raise BadSource(tuple(mistakes))
    return Source(name, value, lines)


def _bad(name: str, line: int, what: str) -> BadSource:
    return BadSource((Mistake(name, line, "", what),))


def _bounded(text: str, name: str) -> None:
    """Walk the events, which need no recursion, and refuse what the tree may not hold."""
    depth = nodes = documents = 0
    for event in _events(text):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _bad(name, line, "holds a second document (`---`)")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _bad(name, line, "anchors (`&`, `*`) are not allowed: write it out")
        if getattr(event, "tag", None):
            raise _bad(name, line, "tags (`!`) are not allowed")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise _bad(name, line, f"is nested deeper than {DEEPEST}")
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.NodeEvent):
            nodes += 1
            if nodes > MOST_NODES:
                raise _bad(name, line, f"holds more than {MOST_NODES} values")


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=_LOADER)


def _value(node: yaml.Node, path: Place, name: str, lines: dict[Place, int], mistakes: list[Mistake]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    match node:
        case yaml.MappingNode():
            return _mapping(node, path, name, lines, mistakes)
        case yaml.SequenceNode():
            return [_value(child, (*path, place), name, lines, mistakes) for place, child in enumerate(node.value)]
        case _:
            return _scalar(str(node.value), plain=not getattr(node, "style", None))


def _mapping(
    node: yaml.MappingNode, path: Place, name: str, lines: dict[Place, int], mistakes: list[Mistake]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, child in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            mistakes.append(Mistake(name, line, dotted(path), "a name must be plain text"))
            continue
        key = str(key_node.value)
        if key in values:
            mistakes.append(Mistake(name, line, dotted((*path, key)), "stands twice"))
            continue
        lines[(*path, key)] = line
        values[key] = _value(child, (*path, key), name, lines, mistakes)
    return values


def _scalar(text: str, *, plain: bool) -> str | int | bool | None:
    if not plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    return text


def dotted(path: Place) -> str:
    """A place as people write it: `form[0].fields[2]`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
