"""Writes the reference page of all settings from their descriptions: docs/operating/settings.md."""

import enum
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from catalogue.district import FROM_AFAR
from kiosk.settings.group import Group
from kiosk.settings.loading import models_of
from kiosk.settings.model import DEVICES, RENAMED, Settings

HEAD = """\
# Settings

One TOML file tells the terminal what it is and what stands where; `assets/settings.example.toml` is one to start from.
It is read once, at start, and checked whole: every mistake is told with its line, all of them together, and the
terminal does not start on half a file. Unknown names are mistakes too. Relative paths are meant from the file's folder.
Region, site and the terminal's own id are not here: enrolment gives them.

    python -m kiosk.settings --check FILE     tells what is wrong with a file, or that nothing is
    python -m kiosk.settings --doc            writes this page, which is made from the program itself

A setting marked **central** may also come from the district, in an edition (docs/operating/catalogue.md). This file
lies over it: what stands here holds, and what stands nowhere has its default. It takes effect when nobody is being
served; **central, at start** when the program next starts. No other setting is ever taken from central, and
`nuanting --settings FILE --check` tells which are.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_tables()]) + "\n"


def _tables() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        must = " Must be given." if field.is_required() else ""
        yield f"## [{name}]\n\n{field.description}{must}\n"
        if name in DEVICES:
            yield from _models(name, field)
        else:
            group: Any = field.annotation
            yield from _rows(group, name)
    if RENAMED:
        yield "## Names that changed\n"
        yield "| was | is now |\n|---|---|"
        yield from (f"| `{old}` | `{new}` |" for old, new in RENAMED.items())


def _models(name: str, field: FieldInfo) -> Iterator[str]:
    models = models_of(field.annotation)
    words = ", ".join(f"`{word}`" for word in models)
    yield f"`model` is one of {words}; without this table it is `none`.\n"
    for word, group in models.items():
        if word != "none":
            yield f'### [{name}] with model = "{word}"\n\n{" ".join((group.__doc__ or "").split())}\n'
            yield from _rows(group)


def _rows(group: type[Group], table: str = "") -> Iterator[str]:
    yield "| name | value | default | meaning |\n|---|---|---|---|"
    for name, field in group.model_fields.items():
        if name != "model":
            yield f"| `{name}` | {_kind(field)} | {_default(field)} | {field.description}{_from_afar(table, name)} |"
    yield ""


def _from_afar(table: str, name: str) -> str:
    afar = FROM_AFAR.get(f"{table}.{name}")
    if afar is None:
        return ""
    return " **central, at start**" if afar.at_start else " **central**"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**must be given**"
    default = field.default
    if default is PydanticUndefined or default is None:
        return "none"
    if isinstance(default, tuple):
        return f"`{list(default)}`"
    if isinstance(default, bool):
        return "`true`" if default else "`false`"
    if isinstance(default, enum.Enum):
        return f'`"{default.value}"`'
    return f'`"{default}"`' if isinstance(default, str) else f"`{default}`"


def _kind(field: FieldInfo) -> str:
    words = _type_words(field.annotation)
    low = next((piece.ge for piece in field.metadata if hasattr(piece, "ge")), None)
    high = next((piece.le for piece in field.metadata if hasattr(piece, "le")), None)
    return f"{words}, {low} to {high}" if low is not None and high is not None else words


def _type_words(annotation: Any) -> str:
    if typing.get_origin(annotation) is typing.Literal:
        return ", ".join(
            f'`"{word}"`' if isinstance(word, str) else f"`{word}`" for word in typing.get_args(annotation)
        )
    if typing.get_origin(annotation) is typing.Annotated:
        return _type_words(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) is tuple:
        return "[left, top, width, height], mm"
    if isinstance(annotation, type):
        if issubclass(annotation, enum.Enum):
            return ", ".join(f'`"{word.value}"`' for word in annotation)
        return {int: "whole number", float: "number", bool: "true or false", Path: "path"}.get(annotation, "text")
    inner = [one for one in typing.get_args(annotation) if one is not type(None)]
    return _type_words(inner[0])
