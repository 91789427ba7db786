"""Staff who come by the city's own provider: believed for what it signed, for this asking, and for nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc.jwk import ECKey

from central.connectors.oidc import OidcSettings, Provider, read_settings
from central.jobs import staff
from central.rules.roles import Role
from central.store import audit
from central.wiring import Central
from tests.central.provider import FakeProvider, serving_provider
from tests.central.shared import app as app
from tests.central.shared import central as central
from tests.central.shared import clock as clock
from tests.central.shared import shared as shared
from tests.central.world import BASE, Clock, error

pytestmark = pytest.mark.threads_stay("the provider's connections end by themselves")


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeProvider]:
    with serving_provider() as provider:
        yield provider


@pytest.fixture
def settings(fake: FakeProvider) -> OidcSettings:
    return OidcSettings(
        issuer=fake.url,
        client=fake.client,
        secret=fake.secret,
        public_url=BASE,
        roles={"nuanting-review": Role.REVIEWER, "nuanting-admin": Role.ADMIN},
        regions=("sh-310101",),
    )


@pytest.fixture
def client(app: FastAPI, settings: OidcSettings, fake: FakeProvider, clock: Clock) -> Iterator[TestClient]:
    clock.move(minutes=1)
    fake.now = int(clock().timestamp())
    fake.changed, fake.alg, fake.down, fake.issuer = {}, "ES256", False, ""
    fake.published = [fake.key]
    app.state.oidc = Provider(settings)
    yield TestClient(app, base_url=BASE, follow_redirects=False)
    app.state.oidc = None


def there(client: TestClient, onward: str = "/queue") -> str:
    answer = client.get("/login/oidc", params={"next": onward})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def back(client: TestClient, brought: dict[str, str]) -> httpx2.Response:
    return client.get("/login/oidc/back", params=brought)


def come(client: TestClient, fake: FakeProvider, **changed: Any) -> httpx2.Response:
    fake.changed = changed
    return back(client, fake.visit(there(client)))


def test_somebody_comes_by_the_provider_and_has_the_roles_it_says(
    client: TestClient, fake: FakeProvider, central: Central
) -> None:
    answer = come(client, fake, sub="u-first")
    assert answer.status_code == 200
    assert 'url=/queue"' in answer.text
    me = client.get("/v1/staff/session").json()
    assert (me["name"], me["roles"], me["regions"]) == ("林 审核", ["reviewer"], ["sh-310101"])
    with central.database.reading() as connection:
        found = [(event.who, event.what) for event in audit.newest(connection, 5, about=me["login"])]
    assert sorted(found) == [(me["login"], "staff.signed_in"), ("oidc", "staff.added")]
    assert client.get("/queue").status_code == 200


def test_the_next_time_it_is_the_same_person_with_the_roles_of_today(
    client: TestClient, fake: FakeProvider, central: Central
) -> None:
    assert come(client, fake, sub="u-twice").status_code == 200
    first = client.get("/v1/staff/session").json()["login"]
    assert come(client, fake, sub="u-twice", roles="nuanting-admin").status_code == 200
    me = client.get("/v1/staff/session").json()
    assert (me["login"], me["roles"]) == (first, ["admin"])
    assert client.get("/queue").status_code == 403


def test_who_comes_by_the_provider_has_no_password_here(
    client: TestClient, fake: FakeProvider, central: Central
) -> None:
    assert come(client, fake, sub="u-none").status_code == 200
    login = client.get("/v1/staff/session").json()["login"]
    for password in ("", "anything at all"):
        assert staff.sign_in(central, login, password, "000000") is staff.SignInRefusal.WRONG


def test_who_was_let_out_here_stays_out(client: TestClient, fake: FakeProvider, central: Central) -> None:
    assert come(client, fake, sub="u-out").status_code == 200
    login = client.get("/v1/staff/session").json()["login"]
    staff.set_disabled(central, login, True)
    assert error(come(client, fake, sub="u-out")) == "staff.disabled"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "somebody-else"},
        {"aud": ["nuanting", "somebody-else"]},
        {"aud": ["nuanting", "somebody-else"], "azp": "somebody-else"},
        {"nonce": "of another asking"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
    ],
)
def test_a_token_that_was_made_for_something_else_is_not_believed(
    client: TestClient, fake: FakeProvider, changed: dict[str, Any]
) -> None:
    answer = come(client, fake, **changed)
    assert (answer.status_code, error(answer)) == (403, "oidc.bad_token")
    assert client.get("/v1/staff/session").status_code == 401


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_a_token_without_the_providers_signature_is_not_believed(
    client: TestClient, fake: FakeProvider, alg: str
) -> None:
    fake.alg = alg
    assert error(come(client, fake)) == "oidc.bad_token"


def test_a_token_of_a_key_that_the_provider_does_not_publish_is_not_believed(
    client: TestClient, fake: FakeProvider
) -> None:
    fake.published = [ECKey.generate_key("P-256", {"kid": "k2"})]
    assert error(come(client, fake)) == "oidc.bad_token"


def test_a_provider_may_change_its_key(client: TestClient, fake: FakeProvider) -> None:
    assert come(client, fake, sub="u-key").status_code == 200
    old = fake.key
    try:
        fake.key = ECKey.generate_key("P-256", {"kid": "k3"})
        fake.published = [fake.key]
        assert come(client, fake, sub="u-key").status_code == 200
    finally:
        fake.key = old


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"roles": ["something-else"]}, "staff.no_roles"),
        ({"roles": None}, "staff.no_roles"),
        ({"roles": {"a": 1}}, "staff.no_roles"),
        ({"roles": ["nuanting-review", "nuanting-admin"]}, "staff.powers_apart"),
    ],
)
def test_who_has_no_roles_here_or_too_many_is_not_let_in(
    client: TestClient, fake: FakeProvider, changed: dict[str, Any], word: str
) -> None:
    answer = come(client, fake, sub="u-roles", **changed)
    assert (answer.status_code, error(answer)) == (403, word)


def test_a_second_factor_may_be_wanted(
    app: FastAPI, client: TestClient, fake: FakeProvider, settings: OidcSettings
) -> None:
    app.state.oidc = Provider(settings.model_copy(update={"amr": ("otp", "hwk")}))
    assert error(come(client, fake, sub="u-amr", amr=["pwd"])) == "oidc.one_factor"
    assert come(client, fake, sub="u-amr", amr=["pwd", "otp"]).status_code == 200


def test_regions_may_come_with_the_token(
    app: FastAPI, client: TestClient, fake: FakeProvider, settings: OidcSettings
) -> None:
    app.state.oidc = Provider(settings.model_copy(update={"regions_claim": "areas"}))
    assert error(come(client, fake, sub="u-areas")) == "staff.bad_regions"
    assert come(client, fake, sub="u-areas", areas=["bj", "sh"]).status_code == 200
    assert client.get("/v1/staff/session").json()["regions"] == ["bj", "sh"]


# ---- somebody in between ----------------------------------------------------------------------------------------


def test_a_code_that_was_brought_to_another_browser_is_refused(
    app: FastAPI, client: TestClient, fake: FakeProvider
) -> None:
    brought = fake.visit(there(client))
    victim = TestClient(app, base_url=BASE, follow_redirects=False)
    there(victim)
    assert error(back(victim, brought)) == "oidc.not_asked"
    assert error(back(TestClient(app, base_url=BASE), brought)) == "oidc.not_asked"


def test_a_code_works_once_and_for_ten_minutes(client: TestClient, fake: FakeProvider, clock: Clock) -> None:
    where = there(client)
    brought = fake.visit(where)
    kept = dict(client.cookies)
    assert back(client, brought).status_code == 200
    client.cookies.update(kept)
    assert error(back(client, brought)) == "oidc.refused"
    client.cookies.clear()
    brought = fake.visit(there(client))
    clock.move(minutes=11)
    assert error(back(client, brought)) == "oidc.too_late"


def test_a_code_without_its_verifier_is_worth_nothing(client: TestClient, fake: FakeProvider) -> None:
    first = fake.visit(there(client))
    second = fake.visit(there(client))
    assert error(back(client, second | {"code": first["code"]})) == "oidc.refused"


@pytest.mark.parametrize("brought", [{}, {"error": "access_denied", "state": "x"}, {"code": "", "state": ""}])
def test_who_comes_back_with_nothing_is_refused(client: TestClient, brought: dict[str, str]) -> None:
    there(client)
    assert error(back(client, brought)) == "oidc.refused"


def test_a_provider_that_does_not_answer_is_said(client: TestClient, fake: FakeProvider) -> None:
    fake.down = True
    answer = client.get("/login/oidc")
    assert (answer.status_code, error(answer)) == (503, "oidc.unreachable")


def test_another_issuer_at_the_address_is_refused(client: TestClient, fake: FakeProvider) -> None:
    fake.issuer = "https://elsewhere.example"
    assert error(client.get("/login/oidc")) == "oidc.not_the_issuer"


def test_where_there_is_no_provider_there_is_no_door(app: FastAPI, client: TestClient) -> None:
    app.state.oidc = None
    assert client.get("/login/oidc").status_code == 404
    assert client.get("/login/oidc/back?code=x&state=y").status_code == 404


def test_settings_are_read_whole_and_hide_their_secret(tmp_path: Path, settings: OidcSettings) -> None:
    path = tmp_path / "oidc.json"
    path.write_text(settings.model_dump_json(), "utf-8")
    assert read_settings(path) == settings
    assert settings.secret not in repr(settings)
    path.write_text(settings.model_dump_json().replace("reviewer", "king"), "utf-8")
    with pytest.raises(ValueError, match="role"):
        read_settings(path)


def test_the_cookie_that_waits_is_sealed(client: TestClient, fake: FakeProvider) -> None:
    where = there(client)
    kept = client.cookies["nuanting_oidc"]
    state = fake.visit(where)["state"]
    assert state not in kept
    client.cookies.clear()
    client.cookies.set("nuanting_oidc", kept[:-4] + "AAAA", domain="127.0.0.1", path="/login/oidc")
    assert error(back(client, {"state": state, "code": "code-0"})) == "oidc.not_asked"
