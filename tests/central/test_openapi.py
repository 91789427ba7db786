"""The published description of the API is true: whatever follows it, or breaks it, is answered as it says."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS
from schemathesis.generation import GenerationMode

from central import desk
from central.app import create_app
from central.jobs.staff import Session
from central.rules.roles import Role
from central.settings import CentralSettings
from tests.central.people import CHEAP, begin, let_in
from tests.central.world import BASE, Clock, Terminal
from trust.requests import sign_request
from wire.batches import MAGIC, pack_batch
from wire.canonical import b64u, canonical, un_b64u
from wire.ids import RegionId, SiteId, TerminalId

EXAMPLES = 8
"""For each operation: enough to reach every field of its messages; a night's run may say more."""

ALL = list(HealthCheck)

STREAMS = {"/v1/live"}
"""Answers that stay open."""

NAMES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
"""What is checked. Not: that everything the schema allows is taken (a code must be known, a hash must fit, which no
schema says), and that all it forbids is refused (numbers in quotation marks are read as numbers)."""


@dataclass
class World:
    client: TestClient
    terminal: Terminal
    session: Session

    def send(self, prepared: requests.PreparedRequest, by: str) -> Any:
        """The request as a terminal of ours, or somebody of the staff, would send it."""
        body = prepared.body or b""
        content = body.encode() if isinstance(body, str) else body
        headers = {str(name): str(value) for name, value in prepared.headers.items()}
        headers.pop("Content-Length", None)
        target, method = prepared.path_url, str(prepared.method)
        if by == "terminal":
            headers |= sign_request(self.terminal.key, method, target, headers, content, self.terminal.clock())
        if by == "staff":
            headers |= {"Cookie": f"nuanting_session={self.session.token}", "X-CSRF-Token": self.session.csrf}
        raw = [
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers.items()
        ]
        return self.client.request(method, BASE + target, content=content, headers=raw)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    clock = Clock()
    app = create_app(CentralSettings(tmp_path_factory.mktemp("central") / "c", password_cost=CHEAP), now=clock)
    client = TestClient(app, base_url=BASE, raise_server_exceptions=False)
    terminal = Terminal(client, clock)
    code = desk.enrolment_code(app.state.central, RegionId("sh-310101"), SiteId("x"), TerminalId("NT-0001"))
    assert terminal.enrol(code).status_code == 200
    let_in(app.state.central, "wang", Role.REVIEWER)
    yield World(client, terminal, begin(app.state.central, "wang"))
    app.state.central.close()


@pytest.fixture(scope="module")
def document(world: World) -> dict[str, Any]:
    told: dict[str, Any] = world.client.get("/openapi.json").json()
    return told


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def by_whom(operation: dict[str, Any]) -> str:
    return next((name for each in operation["security"] for name in each), "nobody")


def test_every_route_of_the_api_says_what_it_takes_and_answers(document: dict[str, Any]) -> None:
    seen = set()
    for path, method, operation in operations(document):
        seen.add(path)
        statuses = set(operation["responses"])
        assert statuses & {"200", "204"}, path
        assert "503" in statuses, path
        assert operation["description"], path
        if path.startswith("/v1/"):
            assert by_whom(operation) in ("terminal", "staff", "department") or path in (
                "/v1/enrol",
                "/v1/staff/session",
            ), path
        if by_whom(operation) != "nobody":
            assert {"401", "403"} <= statuses, path
        if method in ("post", "patch"):
            assert "requestBody" in operation, path
    assert seen >= {"/v1/enrol", "/v1/letters", "/v1/letters/{letter}", "/v1/mirror", "/v1/records", "/v1/cases"}
    assert not [path for path in seen if not path.startswith("/v1/") and path not in ("/health", "/ready", "/metrics")]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for name, each in value.items():
                if name == "$ref":
                    yield each
                else:
                    yield from references(each)
        elif isinstance(value, list):
            for each in value:
                yield from references(each)

    found = set(references(document))
    assert found
    for each in found:
        assert each.removeprefix("#/components/schemas/") in document["components"]["schemas"], each


def test_a_terminals_words_are_the_ones_that_are_described(document: dict[str, Any], world: World) -> None:
    terminal = world.terminal
    letter = terminal.letter(terminal.application("O-1"))
    body = canonical({"letters": [letter.model_dump(mode="json")]})
    schema = schemathesis.openapi.from_dict(document)
    answer = terminal.ask("POST", "/v1/letters", body)
    assert answer.status_code == 200
    schema["/v1/letters"]["POST"].validate_response(answer)
    answer = terminal.ask("POST", "/v1/letters", pack_batch([(letter.header, un_b64u(letter.body))]))
    assert answer.status_code == 200
    schema["/v1/letters"]["POST"].validate_response(answer)
    big = terminal.application("O-2", materials=[b"x" * 300_000])
    sealed = terminal.sealed(big, letter_id := terminal.letter_id())
    header = terminal.header(big, letter_id, sealed)
    for answer in (
        terminal.ask("HEAD", f"/v1/letters/{letter_id}"),
        terminal.piece(header, 5, sealed[5:10]),
        terminal.piece(header, 0, sealed[:1000]),
        terminal.piece(header, 1000, sealed[1000:]),
    ):
        schema["/v1/letters/{letter}"][answer.request.method].validate_response(answer)
    assert answer.status_code == 200


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_asked_is_answered_as_it_is_described(
    world: World, document: dict[str, Any], mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_dict(document)
    asked = 0
    for path, method, described in operations(document):
        if path not in STREAMS:
            asked += ask_all(world, schema[path][method.upper()], by_whom(described), mode)
    assert asked > EXAMPLES


def ask_all(world: World, operation: Any, who: str, mode: GenerationMode) -> int:
    """Ask for one operation in many ways; how often."""
    checks = [CHECKS.get_one(name) for name in NAMES]
    asked = 0

    @settings(max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=ALL)
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        nonlocal asked
        told = case.as_transport_kwargs(base_url=BASE)
        known = {name: told[name] for name in told.keys() & {"method", "url", "headers", "params", "data", "json"}}
        answer = world.send(requests.Request(**known).prepare(), who)
        case.validate_response(answer, checks=checks)
        asked += 1

    try:
        ask()
    except Unsatisfiable:  # it takes nothing that could be wrong
        assert mode is GenerationMode.NEGATIVE
    return asked


@given(st.binary(max_size=60), st.lists(st.dictionaries(st.text(max_size=9), st.integers()), max_size=2))
@settings(max_examples=8, deadline=None)
def test_any_packed_batch_is_answered(world: World, body: bytes, headers: list[dict[str, int]]) -> None:
    told = zlib.compress(canonical(headers))
    sizes = b"".join(len(body).to_bytes(4) for _ in headers)
    made = MAGIC + len(headers).to_bytes(2) + len(told).to_bytes(4) + sizes + told + body * len(headers)
    for each in (made, MAGIC + body):
        answer = world.terminal.ask("POST", "/v1/letters", each)
        assert answer.status_code in (413, 422)
        assert set(json.loads(answer.content)) == {"error"}


@given(st.binary(max_size=200), st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=40, deadline=None)
def test_a_piece_with_any_headers_is_answered(world: World, body: bytes, offset: str, header: str) -> None:
    shown = {"Upload-Offset": b64u(offset.encode()), "Letter-Header": b64u(header.encode())}
    signed = sign_request(world.terminal.key, "PATCH", "/v1/letters/x", shown, body, world.terminal.clock())
    answer = world.client.patch("/v1/letters/x", content=body, headers=shown | signed)
    assert (answer.status_code, set(json.loads(answer.content))) == (422, {"error"})


def test_the_document_names_no_folder_and_no_key(document: dict[str, Any], world: World) -> None:
    text = json.dumps(document)
    assert str(Path.cwd()) not in text
    assert world.terminal.key.kid not in text
