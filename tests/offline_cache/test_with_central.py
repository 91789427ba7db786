"""The terminal's store and sync against the real central, served by its own process."""

import datetime as dt
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from central import desk
from central.console.chain import gaps
from central.settings import CentralSettings
from central.store.cases import chain, find_cases
from central.wiring import open_central
from hardware.api.clock import SystemClock
from hardware.twins.seat import take_seat
from offline_cache.boot import Opened, open_store
from offline_cache.central_link import CentralLink
from offline_cache.citizen_codes import CitizenCodes
from offline_cache.enrol import NotEnrolled, WhyNotEnrolled, enrol_here
from offline_cache.identity import Identity
from offline_cache.link import Answer, Failed, Link
from offline_cache.store import SqlStore
from offline_cache.sync import Sync, SyncSettings
from tests.central.waiting import settled
from tests.offline_cache.world import NAME, NUMBER, SMALL_STORE, HandClock, application, collected
from trust.keys import SigningKey
from trust.tags import ScryptTags
from trust.tokens import write
from wire.canonical import sha256_hex, un_b64u
from wire.deeds import Network, Waiting
from wire.letters import Application
from wire.messages import PIECE, RecordRequest, RecordState
from wire.tokens import IdCode, Receipt

ROOT = Path(__file__).resolve().parents[2]
QUICK = SyncSettings(least_piece_bytes=PIECE)


class Served:
    """Central in a process of its own, on a port that stays the same over its restarts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seat = take_seat()  # nobody is given the port while central is dead
        self.port = self.seat.getsockname()[1]
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "central", "serve", "--folder", str(self.folder), "--port", str(self.port)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        told = json.loads(self._process.stdout.readline())
        assert told["port"] == self.port
        self.url = told["url"]

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("central"))
    yield served
    served.kill()
    served.seat.close()


class Rig:
    def __init__(self, served: Served, folder: Path, terminal: str) -> None:
        self.served = served
        self.desk = open_central(CentralSettings(served.folder))
        self.clock = HandClock(SystemClock().now())
        self.code = desk.enrolment_code(self.desk, "31", "site-1", terminal)
        identity = enrol_here(served.url, self.code, folder, self.clock)
        assert isinstance(identity, Identity), identity
        self.identity = identity
        outcome = open_store(folder, identity, self.clock, SMALL_STORE)
        assert isinstance(outcome, Opened)
        self.store: SqlStore = outcome.store
        self.link = Link(served.url, identity.key, self.clock)
        self.sync = Sync(self.store, self.link, self.clock, settings=QUICK, chance=lambda: 0.5)

    def close(self) -> None:
        self.link.close()
        self.store.close()
        self.desk.close()

    def cases(self, number: str) -> int:
        with settled(self.desk).database.reading() as connection:
            return len(find_cases(connection, number))

    def application(self, case: str, size: int = 100) -> Application:
        contents = application(case, size)
        page = contents.page.model_copy(update={"sha256": sha256_hex(un_b64u(contents.page.data))})
        counter, previous = self.store.chain()
        receipt = Receipt(
            case=case, item=contents.item, version=1, parts=(page.sha256,), at=self.clock.now(),
            terminal=self.identity.terminal, counter=counter + 1, previous=previous,
        )  # fmt: skip
        return contents.model_copy(update={"page": page, "receipt": write(receipt, self.identity.key)})


@pytest.fixture
def rig(served: Served, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Rig]:
    rig = Rig(served, tmp_path / "store", request.node.name[:60])
    yield rig
    rig.close()


def test_letters_small_and_large_become_cases(rig: Rig) -> None:
    for case, size in (("SMALL-1", 100), ("SMALL-2", 5000), ("LARGE-1", 2_500_000)):
        rig.store.accept(rig.application(case, size), subject=case)
    rig.sync.round()
    assert rig.sync.network() is Network.UP
    assert rig.store.waiting().letters == 0
    for case in ("SMALL-1", "SMALL-2", "LARGE-1"):
        assert rig.cases(case) == 1


def test_central_dies_in_the_middle_and_nothing_is_sent_twice(rig: Rig) -> None:
    rig.store.accept(rig.application("LONG-1", 6_000_000), subject="LONG-1")
    offsets: list[int] = []
    real = rig.link.exchange

    def exchange(method: str, target: str, *rest: object, **more: object) -> Answer | Failed:
        if method == "PATCH":
            offsets.append(int(more["headers"]["Upload-Offset"]))
            if len(offsets) == 4:
                rig.served.kill()
        return real(method, target, *rest, **more)

    rig.link.exchange = exchange
    rig.sync.round()
    assert rig.sync.network() is Network.DOWN
    rig.served.start()
    rig.sync.try_now()
    rig.sync.round()
    assert rig.store.waiting().letters == 0
    assert offsets[:4] == [0, 1 << 20, 2 << 20, 3 << 20]
    assert offsets[4] == 3 << 20, "what central holds was sent again"
    assert rig.cases("LONG-1") == 1


def test_tickets_come_and_go(rig: Rig) -> None:
    name = rig.identity.terminal
    number = desk.register_ticket(
        rig.desk, "31", name, item="juzhuzheng-pickup", what_zh="居住证", what_en="Residence permit", door=3,
        number=NUMBER, pickup_code="12345678",
    )  # fmt: skip
    rig.sync.round()
    mirror = rig.store.mirror()
    (ticket,) = mirror.tickets
    assert ticket.holder_tag == ScryptTags().holder(NUMBER, mirror.tag_salt)
    assert ticket.code_tag == ScryptTags().code("12345678", mirror.tag_salt)
    assert ticket.ticket == number
    rig.store.accept(collected(ticket.ticket), subject=ticket.ticket)
    assert rig.store.tickets_gone() == {ticket.ticket}
    rig.sync.round()
    settled(rig.desk)
    rig.clock.pass_(3600)
    rig.sync.round()
    assert rig.store.mirror().tickets == ()
    assert rig.store.tickets_gone() == frozenset()


def test_a_code_and_a_record(rig: Rig) -> None:
    text = desk.citizen_code(rig.desk, kind="citizen", name=NAME, number=NUMBER, life=dt.timedelta(minutes=5))
    read = CitizenCodes(rig.store.keyring).check(text, rig.clock.now())
    assert isinstance(read, IdCode)
    assert read.name == NAME
    request = RecordRequest(item="any", holder_number=NUMBER, holder_name=NAME, consent_at=rig.clock.now())
    answer = CentralLink(rig.link, rig.sync, rig.store.keyring, rig.clock).record(request)
    assert answer.state in RecordState


def test_a_clock_that_is_years_off_does_not_stop_the_letters(rig: Rig) -> None:
    rig.clock.jump(dt.timedelta(days=-1000))
    rig.store.accept(rig.application("OLD-1"), subject="OLD-1")
    rig.sync.round()
    assert rig.store.waiting().letters == 0


def test_a_withdrawn_terminal_stops_and_keeps_its_letters(rig: Rig) -> None:
    desk.withdraw_terminal(rig.desk, "31", rig.identity.terminal)
    rig.store.accept(rig.application("KEPT-1"), subject="KEPT-1")
    rig.sync.round()
    assert rig.sync.state().stopped
    assert rig.store.waiting().letters == 1


def test_a_disk_from_an_old_image_loses_nothing_and_its_second_receipt_of_a_number_is_seen(
    rig: Rig, tmp_path: Path
) -> None:
    rig.store.accept(rig.application("OLD-DISK-1"), subject="OLD-DISK-1")
    shutil.copytree(tmp_path / "store", tmp_path / "image")
    rig.store.accept(rig.application("OLD-DISK-2"), subject="OLD-DISK-2")
    rig.sync.round()
    rig.store.close()
    again = open_store(tmp_path / "image", rig.identity, rig.clock, SMALL_STORE)
    assert isinstance(again, Opened)
    rig.store = again.store
    rig.store.accept(rig.application("OLD-DISK-3"), subject="OLD-DISK-3")
    Sync(rig.store, rig.link, rig.clock, settings=QUICK).round()
    assert rig.store.waiting() == Waiting()
    assert [rig.cases(f"OLD-DISK-{number}") for number in (1, 2, 3)] == [1, 1, 1]
    with settled(rig.desk).database.reading() as connection:
        links = chain(connection, "31", rig.identity.terminal, 10)
    assert [counter for counter, _, _ in links] == [2, 2, 1]
    assert gaps(links) == [2]


def test_a_code_is_for_one_key(rig: Rig, tmp_path: Path) -> None:
    same = enrol_here(rig.served.url, rig.code, tmp_path / "store", rig.clock)
    assert isinstance(same, Identity)
    other = enrol_here(rig.served.url, rig.code, tmp_path / "other", rig.clock)
    assert isinstance(other, NotEnrolled)
    assert other.reason is WhyNotEnrolled.BAD_CODE
    assert SigningKey.load(tmp_path / "other" / "terminal.key")
