"""Hints that the mirror has changed: central's own over a real server, and those of a server that means harm."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central import desk
from central.app import create_app
from central.settings import CentralSettings
from central.wiring import Central
from hardware.api.clock import SystemClock
from offline_cache.boot import Opened, open_store
from offline_cache.enrol import enrol_here
from offline_cache.hints import LONGEST, Hints, HintSettings, Line, meaning
from offline_cache.identity import Identity
from offline_cache.link import Cut, Link
from offline_cache.store import SqlStore
from offline_cache.sync import Sync, SyncSettings, SyncState
from tests.central.test_serve import in_a_thread
from tests.offline_cache.rig import a_rig
from tests.offline_cache.world import (
    IDENTITY,
    NUMBER,
    SMALL_STORE,
    CentralEnd,
    HandClock,
    Handler,
    error_500,
    html_200,
    redirect,
    serving,
)
from wire.deeds import Network
from wire.ids import ItemCode, RegionId, SiteId, TerminalId

PATIENCE_S = 20.0
NT = TerminalId("NT-1")
SELDOM = SyncSettings(mirror_every_s=1e6)
AT_ONCE = HintSettings(first_wait_s=0.0)


class States:
    """What a sync tells, from whatever thread."""

    def __init__(self, *others: Callable[[SyncState], None]) -> None:
        self._others = others
        self._came = threading.Condition()
        self._now = SyncState()

    def __call__(self, state: SyncState) -> None:
        for other in self._others:
            other(state)
        with self._came:
            self._now = state
            self._came.notify_all()

    def wait_for(self, wanted: Callable[[SyncState], bool]) -> None:
        with self._came:
            assert self._came.wait_for(lambda: wanted(self._now), PATIENCE_S), self._now


# ---- with central ---------------------------------------------------------------------------------------------


class Running:
    """A terminal's store, sync and hints, on their threads; the mirror alone would be asked for every eleven days."""

    def __init__(self, store: SqlStore, link: Link) -> None:
        self.store = store
        self.hints = Hints(link, lambda: self.sync.mirror_hinted(), SystemClock(), settings=AT_ONCE)
        self.states = States(self.hints.told)
        self.sync = Sync(store, link, SystemClock(), settings=SELDOM, changed=self.states)

    def wait_for_doors(self, doors: list[int]) -> None:
        """Until these have tickets in the mirror."""
        self.states.wait_for(lambda _: [ticket.door for ticket in self.store.mirror().tickets] == doors)

    def stop(self) -> None:
        assert self.hints.stop(PATIENCE_S)
        assert self.sync.stop(PATIENCE_S)


@contextmanager
def running(folder: Path) -> Iterator[tuple[Central, Running]]:
    with ExitStack() as stack:
        app = create_app(CentralSettings(folder / "central"))
        url = stack.enter_context(in_a_thread(app))
        code = desk.enrolment_code(app.state.central, RegionId("sh"), SiteId("s"), NT)
        identity = enrol_here(url, code, folder / "terminal", SystemClock())
        assert isinstance(identity, Identity)
        outcome = open_store(folder / "terminal", identity, SystemClock(), SMALL_STORE)
        assert isinstance(outcome, Opened)
        stack.callback(outcome.store.close)
        link = Link(url, identity.key, SystemClock())
        stack.callback(link.close)
        made = Running(outcome.store, link)
        stack.callback(made.stop)
        yield app.state.central, made


def register(central: Central, door: int) -> None:
    desk.register_ticket(
        central,
        RegionId("sh"),
        NT,
        item=ItemCode("juzhuzheng-pickup"),
        what_zh="证",
        what_en="Card",
        door=door,
        number=NUMBER,
    )


def test_a_ticket_registered_at_the_desk_is_here_at_once(tmp_path: Path) -> None:
    with running(tmp_path) as (central, terminal):
        terminal.sync.start()
        terminal.states.wait_for(lambda state: state.network is Network.UP and state.mirror > 0)
        register(central, 1)  # nobody listens yet: `have` tells
        terminal.hints.start()
        terminal.wait_for_doors([1])
        register(central, 2)
        terminal.wait_for_doors([1, 2])


# ---- with whoever says he is central --------------------------------------------------------------------------


class Live:
    """A server's end of the open answer: `pieces` are sent to each who comes, then it is silent or ends."""

    def __init__(self, *pieces: bytes, stays: bool = False, again: bytes = b"") -> None:
        self.pieces = pieces
        self.stays = stays
        self.again = again  # sent for ever
        self.came = threading.Semaphore(0)
        self.targets: list[str] = []
        self.left = threading.Event()
        self.over = threading.Event()

    def __call__(self, handler: Handler) -> None:
        self.targets.append(handler.path)
        handler.send_response(200)
        handler.send_header("Content-Type", "application/x-ndjson")
        handler.end_headers()
        handler.close_connection = True
        self.came.release()
        try:
            for piece in self.pieces:
                handler.wfile.write(piece)
            while self.again:
                handler.wfile.write(self.again)
            if self.stays:
                handler.connection.settimeout(PATIENCE_S)
                handler.connection.recv(1)
        except OSError:
            pass
        self.left.set()

    def wait_for_somebody(self) -> None:
        assert self.came.acquire(timeout=PATIENCE_S)


class Heard:
    """Counts the hints, and does something `also`."""

    def __init__(self, also: Callable[[], None] = lambda: None) -> None:
        self.also = also
        self.count = 0
        self._came = threading.Condition()

    def __call__(self) -> None:
        self.also()
        with self._came:
            self.count += 1
            self._came.notify_all()

    def wait_for(self, count: int) -> None:
        with self._came:
            assert self._came.wait_for(lambda: self.count >= count, PATIENCE_S)


@contextmanager
def hints_of(
    reply: Callable[[Handler], None], settings: HintSettings = AT_ONCE
) -> Iterator[tuple[Hints, Heard, HandClock]]:
    """Hints that are not started; jitter is 1, so waits are their bounds."""
    end, clock, heard = CentralEnd(), HandClock(), Heard()
    end.when = lambda handler: reply
    with serving(end) as url:
        link = Link(url, IDENTITY.key, clock)
        hints = Hints(link, heard, clock, settings=settings, chance=lambda: 1.0)
        try:
            yield hints, heard, clock
        finally:
            assert hints.stop(PATIENCE_S)
            link.close()


UP = SyncState(network=Network.UP, mirror=7)
DOWN = SyncState(network=Network.DOWN, mirror=7)
CHANGED = b'{"changed": "mirror"}\n'


@pytest.mark.parametrize(
    ("pieces", "count"),
    [
        ((b'{"every_s": 30}\n', CHANGED, b"\n", b'{"bye": true}\n', CHANGED), 1),
        ((CHANGED[:9], CHANGED[9:], b"\n", CHANGED), 2),
        ((b'{"changed": "weather"}\n{"new word": {}}\n' + CHANGED,), 1),
        ((b"\x00\xff not json\n", CHANGED), 0),
        ((b"[" * 3000 + b"\n", CHANGED), 0),
        ((b"[]\n", CHANGED), 0),
        ((b" " * (LONGEST + 1), b"\n", CHANGED), 0),
        ((CHANGED[:-1],), 0),
    ],
    ids=["as agreed", "in bits", "later words", "garbage", "deep", "not a word", "endless line", "half a line"],
)
def test_what_is_heard_of_an_answer(pieces: tuple[bytes, ...], count: int) -> None:
    """Whatever was said after what ends the answer is not heard."""
    with hints_of(Live(*pieces), HintSettings(breath_s=0.0)) as (hints, heard, _):
        assert hints.listen(Cut()) == 5.0
        assert heard.count == count


def test_a_line_without_end_is_left_and_not_kept() -> None:
    live = Live(again=b" " * 1024)
    with hints_of(live) as (hints, heard, _):
        hints.listen(Cut())
        assert live.left.wait(PATIENCE_S)
        assert heard.count == 0


def test_waits_double_until_an_answer_was_steady() -> None:
    live = Live(b'{"bye": true}\n')
    with hints_of(live, HintSettings()) as (hints, heard, clock):
        waits = [hints.listen(Cut()) for _ in range(10)]
        assert waits == [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0, 900.0, 900.0]
        live.pieces = (CHANGED,)
        heard.also = lambda: clock.pass_(60.0)
        assert hints.listen(Cut()) == 5.0


@pytest.mark.parametrize(
    ("reply", "wait"),
    [
        (lambda handler: handler.error(404, "not_found"), 3600.0),
        (lambda handler: handler.say(404, b"<h1>Not Found</h1>", "text/html"), 3600.0),
        (lambda handler: handler.error(503, "busy", Retry_After="77"), 77.0),
        (lambda handler: handler.error(401, "request.unknown_key"), 5.0),
        (lambda handler: handler.say(200, b"{}"), 5.0),
        (html_200, 5.0),
        (redirect, 5.0),
        (error_500, 5.0),
    ],
    ids=["older central", "older proxy", "busy", "unknown", "another answer", "portal", "redirect", "error"],
)
def test_what_is_no_open_answer_is_waited_after(reply: Callable[[Handler], None], wait: float) -> None:
    with hints_of(reply, HintSettings()) as (hints, heard, _):
        assert hints.listen(Cut()) == wait
        assert heard.count == 0


def test_silence_ends_an_answer_and_it_is_asked_for_anew() -> None:
    live = Live(b'{"every_s": 30}\n', stays=True)
    with hints_of(live, HintSettings(silence_s=0.05, first_wait_s=0.0)) as (hints, _, _):
        hints.start()
        hints.told(UP)
        live.wait_for_somebody()
        live.wait_for_somebody()
    assert live.targets[0] == "/v1/live?have=7"


def test_nobody_listens_while_central_cannot_be_reached() -> None:
    live = Live(CHANGED, stays=True)
    with hints_of(live) as (hints, heard, _):
        hints.start()
        hints.told(DOWN)
        assert not live.targets
        hints.told(UP)
        heard.wait_for(1)
        hints.told(DOWN)
        assert live.left.wait(PATIENCE_S), "it goes on listening"
        hints.told(UP)
        heard.wait_for(2)
    assert len(live.targets) == 2


def test_a_stop_cuts_what_is_open() -> None:
    live = Live(CHANGED, stays=True)
    with hints_of(live) as (hints, heard, _):
        hints.start()
        hints.told(UP)
        heard.wait_for(1)
        assert hints.stop(PATIENCE_S)
        assert not hints.alive()
    assert live.left.wait(PATIENCE_S)


def test_a_stop_ends_a_wait_and_a_server_that_does_not_answer() -> None:
    begun = threading.Event()

    def mute(handler: Handler) -> None:
        begun.set()
        handler.connection.settimeout(PATIENCE_S)
        handler.connection.recv(1)
        handler.close_connection = True

    with hints_of(mute) as (hints, _, _):
        hints.start()
        hints.told(UP)
        assert begun.wait(PATIENCE_S)
        assert hints.stop(PATIENCE_S)
    live = Live()
    with hints_of(live, HintSettings(first_wait_s=900.0)) as (hints, _, _):
        hints.start()
        hints.told(UP)
        live.wait_for_somebody()
        assert hints.stop(PATIENCE_S)


def test_a_cut_before_the_connection_is_not_forgotten() -> None:
    live = Live(stays=True)
    with hints_of(live) as (hints, _, _):
        cut = Cut()
        cut()
        hints.listen(cut)


@given(st.binary(max_size=300))
def test_any_line_means_something(line: bytes) -> None:
    assert meaning(line) in Line


# ---- what a hint does to the sync -----------------------------------------------------------------------------


def test_a_stream_of_hints_and_the_real_sync(tmp_path: Path) -> None:
    """From the socket to the request: the hand clock stands still, and one request is all that a second allows."""
    live = Live(CHANGED * 60, CHANGED * 60, stays=True)
    with a_rig(tmp_path / "s", settings=SELDOM) as rig:
        rig.end.when = lambda handler: live if handler.path.startswith("/v1/live") else None
        heard = Heard(lambda: rig.sync.mirror_hinted())
        hints = Hints(rig.link, heard, rig.clock, settings=HintSettings(breath_s=0.0))
        states = States(hints.told)
        rig.sync = Sync(rig.store, rig.link, rig.clock, settings=SELDOM, changed=states)
        hints.start()
        rig.sync.start()
        heard.wait_for(120)
        assert hints.stop(PATIENCE_S)
        assert rig.sync.stop(PATIENCE_S)
        assert [path for _, path in rig.end.seen].count("/v1/mirror?have=1") <= 1
        assert len(live.targets) == 1
