"""The facades without QML: they tell only what changed, keep nothing, and rules are none of their business."""

from dataclasses import replace

from PySide6.QtCore import QModelIndex, Qt

from kiosk.journeys.events import Event, Pressed
from kiosk.view import (
    Choice,
    FieldView,
    FormBody,
    GoodbyeBody,
    HomeBody,
    IdentifyBody,
    ItemTile,
    Line,
    Page,
    View,
    WorkingBody,
)
from ui.app import FACADES
from ui.screens.doing import FormScreen, WorkingScreen
from ui.screens.entry import HomeScreen, IdentifyScreen
from ui.screens.facade import camel, row
from ui.screens.shell import Shell

WORDS = {"zh": {"screen.door": "柜门"}, "en": {"screen.door": "Door"}}


class Count:
    def __init__(self, *signals: object) -> None:
        self.seen = 0
        for signal in signals:
            signal.connect(self.up)  # type: ignore[attr-defined]

    def up(self) -> None:
        self.seen += 1


def ignore(event: Event) -> None:
    """Nobody listens."""


def test_names_are_written_as_qml_writes_them() -> None:
    assert camel("can_now") == "canNow"
    assert camel("title") == "title"
    tile = ItemTile("a", "A", "", "apply", True)
    assert row(tile)["canNow"] is True
    assert row((("a", "b"), ("c", "d"))) == [{"name": "a", "text": "b"}, {"name": "c", "text": "d"}]
    assert row(("a", "b", "c")) == ["a", "b", "c"]


def test_an_equal_body_tells_nothing() -> None:
    screen = WorkingScreen(ignore)
    screen.show(WorkingBody("印", (Line("ok", "一"),)))
    count = Count(screen.changed, screen.lines_changed)
    screen.show(WorkingBody("印", (Line("ok", "一"),)))
    assert count.seen == 0


def test_a_list_is_told_only_when_it_differs() -> None:
    screen = WorkingScreen(ignore)
    screen.show(WorkingBody("印", (Line("ok", "一"),)))
    lists, plain = Count(screen.lines_changed), Count(screen.changed)
    screen.show(WorkingBody("取", (Line("ok", "一"),)))
    assert (lists.seen, plain.seen) == (0, 1)
    screen.show(WorkingBody("取", (Line("ok", "一"), Line("step", "二"))))
    assert lists.seen == 1
    assert screen.property("lines")[1]["text"] == "二"


def test_a_facade_without_a_body_tells_zeros() -> None:
    for facade in FACADES.values():
        screen = facade(ignore)
        meta = screen.metaObject()
        for index in range(meta.propertyOffset(), meta.propertyCount()):
            value = screen.property(meta.property(index).name())
            assert not value or meta.property(index).name() == "fields", meta.property(index).name()


def fields(phone: str, error: str = "") -> tuple[FieldView, ...]:
    return FieldView("name", "姓名", "read_only", "陈"), FieldView("phone", "电话", "phone", phone, error=error)


def test_a_field_that_changed_is_not_made_anew() -> None:
    screen = FormScreen(ignore)
    screen.show(FormBody("填", fields("1")))
    model = screen.property("fields")
    resets = Count(model.modelReset)
    told: list[tuple[int, list[int]]] = []
    model.dataChanged.connect(lambda top, bottom, roles: told.append((top.row(), list(roles))))
    screen.show(FormBody("填", fields("1", "不够")))
    roles = {bytes(name.data()).decode(): role for role, name in model.roleNames().items()}
    assert told == [(1, [roles["error"]])]
    assert resets.seen == 0
    assert model.data(model.index(1), roles["error"]) == "不够"
    screen.show(FormBody("填", fields("1")[:1]))
    assert resets.seen == 1
    assert model.rowCount() == 1


def test_the_fields_model_answers_what_is_not_there_with_nothing() -> None:
    screen = FormScreen(ignore)
    screen.show(FormBody("填", fields("1")))
    model = screen.property("fields")
    assert model.data(QModelIndex(), Qt.ItemDataRole.UserRole) is None
    assert model.data(model.index(0), Qt.ItemDataRole.DisplayRole) is None
    assert model.rowCount(model.index(0)) == 0


def test_forgetting_leaves_nothing() -> None:
    screen = FormScreen(ignore)
    screen.show(FormBody("填", fields("13800138000")))
    screen.forget()
    assert screen.body is None
    assert screen.property("fields").rowCount() == 0


def test_a_pickup_code_that_the_mind_cleared_is_cleared() -> None:
    screen = IdentifyScreen(ignore)
    waiting = IdentifyBody("", ("pickup_code",), "waiting", None)
    screen.show(waiting)
    screen.typeCode("20")
    screen.show(replace(waiting, code_typed="20"))
    assert screen.property("typed") == "20"
    screen.show(replace(waiting, state="refused"))
    assert screen.property("typed") == ""


def shell(events: list[Event]) -> tuple[Shell, HomeScreen]:
    made = Shell(events.append, WORDS)
    home = HomeScreen(events.append)
    pages = {page.value: facade(events.append) for page, facade in FACADES.items()}
    made.manage({**pages, Page.HOME.value: home})
    return made, home


def test_the_shell_tells_a_page_only_when_it_is_another() -> None:
    made, _ = shell([])
    count = Count(made.page_changed)
    view = View(Page.HOME, HomeBody("?", (), ()), visit=1)
    made.take(view)
    made.take(replace(view, clock="23:05"))
    assert count.seen == 1
    made.take(replace(view, visit=2))
    assert count.seen == 2, "another visit stands on a fresh page"


def test_another_visit_forgets_before_anything_of_it_is_shown() -> None:
    made, home = shell([])
    made.take(View(Page.HOME, HomeBody("甲", (), ()), visit=1, back=Choice("back", "回")))
    seen: list[object] = []
    made.visit_changed.connect(lambda: seen.append((home.body, made.body)))
    made.take(View(Page.GOODBYE, GoodbyeBody("再见", ""), visit=2))
    assert seen == [(None, None)]


def test_the_words_follow_the_language() -> None:
    made, _ = shell([])
    made.take(View(Page.HOME, HomeBody("?", (), ())))
    assert made.property("words")["screen.door"] == "柜门"
    count = Count(made.language_changed)
    made.take(View(Page.HOME, HomeBody("?", (), ()), language="en"))
    assert made.property("words")["screen.door"] == "Door"
    assert count.seen == 1


def test_a_press_is_told_as_it_is() -> None:
    events: list[Event] = []
    made, home = shell(events)
    made.press("give_up")
    home.chooseItem("jinglaoka")
    assert events == [Pressed("give_up"), Pressed("item:jinglaoka")]
