"""Central's database: SQLite in its folder by default, PostgreSQL by one setting; the same SQL for both.

SQLite: WAL and FULL, one writer. The driver is `sqlcipher3` without a key, an ordinary SQLite 3.53: the standard
library's 3.40 can lose commits when two connections checkpoint at once (sqlite.org/wal.html#walresetbug).
PostgreSQL: read committed; several workers write side by side. What must not happen twice is kept by unique keys
(`insert_new`) and by named locks (`writing(lock=…)`, `holding`), never by the order in which workers come.
"""

import functools
import hashlib
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
import sqlcipher3.dbapi2
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection as Connection

_BUSY_MS = 10_000
_WRITES = "nuanting_writes"
_DURABLE = "nuanting_durable"
_AFTERWARDS = "nuanting_afterwards"
_ENDINGS = "nuanting_endings"
_USED = "nuanting_used"
_IDLE_S = 30.0
POOL = 8
_WAIT_S = 30.0
"""For a connection, when all are in use."""
_OPTIONS = " ".join(
    f"-c {each}"
    for each in (
        "lock_timeout=20s",
        "statement_timeout=60s",
        "tcp_keepalives_idle=30",  # a machine that is gone lets go of what it held after a minute, not after hours
        "tcp_keepalives_interval=10",
        "tcp_keepalives_count=3",
    )
)


class StoreUnavailable(Exception):
    """The disk or the database refused (full, locked, read-only, I/O, not there): the caller may ask again later."""


class KeyTaken(Exception):
    """Another transaction made such a row a moment ago: whoever looked before it may look again."""


class StoreDamaged(Exception):
    """The database is not one of ours or not sound: central does not start with it, and changes nothing."""


class Database:
    """The one database. Reads run side by side; writes one at a time on SQLite, side by side on PostgreSQL.

    `where` is a file's path (SQLite) or a URL `postgresql+psycopg://user:password@host/name`. Nothing is opened yet:
    `central.store.migrations.bring_up` checks it and makes or upgrades its tables.
    """

    def __init__(self, where: Path | str) -> None:
        self.is_sqlite = isinstance(where, Path)
        self.tell: Callable[[str, str], None] = _tell_nobody
        """Who is told (topic, about) of what was committed; see `tell_after`."""
        self._lock = threading.Lock()
        self._held: dict[str, threading.Lock] = {}
        self._held_lock = threading.Lock()
        self._may_hold = threading.Semaphore(POOL)
        """Of the connections, so many may be taken by names: who holds one needs another to go on."""
        if isinstance(where, Path):
            self._engine = sa.create_engine(
                f"sqlite:///{where}",
                module=sqlcipher3.dbapi2,
                pool_size=POOL,
                max_overflow=POOL,
                pool_timeout=_WAIT_S,
                hide_parameters=True,  # an error's text must not carry a person
                connect_args={"timeout": _BUSY_MS / 1000, "check_same_thread": False},
            )
            sa.event.listen(self._engine, "connect", _prepare_sqlite)
            sa.event.listen(self._engine, "begin", _begin_sqlite)
        else:
            self._engine = sa.create_engine(
                where,
                pool_size=POOL,
                max_overflow=POOL,
                pool_timeout=_WAIT_S,
                hide_parameters=True,
                connect_args={"connect_timeout": 10, "options": _OPTIONS},
            )
            sa.event.listen(self._engine, "checkin", _note_use)
            sa.event.listen(self._engine, "checkout", _ask_if_idle)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Only reads. Raises StoreUnavailable.

        With SQLite all of it sees one state. With PostgreSQL each statement sees what was committed before it, as in a
        transaction that is read committed, and without the two journeys that beginning and ending one would take.
        """
        options = {} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        with _blamed(), self._engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def writing(self, lock: str = "", *, durable: bool = True) -> Iterator[Connection]:
        """A transaction that is on disk when the block ends, or did not happen. Raises StoreUnavailable.

        Transactions with the same `lock`, in whatever worker, follow each other. `durable` False does not wait for the
        disk: after a power cut it may not have happened.
        """
        afterwards: list[tuple[str, str]] = []
        endings: _Endings = {}
        with ExitStack() as stack:
            if self.is_sqlite:
                stack.enter_context(self._lock)
            stack.enter_context(_blamed())
            options = {_WRITES: True, _DURABLE: durable, _AFTERWARDS: afterwards, _ENDINGS: endings}
            connection = stack.enter_context(self._engine.connect().execution_options(**options))
            stack.enter_context(connection.begin())
            if not durable and not self.is_sqlite:
                connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
            if lock and not self.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_number(lock))))
            yield connection
            for write, rows in endings.values():
                write(connection, rows)
        for topic, about in dict.fromkeys(afterwards):
            self.tell(topic, about)

    @contextmanager
    def holding(self, name: str) -> Iterator[None]:
        """One holder of a name at a time among all workers; for work that spans several transactions or files."""
        with self._held_lock:
            local = self._held.setdefault(str(_number(name) % 64), threading.Lock())
        with local:
            if self.is_sqlite:  # `serve.lock` sees to it that no other process serves from the folder
                yield
                return
            if not self._may_hold.acquire(timeout=_WAIT_S):
                raise StoreUnavailable("pool")
            with ExitStack() as stack:
                stack.callback(self._may_hold.release)
                stack.enter_context(_blamed())
                connection = stack.enter_context(self._engine.connect().execution_options(isolation_level="AUTOCOMMIT"))
                connection.execute(sa.select(sa.func.pg_advisory_lock(_number(name))))
                try:
                    yield
                finally:
                    connection.execute(sa.select(sa.func.pg_advisory_unlock(_number(name))))

    @contextmanager
    def holding_free(self, names: Collection[str]) -> Iterator[Collection[str]]:
        """Hold those of the names that no other worker holds in this way, without waiting; which these are.

        Within a worker nobody is kept apart by it.
        """
        if self.is_sqlite:
            yield names
            return
        numbers = {_number(name): name for name in names}
        with _blamed(), self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            try:
                rows = connection.execute(_TRY_TO_HOLD, {"numbers": list(numbers)}).all()
            except sa.exc.DBAPIError:
                connection.invalidate()  # whatever it holds goes with it
                raise
            try:
                yield [numbers[row.number] for row in rows if row.held]
            finally:
                connection.execute(_LET_GO)

    def compact(self) -> None:
        """Write the SQLite file anew: nothing of deleted or replaced rows is left in it. Raises StoreUnavailable.

        With PostgreSQL nothing: its old rows go with its own vacuum, and its logs are the operator's.
        """
        if not self.is_sqlite:
            return
        with self._lock, _blamed(), closing(self._engine.raw_connection()) as connection:
            for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                try:
                    connection.cursor().execute(statement).fetchall()
                except sqlcipher3.dbapi2.DatabaseError as world:
                    raise StoreUnavailable(type(world).__name__) from world

    def copy_to(self, path: Path) -> None:
        """A copy of the SQLite database as it is now, while others write on. Raises StoreUnavailable."""
        with _blamed(), closing(self._engine.raw_connection()) as connection:
            try:
                connection.cursor().execute("VACUUM INTO ?", (str(path),))
            except sqlcipher3.dbapi2.DatabaseError as world:
                raise StoreUnavailable(type(world).__name__) from world

    def close(self) -> None:
        self._engine.dispose()


_TRY_TO_HOLD = sa.text(
    "SELECT number, pg_try_advisory_lock(number) AS held FROM unnest(CAST(:numbers AS bigint[])) AS number"
)
_LET_GO = sa.text("SELECT pg_advisory_unlock_all()")


def _tell_nobody(_topic: str, _about: str) -> None:
    """Until somebody listens."""


def tell_after(connection: Connection, topic: str, about: str) -> None:
    """Have `Database.tell` called once this connection's transaction is on disk; not, if it does not happen."""
    afterwards: list[tuple[str, str]] | None = connection.get_execution_options().get(_AFTERWARDS)
    if afterwards is not None:
        afterwards.append((topic, about))


def at_the_end(connection: Connection, name: str, write: Callable[[Connection, list[Any]], None]) -> list[Any] | None:
    """A list that `write` is given at the end of this transaction, still inside of it: what is told in several places
    is written at once. The same list for the same name. None on a connection that did not come from `writing`.
    """
    endings: _Endings | None = connection.get_execution_options().get(_ENDINGS)
    return None if endings is None else endings.setdefault(name, (write, []))[1]


_Endings = dict[str, tuple[Callable[[Connection, list[Any]], None], list[Any]]]


@contextmanager
def _blamed() -> Iterator[None]:
    """Tell the world's faults (disk, lock, line) from ours, which stay as they are."""
    try:
        yield
    except sa.exc.TimeoutError as waited:
        raise StoreUnavailable("pool") from waited
    except (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError, sa.exc.InterfaceError):
        raise
    except sa.exc.DatabaseError as world:
        raise StoreUnavailable(type(world.orig).__name__) from world


def _number(name: str) -> int:
    """A lock's name as PostgreSQL wants it: a signed 64-bit integer."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def _note_use(_connection: Any, record: Any) -> None:
    record.info[_USED] = time.monotonic()


def _ask_if_idle(connection: Any, record: Any, _proxy: Any) -> None:
    """A connection that has lain for a while may be gone. Asking at each use would cost more than a statement."""
    if _USED in record.info and time.monotonic() - record.info[_USED] >= _IDLE_S:
        try:
            connection.execute("SELECT 1")
            connection.rollback()
        except psycopg.Error as gone:
            raise sa.exc.DisconnectionError from gone


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: `_begin_sqlite` does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # a destroyed key is overwritten, not left in a free page
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE: a writer takes its lock at once instead of failing halfway when another process writes.
    options = connection.get_execution_options()
    writes = options.get(_WRITES, False)
    if writes:
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options.get(_DURABLE, True) else 'NORMAL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def insert_new(connection: Connection, table: sa.Table, row: dict[str, Any]) -> bool:
    """Insert a row unless its key is taken; whether it was inserted."""
    query = _insert_new(connection.dialect.name, table)
    return connection.execute(query, row).first() is not None  # an INSERT's rowcount is -1 with psycopg


def insert_all(
    connection: Connection, table: sa.Table, rows: Sequence[dict[str, Any]], *, may_be_there: bool = False
) -> None:
    """Insert rows that all name the same columns. A key that is taken raises KeyTaken, or with `may_be_there` leaves
    that row out."""
    if rows:
        query = _unless_there(connection.dialect.name, table) if may_be_there else _insert(table)
        try:
            connection.execute(query, rows)
        except sa.exc.IntegrityError as there:
            raise KeyTaken(table.name) from there


# Statements are made once: making the words of one takes as long as sending it.


@functools.cache
def _insert(table: sa.Table) -> sa.Insert:
    return sa.insert(table)


@functools.cache
def _unless_there(dialect: str, table: sa.Table) -> sa.Insert:
    """The one statement that the two dialects say differently."""
    make = sqlite_insert if dialect == "sqlite" else postgresql_insert
    return make(table).on_conflict_do_nothing()


@functools.cache
def _insert_new(dialect: str, table: sa.Table) -> sa.Executable:
    return _unless_there(dialect, table).returning(sa.literal(1))
