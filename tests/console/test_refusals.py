"""A page that says no is drawn for whoever is signed in, and tells nothing of what it hides."""

import contextlib
from collections.abc import Iterator

import httpx2
import pytest

from central.store.database import Database, StoreUnavailable
from central.working import Working
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
    """The database answers so many questions, and then no more."""
    real = Database.reading

    @contextlib.contextmanager
    def reading(database: Database) -> Iterator[object]:
        nonlocal answers
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
