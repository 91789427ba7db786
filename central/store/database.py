"""Central's database: SQLite by default, WAL and FULL, one writer; SQL kept to what PostgreSQL says too.

The driver is `sqlcipher3` without a key, an ordinary SQLite 3.53: the standard library's 3.40 can lose commits when two
connections checkpoint at once (sqlite.org/wal.html#walresetbug).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import sqlcipher3.dbapi2
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection as Connection

from central.store.tables import METADATA, SCHEMA_VERSION, meta

_BUSY_MS = 10_000
_SCHEMA = "schema"
_WRITES = "nuanting_writes"


class StoreUnavailable(Exception):
    """The disk or the database refused (full, locked, read-only, I/O): the caller may ask again later."""


class StoreDamaged(Exception):
    """The database is not one of ours or not sound: central does not start with it, and changes nothing."""


class Database:
    """The one database. Reads run side by side; writes one at a time. Raises StoreDamaged when it cannot be used."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._engine = sa.create_engine(
            f"sqlite:///{path}",
            module=sqlcipher3.dbapi2,
            pool_size=8,
            max_overflow=8,
            pool_timeout=30,
            hide_parameters=True,  # an error's text must not carry a person
            connect_args={"timeout": _BUSY_MS / 1000, "check_same_thread": False},
        )
        sa.event.listen(self._engine, "connect", _prepare)
        sa.event.listen(self._engine, "begin", _begin)
        try:
            self._check()
        except sa.exc.OperationalError as world:
            self.close()
            raise StoreUnavailable(type(world.orig).__name__) from world
        except sa.exc.DatabaseError as damage:
            self.close()
            raise StoreDamaged("the file is not a sound database") from damage
        except StoreDamaged:
            self.close()
            raise

    def _check(self) -> None:
        with self._engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            if found != "ok":
                raise StoreDamaged("quick_check does not say ok")
        with self._engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
            METADATA.create_all(connection)
            insert_new(connection, meta, {"name": _SCHEMA, "value": str(SCHEMA_VERSION)})
            version = connection.execute(sa.select(meta.c.value).where(meta.c.name == _SCHEMA)).scalar()
            if version != str(SCHEMA_VERSION):
                raise StoreDamaged(f"the database has schema {version}, this program needs {SCHEMA_VERSION}")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads. Raises StoreUnavailable."""
        with _blamed(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on disk when the block ends, or did not happen. Raises StoreUnavailable."""
        with self._lock, _blamed():
            connection = self._engine.connect().execution_options(**{_WRITES: True})
            with connection, connection.begin():
                yield connection

    def close(self) -> None:
        self._engine.dispose()


@contextmanager
def _blamed() -> Iterator[None]:
    """Tell the world's faults (disk, lock) from ours, which stay as they are."""
    try:
        yield
    except sa.exc.TimeoutError as waited:
        raise StoreUnavailable("pool") from waited
    except (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError, sa.exc.InterfaceError):
        raise
    except sa.exc.DatabaseError as world:
        raise StoreUnavailable(type(world.orig).__name__) from world


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: `_begin` does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    # IMMEDIATE: a writer takes its lock at once instead of failing halfway when another process writes.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def insert_new(connection: Connection, table: sa.Table, row: dict[str, Any]) -> bool:
    """Insert a row unless its key is taken; whether it was inserted. The one place where the two dialects differ."""
    make = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    return connection.execute(make(table).values(**row).on_conflict_do_nothing()).rowcount == 1
