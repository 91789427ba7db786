"""Terminals: let in once, believed by their signature, told what lies in their compartments."""

import datetime as dt
import json
from collections.abc import Callable

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from central import desk
from central.events.presence import Presence
from central.rules.enrolment import code_hash, new_code
from central.rules.tickets import KnownTicket, TicketRefusal, TicketState, after_collected
from central.store import cases, letters, terminals, tickets
from central.wiring import Central
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.world import NUMBER, Clock, Terminal, error
from trust.keys import USE_ACK, USE_CODE, USE_SEAL, USE_TERMINAL, KeyRing, SigningKey
from trust.requests import sign_request
from trust.tags import ScryptTags
from wire.canonical import canonical, un_b64u
from wire.ids import ItemCode, RegionId, SiteId, TerminalId
from wire.messages import AckState, Mirror, PublicKey, SignedMirror

SH, SITE = RegionId("sh-310101"), SiteId("人民广场")


def code_for(central: Central, terminal: str = "NT-0009") -> str:
    return desk.enrolment_code(central, SH, SITE, TerminalId(terminal))


def mirror_of(terminal: Terminal, have: int = 0) -> Mirror | None:
    """The terminal's mirror, after checking central's signature; None when nothing is new."""
    answer = terminal.ask("GET", f"/v1/mirror?have={have}")
    if answer.status_code == 304:
        return None
    assert answer.status_code == 200
    told = SignedMirror.model_validate_json(answer.content)
    signed = canonical(json.loads(answer.content)["mirror"])
    assert KeyRing(terminal.keys).verify(USE_ACK, told.kid, signed, un_b64u(told.sig), terminal.clock())
    return told.mirror


def put(central: Central, terminal: Terminal, door: int = 7, pickup_code: str = "") -> str:
    return desk.register_ticket(
        central,
        RegionId(terminal.region),
        TerminalId(terminal.terminal),
        item=ItemCode("juzhuzheng-pickup"),
        what_zh="居住证",
        what_en="Residence permit",
        door=door,
        number=NUMBER,
        pickup_code=pickup_code,
    )


# ---- enrolment ----------------------------------------------------------------------------------------------


def test_a_code_lets_one_terminal_in_and_tells_it_whom_to_trust(
    client: TestClient, central: Central, clock: Clock
) -> None:
    terminal = Terminal(client, clock)
    assert terminal.enrol(code_for(central)).status_code == 200
    assert (terminal.region, terminal.site, terminal.terminal) == (SH, SITE, "NT-0009")
    assert [key.use for key in terminal.keys] == [USE_ACK, USE_CODE, USE_SEAL]


def test_a_code_works_once(client: TestClient, central: Central, clock: Clock) -> None:
    code = code_for(central)
    assert Terminal(client, clock).enrol(code).status_code == 200
    second = Terminal(client, clock)
    answer = second.enrol(code)
    assert (answer.status_code, error(answer)) == (403, "enrol.used_code")
    assert second.ask("GET", "/v1/mirror").status_code == 401


def test_the_same_key_may_ask_again_while_the_code_lives_because_an_answer_can_get_lost(
    client: TestClient, central: Central, clock: Clock
) -> None:
    terminal = Terminal(client, clock)
    code = code_for(central)
    first, again = terminal.enrol(code), terminal.enrol(code)
    assert first.content == again.content
    clock.move(minutes=16)
    assert error(terminal.enrol(code)) == "enrol.used_code"


def test_a_code_ends_after_fifteen_minutes(client: TestClient, central: Central, clock: Clock) -> None:
    code = code_for(central)
    clock.move(minutes=15)
    answer = Terminal(client, clock).enrol(code)
    assert (answer.status_code, error(answer)) == (403, "enrol.expired_code")


def test_an_unknown_code_lets_nobody_in(client: TestClient, clock: Clock) -> None:
    assert error(Terminal(client, clock).enrol(new_code())) == "enrol.unknown_code"


def test_a_code_may_be_typed_as_people_type(client: TestClient, central: Central, clock: Clock) -> None:
    typed = code_for(central).lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert Terminal(client, clock).enrol(typed).status_code == 200


@given(st.text(max_size=40))
def test_any_text_has_a_code_hash(text: str) -> None:
    assert len(code_hash(text)) == 64


@pytest.mark.parametrize("change", [{"use": USE_ACK}, {"alg": "none"}, {"kid": "0" * 16}, {"key": "AAAA"}])
def test_a_key_that_cannot_be_verified_is_not_let_in_and_the_code_stays_good(
    client: TestClient, central: Central, clock: Clock, change: dict[str, str]
) -> None:
    terminal, code = Terminal(client, clock), code_for(central)
    bad: PublicKey = terminal.key.public(USE_TERMINAL).model_copy(update=change)
    answer = client.post("/v1/enrol", content=canonical({"code": code, "key": bad.model_dump(mode="json")}))
    assert (answer.status_code, error(answer)) == (403, "enrol.bad_key")
    assert terminal.enrol(code).status_code == 200


def test_a_key_is_one_terminals_only(enrolled: Callable[[str], Terminal], central: Central) -> None:
    terminal = enrolled("NT-0001")
    assert error(terminal.enrol(code_for(central, "NT-0002"))) == "enrol.bad_key"


def test_a_new_key_replaces_the_old_one_which_still_verifies_what_it_signed(
    enrolled: Callable[[str], Terminal], central: Central
) -> None:
    old = enrolled("NT-0001")
    waiting = old.application("A-1")
    new = enrolled("NT-0001")
    answer = old.ask("GET", "/v1/mirror?have=0")
    assert (answer.status_code, error(answer)) == (403, "terminal.withdrawn")
    assert new.send(new.letter(waiting))[0].state is AckState.RECEIVED
    with central.database.reading() as connection:
        assert cases.find_cases(connection, "A-1")[0].flags == ()


def test_a_withdrawn_terminal_is_not_believed(
    terminal: Terminal, central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(central.database, "tell", lambda *event: told.append(event))
    desk.withdraw_terminal(central, RegionId(terminal.region), TerminalId(terminal.terminal))
    assert told == [(terminals.MIRROR, f"{terminal.region}/{terminal.terminal}")]  # who is connected asks at once
    answer = terminal.post(terminal.letter(terminal.application("A-2")))
    assert (answer.status_code, error(answer)) == (403, "terminal.withdrawn")
    with pytest.raises(desk.UnknownTerminal):
        desk.withdraw_terminal(central, RegionId(terminal.region), TerminalId("NT-7777"))


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"code":"x","key":null}', b"\xff"])
def test_an_enrolment_without_sense_gets_a_word(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/enrol", content=body)
    assert (answer.status_code, error(answer)) == (422, "enrol.not_a_request")


# ---- signatures ---------------------------------------------------------------------------------------------

SIGNED_ROUTES = [("POST", "/v1/letters"), ("GET", "/v1/mirror"), ("POST", "/v1/records"), ("PATCH", "/v1/letters/x")]


@pytest.mark.parametrize(("method", "path"), [*SIGNED_ROUTES, ("HEAD", "/v1/letters/x")])
def test_nothing_is_answered_without_a_signature(client: TestClient, method: str, path: str) -> None:
    assert client.request(method, path, content=b"{}").status_code == 401


@pytest.mark.parametrize(("method", "path"), SIGNED_ROUTES)
def test_nothing_is_answered_to_an_unknown_key(client: TestClient, clock: Clock, method: str, path: str) -> None:
    answer = Terminal(client, clock).ask(method, path, b"{}")
    assert (answer.status_code, error(answer)) == (401, "request.unknown_key")


def test_a_signature_covers_body_method_query_and_time(terminal: Terminal, clock: Clock) -> None:
    letter = terminal.letter(terminal.application("A-3"))
    body = canonical({"letters": [letter.model_dump(mode="json")]})

    def sent(signed_body: bytes, method: str = "POST", target: str = "/v1/letters") -> httpx2.Response:
        signed = sign_request(terminal.key, method, target, {}, signed_body, clock())
        return terminal.client.request("POST", "/v1/letters", content=body, headers=signed)

    assert error(sent(b"{}")) == "request.bad_digest"
    assert error(sent(body, method="PUT")) == "request.bad_signature"
    assert error(sent(body, target="/v1/letters?x=1")) == "request.bad_signature"
    clock.move(days=-2)
    early = sign_request(terminal.key, "POST", "/v1/letters", {}, body, clock())
    clock.move(days=2)
    answer = terminal.client.request("POST", "/v1/letters", content=body, headers=early)
    assert (answer.status_code, error(answer)) == (401, "request.stale")
    assert sent(body).status_code == 200


def test_another_key_under_a_known_name_is_not_believed(terminal: Terminal, clock: Clock) -> None:
    forger = Terminal(terminal.client, clock, key=SigningKey.generate())
    signed = sign_request(forger.key, "GET", "/v1/mirror", {}, b"", clock())
    signed["Signature-Input"] = signed["Signature-Input"].replace(forger.key.kid, terminal.key.kid)
    answer = terminal.client.request("GET", "/v1/mirror", headers=signed)
    assert (answer.status_code, error(answer)) == (401, "request.bad_signature")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(terminal: Terminal) -> None:
    answer = terminal.ask("POST", "/v1/letters", bytes(4 * 1024 * 1024 + 1))
    assert (answer.status_code, error(answer)) == (413, "request.too_large")
    answer = terminal.ask("POST", "/v1/records", bytes(16 * 1024 + 1))
    assert (answer.status_code, error(answer)) == (413, "request.too_large")


# ---- mirror and tickets -------------------------------------------------------------------------------------


def test_a_mirror_lists_tickets_as_tags_and_the_keys_to_trust(terminal: Terminal, central: Central) -> None:
    ticket = put(central, terminal, door=7, pickup_code="7319-6402")
    mirror = mirror_of(terminal)
    assert mirror is not None
    (listed,) = mirror.tickets
    assert (listed.ticket, listed.door, listed.what_zh) == (ticket, 7, "居住证")
    assert listed.holder_tag == ScryptTags().holder(NUMBER, mirror.tag_salt)
    assert listed.code_tag == ScryptTags().code("73196402", mirror.tag_salt)
    assert mirror.keys == terminal.keys
    assert mirror_of(terminal, mirror.version) is None


def test_a_mirror_moves_on_with_every_change(terminal: Terminal, central: Central) -> None:
    first = mirror_of(terminal)
    assert first is not None
    put(central, terminal, door=1)
    second = mirror_of(terminal, first.version)
    assert second is not None
    desk.set_words(
        central,
        RegionId(terminal.region),
        TerminalId(terminal.terminal),
        notices_zh=["今晚维护"],
        notices_en=["Maintenance tonight"],
        closed_items={"jinglaoka": "office.closed"},
    )
    third = mirror_of(terminal, second.version)
    assert third is not None
    assert first.version < second.version < third.version
    assert third.closed_items == {"jinglaoka": "office.closed"}
    assert (third.notices_zh, third.notices_en) == (("今晚维护",), ("Maintenance tonight",))


def test_a_mirror_of_a_restored_backup_is_not_older_than_what_the_terminal_has(terminal: Terminal) -> None:
    mirror = mirror_of(terminal, have=500)
    assert mirror is not None
    assert mirror.version == 501
    assert mirror_of(terminal, have=501) is None
    mirror = mirror_of(terminal, have=2**55)
    assert mirror is not None
    assert mirror.version == 501


def test_a_terminal_sees_its_own_tickets_only(enrolled: Callable[[str], Terminal], central: Central) -> None:
    one, two = enrolled("NT-0001"), enrolled("NT-0002")
    put(central, one)
    mirror = mirror_of(two)
    assert mirror is not None
    assert mirror.tickets == ()


@pytest.mark.parametrize(
    ("outcome", "listed", "state"), [("taken", 0, "closed"), ("doubtful", 0, "doubtful"), ("not_taken", 1, "open")]
)
def test_a_collection_moves_its_ticket(
    terminal: Terminal, central: Central, outcome: str, listed: int, state: str
) -> None:
    ticket = put(central, terminal)
    before = mirror_of(terminal)
    assert before is not None
    letter = terminal.letter(terminal.collected(ticket, 7, outcome))
    terminal.send(letter)
    terminal.send(letter)
    after = mirror_of(terminal)
    assert after is not None
    assert len(after.tickets) == listed
    assert after.version == before.version + (0 if listed else 1)
    with central.database.reading() as connection:
        ((_, now),) = tickets.of_terminal(connection, terminal.region, terminal.terminal)
    assert now.value == state


def test_a_ticket_that_is_closed_stays_closed_and_the_contradiction_is_held(
    terminal: Terminal, central: Central
) -> None:
    ticket = put(central, terminal)
    terminal.send(terminal.letter(terminal.collected(ticket, 7)))
    terminal.send(terminal.letter(terminal.collected(ticket, 7, "not_taken")))
    terminal.send(terminal.letter(terminal.collected("T-unknown", 7)))
    with central.database.reading() as connection:
        notes = sorted(letter.note for letter in letters.troubled(connection, 10))
    assert notes == ["ticket.closed_before", "ticket.unknown"]
    mirror = mirror_of(terminal)
    assert mirror is not None
    assert mirror.tickets == ()


def test_two_things_do_not_lie_behind_one_door(terminal: Terminal, central: Central) -> None:
    put(central, terminal, door=3)
    with pytest.raises(desk.NotPossible, match=r"behind door 3 has not been collected\. Taken at this terminal: 3"):
        put(central, terminal, door=3)
    with pytest.raises(desk.NotPossible, match="no compartment has the number 0"):
        put(central, terminal, door=0)


@given(
    st.none() | st.builds(KnownTicket, st.sampled_from(["a", "b"]), st.sampled_from(TicketState)),
    st.sampled_from(["a", "b"]),
    st.text(max_size=9) | st.sampled_from(["taken", "doubtful", "not_taken"]),
)
def test_only_the_ticket_s_own_terminal_closes_it(ticket: KnownTicket | None, terminal: str, outcome: str) -> None:
    after = after_collected(ticket, terminal, outcome)
    if after is TicketState.CLOSED:
        assert ticket is not None
        assert (ticket.terminal, outcome) == (terminal, "taken")
    if ticket is None:
        assert after is TicketRefusal.UNKNOWN


@pytest.mark.parametrize("have", ["x", "-1", "9" * 30, "１"])
def test_a_mirror_version_without_sense_gets_a_word(terminal: Terminal, have: str) -> None:
    answer = terminal.ask("GET", f"/v1/mirror?have={have}")
    assert answer.status_code in (401, 422)  # a digit outside ASCII is escaped on its way and no longer what was signed


def test_when_a_terminal_was_heard_is_written_at_once_and_then_coarsely(
    terminal: Terminal, central: Central, clock: Clock, app: FastAPI
) -> None:
    def seen() -> dt.datetime | None:
        with central.database.reading() as connection:
            row = terminals.find(connection, terminal.region, terminal.terminal)
        assert row is not None
        return row.seen_at

    presence: Presence = app.state.presence
    assert seen() is None
    mirror_of(terminal)
    first = clock.at
    clock.move(seconds=100)
    mirror_of(terminal)
    assert presence.flush(clock()) == 0
    assert seen() == first
    clock.move(seconds=100)
    mirror_of(terminal)
    assert presence.flush(clock()) == 1
    assert seen() == clock.at
    clock.move(hours=1)
    assert presence.flush(clock()) == 0  # and forgotten, so that its coming back is written at once
    mirror_of(terminal)
    assert seen() == clock.at
