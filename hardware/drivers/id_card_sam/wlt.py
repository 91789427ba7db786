"""The card's photo: WLT bytes that only a vendor's library can turn into a picture.

No open decoder exists. An integrator who has a licensed library names it in the settings; without one the terminal
shows a placeholder. The library runs inside our process: one that crashes takes the program with it.
"""

import ctypes
import enum
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

WLT_SIZE = 1024
BMP_SIZE = 38_862
"""14 + 40 bytes of headers and 126 rows of 308 bytes: 102 by 126, 24 bits."""


class PhotoDecoder(Protocol):
    """Turns the photo of a card into a picture."""

    def decode(self, wlt: bytes) -> bytes | None:
        """The photo as a BMP file (102 by 126, 24-bit), None when it cannot be decoded."""
        ...


class Entry(enum.StrEnum):
    """How a vendor's function takes the photo."""

    BUFFERS = "buffers"  # f(in, out): memory to memory
    BUFFERS_SIZED = "buffers_sized"  # f(in, out, 708), as hxgc_Wlt2Bmp
    FILES = "files"  # f(path in, path out), as Wlt2Bmp


class NoVendorLibraryError(Exception):
    """The library or its function is not there."""


class VendorPhotoDecoder:
    """A vendor's function behind `PhotoDecoder`. Nothing touches a disk: files are memory files."""

    def __init__(self, function: Callable[..., object], entry: Entry, *, ok: int | None = 1) -> None:
        self._function = function
        self._entry = entry
        self._ok = ok

    @classmethod
    def load(cls, library: Path, name: str, entry: Entry, *, ok: int | None = 1) -> "VendorPhotoDecoder":
        """Load `name` from `library`; `ok` is the result that means success, None when it has none.

        Raises NoVendorLibraryError.
        """
        try:
            function = getattr(ctypes.CDLL(str(library)), name)
        except (OSError, AttributeError) as error:
            raise NoVendorLibraryError(f"{library.name}: {type(error).__name__}") from error
        return cls(function, entry, ok=ok)

    def decode(self, wlt: bytes) -> bytes | None:
        """The photo as BMP, None when the bytes are no photo or the library refuses them."""
        if len(wlt) != WLT_SIZE or not any(wlt):
            return None
        picture = self._by_files(wlt) if self._entry is Entry.FILES else self._by_buffers(wlt)
        if picture is None or len(picture) != BMP_SIZE or picture[:2] != b"BM":
            return None
        return picture

    def _by_buffers(self, wlt: bytes) -> bytes | None:
        source = ctypes.create_string_buffer(wlt, WLT_SIZE)
        # Twice the size: some vendors write a row more than they say.
        target = ctypes.create_string_buffer(2 * BMP_SIZE)
        size = (ctypes.c_int(708),) if self._entry is Entry.BUFFERS_SIZED else ()
        result = self._function(source, target, *size)
        return target.raw[:BMP_SIZE] if self._good(result) else None

    def _by_files(self, wlt: bytes) -> bytes | None:
        source = os.memfd_create("photo.wlt")
        target = os.memfd_create("photo.bmp")
        try:
            os.write(source, wlt)
            os.lseek(source, 0, os.SEEK_SET)
            paths = [f"/proc/self/fd/{descriptor}".encode() for descriptor in (source, target)]
            if not self._good(self._function(*paths)):
                return None
            return os.pread(target, 2 * BMP_SIZE, 0)
        finally:
            os.close(source)
            os.close(target)

    def _good(self, result: object) -> bool:
        return self._ok is None or result == self._ok
