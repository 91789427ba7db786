"""A whole application by keypad and speech alone: real program, real bytes, a real central, and nobody who looks."""

from collections.abc import Callable, Iterator

import pytest

from demo.found import cases_at
from demo.world import World
from hardware.twins.made_up_people import ELDER, numbered
from tests.contracts.until import until
from tests.ui_reading.blind import Heard, Listener, Utterance

pytestmark = [
    pytest.mark.threads_stay("the twins go on serving the terminal of the whole module"),
    pytest.mark.timeout(180),
]
PHONE = "13812345678"
NAME, NUMBER, ADDRESS = "测试长者", numbered("31019919550412003"), "样例路5号101室"
TOLD_S = 40.0
MOST_PAGES = 30
CUE = ("按下键开始。", "按下键继续。")
"""How the telling of a page ends."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("world"), page_s=0.3, slip_baud=921600)
    made.enrol()
    yield made
    made.close()


@pytest.fixture(scope="module")
def person(world: World) -> Iterator[Listener]:
    terminal = Heard(world)
    try:
        terminal.start()
        yield Listener(terminal)
    finally:
        terminal.close()


class Visit:
    """What the person does when a page is told, found by words in the telling; the first that fits is done."""

    def __init__(self, world: World, person: Listener) -> None:
        self.world = world
        self.person = person
        self.number = ""
        self.done: list[str] = []
        self.rules: list[tuple[str, Callable[[], None]]] = [
            ("您今天想办什么", lambda: person.choose("敬老卡申领")),
            ("给谁办", lambda: person.choose("我自己")),
            ("第一次领", lambda: person.choose("第一次领")),
            ("请收好身份证", world.reader.lift),
            ("把身份证平放在", lambda: world.reader.lay(ELDER.card)),
            ("交给下面的部门，可以吗", lambda: person.choose("我同意")),
            ("怎么联系您", self.fill_in),
            ("请核对，提交的就是这一页", self.check),
            ("请取走凭条", world.slip.take_slip),
            ("受理编号", self.keep_the_number),
            ("办得怎么样", lambda: person.choose("结束离开")),
            ("敬老卡申领", lambda: person.choose("开始办理")),
        ]

    def walk(self) -> None:
        """From the doorway to the goodbye."""
        person = self.person
        person.press("Down")  # the first key begins it
        person.listen("语音引导已打开", since=0)
        at = len(person.said)
        person.press("Return")
        for _ in range(MOST_PAGES):
            person.listen(*CUE, "请慢走", since=at)
            told = next(one for one in person.said[at:] if one.text.endswith(CUE) or "请慢走" in one.text)
            at = person.said.index(told) + 1
            if "请慢走" in told.text:
                return
            for words, act in self.rules:
                if words in told.text:
                    self.done.append(words)
                    act()
                    break
        raise AssertionError("no goodbye was said")

    def fill_in(self) -> None:
        person = self.person
        person.choose("联系手机。输入框。还没有填")
        person.dial(PHONE)
        person.terminal.wait("form", text=PHONE)  # what is told of a field is what has come to the mind of it
        assert person.press("Escape") == "键盘已收起。联系手机。已填写。按右键听内容。"
        assert person.press("Right") == "1 3 8， 1 2 3 4， 5 6 7 8。"
        person.find("现在住的地址。输入框。已填写")
        assert ADDRESS in person.press("Right")
        person.find("怎么领卡。到取件柜自取。选项。未选中")
        chosen = len(person.said)
        person.press("Return")
        person.listen("到取件柜自取。已选中", since=chosen)
        person.choose("下一步")

    def check(self) -> None:
        person = self.person
        person.find("联系手机。按右键听内容")
        assert person.press("Right") == "1 3 8， 1 2 3 4， 5 6 7 8。"
        person.find("怎么领卡。按右键听内容")
        assert person.press("Right") == "到取件柜自取。"
        person.choose("确认提交")

    def keep_the_number(self) -> None:
        self.person.find("受理编号。按右键听内容")
        self.number = "".join(sign for sign in self.person.press("Right") if sign.isalnum())
        self.person.choose("结束离开")


@pytest.fixture(scope="module")
def visit(world: World, person: Listener) -> Visit:
    made = Visit(world, person)
    made.walk()
    return made


def test_an_application_is_made_by_keypad_and_speech_alone(world: World, visit: Visit) -> None:
    until(lambda: cases_at(world.central), TOLD_S)
    (row,) = cases_at(world.central)
    assert row.person.name == NAME
    assert row.answers["contact.phone"] == PHONE
    assert ADDRESS in row.answers["residence.address"]
    assert row.answers["delivery.way"] == "cabinet"
    assert row.flags == ()
    assert visit.number == row.case.replace("-", "")


def test_pages_were_told_in_the_order_of_the_matter(visit: Visit) -> None:
    told = [one for one in visit.done if one not in ("办得怎么样",)]
    assert told == [
        "您今天想办什么", "敬老卡申领", "给谁办", "第一次领", "把身份证平放在", "请收好身份证",
        "交给下面的部门，可以吗", "怎么联系您", "请核对，提交的就是这一页", "请取走凭条", "受理编号",
    ]  # fmt: skip


def personal(one: Utterance) -> bool:
    """Whether anything of the person is in it, however it is said."""
    plain = "".join(sign for sign in one.text if sign.isalnum())
    return any(secret in plain for secret in (PHONE, NAME, NUMBER, ADDRESS))


def test_what_is_personal_was_said_to_who_asked_and_into_the_headset(visit: Visit) -> None:
    said = visit.person.said
    assert [one for one in said if personal(one) and not one.private] == []
    assert [one for one in said if personal(one) and one.key != "Right"] == []
    assert len([one for one in said if personal(one)]) == 3  # the phone twice, the address once
    typed = [one.text for one in said if one.private and one.key != "Right"]
    assert typed, "keys were said while typing"
    assert all(len(text) == 1 for text in typed), "a key at a time and nothing more"


def test_sounds_came_with_what_was_said(visit: Visit) -> None:
    heard = visit.person.sounds
    keys = heard.count("key")
    assert keys >= len({id(one) for one in visit.person.said if one.key}) / 2
    assert [sound for sound in heard if sound != "key"] == ["done", "done"]  # the slip, the result


def test_the_next_person_begins_in_silence(world: World, visit: Visit) -> None:
    person = visit.person
    person.terminal.wait("attract")
    person.listen()
    before = len(person.said)
    heard = person.press("Left")
    assert "语音引导已打开" in heard, "the first key of a visit greets, and says nothing of the visit before"
    assert not any(personal(one) for one in person.said[before:])
