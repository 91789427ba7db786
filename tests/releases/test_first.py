"""What the first release left is opened by this one, with nothing lost, nothing doubled and nothing left in plain."""

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.app import create_app
from central.jobs.opening import file_of, person_of
from central.settings import CentralSettings
from central.store import cases, letters, ratings, terminals, tickets
from central.store.migrations import OPEN, revision
from central.wiring import Central
from offline_cache.boot import Opened, open_store
from offline_cache.identity import Identity
from offline_cache.link import Link
from offline_cache.store import StoreSettings
from offline_cache.sync import Sync
from tests.central.test_serve import in_a_thread
from tests.central.test_with_the_store import BothClocks
from tests.central.waiting import settled
from tests.central.world import NAME, NUMBER, START, Clock

FIRST = Path(__file__).with_name("first.tar.xz")
LARGE = b"%PDF-1.7 " + bytes(range(256)) * 1030
REGION = "sh"
PLAIN = (NAME.encode(), NUMBER.encode(), b"13800001234", "演示路".encode(), b"\\u738b\\u6696", LARGE[:2000])
"""What the first release kept of its citizens in plain, as it stands in its files."""


@pytest.fixture
def left(tmp_path: Path) -> Path:
    with tarfile.open(FIRST) as packed:
        packed.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.fixture
def clock() -> Clock:
    clock = Clock(START)
    clock.move(days=1)
    return clock


def found_plain(folder: Path) -> set[bytes]:
    return {text for path in folder.rglob("*") if path.is_file() for text in PLAIN if text in path.read_bytes()}


@pytest.fixture
def central(left: Path, clock: Clock) -> Iterator[Central]:
    assert {NUMBER.encode(), LARGE[:2000]} <= found_plain(left / "central")
    app = create_app(CentralSettings(left / "central"), now=clock)
    yield app.state.central
    app.state.central.close()


def test_every_case_is_there_and_opens(central: Central) -> None:
    with central.database.reading() as connection:
        assert revision(connection) == OPEN
        found = {row.case: row for row in cases.newest_cases(connection, 100)}
        people = [person_of(central, connection, row) for row in found.values()]
        assert sorted(found) == ["A-0", "A-1", "A-2", "A-large"]
        assert {row.flags for row in found.values()} == {()}
        for told in people:
            assert told is not None
            assert (told.person.name, told.person.number) == (NAME, NUMBER)
            assert told.answers["contact.phone"] == "13800001234"
    page = file_of(central, REGION, "A-large", 0)
    assert page is not None
    assert page[1] == LARGE
    photograph = file_of(central, REGION, "A-2", 1)
    assert photograph is not None
    assert photograph[1] == b"\xff\xd8 a photograph"


def test_what_is_not_a_case_is_there_too(central: Central) -> None:
    with central.database.reading() as connection:
        (proof,) = cases.newest_proofs(connection, 10)
        told = person_of(central, connection, proof)
        assert told is not None
        assert told.person.number == NUMBER
        assert [row.levels for row in ratings.rating_counts(connection)] == [{4: 1}]
        assert len(cases.incidents_of(connection, REGION, "NT-1", 10)) == 1
        (ticket,) = tickets.open_at(connection, REGION, "NT-1")
        assert ticket.door == 7
        assert letters.unopened_count(connection) == 0
        assert letters.troubled(connection, 10) == ()


def test_no_byte_of_a_citizen_is_left_in_plain(left: Path, central: Central) -> None:
    assert found_plain(left / "central") == set()
    central.close()
    assert found_plain(left / "central") == set()


def test_a_start_that_was_cut_before_the_file_was_written_anew_does_it_at_the_next(
    left: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = CentralSettings(left / "central")

    def cut(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("central.store.database.Database.compact", cut)
    with pytest.raises(KeyboardInterrupt):
        create_app(settings, now=clock)
    monkeypatch.undo()
    assert found_plain(left / "central") != set()  # sealed rows, but the old ones' pages are still there
    create_app(settings, now=clock).state.central.close()
    assert found_plain(left / "central") == set()


def test_the_terminal_sends_what_was_waiting_and_nothing_twice(left: Path, clock: Clock) -> None:
    both = BothClocks(clock)
    identity = Identity.load(left / "terminal")
    assert isinstance(identity, Identity)
    outcome = open_store(left / "terminal", identity, both, StoreSettings(reserve_bytes=64 * 1024))
    assert isinstance(outcome, Opened)
    assert outcome.report.damage is None
    assert (outcome.report.fresh, outcome.report.missing, outcome.report.swept) == (False, 0, 0)
    store = outcome.store
    assert (store.waiting().letters, store.waiting().parked) == (3, 0)
    mirror = store.mirror()
    assert mirror is not None
    assert [ticket.door for ticket in mirror.tickets] == [7]
    app = create_app(CentralSettings(left / "central"), now=clock)
    with in_a_thread(app) as url:
        link = Link(url, identity.key, both)
        sync = Sync(store, link, both, chance=lambda: 0.0)
        for _ in range(3):
            both.count += 2000
            sync.round()
        link.close()
        assert (store.waiting().letters, store.waiting().parked) == (0, 0)
        kept: Central = settled(app.state.central)
        with kept.database.reading() as connection:
            found = sorted(row.case for row in cases.newest_cases(connection, 100))
            assert letters.conflicts(connection, 10) == ()
            assert terminals.named(connection, "NT-1")[0].seen_at == clock.at
        assert found == ["A-0", "A-1", "A-2", "A-large", "B-waits", "B-waits-large"]
        page = file_of(kept, REGION, "B-waits-large", 0)
        assert page is not None
        assert page[1] == LARGE
    store.close()
