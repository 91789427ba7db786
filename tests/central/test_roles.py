"""Every route by every role, and by nobody: made from the application, so that a route without a right fails here.

On SQLite only: who may do what does not depend on the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from central.app import create_app
from central.jobs.staff import Session
from central.routes import requests
from central.routes.requests import StaffDependency
from central.rules.roles import APART, MATRIX, Permission, Role, allowed, powers_clash
from central.settings import CentralSettings
from tests.central.people import CHEAP, as_browser, begin, let_in
from tests.central.world import BASE, Clock, error

FOR_ANYBODY = {
    ("POST", "/v1/enrol"),  # the code stands for the signature
    ("POST", "/v1/departments/{name}"),  # a department's own signature: `central.connectors.callbacks`
    ("POST", "/v1/staff/session"),
    ("GET", "/login"),
    ("GET", "/login/oidc"),
    ("GET", "/login/oidc/back"),
    ("POST", "/login"),
    ("GET", "/verify"),
    ("POST", "/verify"),
    ("GET", "/style.css"),
    ("GET", "/desk.js"),
    ("GET", "/health"),
    ("GET", "/ready"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
}
"""What needs no right, each on purpose. A route that is neither here nor asks for a right fails."""


@dataclass(frozen=True)
class Asked:
    """A route, and what it asks for."""

    method: str
    path: str
    terminal: bool
    staff: tuple[StaffDependency, ...] = field(default=())

    @property
    def address(self) -> str:
        return self.path.replace("{case:path}", "A-1").replace("{terminal:path}", "NT-1").replace("{letter}", "x")

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/v1/")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    app = create_app(CentralSettings(tmp_path_factory.mktemp("central") / "c", password_cost=CHEAP), now=Clock())
    yield app
    app.state.central.close()


@pytest.fixture(scope="module")
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url=BASE)


@pytest.fixture(scope="module")
def routes(app: FastAPI) -> list[Asked]:
    return [asked for route in walk(app.routes) for asked in asks(route)]


def walk(routes: Any) -> Iterator[Any]:
    for route in routes:
        if hasattr(route, "original_router"):
            yield from walk(route.original_router.routes)
        else:
            yield route


def calls(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for each in dependant.dependencies:
        yield from calls(each)


def asks(route: Any) -> Iterator[Asked]:
    found = list(calls(route.dependant)) if isinstance(route, APIRoute) else []
    staff = tuple(each for each in found if isinstance(each, StaffDependency))
    for method in route.methods or ():
        if not (method == "HEAD" and "GET" in route.methods):
            yield Asked(method, route.path, requests.signed in found, staff)


# ---- the matrix itself --------------------------------------------------------------------------------------


def test_every_role_has_its_rights_and_every_right_somebody() -> None:
    assert set(MATRIX) == set(Role)
    assert set().union(*MATRIX.values()) == set(Permission)


def test_the_powers_are_apart() -> None:
    assert MATRIX[Role.ADMIN] == {Permission.MANAGE_STAFF}
    assert MATRIX[Role.AUDITOR] == {Permission.SEE_AUDIT}
    for permission in (Permission.MANAGE_STAFF, Permission.SEE_AUDIT):
        assert len([role for role in Role if allowed([role], permission)]) == 1
    for role in Role:
        assert not powers_clash([role])
        assert powers_clash([role, Role.ADMIN]) == (role is not Role.ADMIN)
        assert powers_clash([role, Role.AUDITOR]) == (role is not Role.AUDITOR)
    assert not powers_clash([role for role in Role if role not in APART])


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR, Role.TECHNICIAN, Role.CATALOGUE, Role.AGENT])
def test_who_does_not_work_on_cases_sees_none(role: Role) -> None:
    assert not MATRIX[role] & {
        Permission.OPEN_CASE,
        Permission.SEE_FILES,
        Permission.CHECK_CASE,
        Permission.DECIDE_CASE,
        Permission.SEARCH_PERSON,
        Permission.EXPORT_PERSON,
    }


def test_who_receives_does_not_decide() -> None:
    assert not allowed([Role.INTAKE], Permission.DECIDE_CASE)


# ---- every route --------------------------------------------------------------------------------------------


def test_every_route_asks_for_a_terminal_a_right_or_is_for_anybody_on_purpose(routes: list[Asked]) -> None:
    undeclared = [
        (each.method, each.path)
        for each in routes
        if not each.terminal and not each.staff and (each.method, each.path) not in FOR_ANYBODY
    ]
    assert undeclared == []
    guarded = {(each.method, each.path) for each in routes if each.terminal or each.staff}
    assert not guarded & FOR_ANYBODY
    assert {(each.method, each.path) for each in routes} >= FOR_ANYBODY


def test_nobody_gets_nothing(routes: list[Asked], client: TestClient) -> None:
    for each in routes:
        if (each.method, each.path) in FOR_ANYBODY:
            continue
        answer = client.request(each.method, each.address, follow_redirects=False)
        if each.is_api:
            assert answer.status_code == 401, each
        else:
            assert answer.status_code == 303, each
            assert answer.headers["location"].startswith("/login"), each
        assert not answer.content or answer.headers["content-type"] == "application/json", each


def test_a_session_does_not_speak_for_a_terminal(routes: list[Asked], client: TestClient, app: FastAPI) -> None:
    let_in(app.state.central, "boss", Role.REVIEWER, Role.INTAKE, Role.TECHNICIAN)
    session = begin(app.state.central, "boss")
    terminals = [each for each in routes if each.terminal]
    assert len(terminals) >= 6
    for each in terminals:
        answer = as_browser(client, session, each.method, each.address)
        assert (answer.status_code, answer.headers["Error-Word"]) == (401, "request.unsigned"), each


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_what_its_rights_say_and_nothing_else(
    role: Role, routes: list[Asked], client: TestClient, app: FastAPI
) -> None:
    central = app.state.central
    let_in(central, f"one-{role.value}", role)
    session: Session = begin(central, f"one-{role.value}")
    may = may_not = 0
    for each in routes:
        if not each.staff or (each.method, each.path) in ENDS_THE_SESSION:
            continue
        wanted = [guard.permission for guard in each.staff if guard.permission is not None]
        answer = as_browser(client, session, each.method, each.address)
        if all(allowed([role], permission) for permission in wanted):
            assert answer.status_code not in (401, 403), each
            assert not answer.headers.get("location", "").startswith("/login"), each
            may += 1
        else:
            assert answer.status_code == 403, each
            may_not += 1
    assert may_not > 5
    assert may >= 3


ENDS_THE_SESSION = {("DELETE", "/v1/staff/session"), ("POST", "/logout"), ("POST", "/v1/staff/password")}


def test_every_change_wants_the_proof_that_our_own_page_asked(
    routes: list[Asked], client: TestClient, app: FastAPI
) -> None:
    central = app.state.central
    logins = {}
    for role in Role:
        let_in(central, f"two-{role.value}", role)
        logins[role] = begin(central, f"two-{role.value}")
    changes = [each for each in routes if each.staff and each.method not in ("GET", "HEAD")]
    assert len(changes) > 5
    for each in changes:
        wanted = [guard.permission for guard in each.staff if guard.permission is not None]
        role = next(role for role in Role if all(allowed([role], permission) for permission in wanted))
        cookie = {"Cookie": f"nuanting_session={logins[role].token}"}
        answer = client.request(each.method, each.address, headers=cookie, follow_redirects=False)
        assert answer.status_code == 403, each
        if each.is_api:
            assert error(answer) == "request.bad_csrf", each
        elsewhere = cookie | {"X-CSRF-Token": logins[role].csrf, "Origin": "https://elsewhere.example"}
        answer = client.request(each.method, each.address, headers=elsewhere, follow_redirects=False)
        assert answer.status_code == 403, each
