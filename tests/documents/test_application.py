"""The page of an application: what was asked, answered, from where, and agreed to; the same bytes each time."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from documents.fonts import NoGlyph
from kiosk.ports import MadePages
from tests.documents import made
from tests.documents.made import ADDRESS, ANSWERS, CASE, NOW, RARE, person, plain
from wire.canonical import sha256_hex

HOSTILE = "<b>粗</b> &amp; <img src=x> ]]> %s {0} \\n </para>"


def page(answers: dict[str, str] = ANSWERS, language: str = "zh", **changes: Any) -> MadePages:
    return made.room().application_page(made.item("jinglaoka"), answers, person(**changes), CASE, NOW, language)


def test_everything_is_on_it() -> None:
    text = made.text(page().pdf)
    for words in (
        "敬老卡申领", CASE, "殷行街道社区事务受理服务中心", "YP01", RARE, "310110195802290022", "1958-02-28", ADDRESS,
        "居民身份证", "联系手机13800138000本人填写", f"现在住的地址{ADDRESS}身份证", "怎么领卡邮寄到家本人填写",
        f"收件人{RARE}身份证", "收件地址上海市杨浦区国权路580号本人填写", "第1页，共1页", "2026-11-2223:03",
    ):  # fmt: skip
        assert words in text, words
    for line in made.item("jinglaoka").consent.short:  # type: ignore[union-attr]
        assert plain(line.zh) in text


def test_in_english() -> None:
    text = made.text(page(language="en").pdf)
    for words in (
        "Senior citizen card",
        "Yinhang Community Service Centre",
        "By post",
        "Page 1 of 1",
        RARE,
        "Applicant",
    ):
        assert plain(words) in text, words
    for chinese in ("本人填写", "受理编号", "申请人", "殷行街道社区"):
        assert chinese not in text


def test_an_address_that_was_changed_is_the_persons_own() -> None:
    text = made.text(page({**ANSWERS, "residence.address": ADDRESS + "东"}).pdf)
    assert f"现在住的地址{ADDRESS}东本人填写" in text


def test_what_a_code_gave_is_said_to_be_from_the_code() -> None:
    text = made.text(page(by="code", sex="", nation="").pdf)
    assert f"现在住的地址{ADDRESS}办事码" in text
    assert "性别" not in text


def test_pages_that_do_not_apply_are_not_on_it_and_a_blank_answer_is_told() -> None:
    text = made.text(page({"contact.phone": "13800138000", "delivery.way": "cabinet"}).pdf)
    assert "收件人" not in text
    assert "到取件柜自取" in text
    assert "现在住的地址（未填）" in text


def test_an_answer_to_no_question_of_the_item_is_still_on_it() -> None:
    assert "other.answer何" in made.text(page({**ANSWERS, "other.answer": "何"}).pdf)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_markup_is_printed_as_it_was_typed(language: str) -> None:
    text = made.text(page({**ANSWERS, "mail.address": HOSTILE}, language, name=HOSTILE).pdf)
    assert text.count(plain(HOSTILE)) == 2


def test_long_names_and_addresses_stay_on_the_paper() -> None:
    long = "阿卜杜热合曼·" * 15
    answers = {**ANSWERS, "mail.address": "国权路" * 160, "mail.recipient": long}
    made_pages = page(answers, name=long, address=ADDRESS * 12)
    texts = made.page_texts(made_pages.pdf)
    assert len(made_pages.previews) == len(texts) > 1
    assert "国权路" * 160 in "".join(t.replace(_foot(n, len(texts)), "") for n, t in enumerate(texts, 1)).replace(
        "项目内容来源", ""
    )
    assert all(f"第{n}页，共{len(texts)}页" in t for n, t in enumerate(texts, 1))
    assert_inside_margins(made_pages.pdf)


def _foot(number: int, count: int) -> str:
    found = made.item("jinglaoka")
    return f"{CASE}第{number}页，共{count}页{found.code}v{found.version}·{found.sha256[:12]}"


def assert_inside_margins(pdf: bytes) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    for page_ in document:
        width, height = page_.get_size()
        for found in page_.get_objects():
            left, bottom, right, top = found.get_bounds()
            assert left > 36
            assert right < width - 36
            assert bottom > 24
            assert top < height - 24
    document.close()


def test_same_facts_same_bytes_in_another_process() -> None:
    first = page()
    assert first.sha256 == sha256_hex(first.pdf) == page().sha256
    assert page({**ANSWERS, "contact.phone": "13800138001"}).sha256 != first.sha256
    code = (
        "from tests.documents import made\n"
        "made.room().application_page(made.item('jinglaoka'), {}, made.person(name='先'), 'X', made.NOW, 'en')\n"
        "print(made.room().application_page(made.item('jinglaoka'), made.ANSWERS, made.person(), made.CASE, made.NOW,"
        " 'zh').sha256)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert told.stdout.strip() == first.sha256


@pytest.mark.parametrize("where", ["name", "address"])
def test_a_character_that_no_font_has_stops_it(where: str) -> None:
    with pytest.raises(NoGlyph, match=r"^U\+E123$"):
        page(ANSWERS, "zh", **{where: "王\ue123"})


def test_the_case_number_is_read_from_the_preview() -> None:
    assert made.codes_in(page().previews[0]) == [CASE]
