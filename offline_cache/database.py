"""One SQLite file, one connection, one writer at a time, durable at commit.

WAL with synchronous=FULL: one fsync per commit, and nothing acknowledged is lost by a power cut. The SQLite is the one
inside the sqlcipher3 wheel (3.53.4, without a key): versions before 3.51.3 can lose commits when a checkpoint and a
write meet (sqlite.org/wal.html, "WAL-reset bug"), and the one under Python's own module is older.
"""

import errno
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from wire.deeds import StoreBroken, StoreRefused

# Primary result codes (sqlite.org/rescode.html); extended codes carry them in the low byte.
_READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 8, 10, 11, 13, 14, 26
_IOERR_SHMSIZE = 10 | 19 << 8  # the log's index cannot grow: a full disk under another name
_WORLD = frozenset({_READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB})
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


LOG_BYTES = 4 * 1024 * 1024
FOLD_EVERY = 64
"""Commits; a letter with its deed is some 13 pages, so that they stay within LOG_BYTES."""
MOST_PAGES = 4000


class DiskRefused(StoreBroken):
    """The disk said no, and nothing was written. `reason` says how; `is_file` that the file itself is damaged."""

    def __init__(self, reason: StoreRefused, detail: str, *, is_file: bool = False) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail
        self.is_file = is_file


class Database:
    """The open file. Any thread may call; calls wait for each other."""

    def __init__(self, path: Path, *, wal: bool = True) -> None:
        """Raises DiskRefused."""
        self.path = path
        self.on_refused: Callable[[DiskRefused], None] = _nobody
        """Told of each write that the disk refused, before whoever wanted it is."""
        self._lock = threading.Lock()
        self._unfolded = 0
        self._engine = sa.create_engine(
            f"sqlite:///{path}",
            module=dbapi2,
            poolclass=StaticPool,
            # One connection for all threads is safe under the lock. `_within` begins transactions, not the driver.
            connect_args={"check_same_thread": False, "isolation_level": None, "timeout": 5.0},
        )
        # Set on the driver's connection: journal_mode cannot change once SQLAlchemy has begun a transaction.
        sa.event.listen(self._engine, "connect", lambda driver, _: _set_up(driver, wal))
        try:
            with told_as_disk():
                self._connection = self._engine.connect()
                self._driver: dbapi2.Connection = self._connection.connection.driver_connection
        except DiskRefused:
            self._engine.dispose()
            raise

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Hold the lock and a transaction; on disk when the block has ended. Raises DiskRefused, with all undone."""
        try:
            with self._open(), told_as_disk():
                # A transaction that reads first and writes later must not find the write lock taken half-way.
                with self._within("BEGIN IMMEDIATE"):
                    yield self._connection
                self._unfolded += 1
        except DiskRefused as refused:
            self.on_refused(refused)
            raise

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """The same for looking only: answers even from a disk that takes nothing any more."""
        with self._open(), told_as_disk(), self._within("BEGIN"):
            yield self._connection

    @contextmanager
    def _within(self, begin: str) -> Iterator[None]:
        """A transaction of the driver's own: for SQLAlchemy to begin one takes as long as three inserts."""
        driver = self._driver
        driver.execute(begin)
        try:
            yield
            driver.commit()
        except BaseException:
            driver.rollback()
            raise
        finally:
            if self._connection.in_transaction():  # it opened one in its own books when it was first asked
                self._connection.rollback()

    def lay_log(self) -> None:
        """Give the write-ahead log its full length once, at the start, so that no later write has to grow a file.

        Zeros are no frames: SQLite reads the log up to the first frame that does not check. Raises DiskRefused.
        """
        log = Path(f"{self.path}-wal")
        with self._open(), told_as_disk():
            missing = LOG_BYTES - (log.stat().st_size if log.exists() else LOG_BYTES)
            if missing > 0:
                with log.open("ab") as file:
                    file.write(bytes(missing))
                    file.flush()
                    os.fsync(file.fileno())

    def fold_log(self) -> None:
        """Carry the log into the database when it is due: two fsyncs no writer need wait for. Raises DiskRefused."""
        if self._unfolded < FOLD_EVERY:
            return
        with self._open(), told_as_disk():
            self._unfolded = 0
            self._driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    @contextmanager
    def _open(self) -> Iterator[None]:
        with self._lock:
            if self._connection.closed:  # the program ends while a request of the sync is still under way
                raise DiskRefused(StoreRefused.BROKEN, "the store was closed")
            yield

    def close(self) -> None:
        """End; who comes later is refused like by a broken disk."""
        with self._lock:
            self._connection.close()
            self._engine.dispose()


def _set_up(driver: dbapi2.Connection, wal: bool) -> None:
    if wal:
        driver.execute("PRAGMA journal_mode=WAL")
    driver.execute("PRAGMA synchronous=FULL")
    driver.execute("PRAGMA foreign_keys=ON")
    driver.execute(f"PRAGMA journal_size_limit={LOG_BYTES}")  # after a burst the log gives its room back
    driver.execute(f"PRAGMA wal_autocheckpoint={MOST_PAGES}")  # should nobody call fold_log


@contextmanager
def told_as_disk() -> Iterator[None]:
    """Turn what the world did to a file into DiskRefused; our own mistakes go on as they are."""
    try:
        yield
    except (sa.exc.DBAPIError, dbapi2.Error) as refused:
        origin = refused.orig if isinstance(refused, sa.exc.DBAPIError) else refused
        code = _code(origin)
        if code not in _WORLD:
            raise
        reason = StoreRefused.FULL if code == _FULL else StoreRefused.BROKEN
        raise DiskRefused(reason, str(origin), is_file=code in (_CORRUPT, _NOTADB)) from refused
    except OSError as refused:
        reason = StoreRefused.FULL if refused.errno in _NO_ROOM else StoreRefused.BROKEN
        raise DiskRefused(reason, refused.strerror or type(refused).__name__) from refused


def _nobody(_: DiskRefused) -> None:
    return None


def _code(error: BaseException | None) -> int | None:
    """SQLite's primary result code."""
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _FULL if code == _IOERR_SHMSIZE else code & 0xFF
    # The driver attaches no code to what it meets while opening; the words are SQLite's own (sqlite3_errstr).
    if isinstance(error, dbapi2.DatabaseError):
        if "not a database" in str(error):
            return _NOTADB
        if "malformed" in str(error):
            return _CORRUPT
        if "unable to open" in str(error):
            return _CANTOPEN
    return None
