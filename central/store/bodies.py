"""Large bodies outside the database: what every store of them promises, and the one in files on this machine's disk."""

import hashlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from central.store.database import StoreUnavailable
from trust.files import sync_folder

IN_ROW = 256 * 1024
"""Bytes; larger bodies go to a file: a row of 5 MB is written twice by WAL, a file once."""

NAME = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1024 * 1024


class BlobStore(Protocol):
    """Bodies by name, 64 hex digits each. Every method raises StoreUnavailable when the store behind it does."""

    def write_at(self, name: str, offset: int, data: bytes) -> bool:
        """Put `data` at `offset`, and let nothing lie behind it: durable when this returns.

        False when the body is shorter than `offset`: its beginning is not there any more.
        """

    def read(self, name: str) -> bytes: ...

    def measure(self, name: str) -> tuple[int, str]:
        """Size and sha256; (0, "") when there is no such body."""

    def remove(self, name: str) -> None:
        """Also when there is none."""

    def names(self) -> Iterator[str]: ...

    def idle(self, seconds: float) -> Iterator[str]:
        """The names of bodies that nobody has written to for so long."""


def checked(name: str) -> str:
    """The name. Raises ValueError when it is none, which is our mistake."""
    if not NAME.fullmatch(name):
        raise ValueError("not the name of a body")
    return name


class Bodies:
    """Files under one folder: on disk, and so is their name in the folder, before anybody hears of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / checked(name)[:2] / name

    def write_at(self, name: str, offset: int, data: bytes) -> bool:
        path = self._path(name)
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "r+b") as file:
                if file.seek(0, os.SEEK_END) < offset:
                    return False
                file.seek(offset)
                file.write(data)
                file.truncate()
                file.flush()
                os.fsync(file.fileno())
            if offset == 0:  # also when the name was there: whoever made it may have been cut before this
                sync_folder(path.parent)
                sync_folder(self._folder)
        except OSError as world:
            raise StoreUnavailable(f"body errno {world.errno}") from world
        return True

    def read(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except OSError as world:
            raise StoreUnavailable(f"body errno {world.errno}") from world

    def measure(self, name: str) -> tuple[int, str]:
        digest = hashlib.sha256()
        size = 0
        try:
            with self._path(name).open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
        except FileNotFoundError:
            return 0, ""
        except OSError as world:
            raise StoreUnavailable(f"body errno {world.errno}") from world
        return size, digest.hexdigest()

    def remove(self, name: str) -> None:
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as world:
            raise StoreUnavailable(f"body errno {world.errno}") from world

    def names(self) -> Iterator[str]:
        for path in self._files():
            yield path.name

    def idle(self, seconds: float) -> Iterator[str]:
        before = time.time() - seconds  # the clock that the disk itself stamps files with
        for path in self._files():
            try:
                written = path.stat().st_mtime
            except FileNotFoundError:
                continue  # removed by another worker meanwhile
            except OSError as world:
                raise StoreUnavailable(f"body errno {world.errno}") from world
            if written <= before:
                yield path.name

    def _files(self) -> Iterator[Path]:
        return (path for path in self._folder.glob("??/*") if NAME.fullmatch(path.name))
