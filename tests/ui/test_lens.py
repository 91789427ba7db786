"""The magnifier: what it shows of a page, and that nobody types into a field, or with keys, that lie off the glass."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtQuick import QQuickItem

from kiosk.modes import Modes
from tests.ui.samples import views
from tests.ui.stage import Bench

HAIR = 1.0


def glass(bench: Bench) -> QRectF:
    return QRectF(-HAIR, -HAIR, bench.window.width() + 2 * HAIR, bench.window.height() + 2 * HAIR)


def keys(bench: Bench) -> list[QQuickItem]:
    panel = next(item for item in bench.items() if item.metaObject().className().startswith("KeyboardPanel"))
    return [button for button in bench.buttons() if panel.isAncestorOf(button)]


def test_the_lens_looks_at_a_new_page_from_its_beginning(bench: Bench) -> None:
    bench.sample("home", modes=Modes(magnify=True))
    question = next(item for item in bench.items() if item.property("text") == views("zh")["home"].body.question)  # type: ignore[union-attr]
    at_first = bench.area(question).topLeft()
    bench.touch(bench.button("往下看"))
    assert bench.area(question).topLeft() != at_first
    shown = bench.sample("tree", modes=Modes(magnify=True))
    question = next(item for item in bench.items() if item.property("text") == shown.body.question)  # type: ignore[union-attr]
    assert bench.window.contentItem().boundingRect().contains(bench.area(question).topLeft())


def test_the_doorway_is_not_magnified(bench: Bench) -> None:
    bench.sample("attract")
    plain = [bench.area(button) for button in bench.buttons()]
    bench.sample("attract", modes=Modes(magnify=True))
    assert [bench.area(button) for button in bench.buttons()] == plain


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("sample", ["form", "identify-pickup", "search-found"])
@pytest.mark.parametrize(
    ("shape", "modes"),
    [
        ((1080, 1920), Modes(magnify=True)),
        ((1080, 1920), Modes(magnify=True, elder=True)),
        ((1080, 1920), Modes(magnify=True, low=True)),
        ((1080, 1920), Modes(magnify=True, low=True, elder=True)),
        ((1920, 1080), Modes(magnify=True)),
        ((1920, 1080), Modes(magnify=True, elder=True)),
    ],
    ids=["tall", "tall-elder", "low", "low-elder", "wide", "wide-elder"],
)
def test_the_field_in_typing_and_every_key_lie_on_the_glass(
    bench: Bench, sample: str, language: str, shape: tuple[int, int], modes: Modes
) -> None:
    bench.window.resize(*shape)
    bench.settle()
    bench.sample(sample, language, modes=modes)
    assert bench.fields()
    for number in range(len(bench.fields())):
        field = bench.fields()[number]
        field.forceActiveFocus()
        bench.settle()
        field = bench.fields()[number]
        assert field.hasActiveFocus()
        page = bench.area(bench.navigator())
        assert page.adjusted(-HAIR, -HAIR, HAIR, HAIR).contains(bench.area(field)), f"field {number} is cut off"
        assert glass(bench).contains(page)
        assert bench.area(field).height() > field.height() * 1.05, "it is enlarged"
        assert keys(bench)
        for key in keys(bench):
            assert glass(bench).contains(bench.area(key)), f"{key.property('text')!r} lies off the glass"
            assert not page.adjusted(HAIR, HAIR, -HAIR, -HAIR).intersects(bench.area(key)), "the page covers a key"


def test_the_lens_looks_at_what_was_typed_when_the_keyboard_is_down(bench: Bench) -> None:
    bench.sample("form", modes=Modes(magnify=True))
    for number in range(len(bench.fields())):
        field = bench.fields()[number]
        field.forceActiveFocus()
        bench.settle()
        bench.touch(bench.button("完成"))
        assert bench.button("关放大镜")
        seen = bench.area(bench.fields()[number])
        assert seen.top() >= 0, f"field {number}"
        assert seen.bottom() <= bench.window.height(), f"field {number}"
