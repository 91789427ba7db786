"""What was published so far, newest first: for who looks after the catalogue."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from central.rules.roles import may_in
from central.store import audit, editions
from central.store.database import Connection
from central.wiring import Central
from wire.editions import EVERYWHERE, SETTINGS_FILE, Edition


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
    new: tuple[str, ...]  # items' codes
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    others: tuple[str, ...]  # files that are no items: dictionary, offices, reasons, …
    settings: bool  # what the district sets on terminals has changed


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
        new=tuple(_code(name) for name in items if name not in before),
        changed=tuple(_code(name) for name in items if name in before and name in now),
        gone=tuple(_code(name) for name in items if name not in now),
        others=tuple(name for name in files if not _is_item(name) and name != SETTINGS_FILE),
        settings=now.get(SETTINGS_FILE, "") != before.get(SETTINGS_FILE, ""),
    )


def _is_item(name: str) -> bool:
    return name.startswith("items/")


def _code(name: str) -> str:
    return PurePosixPath(name).stem
