"""What the screen shows of a page: numbers covered wherever they stand, all else and the document as they are."""

import io

import pytest
from PIL import Image, ImageChops

from documents.render import Secret, page_pngs, previews
from kiosk.papers import secrets_of
from tests.documents import made
from tests.documents.made import ANSWERS, CASE, NOW, person

NUMBER, PHONE = "310110195802290022", "13800138000"


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("L")


def differing(one: bytes, two: bytes) -> tuple[int, int, int, int] | None:
    return ImageChops.difference(picture(one), picture(two)).getbbox()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_number_is_covered_and_nothing_else(language: str) -> None:
    item = made.item("jinglaoka")
    found = made.room().application_page(item, ANSWERS, person(), CASE, NOW, language)
    assert len(found.veiled) == len(found.previews)
    assert found.previews == page_pngs(found.pdf)
    hidden = {secret.text: secret for secret in secrets_of(item, ANSWERS, person())}
    assert hidden.keys() == {NUMBER, PHONE, "1958-02-28"}
    for secret in hidden.values():
        alone = previews(found.pdf, [secret])[1]
        boxes = [differing(one, two) for one, two in zip(alone, found.previews, strict=True)]
        (box,) = [box for box in boxes if box is not None]
        covered = len(secret.text) - secret.head - secret.tail
        assert box[2] - box[0] > covered * 7, "each hidden character has its dot"
        assert box[3] - box[1] < 40, "one line"


def test_a_number_typed_into_an_address_is_covered_there_too() -> None:
    answers = {**ANSWERS, "mail.address": f"上海市样例路1号转{PHONE}"}
    found = made.room().application_page(made.item("jinglaoka"), answers, person(), CASE, NOW, "zh")
    plain = made.room().application_page(made.item("jinglaoka"), ANSWERS, person(), CASE, NOW, "zh")
    one = differing(found.veiled[0], found.previews[0])
    other = differing(plain.veiled[0], plain.previews[0])
    assert one is not None
    assert other is not None
    assert one[3] > other[3] + 40, "the cover reaches further down the page"


def test_the_dots_do_not_tell_the_digits() -> None:
    item = made.item("jinglaoka")
    other = {**ANSWERS, "contact.phone": "13811118000"}
    pages = [made.room().application_page(item, answers, person(), CASE, NOW, "zh") for answers in (ANSWERS, other)]
    assert differing(pages[0].previews[0], pages[1].previews[0]) is not None
    assert differing(pages[0].veiled[0], pages[1].veiled[0]) is None


def test_the_kept_document_is_the_same_with_and_without() -> None:
    pdf = made.room().application_page(made.item("jinglaoka"), ANSWERS, person(), CASE, NOW, "zh").pdf
    assert previews(pdf, ()) == (page_pngs(pdf), ())
    assert previews(pdf, [Secret("not there")])[1] == page_pngs(pdf)
    assert NUMBER not in repr(Secret(NUMBER))
