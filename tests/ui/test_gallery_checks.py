"""Each check of the gallery finds its fault, and lets the same page pass without it."""

from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from tests.ui.gallery.checks import clipped, contrast, language, names, numbers, overlap, palette, touch
from tests.ui.gallery.picture import Box, Element, Picture, Rgb, Rules, Scroll, Told

INK, PAPER, LIGHT, SEAL = (36, 31, 26), (251, 246, 238), (150, 140, 130), (142, 41, 18)
RULES = Rules(
    colours={"ink": INK, "paper": PAPER, "seal": SEAL}, sizes=frozenset({25, 29}), touch_mm=20.0,
    mm_per_px=(0.248, 0.369), zone=1920, scale=1.0, least_type_px=18.1,
)  # fmt: skip
GLASS = Box(0, 0, 1080, 1920)


def text(words: str = "您今天想办什么？", left: float = 100, top: float = 200, **more: object) -> Element:
    box = Box(left, top, left + 29 * len(words), top + 42)
    made = Element(
        number=1, kind="text", type="Say", box=box, painted=box, seen=box, text=words, colour=INK, size=29,
        drawn_size=29, told=Told(words, "StaticText"),
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def button(left: float = 100, top: float = 400, size: float = 90, **more: object) -> Element:
    box = Box(left, top, left + size, top + size)
    made = Element(
        number=2, kind="button", type="BigButton", box=box, seen=box, text="下一步", told=Told("下一步", "Button")
    )
    return replace(made, **more)  # type: ignore[arg-type]


def picture(*elements: Element, ground: Rgb = PAPER, drawn: bool = True, **more: object) -> Picture:
    pixels = Image.new("RGB", (1080, 1920), ground)
    pen = ImageDraw.Draw(pixels)
    for element in elements:
        if element.kind == "text" and drawn:
            for at in range(int(element.seen.left) + 2, int(element.seen.right) - 2, 10):
                pen.rectangle((at, element.seen.top + 8, at + 3, element.seen.bottom - 8), fill=element.colour)
        if element.kind == "button":
            pen.rectangle(tuple(element.box), outline=INK, width=3)
    made = Picture("page", "zh", list(elements), pixels, RULES)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def test_a_page_with_nothing_wrong_passes() -> None:
    page = picture(text(), button())
    for check in (clipped, overlap, contrast, touch, names, language, palette, numbers):
        assert check.check(page) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"truncated": True},
        {"box": Box(100, 200, 150, 242)},
        {"box": Box(100, 200, 400, 220)},
        {"clip": Box(100, 200, 400, 220)},
        {"painted": Box(980, 200, 1180, 242), "box": Box(980, 200, 1180, 242)},
        {"scroll": Scroll(Box(0, 100, 200, 900), 0, 500)},
        {"drawn_size": 12},
    ],
)
def test_a_text_that_is_cut_is_found(fault: dict[str, object]) -> None:
    assert clipped.check(picture(text(**fault)))


def test_a_text_out_of_its_sheet_is_found() -> None:
    sheet = Element(number=0, kind="sheet", type="Card", box=Box(100, 190, 220, 260), colour=PAPER)
    assert clipped.check(picture(sheet, text(parents=(0,))))


def test_what_may_be_scrolled_to_is_not_cut() -> None:
    below = text(top=1000, scroll=Scroll(Box(0, 100, 1080, 900), 0, 500), seen=Box(0, 0, 0, 0))
    assert clipped.check(picture(below)) == []


def test_two_texts_on_each_other_are_found() -> None:
    assert overlap.check(picture(text(), text(left=150, top=210, number=3)))


def test_a_text_on_somebody_elses_button_is_found() -> None:
    assert overlap.check(picture(text(top=420), button()))
    assert overlap.check(picture(text(top=420, parents=(2,)), button())) == []


def test_two_targets_on_each_other_are_found() -> None:
    assert overlap.check(picture(button(), button(left=150, number=3)))
    assert overlap.check(picture(button(), button(left=150, number=3, layer=1))) == []


def test_pale_text_is_found_on_the_picture() -> None:
    assert contrast.check(picture(text(colour=LIGHT)))
    assert contrast.check(picture(text(), ground=(120, 120, 120)))
    assert contrast.check(picture(text(opacity=0.4)))


def test_a_text_half_on_another_ground_is_found() -> None:
    page = picture(text())
    ImageDraw.Draw(page.pixels).rectangle((100, 200, 200, 242), fill=(110, 110, 110))
    assert contrast.check(page)


def test_a_pale_icon_is_found() -> None:
    box = Box(100, 100, 140, 140)
    icon = Element(number=5, kind="icon", type="Icon", box=box, seen=box, text="check", role="seal")
    assert contrast.check(picture(icon)) == []
    assert contrast.check(picture(icon, ground=(140, 60, 40)))


def test_a_frame_that_can_hardly_be_seen_is_found() -> None:
    page = picture(button())
    ImageDraw.Draw(page.pixels).rectangle((100, 400, 190, 490), outline=(220, 207, 188), width=3)
    assert contrast.check(page)


def test_a_target_that_is_too_small_is_found() -> None:
    assert touch.check(picture(button(size=79)))
    assert touch.check(picture(button(size=90), rules=replace(RULES, touch_mm=24.0)))


def test_a_target_out_of_reach_is_found() -> None:
    near = replace(RULES, zone=1000)
    assert touch.check(picture(button(top=900), rules=near, low=True))
    assert touch.check(picture(button(top=940), rules=near, low=True)) == []
    assert touch.check(picture(button(top=900), rules=near)) == [], "only where it was asked for"


def test_a_target_that_can_be_moved_into_reach_passes() -> None:
    near = replace(RULES, zone=1000)
    window = Box(0, 500, 1080, 1500)
    moved = Scroll(window, 300, 600)
    assert touch.check(picture(button(top=700, scroll=moved, number=2), rules=near, low=True)) == []
    assert touch.check(picture(button(top=600, scroll=moved, number=2), rules=near, low=True))
    below = button(top=1600, scroll=Scroll(window, 0, 600))
    assert touch.check(picture(below, rules=near, low=True)) == []
    assert touch.check(picture(replace(below, scroll=Scroll(window, 0, 50)), rules=near, low=True))


def test_a_field_that_is_typed_in_out_of_sight_is_found() -> None:
    window = Scroll(Box(0, 100, 1080, 500), 0, 900)
    field = text(kind="input", focus=True, scroll=window, top=480)
    assert touch.check(picture(field))
    assert touch.check(picture(replace(field, focus=False))) == []
    assert touch.check(picture(replace(field, box=Box(100, 300, 500, 342)))) == []


@pytest.mark.parametrize("told", [None, Told("", "Button"), Told("下一步", "StaticText")])
def test_a_button_that_is_not_told_is_found(told: Told | None) -> None:
    assert names.check(picture(button(told=told)))


def test_a_text_that_is_not_told_is_found() -> None:
    assert names.check(picture(text(told=None)))
    card = Element(number=0, kind="button", type="Card", box=GLASS, told=Told("您今天想办什么？", "Button"))
    assert names.check(picture(card, text(told=None, parents=(0,)))) == []
    assert names.check(picture(text(told=None), heard=("别的", "您今天想办什么？ 可不填"))) == []


def test_a_word_in_the_other_language_is_found() -> None:
    assert language.check(picture(text("请按 Next")))
    assert language.check(picture(text("English"))) == []
    assert language.check(picture(text("Press 下一步"), language="en"))
    assert language.check(picture(text("陈*"), language="en", given=frozenset({"陈*"}))) == []


def test_a_colour_or_a_size_of_its_own_is_found() -> None:
    assert palette.check(picture(text(colour=(1, 2, 3))))
    assert palette.check(picture(text(size=28)))
    sheet = Element(number=0, kind="sheet", type="Rectangle", box=GLASS, colour=(9, 9, 9))
    assert palette.check(picture(sheet))


@pytest.mark.parametrize("number", ["310104194901130022", "31010419490113002X", "13800138000", "138 0013 8000",
                                    "6222021234567890123", "6222 0212 3456 7890"])  # fmt: skip
def test_a_whole_number_is_found(number: str) -> None:
    assert numbers.check(picture(text(f"号码 {number}")))
    typed = text(number, kind="input", focus=True)
    assert numbers.check(picture(typed)) == []


@pytest.mark.parametrize(
    "number", ["3101**********0022", "310104-20261122-00017-3", "12345", "20391174", "138****8000"]
)
def test_a_masked_or_other_number_passes(number: str) -> None:
    assert numbers.check(picture(text(number))) == []
