"""Sealed letters too large for a row, each an fsynced file of its own, named by the letter's id."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from trust.files import sync_folder

_NAME = re.compile(r"([0-9a-f-]{36})\.sealed")


class Bodies:
    """The folder of large sealed letters."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, letter: str) -> Path:
        return self.folder / f"{letter}.sealed"

    def write(self, letter: str, pieces: Iterable[bytes]) -> str:
        """Put a body on disk for good and return its SHA-256. Raises OSError with nothing left behind."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        digest = hashlib.sha256()
        part = self.folder / f"{letter}.part"
        try:
            with part.open("wb") as file:
                for piece in pieces:
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path(letter))
            sync_folder(self.folder)
        except OSError:
            part.unlink(missing_ok=True)
            self.path(letter).unlink(missing_ok=True)
            raise
        return digest.hexdigest()

    def attempt(self) -> None:
        """Put a few bytes on disk for good and take them away again. Raises OSError."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        path = self.folder / "attempt"
        try:
            with path.open("wb") as file:
                file.write(b"attempt")
                file.flush()
                os.fsync(file.fileno())
        finally:
            path.unlink(missing_ok=True)

    def sha256(self, letter: str) -> str | None:
        """Of the file as it lies there now; None when it cannot be read."""
        try:
            with self.path(letter).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return None

    def piece(self, letter: str, offset: int, size: int) -> bytes:
        """At most `size` bytes from `offset`. Raises OSError."""
        with self.path(letter).open("rb") as file:
            file.seek(offset)
            return file.read(size)

    def remove(self, letter: str) -> None:
        """After the acknowledgement. A file that cannot be removed now is swept at the next boot."""
        try:
            self.path(letter).unlink(missing_ok=True)
        except OSError:
            return

    def strangers(self, known: frozenset[str]) -> Iterator[Path]:
        """Files that belong to no letter: cut off before they were accepted, or outliving an acknowledgement."""
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.iterdir()):
            match = _NAME.fullmatch(path.name)
            if match is None or match.group(1) not in known:
                yield path
