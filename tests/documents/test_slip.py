"""The slip's dots: their geometry, a code that reads, sharp characters, nothing cut off."""

import io
import itertools

import pytest
from PIL import Image

from documents.fonts import NoGlyph
from documents.slip import WIDTH, Image1Bit, Slip, slip_image
from documents.verify import Verified, verify
from kiosk.ports import SlipFacts
from tests.documents import made
from tests.documents.made import CASE, NOW
from trust.keys import USE_TERMINAL, KeyRing
from wire.ids import CaseNumber

LINES = (
    ("事项", "敬老卡申领"),
    ("地点", "殷行街道社区事务受理服务中心"),
    ("受理编号", CASE),
    ("时间", "2026-11-22 23:03"),
)
NOTES = ("网络不通时提交：已加密保存在本机，通网后自动送出。", "请妥善保管，查进度时使用。")


def receipt(parts: int = 1) -> str:
    every = [f"{n:064x}" for n in range(parts)]
    return made.room().receipt(CaseNumber(CASE), made.item("jinglaoka"), every, NOW, 7, "c" * 64)


def picture(image: Image1Bit) -> Image.Image:
    """From the packed rows, by the contract alone."""
    out = Image.new("1", (image.width, image.height), 1)
    for y in range(image.height):
        row = image.rows[y * image.width // 8 : (y + 1) * image.width // 8]
        for x in range(image.width):
            if row[x // 8] >> (7 - x % 8) & 1:
                out.putpixel((x, y), 0)
    return out


def ink(image: Image1Bit) -> tuple[int, int, int, int]:
    box = picture(image).convert("L").point(lambda value: 255 - value).getbbox()
    assert box is not None
    return box


def test_rows_are_packed_as_the_head_wants_them() -> None:
    image = slip_image(Slip("回执", LINES, NOTES, receipt()))
    assert image.width == WIDTH == 576
    assert len(image.rows) == 72 * image.height
    assert picture(image).tobytes() == Image.open(io.BytesIO(image.png())).tobytes()
    share = sum(byte.bit_count() for byte in image.rows) / (image.width * image.height)
    assert 0.02 < share < 0.5  # black on white, not the other way round


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("parts", [1, 3, 8])
def test_its_code_is_read_at_its_own_size_and_holds(language: str, parts: int) -> None:
    token = receipt(parts)
    image = made.room().slip(SlipFacts("申请回执", LINES, NOTES, token, language))
    out = io.BytesIO()
    picture(Image1Bit(image.width, image.height, image.rows)).save(out, "PNG")
    assert made.codes_in(out.getvalue()) == [token]
    assert isinstance(verify(token, KeyRing([made.key().public(USE_TERMINAL)]), NOW), Verified)


_BELOW_HEAD = 150


def test_modules_are_at_least_four_dots() -> None:
    for parts in (1, 8):
        drawn = picture(slip_image(Slip("", (), (), receipt(parts)))).convert("L")
        left = next(x for x in range(WIDTH) if _column_has_finder(drawn, x))
        y = next(y for y in range(_BELOW_HEAD, drawn.height) if drawn.getpixel((left, y)) == 0)
        run = next(n for n in range(1, 200) if drawn.getpixel((left + n, y)) == 255)
        assert run >= 7 * 4  # the upper edge of a finder is seven modules
        assert left >= 4 * run // 7 - 1  # the quiet zone


def _column_has_finder(drawn: Image.Image, x: int) -> bool:
    column = [drawn.getpixel((x, y)) == 0 for y in range(_BELOW_HEAD, drawn.height)]
    return any(all(column[at : at + 28]) for at in range(len(column) - 28))


def test_a_code_that_asks_for_more_than_four_dots_can_give_is_drawn_as_large_as_fits() -> None:
    long = "NT1." + "aB3_" * 400
    assert made.codes_in(slip_image(Slip("t", (), (), long)).png()) == [long]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_long_words_and_markup_stay_on_the_paper(language: str) -> None:
    hostile = "<b>&amp;</b>" * 20
    slip = Slip(
        "很长的标题" * 9,
        (("一个很长很长的标签文字" * 5, hostile), ("b", "x" * 200)),
        (hostile, "注" * 300),
        "",
        language,
    )
    left, _, right, bottom = ink(slip_image(slip))
    assert left >= 16
    assert right <= WIDTH - 14
    assert bottom < slip_image(slip).height


def test_lines_do_not_run_into_each_other() -> None:
    """More lines, more paper: each value adds a step."""
    heights = [slip_image(Slip("t", LINES[:count])).height for count in range(1, 5)]
    steps = {after - before for before, after in itertools.pairwise(heights)}
    assert len(steps) == 1
    assert steps.pop() >= 40


def test_a_rare_character_is_drawn_not_boxed() -> None:
    plain, rare, other = (slip_image(Slip("t", (("a", name),))) for name in ("吉", "𠮷", "𬱖"))
    assert len({plain.rows, rare.rows, other.rows}) == 3
    with pytest.raises(NoGlyph, match=r"^U\+E000$"):
        slip_image(Slip("t", (("a", "\ue000"),)))


def test_the_place_is_said_once() -> None:
    with_place = slip_image(Slip("t", LINES, place=LINES[1][1], terminal="YP01"))
    without = slip_image(Slip("t", LINES, terminal="YP01"))
    assert with_place.rows == without.rows


def test_same_slip_same_dots() -> None:
    slip = Slip("回执", LINES, NOTES, receipt())
    assert slip_image(slip) == slip_image(slip)
