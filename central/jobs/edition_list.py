"""What was published so far, newest first: for who looks after the catalogue."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from catalogue import district
from catalogue.district import Value
from catalogue.loader import CatalogueMistakes
from catalogue.source import BadSource, parse
from central.rules.roles import may_in
from central.store import audit, editions
from central.store.database import Connection
from central.wiring import Central
from wire.editions import EVERYWHERE, SETTINGS_FILE, Edition


@dataclass(frozen=True)
class ItemTold:
    """An item of an edition as that edition calls it. Its versions are 0 where it is not, or says none."""

    code: str
    zh: str
    en: str
    before: int
    now: int

    def say(self, language: str) -> str:
        return (self.en if language == "en" else self.zh) or self.code


@dataclass(frozen=True)
class SettingTold:
    """A setting that an edition has changed; None is one that the district leaves to each terminal."""

    name: str
    before: Value | None
    now: Value | None


@dataclass(frozen=True)
class EditionTold:
    """An edition, and how it differs from the one before it of the same region; of the first all is new."""

    version: int
    region: str  # EVERYWHERE or one
    as_of: dt.datetime
    by: str
    items: int
    in_use: bool  # the newest of its region that no later one for all has taken the place of
    first: bool
    new: tuple[ItemTold, ...]
    changed: tuple[ItemTold, ...]
    gone: tuple[ItemTold, ...]
    others: tuple[str, ...]  # files that are no items: dictionary, offices, reasons, …
    settings_file: bool  # the file in which the district sets its terminals is another one
    settings: tuple[SettingTold, ...] | None  # what that changes; None when this release cannot read one of the two


def published_editions(central: Central, limit: int, skip: int = 0) -> tuple[EditionTold, ...]:
    """So many editions, the newest first. Raises StoreUnavailable."""
    with central.database.reading() as connection:
        newest = editions.newest_of_each(connection)
        rows = editions.listed(connection, limit, skip)
        return tuple(_told(connection, newest, Edition.model_validate_json(body)) for body in rows)


def sees(regions: tuple[str, ...], told: EditionTold) -> bool:
    """Whether somebody with these regions is told of it: what is for all is told to everybody."""
    return told.region == EVERYWHERE or may_in(regions, told.region)


def _told(connection: Connection, newest: Mapping[str, int], edition: Edition) -> EditionTold:
    body = editions.before(connection, edition.region, edition.version)
    before = {} if body is None else Edition.model_validate_json(body).files
    now = edition.files
    files = sorted(name for name in {*now, *before} if now.get(name) != before.get(name))
    items = [name for name in files if _is_item(name)]
    publishing = audit.newest(connection, 1, what="catalogue.published", about=str(edition.version))
    later_for_all = newest.get(EVERYWHERE, 0) > edition.version
    return EditionTold(
        version=edition.version,
        region=edition.region,
        as_of=edition.as_of,
        by=publishing[0].who if publishing else "",
        items=sum(map(_is_item, now)),
        in_use=newest.get(edition.region) == edition.version and not later_for_all,
        first=body is None,
        new=tuple(_item(name, before, now) for name in items if name not in before),
        changed=tuple(_item(name, before, now) for name in items if name in before and name in now),
        gone=tuple(_item(name, before, now) for name in items if name not in now),
        others=tuple(name for name in files if not _is_item(name) and name != SETTINGS_FILE),
        settings_file=now.get(SETTINGS_FILE, "") != before.get(SETTINGS_FILE, ""),
        settings=_settings(before.get(SETTINGS_FILE, ""), now.get(SETTINGS_FILE, "")),
    )


def _is_item(name: str) -> bool:
    return name.startswith("items/")


def _item(name: str, before: Mapping[str, str], now: Mapping[str, str]) -> ItemTold:
    was, is_ = _read(before.get(name, "")), _read(now.get(name, ""))
    title = is_.get("title") or was.get("title")
    told = title if isinstance(title, dict) else {}
    return ItemTold(
        PurePosixPath(name).stem, str(told.get("zh", "")), str(told.get("en", "")), _version(was), _version(is_)
    )


def _read(text: str) -> Mapping[str, object]:
    """What an item's file says; nothing of one that another release wrote and this one cannot read."""
    try:
        value = parse(text.encode(), "").value
    except BadSource:
        return {}
    return value if isinstance(value, dict) else {}


def _version(item: Mapping[str, object]) -> int:
    version = item.get("version")
    return version if isinstance(version, int) else 0


def _settings(before: str, now: str) -> tuple[SettingTold, ...] | None:
    try:
        was, is_ = district.read(before), district.read(now)
    except CatalogueMistakes:
        return None
    names = sorted(name for name in {*was, *is_} if was.get(name) != is_.get(name))
    return tuple(SettingTold(name, was.get(name), is_.get(name)) for name in names)
