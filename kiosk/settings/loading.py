"""Reads the settings file whole and tells all its mistakes together, each with its line and a near name."""

import difflib
import ipaddress
import re
import tomllib
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pydantic

from catalogue.toml_lines import line_of, lines_of
from kiosk.settings.front import mistakes_in
from kiosk.settings.group import Group
from kiosk.settings.model import DEVICES, RENAMED, SERIAL, Settings

LARGEST_FILE = 256 * 1024

_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")


@dataclass(frozen=True)
class SettingsMistake:
    """One thing wrong. `line` counts from 1; 0 is the whole file. `name` is dotted, such as `reader.path`."""

    file: str
    line: int
    name: str
    what: str
    near_name: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        name = f" {self.name}" if self.name else ""
        near = f" (did you mean `{self.near_name}`?)" if self.near_name else ""
        return f"{place}:{name} {self.what}{near}"


class SettingsMistakes(Exception):
    """Everything that is wrong in the settings file, in the order of its lines."""

    def __init__(self, mistakes: Iterable[SettingsMistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: (mistake.line, mistake.name)))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def load(path: Path) -> Settings:
    """The settings in that file; relative paths are meant from its folder. Raises SettingsMistakes."""
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise _whole(path.name, f"cannot be read: {error.strerror or type(error).__name__}") from None
    return parse(data, path.name, path.absolute().parent)


def parse(data: bytes, name: str, base: Path, renamed: Mapping[str, str] = RENAMED) -> Settings:
    """The settings in these bytes. Raises SettingsMistakes."""
    if len(data) > LARGEST_FILE:
        raise _whole(name, f"is larger than {LARGEST_FILE} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SettingsMistakes([SettingsMistake(name, line, "", "is not UTF-8")]) from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsMistakes([_not_toml(name, text, str(error))]) from None
    except RecursionError:
        raise _whole(name, "is nested too deep") from None
    lines = lines_of(text)
    found: list[SettingsMistake] = []

    def mistake(path: tuple[str, ...], what: str, near: str = "") -> None:
        found.append(SettingsMistake(name, line_of(lines, path), ".".join(path), what, near))

    for old, new in renamed.items():
        if _take(values, tuple(old.split("."))):
            mistake(tuple(old.split(".")), f"is now called `{new}`", new)
    settings: Settings | None = None
    try:
        settings = Settings.model_validate(values, context={"base": base})
    except pydantic.ValidationError as error:
        for problem in error.errors(include_url=False):
            path, what, near = _told(problem)
            # A name that was told as renamed is not told again as missing.
            if problem["type"] == "missing" and ".".join(path) in {m.near_name for m in found}:
                continue
            mistake(path, what, near)
    for path, what in _across(values):
        mistake(path, what)
    if settings is None or found:
        raise SettingsMistakes(found)
    return settings


def _whole(name: str, what: str) -> SettingsMistakes:
    return SettingsMistakes([SettingsMistake(name, 0, "", what)])


def _not_toml(name: str, text: str, message: str) -> SettingsMistake:
    place = _AT_LINE.search(message)
    line = int(place.group(1)) if place else max(1, len(text.splitlines()))
    message = _AT_LINE.sub("", message).removesuffix("(at end of document)").strip()
    return SettingsMistake(name, line, "", f"is not TOML: {message[:1].lower() + message[1:]}")


def _take(values: dict[str, Any], path: tuple[str, ...]) -> bool:
    """Remove a name from nested tables; whether it was there."""
    table: Any = values
    for part in path[:-1]:
        table = table.get(part) if isinstance(table, dict) else None
    if not isinstance(table, dict) or path[-1] not in table:
        return False
    del table[path[-1]]
    return True


# ---- one mistake in our words -----------------------------------------------------------------------------------


def _told(problem: Any) -> tuple[tuple[str, ...], str, str]:
    """(dotted path, what is wrong, near name) for a problem of pydantic's."""
    path, group = _place(problem["loc"])
    context = problem.get("ctx", {})
    match problem["type"]:
        case "missing" | "union_tag_not_found":
            if problem["type"] == "union_tag_not_found":
                path = (*path, "model")
            return path, "is missing", ""
        case "extra_forbidden":
            names = list(group.model_fields) if group is not None else []
            near = next(iter(difflib.get_close_matches(path[-1], names, n=1)), "")
            return path, "is not a setting", near
        case "union_tag_invalid":
            models = re.findall(r"'([^']+)'", str(context["expected_tags"]))
            near = next(iter(difflib.get_close_matches(str(context["tag"]), models, n=1)), "")
            return (*path, "model"), f"must be one of {', '.join(models)}", near
        case "enum" | "literal_error":
            expected = str(context["expected"]).replace("'", "")
            words = re.split(r", | or ", expected)
            near = next(iter(difflib.get_close_matches(str(problem["input"]), words, n=1)), "")
            return path, f"must be {expected}", near
        case "value_error":
            return path, str(context["error"]), ""
        case "string_pattern_mismatch":
            return path, "is not written as such a value must be", ""
        case "model_type" | "model_attributes_type" | "dict_type":
            return path, "must be a table, [name]", ""
        case _:
            message = str(problem["msg"])
            return path, message.replace("Input should be", "must be", 1), ""


def _place(location: tuple[str | int, ...]) -> tuple[tuple[str, ...], type[Group] | None]:
    """The dotted path of a location without the tags that pydantic puts in, and the group it lies in."""
    path: list[str] = []
    group: type[Group] | None = Settings
    groups: Mapping[str, type[Group]] = {}
    for step in map(str, location):
        if step in groups:
            group = groups[step]  # a tag: the model's own group
            groups = {}
            continue
        path.append(step)
        if path and len(path) == 1:
            field = Settings.model_fields.get(step)
            groups = models_of(field.annotation) if field is not None and step in DEVICES else {}
            inner = field.annotation if field is not None else None
            last = len(location) == 1
            if not last:
                group = inner if isinstance(inner, type) and issubclass(inner, Group) else None
    return tuple(path), group


def models_of(annotation: Any) -> dict[str, type[Group]]:
    """The groups of a device by model word."""
    groups = [inner for inner in typing.get_args(annotation) if isinstance(inner, type) and issubclass(inner, Group)]
    return {typing.get_args(group.model_fields["model"].annotation)[0]: group for group in groups}


# ---- what no group can see alone --------------------------------------------------------------------------------


def _across(values: Mapping[str, Any]) -> Iterable[tuple[tuple[str, ...], str]]:
    """Mistakes between settings, looked for in the raw file so that they are told with the others."""
    ports: dict[str, str] = {}
    for device in SERIAL:
        path = _get(values, device, "path", str)
        if path and _get(values, device, "model", str) != "none":
            if path in ports:
                yield (device, "path"), f"is the port of `{ports[path]}` already"
            ports.setdefault(path, f"{device}.path")
    warn = _get(values, "visit", "warn_after_s", (int, float), 45.0)
    end = _get(values, "visit", "end_after_s", (int, float), 60.0)
    if not warn < end:
        name = "end_after_s" if _get(values, "visit", "end_after_s", (int, float)) is not None else "warn_after_s"
        what = "must be more than warn_after_s" if name == "end_after_s" else "must be less than end_after_s"
        yield ("visit", name), what
    if _get(values, "slip", "model", str) == "escpos":
        given = [name for name in ("path", "host") if _get(values, "slip", name, str)]
        if len(given) != 1:
            yield ("slip", "host" if given else "model"), "give either `path` or `host`"
    if _get(values, "speech", "engine", str) == "sherpa" and not _get(values, "speech", "voice", str):
        yield ("speech", "voice"), "is missing: the folder of the voice that sherpa-onnx speaks with"
    yield from _addresses(values)
    yield from _lamps(values)
    yield from _doors(values)
    models = {device: _get(values, device, "model", str, "none") for device in DEVICES}
    doors = _get(values, "locker", "doors", int, 0) if models["locker"] != "none" else 0
    for name, what in mistakes_in(values.get("front"), models, doors):
        yield ("front", name), what


def _addresses(values: Mapping[str, Any]) -> Iterable[tuple[tuple[str, ...], str]]:
    url = _get(values, "central", "url", str, "")
    if url.startswith("http://") and not _is_here(url):
        yield ("central", "url"), "must be https: unless central is on this machine"
    uri = _get(values, "pages", "uri", str, "")
    if uri.startswith("ipps:") and not _get(values, "pages", "ca_file", str):
        yield ("pages", "uri"), "an ipps: printer needs ca_file"


def _lamps(values: Mapping[str, Any]) -> Iterable[tuple[tuple[str, ...], str]]:
    if _get(values, "lights", "model", str) != "modbus_relay":
        return
    relays = _get(values, "lights", "relays", int, 8)
    taken: dict[int, str] = {}
    for place, spot in enumerate(("card", "code", "pages", "slip", "locker"), start=1):
        relay = _get(values, "lights", spot, int, place)
        if relay > relays:
            yield ("lights", spot), f"is relay {relay} of {relays}"
        if relay and relay in taken:
            yield ("lights", spot), f"is the relay of `lights.{taken[relay]}` already"
        taken.setdefault(relay, spot)


def _doors(values: Mapping[str, Any]) -> Iterable[tuple[tuple[str, ...], str]]:
    doors = _get(values, "locker", "doors", int, 1)
    model = _get(values, "locker", "model", str)
    if model == "cu16":
        most = (15 - _get(values, "locker", "first_board", int, 0)) * 16
        if doors > most:
            yield ("locker", "doors"), f"boards from first_board on have {most} doors"
    channels = _get(values, "locker", "channels", int)
    if model == "8a" and channels is not None and doors > channels:
        yield ("locker", "doors"), f"the board has {channels} channels"


def _get(values: Mapping[str, Any], table: str, name: str, kind: Any, default: Any = None) -> Any:
    """A raw value of that type, else the default: a value of another type was told already."""
    group = values.get(table)
    value = group.get(name, default) if isinstance(group, dict) else default
    return value if isinstance(value, kind) and not isinstance(value, bool) else default


def _is_here(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
