"""The papers room keeps the mind's port, and what it hands over is one thing told thrice: bytes, hash, pictures."""

import io
import logging
import threading

import pytest
from PIL import Image

from documents.fonts import NoGlyph
from hardware.api.slip_printer import SlipImage
from kiosk.ports import Papers, SlipFacts
from tests.documents import made
from tests.documents.made import ANSWERS, CASE, NOW, RARE, SERIAL
from wire.canonical import sha256_hex


def test_it_is_the_port() -> None:
    papers: Papers = made.room()
    page = papers.application_page(made.item("jinglaoka"), ANSWERS, made.person(), CASE, NOW, "zh")
    assert page.sha256 == sha256_hex(page.pdf)
    assert page.token == ""
    for png in page.previews:
        with Image.open(io.BytesIO(png)) as picture:
            assert picture.format == "PNG"
            assert picture.width == 1100
            assert picture.height == pytest.approx(1100 * 297 / 210, abs=2)
    slip = papers.slip(SlipFacts("取件凭条", (("事项", "居住证"),)))
    assert isinstance(slip, SlipImage)
    assert slip.width == 576


def test_no_glyph_in_any_paper() -> None:
    room, bad = made.room(), made.person(name="王\U000f0000")
    with pytest.raises(NoGlyph):
        room.application_page(made.item("jinglaoka"), ANSWERS, bad, CASE, NOW, "zh")
    with pytest.raises(NoGlyph):
        room.proof(made.item("shebao-proof"), made.record(), bad, SERIAL, NOW)
    with pytest.raises(NoGlyph):
        room.slip(SlipFacts("\U000f0000", ()))


def test_pages_made_at_once_are_the_pages_made_one_by_one() -> None:
    room = made.room()

    def page(number: int) -> str:
        case = f"{CASE}-{number}"
        return room.application_page(made.item("jinglaoka"), ANSWERS, made.person(), case, NOW, "zh").sha256

    alone = [page(number) for number in range(4)]
    together = [""] * 4

    def work(number: int) -> None:
        together[number] = page(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


def test_nothing_personal_is_in_reprs_titles_or_logs(caplog: pytest.LogCaptureFixture) -> None:
    from documents.application import Application
    from documents.person import Person

    caplog.set_level(logging.DEBUG)
    page = made.room().application_page(made.item("jinglaoka"), ANSWERS, made.person(), CASE, NOW, "zh")
    person = Person("citizen", RARE, "310110195802290022", "card")
    told = (
        repr(page) + repr(Application(made.item("jinglaoka"), ANSWERS, person, CASE, NOW, "YP01", "x")) + repr(person)
    )
    assert RARE not in told + caplog.text
    assert "3101101958" not in told + caplog.text
    assert "13800138000" not in told + caplog.text
    import pikepdf

    with pikepdf.open(io.BytesIO(page.pdf)) as document:
        info = "".join(str(value) for value in document.docinfo.values())
    assert RARE not in info
    assert CASE in info


@pytest.mark.parametrize(("language", "sex", "other"), [("zh", "性别女", "性别2"), ("en", "SexFemale", "Sex2")])
def test_the_cards_codes_are_words_on_the_page_a_person_vouches_for(language: str, sex: str, other: str) -> None:
    page = made.room().application_page(made.item("jinglaoka"), ANSWERS, made.person(), CASE, NOW, language)
    said = made.text(page.pdf)
    assert sex in said
    assert "汉族" in said
    assert other not in said
