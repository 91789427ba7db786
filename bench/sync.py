"""The way to central: what a broken line costs, and how fast many submissions drain, beside two peers.

A real `python -m central serve` in its own process, a real store and `Sync` here, and between them the weighing line of
`bench.proxy`. Central takes each letter in, fsyncs it, signs for it, then opens it and makes a case of it; peers only
store. The seconds end with the last answer, central's processor time with the last letter that is open.
"""

import datetime as dt
import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench.figures import Row, median
from bench.machine import load
from bench.opened import until_opened
from bench.peers import mqtt, pouchdb
from bench.peers.running import Absent, Drained, Process
from bench.proxy import Line
from central import desk
from central.settings import CentralSettings
from central.wiring import open_central
from hardware.api.clock import SystemClock
from offline_cache.boot import Opened, open_store
from offline_cache.enrol import enrol_here
from offline_cache.identity import Identity
from offline_cache.link import Link
from offline_cache.store import SqlStore
from offline_cache.sync import Sync, SyncSettings
from trust.tokens import write
from wire.canonical import b64u
from wire.deeds import Accepted
from wire.ids import RegionId, SiteId, TerminalId
from wire.letters import Application, Attachment, Person
from wire.tokens import Receipt

REGION, SITE = RegionId("310110"), SiteId("YP-YANGLI")
LARGE, CUTS, CUT_RUNS = 20_000_000, 20, 5
MIXED = ((5_000, 900), (300_000, 90), (5_000_000, 10))
"""About as many bytes of a sealed letter, and how many of them: 81 MB."""
DRAINS, SLOW_RTT_MS = 3, 20.0
QUICK_LARGE, QUICK_CUTS = 600_000, 3
QUICK_MIXED = ((5_000, 20), (300_000, 2))
BESIDES = 2500
"""Bytes of an application that are not its page, sealed: what is told of the person, receipt, keys, padding."""
HASTE = SyncSettings(first_wait_s=0.05, longest_wait_s=0.2)
"""Waits after a cut are shortened: they cost time, not bytes."""
DRAIN_S = 300.0
FIGURES = (
    ("seconds", "s", "seconds"),
    ("wire", "MB", "bytes on the wire"),
    ("terminal", "s", "processor time, terminal"),
    ("central", "s", "processor time, central"),
)

PEERS = (pouchdb, mqtt)
TITLES = {peer.NAME: peer.TITLE for peer in PEERS}


class World:
    """Central in a process of its own; terminals are enrolled with it one by one."""

    def __init__(self, folder: Path, central: Process) -> None:
        self._folder = folder
        self.central = central
        told = central.hear()
        self._url, self.port = told["url"], int(told["port"])
        self._terminals = 0

    def terminal(self) -> "Terminal":
        """A new one, with an empty store."""
        self._terminals += 1
        folder = self._folder / f"terminal-{self._terminals}"
        office = open_central(CentralSettings(self._folder / "central"))
        try:
            code = desk.enrolment_code(office, REGION, SITE, TerminalId(f"YP{self._terminals:02}"))
        finally:
            office.close()
        identity = enrol_here(self._url, code, folder, SystemClock())
        assert isinstance(identity, Identity), identity
        return Terminal(folder, identity)


@contextmanager
def world() -> Iterator[World]:
    with tempfile.TemporaryDirectory(prefix="nuanting-bench-") as made:
        folder = Path(made)
        command = [sys.executable, "-m", "central", "serve", "--folder", str(folder / "central"), "--port", "0"]
        with Process(command) as central:
            yield World(folder, central)


class Terminal:
    """A store on disk, and the means to send what is in it."""

    def __init__(self, folder: Path, identity: Identity) -> None:
        self._folder = folder / "store"
        self._identity = identity
        self.store = self._opened()

    def _opened(self) -> SqlStore:
        opened = open_store(self._folder, self._identity, SystemClock())
        assert isinstance(opened, Opened), opened
        return opened.store

    def close(self) -> None:
        self.store.close()

    def accept(self, size: int, chance: random.Random) -> None:
        """An application whose sealed letter has about `size` bytes."""
        case = f"{self._identity.terminal}-{self.store.next_number('case'):06}"
        letter = application(case, size, chance, self._identity, self.store.chain())
        assert isinstance(self.store.accept(letter, subject=case), Accepted)

    @property
    def waiting(self) -> int:
        return self.store.waiting().letters

    def sealed(self) -> list[int]:
        """Bytes of every letter that waits, as it lies sealed."""
        return [row.size for row in self.store.letters(limit=1_000_000)]

    def start_anew(self) -> None:
        """As after the program's end in the middle of it: what is not on disk is forgotten."""
        self.store.close()
        self.store = self._opened()

    def send(self, url: str, settings: SyncSettings | None = None, *, anew: Sequence[int] = ()) -> float:
        """Until nothing waits; the seconds. At the failures counted in `anew` the terminal's program starts again."""
        link, sync = self._sync(url, settings)
        began = time.perf_counter()
        failures = 0
        try:
            while True:
                wait = sync.round()
                if not self.waiting:
                    return time.perf_counter() - began
                assert time.perf_counter() - began < DRAIN_S, sync.state()
                failures += 1
                if failures in anew:
                    link.close()
                    self.start_anew()
                    link, sync = self._sync(url, settings)
                else:
                    time.sleep(wait)
        finally:
            link.close()

    def _sync(self, url: str, settings: SyncSettings | None) -> tuple[Link, Sync]:
        clock = SystemClock()
        link = Link(url, self._identity.key, clock)
        return link, Sync(self.store, link, clock, settings=settings)


def application(case: str, size: int, chance: random.Random, identity: Identity, chain: tuple[int, str]) -> Application:
    """A made-up application as a terminal writes it: its page looks like a PDF, its receipt holds."""
    now = dt.datetime.now(dt.UTC)
    page = b"%PDF-" + chance.randbytes(max(size - BESIDES, 1))
    digest = hashlib.sha256(page).hexdigest()
    receipt = Receipt(
        case=case, item="jinglaoka", version=1, parts=(digest,), at=now, terminal=identity.terminal,
        counter=chain[0] + 1, previous=chain[1],
    )  # fmt: skip
    return Application(
        case=case, item="jinglaoka", version=1, definition="0" * 64,
        person=Person(
            kind="citizen", name="测试一", number="310199199003070022", address="上海市测试区样例路1号", by="card"
        ),
        answers={"contact.phone": "13800000000", "delivery.way": "cabinet"}, consents={"apply": now},
        receipt=write(receipt, identity.key), language="zh", submitted_at=now,
        page=Attachment(name=f"{case}.pdf", media_type="application/pdf", sha256=digest, data=b64u(page)),
    )  # fmt: skip


def measure(quick: bool) -> list[Row]:
    """What cuts cost; then seconds, bytes and processor time beside each peer, on a short line and on a slower one."""
    with world() as around:
        rows = _cut_rows(around, quick)
        rows += _drain_rows(around, quick, 0.0)
        return rows if quick else rows + _drain_rows(around, quick, SLOW_RTT_MS)


# ---- a line that breaks


def _cut_rows(around: World, quick: bool) -> list[Row]:
    """Ours to its own bytes, in several runs; then beside each peer, which has one run with as many cuts."""
    size, cuts, runs = (QUICK_LARGE, QUICK_CUTS, 1) if quick else (LARGE, CUTS, CUT_RUNS)
    before = load()
    ratios, seconds, sealed = [], [], 0
    for run in range(runs):
        ratio, took, sealed = _through_cuts(around, size, cuts, random.Random(run))
        ratios.append(ratio)
        seconds.append(took)
    what = f"one letter of {size / 1e6:g} MB through {cuts} cuts: bytes on the wire, both ways, to its sealed bytes"
    ours = Row(
        name="sync-cuts",
        what=what,
        unit="×",
        count=runs,
        median=median(ratios),
        worst=max(ratios),
        limit="each byte once",
        limit_median=1.0,
        goal="≤ 1.1 ×",
        met=None if quick else max(ratios) <= 1.1,
        note=f"cut after random bytes, other ones in each run; the terminal's program started anew after every fifth"
        f" cut; {median(seconds):.1f} s with waits of at most {HASTE.longest_wait_s} s after a cut; load {before}",
    )
    rows = [ours]
    for peer in PEERS:
        answer = Absent("a quick run") if quick else peer.drain([sealed], 0.0, _places(sealed, cuts, random.Random(0)))
        row = replace(ours, name=f"sync-cuts-{peer.NAME}", what=f"the same, {peer.NAME}", goal="", met=None, note="")
        if isinstance(answer, Absent):
            rows.append(replace(row, limit=f"{peer.TITLE}: {answer.why}", limit_median=None))
        else:
            rows.append(replace(row, limit=peer.TITLE, limit_median=answer.wire / sealed))
    return rows


def _places(sealed: int, cuts: int, chance: random.Random) -> list[int]:
    """After how many bytes from the terminal the line breaks: anywhere within the letter."""
    return sorted(chance.sample(range(1, sealed), cuts))


def _through_cuts(around: World, size: int, cuts: int, chance: random.Random) -> tuple[float, float, int]:
    """One letter; (bytes on the wire ÷ sealed bytes, seconds, sealed bytes)."""
    terminal = around.terminal()
    try:
        terminal.accept(size, chance)
        [sealed] = terminal.sealed()
        with Line(around.port, cuts=_places(sealed, cuts, chance)) as line:
            seconds = terminal.send(line.url, HASTE, anew=range(5, cuts, 5))
            weight = line.weight()
        assert weight.cuts == cuts, f"the line broke {weight.cuts} times"
        return weight.both / sealed, seconds, sealed
    finally:
        terminal.close()


# ---- many submissions


def _drain_rows(around: World, quick: bool, rtt_ms: float) -> list[Row]:
    """Four figures beside each of two peers. Everybody has a turn before anybody has the second."""
    runs = 1 if quick or rtt_ms else DRAINS
    before = load()
    ours: list[Drained] = []
    theirs: dict[str, list[Drained]] = {name: [] for name in TITLES}
    absent: dict[str, str] = {name: "skipped: a quick run" for name in theirs} if quick else {}
    sizes: list[int] = []
    for run in range(runs):
        drained, sizes = _drained(around, QUICK_MIXED if quick else MIXED, rtt_ms, random.Random(run))
        ours.append(drained)
        for peer in PEERS:
            if peer.NAME not in absent:
                answer = peer.drain(sizes, rtt_ms)
                if isinstance(answer, Absent):
                    absent[peer.NAME] = f"skipped: {answer.why}"
                else:
                    theirs[peer.NAME].append(answer)
    far = f", {rtt_ms:g} ms there and back" if rtt_ms else ""
    note = f"{len(sizes):,} submissions, {sum(sizes):,} bytes sealed; load {before} before, {load()} after"
    rows: list[Row] = []
    for name, drains in theirs.items():
        for figure, unit, words in FIGURES:
            own = [_figure(each, figure) for each in ours]
            other = [_figure(each, figure) for each in drains]
            rows.append(
                Row(
                    name=f"sync-{figure}-{name}" + ("-far" if rtt_ms else ""),
                    what=f"{len(sizes):,} mixed submissions drained{far}: {words}",
                    unit=unit,
                    count=len(own),
                    median=median(own),
                    worst=max(own),
                    limit=absent.get(name, TITLES[name]),
                    limit_median=median(other) if other else None,
                    note=note if not rows else "",
                )
            )
    return rows


def _figure(drained: Drained, which: str) -> float:
    return {
        "seconds": drained.seconds,
        "wire": drained.wire / 1e6,
        "terminal": drained.terminal_cpu_s,
        "central": drained.central_cpu_s,
    }[which]


def _drained(
    around: World, mixed: Sequence[tuple[int, int]], rtt_ms: float, chance: random.Random
) -> tuple[Drained, list[int]]:
    """Ours, with the settings of the field; and the bytes of each sealed letter, which the peers are to carry."""
    order = [size for size, count in mixed for _ in range(count)]
    chance.shuffle(order)
    terminal = around.terminal()
    try:
        for size in order:
            terminal.accept(size, chance)
        sizes = terminal.sealed()
        with Line(around.port, rtt_ms=rtt_ms) as line:
            theirs, own = around.central.cpu_s(), time.process_time()
            seconds = terminal.send(line.url)
            own = time.process_time() - own
            until_opened("127.0.0.1", around.port)
            theirs = around.central.cpu_s() - theirs
            return Drained(seconds, line.weight().both, own, theirs), sizes
    finally:
        terminal.close()
