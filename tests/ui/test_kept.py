"""A page that went leaves nothing behind: thousands of them come and go between two starts of a terminal."""

import gc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtQuick import QQuickItem

from kiosk.modes import Modes
from tests.ui.samples import views
from tests.ui.stage import Bench
from ui.reading.keypad import Key

TALL, WIDE = (1080, 1920), (1920, 1080)
EVERY = {view.page: name for name, view in views("zh").items()}.values()  # one of each page
SOME = ("home", "form", "review")


class Counted(dict[str, Any]):
    """The screen's labels, which count who asks for them."""

    asked = 0

    def get(self, *wanted: Any) -> Any:
        self.asked += 1
        return super().get(*wanted)


def below(item: QQuickItem) -> int:
    """The item and everything within it, seen or not."""
    return 1 + sum(below(child) for child in item.childItems())


def alive(bench: Bench, labels: Counted) -> tuple[int, int]:
    """Items below the window, and texts that are worked out anew when the language changes: those of items that hang
    below nothing any more too. Both are of the same page in the same visit."""
    bench.sample("home")
    labels.asked = 0
    bench.sample("home", "en")
    return below(bench.window.contentItem()), labels.asked


def one_page_after_the_other(bench: Bench) -> None:
    for name in EVERY:
        bench.sample(name)


def one_visit_after_the_other(bench: Bench) -> None:
    for name in SOME:
        bench.visits += 1
        bench.sample(name)


def ways_of_seeing(bench: Bench) -> None:
    for name in SOME:
        view = bench.sample(name)
        for modes in (Modes(elder=True), Modes(low=True), Modes(magnify=True), Modes(hidden=True), Modes()):
            bench.show(replace(view, modes=modes))


def typing(bench: Bench) -> None:
    for panel in ("pinyin", "hand"):
        bench.sample("form")
        bench.touch(bench.fields()[1])
        bench.stage.keyboard.switchPanel(panel)
        bench.settle()
        bench.sample("home")


def another_shape(bench: Bench) -> None:
    for name in SOME:
        bench.sample(name)
        for shape in (WIDE, TALL):
            bench.window.resize(*shape)
            bench.settle()


@pytest.mark.parametrize(
    "do", [one_page_after_the_other, one_visit_after_the_other, ways_of_seeing, typing, another_shape]
)
def test_nothing_is_kept_of_what_went(bench: Bench, do: Callable[[Bench], None]) -> None:
    shell = bench.stage.shell
    labels = shell._labels
    shell._labels = counted = Counted(labels)
    try:
        do(bench)  # once: what is made when it is first needed, and then stays
        before = alive(bench, counted)
        do(bench)
        assert alive(bench, counted) == before
    finally:
        shell._labels = labels
    assert before[1] > 0


def dead() -> int:
    """Python's objects of things that Qt has deleted."""
    gc.collect()
    every = [one for one in gc.get_objects() if issubclass(type(one), QObject)]
    return sum(not shiboken6.isValid(one) for one in every)


def by_keypad(bench: Bench) -> None:
    bench.visits += 1
    for name in ("search", *SOME):  # a page that has the focus, then others
        bench.sample(name)
        for _ in range(3):
            bench.stage.reader.press(Key.DOWN)
        bench.settle()


def test_nothing_is_kept_of_what_was_read_aloud(bench: Bench) -> None:
    try:
        by_keypad(bench)
        before = dead()
        by_keypad(bench)
        assert dead() <= before
    finally:
        bench.stage.reader._end()
