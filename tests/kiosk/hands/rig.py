"""A terminal's back room for one test: real drivers on twins, real stations, the real store; time leaps when told."""

import datetime as dt
import hashlib
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from hardware.api.clock import SystemClock
from hardware.api.locker import Locker
from hardware.api.page_printer import PagePrinter
from hardware.api.slip_printer import SlipImage, SlipPrinter
from hardware.api.status import DeviceState
from hardware.drivers.id_card_sam.driver import IdCardSam, SamOptions
from hardware.drivers.locker_8a import Locker8A
from hardware.drivers.locker_cu16 import LockerCu16
from hardware.drivers.page_ipp.driver import PageIpp
from hardware.drivers.scanner_lines.driver import ScannerLines
from hardware.drivers.slip_escpos import Presenter, SlipEscPos
from hardware.transports.ipp_link import IppLink
from hardware.transports.serial_link import SerialLink
from hardware.twins.id_card_sam import IdCardSamTwin
from hardware.twins.locker_8a import Locker8ATwin
from hardware.twins.locker_cu16 import LockerCu16Twin
from hardware.twins.page_ipp import PageIppTwin
from hardware.twins.scanner_lines import ScannerLinesTwin
from hardware.twins.slip_escpos import SlipEscPosTwin
from hardware.twins.wire import PtyWire
from kiosk.hands.doors import DoorsHand
from kiosk.hands.lamps import Lamps
from kiosk.hands.leftovers import Leftovers
from kiosk.hands.pages import PagesHand
from kiosk.hands.slips import SlipsHand
from kiosk.journeys.events import Event
from kiosk.journeys.orders import PrintPages
from kiosk.ports import Deed, DeedKind, DeedRow, DeedState, MadePages, PersonFacts, SlipFacts
from kiosk.recovery import Found, Recovery
from kiosk.stations import Station
from offline_cache.store import SqlStore
from tests.contracts.slip_printer import pattern
from tests.contracts.until import DEADLINE_S, until
from tests.hardware.drivers.ipp_paper import blank_pdf
from tests.journeys.walker import ITEMS, WORDS
from tests.offline_cache.world import a_store
from wire.letters import Contents
from wire.messages import Ticket

E = TypeVar("E", bound=Event)

LOOK_S = 0.01
ANSWER_S = 5.0
"""How long a driver waits for its device: it answers at once, but a busy machine may let its thread wait."""
SILENCE_S = 0.15
"""How long where the device says nothing, and that is what the test is about."""
PROOF = next(item for item in ITEMS if item.code == "shebao-proof")
ONE_PAGE, TWO_PAGES = blank_pdf(1), blank_pdf(2)
PERSON = PersonFacts(kind="citizen", name="甄名贤", number="310199195503070021", by="card", address="标记路9号")
FACTS = SlipFacts("凭条", (("编号", "C1"),), ("请保管好",), "NT1.token", "zh")
DOORS = 4


class LeapingClock(SystemClock):
    """The machine's clock, and as much more as a test says has passed. `looks`: how often each thread has read it."""

    def __init__(self) -> None:
        self.leapt = 0.0
        self.looks: Counter[str] = Counter()

    def monotonic(self) -> float:
        now = super().monotonic() + self.leapt
        self.looks[threading.current_thread().name] += 1  # a thread's name is its own: nobody else counts there
        return now

    def now(self) -> dt.datetime:
        return super().now() + dt.timedelta(seconds=self.leapt)

    def wait(self, seconds: float) -> None:
        self.leapt += seconds

    def leap(self, seconds: float) -> None:
        self.leapt += seconds


class Told:
    """What a hand told one visit, in order."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    def until(self, *kinds: type[E]) -> E:
        """The first event of one of these kinds, waited for."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.of(*kinds), DEADLINE_S), f"told only {self.events}"
            return self.of(*kinds)[0]

    def of(self, *kinds: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kinds)]


class PlainPapers:
    """Slips as dots that look like no other; the documents room has its own tests."""

    def __init__(self) -> None:
        self.made: list[SlipFacts] = []
        self.breaks: Exception | None = None

    def slip(self, facts: SlipFacts) -> SlipImage:
        if self.breaks is not None:
            raise self.breaks
        self.made.append(facts)
        return pattern(len(self.made), height=48)


class BriefAfterFiring(Locker8A):
    """Waits only a moment for the answer to an open command, which a test may swallow; for all others as usual."""

    def fire(self, door: int) -> None:
        usual, self._reply_s = self._reply_s, SILENCE_S
        try:
            super().fire(door)
        finally:
            self._reply_s = usual


class HeardLink(SerialLink):
    """A serial port that shows what has come in: a byte that was sent is not yet one that was read."""

    heard = b""

    def read(self, timeout_s: float) -> bytes:
        chunk = super().read(timeout_s)
        self.heard += chunk
        return chunk


class Letters:
    """The real store, and what each letter of a deed held before it was sealed."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self.letters: list[Contents] = []

    def settle(self, deed: Any, state: DeedState, contents: Contents | None, *, subject: str, note: str = "") -> None:
        self._store.settle(deed, state, contents, subject=subject, note=note)
        if contents is not None:
            self.letters.append(contents)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class Rig:
    """Built step by step by the tests' fixtures; `close` ends what was begun."""

    def __init__(self, store: SqlStore, folder: Path, clock: LeapingClock) -> None:
        self.sql = store
        self.store = Letters(store)
        self.folder = folder
        self.clock = clock
        self.still = LeapingClock()  # the devices' own settling takes no time
        self.papers = PlainPapers()
        self.stations: dict[str, Station[Any]] = {}
        self.twins: list[Any] = []
        self.hands: list[Any] = []

    # ---- devices

    def _station(self, name: str, driver: Any, link: Any) -> Station[Any]:
        station: Station[Any] = Station(name, driver, link, self.still, beat_s=0.02)
        self.stations[name] = station
        station.begin()
        until(lambda: station.status.device is DeviceState.ONLINE)
        return station

    def wire(self, name: str, baud: int) -> tuple[PtyWire, SerialLink]:
        port = self.folder / name
        return PtyWire(port, baud, pacing=False), SerialLink(str(port), baud)

    def printer(self, **settings: Any) -> PageIppTwin:
        twin = PageIppTwin(**settings)
        self.twins.append(twin)
        driver = PageIpp(IppLink(twin.uri, self.still), self.still, ask_s=ANSWER_S, submit_s=ANSWER_S, busy_limit_s=0.0)
        self.pages: Station[PagePrinter] = self._station("pages", driver, None)
        self.pages_hand = PagesHand(self.pages, self.store, self.clock, look_s=LOOK_S)
        self.hands.append(self.pages_hand)
        return twin

    def slip_printer(self, *, presenter: bool) -> SlipEscPosTwin:
        wire, link = self.wire("slip", 115200)
        twin = SlipEscPosTwin(wire, presenter=presenter)
        self.twins.append(twin)
        kind = Presenter.KPM150 if presenter else Presenter.NONE
        driver = SlipEscPos(
            link,
            self.still,
            kind,
            answer_s=ANSWER_S,
            busy_s=ANSWER_S,
            poll_s=0.02,
            grace_s=ANSWER_S,
            recover_every_s=0.0,
        )
        self.slip_driver = driver
        self.slips: Station[SlipPrinter] = self._station("slip", driver, link)
        self.slips_hand = SlipsHand(self.slips, self.store, self.papers, self.clock, look_s=LOOK_S)  # type: ignore[arg-type]
        self.hands.append(self.slips_hand)
        return twin

    def locker(self, *, motion_s: float = 0.0, reply_s: float = ANSWER_S, **sensors: int | None) -> LockerCu16Twin:
        wire, link = self.wire("locker", 19200)
        twin = LockerCu16Twin(wire, DOORS, motion_s=motion_s)
        self.twins.append(twin)
        driver = LockerCu16(link, self.still, DOORS, reply_s=reply_s, settle_s=0.0, **sensors)
        self.doors: Station[Locker] = self._station("locker", driver, link)
        self.doors_hand = DoorsHand(self.doors, self.store, self.clock, look_s=LOOK_S)
        self.hands.append(self.doors_hand)
        return twin

    def locker_8a(self, twin_class: type[Locker8ATwin]) -> Locker8ATwin:
        """A board that answers its open commands, and has no item sensors."""
        wire, link = self.wire("locker", 9600)
        twin = twin_class(wire, 24)
        self.twins.append(twin)
        driver = BriefAfterFiring(link, self.still, 1, 24, reply_s=ANSWER_S, settle_s=0.0)
        self.doors = self._station("locker", driver, link)
        self.doors_hand = DoorsHand(self.doors, self.store, self.clock, look_s=LOOK_S)
        self.hands.append(self.doors_hand)
        return twin

    def reader(self) -> IdCardSamTwin:
        wire, link = self.wire("reader", 115200)
        twin = IdCardSamTwin(wire)
        self.twins.append(twin)
        options = SamOptions(answer_s=ANSWER_S, gap_s=ANSWER_S, whole_s=2 * ANSWER_S)
        self.cards = self._station("reader", IdCardSam(link, self.still, options), link)
        return twin

    def scanner(self) -> ScannerLinesTwin:
        wire, link = self.wire("scanner", 9600)
        twin = ScannerLinesTwin(wire)
        self.twins.append(twin)
        self.code_link = link = HeardLink(link.path, link.baud)
        self.codes = self._station("scanner", ScannerLines(link, self.still), link)
        return twin

    def leftovers(self) -> Leftovers:
        hands = (self.pages_hand, self.slips_hand, self.doors_hand)
        made = Leftovers(self.cards, self.pages, self.slips, hands, Lamps(None), self.clock, look_s=LOOK_S)
        self.hands.append(made)
        return made

    # ---- time

    def leap(self, hand: str, seconds: float) -> None:
        """Time passes for a hand that is at work: whatever it counts from, it has taken down before.

        A hand that reads the clock anew has done with what it read before; so what is under way at this call, and the
        beginning of the wait that it leads to, lie before the leap.
        """
        name = f"lane:hand.{hand}"
        before = self.clock.looks[name]
        until(lambda: self.clock.looks[name] >= before + 3)
        self.clock.leap(seconds)

    # ---- orders

    def print(self, pdf: bytes = ONE_PAGE, serial: str = "S-1") -> Told:
        told = Told()
        self.pages_hand.print(an_order(pdf, serial), told)
        return told

    def slip(self, subject: str = "S-1") -> Told:
        told = Told()
        self.slips_hand.print(subject, "shebao-proof", FACTS, told)
        return told

    def open(self, door: int = 2) -> Told:
        told = Told()
        self.doors_hand.open(ticket(door), "card", told)
        return told

    # ---- the ledger

    def row(self, number: int = 0) -> DeedRow:
        """The newest deed, or an older one."""
        return self.sql.deeds()[number]

    def ended(self, state: DeedState, note: str = "") -> DeedRow:
        """The newest deed, once it has come to an end; which must be this one."""
        until(lambda: not any(hand.busy for hand in self.hands if hasattr(hand, "busy")))
        row = self.row()
        assert (row.state, note in row.note) == (state, True), row
        return row

    def outcomes(self) -> list[str]:
        """What central is told, letter by letter."""
        return [getattr(letter, "outcome", letter.kind.value) for letter in self.store.letters]

    def recovery(self, *, without: Sequence[str] = ()) -> Recovery:
        at = {name: station for name, station in self.stations.items() if name not in without}
        return Recovery(
            self.store,
            at.get("pages"),
            at.get("slip"),
            at.get("locker"),
            self.papers,
            WORDS,
            self.clock,  # type: ignore[arg-type]
        )

    def sweep(self) -> tuple[list[Found], frozenset[str]]:
        return self.recovery().sweep()

    def swept(self) -> list[Found]:
        """What the sweeps find, once one finds anything: the first may still meet a device on its way back."""
        found: list[Found] = []
        until(lambda: found.extend(self.sweep()[0]) or found)
        return found

    def close(self) -> None:
        for hand in self.hands:
            hand.end()
        for station in self.stations.values():
            station.end()
        for twin in self.twins:
            twin.close()


@contextmanager
def a_rig(folder: Path) -> Iterator[Rig]:
    clock = LeapingClock()
    with a_store(folder / "store", clock) as store:  # type: ignore[arg-type]
        made = Rig(store, folder, clock)
        try:
            yield made
        finally:
            made.close()


def an_order(pdf: bytes = ONE_PAGE, serial: str = "S-1") -> PrintPages:
    pages = MadePages(pdf, hashlib.sha256(pdf).hexdigest(), (), "NT1.token")
    return PrintPages(serial, PROOF, pages, PERSON, {PROOF.code: dt.datetime(2026, 11, 22, tzinfo=dt.UTC)})


def ticket(door: int, name: str = "T-1") -> Ticket:
    return Ticket(
        ticket=name, item="juzhuzheng-pickup", what_zh="居住证", what_en="Residence permit", door=door,
        holder_tag="a", code_tag="b", since=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    )  # fmt: skip


def a_deed(kind: DeedKind, name: str = "NT-1", *, door: int = 2, again: str = "") -> Deed:
    return Deed(name, kind, "T-1" if kind is DeedKind.DOOR else "S-1", "shebao-proof", door, again)  # type: ignore[arg-type]


def a_while(seconds: float = 0.15) -> None:
    """Let a hand look several times: only for what must not happen, which no event can show.

    Never for what must have happened afterwards: on a busy machine no look may fall into it. Wait for that with
    `until`; and for a hand that must have begun to count before time passes, with `Rig.leap`.
    """
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end)
