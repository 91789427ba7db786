"""A page that says no is drawn for whoever is signed in, and tells nothing of what it hides."""

import contextlib
import re
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import httpx2
import pytest
from fastapi import Request

from central.console import lists, machines, words
from central.console.frame import Frame
from central.console.route import refused
from central.routes.requests import NotAnswered
from central.store.database import Database, StoreUnavailable
from central.working import Working
from tests.central.people import begin
from tests.console.plain import Plain, words_of
from tests.console.world import ANSWERS, REGION, Desk, DeskTerminal, citizen


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/no/such/page", 404),
        ("GET", "/cases/none", 404),
        ("DELETE", "/queue", 405),
        ("GET", "/case/move", 405),
        ("GET", "/audit", 403),
        ("POST", "/case/take", 403),  # without the proof of our own page
    ],
)
def test_it_is_the_same_desk_with_a_way_on(
    desk: Desk, line: httpx2.Client, method: str, path: str, status: int
) -> None:
    page = Plain(desk, line, "chen.shenhe").ask(method, path)
    assert page.status_code == status
    for told in ("陈审核", "我的一天", "办件", "退出"):
        assert told in words_of(page)
    assert "工作人员登录" not in words_of(page)
    session = Plain(desk, line, "chen.shenhe")
    again = session.ask(method, path)
    assert f'name="csrf" value="{session.session.csrf}"' in again.text  # so that one can sign out from here


def test_what_is_too_large_is_refused_in_the_same_frame(desk: Desk, line: httpx2.Client) -> None:
    page = Plain(desk, line, "chen.shenhe", "en").post("/search", {"text": "x" * 1_100_000})
    assert page.status_code == 413
    assert "That was too large." in words_of(page)
    assert "陈审核" in words_of(page)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("login", ["", "chen.shenhe"])
def test_every_page_that_says_no_has_one_heading_what_to_do_and_a_way_on(desk: Desk, login: str, lang: str) -> None:
    told = {
        (400, "request.bad_length"): "GET",
        (403, "staff.no_right"): "GET",
        (404, "http.not_found"): "GET",
        (405, "http.wrong_method"): "POST",
        (409, "a.word.of.tomorrow"): "POST",
        (413, "request.too_large"): "POST",
        (422, "case.not_a_picture"): "GET",
        (500, "central.bug"): "GET",
        (503, "store"): "GET",
    }
    app = SimpleNamespace(state=SimpleNamespace(central=desk.central))
    frame = Frame(desk.central.settings, desk.central.working)
    cookies = [(b"cookie", f"lang={lang}".encode())]
    for (status, word), method in told.items():
        scope = {
            "type": "http",
            "method": method,
            "path": "/queue",
            "query_string": b"",
            "headers": cookies,
            "app": app,
        }
        request = Request(scope)
        if login:
            session = begin(desk.central, login)
            request.state.who = session.staff, session.csrf
        page = refused(frame, request, NotAnswered(status, word))
        text = bytes(page.body).decode()
        sorry = word if f"sorry.{word}" in words.WORDS else "other"
        assert page.status_code == status
        (heading,) = re.findall("<h1>(.*?)</h1>", text)
        assert heading.endswith(words.say(f"sorry.{sorry}", lang))
        assert words.say(f"sorry.{sorry}.do", lang) in text
        assert f'href="{"/" if login else "/login"}"' in text.split("</h1>")[1]  # besides the navigation
        assert (words.say("again", lang) in text) is (status >= 500)


def test_a_list_that_does_not_hold_all_says_so(
    desk: Desk,
    line: httpx2.Client,
    terminal: DeskTerminal,
    number: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stem = f"ZZ-{number[1:5]}"
    for end in ("1", "2"):
        terminal.apply(desk.item("jinglaoka"), f"{stem}-{end}", citizen(), ANSWERS)
    terminal.send(terminal.letter(terminal.incident()), terminal.letter(terminal.incident()))
    terminal.send(terminal.letter(terminal.collected("T-nobody-1", 3)))
    li, zhao = Plain(desk, line, "li.shouli"), Plain(desk, line, "zhao.yunwei")
    chen = Plain(desk, line, "chen.shenhe")
    for case in (f"{stem}-1", f"{stem}-2"):
        row = desk.row(case)
        li.post("/case/take", {"region": REGION, "case": case, "revision": str(row.revision)})

    def asked() -> list[bool]:
        person = {"number": citizen().number, "why": "电话询问进度"}
        return [
            "只列出前 1 件，处理完" in words_of(li.get("/")),
            "只列出前 1 件。请把编号写长" in words_of(li.post("/search", {"text": stem})),
            "只列出最近的 1 件" in words_of(chen.post("/search/person", person)),
            "只看了最近的 1 封" in words_of(zhao.get("/letters")),
            "只列出最近的 1 条" in words_of(zhao.get(f"/terminals/{terminal.terminal}")),
        ]

    assert asked() == [False] * 5
    for module, names in ((lists, ("LISTED", "PAGE", "OF_A_PERSON")), (machines, ("LETTERS", "PAGE"))):
        for name in names:
            monkeypatch.setattr(module, name, 1)
    assert asked() == [True] * 5


def test_nobody_gets_the_frame_for_nobody(line: httpx2.Client) -> None:
    page = line.get("/no/such/page?lang=zh", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "工作人员登录" in words_of(page)
    assert "退出" not in words_of(page)


def test_of_another_region_is_told_as_of_what_is_not_there(
    desk: Desk, line: httpx2.Client, terminal: DeskTerminal, number: str
) -> None:
    terminal.apply(desk.item("jinglaoka"), number, citizen(), ANSWERS)
    xu = Plain(desk, line, "xu.quyu")
    there, nowhere = (
        xu.get(f"/case/image?region={REGION}&case={case}&part=0&page=0") for case in (number, "T0000-none")
    )
    assert (there.status_code, there.text.replace(number, "")) == (
        nowhere.status_code,
        nowhere.text.replace("T0000-none", ""),
    )


def away_after(monkeypatch: pytest.MonkeyPatch, answers: int) -> None:
    """The database answers so many questions of requests, and then no more; central's own threads ask as ever."""
    real = Database.reading

    @contextlib.contextmanager
    def reading(database: Database) -> Iterator[object]:
        nonlocal answers
        if not threading.current_thread().name.startswith("central "):
            answers -= 1
            if answers < 0:
                raise StoreUnavailable("away")
        with real(database) as connection:
            yield connection

    monkeypatch.setattr(Working, "follow", lambda _: None)  # it asks every two seconds, and an answer would be gone
    monkeypatch.setattr(Database, "reading", reading)


def test_a_store_that_went_away_after_it_knew_who_asks(
    desk: Desk, line: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    chen = Plain(desk, line, "chen.shenhe")
    away_after(monkeypatch, 1)
    page = chen.get("/queue?state=all")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
    for told in ("中心现在打不开数据", "陈审核", "再试一次"):
        assert told in words_of(page)
    assert 'href="/queue?state=all"' in page.text


def test_a_store_that_is_away_asks_nobody_to_sign_in_again(
    desk: Desk, line: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    chen = Plain(desk, line, "chen.shenhe")
    away_after(monkeypatch, 0)
    page = chen.get("/queue")
    assert page.status_code == 503
    assert "工作人员登录" not in words_of(page)
    assert "再试一次" in words_of(page)


def test_a_case_is_found_however_its_number_is_typed(
    desk: Desk, line: httpx2.Client, terminal: DeskTerminal, number: str
) -> None:
    stem = f"JL-NT01-{number[1:5]}"
    for end in ("0001-K", "0002-M"):
        terminal.apply(desk.item("jinglaoka"), f"{stem}-{end}", citizen(), ANSWERS)
    li = Plain(desk, line, "li.shouli")
    for typed in (
        f"{stem}-0001-K",
        f"{stem}-0001-k".lower(),
        f" {stem} 0001 k ".replace("-", " "),
        f"{stem}－0001—k",
        f"{stem} 0001",
    ):
        page = li.post("/search", {"text": typed})
        assert page.status_code == 303, typed
        assert f"/cases/{stem}-0001-K?" in page.headers["location"]
    both = words_of(li.post("/search", {"text": stem.lower()}))
    assert (f"{stem}-0001-K" in both, f"{stem}-0002-M" in both) == (True, True)
    for typed in ("JL", "JL%_", f"{stem}-0001-KK", "----"):
        page = li.post("/search", {"text": typed})
        assert (page.status_code, "没有找到" in words_of(page)) == (200, True)
    assert "没有找到" in words_of(Plain(desk, line, "xu.quyu").post("/search", {"text": f"{stem} 0001"}))
