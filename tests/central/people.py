"""Staff for central's tests: let in, with the authenticator in the test's hand, and signed in."""

import urllib.parse
from collections.abc import Collection
from dataclasses import dataclass

import httpx2
from fastapi.testclient import TestClient

from central.jobs import staff
from central.jobs.staff import Session
from central.rules.roles import Role
from central.wiring import Central
from trust.passwords import PasswordCost, totp_code

CHEAP = PasswordCost(passes=1, memory_kib=8, lanes=1)
"""Costs that hide nothing: for tests."""
PASSWORD = "long enough for a test"


@dataclass
class Official:
    """Somebody of the staff and what he has to show."""

    central: Central
    login: str
    secret: str
    password: str = PASSWORD

    def code(self) -> str:
        """What his authenticator shows now."""
        return totp_code(self.secret, self.central.now())

    def sign_in(self) -> Session:
        outcome = staff.sign_in(self.central, self.login, self.password, self.code())
        assert isinstance(outcome, Session)
        return outcome


def secret_of(uri: str) -> str:
    return urllib.parse.parse_qs(urllib.parse.urlsplit(uri).query)["secret"][0]


def let_in(central: Central, login: str, *roles: Role, regions: Collection[str] = ("*",)) -> Official:
    return Official(
        central, login, secret_of(staff.add_staff(central, login, f"{login} 演示", roles, regions, PASSWORD))
    )


def begin(central: Central, login: str) -> Session:
    """A session without the work of signing in."""
    with central.database.writing() as connection:
        row = staff.store.find(connection, login)
        assert row is not None
        return staff.begin_session(connection, central, row)


def as_browser(client: TestClient, session: Session, method: str, path: str, **told: object) -> httpx2.Response:
    """A request of our own page in this session: cookie, CSRF token, origin."""
    headers = {
        "Cookie": f"nuanting_session={session.token}",
        "X-CSRF-Token": session.csrf,
        "Origin": "http://127.0.0.1",
    }
    return client.request(method, path, headers=headers, follow_redirects=False, **told)  # type: ignore[arg-type]
