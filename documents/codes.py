"""QR codes as a matrix of modules. Text goes in as UTF-8 bytes, so that every reader gives back the same text."""

import io
from dataclasses import dataclass, field

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.util import MODE_8BIT_BYTE, QRData

QUIET = 4
"""Modules of white around a code (ISO/IEC 18004, 9.1)."""


class CodeTooLong(Exception):
    """No QR code holds that much."""


@dataclass(frozen=True)
class Matrix:
    """A code without its quiet zone: rows of modules, True is dark."""

    rows: tuple[tuple[bool, ...], ...] = field(repr=False)

    @property
    def size(self) -> int:
        """Modules a side."""
        return len(self.rows)


def matrix(text: str, largest: int = 177) -> Matrix:
    """The code of a text, error correction M; L where M would be over `largest` modules a side. Raises CodeTooLong."""
    data = QRData(text.encode(), mode=MODE_8BIT_BYTE)
    for level in (ERROR_CORRECT_M, ERROR_CORRECT_L):
        code = qrcode.QRCode(error_correction=level, border=0)
        code.add_data(data, optimize=0)
        try:
            code.make(fit=True)
        except (DataOverflowError, ValueError):
            continue
        if code.modules_count <= largest:
            return Matrix(tuple(tuple(bool(dark) for dark in row) for row in code.modules))
    raise CodeTooLong


def image(found: Matrix, module: int) -> Image.Image:
    """A 1-bit picture with its quiet zone, `module` pixels a module."""
    side = found.size + 2 * QUIET
    small = Image.new("1", (side, side), 1)
    for y, row in enumerate(found.rows):
        for x, dark in enumerate(row):
            if dark:
                small.putpixel((x + QUIET, y + QUIET), 0)
    return small.resize((side * module, side * module), Image.Resampling.NEAREST)


def png(text: str, module: int = 6) -> bytes:
    """A PNG of the code of a text. Raises CodeTooLong."""
    out = io.BytesIO()
    image(matrix(text), module).save(out, "PNG")
    return out.getvalue()
