"""The two databases that central's tests run on: SQLite in a folder, PostgreSQL in a cluster of the tests' own.

Both are copies of one that was brought up once for each process of the test run, SQLite's with its folder and keys.
"""

import atexit
import functools
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.cluster import Cluster, NoPostgres
from central.settings import CentralSettings
from central.store.database import Database
from central.store.every_table import METADATA
from central.store.migrations import bring_up
from central.wiring import Central, open_central
from tests.central.people import CHEAP
from trust.passwords import PasswordCost

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = (SQLITE, POSTGRESQL)

_TEMPLATE = "brought_up"


@contextmanager
def cluster_here() -> Iterator[Cluster]:
    """A cluster for as long as the block lasts; skips, and says why, where there is no PostgreSQL."""
    try:
        cluster = Cluster()
    except NoPostgres as absent:
        pytest.skip(f"not run on PostgreSQL: {absent}")
    try:
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One for each process of the test run, started by the first test that asks."""
    with cluster_here() as cluster:
        database = Database(cluster.create(_TEMPLATE))
        bring_up(database)
        database.close()
        yield cluster


@contextmanager
def fresh(cluster: Cluster, *, template: str = _TEMPLATE) -> Iterator[str]:
    """The URL of a database that is gone afterwards; with central's tables, unless another template is named."""
    name = f"t{uuid.uuid4().hex[:16]}"
    try:
        yield cluster.create(name, template)
    finally:
        cluster.drop(name)


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """What `CentralSettings.database` is given: "" for SQLite, then a PostgreSQL URL."""
    if request.param == SQLITE:
        yield ""
        return
    with fresh(request.getfixturevalue("cluster")) as url:
        yield url


@pytest.fixture
def postgresql_url(cluster: Cluster) -> Iterator[str]:
    with fresh(cluster) as url:
        yield url


@functools.cache
def _begun() -> Path:
    """The folder of a central that has begun and done nothing, as `open_central` leaves it with SQLite."""
    made = Path(tempfile.mkdtemp(prefix="nuanting-central-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    open_central(CentralSettings(made / "central")).close()
    return made / "central"


def settings_on(url: str, folder: Path, catalogue: Path | None = None, cost: PasswordCost = CHEAP) -> CentralSettings:
    """Of a central that begins here: what it would make at its first start is there already, as if it had started once.

    Beside a PostgreSQL database only its keys are: of the rest the database is a copy, or empty.
    """
    begun = _begun()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copytree(begun if not url else begun / "keys", folder if not url else folder / "keys", dirs_exist_ok=True)
    return CentralSettings(folder, catalogue=catalogue, database=url, password_cost=cost)


def all_that_is_kept(central: Central) -> bytes:
    """Every byte that central wrote: its folder's files, and with PostgreSQL every value of every row."""
    files = b"".join(path.read_bytes() for path in central.settings.folder.rglob("*") if path.is_file())
    if not central.settings.database:
        return files
    with central.database.reading() as connection:
        values = [
            value for table in METADATA.sorted_tables for row in connection.execute(table.select()) for value in row
        ]
    return files + b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)
