"""A finished PDF as pictures of its pages, as it will be kept and printed, and as a screen may show it to a room."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw

from documents.fonts import MAKING

PREVIEW_WIDTH = 1100
"""Pixels: A4 at about 133 dpi."""
_VEIL, _DOT = "#EFE6D8", "#5A5048"


@dataclass(frozen=True)
class Secret:
    """A text whose middle is covered on the screen: `head` and `tail` characters of it stay."""

    text: str = field(repr=False)
    head: int = 0
    tail: int = 0


def page_pngs(pdf: bytes, width: int = PREVIEW_WIDTH) -> tuple[bytes, ...]:
    """The pages as PNG, `width` pixels wide."""
    return previews(pdf, (), width)[0]


def previews(
    pdf: bytes, secrets: Sequence[Secret], width: int = PREVIEW_WIDTH
) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """The pages as PNG, `width` pixels wide: as they are, and once more with every secret covered wherever it stands.

    The document itself is not touched. Without secrets there is no second row.
    """
    whole, veiled = [], []
    with MAKING:
        document = pypdfium2.PdfDocument(pdf)
        try:
            for page in document:
                scale = width / page.get_width()
                picture = page.render(scale=scale).to_pil().convert("RGB")
                whole.append(_png(picture))
                if secrets:
                    _cover(picture, page, secrets, scale)
                    veiled.append(_png(picture))
                page.close()
        finally:
            document.close()
    return tuple(whole), tuple(veiled)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _cover(picture: Image.Image, page: Any, secrets: Sequence[Secret], scale: float) -> None:
    """A dot on a pale ground in the place of each hidden character."""
    pen = ImageDraw.Draw(picture)
    found = page.get_textpage()
    try:
        for at in _hidden(found, secrets):
            left, bottom, right, top = found.get_charbox(at, loose=True)
            box = (left * scale, picture.height - top * scale, right * scale, picture.height - bottom * scale)
            pen.rectangle(box, fill=_VEIL)
            middle, half = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), max(2.0, (box[2] - box[0]) * 0.28)
            pen.ellipse((middle[0] - half, middle[1] - half, middle[0] + half, middle[1] + half), fill=_DOT)
    finally:
        found.close()


def _hidden(found: Any, secrets: Sequence[Secret]) -> Iterator[int]:
    """Indexes of the page's characters to be covered; a secret may be broken over lines."""
    letters = [(at, char) for at in range(found.count_chars()) if not (char := _char(found, at)).isspace()]
    text = "".join(char for _, char in letters)
    for secret in secrets:
        wanted = "".join(secret.text.split())
        start = text.find(wanted) if wanted else -1
        while start >= 0:
            for at, _ in letters[start + secret.head : start + len(wanted) - secret.tail]:
                yield at
            start = text.find(wanted, start + 1)


def _char(found: Any, at: int) -> str:
    return chr(pypdfium2.raw.FPDFText_GetUnicode(found, at))
