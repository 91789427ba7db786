"""The database's history as Alembic revisions, and `bring_up`, which makes or upgrades the tables at start.

A revision only adds (tables, columns, looser constraints), so that the release before works on beside it: workers are
replaced one by one, without a pause. What is no longer used goes one release later. `meta.schema` names the oldest
program that may work on the database and changes only then. `python -m central.store.migrations draw` writes the one
revision that is not released yet (OPEN) anew from the tables; `check` says whether tables and revisions agree.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from central.store.database import Connection, Database, StoreDamaged, StoreUnavailable, insert_new
from central.store.tables import SCHEMA_VERSION, meta

HERE = Path(__file__).parent
FIRST = "0001"
"""The first release's tables, which it made itself and named only by `meta.schema`."""
OPEN = "0002"

_SCHEMA = "schema"
_AFTER_DAMAGE = "set central.db* aside, delete nothing, and restore a backup (docs/operating/central.md)"

logging.getLogger("alembic").setLevel(logging.WARNING)


def bring_up(database: Database) -> None:
    """Check the database, then make its tables or upgrade them, in one transaction.

    Raises StoreUnavailable, and StoreDamaged when it is not sound, not ours, or of a release to come.
    """
    with _told_as_damage():
        if database.is_sqlite:
            with database.reading() as connection:
                if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
                    raise StoreDamaged(f"the file is damaged: {_AFTER_DAMAGE}")
        with database.writing(lock="migrations") as connection:
            _upgrade(connection)


@contextmanager
def _told_as_damage() -> Iterator[None]:
    """At start, what is no database is damage, not a disk that may come back."""
    try:
        yield
    except StoreUnavailable as world:
        cause = world.__cause__
        if isinstance(cause, sa.exc.DatabaseError) and not isinstance(cause, sa.exc.OperationalError):
            raise StoreDamaged(f"the file is not a sound database: {_AFTER_DAMAGE}") from cause
        raise


def is_empty(database: Database) -> bool:
    """Whether nothing was ever made in the database. Raises StoreUnavailable, StoreDamaged."""
    with _told_as_damage(), database.reading() as connection:
        return revision(connection) is None


def revision(connection: Connection) -> str | None:
    """The revision that the tables are of; FIRST for the first release's, None for an empty database."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None and sa.inspect(connection).has_table(meta.name):
        return FIRST
    return found


def _upgrade(connection: Connection) -> None:
    found = revision(connection)
    if found is not None:
        oldest = connection.execute(sa.select(meta.c.value).where(meta.c.name == _SCHEMA)).scalar()
        if oldest != str(SCHEMA_VERSION):
            raise StoreDamaged(
                f"the database has schema {oldest}, this program needs {SCHEMA_VERSION}: start its release"
            )
    settings = config(connection)
    known = {each.revision for each in ScriptDirectory.from_config(settings).walk_revisions()}
    if found is not None and (found not in known or found == OPEN):
        return  # as we make it, or of the next release, which says by `meta.schema` that we may work on
    if MigrationContext.configure(connection).get_current_revision() is None and found == FIRST:
        command.stamp(settings, FIRST)
    command.upgrade(settings, "head")
    insert_new(connection, meta, {"name": _SCHEMA, "value": str(SCHEMA_VERSION)})


def config(connection: Connection) -> Config:
    """Alembic's settings for this connection; its transaction stays the caller's."""
    settings = Config()
    settings.set_main_option("script_location", str(HERE))
    settings.attributes["connection"] = connection
    return settings
