"""Finds the line of a dotted name in a TOML file: the standard library's reader keeps no lines."""

import re

_TABLE = re.compile(r"^\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_LONG = re.compile(r'"""|\'\'\'')


def lines_of(text: str) -> dict[tuple[str, ...], int]:
    """Line (from 1) of every table and key that stands on a line of its own; keys of inline tables are not found."""
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    closing = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if line.count(closing) % 2 else closing
            continue
        header = _TABLE.match(line)
        key = _KEY.match(line)
        if header:
            table = _parts(header.group(1))
            found.setdefault(table, number)
        elif key:
            path = (*table, *_parts(key.group(1)))
            for length in range(len(table) + 1, len(path) + 1):
                found.setdefault(path[:length], number)
        opened = _LONG.findall(line)
        if len(opened) % 2:
            closing = opened[-1]
    return found


def line_of(found: dict[tuple[str, ...], int], path: tuple[str, ...]) -> int:
    """The line of that name, or of the nearest table around it; 0 when the whole file lacks it."""
    while path and path not in found:
        path = path[:-1]
    return found.get(path, 0)


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in name.split("."))
