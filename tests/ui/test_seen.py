"""Who stands before the glass sees nothing of the person before, and who passes by nothing that is covered."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kiosk.modes import Modes
from kiosk.view import FormBody, ReviewBody, View
from tests.ui.gallery.reading import grabbed
from tests.ui.samples import views
from tests.ui.stage import Bench, until

PERSONAL = [name for name, view in views("zh").items() if view.person is not None]
NEXT = ("attract", "home", "form", "closed")
SECRETS = {"phone": ("13812345678", "13987654321"), "address": ("上海市徐汇区漕宝路", "上海市杨浦区国权路")}


def frames(bench: Bench, change: Callable[[], None]) -> list[set[str]]:
    """The texts of every frame that is drawn from the change until the glass is quiet."""
    seen: list[set[str]] = []
    look = bench.window.beforeRendering.connect(lambda: seen.append(set(bench.texts())))
    try:
        change()
        until(lambda: len(seen) > 1, "two frames")
        bench.settle()
    finally:
        bench.window.beforeRendering.disconnect(look)
    return seen


@pytest.mark.parametrize("name", PERSONAL)
def test_no_frame_of_the_next_visit_holds_a_text_of_the_one_before(bench: Bench, name: str) -> None:
    for follower in NEXT:
        if follower == name:
            continue
        bench.fresh()
        bench.sample(name)
        before = set(bench.texts())
        bench.visits += 1
        after = replace(views("zh")[follower], visit=bench.visits)
        drawn = frames(bench, lambda after=after: bench.show(after))  # type: ignore[misc]
        theirs = before - set(bench.texts()) - {""}
        assert theirs, "the two pages differ"
        for texts in drawn:
            assert not texts & theirs, f"{name} -> {follower}"


def test_letters_that_wait_are_not_seen_by_the_next(bench: Bench) -> None:
    bench.sample("form")
    bench.fields()[1].forceActiveFocus()
    bench.settle()
    bench.stage.keyboard.switchPanel("pinyin")
    bench.type("zhang")
    assert any("zhang" in text for text in bench.texts())
    after = replace(views("zh")["form"], visit=bench.visits + 1)
    bench.visits += 1
    drawn = frames(bench, lambda: bench.show(after))
    assert not any("zhang" in text for texts in drawn for text in texts)
    bench.fields()[1].forceActiveFocus()
    bench.settle()
    assert not any("zhang" in text for text in bench.texts())


def written(bench: Bench, which: int, modes: Modes) -> View:
    """The form, with one of two persons' answers."""
    view = views("zh")["form"]
    assert isinstance(view.body, FormBody)
    fields = tuple(replace(one, value=SECRETS[one.id][which]) if one.id in SECRETS else one for one in view.body.fields)
    shown = replace(view, visit=bench.visits, modes=modes, body=replace(view.body, fields=fields, epoch=which))
    bench.show(shown)
    return shown


@pytest.mark.parametrize(
    "modes", [Modes(hidden=True), Modes(hidden=True, elder=True), Modes(hidden=True, contrast=True)]
)
def test_two_persons_covered_answers_make_the_same_picture(bench: Bench, modes: Modes) -> None:
    pictures = []
    for which in (0, 1):
        bench.fresh()
        written(bench, which, modes)
        pictures.append(grabbed(bench.stage.grab()).tobytes())
    assert pictures[0] == pictures[1]
    bench.fresh()
    written(bench, 0, replace(modes, hidden=False))
    assert grabbed(bench.stage.grab()).tobytes() != pictures[0], "uncovered they are seen"


@pytest.mark.parametrize("error", ["", "请再看一看。"])
def test_a_number_stands_masked_until_its_field_is_typed_in(bench: Bench, error: str) -> None:
    view = views("zh")["form"]
    assert isinstance(view.body, FormBody)
    phone = next(one for one in view.body.fields if one.id == "phone")
    phone = replace(phone, value="13812345678", masked="138****5678", error=error)
    bench.sample("form", body=replace(view.body, fields=(phone,)))
    assert "13812345678" not in bench.texts()
    place = next(item for item in bench.items() if item.property("text") == "138****5678")
    bench.touch(place)
    (field,) = bench.fields()
    assert (field.property("text"), field.hasActiveFocus()) == ("13812345678", True)
    assert "138****5678" not in bench.texts()
    bench.touch(bench.button("完成"))
    assert "13812345678" not in bench.texts()
    assert "138****5678" in bench.texts()


def test_a_covered_page_for_review_shows_no_page(bench: Bench) -> None:
    view = replace(views("zh")["review"], visit=bench.visits, modes=Modes(hidden=True))
    assert isinstance(view.body, ReviewBody)
    bench.show(view)
    assert not [item for item in bench.items() if "image://papers/" in str(item.property("source"))]
    bench.show(replace(view, modes=Modes()))
    assert [item for item in bench.items() if "image://papers/" in str(item.property("source"))]


def test_the_field_in_typing_is_seen_though_all_is_covered(bench: Bench) -> None:
    """Who types must see what; the others stay covered."""
    shown = written(bench, 0, Modes(hidden=True))
    assert isinstance(shown.body, FormBody)
    field = bench.fields()[0]
    field.forceActiveFocus()
    bench.settle()
    assert field.opacity() == 1
    assert all(other.opacity() == 0 for other in bench.fields() if other is not field and other.property("text"))
