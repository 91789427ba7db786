"""Modes and language are switched while somebody types: not a keystroke is lost, and the field is typed in on."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from kiosk.journeys.events import LanguageChosen, ModeChosen, Pressed, StillHere, Typed
from kiosk.modes import Mode, Modes
from kiosk.view import FormBody
from tests.ui.samples import views
from tests.ui.stage import Bench


def typing(bench: Bench, letters: str = "shanghai") -> str:
    """An empty address with letters in composition; returns the field's id."""
    view = views("zh")["form"]
    assert isinstance(view.body, FormBody)
    address = next(one for one in view.body.fields if one.keyboard == "address" or one.id == "address")
    fields = (replace(address, value="", keyboard="address"),)
    bench.sample("form", body=replace(view.body, fields=fields))
    bench.touch(bench.fields()[0])
    bench.type(letters)
    assert bench.stage.keyboard.composing
    return address.id


@pytest.mark.parametrize("word", ["English", "大字"])
def test_letters_that_wait_are_put_into_the_field_before_the_switch(bench: Bench, word: str) -> None:
    name = typing(bench)
    bench.touch(bench.button(word))
    switched = {"English": LanguageChosen("en"), "大字": ModeChosen(Mode.ELDER, True)}[word]
    assert bench.mind.events[-2:] == [Typed(name, "上海"), switched]
    assert bench.fields()[0].property("text") == "上海"


def test_letters_that_wait_are_put_into_the_field_before_help_hides_the_keyboard(bench: Bench) -> None:
    """A way of seeing is switched there, and the field is typed in on afterwards."""
    name = typing(bench, "hu")
    bench.touch(bench.button("帮助"))
    bench.touch(bench.button(bench.words.say("screen.mode_contrast", "zh")))
    text = bench.fields()[0].property("text")
    assert text
    assert bench.mind.events[-2:] == [Typed(name, text), ModeChosen(Mode.CONTRAST, True)]
    bench.touch(bench.button(bench.words.say("screen.help_close", "zh")))
    assert bench.fields()[0].hasActiveFocus()


def test_letters_that_wait_go_into_their_own_field_when_another_is_touched(bench: Bench) -> None:
    view = views("zh")["form"]
    assert isinstance(view.body, FormBody)
    address = next(one for one in view.body.fields if one.id == "address")
    fields = (replace(address, value="", keyboard="address"), replace(address, id="other", value=""))
    bench.sample("form", body=replace(view.body, fields=fields))
    bench.touch(bench.fields()[0])
    bench.type("hu")
    bench.touch(bench.fields()[1])
    first, second = bench.fields()
    assert first.property("text")
    assert [event for event in bench.mind.events if isinstance(event, Typed)] == [
        Typed("address", first.property("text"))
    ]
    assert (second.property("text"), second.hasActiveFocus()) == ("", True)


def test_letters_that_wait_are_put_into_the_field_when_nobody_seems_to_be_there(bench: Bench) -> None:
    """So that a draft holds them; and as nobody touched anything, the countdown goes on."""
    name = typing(bench)
    view = bench.stage.shell.body
    bench.mind.events.clear()
    bench.show(replace(view, countdown=views("zh")["countdown"].countdown))
    assert bench.mind.events == [Typed(name, "上海", touched=False)]
    assert bench.fields()[0].property("text") == "上海"
    bench.mind.events.clear()
    bench.show(view)
    bench.type("hu")
    bench.show(replace(view, language="en"))
    assert not [event for event in bench.mind.events if isinstance(event, Typed)]


@pytest.mark.parametrize("word", ["上一步", "结束离开"])
def test_letters_that_wait_are_told_before_the_page_is_left(bench: Bench, word: str) -> None:
    name = typing(bench, "hu")
    bench.touch(bench.button(word))
    typed, pressed = [event for event in bench.mind.events if not isinstance(event, StillHere)]
    assert typed == Typed(name, bench.fields()[0].property("text"))
    assert isinstance(pressed, Pressed)


def test_the_field_is_typed_in_on_when_large_type_makes_the_page_anew(bench: Bench) -> None:
    typing(bench)
    view = views("zh")["form"]
    assert isinstance(view.body, FormBody)
    address = replace(next(one for one in view.body.fields if one.id == "address"), value="上海", keyboard="address")
    phone = next(one for one in view.body.fields if one.keyboard == "phone")
    for word, modes, fields in (
        ("大字", Modes(elder=True), (address,)),
        ("标准字", Modes(), (phone, address)),
    ):
        bench.touch(bench.button(word))
        body = replace(view.body, fields=fields, epoch=view.body.epoch + len(fields))
        bench.show(replace(view, visit=bench.visits, modes=modes, body=body))
        last = bench.fields()[-1]
        assert last.property("text") == "上海"
        assert last.hasActiveFocus()


def test_a_page_that_is_covered_shows_nothing_that_was_written(bench: Bench) -> None:
    view = bench.sample("form", modes=Modes(hidden=True))
    assert isinstance(view.body, FormBody)
    values = {one.value for one in view.body.fields if one.value and one.kind != "choice"}
    shown = {item.property("text") for item in bench.items() if item.inherits("QQuickText")}
    assert values
    assert not values & shown
    assert all(
        item.opacity() == 0 for item in bench.items() if item.inherits("QQuickTextInput") and item.property("text")
    )


def test_nothing_is_pasted_into_a_field(bench: Bench) -> None:
    bench.sample("form")
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("12345")
    bench.touch(bench.fields()[0])
    before = bench.fields()[0].property("text")
    QTest.keyClick(bench.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    bench.settle()
    clipboard.clear()
    assert bench.fields()[0].property("text") == before
