"""What the district set from central, laid under the terminal's own file: what that file says, it says."""

from collections.abc import Iterable, Mapping
from typing import Any

from catalogue.district import FROM_AFAR, GO_TOGETHER, Value
from kiosk.settings.group import Group
from kiosk.settings.model import Settings


def taken(own: Settings, afar: Mapping[str, Value]) -> dict[str, Value]:
    """Those that hold here: the terminal's own file says nothing of them, nor of what goes together with them."""
    here = {name for name in FROM_AFAR if _says(own, name)}
    for together in GO_TOGETHER:
        if together & here:
            here |= together
    return {name: value for name, value in afar.items() if name not in here}


def laid_over(own: Settings, afar: Mapping[str, Value]) -> Settings:
    """The settings to work by. `own` is the file's alone. Raises pydantic.ValidationError for what no file may say."""
    changed: dict[str, dict[str, Any]] = {}
    for name, value in taken(own, afar).items():
        table, _, key = name.partition(".")
        changed.setdefault(table, {})[key] = value
    groups: dict[str, Group] = {table: getattr(own, table) for table in changed}
    new = {name: type(group).model_validate({**dict(iter(group)), **changed[name]}) for name, group in groups.items()}
    return own.model_copy(update=new)


def told(own: Settings, afar: Mapping[str, Value]) -> Iterable[tuple[str, dict[str, object]]]:
    """For a technician: of each setting that came, the sentence's key and what it fills in."""
    holding = taken(own, afar)
    for name, value in sorted(afar.items()):
        filled: dict[str, object] = {"name": name, "value": str(value).lower() if isinstance(value, bool) else value}
        if name not in holding:
            yield "edition.own", filled
        else:
            yield "edition.set_at_start" if FROM_AFAR[name].at_start else "edition.set", filled


def _says(own: Settings, name: str) -> bool:
    table, _, key = name.partition(".")
    return key in getattr(own, table).model_fields_set
