"""A finger on the real pages: what is asked of the mind, what stays on the screen, what is dropped with the visit.

Past 400 lines because one screen serves all tests of it in a process, and what a finger does is one thing.
"""

from dataclasses import replace

import pytest
from PySide6.QtCore import QElapsedTimer, QPoint, QPointF, QRectF
from PySide6.QtQuick import QQuickItem

from kiosk.journeys.events import LanguageChosen, ModeChosen, Pressed, StillHere, Typed
from kiosk.modes import Mode, Modes
from kiosk.view import Choice, FormBody, IdentifyBody, Page, SearchBody
from tests.ui.samples import views
from tests.ui.stage import Bench, until
from ui.screens.shell import SAME_PRESS_MS


def asked(bench: Bench) -> list[str]:
    return [event.ask for event in bench.mind.events if isinstance(event, Pressed)]


def typed(bench: Bench) -> list[tuple[str, str]]:
    return [(event.name, event.text) for event in bench.mind.events if isinstance(event, Typed)]


def test_the_whole_attract_page_starts(bench: Bench) -> None:
    for point in (QPoint(60, 1880), QPoint(540, 1000), QPoint(1040, 300)):
        bench.sample("attract", clock=str(point.x()))
        bench.touch_at(point)
        assert asked(bench) == ["start"]
        bench.mind.events.clear()


def test_language_and_large_type_are_asked_for_on_every_page(bench: Bench) -> None:
    for name, view in views("zh").items():
        if view.countdown is not None:
            continue
        bench.sample(name)
        bench.touch(bench.button("English"))
        bench.touch(bench.button("大字"))
        wanted = [event for event in bench.mind.events if not isinstance(event, StillHere)]
        assert wanted == [LanguageChosen("en"), ModeChosen(Mode.ELDER, True)], name


def test_back_to_normal_type_and_to_chinese(bench: Bench) -> None:
    bench.sample("home", "en", elder=True)
    bench.touch(bench.button("中文"))
    bench.touch(bench.button("Normal"))
    assert bench.mind.events == [LanguageChosen("zh"), ModeChosen(Mode.ELDER, False)]


def test_what_stands_on_the_home_page_is_asked_for(bench: Bench) -> None:
    bench.sample("home-plan")
    for label, ask in (
        ("咨询", "block:consult"),
        ("取件", "block:collect"),
        ("敬老卡申领", "item:jinglaoka"),
        ("按人生事找", "tree"),
        ("搜一搜", "search"),
    ):
        bench.touch(bench.button(label))
        assert asked(bench)[-1] == ask


def test_an_event_and_an_answer_are_asked_for(bench: Bench) -> None:
    bench.sample("tree")
    bench.touch(bench.button("婚姻"))
    assert asked(bench) == ["event:marriage"]
    bench.sample("guide")
    bench.touch(bench.button("我自己"))
    assert asked(bench) == ["answer:self"]


def test_what_is_searched_is_told_letter_by_letter_and_an_echo_takes_nothing_back(bench: Bench) -> None:
    view = bench.sample("search", "en")
    assert isinstance(view.body, SearchBody)
    for key in "card":
        bench.touch(bench.button(key))
    assert [event.text for event in bench.mind.events if isinstance(event, Typed)] == ["c", "ca", "car", "card"]
    bench.show(replace(view, body=replace(view.body, query="ca")))
    assert bench.fields()[0].property("text") == "card"
    bench.show(replace(view, visit=view.visit + 1))
    assert bench.fields()[0].property("text") == ""


def test_the_foot_asks_what_the_view_says(bench: Bench) -> None:
    bench.sample("item")
    for label, ask in (("上一步", "back"), ("结束离开", "leave"), ("开始办理", "identify")):
        bench.touch(bench.button(label))
        assert asked(bench)[-1] == ask


def test_what_cannot_be_pressed_shows_why_in_its_place(bench: Bench) -> None:
    bench.sample("item-not-now")
    assert "开始办理" not in [button.property("text") for button in bench.buttons()]
    assert "取件柜正在检修，现在不能办" in bench.texts()
    bench.touch_at(QPoint(900, 1850))
    assert asked(bench) == []


def test_further_choices_are_asked_for(bench: Bench) -> None:
    bench.sample("trouble")
    bench.touch(bench.button("再试一次"))
    assert asked(bench) == ["again"]
    assert any("工作人员约 30 分钟后到" in text for text in bench.texts())


class Stopwatch(QElapsedTimer):
    """Its time is told by hand: two touches of a test may lie a second apart."""

    ms = 0

    def elapsed(self) -> int:
        return self.ms


def test_a_trembling_finger_presses_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    since = Stopwatch()
    monkeypatch.setattr(bench.stage.shell, "_since_press", since)
    bench.sample("item")
    bench.touch(bench.button("开始办理"))
    since.ms = SAME_PRESS_MS - 1
    bench.touch(bench.button("开始办理"))
    assert asked(bench) == ["identify"]
    since.ms = SAME_PRESS_MS
    bench.touch(bench.button("开始办理"))
    assert asked(bench) == ["identify", "identify"]


def test_the_countdown_is_answered_by_any_touch_and_offers_to_leave(bench: Bench) -> None:
    bench.sample("countdown")
    bench.touch_at(QPoint(540, 200))
    assert StillHere() in bench.mind.events
    bench.mind.events.clear()
    bench.touch(bench.button("我还在，继续办"))
    assert StillHere() in bench.mind.events
    assert asked(bench) == []
    bench.touch(bench.button("结束并清除我的信息"))
    assert asked(bench) == ["erase"]


def test_under_the_countdown_nothing_else_can_be_pressed(bench: Bench) -> None:
    bench.sample("countdown")
    foot = next(item for item in bench.items() if item.objectName() == "foot")
    bench.touch_at(bench.area(foot).center().toPoint() + QPoint(300, 0))
    assert asked(bench) == []


def test_touches_are_reported_while_the_page_is_a_persons(bench: Bench) -> None:
    bench.sample("consent")
    bench.touch_at(QPoint(540, 1500))
    assert bench.mind.events == [StillHere()]
    bench.sample("list-none", restless=False)
    bench.touch_at(QPoint(540, 1500))
    assert bench.mind.events == []


@pytest.mark.parametrize(("size", "beside"), [((1200, 1920), QPoint(20, 900)), ((1080, 2100), QPoint(540, 2080))])
def test_a_touch_beside_the_page_is_reported_too(bench: Bench, size: tuple[int, int], beside: QPoint) -> None:
    """Glass that is wider or taller than the page has a frame; who touches it is there."""
    bench.sample("countdown")
    bench.window.resize(*size)
    bench.settle()
    bench.touch_at(beside)
    assert bench.mind.events == [StillHere()]


def test_a_phone_number_is_typed_by_touch(bench: Bench) -> None:
    bench.sample("form")
    bench.touch(bench.fields()[0])
    bench.type("138")
    bench.touch(bench.button("删除"))
    assert typed(bench) == [("phone", "1"), ("phone", "13"), ("phone", "138"), ("phone", "13")]


def test_a_chinese_address_is_typed_by_touch(bench: Bench) -> None:
    view = views("zh")["form"]
    assert isinstance(view.body, FormBody)
    fields = tuple(
        replace(one, value="", keyboard="address") if one.id == "address" else one for one in view.body.fields
    )
    bench.sample("form", body=replace(view.body, fields=fields))
    bench.touch(bench.fields()[1])
    bench.type("shanghaishiyangpuquchangyanglu")
    bench.touch(bench.button("上海市杨浦区长阳路"))
    bench.type("1687")
    bench.touch(bench.button("号"))
    assert typed(bench)[-1] == ("address", "上海市杨浦区长阳路1687号")


def test_next_first_puts_what_waits_into_the_field_and_goes_on_at_the_second_touch(bench: Bench) -> None:
    view = views("zh")["form"]
    assert isinstance(view.body, FormBody)
    fields = tuple(
        replace(one, value="", keyboard="address") if one.id == "address" else one for one in view.body.fields
    )
    bench.sample("form", body=replace(view.body, fields=fields), next=Choice("next", "下一步"))
    bench.touch(bench.fields()[1])
    bench.type("changyanglu")
    bench.touch(bench.button("下一步"))
    said = [event for event in bench.mind.events if isinstance(event, Pressed | Typed)]
    assert said == [Typed("address", "长阳路")]  # the person sees what was put in
    bench.touch(bench.button("下一步"))
    said = [event for event in bench.mind.events if isinstance(event, Pressed | Typed)]
    assert said == [Typed("address", "长阳路"), Pressed("next")]


def test_the_composition_is_dropped_with_the_visit(bench: Bench) -> None:
    view = views("zh")["form"]
    assert isinstance(view.body, FormBody)
    fields = tuple(
        replace(one, value="", keyboard="address") if one.id == "address" else one for one in view.body.fields
    )
    bench.sample("form", body=replace(view.body, fields=fields))
    bench.touch(bench.fields()[1])
    bench.type("lixiaoming")
    bench.fresh()
    bench.sample("attract")
    assert bench.stage.keyboard.property("letters") == ""
    assert not [text for text in every_text(bench) if "李" in text or "ming" in text]


def test_no_more_is_typed_than_fits(bench: Bench) -> None:
    bench.sample("form")
    bench.touch(bench.fields()[0])
    bench.type("1380013800099")
    assert typed(bench)[-1] == ("phone", "13800138000")


def test_a_rare_character_is_deleted_whole(bench: Bench) -> None:
    view = views("zh")["form"]
    assert isinstance(view.body, FormBody)
    fields = tuple(replace(one, value="陈𬱖") if one.id == "address" else one for one in view.body.fields)
    bench.sample("form", body=replace(view.body, fields=fields))
    bench.touch(bench.fields()[1])
    bench.touch(bench.button("删除"))
    assert typed(bench) == [("address", "陈")]


def test_the_field_in_typing_stays_in_sight_above_the_keyboard(bench: Bench) -> None:
    bench.sample("form", elder=True)
    for number in range(len(bench.fields())):
        field = bench.fields()[number]
        field.forceActiveFocus()
        bench.settle()
        keys = bench.area(bench.button("完成")).united(bench.area(bench.button("1")))
        seen: QRectF = bench.area(field)
        assert bench.button("完成").isVisible()
        assert seen.bottom() < keys.top(), f"field {number} is under the keyboard"
        head = next(item for item in bench.items() if item.objectName() == "head")
        assert seen.top() > bench.area(head).bottom(), f"field {number} is under the head"
        foot = next(item for item in bench.items() if item.objectName() == "foot")
        assert keys.bottom() <= bench.area(foot).top() + 1, "the foot is under the keyboard"


def test_done_lowers_the_keyboard(bench: Bench) -> None:
    bench.sample("form")
    bench.touch(bench.fields()[0])
    bench.touch(bench.button("完成"))
    assert "完成" not in [button.property("text") for button in bench.buttons()]


def test_an_echo_leaves_text_and_caret_alone(bench: Bench) -> None:
    view = bench.sample("form")
    bench.touch(bench.fields()[0])
    bench.type("138")
    assert isinstance(view.body, FormBody)
    echo = tuple(replace(one, value="1", error="") if one.id == "phone" else one for one in view.body.fields)
    bench.show(replace(view, body=replace(view.body, fields=echo)))
    field = bench.fields()[0]
    assert field.property("text") == "138"
    assert field.property("activeFocus")
    assert typed(bench)[-1] == ("phone", "138")


def test_a_new_epoch_takes_the_minds_values_over(bench: Bench) -> None:
    view = bench.sample("form")
    bench.touch(bench.fields()[0])
    bench.type("138")
    assert isinstance(view.body, FormBody)
    own = tuple(replace(one, value="13900000000") if one.id == "phone" else one for one in view.body.fields)
    bench.show(replace(view, body=replace(view.body, fields=own, epoch=1)))
    assert bench.fields()[0].property("text") == "13900000000"
    assert typed(bench)[-1] == ("phone", "138")


def test_a_choice_of_a_form_is_told(bench: Bench) -> None:
    bench.sample("form")
    bench.touch(bench.button("到街道窗口领取"))
    assert typed(bench) == [("way", "fetch")]


def test_a_field_that_is_fixed_raises_no_keyboard(bench: Bench) -> None:
    bench.sample("form")
    fixed = next(item for item in bench.items() if item.property("text") == "陈𬱖䶮")
    bench.touch(fixed)
    assert "完成" not in [button.property("text") for button in bench.buttons()]


def test_the_pickup_code_is_typed_and_an_old_echo_does_not_eat_digits(bench: Bench) -> None:
    view = bench.sample("identify-pickup")
    bench.touch(bench.fields()[0])
    bench.type("203")
    assert typed(bench) == [("pickup_code", "2"), ("pickup_code", "20"), ("pickup_code", "203")]
    assert isinstance(view.body, IdentifyBody)
    bench.show(replace(view, body=replace(view.body, code_typed="2")))
    assert bench.fields()[0].property("text") == "203"
    bench.show(replace(view, body=replace(view.body, code_typed="203")))
    assert bench.fields()[0].property("text") == "203"
    bench.show(replace(view, body=replace(view.body, code_typed="")))
    assert bench.fields()[0].property("text") == ""
    assert len(typed(bench)) == 3


def test_the_button_under_the_pickup_code_stays_above_the_keyboard(bench: Bench) -> None:
    bench.sample("identify-pickup", next=None, choices=(Choice("pickup", "下一步"),), elder=True)
    bench.fields()[0].forceActiveFocus()
    bench.settle()
    assert bench.area(bench.button("下一步")).bottom() < bench.area(bench.button("1")).top()


def test_a_page_is_turned_and_looked_at_closely(bench: Bench) -> None:
    bench.sample("review")
    assert bench.mind.asked_papers[-1] == "page-1"
    bench.touch(bench.button("下一页"))
    bench.settle()
    assert bench.mind.asked_papers[-1] == "page-2"
    before = max(bench.area(item).width() for item in papers(bench))
    bench.touch(bench.button("放大看"))
    bench.settle()
    assert max(bench.area(item).width() for item in papers(bench)) > before * 1.3
    bench.touch(bench.button("看整页"))
    assert asked(bench) == []


def papers(bench: Bench) -> list[QQuickItem]:
    return [item for item in bench.items() if "image://papers/" in str(item.property("source"))]


def test_with_the_visit_everything_of_the_person_is_dropped(bench: Bench) -> None:
    bench.sample("form")
    bench.touch(bench.fields()[0])
    bench.type("138")
    bench.fresh()
    bench.sample("attract")
    bench.settle()
    form = bench.stage.pages[Page.FORM]
    assert form.body is None
    assert bench.stage.shell.property("person") == {}
    until(lambda: len(pages_alive(bench)) == 1, "the page of the last person is gone")
    for text in every_text(bench):
        assert "陈" not in text
        assert "138" not in text
        assert "漕宝路" not in text


def test_help_that_stands_open_goes_with_its_visit(bench: Bench) -> None:
    bench.sample("home")
    bench.touch(bench.button("帮助"))
    title = bench.words.say("screen.help_title", "zh")
    assert title in bench.texts()
    bench.fresh()
    bench.sample("attract")
    assert title not in bench.texts()


def pages_alive(bench: Bench) -> list[QQuickItem]:
    return bench.navigator().childItems()


def every_text(bench: Bench) -> list[str]:
    """Also of what is hidden."""
    found: list[str] = []
    waiting = [bench.window.contentItem()]
    while waiting:
        item = waiting.pop()
        waiting += item.childItems()
        if item.inherits("QQuickText") or item.inherits("QQuickTextInput"):
            found.append(str(item.property("text")))
    return found


def test_views_that_come_faster_than_the_screen_end_on_the_last(bench: Bench) -> None:
    start = views("zh")["working"]
    last = replace(start, visit=bench.visits, clock="23:59")
    for minute in range(59):
        bench.mind.show(replace(start, visit=bench.visits, clock=f"23:{minute:02}"))
    bench.show(last)
    assert "23:59" in bench.texts()


@pytest.mark.parametrize("elder", [False, True])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_field_in_typing_stands_whole_above_the_keyboard(bench: Bench, language: str, *, elder: bool) -> None:
    """With the network's line, a mistake above and large type: the box with the letters is never cut off."""
    view = views(language)["form-error"]
    bench.show(
        replace(
            view,
            modes=Modes(elder=elder),
            network="网络暂时不通。可以先办的照常办，材料会稳妥存在本机，通了就送出。",
            visit=77,
        )
    )
    navigator = bench.window.findChild(QQuickItem, "navigator")
    assert navigator is not None
    for field in bench.fields():
        field.forceActiveFocus()

        def whole(field: QQuickItem = field) -> bool:
            top = field.mapToItem(navigator, QPointF(0, 0)).y()
            return top >= 0 and top + field.height() <= navigator.height()

        until(whole, f"{field.property('text')!r} in sight")
