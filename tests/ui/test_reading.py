"""The screen by keypad and voice: every page of both languages, what changes on it, typing, and what is kept back.

Past 400 lines because one screen serves all tests of it in a process, and each way of speaking is one of them.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk.journeys.events import Pressed, StillHere, Typed
from kiosk.view import Countdown, FieldView, FormBody, Line, Page, ReviewBody, WorkingBody
from tests.ui.samples import views
from tests.ui.stage import Bench, until
from tests.ui_reading.ears import Recorder
from ui.reading import grid, walk
from ui.reading.keypad import Key
from ui.reading.reader import TICK_MS, Reader
from ui.reading.spelling import unmasked
from ui.reading.walk import PRESSED, Role, Stop

CASES = [(name, language) for language in ("zh", "en") for name in views("zh")]
LONG_ENOUGH = 120
PHONE = "13812345678"
NEVER_MS = 3_600_000


class Keypad:
    """Keys to press and ears to hear."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.reader: Reader = bench.stage.reader
        self.ears = Recorder()
        self.reader._spoken.voice = self.ears
        # Its beat would tell the mind that somebody listens, between a key and what the key asks for.
        self.reader._tick.setInterval(NEVER_MS)

    @property
    def said(self) -> list[str]:
        return [text for text, _, _ in self.ears.said]

    @property
    def last(self) -> str:
        return self.said[-1] if self.ears.said else ""

    def press(self, *names: str) -> str:
        """Keys, one after the other; the last thing said."""
        for name in names:
            QTest.keyClick(self.bench.window, Qt.Key[f"Key_{name}"])
        return self.last

    def begin(self) -> None:
        """The first key of a visit, and the top of the page."""
        self.press("Down")
        for _ in range(LONG_ENOUGH):
            if self.press("Up") in ("已经是最上面一项", "This is the first item"):
                return
        raise AssertionError("no first item")

    def stops(self) -> list[Stop]:
        return self.reader._found().stops

    def find(self, beginning: str) -> str:
        """Down until something is called so."""
        for _ in range(LONG_ENOUGH):
            if self.press("Down").startswith(beginning):
                return self.last
        raise AssertionError(f"{beginning!r} was never said, but {self.said}")

    def find_up(self, beginning: str) -> str:
        """Up until something is called so."""
        for _ in range(LONG_ENOUGH):
            if self.press("Up").startswith(beginning):
                return self.last
        raise AssertionError(f"{beginning!r} was never said, but {self.said}")

    def reach(self, name: str) -> None:
        """To a key of the keyboard, by the shortest way of the four keys."""
        keys = grid.keys(self.bench.window)
        here = self.reader._typist.at
        assert here is not None
        at = next((one for one in keys if one.item == here.item), None) or grid.nearest(keys, here.place)
        assert at is not None
        for way in ways(keys, at)[name]:
            self.press(way.value.capitalize())
        assert self.last == name or name in self.last or not ways(keys, at)[name]

    def type(self, names: str) -> None:
        for name in names:
            self.reach(name)
            self.press("Return")
            self.bench.settle()


def ways(keys: list[grid.KeyStop], at: grid.KeyStop) -> dict[str, list[Key]]:
    """Name of every key that can be reached -> the four keys that lead there."""
    found: dict[str, list[Key]] = {at.name: []}
    line: deque[tuple[grid.KeyStop, list[Key]]] = deque([(at, [])])
    items = {at.item}
    while line:
        here, path = line.popleft()
        for way in (Key.UP, Key.DOWN, Key.LEFT, Key.RIGHT):
            there = grid.neighbour(keys, here, way)
            if there is not None and there.item not in items:
                items.add(there.item)
                found.setdefault(there.name, [*path, way])
                line.append((there, [*path, way]))
    assert len(items) == len(keys), f"not to be reached: {[one.name for one in keys if one.item not in items]}"
    return found


@pytest.fixture
def keypad(bench: Bench) -> Iterator[Keypad]:
    made = Keypad(bench)
    yield made
    made.reader._end()
    made.reader._spoken.voice = Recorder()
    made.reader._tick.setInterval(TICK_MS)


# ------------------------------------------------------------------------------------------------------- every page


@pytest.mark.parametrize(("name", "language"), CASES)
def test_every_stop_is_named_and_every_button_is_reached(
    bench: Bench, keypad: Keypad, name: str, language: str
) -> None:
    bench.sample(name, language, countdown=None)
    keypad.begin()
    stops = keypad.stops()
    assert stops
    assert [one.role for one in stops if not one.name] == []
    told = [keypad.press("Down") for _ in stops[1:]]
    for stop, text in zip(stops[1:], told, strict=True):
        assert text.strip()
        if not stop.secret:
            assert walked(stop.name) in text, "what stands there is what is said"
        if stop.role in PRESSED or stop.role is Role.FIELD:
            word = keypad.reader._tell(f"role.{stop.role.value}")
            assert word in text, "and what it is"
    assert keypad.press("Down") in ("已经是最后一项", "This is the last item")
    items = [one.item for one in stops]
    assert [title(one) for one in bench.buttons() if one not in items and not decoration(one)] == []


def walked(name: str) -> str:
    return unmasked(name).rstrip("。.")


def title(item: QQuickItem) -> str:
    return str(item.property("text"))


def decoration(item: QQuickItem) -> bool:
    """What a blind person needs not: it only moves the page under the finger, or cannot be seen itself."""
    above: QQuickItem | None = item
    while above is not None:
        if above.opacity() == 0 or above.property("furniture"):
            return True
        above = above.parentItem()
    return False


@pytest.mark.parametrize("page", list(Page))
def test_every_page_has_its_purpose_in_both_languages(bench: Bench, page: Page) -> None:
    assert bench.words.has(f"reading.page.{page.value}")


# -------------------------------------------------------------------------------------------------- off, on and off


def test_nothing_is_walked_nor_said_before_the_first_key(
    bench: Bench, keypad: Keypad, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*given: object) -> None:
        raise AssertionError("walked")

    monkeypatch.setattr(walk, "look", never)
    bench.sample("home")
    bench.sample("form")
    assert keypad.ears.said == []
    assert not keypad.reader.on


def test_the_first_key_greets_once_and_does_nothing_else(bench: Bench, keypad: Keypad) -> None:
    bench.sample("attract")
    keypad.press("Return")
    assert bench.mind.events == []
    assert keypad.last.startswith("您好，语音引导已打开。")
    keypad.press("Return")
    assert bench.mind.events == [Pressed("start")]
    bench.sample("home")
    assert "语音引导" not in keypad.last
    assert keypad.last.startswith("您今天想办什么？")


def test_the_end_of_the_visit_switches_it_off(bench: Bench, keypad: Keypad) -> None:
    bench.sample("form")
    keypad.press("Down")
    assert keypad.reader.on
    bench.fresh()
    bench.sample("attract")
    assert not keypad.reader.on
    assert keypad.ears.done[-1] == "reset"
    said = len(keypad.said)
    bench.sample("home")
    assert len(keypad.said) == said
    assert keypad.reader.mark.isEmpty()  # type: ignore[attr-defined]


def test_the_goodbye_is_said_to_its_end_unless_somebody_else_begins(bench: Bench, keypad: Keypad) -> None:
    for begins in (False, True):
        bench.fresh()
        bench.sample("goodbye")
        keypad.ears.done.clear()
        keypad.press("Down")
        bench.fresh()
        bench.sample("attract")
        assert not keypad.reader.on
        assert "reset" not in keypad.ears.done
        if begins:
            keypad.press("Down")
        else:
            keypad.reader._spoken._over.setInterval(0)
            until(lambda: "reset" in keypad.ears.done, "it was over some day")
        assert keypad.ears.done.count("reset") == 1
        assert not keypad.reader._spoken._over.isActive()


def test_a_headset_switches_it_on_and_off(bench: Bench, keypad: Keypad) -> None:
    bench.sample("home")
    keypad.press("F9")
    assert keypad.ears.done[-1] == "plugged"
    assert keypad.last.startswith("您好")
    keypad.press("F9")
    assert keypad.ears.done[-1] == "pulled"
    assert not keypad.reader.on


def test_a_key_is_a_person_and_louder_is_louder(bench: Bench, keypad: Keypad) -> None:
    bench.sample("form", restless=True)
    keypad.press("Plus", "Minus")
    assert StillHere() in bench.mind.events
    assert [one for one in keypad.ears.done if one in ("louder", "softer")] == ["louder", "softer"]
    assert keypad.ears.sounds == ["key", "key"]


def test_other_keys_do_nothing_and_these_reach_no_page(bench: Bench, keypad: Keypad) -> None:
    bench.sample("form")
    keypad.press("A", "Tab")
    assert keypad.ears.said == []
    field = bench.fields()[0]
    field.forceActiveFocus()
    bench.settle()
    before = field.property("text")
    keypad.press("Backspace")
    assert field.property("text") == before


# --------------------------------------------------------------------------------------------------------- a page


def test_a_page_says_where_it_is_what_it_asks_and_how_to_begin(bench: Bench, keypad: Keypad) -> None:
    bench.sample("home")
    keypad.press("Down")
    bench.sample("form")
    assert keypad.last == "第 4 步，共 6 步，填表。请核对并补全您的信息。有 4 项要填。按下键开始。"
    bench.sample("form", "en")
    assert keypad.last.startswith("Step 4 of 6")
    assert keypad.ears.said[-1][1] == "en"


def test_back_is_the_pages_back_and_says_so_where_there_is_none(bench: Bench, keypad: Keypad) -> None:
    view = bench.sample("form")
    keypad.press("Down", "Escape")
    assert view.back is not None
    assert bench.mind.events[-1] == Pressed(view.back.ask)
    bench.sample("home", back=None)
    assert keypad.press("Escape").startswith("这一页不能退回")


def test_say_again_more_and_nothing_more(bench: Bench, keypad: Keypad) -> None:
    bench.sample("home-offline")
    keypad.press("Down")
    first = keypad.press("Down")
    keypad.press("Left")
    assert keypad.said[-2:] == [first, first]
    bench.sample("form")
    keypad.find("下一步") if bench.stage.shell.body.next.enabled else keypad.find("上一步")
    assert keypad.press("Right") == "没有更多内容"


def test_help_tells_the_page_the_keys_and_whom_to_call_then_where(bench: Bench, keypad: Keypad) -> None:
    view = bench.sample("form")
    keypad.press("Down", "Down")
    keypad.press("F1")
    assert keypad.last.startswith("这一页填写信息")
    assert view.help in keypad.last
    keypad.press("F1")
    assert keypad.last.startswith("这里是")
    assert "第 4 步，共 6 步" in keypad.last
    keypad.press("F1")
    assert keypad.last.startswith("这一页填写信息")


def test_what_is_pressed_says_how_it_stands_now(bench: Bench, keypad: Keypad) -> None:
    view = bench.sample("form")
    keypad.press("Down")
    keypad.find("到街道窗口领取")
    keypad.press("Return")
    typed = bench.mind.events[-1]
    assert isinstance(typed, Typed)
    assert isinstance(view.body, FormBody)
    fields = tuple(replace(one, value=typed.text) if one.id == typed.name else one for one in view.body.fields)
    bench.show(replace(view, body=replace(view.body, fields=fields)))
    assert keypad.last == "到街道窗口领取。已选中。"


def test_a_press_without_an_answer_is_answered(bench: Bench, keypad: Keypad) -> None:
    bench.sample("form-error")
    keypad.press("Down")
    keypad.find("下一步")
    keypad.reader._answer.setInterval(0)
    keypad.press("Return")
    until(lambda: "有一项需要再看一看" in keypad.last, "what still holds is said again")
    assert "联系电话：手机号码是 11 位" in keypad.last
    keypad.reader._answer.setInterval(1500)


def test_a_message_and_a_mistake_are_said_as_they_come_and_the_cursor_stays(bench: Bench, keypad: Keypad) -> None:
    bench.sample("form")
    keypad.press("Down")
    keypad.find("居住地址")
    bench.sample("form-error")
    assert keypad.last.startswith("有一项需要再看一看。联系电话：手机号码是 11 位")
    assert keypad.ears.sounds[-1] == "wrong"
    assert keypad.press("Left").startswith("有一项")
    assert "手机号码是 11 位" in keypad.find_up("联系电话。输入框。")


def test_the_network_is_told_and_steps_and_clock_are_not(bench: Bench, keypad: Keypad) -> None:
    view = bench.sample("item")
    keypad.press("Down")
    said = len(keypad.said)
    bench.show(replace(view, clock="23:59"))
    assert len(keypad.said) == said
    bench.show(replace(view, network="网络暂时断开，您照样可以办。"))
    assert keypad.last.startswith("网络暂时断开")


def test_steps_of_work_are_said_as_they_come_and_nothing_that_is_over(bench: Bench, keypad: Keypad) -> None:
    view = bench.sample("home")
    keypad.press("Down")
    for marks in (("step", "info"), ("ok", "step")):
        lines = tuple(Line(mark, text) for mark, text in zip(marks, ("正在保存", "打印凭条"), strict=True))
        bench.show(replace(view, page=Page.WORKING, body=WorkingBody("请稍等", lines)))
    assert keypad.said[-2:] == [
        "请稍等。正在保存。正在进行。打印凭条。按下键继续。",
        "正在保存。完成。打印凭条。正在进行。",
    ]


def test_the_countdown_is_said_once_and_any_key_stops_it(bench: Bench, keypad: Keypad) -> None:
    view = bench.sample("form", restless=True)
    keypad.press("Down")
    said = len(keypad.said)
    for left in (12, 11):
        bench.show(replace(view, countdown=Countdown(left, 15, f"您还在吗？{left} 秒后将结束")))
    assert keypad.said[said:] == ["您还在吗？12 秒后将结束。按任意键继续。"]
    assert keypad.ears.sounds[-1] == "hurry"
    bench.mind.events.clear()
    keypad.press("Return")
    assert bench.mind.events == [StillHere()]
    assert keypad.last == "好的，请继续"


def test_a_dialog_stands_before_everything_and_back_closes_it(bench: Bench, keypad: Keypad) -> None:
    bench.sample("form")
    keypad.begin()
    keypad.find("帮助")
    keypad.press("Return")
    bench.settle()
    panel = keypad.stops()
    assert "姓名" not in [one.name for one in panel]
    assert keypad.press("Down")
    keypad.press("Escape")
    bench.settle()
    assert "姓名" in [one.name for one in keypad.stops()]
    assert keypad.last.startswith("第 4 步")


def test_who_listens_to_a_long_text_is_there(bench: Bench, keypad: Keypad) -> None:
    bench.sample("consent", restless=True)
    keypad.press("Down")
    bench.stage.shell._since_touch.invalidate()
    bench.mind.events.clear()
    keypad.reader._listens()
    assert bench.mind.events == [StillHere()]
    keypad.reader._spoken.hush()
    bench.stage.shell._since_touch.invalidate()
    bench.mind.events.clear()
    keypad.reader._listens()
    assert bench.mind.events == []


# --------------------------------------------------------------------------------------------------- what is kept back


def test_a_field_says_only_that_it_is_filled_and_its_content_to_who_asks(bench: Bench, keypad: Keypad) -> None:
    view = bench.sample("form")
    assert isinstance(view.body, FormBody)
    keypad.press("Down")
    keypad.find("居住地址")
    address = next(one.value for one in view.body.fields if one.label == "居住地址")
    assert address not in keypad.last
    keypad.press("Right")
    assert keypad.ears.said[-1] == (f"{address}。取自您的证件，可以修改。", "zh", True)
    keypad.press("Right")
    assert keypad.last.startswith("，".join(address)[:3].replace("，", "， ")), "asked again, it is spelled"
    assert keypad.ears.said[-1][2]


def test_no_page_tells_unasked_what_was_filled_in(bench: Bench, keypad: Keypad) -> None:
    view = bench.sample("review")
    assert isinstance(view.body, ReviewBody)
    keypad.begin()
    told = "".join(keypad.press("Down") for _ in keypad.stops())
    for label, answer in view.body.lines:
        assert label in told
        assert answer not in told
    keypad.begin()
    keypad.find(view.body.lines[0][0])
    assert keypad.press("Right") == "1 3 8， 1 2 3 4， 5 6 7 8。"
    assert keypad.ears.said[-1][2]


# ------------------------------------------------------------------------------------------------------------ typing


KINDS = ("pinyin", "address", "english", "digits", "phone", "id", "date", "name")


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_of_every_keyboard_is_reached(bench: Bench, keypad: Keypad, kind: str) -> None:
    typing(bench, keypad, kind)
    keys = grid.keys(bench.window)
    assert len(keys) >= 12
    at = keypad.reader._typist.at
    assert at is not None
    ways(keys, at)


def typing(bench: Bench, keypad: Keypad, kind: str) -> QQuickItem:
    """A form of one field, in typing."""
    view = bench.sample("form")
    one = FieldView("contact.note", "说明", "text", keyboard=kind)
    bench.show(replace(view, body=FormBody("请写一写", (one,))))
    keypad.press("Down")
    keypad.find("说明")
    keypad.press("Return")
    bench.settle()
    assert keypad.last.startswith("输入说明。")
    return bench.fields()[0]


def test_digits_are_said_as_they_are_reached_and_put_in(bench: Bench, keypad: Keypad) -> None:
    field = typing(bench, keypad, "phone")
    said = len(keypad.ears.said)
    keypad.type("138")
    assert field.property("text") == "138"
    assert all(private for _, _, private in keypad.ears.said[said:]), "whoever hears the keys hears the number"
    keypad.press("F1")
    assert keypad.last.endswith("已经输入 3 位。")
    keypad.reach("删除")
    keypad.press("Return")
    assert (keypad.last, field.property("text")) == ("已删除", "13")
    keypad.press("Escape")
    assert keypad.last == "键盘已收起。说明。已填写。按右键听内容。"
    assert bench.window.activeFocusItem() != field


def test_pinyin_is_spelled_and_a_candidate_chosen(bench: Bench, keypad: Keypad) -> None:
    field = typing(bench, keypad, "pinyin")
    keypad.type("shanghai")
    assert "shang hai，最像的是上海，上键选字" in keypad.last
    assert keypad.ears.said[-1][2]
    keypad.reach("上海")
    keypad.press("Return")
    bench.settle()
    assert (keypad.last, field.property("text")) == ("上海", "上海")
    keypad.type("l")
    keypad.press("Escape")
    assert keypad.last == "拼音已取消"
    assert field.property("text") == "上海"
    keypad.press("Escape")
    assert keypad.last.startswith("键盘已收起")


def test_the_done_key_closes_the_keyboard(bench: Bench, keypad: Keypad) -> None:
    typing(bench, keypad, "digits")
    keypad.reach("完成")
    keypad.press("Return")
    bench.settle()
    assert keypad.last.startswith("键盘已收起。说明。还没有填")
    assert grid.keys(bench.window) == []


# -------------------------------------------------------------------------------------------------------- the mark


def test_the_mark_stands_around_the_stop_in_sight(bench: Bench, keypad: Keypad) -> None:
    bench.sample("form")
    keypad.press("Down")
    keypad.find("紧急联系人电话")
    bench.settle()
    stop = keypad.reader._cursor.at
    assert stop is not None
    frame = stop.item.parentItem()
    assert frame is not None
    place = bench.area(frame)
    assert keypad.reader.mark == place
    shelf = next(item for item in bench.items() if item.inherits("QQuickFlickable"))
    assert bench.area(shelf).contains(place)
    seen = [item for item in bench.items() if item.metaObject().className().startswith("ReadingMark")]
    assert [bench.area(item).contains(place) for item in seen] == [True]


def test_no_mark_without_the_keypad(bench: Bench, keypad: Keypad) -> None:
    bench.sample("form")
    bench.touch(bench.button("大字"))
    assert [item for item in bench.items() if item.metaObject().className().startswith("ReadingMark")] == []
    assert keypad.ears.sounds == ["key"], "a touch is answered by a sound and no word"
    assert keypad.ears.said == []
