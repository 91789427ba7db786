"""Opening the store at the start of the program: lock, check, set aside and rescue, sweep; and a report of it."""

import contextlib
import enum
import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from offline_cache import outbox, rescue, schema
from offline_cache.bodies import Bodies
from offline_cache.clock import Clock
from offline_cache.database import LOG_BYTES, Database, DiskRefused, told_as_disk
from offline_cache.drafts import SealedDrafts, retire_secret
from offline_cache.identity import Identity
from offline_cache.rescue import STORE_FILE, Damage
from offline_cache.reserve import Reserve
from offline_cache.store import SqlStore, StoreSettings
from trust.files import sync_folder
from wire.deeds import StoreRefused

MADE_MARK = "store.made"
LOCK_FILE = "store.lock"
_LEAST_ROOM = 256 * 1024


class WhyUnusable(enum.StrEnum):
    """Why there is no store to work with; the terminal stays closed and says so to the technician."""

    IN_USE = "store.in_use"  # another program holds this folder
    NEWER = "store.newer"  # written by a later release
    FULL = "store.full"
    BROKEN = "store.broken"  # read-only, I/O error, no right to write


@dataclass(frozen=True)
class Unusable:
    reason: WhyUnusable
    detail: str


@dataclass(frozen=True)
class BootReport:
    """What opening the store found."""

    fresh: bool = False  # a new store, as at the very first start
    damage: Damage | None = None  # a store was set aside; the one now open holds what could be rescued
    swept: int = 0  # files of letters that were never accepted, or outlived their acknowledgement
    missing: int = 0  # letters parked because their file is gone
    reserve: bool = True  # whether the room for a full disk is laid down


@dataclass(frozen=True)
class Opened:
    """The store, and what opening it found."""

    store: SqlStore
    report: BootReport


def open_store(
    folder: Path, identity: Identity, clock: Clock, settings: StoreSettings | None = None
) -> Opened | Unusable:
    """Open, or make at the very first start. A damaged store is never replaced silently: see `BootReport.damage`."""
    try:
        with told_as_disk():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = _lock(folder)
            if lock is None:
                return Unusable(WhyUnusable.IN_USE, LOCK_FILE)
            try:
                return _open(folder, identity, clock, settings or StoreSettings(), lock)
            except _Newer as newer:
                os.close(lock)
                return Unusable(WhyUnusable.NEWER, str(newer))
            except (DiskRefused, OSError):
                os.close(lock)
                raise
    except DiskRefused as refused:
        # At the start SQLite calls a disk without room an I/O error.
        full = refused.reason is StoreRefused.FULL or _has_no_room(folder)
        return Unusable(WhyUnusable.FULL if full else WhyUnusable.BROKEN, refused.detail)


def _open(folder: Path, identity: Identity, clock: Clock, settings: StoreSettings, lock: int) -> Opened:
    bodies = Bodies(folder / "letters")
    database, damage, fresh = _database(folder, bodies, clock)
    try:
        swept, missing = _sweep(database, bodies, damage, clock)
        with contextlib.suppress(DiskRefused):  # a kindness to later writes; a disk that is full is told below
            if not _has_no_room(folder, 4 * LOG_BYTES):
                database.lay_log()
        reserve = Reserve(folder, settings.reserve_bytes)
        report = BootReport(fresh, damage, swept, missing, reserve.make() or settings.reserve_bytes == 0)
        drafts = SealedDrafts(database, folder, clock)
        drafts.sweep()
        store = SqlStore(database, bodies, reserve, identity, clock, settings, lambda: os.close(lock), drafts)
    except (DiskRefused, OSError):
        database.close()
        raise
    return Opened(store, report)


def _database(folder: Path, bodies: Bodies, clock: Clock) -> tuple[Database, Damage | None, bool]:
    path = folder / STORE_FILE
    aside = rescue.unfinished(folder)
    if path.exists():
        sound = _open_sound(path)
        if isinstance(sound, Database):
            return _made(folder, sound, clock)
        if sound == _EMPTY and not (folder / MADE_MARK).exists():
            return _made(folder, Database(path), clock)  # cut while it was being made for the first time
        aside, what = rescue.set_aside(folder, clock.now()), sound
    elif aside is not None:
        rescue.move_in(folder, aside)
        what = "a rescue was cut short"
    elif (folder / MADE_MARK).exists():
        aside, what = rescue.set_aside(folder, clock.now()), "the file is gone"
    else:
        return _made(folder, Database(path), clock)
    retire_secret(folder, clock.now())
    damage = rescue.rescue(folder, aside, what, bodies, clock.now())
    database, _, _ = _made(folder, Database(path), clock)
    return database, damage, False


_EMPTY = "no tables"


def _open_sound(path: Path) -> Database | str:
    """The open database, or what is wrong with it. Raises DiskRefused when it is the disk and not the file."""
    if path.stat().st_size == 0:  # SQLite would take it for a new database and write to it
        return _EMPTY
    database: Database | None = None
    try:
        database = Database(path)
        with database.reading() as connection:
            if not sa.inspect(connection).has_table(schema.meta.name):
                trouble = _EMPTY
            else:
                trouble = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
    except DiskRefused as refused:
        if database is not None:
            database.close()
        if not refused.is_file:
            raise
        return refused.detail
    if trouble != "ok":
        database.close()
        return trouble
    return database


def _made(folder: Path, database: Database, clock: Clock) -> tuple[Database, None, bool]:
    """The tables are there, in a version we know, and the mark says that a store was once made here."""
    try:
        with database.transaction() as connection:
            fresh = schema.create(connection, clock.now())
            version = schema.version(connection)
        if version > schema.SCHEMA_VERSION:
            raise _Newer(version)
    except (DiskRefused, _Newer):
        database.close()
        raise
    if not (folder / MADE_MARK).exists():
        (folder / MADE_MARK).touch()
        sync_folder(folder)
    rescue.finish(folder)
    return database, None, fresh


def _sweep(database: Database, bodies: Bodies, damage: Damage | None, clock: Clock) -> tuple[int, int]:
    """Files without a letter go (after damage they are set aside); letters without a file are parked."""
    with database.reading() as connection:
        kept = outbox.kept_in_files(connection)
    swept = 0
    for path in bodies.strangers(kept):
        if damage is None:
            path.unlink()
        else:
            path.replace(damage.set_aside / path.name)
        swept += 1
    missing = [letter for letter in kept if not bodies.path(letter).exists()]
    if missing:
        with database.transaction() as connection:
            parked = [outbox.park(connection, letter, outbox.PARKED_MISSING, clock.now()) for letter in missing]
        return swept, sum(parked)
    return swept, 0


def _has_no_room(folder: Path, least: int = _LEAST_ROOM) -> bool:
    try:
        room = os.statvfs(folder)
    except OSError:
        return False
    return room.f_bavail * room.f_frsize < least and not room.f_flag & os.ST_RDONLY


def _lock(folder: Path) -> int | None:
    """Hold the folder for this process; None when another one does. The kernel lets go when the process ends."""
    handle = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


class _Newer(Exception):
    """The store was written by a later release."""
