"""Staff: let in by what they know and what they have, believed while they work, let out at once."""

import dataclasses
import io
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from central import __main__ as program
from central.jobs import audit, staff
from central.jobs.staff import SignInRefusal, StaffRefused
from central.routes.requests import safe_next
from central.rules.roles import Role
from central.store import audit as audit_store
from central.wiring import Central
from tests.central.people import PASSWORD, Official, begin
from tests.central.shared import app as app
from tests.central.shared import central as central
from tests.central.shared import client as client
from tests.central.shared import clock as clock
from tests.central.shared import shared as shared
from tests.central.shared import wang as wang
from tests.central.world import BASE, Clock, error
from trust.passwords import Passwords, new_password, totp_code, totp_counter
from trust.vault import Vault, VaultBroken


def credentials(who: Official, **changed: str) -> dict[str, str]:
    return {"login": who.login, "password": PASSWORD, "code": who.code()} | changed


def enter(client: TestClient, who: Official, **changed: str) -> Any:
    return client.post("/v1/staff/session", json=credentials(who, **changed))


def done(who: Official) -> list[tuple[str, str]]:
    """(who, what) of the audit about somebody, oldest first."""
    with who.central.database.reading() as connection:
        found = audit_store.newest(connection, 100, about=who.login)
    return [(event.who, event.what) for event in sorted(found, key=lambda event: event.seq)]


# ---- in and out ---------------------------------------------------------------------------------------------


def test_somebody_signs_in_is_known_and_signs_out(client: TestClient, wang: Official, central: Central) -> None:
    answer = enter(client, wang)
    assert answer.status_code == 200
    me = client.get("/v1/staff/session").json()
    assert (me["login"], me["roles"], me["regions"]) == (wang.login, ["reviewer"], ["sh-310101"])
    assert me == answer.json()
    out = client.delete("/v1/staff/session", headers={"X-CSRF-Token": me["csrf"]})
    assert out.status_code == 204
    assert error(client.get("/v1/staff/session")) == "staff.not_signed_in"
    assert done(wang)[-2:] == [(wang.login, "staff.signed_in"), (wang.login, "staff.signed_out")]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_who_was_let_in_for_english_is_shown_english(
    client: TestClient, wang: Official, central: Central, language: str
) -> None:
    staff.set_language(central, wang.login, language)
    answer = client.post(
        "/login", data=credentials(wang), headers={"Origin": "http://127.0.0.1"}, follow_redirects=False
    )
    assert answer.status_code == 303
    shown = [each for each in answer.headers.get_list("set-cookie") if each.startswith("lang=")]
    assert [each.split(";")[0] for each in shown] == (["lang=en"] if language == "en" else [])


def test_the_cookie_is_for_our_own_pages_and_no_script(client: TestClient, wang: Official) -> None:
    cookie = enter(client, wang).headers["set-cookie"]
    assert cookie.startswith("nuanting_session=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_behind_a_proxy_the_cookie_is_for_tls_only(central: Central, app: Any, wang: Official) -> None:
    behind = dataclasses.replace(central, settings=dataclasses.replace(central.settings, behind_proxy=True))
    app.state.central = behind
    cookie = enter(TestClient(app, base_url=BASE), wang).headers["set-cookie"]
    assert cookie.startswith("__Host-nuanting_session=")
    assert "Secure" in cookie.split("; ")
    app.state.central = central


@pytest.mark.parametrize("changed", [{"password": "something else"}, {"code": "000000"}, {"code": ""}, {"login": "li"}])
def test_whatever_is_wrong_the_word_is_the_same(client: TestClient, wang: Official, changed: dict[str, str]) -> None:
    answer = enter(client, wang, **changed)
    assert (answer.status_code, error(answer)) == (401, "staff.wrong")
    assert "set-cookie" not in answer.headers


def test_an_unknown_login_costs_the_same_work(
    central: Central, wang: Official, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[bool] = []
    fits = Passwords.fits
    monkeypatch.setattr(
        Passwords, "fits", lambda self, kept, told: checked.append(bool(kept)) or fits(self, kept, told)
    )
    for login in (wang.login, "nobody"):
        assert staff.sign_in(central, login, "wrong password", "123456") is SignInRefusal.WRONG
    assert checked == [True, False]
    assert fits(central.passwords, "", "") is False


def test_a_code_works_once(central: Central, wang: Official, clock: Clock) -> None:
    wang.sign_in()
    again = staff.sign_in(central, wang.login, PASSWORD, wang.code())
    assert again is SignInRefusal.WRONG
    clock.move(seconds=30)
    wang.sign_in()


def test_an_older_code_than_the_last_used_one_is_not_taken(central: Central, wang: Official, clock: Clock) -> None:
    older = wang.code()
    clock.move(seconds=30)
    wang.sign_in()
    assert staff.sign_in(central, wang.login, PASSWORD, older) is SignInRefusal.WRONG


def test_five_mistakes_lock_for_fifteen_minutes_and_only_who_knows_all_is_told(
    central: Central, wang: Official, clock: Clock
) -> None:
    for _ in range(5):
        assert staff.sign_in(central, wang.login, "wrong password", wang.code()) is SignInRefusal.WRONG
    assert staff.sign_in(central, wang.login, "wrong password", wang.code()) is SignInRefusal.WRONG
    assert staff.sign_in(central, wang.login, PASSWORD, wang.code()) is SignInRefusal.LOCKED
    assert (wang.login, "staff.locked") in done(wang)
    clock.move(minutes=15)
    wang.sign_in()


def test_a_success_forgets_the_mistakes(central: Central, wang: Official, clock: Clock) -> None:
    for _ in range(3):
        for _ in range(4):
            assert staff.sign_in(central, wang.login, "wrong password", wang.code()) is SignInRefusal.WRONG
        wang.sign_in()
        clock.move(minutes=1)


def test_a_session_ends_when_nobody_works(central: Central, wang: Official, clock: Clock) -> None:
    token = wang.sign_in().token
    clock.move(minutes=14)
    assert staff.session(central, token) is not None
    clock.move(minutes=14)
    assert staff.session(central, token) is not None
    clock.move(minutes=15)
    assert staff.session(central, token) is None


def test_a_session_ends_after_twelve_hours_of_work(central: Central, wang: Official, clock: Clock) -> None:
    token = wang.sign_in().token
    for _ in range(71):
        clock.move(minutes=10)
        assert staff.session(central, token) is not None
    clock.move(minutes=10)
    assert staff.session(central, token) is None


def test_who_is_let_out_has_no_session_any_more(central: Central, wang: Official, clock: Clock) -> None:
    token = wang.sign_in().token
    staff.set_disabled(central, wang.login, True)
    assert staff.session(central, token) is None
    clock.move(minutes=1)
    assert staff.sign_in(central, wang.login, PASSWORD, wang.code()) is SignInRefusal.WRONG
    staff.set_disabled(central, wang.login, False)
    assert staff.session(central, token) is None
    wang.sign_in()


def test_other_roles_count_from_the_next_request_on(central: Central, wang: Official) -> None:
    token = wang.sign_in().token
    staff.change_staff(central, wang.login, "王", [Role.TECHNICIAN], ["*"], by="admin")
    changed = staff.session(central, token)
    assert changed is not None
    assert (changed.roles, changed.regions) == (frozenset({Role.TECHNICIAN}), ("*",))


def test_a_new_password_ends_every_session(client: TestClient, central: Central, wang: Official, clock: Clock) -> None:
    other = begin(central, wang.login).token
    csrf = enter(client, wang).json()["csrf"]
    told = {"old": PASSWORD, "new": "another long password"}
    shown = {"X-CSRF-Token": csrf}
    wrong = client.post("/v1/staff/password", json=told | {"old": "wrong password"}, headers=shown)
    assert (wrong.status_code, error(wrong)) == (403, "staff.wrong")
    weak = client.post("/v1/staff/password", json=told | {"new": "short"}, headers=shown)
    assert (weak.status_code, error(weak)) == (422, "staff.weak_password")
    assert client.post("/v1/staff/password", json=told, headers=shown).status_code == 204
    assert staff.session(central, other) is None
    clock.move(minutes=1)
    assert staff.sign_in(central, wang.login, PASSWORD, wang.code()) is SignInRefusal.WRONG
    wang.password = "another long password"
    wang.sign_in()


# ---- asked by another page ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "word"),
    [
        ({}, "request.bad_csrf"),
        ({"X-CSRF-Token": "0" * 64}, "request.bad_csrf"),
        ({"Origin": "https://elsewhere.example"}, "request.other_site"),
        ({"Origin": "null"}, "request.other_site"),
        ({"Sec-Fetch-Site": "cross-site"}, "request.other_site"),
    ],
)
def test_a_page_of_another_site_changes_nothing(
    client: TestClient, wang: Official, headers: dict[str, str], word: str
) -> None:
    csrf = enter(client, wang).json()["csrf"]
    shown = headers if word == "request.bad_csrf" else {"X-CSRF-Token": csrf, **headers}
    answer = client.delete("/v1/staff/session", headers=shown)
    assert (answer.status_code, error(answer)) == (403, word)
    assert client.get("/v1/staff/session").status_code == 200


def test_signing_in_from_another_site_is_refused(client: TestClient, wang: Official) -> None:
    answer = client.post("/v1/staff/session", json=credentials(wang), headers={"Origin": "https://elsewhere.example"})
    assert (answer.status_code, error(answer)) == (403, "request.other_site")


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"login":1}', b"\xff", b'{"login":"a","password":"b"}'])
def test_credentials_without_sense_get_a_word(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/staff/session", content=body)
    assert (answer.status_code, error(answer)) == (422, "staff.not_credentials")


@given(st.text(max_size=60))
def test_after_signing_in_one_stays_at_central(text: str) -> None:
    where = safe_next(text)
    assert where.startswith("/")
    assert not where.startswith(("//", "/\\"))


@pytest.mark.parametrize("text", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", ""])
def test_no_other_place_to_go_on(text: str) -> None:
    assert safe_next(text) == "/"


# ---- who there is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"login": "Wang"}, "staff.bad_login"),
        ({"login": "rule"}, "staff.bad_login"),
        ({"login": "terminal:x"}, "staff.bad_login"),
        ({"name": " "}, "staff.bad_name"),
        ({"roles": []}, "staff.no_roles"),
        ({"roles": [Role.ADMIN, Role.REVIEWER]}, "staff.powers_apart"),
        ({"roles": [Role.AUDITOR, Role.INTAKE]}, "staff.powers_apart"),
        ({"roles": [Role.AUDITOR, Role.ADMIN]}, "staff.powers_apart"),
        ({"regions": []}, "staff.bad_regions"),
        ({"password": "short"}, "staff.weak_password"),
        ({"password": "my name is zhang indeed"}, "staff.weak_password"),
        ({"login": "taken"}, "staff.login_taken"),
    ],
)
def test_nobody_is_let_in_against_the_rules(
    central: Central, wang: Official, changed: dict[str, Any], word: str
) -> None:
    told: dict[str, Any] = {
        "login": "zhang",
        "name": "张",
        "roles": [Role.INTAKE],
        "regions": ["*"],
        "password": PASSWORD,
    }
    before = staff.everybody(central)
    if changed == {"login": "taken"}:
        changed = {"login": wang.login}
    with pytest.raises(StaffRefused, match=word):
        staff.add_staff(central, **told | changed)
    assert staff.everybody(central) == before


def test_neither_password_nor_secret_is_kept_readable(central: Central, wang: Official) -> None:
    row = next(row for row in staff.everybody(central) if row.login == wang.login)
    assert row.password.startswith("$argon2id$")
    assert row.totp is not None
    assert wang.secret.encode() not in row.totp
    assert wang.secret not in repr(row)
    assert PASSWORD not in repr(row)
    with pytest.raises(VaultBroken):
        central.vault.open_own("totp somebody-else", row.totp)


def test_what_central_seals_for_itself_survives_a_new_key() -> None:
    vault = Vault.generate()
    sealed = vault.seal_own("totp a", b"secret")
    assert vault.rotated().open_own("totp a", sealed) == b"secret"
    for broken in (b"", sealed[:-1], b"x" * len(sealed)):
        with pytest.raises(VaultBroken):
            vault.open_own("totp a", broken)


def test_a_code_is_six_digits_of_about_now(clock: Clock) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    now = clock()
    code = totp_code(secret, now)
    step = int(now.timestamp()) // 30
    assert totp_counter(secret, f" {code[:3]} {code[3:]}", now, 0) == step
    assert totp_counter(secret, code, now, step) is None
    clock.move(seconds=30)
    assert totp_counter(secret, code, clock(), 0) == step
    clock.move(seconds=60)
    assert totp_counter(secret, code, clock(), 0) is None
    for odd in ("", "12345", "1234567", "１２３４５６", "abcdef"):
        assert totp_counter(secret, odd, now, 0) is None


# ---- by hand ------------------------------------------------------------------------------------------------


def test_the_first_administrator_comes_in_by_hand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(tmp_path / "by-hand")
    monkeypatch.setattr("sys.stdin", io.StringIO("a password typed in\n"))
    add = ["staff", "add", "--folder", folder, "--login", "chen", "--name", "陈", "--role", "admin", "--password-stdin"]
    assert program.main(add) == 0
    told = capsys.readouterr().out
    assert "a password typed in" not in told
    assert secret_shown(told)
    assert program.main(["staff", "reset", "--folder", folder, "--login", "chen"]) == 0
    again = capsys.readouterr().out
    assert secret_shown(again) != secret_shown(told)
    assert "password: " in again
    assert program.main(["staff", "disable", "--folder", folder, "--login", "chen"]) == 0
    assert program.main(["staff", "list", "--folder", folder]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "chen\t陈\tadmin\t*\tout"
    assert program.main(["staff", "disable", "--folder", folder, "--login", "nobody"]) == program.EXIT_CANNOT
    assert "nobody has this login" in capsys.readouterr().err


def secret_shown(text: str) -> str:
    line = next(line for line in text.splitlines() if line.startswith("authenticator: "))
    return line.split("secret=")[1].split("&")[0]


def test_what_is_done_by_hand_is_in_the_audit(central: Central, wang: Official) -> None:
    assert done(wang) == [("desk", "staff.added")]
    with central.database.reading() as connection:
        event = audit_store.newest(connection, 1, about=wang.login)[0]
    assert event.facts == {"roles": "reviewer", "regions": "sh-310101"}
    assert audit.sign_heads(central) == 1
    assert audit.sign_heads(central) == 0


def test_a_password_that_is_made_holds_no_login_by_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["98-He-5432_x7cQw", "hE98765432-_x7cQ", "q_98765432-x7cQw"])
    monkeypatch.setattr("trust.passwords.secrets.token_urlsafe", lambda _size: next(drawn))
    assert new_password("he") == "q_98765432-x7cQw"
