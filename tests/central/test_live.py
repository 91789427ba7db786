"""Terminals that are connected hear at once of what concerns them, whichever worker it happens in."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import psycopg
import pytest

from bench.cluster import Cluster
from central import desk
from central.__main__ import CATALOGUE
from central.app import create_app
from central.events.bus import EVERYTHING, Event, EventBus, InProcess
from central.events.notify import Notify
from central.jobs.editions import publish
from central.settings import CentralSettings
from central.store import terminals
from central.wiring import Central
from tests.central.databases import settings_on
from tests.central.test_serve import in_a_thread
from tests.central.waiting import PATIENCE_S, until
from tests.central.world import Clock, Terminal
from trust.requests import sign_request
from wire.ids import ItemCode, RegionId, SiteId, TerminalId

NUMBER = "310101194905150023"


class Heard:
    """Events as they come, in whatever thread."""

    def __init__(self) -> None:
        self._came = threading.Condition()
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        with self._came:
            self.events.append(event)
            self._came.notify_all()

    def wait_for(self, event: Event) -> None:
        with self._came:
            assert self._came.wait_for(lambda: event in self.events, PATIENCE_S), self.events


@contextmanager
def connected(terminal: Terminal, url: str, have: int | None = None) -> Iterator[Iterator[dict[str, object]]]:
    """What a connected terminal is told, without the beats, until central says goodbye."""
    target = "/v1/live" if have is None else f"/v1/live?have={have}"
    signed = sign_request(terminal.key, "GET", target, {}, b"", terminal.clock())
    with (
        httpx2.Client(base_url=url, trust_env=False, timeout=PATIENCE_S) as client,
        client.stream("GET", target, headers=signed) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/x-ndjson"
        yield (json.loads(line) for line in answer.iter_lines() if line)


@contextmanager
def one(settings: CentralSettings, clock: Clock) -> Iterator[tuple[Central, Terminal, str]]:
    app = create_app(settings, now=clock)
    central = app.state.central
    with in_a_thread(app) as url, httpx2.Client(base_url=url, trust_env=False, timeout=PATIENCE_S) as client:
        terminal = Terminal(client, clock)
        terminal.enrol(desk.enrolment_code(central, RegionId("sh"), SiteId("s"), TerminalId("NT-1")))
        yield central, terminal, url


def ticket(central: Central, name: str, door: int) -> None:
    desk.register_ticket(
        central,
        RegionId("sh"),
        TerminalId(name),
        item=ItemCode("juzhuzheng-pickup"),
        what_zh="证",
        what_en="Card",
        door=door,
        number=NUMBER,
    )


def test_a_ticket_is_told_at_once_and_a_stop_says_goodbye(central_settings: CentralSettings, clock: Clock) -> None:
    with one(central_settings, clock) as (central, terminal, url):
        told: list[dict[str, object]] = []
        begun = threading.Event()

        def listen() -> None:
            with connected(terminal, url) as lines:
                for line in lines:
                    told.append(line)
                    begun.set()

        listening = threading.Thread(target=listen)
        listening.start()
        assert begun.wait(PATIENCE_S)
        ticket(central, "NT-1", 1)
        until(lambda: {"changed": "mirror"} in told, "the hint")
    listening.join(PATIENCE_S)
    assert told[0] == {"every_s": 30}
    assert told[-1] == {"bye": True}


def test_whoever_comes_with_an_old_mirror_is_told_at_once(central_settings: CentralSettings, clock: Clock) -> None:
    with one(central_settings, clock) as (central, terminal, url):
        ticket(central, "NT-1", 1)
        with central.database.reading() as connection:
            version = terminals.mirror_versions(connection, "sh", ["NT-1"])["NT-1"]
        with connected(terminal, url, have=version - 1) as lines:
            assert [next(lines), next(lines)] == [{"every_s": 30}, {"changed": "mirror"}]
        with connected(terminal, url, have=version) as lines:
            assert next(lines) == {"every_s": 30}
            with connected(terminal, url, have=version):  # the same terminal again: the first one is let go
                said = (line for line in lines if "changed" not in line)  # the ticket's own event may come only now
                assert next(said) == {"bye": True}


def test_what_is_not_signed_is_not_connected(central_settings: CentralSettings, clock: Clock) -> None:
    with (
        one(central_settings, clock) as (_, terminal, url),
        httpx2.Client(base_url=url, trust_env=False, timeout=PATIENCE_S) as client,
    ):
        assert client.get("/v1/live").status_code == 401
        assert terminal.ask("GET", "/v1/live?have=x").status_code == 422


def test_with_sqlite_another_process_is_noticed_too(tmp_path: Path, clock: Clock) -> None:
    """The counter's program writes into the same file; nobody tells of it, so central looks."""
    with one(settings_on("", tmp_path), clock) as (central, terminal, url):
        with central.database.reading() as connection:
            version = terminals.mirror_versions(connection, "sh", ["NT-1"])["NT-1"]
        with connected(terminal, url, have=version) as lines:
            assert next(lines) == {"every_s": 30}
            central.database.tell = lambda topic, about: None
            ticket(central, "NT-1", 2)
            assert next(lines) == {"changed": "mirror"}
            publish(central, CATALOGUE, by="desk")  # changes no mirror, but what the answer with it says
            assert next(lines) == {"changed": "mirror"}


# ---- the buses ------------------------------------------------------------------------------------------------


@pytest.fixture(params=["in process", "notify"])
def buses(request: pytest.FixtureRequest) -> Iterator[tuple[EventBus, EventBus]]:
    """Who publishes, and who listens: one and the same in a process, two workers' with NOTIFY."""
    if request.param == "in process":
        bus = InProcess()
        yield bus, bus
        bus.close()
        return
    url = request.getfixturevalue("postgresql_url")
    here, there = Notify(url), Notify(url)
    yield here, there
    here.close()
    there.close()


def listening(bus: EventBus, hear: Callable[[Event], None]) -> Callable[[], None]:
    stop = bus.listen(hear)
    assert not isinstance(bus, Notify) or bus.wait_until_listening(PATIENCE_S)
    return stop


def test_what_is_published_is_heard_by_everybody_once_each(buses: tuple[EventBus, EventBus]) -> None:
    here, there = buses
    first, second = Heard(), Heard()
    stop = listening(there, first)
    listening(there, second)
    for number in range(20):
        here.publish(Event("mirror", f"sh/NT-{number}"))
    for heard in (first, second):
        heard.wait_for(Event("mirror", "sh/NT-19"))
        assert heard.events == [Event("mirror", f"sh/NT-{number}") for number in range(20)]
    stop()
    here.publish(Event("mirror", "sh/later"))
    second.wait_for(Event("mirror", "sh/later"))
    assert Event("mirror", "sh/later") not in first.events


def test_the_last_words_before_closing_are_sent(postgresql_url: str) -> None:
    here, there = Notify(postgresql_url), Notify(postgresql_url)
    heard = Heard()
    listening(there, heard)
    here.publish(Event("mirror", "sh/NT-1"))
    here.close()
    heard.wait_for(Event("mirror", "sh/NT-1"))
    there.close()


@pytest.mark.log_warnings_expected
def test_a_cut_connection_comes_back_and_says_that_anything_may_have_changed(
    cluster: Cluster, postgresql_url: str
) -> None:
    here, there = Notify(postgresql_url), Notify(postgresql_url)
    heard = Heard()
    listening(there, heard)
    here.publish(Event("mirror", "sh/before"))
    heard.wait_for(Event("mirror", "sh/before"))
    name = psycopg.conninfo.conninfo_to_dict(postgresql_url.replace("+psycopg", ""))["dbname"]
    with cluster.connect("postgres") as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    heard.wait_for(Event(EVERYTHING, EVERYTHING))
    here.publish(Event("mirror", "sh/after"))
    heard.wait_for(Event("mirror", "sh/after"))
    here.close()
    there.close()


def test_nothing_is_told_of_what_did_not_happen(central: Central) -> None:
    heard = Heard()
    central.database.tell = lambda topic, about: heard(Event(topic, about))
    with suppress(ZeroDivisionError), central.database.writing() as connection:
        terminals.mirror_changed(connection, "sh", "NT-1")
        raise ZeroDivisionError
    assert heard.events == []
    with central.database.writing() as connection:
        terminals.mirror_changed(connection, "sh", "NT-1")
        terminals.mirror_changed(connection, "sh", "NT-1")
        assert heard.events == []
    assert heard.events == [Event("mirror", "sh/NT-1")]
