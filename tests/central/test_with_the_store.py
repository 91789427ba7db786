"""A terminal's real store and sync against the real central over real HTTP: both sides mean the same words."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from central import desk
from central.jobs.opening import file_of
from central.store import cases, letters
from central.wiring import Central
from demo.faulty_central import CentralFault, FaultyCentral
from offline_cache.boot import Opened, open_store
from offline_cache.central_link import CentralLink
from offline_cache.enrol import enrol_here
from offline_cache.identity import Identity
from offline_cache.link import Link
from offline_cache.store import SqlStore, StoreSettings
from offline_cache.sync import Sync
from tests.central.test_serve import on_a_bad_day
from tests.central.waiting import settled
from tests.central.world import NAME, NUMBER, Clock, Terminal
from trust.tags import ScryptTags
from wire.ids import ItemCode, RegionId, SiteId, TerminalId
from wire.messages import PIECE, RecordRequest, RecordState

SH, NT = RegionId("sh"), TerminalId("NT-1")


class BothClocks:
    """The calendar that central has, and a counter that a test moves."""

    def __init__(self, calendar: Clock) -> None:
        self._calendar = calendar
        self.count = 0.0

    def now(self):  # type: ignore[no-untyped-def]
        return self._calendar()

    def monotonic(self) -> float:
        return self.count


@dataclass
class Pair:
    """A terminal's store and sync, and the central they speak to."""

    store: SqlStore
    sync: Sync
    link: Link
    central: Central
    faulty: FaultyCentral
    clock: BothClocks
    writer: Terminal  # makes contents as the terminal would

    def rounds(self, count: int = 1) -> None:
        for _ in range(count):
            self.clock.count += 2000
            self.sync.round()

    def opened(self) -> list[str]:
        with settled(self.central).database.reading() as connection:
            return sorted(case.case for case in cases.newest_cases(connection, 100))


@contextmanager
def paired(tmp_path: Path) -> Iterator[Pair]:
    calendar = Clock()
    clock = BothClocks(calendar)
    with ExitStack() as stack:
        faulty, central, url = stack.enter_context(on_a_bad_day(tmp_path / "central", calendar))
        code = desk.enrolment_code(central, SH, SiteId("人民广场"), NT)
        identity = enrol_here(url, code, tmp_path / "terminal", clock)
        assert isinstance(identity, Identity)
        outcome = open_store(tmp_path / "terminal", identity, clock, StoreSettings(reserve_bytes=64 * 1024))
        assert isinstance(outcome, Opened)
        stack.callback(outcome.store.close)
        link = Link(url, identity.key, clock)
        stack.callback(link.close)
        sync = Sync(outcome.store, link, clock, chance=lambda: 0.0)
        writer = Terminal(None, calendar, key=identity.key, region=SH, terminal=NT)  # type: ignore[arg-type]
        yield Pair(outcome.store, sync, link, central, faulty, clock, writer)


def test_letters_small_and_large_come_through_and_are_forgotten_by_the_terminal(tmp_path: Path) -> None:
    with paired(tmp_path) as pair:
        page = b"%PDF-" + bytes(3 * PIECE)
        for number in range(5):
            pair.store.accept(pair.writer.application(f"A-{number}"), subject=f"s{number}")
        pair.store.accept(pair.writer.application("A-large", page=page), subject="large")
        assert pair.store.waiting().letters == 6
        pair.rounds()
        assert pair.store.waiting().letters == 0
        assert pair.opened() == [f"A-{number}" for number in range(5)] + ["A-large"]
        with pair.central.database.reading() as connection:
            assert [case.flags for case in cases.newest_cases(connection, 10)] == [()] * 6
        kept = file_of(pair.central, SH, "A-large", 0)
        assert kept is not None
        assert kept[1] == page


@pytest.mark.log_warnings_expected
@pytest.mark.parametrize("fault", list(CentralFault))
def test_after_a_bad_day_every_letter_is_there_once(tmp_path: Path, fault: CentralFault) -> None:
    with paired(tmp_path) as pair:
        pair.store.accept(pair.writer.application("B-small"), subject="s")
        pair.store.accept(pair.writer.application("B-large", page=b"%PDF-" + bytes(PIECE)), subject="l")
        pair.faulty.fault = fault
        pair.rounds(6)
        assert pair.faulty.met > 0
        if fault is not CentralFault.SLOW:
            assert pair.store.waiting().letters == 2
            assert pair.store.waiting().parked == 0
        pair.faulty.fault = None
        pair.rounds(3)
        assert pair.store.waiting().letters == 0
        assert pair.opened() == ["B-large", "B-small"]
        with pair.central.database.reading() as connection:
            assert letters.conflicts(connection, 10) == ()
            assert letters.refused(connection, 10) == ()


def test_a_ticket_reaches_the_terminal_and_its_collection_comes_back(tmp_path: Path) -> None:
    with paired(tmp_path) as pair:
        ticket = desk.register_ticket(
            pair.central,
            SH,
            NT,
            item=ItemCode("juzhuzheng-pickup"),
            what_zh="居住证",
            what_en="Residence permit",
            door=7,
            number=NUMBER,
        )
        pair.rounds()
        mirror = pair.store.mirror()
        assert mirror is not None
        (listed,) = mirror.tickets
        assert listed.holder_tag == ScryptTags().holder(NUMBER, mirror.tag_salt)
        pair.store.accept(pair.writer.collected(ticket, 7), subject=ticket)
        pair.rounds()
        settled(pair.central)
        pair.rounds()
        mirror = pair.store.mirror()
        assert mirror is not None
        assert mirror.tickets == ()
        assert pair.store.waiting().letters == 0


def test_a_record_is_asked_and_answered(tmp_path: Path) -> None:
    with paired(tmp_path) as pair:
        pair.rounds()
        link = CentralLink(pair.link, pair.sync, pair.store.keyring, pair.clock)
        request = RecordRequest(
            item="shebao-proof", holder_number=NUMBER, holder_name=NAME, consent_at=pair.clock.now()
        )
        answer = link.record(request)
        assert (answer.state, len(answer.rows)) == (RecordState.FOUND, 24)
        refused = link.record(request.model_copy(update={"holder_number": "310101194905150029"}))
        assert refused.state is RecordState.UNAVAILABLE


def test_a_withdrawn_terminal_stops_and_loses_nothing(tmp_path: Path) -> None:
    with paired(tmp_path) as pair:
        desk.withdraw_terminal(pair.central, SH, NT)
        pair.store.accept(pair.writer.application("C-1"), subject="s")
        pair.rounds(3)
        assert pair.sync.state().stopped
        assert (pair.store.waiting().letters, pair.store.waiting().parked) == (1, 0)
        with pair.central.database.reading() as connection:
            assert letters.troubled(connection, 10) == ()
            assert letters.unopened_count(connection) == 0
