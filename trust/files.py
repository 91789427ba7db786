"""Small files that must be there whole or not at all, and be nobody else's to read."""

import os
from pathlib import Path


def write_private(path: Path, data: bytes) -> None:
    """Put `data` at `path` with mode 0600, atomically and on disk when it returns. Raises OSError."""
    temporary = unfinished(path)
    temporary.unlink(missing_ok=True)  # left behind by a cut; O_EXCL below refuses to follow a planted link
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def unfinished(path: Path) -> Path:
    """Where a cut of `write_private` leaves what was to lie at `path`: none of it, or all."""
    return path.with_name(path.name + ".new")


def sync_folder(folder: Path) -> None:
    """Make renames and removals inside `folder` durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
