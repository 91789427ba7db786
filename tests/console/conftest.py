"""One browser and one central for all tests of the desk; every test has cases of its own."""

import itertools
from collections.abc import Callable, Iterator

import httpx2
import pytest
from playwright.sync_api import Browser

from central.rules.roles import Role
from tests.central.waiting import PATIENCE_S
from tests.central.world import Clock
from tests.console.browser import Face, browser_here
from tests.console.world import REGION, Desk, DeskTerminal, served

PEOPLE = {
    "li.shouli": ("李收件", Role.INTAKE),
    "chen.shenhe": ("陈审核", Role.REVIEWER),
    "zhao.yunwei": ("赵运维", Role.TECHNICIAN),
    "qian.shenji": ("钱审计", Role.AUDITOR),
    "sun.guanli": ("孙管理", Role.ADMIN),
    "zhou.bangban": ("周帮办", Role.AGENT),
    "wu.shixiang": ("吴事项", Role.CATALOGUE),
}

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser_here(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("central") / "c", Clock()) as desk:
        for login, (name, role) in PEOPLE.items():
            desk.official(login, name, role)
        desk.official("xu.quyu", "徐区域", Role.REVIEWER, regions=["sh-310104"])
        yield desk


@pytest.fixture(scope="session")
def line(desk: Desk) -> Iterator[httpx2.Client]:
    """The terminals' line to central."""
    with httpx2.Client(base_url=desk.url, timeout=PATIENCE_S) as client:
        yield client


@pytest.fixture(scope="session")
def terminal(desk: Desk, line: httpx2.Client) -> DeskTerminal:
    return desk.terminal(line, "NT-0001")


@pytest.fixture(scope="session")
def other_terminal(desk: Desk, line: httpx2.Client) -> DeskTerminal:
    """Of the same district, elsewhere."""
    return desk.terminal(line, "NT-0002", "徐家汇", REGION)


@pytest.fixture
def number() -> str:
    """A case number that no other test has."""
    return f"T{next(_NUMBERS):04d}-20261122"


@pytest.fixture
def come(browser: Browser, desk: Desk) -> Iterator[Callable[..., Face]]:
    """Somebody sits down before a screen of his own and is signed in; "" does not."""
    contexts = []

    def face(login: str = "", lang: str = "zh", **options: object) -> Face:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        made = Face(context.new_page(), desk)
        made.language(lang)
        if login:
            made.let_in(login)
        return made

    yield face
    for context in contexts:
        context.close()
