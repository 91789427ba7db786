"""What a district sets on its terminals from central: `settings.toml` beside a catalogue, and its closed list.

The names are those of a terminal's own settings (`kiosk.settings`), which are laid over these: the terminal's own file
wins. Only what is listed here may be said from afar. Never listed is what a wrong value of would cut a terminal off or
open it: devices and their ports, central's address, keys, folders, what is spoken without a headset that is felt.
"""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.loader import CatalogueMistakes
from catalogue.source import LARGEST_FILE, Mistake
from catalogue.toml_lines import line_of, lines_of
from wire.editions import SETTINGS_FILE

Value = bool | int | float | str

_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True)
class Afar:
    """A setting that may come from central; kind and bounds are those of the terminal's own file."""

    kind: type[Value]
    low: float = 0
    high: float = 0
    words: tuple[str, ...] = ()
    longest: int = 0
    at_start: bool = False  # of the program; the others hold from the next visit on

    def wrong(self, value: object) -> str:
        """What is wrong with a value, "" when nothing is."""
        if self.kind is bool:
            return "" if isinstance(value, bool) else "must be true or false"
        if self.words:
            return "" if value in self.words else f"must be {' or '.join(self.words)}"
        if self.kind is str:
            good = isinstance(value, str) and len(value) <= self.longest and value.isprintable()
            return "" if good else f"must be a line of at most {self.longest} characters"
        kinds = int if self.kind is int else (int, float)
        if not isinstance(value, kinds) or isinstance(value, bool) or not self.low <= value <= self.high:
            whole = "whole number" if self.kind is int else "number"
            return f"must be a {whole} from {self.low:g} to {self.high:g}"
        return ""


FROM_AFAR: Mapping[str, Afar] = {
    "terminal.phone": Afar(str, longest=200),
    "terminal.language": Afar(str, words=("zh", "en")),
    "visit.warn_after_s": Afar(float, 5, 600),
    "visit.end_after_s": Afar(float, 10, 900),
    "visit.elder_times": Afar(float, 1, 10),
    "speech.rate": Afar(float, 0.5, 2),
    "speech.volume": Afar(int, 1, 10),
    "speech.sounds": Afar(bool),
    "store.oldest_letter_h": Afar(float, 0.1, 720),
    "central.stale_after_h": Afar(float, 0.1, 720),
    "screen.reduced_motion": Afar(bool, at_start=True),
    "keypad.touch_sound": Afar(bool, at_start=True),
}
"""Dotted name -> what it may be. Closed: a name is added by a release, and terminals before it refuse the edition."""

GO_TOGETHER = (frozenset({"visit.warn_after_s", "visit.end_after_s"}),)
"""Settings that are checked against each other: they are taken from one file, never one of them from each."""


def read(text: str) -> dict[str, Value]:
    """The settings that the file gives, by dotted name; none for an empty text. Raises CatalogueMistakes with all."""
    if len(text) > LARGEST_FILE:
        raise _whole(f"is larger than {LARGEST_FILE} characters")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _AT_LINE.search(str(error))
        line = int(place.group(1)) if place else max(1, len(text.splitlines()))
        reason = _AT_LINE.sub("", str(error)).removesuffix("(at end of document)").strip()
        what = f"is not TOML: {reason[:1].lower() + reason[1:]}"
        raise CatalogueMistakes((Mistake(SETTINGS_FILE, line, "", what),)) from None
    except RecursionError:
        raise _whole("is nested too deep") from None
    lines = lines_of(text)
    found: dict[str, Value] = {}
    mistakes: list[Mistake] = []

    def wrong(name: str, what: str, near: str = "") -> None:
        mistakes.append(Mistake(SETTINGS_FILE, line_of(lines, tuple(name.split("."))), name, what, near))

    for name, value in _told(tables):
        afar = FROM_AFAR.get(name)
        if afar is None:
            near = next(iter(difflib.get_close_matches(name, FROM_AFAR, n=1, cutoff=0.85)), "")
            wrong(name, "may not be set from central: only a terminal's own file has it", near)
        elif what := afar.wrong(value):
            wrong(name, what)
        else:
            found[name] = float(value) if afar.kind is float else value
    if not mistakes:
        for name, what in _across(found):
            wrong(name, what)
    if mistakes:
        raise CatalogueMistakes(tuple(mistakes))
    return found


def _told(tables: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every (dotted name, value) of the file; an empty table says nothing and is let pass when we know it."""
    known = {name.split(".")[0] for name in FROM_AFAR}
    for table, values in tables.items():
        if isinstance(values, dict) and (values or table in known):
            yield from ((f"{table}.{name}", value) for name, value in values.items())
        else:
            yield table, values


def _across(found: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    for together in GO_TOGETHER:
        missing = sorted(together - found.keys())
        if missing and len(missing) < len(together):
            yield missing[0], f"is missing: it goes with {', '.join(sorted(together & found.keys()))}"
    warn, end = found.get("visit.warn_after_s"), found.get("visit.end_after_s")
    if isinstance(warn, float) and isinstance(end, float) and not warn < end:
        yield "visit.end_after_s", "must be more than visit.warn_after_s"


def _whole(what: str) -> CatalogueMistakes:
    return CatalogueMistakes((Mistake(SETTINGS_FILE, 0, "", what),))
