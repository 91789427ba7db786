"""Paper that came out of a slip printer: rows of dots, and a picture of them."""

import io
from dataclasses import dataclass, field

from PIL import Image


@dataclass(frozen=True)
class PaperPiece:
    """One cut piece: `width` dots (a multiple of 8), packed rows, 1 = black; `text` is what came as characters."""

    width: int
    rows: bytes = field(repr=False)
    text: bytes = field(default=b"", repr=False)

    @property
    def height(self) -> int:
        return len(self.rows) // (self.width // 8)

    def image(self) -> Image.Image:
        """The paper as a 1-bit image, black on white."""
        ink = Image.frombytes("1", (self.width, self.height), self.rows)
        return ink.point(lambda dot: 255 - dot)

    def png(self) -> bytes:
        """The picture as a PNG file's bytes."""
        out = io.BytesIO()
        self.image().save(out, "PNG")
        return out.getvalue()
