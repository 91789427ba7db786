"""A page of what a citizen handed in as a picture with a watermark: who looks, and when, stands all over it.

Nothing is kept: each look unseals and draws anew. What comes from outside is bounded before it is drawn: a PDF that
says it is a mile long, or a picture of a billion pixels, is refused and not rendered.
"""

import io
from dataclasses import dataclass, field
from functools import cache

import pypdfium2
from PIL import Image, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

from documents.fonts import MAKING, Face, font_file

WIDTH = 1240
"""Pixels: A4 at 150 dpi, so that small print can be read enlarged."""
TALLEST = 4 * WIDTH
MOST_PAGES = 200
MOST_PIXELS = 60_000_000
"""A4 at 600 dpi is 35 million."""
_IMAGES = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
_INK = (156, 47, 22)


class NotDrawable(Exception):
    """These bytes are no page that can be shown."""


@dataclass(frozen=True)
class Picture:
    """One page as JPEG, and how many pages the file has."""

    jpeg: bytes = field(repr=False)
    pages: int = 1


def count_pages(data: bytes) -> int:
    """How many pages can be looked at; 0 when the file cannot be shown."""
    try:
        if not data.startswith(b"%PDF-"):
            with _opened(data):
                return 1
        with MAKING:
            document = pypdfium2.PdfDocument(data)
            try:
                return min(len(document), MOST_PAGES)
            finally:
                document.close()
    except (NotDrawable, pypdfium2.PdfiumError):
        return 0


def draw(data: bytes, page: int, mark: str) -> Picture:
    """Page `page`, from 0, with `mark` across it. Raises NotDrawable."""
    picture, pages = _pdf_page(data, page) if data.startswith(b"%PDF-") else _image(data, page)
    _put_mark(picture, mark)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return Picture(out.getvalue(), pages)


def _pdf_page(data: bytes, number: int) -> tuple[Image.Image, int]:
    try:
        with MAKING:
            document = pypdfium2.PdfDocument(data)
            try:
                pages = min(len(document), MOST_PAGES)
                if not 0 <= number < pages:
                    raise NotDrawable("no such page")
                page = document[number]
                width, height = page.get_size()
                if width <= 0 or height <= 0:
                    raise NotDrawable("a page without a size")
                scale = min(WIDTH / width, TALLEST / height)
                picture: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
                page.close()
                return picture, pages
            finally:
                document.close()
    except pypdfium2.PdfiumError as broken:
        raise NotDrawable("not a PDF") from broken


def _opened(data: bytes) -> Image.Image:
    try:
        opened = Image.open(io.BytesIO(data), formats=_IMAGES)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as broken:
        raise NotDrawable("not a picture") from broken
    if opened.width * opened.height > MOST_PIXELS:
        opened.close()
        raise NotDrawable("too many pixels")
    return opened


def _image(data: bytes, number: int) -> tuple[Image.Image, int]:
    if number != 0:
        raise NotDrawable("no such page")
    with _opened(data) as opened:
        try:
            opened.draft("RGB", (WIDTH, TALLEST))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as broken:
            raise NotDrawable("a broken picture") from broken
    upright.thumbnail((WIDTH, TALLEST))
    return upright, 1


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file(Face.SANS.value)), size)


def _put_mark(picture: Image.Image, mark: str) -> None:
    """The mark, slanted and pale, again and again: no crop of the page is without it."""
    size = max(14, picture.width // 48)
    font = _font(size)
    wide = int(font.getlength(mark)) + size * 3
    stamp = Image.new("RGBA", (wide, size * 2), (0, 0, 0, 0))
    ImageDraw.Draw(stamp).text((size, size // 4), mark, font=font, fill=(*_INK, 58))
    slanted = stamp.rotate(24, expand=True, resample=Image.Resampling.BICUBIC)
    step_x, step_y = slanted.width, int(slanted.height * 0.9)
    for row, top in enumerate(range(-step_y // 2, picture.height, step_y)):
        for left in range(-(step_x // 2) * (row % 2), picture.width, step_x):
            picture.paste(slanted, (left, top), slanted)
