"""Verification: what a text proves is said in words, and nothing that is not genuine ever looks so."""

import datetime as dt
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central import desk
from central.console import words
from central.console.chain import gaps
from central.console.verification import Arrival, Finding, verify
from central.jobs.records import ask, figures_hash
from central.rules.letters import Sender
from central.rules.masks import mask_name, mask_number
from central.wiring import Central
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.world import NAME, NUMBER, Clock, Terminal
from trust.keys import SigningKey
from wire.canonical import b64u
from wire.messages import RecordRequest, SignedRecord


def shown(client: TestClient, text: str, lang: str = "zh") -> str:
    """The page for a text, asked both ways: they must agree."""
    pasted = client.post(f"/verify?lang={lang}", data={"t": text})
    linked = client.get("/verify", params={"t": text, "lang": lang})
    assert pasted.status_code == linked.status_code == 200
    assert pasted.text == linked.text
    return pasted.text


def test_a_receipt_is_genuine_before_its_letter_comes_and_agrees_afterwards(
    client: TestClient, terminal: Terminal
) -> None:
    told = terminal.application("A-1")
    page = shown(client, told.receipt)
    assert "这张回执是真的" in page
    assert "还没有到达" in page
    assert "A-1" in page
    terminal.send(terminal.letter(told))
    page = shown(client, told.receipt)
    assert "已到达，内容与这张纸一致" in page
    english = shown(client, told.receipt, "en")
    assert "This receipt is genuine" in english
    assert "It does not prove that the application was accepted" in english


def test_a_code_broken_into_lines_verifies(central: Central, terminal: Terminal) -> None:
    text = terminal.receipt("A-2", ["a" * 64])
    broken = "\r\n ".join(text[at : at + 40] for at in range(0, len(text), 40))
    assert verify(central, broken).finding is Finding.RECEIPT


def test_a_receipt_that_does_not_fit_what_came_says_so(
    client: TestClient, central: Central, terminal: Terminal
) -> None:
    told = terminal.application("A-3")
    other = terminal.receipt("A-3", ["b" * 64])
    terminal.send(terminal.letter(told))
    assert verify(central, other).arrival is Arrival.DIFFERS
    assert "需要人工核对" in shown(client, other)


def test_a_proof_tells_whether_central_gave_its_figures(
    client: TestClient, central: Central, terminal: Terminal
) -> None:
    request = RecordRequest(
        item="shebao-proof", holder_number=NUMBER, holder_name=NAME, consent_at=terminal.clock(), nonce="n" * 16
    )
    record = ask(central, Sender(terminal.region, terminal.terminal), request)
    assert isinstance(record, SignedRecord)
    good = terminal.proof("P-1", figures_hash(record.record))
    other = terminal.proof("P-2", "e" * 64)
    terminal.send(terminal.letter(good))
    page = shown(client, good.token)
    assert "这份证明是真的" in page
    assert "演示数据 · demonstration data" in page
    assert "已到达" in page
    assert "没有交出过这组数据的记录" in shown(client, other.token)


def test_what_is_not_genuine_is_told_apart(client: TestClient, central: Central, terminal: Terminal) -> None:
    text = terminal.receipt("A-4", ["a" * 64])
    head, body, kid, sig = text.split(".")
    stranger = Terminal(client, terminal.clock, key=SigningKey.generate()).receipt("A-4", ["a" * 64])
    forged = ".".join([head, b64u(b'{"case":"A-5"}'), kid, sig])
    findings = {
        "https://example.com/?q=1": Finding.FOREIGN,
        "你好": Finding.FOREIGN,
        text[:-5]: Finding.DAMAGED,
        text.replace(".", "!", 1): Finding.FOREIGN,
        text + "A" * 5000: Finding.DAMAGED,
        forged: Finding.FORGED,
        ".".join([head, body, kid, ("A" if sig[0] != "A" else "B") + sig[1:]]): Finding.FORGED,
        stranger: Finding.UNKNOWN_KEY,
        stranger.replace(stranger.split(".")[2], kid): Finding.FORGED,
    }
    for given_text, finding in findings.items():
        assert verify(central, given_text).finding is finding, given_text[:60]
        page = shown(client, given_text)
        assert "是真的" not in page
        assert words.say(f"verify.{finding.value}", "zh") in page


def test_a_terminal_cannot_speak_for_another(enrolled: Callable[[str], Terminal], central: Central) -> None:
    one, two = enrolled("NT-0001"), enrolled("NT-0002")
    one.terminal = two.terminal
    assert verify(central, one.receipt("A-6", ["a" * 64])).finding is Finding.FORGED


def test_a_citizens_code_is_recognised_and_not_shown(client: TestClient, central: Central) -> None:
    code = desk.citizen_code(central, kind="citizen", name=NAME, number=NUMBER)
    page = shown(client, code)
    assert "这是市民身份码" in page
    assert NAME not in page
    assert NUMBER not in page
    assert code.split(".")[1] not in page


def test_a_receipt_signed_after_its_key_was_replaced_is_doubted(
    enrolled: Callable[[str], Terminal], client: TestClient, clock: Clock
) -> None:
    old = enrolled("NT-0001")
    before = old.receipt("A-7", ["a" * 64])
    clock.move(hours=1)
    enrolled("NT-0001")
    clock.move(hours=1)
    after = old.receipt("A-8", ["a" * 64])
    page = shown(client, before)
    assert "verdict good" in page
    assert "已于" in page
    page = shown(client, after)
    assert "verdict bad" in page
    assert "请向窗口核实" in page


@given(st.text(max_size=40))
def test_a_mask_is_as_long_as_what_it_hides(text: str) -> None:
    assert len(mask_name(text)) == len(mask_number(text)) == len(text)
    assert sum(shown != "*" for shown in mask_name(text)) <= 2
    assert sum(shown != "*" for shown in mask_number(text)) <= 8


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200), st.text(alphabet="NT1.abc-_0", max_size=200))
def test_any_text_can_be_verified(central: Central, text: str, likely: str) -> None:
    for each in (text, "NT1." + text, likely, f"NT1.{likely}.{central.keys.code.kid}.{'A' * 86}"):
        assert verify(central, each).finding not in (Finding.RECEIPT, Finding.PROOF)


@pytest.mark.parametrize(
    ("name", "masked"),
    [("", ""), ("王", "*"), ("王五", "王*"), ("王小五", "王*五"), ("欧阳小明", "欧**明"), ("㛃𬱖", "㛃*")],
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("310101195001010022", "3101**********0022"), ("123456", "****56"), ("1234", "****"), ("", "")],
)
def test_numbers_are_masked(number: str, masked: str) -> None:
    assert mask_number(number) == masked


def test_gaps_of_a_chain_are_found() -> None:
    whole = [(3, "c", "b"), (2, "b", "a"), (1, "a", "0" * 64)]
    assert gaps(whole) == []
    assert gaps([]) == []
    assert gaps([whole[0], whole[2]]) == [3]
    assert gaps([(3, "c", "x"), *whole[1:]]) == [3]
    assert gaps([*whole[:2], (1, "a", "f" * 64)]) == [1]


def test_times_are_beijing_time() -> None:
    assert words.show_time(dt.datetime(2026, 11, 22, 16, 30, tzinfo=dt.UTC), "zh") == "2026-11-23 00:30"
    assert words.show_time(None, "zh") == "从未"


def test_a_browser_reads_a_page_where_a_program_reads_a_word(client: TestClient) -> None:
    page = client.get("/nothing", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "没有这一页" in page.text
    assert "There is no such page" in client.get("/nothing?lang=en", headers={"Accept": "text/html"}).text
    assert client.get("/nothing").json() == {"error": "http.not_found"}
    assert client.get("/v1/nothing", headers={"Accept": "text/html"}).json() == {"error": "http.not_found"}
    back = client.get("/login/oidc/back?state=x&code=y", headers={"Accept": "text/html"})
    assert back.status_code in (403, 404)
    assert back.text.lstrip().startswith("<!doctype html>")
