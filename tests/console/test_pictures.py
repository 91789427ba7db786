"""Pages as pictures: marked all over, and bounded whatever comes."""

import io
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from reportlab.pdfgen.canvas import Canvas

from central.console.pictures import MOST_PIXELS, TALLEST, WIDTH, NotDrawable, count_pages, draw


def pdf(pages: int = 1, size: tuple[float, float] = (595, 842)) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    for _ in range(pages):
        canvas.drawString(50, size[1] / 2, "a page")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def png(width: int, height: int, kind: str = "PNG", **told: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, kind, **told)
    return out.getvalue()


def seen(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg)).convert("L")


@pytest.mark.parametrize("data", [pdf(), png(1240, 1754)], ids=["pdf", "picture"])
def test_who_looks_and_when_stands_on_every_part_of_a_page(data: bytes) -> None:
    one, other = (seen(draw(data, 0, f"{who} · 2026-11-22 23:00").jpeg) for who in ("chen", "wang"))
    assert one.size[0] == WIDTH
    step = WIDTH // 3
    for left in range(0, WIDTH - step + 1, step):
        for top in range(0, one.height - step, step):
            box = (left, top, left + step, top + step)
            assert one.crop(box).getextrema()[0] < 250, box
            assert ImageChops.difference(one.crop(box), other.crop(box)).getbbox() is not None, box


def test_pages_are_counted_and_turned() -> None:
    data = pdf(3)
    assert count_pages(data) == 3
    assert draw(data, 2, "x").pages == 3
    for page in (3, -1, 10_000):
        with pytest.raises(NotDrawable):
            draw(data, page, "x")
    assert count_pages(png(10, 10)) == 1
    with pytest.raises(NotDrawable):
        draw(png(10, 10), 1, "x")


def test_a_page_a_mile_long_is_drawn_small() -> None:
    drawn = seen(draw(pdf(size=(10, 14_000)), 0, "x").jpeg)
    assert drawn.height <= TALLEST
    assert drawn.width <= WIDTH


def test_a_picture_of_too_many_pixels_is_not_opened() -> None:
    side = int(MOST_PIXELS**0.5) + 100
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        assert count_pages(out.getvalue()) == 0
        with pytest.raises(NotDrawable):
            draw(out.getvalue(), 0, "x")


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    drawn = seen(draw(png(400, 200, "JPEG", exif=exif), 0, "x").jpeg)
    assert drawn.height == 2 * drawn.width


@given(st.binary(max_size=200), st.sampled_from([b"", b"%PDF-1.7 ", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"]))
def test_any_bytes_are_survived(junk: bytes, head: bytes) -> None:
    if count_pages(head + junk) == 0:
        with pytest.raises(NotDrawable):
            draw(head + junk, 0, "x")


def test_a_file_that_is_cut_off_is_not_shown() -> None:
    for whole in (png(300, 300, "JPEG"), png(300, 300)):
        with pytest.raises(NotDrawable):
            draw(whole[: len(whole) // 2], 0, "x")
