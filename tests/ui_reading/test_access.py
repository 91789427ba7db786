"""Every control of every page is there for an assistive program, with role, name and action: AT-SPI, as Orca walks."""

from collections import Counter

import pytest

from tests.ui.samples import views
from tests.ui_reading import access
from tests.ui_reading.access import PageRead

pytestmark = pytest.mark.timeout(420)
ANONYMOUS = frozenset({"layered pane", "filler", "panel", "frame", "scroll pane"})
"""What only holds other things."""
SILENT = frozenset({"attract", "attract-limited", "attract-old", "closed", "goodbye", "leaving"})
"""Pages whose last control asks the mind for nothing: help, which is the screen's own."""


@pytest.fixture(scope="module")
def pages() -> list[PageRead]:
    lacking = access.missing()
    assert lacking == [], f"install {', '.join(lacking)}: see packages.apt"
    return access.read()


def test_every_page_was_read_in_both_languages(pages: list[PageRead]) -> None:
    assert [(one.page, one.language) for one in pages] == [
        (name, language) for language in ("zh", "en") for name in views("zh")
    ]


def test_everything_has_a_name_and_every_control_an_action(pages: list[PageRead]) -> None:
    wrong = []
    for page in pages:
        for node in page.nodes + page.keys:
            where = (page.page, page.language, node["role"])
            if not node["name"].strip() and node["role"] not in ANONYMOUS:
                wrong.append((*where, "has no name"))
            if node["role"] in ("unknown", "invalid", ""):
                wrong.append((*where, node["name"]))
        for node in page.controls:
            wanted = "SetFocus" if node["role"] in ("text", "entry") else "Press"
            if wanted not in node["actions"]:
                wrong.append((page.page, page.language, node["name"], f"lacks {wanted}"))
    assert wrong == []


def test_what_a_finger_can_work_is_there(pages: list[PageRead]) -> None:
    wrong = []
    for page in pages:
        named = Counter("field" if one["role"] in ("text", "entry") else one["name"] for one in page.controls)
        lost = Counter(page.worked) - named
        if lost:
            wrong.append((page.page, page.language, dict(lost)))
    assert wrong == []


def test_pressing_through_the_tree_does_once_what_a_finger_does(pages: list[PageRead]) -> None:
    wrong = [one for one in pages if one.page not in SILENT and (not one.pressed or len(one.events) != 1)]
    assert [(one.page, one.language, one.pressed, one.events) for one in wrong] == []
    switched = {(one.page, tuple(one.switched)) for one in pages if one.other}
    assert {events for _, events in switched} == {("LanguageChosen",)}
    assert len([one for one in pages if one.other]) == len(pages)


def test_the_keyboard_of_a_field_is_there_too(pages: list[PageRead]) -> None:
    forms = [one for one in pages if one.page == "form"]
    assert len(forms) == 2
    for one in forms:
        names = {key["name"] for key in one.keys if "Press" in key["actions"]}
        assert set("1234567890") <= names
