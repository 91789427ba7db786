"""One central for all tests of a module, on SQLite and then on PostgreSQL: for tests that each bring their own people.

A test module that imports these names has them instead of the fresh ones of `conftest`. Time only goes forward.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from central import desk
from central.__main__ import CATALOGUE
from central.app import create_app
from central.rules.roles import Role
from central.wiring import Central
from tests.central.databases import BOTH, SQLITE, fresh, settings_on
from tests.central.people import Official, let_in
from tests.central.world import BASE, Clock, Terminal
from wire.ids import RegionId, SiteId, TerminalId

_NUMBERS = itertools.count(1)


@dataclass
class Shared:
    app: FastAPI
    clock: Clock


@pytest.fixture(scope="module", params=BOTH)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    folder = tmp_path_factory.mktemp("central")
    if request.param == SQLITE:
        yield from _one(folder, "")
    else:
        with fresh(request.getfixturevalue("cluster")) as url:
            yield from _one(folder, url)


def _one(folder: Path, url: str) -> Iterator[Shared]:
    clock = Clock()
    app = create_app(settings_on(url, folder, CATALOGUE), now=clock)
    yield Shared(app, clock)
    app.state.central.close()


@pytest.fixture
def clock(shared: Shared) -> Clock:
    return shared.clock


@pytest.fixture
def app(shared: Shared) -> FastAPI:
    return shared.app


@pytest.fixture
def central(shared: Shared) -> Central:
    opened: Central = shared.app.state.central
    return opened


@pytest.fixture
def client(shared: Shared) -> TestClient:
    """Without cookies of the test before."""
    return TestClient(shared.app, base_url=BASE)


@pytest.fixture
def wang(central: Central) -> Official:
    """A reviewer of one region, nobody else's."""
    return let_in(central, f"wang{next(_NUMBERS)}", Role.REVIEWER, regions=("sh-310101",))


@pytest.fixture
def new_terminal(client: TestClient, central: Central, clock: Clock) -> Callable[[], Terminal]:
    """Enrols a terminal of a name that is nobody else's."""

    def enrol() -> Terminal:
        made = Terminal(client, clock)
        name = TerminalId(f"NT-{next(_NUMBERS):04}")
        code = desk.enrolment_code(central, RegionId(made.region), SiteId(made.site), name)
        assert made.enrol(code).status_code == 200
        return made

    return enrol
