"""Backup and restore: the database as of one moment, then the bodies; never the keys, which belong elsewhere.

The order matters: a body that no row names does no harm, a row whose body is missing would. `backup.json` is written
last and names every file with its hash: a folder without it is no backup. With a backup alone nobody reads anything of
a citizen, and without the keys that belong to it neither does central.
"""

import datetime as dt
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from central.keys import load_or_make, load_vault
from central.settings import CentralSettings
from central.store import counts
from central.store.database import Database, StoreUnavailable
from central.store.migrations import is_empty
from central.wiring import open_central
from trust.files import sync_folder, write_private

MANIFEST = "backup.json"
FORM = 1
_DUMP = "central.dump"
_FILE = "central.db"
_KEYS = ("keys.json", "vault.key", "sign-ack*.pem", "sign-code*.pem", "seal*.key")
_KID = re.compile(r"[0-9a-f]{16}")


class CannotCopy(Exception):
    """No backup is made, or nothing is restored; the text says why, for an operator."""


def back_up(settings: CentralSettings, to: Path) -> str:
    """Write a backup into `to`, a new folder; what there is to say about it.

    Raises CannotCopy, and what `open_central` raises.
    """
    if to.exists() and any(to.iterdir()):
        raise CannotCopy(f"{to} is not empty: name a new folder with --to")
    if not (settings.folder / "keys").is_dir():
        raise CannotCopy(f"{settings.folder} is not a central's folder: it has no keys. Name that of `serve`")
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    central = open_central(settings)
    try:
        if settings.database:
            _postgres("pg_dump", settings.database, "--format=custom", f"--file={to / _DUMP}")
        else:
            _copied_database(central.database, to)
        kids = sorted(key.kid for key in central.keys.public())
        with central.database.reading() as connection:
            told: dict[str, Any] = {"form": FORM, "kids": kids, "vault": repr(central.vault)}
            letters = counts.letters(connection)
    finally:
        central.close()
    bodies = 0 if settings.blobs else _copied(settings.folder / "bodies", to / "bodies")
    told["made_at"] = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    told["database"] = "PostgreSQL" if settings.database else "SQLite"
    told["bodies"] = settings.blobs or "here"
    told["files"] = {str(path.relative_to(to)): _made_durable(path) for path in _files(to)}
    write_private(to / MANIFEST, (json.dumps(told, indent=1) + "\n").encode())
    where = f"large bodies stay in {settings.blobs}" if settings.blobs else f"{bodies} large bodies"
    keys = f"The keys are not in it: keep a copy of {settings.folder / 'keys'} in another place"
    came = f"{letters} letters, and any that came in meanwhile" if letters else "no letters yet"
    return f"{came}, {where}. {keys}, nothing can be read without them"


def _copied_database(database: Database, to: Path) -> None:
    try:
        database.copy_to(to / _FILE)
    except StoreUnavailable as refused:
        raise CannotCopy(
            f"the copy could not be written into {to}: is its disk full, or not for this account to write? Nothing of "
            f"central's was changed; remove {to} and say it again"
        ) from refused


def restore(settings: CentralSettings, source: Path, keys: Path) -> str:
    """Make a central of a backup, in an empty folder and an empty database; what there is to say about it.

    Raises CannotCopy, and what `open_central` raises.
    """
    told = _manifest(source)
    if told["database"] != ("PostgreSQL" if settings.database else "SQLite"):
        raise CannotCopy(
            f"this is a backup of {told['database']}: it goes back into no other (NUANTING_DATABASE, --database)"
        )
    if not keys.is_dir():
        raise CannotCopy(f"{keys} is no folder: --keys names the copy of the folder keys that was kept apart")
    if told["bodies"] != (settings.blobs or "here"):
        raise CannotCopy(f"its large bodies are in {told['bodies']}: say so by --blobs")
    folder = settings.folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder):
        if any((folder / name).exists() for name in (_FILE, "keys")):
            raise CannotCopy(f"{folder} holds a central already; restore into an empty folder")
        for name, digest in told["files"].items():
            if _hash(source / name) != digest:
                raise CannotCopy(f"{name} in {source} is not as it was written: take another backup")
        try:
            _copied(keys, folder / "keys", only=_KEYS)
            found = load_or_make(folder / "keys", may_make=False)
            vault = load_vault(folder / "keys", may_make=False)
            here = {key.kid for key in found.ever()}, set(_KID.findall(repr(vault)))
            if not (here[0].issuperset(told["kids"]) and here[1].issuperset(_KID.findall(told["vault"]))):
                raise CannotCopy(
                    f"the keys in {keys} are not those of this backup: find those of its day, or later ones"
                )
            _bring_back(settings, source)
        except FileNotFoundError as missing:
            shutil.rmtree(folder / "keys", ignore_errors=True)
            if Path(missing.filename or "").parent != folder / "keys":
                raise
            raise CannotCopy(
                f"the keys in {keys} are not whole: {Path(missing.filename).name} is not among them. Find a whole copy"
            ) from missing
        except BaseException:
            shutil.rmtree(folder / "keys", ignore_errors=True)  # so that it can be tried again
            raise
        central = open_central(settings)
        try:
            with central.database.reading() as connection:
                letters = counts.letters(connection)
        finally:
            central.close()
    return f"{letters} letters are back, as of {told['made_at']}"


def _bring_back(settings: CentralSettings, source: Path) -> None:
    folder = settings.folder
    if settings.database:
        database = Database(settings.database)
        try:
            if not is_empty(database):
                raise CannotCopy("the PostgreSQL database is not empty; restore into a new one")
        finally:
            database.close()
        _postgres("pg_restore", settings.database, "--no-owner", "--single-transaction", str(source / _DUMP))
    if (source / "bodies").is_dir():
        _copied(source / "bodies", folder / "bodies")
    if not settings.database:
        shutil.copyfile(source / _FILE, folder / f"{_FILE}.new")
        _made_durable(folder / f"{_FILE}.new")
        (folder / f"{_FILE}.new").replace(folder / _FILE)
        sync_folder(folder)


def _manifest(source: Path) -> dict[str, Any]:
    try:
        told = json.loads((source / MANIFEST).read_text("utf-8"))
        if told["form"] != FORM or not {"database", "bodies", "files", "kids", "vault", "made_at"} <= told.keys():
            raise CannotCopy(f"{source / MANIFEST} is of another release: restore it with that one")
    except (FileNotFoundError, NotADirectoryError) as missing:
        raise CannotCopy(
            f"{source} is no backup, or one that was cut: {MANIFEST} is missing. Name a folder that `backup` wrote"
        ) from missing
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise CannotCopy(f"{source / MANIFEST} is damaged: take another backup") from broken
    return dict(told)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "serve.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise CannotCopy(f"a central serves from {folder}: end it first, or name another folder") from busy
        yield


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)


def _copied(source: Path, to: Path, only: tuple[str, ...] = ()) -> int:
    """Copy the files below `source`, durable; how many. One that goes meanwhile is not missed."""
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    count = 0
    for path in _files(source):
        if only and not any(map(path.match, only)):
            continue
        target = to / path.relative_to(source)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, target)
        except FileNotFoundError:
            continue
        _made_durable(target)
        count += 1
    sync_folder(to)
    return count


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _made_durable(path: Path) -> str:
    """Flush a file, and let nobody else read it; its hash."""
    path.chmod(0o600)
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return _hash(path)


def _postgres(program: str, url: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by its environment, where nobody reads it."""
    told = psycopg.conninfo.conninfo_to_dict(url.replace("postgresql+psycopg://", "postgresql://", 1))
    password = told.pop("password", None)
    found = shutil.which(program)
    if found is None:
        here = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]))
        if not here:
            raise CannotCopy(f"{program} is not on this machine (Debian: postgresql-client)")
        found = str(here[-1])
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    command = [found, f"--dbname={psycopg.conninfo.make_conninfo('', **told)}", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotCopy(f"{program}: {done.stderr.strip()[-300:]}")
