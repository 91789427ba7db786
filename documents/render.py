"""A finished PDF as pictures of its pages, as it will be kept and printed."""

import io

import pypdfium2

from documents.fonts import MAKING

PREVIEW_WIDTH = 1100
"""Pixels: A4 at about 133 dpi."""


def page_pngs(pdf: bytes, width: int = PREVIEW_WIDTH) -> tuple[bytes, ...]:
    """The pages as PNG, `width` pixels wide."""
    with MAKING:
        document = pypdfium2.PdfDocument(pdf)
        try:
            pages = []
            for page in document:
                picture = page.render(scale=width / page.get_width()).to_pil()
                out = io.BytesIO()
                picture.convert("RGB").save(out, "PNG", compress_level=1)
                pages.append(out.getvalue())
                page.close()
            return tuple(pages)
        finally:
            document.close()
