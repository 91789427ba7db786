"""The pages: nobody recognisable, nothing to run, and a verification that says in words what it proves."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central import desk
from central.app import create_app
from central.console import words
from central.console.chain import gaps
from central.console.verification import Arrival, Finding, verify
from central.jobs.records import ask, figures_hash
from central.rules.cases import Flag
from central.rules.letters import LetterState, Refusal, Sender
from central.rules.masks import mask_name, mask_number
from central.rules.tickets import TicketRefusal
from central.settings import CentralSettings
from central.wiring import Central
from tests.central.world import NAME, NUMBER, Clock, Terminal, person
from trust.keys import SigningKey
from trust.sealing import SealFault
from wire.canonical import b64u, sha256_hex
from wire.ids import ItemCode, RegionId, TerminalId
from wire.letters import BEST_RATING, WORST_RATING, RatingReason
from wire.messages import RecordRequest

EVIL = "<script>alert('暖')</script>"


def filled(terminal: Terminal, central: Central) -> None:
    """One of everything."""
    terminal.send(terminal.letter(terminal.application("A-1", materials=[b"photo"])))
    terminal.send(terminal.letter(terminal.application("A-2", receipt="NT1.x")))
    terminal.send(terminal.letter(terminal.proof("P-1")), terminal.letter(terminal.incident()))
    desk.register_ticket(
        central,
        RegionId(terminal.region),
        TerminalId(terminal.terminal),
        item=ItemCode("juzhuzheng-pickup"),
        what_zh="居住证",
        what_en="Residence permit",
        door=7,
        number=NUMBER,
    )
    terminal.send(terminal.letter(terminal.collected("T-unknown", 3)))
    terminal.send(terminal.letter(terminal.rated("A-1", 1, RatingReason.UNEASY)))


PAGES = ("/", "/cases/A-1", "/cases/A-2", "/cases/none", "/terminals/NT-0001", "/terminals/none", "/verify")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_shows_a_person(client: TestClient, terminal: Terminal, central: Central, lang: str) -> None:
    filled(terminal, central)
    for path in PAGES:
        page = client.get(path, params={"lang": lang}).text
        for told in (NAME, NUMBER, "13800001234", "演示路"):
            assert told not in page, path
    home = client.get("/", params={"lang": lang}).text
    assert mask_name(NAME) in home
    assert mask_number(NUMBER) in home


@pytest.mark.parametrize(("lang", "word"), [("zh", "还没有工作人员登录"), ("en", "no staff login yet")])
def test_every_page_says_that_there_is_no_login(client: TestClient, lang: str, word: str) -> None:
    for path in PAGES:
        assert word in client.get(path, params={"lang": lang}).text


def test_pages_list_what_came(client: TestClient, terminal: Terminal, central: Central) -> None:
    filled(terminal, central)
    home = client.get("/").text
    for told in ("A-1", "A-2", "P-1", "NT-0001", "人民广场", "敬老卡申领", "回执相符", "需核对", "没有这张取件单"):
        assert told in home
    shown = client.get("/terminals/NT-0001").text
    for told in ("deed-1", "pages of proof P-1", "居住证", "待取", "没有缺号"):
        assert told in shown
    case = client.get("/cases/A-1").text
    for told in ("page.pdf", "material-1.jpg", "联系手机", "home.address", "第 3 版", sha256_hex(b"photo")[:16]):
        assert told in case
    assert "回执不是该终端签的" in client.get("/cases/A-2").text
    assert client.get("/cases/none").status_code == 404


def test_the_language_stays(client: TestClient) -> None:
    assert "Applications received" in client.get("/?lang=en").text
    assert "Applications received" in client.get("/").text
    assert "收到的申请" in client.get("/?lang=zh").text
    assert "收到的申请" in client.get("/?lang=%3Cscript%3E").text


def test_what_came_over_the_wire_is_never_markup(client: TestClient, terminal: Terminal, central: Central) -> None:
    who = person().model_copy(update={"name": EVIL, "number": EVIL, "by": EVIL})
    told = terminal.application(EVIL, person=who, item=EVIL, answers={EVIL: EVIL}, consents={EVIL: terminal.clock()})
    terminal.send(terminal.letter(told))
    terminal.send(terminal.letter(terminal.proof("P-" + EVIL, person=who, outcome=EVIL)))
    terminal.send(terminal.letter(terminal.incident().model_copy(update={"deed": EVIL, "what": EVIL, "found": EVIL})))
    listed = client.get("/")
    link = re.search(r'href="(/cases/[^"]+)"', listed.text)
    assert link is not None
    pages = [listed, client.get(link[1]), client.get("/terminals/NT-0001"), client.get("/verify", params={"t": EVIL})]
    pages.append(client.get(f"/cases/{EVIL}x"))
    for page in pages:
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "&lt;script&gt;" in pages[1].text


def test_older_cases_are_a_page_away(client: TestClient, terminal: Terminal, clock: Clock) -> None:
    for number in range(53):
        clock.move(seconds=1)
        terminal.send(terminal.letter(terminal.application(f"C-{number:02d}")))
    first = client.get("/").text
    assert "C-52" in first
    assert "C-02" not in first
    link = re.search(r'href="(/\?before=[^"]+)"', first)
    assert link is not None
    older = client.get(link[1]).text
    assert "C-02" in older
    assert "C-52" not in older
    assert client.get("/?before=yesterday").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "10.0.0.1", "[bad"])
def test_a_page_is_not_shown_under_another_name(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code in (400, 421)
    assert client.get("/", headers={"Host": "localhost:8600"}).status_code == 200


def test_health_tells_nothing_but_health(client: TestClient) -> None:
    assert client.get("/health").json() == {"state": "ok", "unopened": 0}


def test_what_is_not_there_gets_a_word(client: TestClient) -> None:
    assert client.get("/nothing").json() == {"error": "http.not_found"}
    assert client.get("/v1/letters").json() == {"error": "http.wrong_method"}
    assert client.get("/docs").status_code == 404
    assert client.get("/style.css").headers["Content-Type"].startswith("text/css")


# ---- verification -------------------------------------------------------------------------------------------


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
    request = RecordRequest(item="shebao-proof", holder_number=NUMBER, holder_name=NAME, consent_at=terminal.clock())
    record = ask(central, Sender(terminal.region, terminal.terminal), request)
    assert not isinstance(record, str)
    good = terminal.proof("P-1", figures_hash(record))
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


def test_every_word_is_said_in_both_languages_with_the_same_values() -> None:
    for key, pair in words.WORDS.items():
        assert all(pair), key
        holes = [sorted(re.findall(r"{(\w+)}", text)) for text in pair]
        assert holes[0] == holes[1], key


def test_every_word_that_may_come_has_a_sentence() -> None:
    wanted = [f"flag.{flag.value}" for flag in Flag]
    wanted += [f"note.{each.value}" for each in (*Refusal, *SealFault)]
    wanted += [
        f"note.{each.value}" for each in TicketRefusal if each not in (TicketRefusal.DOOR_TAKEN, TicketRefusal.BAD_DOOR)
    ]
    wanted += [f"rating.reason.{reason.value}" for reason in RatingReason]
    wanted += [f"rating.{level}" for level in range(WORST_RATING, BEST_RATING + 1)]
    wanted += [f"trouble.{each.value}" for each in (LetterState.HELD, LetterState.UNREADABLE)]
    wanted += [f"verify.{finding.value}" for finding in Finding]
    wanted += [f"arrival.{arrival.value}" for arrival in Arrival]
    assert [key for key in wanted if key not in words.WORDS] == []


def test_times_are_beijing_time() -> None:
    assert words.show_time(dt.datetime(2026, 11, 22, 16, 30, tzinfo=dt.UTC), "zh") == "2026-11-23 00:30"
    assert words.show_time(None, "zh") == "从未"


def test_behind_a_proxy_other_names_are_shown_and_the_page_says_who_keeps_the_door(
    tmp_path_factory: pytest.TempPathFactory, clock: Clock
) -> None:
    app = create_app(CentralSettings(tmp_path_factory.mktemp("c"), behind_proxy=True), now=clock)
    with TestClient(app, base_url="https://central.example") as client:
        assert "由前面的代理服务器决定" in client.get("/").text


def test_nothing_personal_is_ever_logged(
    client: TestClient, terminal: Terminal, central: Central, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        filled(terminal, central)
        code = desk.citizen_code(central, kind="citizen", name=NAME, number=NUMBER)
        request = RecordRequest(
            item="shebao-proof", holder_number=NUMBER, holder_name=NAME, consent_at=terminal.clock()
        )
        ask(central, Sender(terminal.region, terminal.terminal), request)
        for path in PAGES:
            client.get(path)
        client.post("/verify", data={"t": code})
    told = "\n".join(f"{record.name} {record.getMessage()}" for record in caplog.records if record.name != "httpx2")
    assert "central.unseal" in told
    for personal in (NAME, NUMBER, "13800001234", "演示路", code.split(".")[1], "NT1."):
        assert personal not in told
