"""One central in a temporary folder, and terminals that are enrolled there; each test on SQLite and on PostgreSQL."""

import functools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from catalogue import loader
from central import desk, working
from central.__main__ import CATALOGUE
from central.app import create_app
from central.settings import CentralSettings
from central.wiring import Central
from tests.central.databases import cluster as cluster
from tests.central.databases import database_url as database_url
from tests.central.databases import postgresql_url as postgresql_url
from tests.central.databases import settings_on
from tests.central.world import BASE, Clock, Terminal
from wire.ids import RegionId, SiteId, TerminalId


@pytest.fixture(scope="package", autouse=True)
def no_power_cuts() -> Iterator[None]:
    """Nothing in this process waits for the disk. What is killed and what must survive runs in processes of its own."""

    def hurried(_c: Any, _cursor: Any, statement: str, told: Any, _context: Any, _many: bool) -> tuple[str, Any]:
        return statement.replace("PRAGMA synchronous=FULL", "PRAGMA synchronous=OFF"), told

    sa.event.listen(sa.Engine, "before_cursor_execute", hurried, retval=True)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", lambda _handle: None)
        yield
    sa.event.remove(sa.Engine, "before_cursor_execute", hurried)


@pytest.fixture(scope="package", autouse=True)
def catalogue_read_once() -> Iterator[None]:
    """The repository's own catalogue, which no test changes; any other folder is read each time."""
    once = functools.cache(loader.load_lenient)

    def read(folder: Path) -> Any:
        return once(folder) if folder == CATALOGUE else loader.load_lenient(folder)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(working, "load_lenient", read)
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def central_settings(tmp_path: Path, database_url: str) -> CentralSettings:
    """Of the test's central, on one database and then on the other."""
    return settings_on(database_url, tmp_path / "central", CATALOGUE)


@pytest.fixture
def app(central_settings: CentralSettings, clock: Clock) -> Iterator[FastAPI]:
    app = create_app(central_settings, now=clock)
    yield app
    app.state.central.close()


@pytest.fixture
def central(app: FastAPI) -> Central:
    opened: Central = app.state.central
    return opened


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE) as client:
        yield client


@pytest.fixture
def enrolled(client: TestClient, central: Central, clock: Clock) -> Callable[..., Terminal]:
    """Enrols a terminal of this name, in a region that may be named."""

    def enrol(name: str = "NT-0001", region: str = Terminal.region) -> Terminal:
        made = Terminal(client, clock, region=region)
        code = desk.enrolment_code(central, RegionId(made.region), SiteId(made.site), TerminalId(name))
        assert made.enrol(code).status_code == 200
        return made

    return enrol


@pytest.fixture
def terminal(enrolled: Callable[..., Terminal]) -> Terminal:
    return enrolled("NT-0001")
