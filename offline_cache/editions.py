"""The last good edition of the catalogue, and who reads one."""

import datetime as dt
import urllib.parse
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.dialects.sqlite import insert
from sqlcipher3 import dbapi2

from offline_cache.rescue import STORE_FILE
from offline_cache.schema import editions
from wire.canonical import canonical, sha256_hex
from wire.editions import SETTINGS_FILE, Edition

_SLOT = 1


class EditionReader(Protocol):
    """The room that knows what a catalogue is: the store keeps texts only. Called in the sync's thread."""

    def read(self, edition: Edition) -> bool:
        """Whether all of it is good. It is remembered until `switch`, and changes nothing yet."""
        ...

    def switch(self) -> None:
        """The edition that was read last is the one kept now: work by it from the next visit on."""
        ...


def load(connection: sa.Connection) -> Edition | None:
    """The last good one; None before the first, and when its bytes are no longer the ones that came."""
    row = connection.execute(sa.select(editions.c.body, editions.c.sha256)).one_or_none()
    if row is None or sha256_hex(row.body) != row.sha256:
        return None
    try:
        return Edition.model_validate_json(row.body)
    except ValidationError:  # written by a release whose editions had another shape: fetched anew
        return None


def version(connection: sa.Connection) -> int:
    """Of the one that lies here, readable or not; 0 before the first."""
    return connection.execute(sa.select(editions.c.version)).scalar_one_or_none() or 0


def is_news(connection: sa.Connection, new: Edition) -> bool:
    """Whether it is later than the one that lies here, or is that one whole where this one cannot be read.

    One without settings was taken by the release before, which did not know them: the same again brings them.
    """
    number = version(connection)
    if new.version != number:
        return new.version > number
    held = load(connection)
    return held is None or (SETTINGS_FILE in new.files and SETTINGS_FILE not in held.files)


def seen_in(folder: Path) -> Edition | None:
    """The edition in a store that the terminal's program may be using: looked at, nothing else.

    None where there is none to be read: no store, one without editions, a disk that refuses.
    """
    where = f"file:{urllib.parse.quote(str(folder / STORE_FILE))}?mode=ro"
    engine = sa.create_engine("sqlite://", module=dbapi2, creator=lambda: dbapi2.connect(where, uri=True, timeout=5.0))
    try:
        with engine.connect() as connection:
            return load(connection)
    except sa.exc.DatabaseError:
        return None
    finally:
        engine.dispose()


def switch(connection: sa.Connection, edition: Edition, at: dt.datetime) -> None:
    """Put a verified edition in the place of the last one."""
    body = canonical(edition.model_dump(mode="json"))
    values = {"version": edition.version, "body": body, "sha256": sha256_hex(body), "came_at": at}
    row = insert(editions).values(slot=_SLOT, **values)
    connection.execute(row.on_conflict_do_update(index_elements=[editions.c.slot], set_=values))
