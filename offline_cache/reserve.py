"""A file of zeros that is deleted when the disk is full, so that what was begun can still be ended."""

import os
from pathlib import Path

from trust.files import sync_folder

_BLOCK = bytes(1024 * 1024)


class Reserve:
    """`size` bytes set aside in `folder`; 0 for none."""

    def __init__(self, folder: Path, size: int) -> None:
        self._path = folder / "reserve"
        self._size = size

    def make(self) -> bool:
        """Lay the file down when it is missing and the disk has room for twice as much; whether it is there now.

        Raises OSError for anything but a full disk.
        """
        if self._size == 0:
            return False
        if self._path.exists() and self._path.stat().st_size >= self._size:
            return True
        room = os.statvfs(self._path.parent)
        if room.f_bavail * room.f_frsize < 2 * self._size:
            return False
        part = self._path.with_suffix(".part")
        try:
            with part.open("wb") as file:
                left = self._size
                while left:  # written, not only allocated: a copy-on-write file system would promise and not keep
                    left -= file.write(_BLOCK[:left])
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        except OSError:
            part.unlink(missing_ok=True)
            return False
        return True

    def missing(self) -> int:
        """Bytes that the disk should hold back and does not."""
        try:
            return max(0, self._size - self._path.stat().st_size)
        except OSError:
            return self._size

    def spend(self) -> bool:
        """Give the room back to the disk; whether there was any."""
        try:
            self._path.unlink()
            sync_folder(self._path.parent)
        except OSError:  # nothing to give, or a disk that takes nothing any more: the next write says so
            return False
        return True
