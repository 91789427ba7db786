"""Sealed letters too large for a row, each an fsynced file of its own, named by the letter's id."""

import hashlib
import os
import queue
import re
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from trust.files import sync_folder

_NAME = re.compile(r"([0-9a-f-]{36})\.sealed")


class _Digest:
    """SHA-256 in a thread of its own: hashing takes as long as sealing, and somebody waits for the two."""

    def __enter__(self) -> Self:
        self._digest = hashlib.sha256()
        self._pieces: queue.Queue[bytes | None] = queue.Queue(4)  # bounded: a letter is never whole in memory
        self._thread = threading.Thread(target=self._run, name="digest", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._pieces.put(None)
        self._thread.join()

    def update(self, piece: bytes) -> None:
        self._pieces.put(piece)

    def hexdigest(self) -> str:
        """Once the block has ended."""
        return self._digest.hexdigest()

    def _run(self) -> None:
        while (piece := self._pieces.get()) is not None:
            self._digest.update(piece)


class Bodies:
    """The folder of large sealed letters."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, letter: str) -> Path:
        return self.folder / f"{letter}.sealed"

    def write(self, letter: str, pieces: Iterable[bytes]) -> str:
        """Put a body on disk for good and return its SHA-256. Raises OSError with nothing left behind."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        path = self.path(letter)
        try:
            # Under its own name from the start: until a row names it, it is nobody's and swept at the next boot. So the
            # folder can be synced while the bytes still come, and only the file's own fsync is waited for at the end.
            with path.open("wb", buffering=0) as file, ThreadPoolExecutor(1, "folder") as aside, _Digest() as digest:
                named = aside.submit(sync_folder, self.folder)
                offset = 0
                for piece in pieces:
                    digest.update(piece)
                    left = memoryview(piece)
                    while left:
                        left = left[file.write(left) :]
                    # The disk begins now; what is waited for at the end is little more than the last piece.
                    os.posix_fadvise(file.fileno(), offset, len(piece), os.POSIX_FADV_DONTNEED)
                    offset += len(piece)
                os.fsync(file.fileno())
                named.result()
        except OSError:
            path.unlink(missing_ok=True)
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
