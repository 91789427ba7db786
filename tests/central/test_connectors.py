"""Departments: one contract for the demonstration, the one over HTTP and a recording; breakers; what terminals hear."""

import datetime as dt
import json
import urllib.parse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.loader import load
from catalogue.model import ItemKind
from central.__main__ import CATALOGUE
from central.connectors.breaker import Breaker, BreakerState
from central.connectors.callbacks import believe, signed
from central.connectors.demo import CALLBACK_SECRET, DECIDED_AFTER, DemoConnector
from central.connectors.department import (
    Away,
    Department,
    NotTaken,
    Standing,
    Stands,
    Submission,
    Taken,
    Unknown,
)
from central.connectors.http import HttpDepartment
from central.connectors.recording import Recorder, Replayer
from central.connectors.web import LARGEST_ANSWER, Endpoint
from central.jobs.mirror import mirror
from central.jobs.outages import breaker_of, probe_departments, query
from central.rules.letters import Sender
from central.rules.records import number_is_sound
from central.wiring import Central
from tests.central.elsewhere import Elsewhere, elsewhere
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.waiting import PATIENCE_S
from tests.central.world import NAME, NUMBER, START, Clock, Terminal
from wire.messages import RecordState

APPLICATIONS = [item for item in load(CATALOGUE).items if item.kind is ItemKind.APPLY]


def numbered(sequence: str) -> str:
    """A made-up number that has this sequence."""
    start = f"31010119490515{sequence}"
    return next(start + check for check in "0123456789X" if number_is_sound(start + check))


def submission(item: str = "jinglaoka", number: str = NUMBER, key: str = "key-1") -> Submission:
    return Submission(key, "A-1", 1, item, 1, START, NAME, number, {"contact.phone": "13800001234"})


BODY = json.dumps({"reference": "D1", "standing": "granted"}).encode()


class DepartmentContract:
    """What every department keeps to. `department` is made by who inherits; `clock` is its clock."""

    def test_a_record_says_where_it_is_from_and_as_of_when(self, department: Department) -> None:
        answer = department.query("shebao-proof", NUMBER, NAME)
        assert answer.state is RecordState.FOUND
        assert answer.source
        assert answer.as_of is not None
        assert all(len(row) == len(answer.columns) for row in answer.rows)

    def test_nothing_is_an_answer(self, department: Department) -> None:
        assert department.query("shebao-proof", numbered("999"), NAME).state is RecordState.NOTHING

    @pytest.mark.parametrize("item", APPLICATIONS, ids=lambda item: item.code)
    def test_every_application_of_the_catalogue_is_taken_once_for_each_key(
        self, department: Department, item: object
    ) -> None:
        code = getattr(item, "code", "")
        first = department.submit(submission(code, key=f"key {code}"))
        assert isinstance(first, Taken)
        assert department.submit(submission(code, key=f"key {code}")) == first

    def test_what_was_taken_is_granted_in_the_end(self, department: Department, clock: Clock) -> None:
        taken = department.submit(submission())
        assert isinstance(taken, Taken)
        assert self._standing(department, taken) is Standing.RECEIVED
        clock.move(hours=1)
        assert self._standing(department, taken) is Standing.WORKING
        clock.move(days=2)
        assert self._standing(department, taken) is Standing.GRANTED

    def test_some_are_refused_and_some_not_taken(self, department: Department, clock: Clock) -> None:
        taken = department.submit(submission(number=numbered("998")))
        assert isinstance(taken, Taken)
        clock.move(seconds=DECIDED_AFTER.total_seconds())
        assert self._standing(department, taken) is Standing.REFUSED
        assert isinstance(department.submit(submission(number=numbered("997"), key="k2")), NotTaken)

    def _standing(self, department: Department, taken: Taken) -> Standing:
        stands = department.status(taken.reference)
        assert isinstance(stands, Stands), stands
        assert stands.reference == taken.reference
        return stands.standing

    def test_a_reference_that_nobody_gave_is_unknown(self, department: Department) -> None:
        assert isinstance(department.status("never / given?"), Unknown)

    def test_what_it_sends_is_believed_when_it_is_signed(self, department: Department, clock: Clock) -> None:
        headers = signed(CALLBACK_SECRET, BODY, clock())
        assert department.callback(headers, BODY) == Stands("D1", Standing.GRANTED, clock())
        assert isinstance(department.callback({}, BODY), Unknown)
        assert isinstance(department.callback(headers, BODY + b" "), Unknown)

    def test_it_says_that_it_is_there(self, department: Department) -> None:
        assert department.probe() is True


class TestDemo(DepartmentContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def department(self, clock: Clock) -> Department:
        return DemoConnector(clock)

    def test_away_is_said_and_not_raised(self, clock: Clock) -> None:
        demo = DemoConnector(clock)
        demo.available = False
        assert demo.query("shebao-proof", NUMBER, NAME).state is RecordState.UNAVAILABLE
        assert (demo.submit(submission()), demo.status("x"), demo.probe()) == (Away("demo"), Away("demo"), False)

    def test_an_allowance_is_twelve_months(self, clock: Clock) -> None:
        answer = DemoConnector(clock).query("jintie-account", NUMBER, NAME)
        assert (len(answer.rows), answer.heading["津贴"]) == (12, "老年综合津贴")


def serve_demo(served: Elsewhere, demo: DemoConnector) -> None:
    """A department's own end of the wire."""
    keys: dict[str, bytes] = {}

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        told = json.loads(body) if body else {}
        match method, path.split("/")[2]:
            case "POST", "query":
                return 200, demo.query(told["item"], told["number"], told["name"]).model_dump_json().encode()
            case "POST", "submit":
                key = headers["idempotency-key"]
                assert keys.setdefault(key, body) == body
                at = dt.datetime.fromisoformat(told.pop("submitted_at"))
                outcome = demo.submit(Submission(key=key, submitted_at=at, **told))
                match outcome:
                    case Taken(reference=reference):
                        return 201, json.dumps({"reference": reference}).encode()
                    case NotTaken(why=why):
                        return 422, json.dumps({"why": why}).encode()
                    case Away():
                        return 503, b""
            case "GET", "status":
                stands = demo.status(urllib.parse.unquote(path.split("/")[3]))
                return (
                    (200, json.dumps({"standing": stands.standing}).encode())
                    if isinstance(stands, Stands)
                    else (404, b"")
                )
            case "GET", "health":
                return 200 if demo.probe() else 503, b""
        return 404, b""

    served.answer = answer


@pytest.fixture
def served() -> Iterator[Elsewhere]:
    with elsewhere() as found:
        yield found


def over_http(served: Elsewhere, clock: Clock, timeout_s: float = PATIENCE_S) -> HttpDepartment:
    return HttpDepartment("a department", Endpoint(served.url + "/v1/", "t", b"s", timeout_s), clock, CALLBACK_SECRET)


class TestHttp(DepartmentContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def department(self, served: Elsewhere, clock: Clock) -> Department:
        serve_demo(served, DemoConnector(clock))
        return over_http(served, clock)

    @pytest.mark.parametrize("mishap", [302, 400, 404, 500, "drop", "cut"])
    def test_no_sense_is_away(self, department: Department, served: Elsewhere, mishap: str | int) -> None:
        served.mishaps = [mishap] * 3
        assert department.query("shebao-proof", NUMBER, NAME).state is RecordState.UNAVAILABLE
        assert isinstance(department.submit(submission()), Away)
        if mishap not in (404, "cut"):  # of an empty answer half is the whole
            assert isinstance(department.status("x"), Away)

    def test_a_yes_without_sense_is_away(self, department: Department, served: Elsewhere) -> None:
        for body in (b"", b"<html>login</html>", b"[1]", b'{"reference": 7}', b'{"standing": "maybe"}', b"\xff"):
            served.answer = lambda *_, body=body: (200, body)
            assert department.query("shebao-proof", NUMBER, NAME).state is RecordState.UNAVAILABLE
            assert isinstance(department.submit(submission()), Away)
            assert isinstance(department.status("x"), Away)

    def test_an_answer_without_end_or_time_is_left(self, served: Elsewhere, clock: Clock) -> None:
        served.answer = lambda *_: (200, b" " * (LARGEST_ANSWER + 1))
        assert over_http(served, clock).query("x", NUMBER, NAME).state is RecordState.UNAVAILABLE
        served.answer = lambda *_: (200, b"{}")
        served.mishaps = ["drip"]
        assert over_http(served, clock, timeout_s=0.2).submit(submission()) == Away("timeout")

    def test_without_a_secret_no_callback_is_believed(self, served: Elsewhere, clock: Clock) -> None:
        silent = HttpDepartment("x", Endpoint(served.url), clock)
        assert isinstance(silent.callback(signed(b"", BODY, clock()), BODY), Unknown)

    @pytest.mark.parametrize("url", ["", "ftp://x", "http://", "/v1", "file:///etc"])
    def test_an_endpoint_is_checked_when_it_is_made(self, url: str) -> None:
        with pytest.raises(ValueError, match="endpoint"):
            Endpoint(url)

    def test_nothing_of_an_endpoint_shows_its_secrets(self) -> None:
        assert "hush" not in repr(Endpoint("http://x", "hush", b"hush"))
        assert NAME not in repr(submission())


class TestReplay(DepartmentContract):
    """Each test's exchanges are recorded of the demonstration, then replayed: the recording keeps to the contract."""

    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def department(self, tmp_path: Path, clock: Clock, request: pytest.FixtureRequest) -> Department:
        path = tmp_path / "recording.jsonl"
        recorded = Recorder(DemoConnector(clock), path)
        test = getattr(DepartmentContract, request.node.originalname)
        told = {name: request.node.callspec.params[name] for name in ("item",) if "item" in request.fixturenames}
        wants = {"clock": clock} if "clock" in test.__code__.co_varnames[: test.__code__.co_argcount] else {}
        test(self, recorded, **wants, **told)
        clock.at = START
        return Replayer(path)

    def test_what_was_never_asked_is_not_answered(self, tmp_path: Path) -> None:
        (tmp_path / "empty").write_text("")
        empty = Replayer(tmp_path / "empty")
        assert empty.query("x", NUMBER, NAME).state is RecordState.UNAVAILABLE
        assert isinstance(empty.submit(submission()), Away)
        assert isinstance(empty.status("x"), Away)
        assert isinstance(empty.callback({}, b""), Unknown)
        assert empty.probe() is False


# ---- callbacks ----------------------------------------------------------------------------------------------------


def test_an_old_callback_and_another_secret_are_not_believed() -> None:
    headers = signed(b"secret", BODY, START)
    assert isinstance(believe(b"secret", headers, BODY, START), Stands)
    assert believe(b"secret", headers, BODY, START + dt.timedelta(minutes=6)) == Unknown("stale")
    assert believe(b"secret", headers, BODY, START - dt.timedelta(minutes=6)) == Unknown("stale")
    assert believe(b"other", headers, BODY, START) == Unknown("signature")
    assert believe(b"secret", signed(b"secret", b"[]", START), b"[]", START) == Unknown("senseless")


@given(at=st.text(max_size=20), signature=st.text(max_size=70), body=st.binary(max_size=50))
def test_no_bytes_break_a_callback(at: str, signature: str, body: bytes) -> None:
    headers = {"nuanting-time": at, "nuanting-signature": signature}
    assert isinstance(believe(b"secret", headers, body, START), Unknown)


# ---- breakers -----------------------------------------------------------------------------------------------------


def test_a_breaker_opens_after_three_failures_rests_and_lets_one_try() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    assert [breaker.failed() for _ in range(3)] == [False, False, True]
    assert (breaker.state, breaker.allows()) == (BreakerState.OPEN, False)
    clock.move(seconds=31)
    assert breaker.state is BreakerState.HALF_OPEN
    assert [breaker.allows(), breaker.allows()] == [True, False]
    assert breaker.failed() is False
    clock.move(seconds=31)
    assert breaker.state is BreakerState.OPEN  # it rests twice as long now
    clock.move(seconds=30)
    assert breaker.allows()
    assert breaker.succeeded() is True
    assert (breaker.state, breaker.allows(), breaker.succeeded()) == (BreakerState.CLOSED, True, False)


def test_a_success_forgets_the_failures_before_it() -> None:
    breaker = Breaker(Clock())
    for _ in range(5):
        assert [breaker.failed(), breaker.failed(), breaker.succeeded()] == [False, False, False]


def test_who_was_let_through_and_never_said_how_it_went_blocks_nobody_for_good() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(3):
        breaker.failed()
    clock.move(seconds=31)
    assert breaker.allows()
    assert not breaker.allows()
    clock.move(seconds=31)
    assert breaker.allows()


@given(st.lists(st.tuples(st.sampled_from(["ask", "ok", "no"]), st.integers(-50, 700)), max_size=60))
def test_no_breaker_stays_open_for_longer_than_its_longest_rest(steps: list[tuple[str, int]]) -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for step, seconds in steps:
        clock.move(seconds=seconds)
        if step == "ask":
            breaker.allows()
        else:
            (breaker.succeeded if step == "ok" else breaker.failed)()
    clock.move(minutes=10)
    assert breaker.allows()


# ---- what terminals hear ------------------------------------------------------------------------------------------


def closed(central: Central, terminal: Terminal) -> tuple[int, dict[str, str]]:
    told = mirror(central, Sender(terminal.region, terminal.terminal), 0)
    assert told is not None
    return told.mirror.version, told.mirror.closed_items


@pytest.mark.log_warnings_expected
def test_an_item_whose_department_is_away_is_closed_at_terminals_until_it_answers(
    terminal: Terminal, central: Central, clock: Clock
) -> None:
    central.breakers.clear()
    demo = DemoConnector(clock)
    central = replace(central, connectors={"shebao-proof": demo})
    before, open_items = closed(central, terminal)
    assert open_items == {}
    demo.available = False
    for _ in range(4):
        assert query(central, demo, "shebao-proof", NUMBER, NAME).state is RecordState.UNAVAILABLE
    version, items = closed(central, terminal)
    assert (version > before, items) == (True, {"shebao-proof": "department.away"})
    demo.available = True
    assert query(central, demo, "shebao-proof", NUMBER, NAME).state is RecordState.UNAVAILABLE  # it rests
    assert closed(central, terminal) == (version, items)
    clock.move(seconds=31)
    assert probe_departments(central) == 1
    after, items = closed(central, terminal)
    assert (after > version, items) == (True, {})
    assert query(central, demo, "shebao-proof", NUMBER, NAME).state is RecordState.FOUND


@pytest.mark.log_warnings_expected
def test_a_worker_that_was_started_anew_looks_after_what_was_closed(
    terminal: Terminal, central: Central, clock: Clock
) -> None:
    central.breakers.clear()
    demo = DemoConnector(clock)
    demo.available = False
    central = replace(central, connectors={"shebao-proof": demo})
    for _ in range(3):
        query(central, demo, "shebao-proof", NUMBER, NAME)
    anew = replace(central, breakers={})
    assert probe_departments(anew) == 0
    assert breaker_of(anew, "shebao-proof").state is BreakerState.OPEN
    demo.available = True
    clock.move(minutes=2)
    assert probe_departments(anew) == 1
    assert closed(central, terminal)[1] == {}
    central.breakers.clear()


@pytest.mark.log_warnings_expected
def test_what_has_no_department_any_more_is_opened_again(terminal: Terminal, central: Central, clock: Clock) -> None:
    central.breakers.clear()
    demo = DemoConnector(clock)
    demo.available = False
    for _ in range(3):
        query(central, demo, "shebao-proof", NUMBER, NAME)
    probe_departments(replace(central, connectors={}))
    assert closed(central, terminal)[1] == {}
    central.breakers.clear()
