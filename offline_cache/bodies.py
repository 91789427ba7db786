"""Sealed letters too large for a row, each an fsynced file of its own, named by the letter's id."""

import errno
import hashlib
import io
import os
import queue
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from trust.files import sync_folder

T = TypeVar("T")
U = TypeVar("U")

_NAME = re.compile(r"([0-9a-f-]{36})\.sealed")


def _hashed(pieces: queue.Queue[bytes | None]) -> str:
    """SHA-256 of what comes, until None."""
    digest = hashlib.sha256()
    while (piece := pieces.get()) is not None:
        digest.update(piece)
    return digest.hexdigest()


def _pour(pieces: Iterable[bytes], file: io.FileIO, to_hash: queue.Queue[bytes | None]) -> None:
    offset = 0
    for piece in pieces:
        to_hash.put(piece)
        left = memoryview(piece)
        while left:
            left = left[file.write(left) :]
        # The disk begins now; what is waited for at the end is little more than the last piece.
        os.posix_fadvise(file.fileno(), offset, len(piece), os.POSIX_FADV_DONTNEED)
        offset += len(piece)


class Bodies:
    """The folder of large sealed letters."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Somebody waits while a letter is written: what needs no order is done beside it, in threads that are kept.
        self._threads = ThreadPoolExecutor(2, "letter")

    def close(self) -> None:
        self._threads.shutdown()

    def _beside(self, work: Callable[[T], U], about: T) -> Future[U]:
        """Raises OSError once this is closed."""
        try:
            return self._threads.submit(work, about)
        except RuntimeError as ended:
            raise OSError(errno.ESHUTDOWN, "the store was closed") from ended

    def path(self, letter: str) -> Path:
        return self.folder / f"{letter}.sealed"

    def write(self, letter: str, pieces: Iterable[bytes]) -> str:
        """Put a body on disk for good and return its SHA-256. Raises OSError with nothing left behind."""
        self._lay_folder()
        path = self.path(letter)
        to_hash: queue.Queue[bytes | None] = queue.Queue(4)  # bounded: a letter is never whole in memory
        try:
            # Under its own name from the start: until a row names it, it is nobody's and swept at the next boot. So the
            # folder can be synced while the bytes still come, and only the file's own fsync is waited for at the end.
            with path.open("wb", buffering=0) as file:
                named = self._beside(sync_folder, self.folder)
                hashed = self._beside(_hashed, to_hash)
                try:
                    _pour(pieces, file, to_hash)
                finally:
                    to_hash.put(None)
                os.fsync(file.fileno())
                named.result()
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return hashed.result()

    def attempt(self) -> None:
        """Put a few bytes on disk for good and take them away again. Raises OSError."""
        self._lay_folder()
        path = self.folder / "attempt"
        try:
            with path.open("wb") as file:
                file.write(b"attempt")
                file.flush()
                os.fsync(file.fileno())
        finally:
            path.unlink(missing_ok=True)

    def _lay_folder(self) -> None:
        try:
            self.folder.mkdir(mode=0o700)
        except FileExistsError:
            return
        sync_folder(self.folder.parent)  # else a power cut may take the folder away, and the letters in it

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
