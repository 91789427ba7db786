"""What must fit, measured on the drawn page: the field in typing, the foot's labels, the page for review, the head."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
import yaml
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk.modes import Modes
from kiosk.view import Choice, FormBody, ReviewBody
from tests.ui.gallery.plan import press
from tests.ui.samples import views
from tests.ui.stage import ROOT, Bench

HAIR = 1.5
MM_PER_PX = 0.248
LEAST_MARGIN = 6
SMALLEST_TYPE_MM = 4.5
MODES = list(product(("zh", "en"), (False, True)))
FOOT = yaml.safe_load((ROOT / "assets" / "i18n" / "common.yaml").read_text("utf-8"))["foot"]


def inside(item: QQuickItem) -> Iterator[QQuickItem]:
    for child in item.childItems():
        if child.isVisible():
            yield child
            yield from inside(child)


def box_of(field: QQuickItem) -> QQuickItem:
    """The whole field: its label, its box and what is wrong with it."""
    above = field.parentItem()
    while above.property("choosing") is None:
        above = above.parentItem()
    return above


def seen(bench: Bench, box: QQuickItem) -> bool:
    """Whether it stands whole between what is above the work area and what is below."""
    area = bench.area(box)
    work = bench.area(bench.navigator())
    return work.top() - HAIR <= area.top() and area.bottom() <= work.bottom() + HAIR


def network(language: str) -> str:
    return views(language)["home-offline"].network


@pytest.mark.parametrize(("language", "elder"), MODES)
def test_label_box_and_mistake_of_the_field_in_typing_are_seen_together(
    bench: Bench, language: str, elder: bool
) -> None:
    """With the network's line, and a mistake at every field."""
    view = views(language)["form-error"]
    assert isinstance(view.body, FormBody)
    assert network(language)
    mistake = next(one.error for one in view.body.fields if one.error)
    wrong = tuple(one if one.kind == "read_only" else replace(one, error=mistake) for one in view.body.fields)
    bench.sample("form-error", language, elder=elder, network=network(language), body=replace(view.body, fields=wrong))
    for field in (*bench.fields(), *reversed(bench.fields())):
        field.forceActiveFocus()
        bench.settle()
        assert bench.area(bench.navigator()).bottom() < bench.area(foot(bench)).top() - 100, "the keyboard is up"
        assert (network(language) in bench.texts()) != elder, "in large type the field needs that room"
        assert seen(bench, box_of(field)), f"{box_of(field).property('label')}: {bench.area(box_of(field))}"


@pytest.mark.parametrize(("language", "elder"), MODES)
def test_in_low_reach_the_words_that_stand_ready_give_way_first(bench: Bench, language: str, elder: bool) -> None:
    """Where all of it has no room, the head stays and the foot stays below the keyboard."""
    offered = []
    for low in (False, True):
        bench.sample("form", language, modes=Modes(elder=elder, low=low))
        field = bench.fields()[1]
        field.forceActiveFocus()
        bench.settle()
        offered.append("小区" in bench.texts())
        assert any(item.objectName() == "head" for item in bench.items())
        keyboard = next(item for item in bench.items() if item.metaObject().className().startswith("KeyboardPanel"))
        assert bench.area(keyboard).bottom() <= bench.area(foot(bench)).top() + HAIR
        assert seen(bench, box_of(field))
    assert offered == [True, not elder]


@pytest.mark.parametrize(("language", "elder"), MODES)
def test_a_mistake_that_appears_while_typing_is_seen(bench: Bench, language: str, elder: bool) -> None:
    view = views(language)["form-error"]
    assert isinstance(view.body, FormBody)
    mistake = next(one.error for one in view.body.fields if one.error)
    shown = bench.sample("form", language, elder=elder, network=network(language))
    for number, name in enumerate(("phone", "address", "other")):
        field = bench.fields()[number]
        field.forceActiveFocus()
        bench.settle()
        assert isinstance(shown.body, FormBody)
        wrong = tuple(replace(one, error=mistake if one.id == name else "") for one in shown.body.fields)
        bench.show(replace(shown, body=replace(shown.body, fields=wrong)))
        assert seen(bench, box_of(field)), name


def test_the_first_mistake_comes_into_sight(bench: Bench) -> None:
    """Also the second time, when the sentence above the form is the same as before."""
    shown = bench.sample("form", elder=True, network=network("zh"), next=Choice("next", "下一步"))
    assert isinstance(shown.body, FormBody)
    for number, name in ((2, "other"), (0, "phone"), (2, "other")):
        bench.fields()[1].forceActiveFocus()
        bench.settle()
        bench.touch(bench.button("下一步"))
        assert "完成" not in [button.property("text") for button in bench.buttons()], "the keyboard is down"
        wrong = tuple(replace(one, error="请再看一看。" if one.id == name else "") for one in shown.body.fields)
        bench.show(replace(shown, body=replace(shown.body, fields=wrong, message="有一项需要再看一看。")))
        assert seen(bench, box_of(bench.fields()[number])), name


def foot(bench: Bench) -> QQuickItem:
    return next(item for item in bench.items() if item.objectName() == "foot")


@pytest.mark.parametrize(("language", "elder"), MODES)
def test_every_label_of_the_foot_fits_wherever_it_stands(bench: Bench, language: str, elder: bool) -> None:
    wrong: list[str] = []
    for name, texts in FOOT.items():
        text = texts[language]
        one = Choice("x", text)
        bench.sample("review", language, elder=elder, back=one, leave=one, next=one)
        for button in inside(foot(bench)):
            if not button.inherits("QQuickAbstractButton"):
                continue
            label = next((item for item in inside(button) if item.inherits("QQuickText")), None)
            if label is None:
                continue  # a sign alone
            room = bench.area(button).adjusted(2, 2, -2, -2)
            drawn = QRectF(bench.area(label).topLeft(), label.mapRectToScene(
                QRectF(0, 0, label.property("contentWidth"), label.property("contentHeight"))).size())  # fmt: skip
            font = QFont(label.property("font"))
            font.setPixelSize(label.property("fontInfo").property("pixelSize").toInt())
            size = font.pixelSize() * MM_PER_PX
            lines = label.property("lineCount")
            words = len(re.split(r"\s+", text)) if language == "en" else 1
            if not room.contains(drawn) or label.property("truncated"):
                wrong.append(f"{name}: outside")
            if lines > min(2, words):
                wrong.append(f"{name}: {lines} lines")
            if any(QFontMetricsF(font).horizontalAdvance(word) > label.width() + HAIR for word in text.split()):
                wrong.append(f"{name}: broken inside a word")
            if size < SMALLEST_TYPE_MM:
                wrong.append(f"{name}: {size:.1f} mm")
    assert wrong == []


def papers(bench: Bench) -> list[QQuickItem]:
    return [item for item in bench.items() if "image://papers/" in str(item.property("source"))]


def answers(bench: Bench) -> list[QQuickItem]:
    return [item for item in bench.items() if item.objectName() == "answer"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_in_large_type_the_answers_stand_above_the_page_for_review(bench: Bench, language: str) -> None:
    bench.sample("review", language)
    assert answers(bench) == []
    body = bench.sample("review", language, elder=True).body
    assert isinstance(body, ReviewBody)
    found = answers(bench)
    assert [item.property("text") for item in found] == ["138****5678", body.lines[1][1]]
    assert all(label in bench.texts() for label, _ in body.lines)
    assert all(item.property("font").pixelSize() >= bench.stage.theme.property("lead") for item in found)
    assert bench.area(found[-1]).bottom() < bench.area(papers(bench)[0]).top()
    press(bench, bench.words.say("screen.show_numbers", language))
    assert [item.property("text") for item in answers(bench)] == [text for _, text in body.lines]
    press(bench, bench.words.say("screen.cover_numbers", language))
    assert answers(bench)[0].property("text") == "138****5678"
    bench.sample("review", language, modes=Modes(elder=True, hidden=True))
    assert answers(bench) == []


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("11010519491231002X", "1101**********002X"),
        ("138 1234 5678", "138******5678"),
        ("021-12345678", "021*****5678"),
        ("62345678", "********"),
        ("2026-01-05", "2026-01-05"),
        ("样例路5号101室", "样例路5号101室"),
    ],
)
def test_a_number_in_an_answer_shows_its_ends(bench: Bench, answer: str, shown: str) -> None:
    body = views("zh")["review"].body
    assert isinstance(body, ReviewBody)
    bench.sample("review", elder=True, body=replace(body, lines=(("一项", answer),)))
    assert [item.property("text") for item in answers(bench)] == [shown]


@pytest.mark.parametrize(("language", "elder"), MODES)
def test_every_corner_of_a_page_looked_at_closely_is_reached(bench: Bench, language: str, elder: bool) -> None:
    """By the arrows alone, there and back; where there is no more there is no arrow, and none lies on the page."""
    bench.sample("review", language, elder=elder)
    press(bench, "放大看" if language == "zh" else "Look closer")
    window = flickable(papers(bench)[0])
    for way, edge in (("right", "right"), ("down", "bottom"), ("left", "left"), ("up", "top")):
        touched = 0
        while marks := [item for item in bench.items() if item.objectName() == f"chevron-{way}"]:
            assert not bench.area(marks[0]).intersects(bench.area(window))
            bench.touch(marks[0])
            touched += 1
            assert touched < 12
        assert touched
        page, room = bench.area(papers(bench)[0]), bench.area(window)
        assert abs(getattr(page, edge)() - getattr(room, edge)()) < HAIR


def test_a_page_looked_at_closely_is_dragged(bench: Bench) -> None:
    bench.sample("review", elder=True)
    press(bench, "放大看")
    before = bench.area(papers(bench)[0])
    middle = bench.area(flickable(papers(bench)[0])).center().toPoint()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(bench.window, left, none, middle)
    for step in range(1, 9):
        QTest.mouseMove(bench.window, middle - QPoint(0, step * 30))
        bench.settle()
    QTest.mouseRelease(bench.window, left, none, middle - QPoint(0, 240))
    bench.settle()
    assert bench.area(papers(bench)[0]).top() < before.top() - 100


def flickable(item: QQuickItem) -> QQuickItem:
    above = item.parentItem()
    while not above.inherits("QQuickFlickable"):
        above = above.parentItem()
    return above


@pytest.mark.parametrize("elder", [False, True])
@pytest.mark.parametrize(
    ("language", "label"), [("zh", ""), ("en", ""), ("zh", "查询打印"), ("en", "Look up and print")]
)
def test_a_block_never_touches_its_border(bench: Bench, language: str, label: str, elder: bool) -> None:
    view = views(language)["home"]
    blocks = tuple(replace(tile, label=label or tile.label) for tile in view.body.blocks)  # type: ignore[union-attr]
    bench.sample("home", language, elder=elder, body=replace(view.body, blocks=blocks))  # type: ignore[arg-type]
    for block in [bench.button(tile.label) for tile in blocks]:
        for text in [item for item in inside(block) if item.inherits("QQuickText")]:
            assert text.property("contentWidth") <= text.width() + HAIR
            assert bench.area(text).right() <= bench.area(block).right() - LEAST_MARGIN
            assert text.property("lineCount") <= 3
            assert text.property("contentHeight") <= text.height() + HAIR


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_place_stands_whole_on_two_lines_at_most(bench: Bench, language: str) -> None:
    for elder in (False, True):
        shown = bench.sample("review", language, elder=elder)
        head = next(item for item in bench.items() if item.objectName() == "head")
        place = next(item for item in inside(head) if item.property("text") == shown.place)
        assert place.property("lineCount") <= 2
        assert not place.property("truncated")


def test_a_choice_is_tall_enough_for_a_thumb(bench: Bench) -> None:
    for language, elder in MODES:
        bench.sample("form", language, elder=elder)
        texts = [text for field in views(language)["form"].body.fields for _, text in field.options]  # type: ignore[union-attr]
        assert all(bench.button(text).height() * MM_PER_PX >= 20.0 for text in texts)


def test_the_keys_are_larger_in_large_type(bench: Bench) -> None:
    sizes = []
    for elder in (False, True):
        bench.fresh()
        bench.sample("form", elder=elder)
        bench.fields()[1].forceActiveFocus()
        bench.settle()
        bench.stage.keyboard.switchPanel("pinyin")
        bench.touch(bench.button("y"))
        keys = [bench.button("q"), bench.button("一"), bench.button("完成")]
        labels = [next(item for item in inside(key) if item.inherits("QQuickText")) for key in keys]
        sizes.append([label.property("font").pixelSize() for label in labels])
    assert all(large >= small * 1.38 for small, large in zip(*sizes, strict=True)), sizes
