"""QR codes that an independent reader gives back letter for letter."""

import io

import pytest
from PIL import Image

from documents import codes
from tests.documents.made import codes_in


@pytest.mark.parametrize("text", ["A", "中国 𠮷 敬老卡", "NT1." + "aZ09_-" * 100, "12345678901234567890"])
def test_read_back(text: str) -> None:
    assert codes_in(codes.png(text, 4)) == [text]


def test_quiet_zone_and_module_size() -> None:
    picture = Image.open(io.BytesIO(codes.png("A", 5))).convert("L")
    assert picture.width == picture.height == (21 + 8) * 5
    dark = picture.point(lambda value: 255 - value).getbbox()
    assert dark == (20, 20, 20 + 21 * 5, 20 + 21 * 5)


def test_correction_gives_way_before_size_does() -> None:
    text = "x" * 1500
    assert codes.matrix(text).size > 141
    assert codes.matrix(text, 145).size <= 145


def test_too_much() -> None:
    with pytest.raises(codes.CodeTooLong):
        codes.matrix("x" * 3000)
    with pytest.raises(codes.CodeTooLong):
        codes.matrix("x" * 300, 21)
