"""A damaged store is set aside and never deleted; what can still be read of it goes into a new one."""

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlcipher3 import dbapi2

from offline_cache import numbers, schema
from offline_cache.bodies import Bodies
from offline_cache.database import Database
from offline_cache.outbox import LetterState
from trust.files import sync_folder
from wire.canonical import sha256_hex
from wire.deeds import DeedKind, DeedState
from wire.messages import LetterKind

STORE_FILE = "store.db"
NEW_FILE = "store.rescue.db"
DONE_MARK = "rescued"
_SUFFIXES = ("", "-wal", "-shm")
_NOT_RESCUED = (schema.meta,)
_ADDED_LATER = (schema.drafts,)
"""Tables that a store of the first release does not have."""
_MOST_PROBES = 20_000
_ENOUGH_FAILURES = 1000
"""Row numbers tried one by one between the readable head and the readable tail of a damaged table."""


@dataclass(frozen=True)
class Damage:
    """What was found at boot and what became of it; for the technician and for central."""

    what: str  # SQLite's or the disk's own words
    set_aside: Path
    letters: int = 0  # rescued and still to be sent
    letters_lost: int = 0  # rows read whose bytes are no longer the ones that were sealed
    deeds: int = 0
    drafts: int = 0  # rescued
    drafts_lost: int = 0
    unread: tuple[str, ...] = ()  # tables that could not be read to the end: more may be lost than is counted


def set_aside(folder: Path, now: dt.datetime) -> Path:
    """Move the store's files into a folder of their own. A cut in between is taken up by `unfinished`."""
    aside = folder / f"damaged-{now:%Y%m%dT%H%M%S%f}"
    aside.mkdir(mode=0o700)
    move_in(folder, aside)
    return aside


def move_in(folder: Path, aside: Path) -> None:
    # The database goes first: without its log it would still open, and look whole.
    for suffix in _SUFFIXES:
        path = folder / (STORE_FILE + suffix)
        if path.exists():
            path.replace(aside / path.name)
    sync_folder(aside)
    sync_folder(folder)


def unfinished(folder: Path) -> Path | None:
    """The newest set-aside store that no rescue has been finished for."""
    asides = sorted(path for path in folder.glob("damaged-*") if not (path / DONE_MARK).exists())
    return asides[-1] if asides else None


def finish(folder: Path) -> None:
    """Say of every set-aside store that its rescue is over."""
    for aside in folder.glob("damaged-*"):
        (aside / DONE_MARK).touch()
        sync_folder(aside)


def rescue(folder: Path, aside: Path, what: str, bodies: Bodies, now: dt.datetime) -> Damage:
    """Make a new store in `folder` out of what can be read in `aside`. Raises DiskRefused, OSError."""
    new = folder / NEW_FILE
    for suffix in (*_SUFFIXES, "-journal"):
        Path(f"{new}{suffix}").unlink(missing_ok=True)
    target = Database(new, wal=False)
    try:
        with target.transaction() as connection:
            schema.create(connection, now)
            damage = _copy_all(aside, what, connection, bodies, now)
    finally:
        target.close()
    new.replace(folder / STORE_FILE)
    sync_folder(folder)
    return damage


def _copy_all(aside: Path, what: str, target: sa.Connection, bodies: Bodies, now: dt.datetime) -> Damage:
    work = _working_copy(aside)
    unread: list[str] = []
    rescued = dict.fromkeys((table.name for table in schema.metadata.sorted_tables), 0)
    letters = letters_lost = drafts_lost = 0
    try:
        with closing(dbapi2.connect(str(work / STORE_FILE))) as source:
            source.execute("PRAGMA writable_schema=ON")  # or a file shorter than its header says is not read at all
            for table in schema.metadata.sorted_tables:
                if table in _NOT_RESCUED:
                    continue
                reader = _by_number(source, table, unread) if "seq" in table.c else _whole(source, table, unread)
                for row in reader:
                    if table is schema.letters and not _is_sound(row, bodies):
                        letters_lost += 1
                    elif table is schema.drafts:
                        sound = _is_draft(row)
                        drafts_lost += not sound
                        if sound:
                            _insert(target, table, row)
                            rescued[table.name] += 1
                    elif table is not schema.deeds or _is_deed(row):
                        letters += table is schema.letters and row["state"] != LetterState.ACKED
                        _insert(target, table, row)
                        rescued[table.name] += 1
    except (dbapi2.DatabaseError, OSError):
        unread.extend(table.name for table in schema.metadata.sorted_tables if table not in _NOT_RESCUED)
    finally:
        if work != aside:
            shutil.rmtree(work, ignore_errors=True)
    floor = int(now.timestamp())
    if schema.counters.name in unread:
        numbers.raise_floor(target, floor)
    for name in ("letters", "deeds"):  # a number that an unread row may have had is not given again
        target.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
        target.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, floor))
    return Damage(
        what, aside, letters, letters_lost, rescued["deeds"], rescued["drafts"], drafts_lost,
        tuple(dict.fromkeys(unread)),
    )  # fmt: skip


def _working_copy(aside: Path) -> Path:
    """Reading replays the log into the file, so a copy is read; the thing itself when there is no room for one."""
    work = aside / "work"
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir()
        for suffix in ("", "-wal"):
            path = aside / (STORE_FILE + suffix)
            if path.exists():
                shutil.copyfile(path, work / path.name)
    except OSError:
        shutil.rmtree(work, ignore_errors=True)
        return aside
    return work


def _whole(source: dbapi2.Connection, table: sa.Table, unread: list[str]) -> Iterator[dict[str, Any]]:
    names = [column.name for column in table.c]
    try:
        for values in source.execute(f"SELECT {', '.join(names)} FROM {table.name} NOT INDEXED"):  # noqa: S608 - our own names
            yield dict(zip(names, values, strict=True))
    except dbapi2.DatabaseError as refused:
        if table not in _ADDED_LATER or "no such table" not in str(refused):
            unread.append(table.name)


def _by_number(source: dbapi2.Connection, table: sa.Table, unread: list[str]) -> Iterator[dict[str, Any]]:
    """Rows from the front until one cannot be read, then from the back, then one by one in between."""
    names = [column.name for column in table.c]
    select = f"SELECT {', '.join(names)} FROM {table.name} NOT INDEXED"  # noqa: S608 - our own names
    low, high = 0, 2**62
    broken = False
    for step, order in (("seq > ? AND seq < ? ORDER BY seq", 1), ("seq > ? AND seq < ? ORDER BY seq DESC", -1)):
        while True:
            try:
                values = source.execute(f"{select} WHERE {step} LIMIT 1", (low, high)).fetchone()
            except dbapi2.DatabaseError:
                broken = True
                break
            if values is None:
                if broken:
                    unread.append(table.name)
                return
            row = dict(zip(names, values, strict=True))
            if not isinstance(row["seq"], int):
                broken = True
                break
            low, high = (row["seq"], high) if order == 1 else (low, row["seq"])
            yield row
    unread.append(table.name)
    failures = 0
    for number in range(low + 1, min(high, low + _MOST_PROBES)):
        try:
            values = source.execute(f"{select} WHERE seq = ?", (number,)).fetchone()
        except dbapi2.DatabaseError:
            failures += 1
            if failures == _ENOUGH_FAILURES:
                return
            continue
        failures = 0
        if values is not None:
            yield dict(zip(names, values, strict=True))


def _is_sound(row: dict[str, Any], bodies: Bodies) -> bool:
    """Whether a letter's row can be believed, and its bytes are the ones that were sealed."""
    try:
        state = LetterState(row["state"])
        LetterKind(row["kind"])
        dt.datetime.fromisoformat(row["created_at"])
        dt.datetime.fromisoformat(row["changed_at"])
    except (ValueError, TypeError):
        return False
    if not all(isinstance(row[name], str) and row[name] for name in ("id", "subject", "sha256")):
        return False
    if state is LetterState.ACKED:
        return row["body"] is None  # its bytes are at central
    if row["in_file"]:
        return bool(bodies.sha256(row["id"]) == row["sha256"])
    return isinstance(row["body"], bytes) and bool(sha256_hex(row["body"]) == row["sha256"])


def _is_deed(row: dict[str, Any]) -> bool:
    try:
        DeedKind(row["kind"])
        DeedState(row["state"])
        dt.datetime.fromisoformat(row["promised_at"])
        dt.datetime.fromisoformat(row["changed_at"])
    except (ValueError, TypeError):
        return False
    return all(isinstance(row[name], str) for name in ("id", "subject", "item", "again", "note"))


def _is_draft(row: dict[str, Any]) -> bool:
    """Whether the bytes are the ones that were sealed; whether they open is for the card to show."""
    try:
        dt.datetime.fromisoformat(row["expires"])
        dt.datetime.fromisoformat(row["kept_at"])
    except (ValueError, TypeError):
        return False
    if not isinstance(row["version"], int) or not isinstance(row["name"], str):
        return False
    return isinstance(row["body"], bytes) and bool(sha256_hex(row["body"]) == row["sha256"])


def _insert(target: sa.Connection, table: sa.Table, row: dict[str, Any]) -> None:
    # Values as they were stored, past the column types' own conversions; a row met twice is kept once.
    values = {column.name: sa.literal(row[column.name], _RAW[type(row[column.name])]) for column in table.c}
    target.execute(insert(table).values(values).on_conflict_do_nothing())


_RAW: dict[type, sa.types.TypeEngine[Any]] = {
    str: sa.String(),
    int: sa.Integer(),
    float: sa.Float(),
    bytes: sa.LargeBinary(),
    type(None): sa.types.NullType(),
}
