"""The code scanner's port: QR and bar codes as text."""

from dataclasses import dataclass, field
from typing import Protocol

from hardware.api.status import Status

LONGEST_CODE = 4096
"""Bytes; a longer run without an end is noise (QR version 40 holds 2,953 bytes)."""


@dataclass(frozen=True)
class CodeScanned:
    """One code. `text` is the bytes as UTF-8, else GB 18030; `readable` is False when they are neither or too long."""

    text: str = field(repr=False)
    readable: bool = True


class CodeScanner(Protocol):
    """Hands over codes as they are shown. All methods run in the device's lane."""

    def start(self) -> str:
        """Configure; returns what it is, or "" when the model cannot say. Raises DeviceError."""
        ...

    def status(self) -> Status: ...

    def listen(self) -> None:
        """Light and trigger it, until `rest`."""
        ...

    def rest(self) -> None: ...

    def poll(self) -> CodeScanned | None:
        """A code that has come in since the last look, or None. Raises DeviceError."""
        ...
