"""One central for all tests of a module, on SQLite and then on PostgreSQL, emptied after each test.

A test module that imports these names has them instead of the fresh ones of `conftest`: making tables takes longer than
most tests.
"""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from central.__main__ import CATALOGUE
from central.app import create_app
from central.routes.cases import MOST, SPAN
from central.rules.rates import Rate
from central.store.every_table import METADATA
from central.store.tables import meta
from central.wiring import Central
from tests.central.databases import BOTH, SQLITE, fresh, settings_on
from tests.central.world import BASE, START, Clock

_KEPT = {meta.name}


@pytest.fixture(scope="module", params=BOTH)
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FastAPI, Clock]]:
    folder = tmp_path_factory.mktemp("central") / "central"
    if request.param == SQLITE:
        yield from _one(settings_on("", folder, CATALOGUE))
    else:
        with fresh(request.getfixturevalue("cluster")) as url:
            yield from _one(settings_on(url, folder, CATALOGUE))


def _one(settings: object) -> Iterator[tuple[FastAPI, Clock]]:
    clock = Clock()
    app = create_app(settings, now=clock)  # type: ignore[arg-type]
    yield app, clock
    app.state.central.close()


@pytest.fixture
def clock(house: tuple[FastAPI, Clock]) -> Clock:
    house[1].at = START
    return house[1]


@pytest.fixture
def app(house: tuple[FastAPI, Clock], clock: Clock) -> Iterator[FastAPI]:
    app = house[0]
    app.state.presence.forget()
    app.state.cases_rate = Rate(MOST, SPAN)
    kept = app.state.central
    yield app
    app.state.central = kept
    kept.breakers.clear()
    for name in list(kept.bodies.names()):
        kept.bodies.remove(name)
    with kept.database.writing(durable=False) as connection:
        for table in reversed(METADATA.sorted_tables):
            if table.name not in _KEPT:
                connection.execute(sa.delete(table))


@pytest.fixture
def central(app: FastAPI) -> Central:
    opened: Central = app.state.central
    return opened


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url=BASE)
