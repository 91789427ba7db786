"""A byte link: what a driver is handed instead of opening a port."""

from typing import Protocol


class ByteLink(Protocol):
    """A wire that is already described (path, speed) and opened by its owner, the device's lane."""

    def open(self) -> None:
        """Open, or open again after a loss. Raises LinkLost."""
        ...

    def close(self) -> None: ...

    def write(self, data: bytes) -> None:
        """Send every byte. Raises LinkLost."""
        ...

    def read(self, timeout_s: float) -> bytes:
        """The bytes that are there, waiting up to `timeout_s` for the first; b"" when none came. Raises LinkLost."""
        ...

    def discard_input(self) -> None:
        """Forget bytes that arrived before now."""
        ...
