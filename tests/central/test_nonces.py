"""A terminal's request is believed once, for a quarter of an hour, as it was signed, and from that terminal."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping

import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient

from central import desk
from central.jobs import retention
from central.store import staff as store
from central.store import terminals
from central.wiring import Central
from tests.central.shared import app as app
from tests.central.shared import central as central
from tests.central.shared import client as client
from tests.central.shared import clock as clock
from tests.central.shared import new_terminal as new_terminal
from tests.central.shared import shared as shared
from tests.central.world import BASE, Clock, Terminal, error
from trust.keys import SigningKey
from trust.requests import claim_of, sign_request
from wire.canonical import canonical
from wire.ids import RegionId, TerminalId
from wire.messages import LetterBatch

TARGET = "/v1/mirror?have=0"


def signed(terminal: Terminal, method: str = "GET", target: str = TARGET, body: bytes = b"") -> dict[str, str]:
    return sign_request(terminal.key, method, target, {}, body, terminal.clock())


def sent(terminal: Terminal, headers: Mapping[str, str], target: str = TARGET) -> httpx2.Response:
    return terminal.client.get(target, headers=dict(headers))


def test_the_very_same_request_is_refused_the_second_time(new_terminal: Callable[[], Terminal], clock: Clock) -> None:
    terminal = new_terminal()
    headers = signed(terminal)
    assert sent(terminal, headers).status_code == 200
    for _ in range(2):
        again = sent(terminal, headers)
        assert (again.status_code, error(again), again.headers["Error-Word"]) == (401, *["request.replayed"] * 2)
        clock.move(minutes=5)
    assert sent(terminal, signed(terminal)).status_code == 200


def test_a_replayed_batch_changes_nothing(new_terminal: Callable[[], Terminal], client: TestClient) -> None:
    terminal = new_terminal()
    batch = LetterBatch(letters=(terminal.letter(terminal.application("N-1")),))
    body = canonical(batch.model_dump(mode="json"))
    headers = signed(terminal, "POST", "/v1/letters", body)
    assert client.post("/v1/letters", content=body, headers=headers).status_code == 200
    again = client.post("/v1/letters", content=body, headers=headers)
    assert (again.status_code, error(again)) == (401, "request.replayed")


def test_a_request_that_was_not_believed_uses_no_nonce_up(new_terminal: Callable[[], Terminal]) -> None:
    terminal = new_terminal()
    headers = signed(terminal)
    assert error(sent(terminal, headers, "/v1/mirror?have=1")) == "request.bad_signature"
    assert sent(terminal, headers).status_code == 200


def test_another_worker_refuses_it_too(new_terminal: Callable[[], Terminal], app: FastAPI, central: Central) -> None:
    terminal = new_terminal()
    headers = signed(terminal)
    assert sent(terminal, headers).status_code == 200
    app.state.central = dataclasses.replace(central)  # nothing is remembered but in the database
    try:
        answer = TestClient(app, base_url=BASE).get(TARGET, headers=headers)
    finally:
        app.state.central = central
    assert error(answer) == "request.replayed"


def test_a_request_is_stale_after_a_quarter_of_an_hour_either_way(
    new_terminal: Callable[[], Terminal], clock: Clock
) -> None:
    terminal = new_terminal()
    for minutes in (16, -16):
        ahead = sign_request(terminal.key, "GET", TARGET, {}, b"", clock() + dt.timedelta(minutes=minutes))
        answer = sent(terminal, ahead)
        assert (answer.status_code, error(answer)) == (401, "request.stale")
    for minutes in (14, -14):
        assert sent(
            terminal, sign_request(terminal.key, "GET", TARGET, {}, b"", clock() + dt.timedelta(minutes=minutes))
        ).is_success


def test_a_request_signed_anew_by_another_key_is_refused(new_terminal: Callable[[], Terminal], clock: Clock) -> None:
    terminal = new_terminal()
    stranger = sign_request(SigningKey.generate(), "GET", TARGET, {}, b"", clock())
    assert error(sent(terminal, stranger)) == "request.unknown_key"
    claimed = stranger["Signature-Input"].replace(claim(stranger), terminal.key.kid)
    answer = sent(terminal, stranger | {"Signature-Input": claimed})
    assert (answer.status_code, error(answer)) == (401, "request.bad_signature")


def test_one_terminals_signature_does_not_speak_for_another(new_terminal: Callable[[], Terminal]) -> None:
    one, other = new_terminal(), new_terminal()
    letter = one.letter(one.application("N-2"))
    acks = other.send(letter)
    assert [(ack.state.value, ack.reason) for ack in acks] == [("rejected", "letter.not_yours")]
    renamed = signed(other)["Signature-Input"].replace(other.key.kid, one.key.kid)
    assert error(sent(one, signed(other) | {"Signature-Input": renamed})) == "request.bad_signature"


def test_a_withdrawn_terminal_is_refused_at_its_next_request(
    new_terminal: Callable[[], Terminal], central: Central
) -> None:
    terminal = new_terminal()
    assert sent(terminal, signed(terminal)).status_code == 200
    desk.withdraw_terminal(central, RegionId(terminal.region), TerminalId(terminal.terminal), by="wang")
    answer = sent(terminal, signed(terminal))
    assert (answer.status_code, error(answer)) == (403, "terminal.withdrawn")


def test_nonces_are_forgotten_when_nobody_would_believe_them(
    new_terminal: Callable[[], Terminal], central: Central, clock: Clock
) -> None:
    terminal = new_terminal()
    headers = signed(terminal)
    assert sent(terminal, headers).status_code == 200
    made = claim_of(headers)
    assert made is not None
    clock.move(minutes=14)
    retention.sweep(central)
    assert error(sent(terminal, headers)) == "request.replayed"
    clock.move(minutes=17)
    assert error(sent(terminal, headers)) == "request.stale"
    retention.sweep(central)
    with central.database.writing() as connection:
        assert store.remember_nonce(connection, terminal.region, terminal.key.kid, made.nonce, clock())


def test_staff_see_what_holds_a_terminals_key(new_terminal: Callable[[], Terminal], central: Central) -> None:
    terminal = new_terminal()
    with central.database.reading() as connection:
        keys = terminals.keys_with_level(connection, terminal.region, terminal.terminal)
    assert [(key.key.kid, key.level, key.until) for key in keys] == [(terminal.key.kid, "file", None)]


def claim(headers: Mapping[str, str]) -> str:
    made = claim_of(headers)
    assert made is not None
    return made.kid
