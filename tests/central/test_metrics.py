"""What operators see of central: counts under routes, lines of named fields, and nothing of anybody."""

import dataclasses
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from central.logs import FIELDS, JsonLines, say_logs
from central.store.database import StoreUnavailable
from central.wiring import Central
from tests.central.shared import app as app
from tests.central.shared import central as central
from tests.central.shared import client as client
from tests.central.shared import clock as clock
from tests.central.shared import new_terminal as new_terminal
from tests.central.shared import shared as shared
from tests.central.world import BASE, NAME, NUMBER, Clock, Terminal, error

LABELS = {"route", "method", "status", "worker", "state", "le"}


def samples(client: TestClient) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(client: TestClient, name: str, **labels: str) -> float:
    wanted = set(labels.items())
    return sum(each for (found, told), each in samples(client).items() if found == name and wanted <= set(told))


# ---- metrics ------------------------------------------------------------------------------------------------


def test_requests_are_counted_under_their_route_and_not_under_what_they_name(client: TestClient) -> None:
    before = value(client, "nuanting_requests_total", route="/cases/{case:path}", status="303")
    for number in ("31010120261122", "31010120261123"):
        client.get(f"/cases/{number}", follow_redirects=False)
    assert value(client, "nuanting_requests_total", route="/cases/{case:path}", status="303") == before + 2
    client.get(f"/nothing/{NUMBER}")
    text = client.get("/metrics").text
    assert "3101012026" not in text
    assert NUMBER not in text
    assert value(client, "nuanting_requests_total", route="none", status="404") >= 1


def test_methods_of_ones_own_make_no_series(client: TestClient) -> None:
    client.request("BREW", "/health")
    text = client.get("/metrics").text
    assert "BREW" not in text
    assert 'method="other"' in text


def test_what_there_is_is_counted(client: TestClient, new_terminal: object, clock: Clock, central: Central) -> None:
    assert callable(new_terminal)
    terminal: Terminal = new_terminal()
    before = value(client, "nuanting_letters", state="opened")
    terminal.send(terminal.letter(terminal.application(f"M-{terminal.terminal}")))
    terminal.ask("GET", "/v1/mirror?have=0")
    assert value(client, "nuanting_letters", state="opened") == before + 1
    assert value(client, "nuanting_cases") >= 1
    assert value(client, "nuanting_terminals") >= 1
    assert value(client, "nuanting_database_up") == 1
    assert value(client, "nuanting_audit_unsigned") >= 1


def test_no_label_names_a_terminal_a_case_or_a_person(client: TestClient, new_terminal: object) -> None:
    assert callable(new_terminal)
    terminal: Terminal = new_terminal()
    terminal.send(terminal.letter(terminal.application("M-2")))
    for _, labels in samples(client):
        assert {name for name, _ in labels} <= LABELS
    text = client.get("/metrics").text
    for told in (terminal.terminal, terminal.region, "M-2", NAME, NUMBER):
        assert told not in text


@pytest.mark.log_warnings_expected
def test_a_database_that_does_not_answer_is_said_and_the_rest_is_counted(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, central: Central
) -> None:
    def unavailable() -> Iterator[None]:
        raise StoreUnavailable("OperationalError")

    monkeypatch.setattr(central.database, "reading", unavailable)
    assert value(client, "nuanting_database_up") == 0
    assert value(client, "nuanting_requests_total") > 0
    answer = client.get("/ready")
    assert (answer.status_code, error(answer)) == (503, "store.unavailable")
    assert answer.headers["Retry-After"] == "30"
    monkeypatch.undo()
    assert client.get("/ready").json() == {"state": "ready"}
    assert client.get("/health").json()["state"] == "ok"


@pytest.mark.parametrize(
    ("behind", "token", "shown", "status"),
    [
        (False, "", "", 200),
        (True, "", "", 404),
        (True, "t" * 20, "", 401),
        (True, "t" * 20, "Bearer wrong", 401),
        (True, "t" * 20, "Bearer " + "t" * 20, 200),
        (False, "t" * 20, "", 401),
    ],
)
def test_behind_a_proxy_the_counts_are_for_who_shows_the_token(
    app: FastAPI, central: Central, behind: bool, token: str, shown: str, status: int
) -> None:
    told = dataclasses.replace(central.settings, behind_proxy=behind, metrics_token=token)
    app.state.central = dataclasses.replace(central, settings=told)
    try:
        headers = {"Authorization": shown} if shown else {}
        assert TestClient(app, base_url=BASE).get("/metrics", headers=headers).status_code == status
    finally:
        app.state.central = central


# ---- logs ---------------------------------------------------------------------------------------------------


def written(record: logging.LogRecord) -> dict[str, object]:
    line = JsonLines().format(record)
    assert "\n" not in line
    told: dict[str, object] = json.loads(line)
    return told


def record(message: str, *values: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("central.intake", logging.INFO, "x.py", 1, message, values, None)
    made.__dict__.update(extra)
    return made


def test_a_line_holds_named_fields_and_no_others() -> None:
    told = written(record("letter %s: %s", "abc", "received", terminal="NT-1", status=200, person=NAME, letter=[NAME]))
    assert set(told) == {"at", "level", "logger", "says", "terminal", "status"}
    assert told["says"] == "letter abc: received"
    assert set(FIELDS) >= {"terminal", "status"}


def test_a_mistake_is_told_by_kind_and_place_and_never_by_what_it_failed_on() -> None:
    try:
        int(NUMBER + "x")
    except ValueError as mistake:
        made = record("a mistake of ours")
        made.exc_info = (type(mistake), mistake, mistake.__traceback__)
    told = written(made)
    assert told["mistake"] == "ValueError"
    assert NUMBER not in json.dumps(told)
    assert "test_metrics.py" in json.dumps(told)


def test_a_message_is_one_line_and_bounded() -> None:
    assert len(str(written(record("a\nb" * 4000))["says"])) == 500


def test_logs_go_where_they_are_sent(tmp_path: Path) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers[:] = []
    stream = io.StringIO()
    try:
        say_logs(stream)
        logging.getLogger("central.test").info("one")
    finally:
        root.handlers[:], root.level = before, level
    assert json.loads(stream.getvalue())["says"] == "one"
