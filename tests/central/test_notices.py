"""Notices: one for each event, never a word of what a case is about, sent at most once whatever the line does."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.loader import load
from catalogue.offices import load_offices
from central.__main__ import CATALOGUE
from central.connectors.notices import DemoSink, Message, NoticeSender, SendLater, SendNever, SendOutcome, Sent
from central.connectors.sms import HttpSmsGateway
from central.connectors.web import Endpoint
from central.jobs import notices as jobs
from central.jobs.deadlines import lapse, remind, watch_compartments
from central.jobs.tickets import Compartment
from central.rules.asks import Ask
from central.rules.notices import AFTER, MOST_TRIES, NoticeKind, wait_after
from central.rules.progress import CaseMove as M
from central.store import notices
from central.store.vault import destroy_key
from central.wiring import Central
from tests.central.caseworld import moved, sent, the
from tests.central.elsewhere import Elsewhere, elsewhere
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.waiting import PATIENCE_S
from tests.central.world import NAME, NUMBER, Clock, Terminal

PHONE = Ask("contact.phone", "phone.unreachable")
MESSAGE = Message(phone="13800001234", template="NT_READY", language="zh", words={"item": "敬老卡申领", "case": "0001"})


class Gateway:
    """Answers as it is told to, then takes everything."""

    def __init__(self, *outcomes: SendOutcome) -> None:
        self.outcomes = list(outcomes)
        self.came: list[tuple[Message, str]] = []

    def send(self, message: Message, key: str) -> SendOutcome:
        self.came.append((message, key))
        return self.outcomes.pop(0) if self.outcomes else Sent("ok")


def through(central: Central, gateway: NoticeSender) -> Central:
    return replace(central, notices=gateway)


def states(central: Central, number: str = "A-1") -> list[tuple[str, str, int]]:
    row = the(central, number)
    with central.database.reading() as connection:
        return [(each.kind, each.state, each.tries) for each in notices.of_case(connection, row.region, row.case)]


def test_what_happens_to_a_case_is_told_in_words_that_tell_nothing(
    terminal: Terminal, central: Central, clock: Clock
) -> None:
    gateway = Gateway()
    row = moved(central, sent(central, terminal), M.RETURN, asks=[PHONE], note=f"{NAME} 打不通")
    assert jobs.send_notices(through(central, gateway)) == 1
    assert row.deadline is not None
    clock.at = row.deadline - dt.timedelta(days=2)
    remind(central)
    assert jobs.send_notices(through(central, gateway)) == 1
    row = moved(central, the(central), M.RESUBMIT, who="citizen")
    row = moved(central, moved(central, moved(central, row, M.CHECK), M.ACCEPT), M.APPROVE)
    row = moved(central, row, M.MAKE_READY, ticket=Compartment("NT-0001", 2))
    assert jobs.send_notices(through(central, gateway)) == 1
    clock.move(days=6)
    watch_compartments(central)
    assert jobs.send_notices(through(central, gateway)) == 1
    moved(central, the(central), M.COLLECT, who="citizen")
    assert jobs.send_notices(through(central, gateway)) == 1
    assert jobs.send_notices(through(central, gateway)) == 0
    assert [message.template for message, _ in gateway.came] == [
        "NT_RETURNED", "NT_REMINDER", "NT_READY", "NT_OVERDUE", "NT_DONE",
    ]  # fmt: skip
    for message, _ in gateway.came:
        assert message.phone == "13800001234"
        assert message.words.keys() == {"item", "state", "case"}
        assert message.words["item"] == "敬老卡申领"
        told = repr(message) + "".join(message.words.values())
        assert not any(secret in told for secret in (NAME, NUMBER, "13800001234", "演示路", "打不通"))
    assert gateway.came[0][0].words["case"] == "A-1"
    assert len({key for _, key in gateway.came}) == 5
    assert {state for _, state, _ in states(central)} == {"sent"}


def test_a_notice_speaks_the_citizens_language_and_the_last_four(terminal: Terminal, central: Central) -> None:
    gateway = Gateway()
    row = sent(central, terminal, "SH-20261122-0042", language="en")
    moved(central, row, M.RETURN, asks=[PHONE])
    jobs.send_notices(through(central, gateway))
    ((message, _),) = gateway.came
    assert (message.language, message.words) == (
        "en", {"item": "Senior citizen card", "state": "to be put right", "case": "0042"},
    )  # fmt: skip


def test_who_left_no_number_is_told_nothing(terminal: Terminal, central: Central) -> None:
    gateway = Gateway()
    moved(central, sent(central, terminal, answers={}), M.RETURN, reasons=["field.missing"])
    assert jobs.send_notices(through(central, gateway)) == 0
    assert (gateway.came, states(central)) == ([], [("returned", "no_phone", 0)])


def test_a_lapse_and_a_refusal_are_told(terminal: Terminal, central: Central, clock: Clock) -> None:
    moved(central, sent(central, terminal, "A-1"), M.ASK, asks=[PHONE])
    row = moved(central, sent(central, terminal, "A-2"), M.ACCEPT)
    moved(central, row, M.REFUSE, reasons=["not.eligible"])
    clock.move(days=20)
    lapse(central)
    assert [kind for kind, _, _ in states(central, "A-1")] == ["waiting", "lapsed"]
    assert [kind for kind, _, _ in states(central, "A-2")] == ["decided"]


def test_the_outbox_keeps_the_number_sealed_and_not_longer_than_it_must(terminal: Terminal, central: Central) -> None:
    moved(central, sent(central, terminal), M.RETURN, asks=[PHONE])
    with central.database.reading() as connection:
        (row,) = notices.of_case(connection, terminal.region, "A-1")
    assert row.sealed is not None
    assert b"13800001234" not in row.sealed
    jobs.send_notices(through(central, Gateway()))
    with central.database.reading() as connection:
        (row,) = notices.of_case(connection, terminal.region, "A-1")
    assert row.sealed is None


def test_what_cannot_be_sent_is_tried_again_under_its_key_later_and_later(
    terminal: Terminal, central: Central, clock: Clock
) -> None:
    moved(central, sent(central, terminal), M.RETURN, asks=[PHONE])
    gateway = Gateway(SendLater("timeout"), SendLater("http 503"))
    waits = []
    for _ in range(3):
        waited = 0
        while (before := len(gateway.came)) == before and waited < 20:
            jobs.send_notices(through(central, gateway))
            if len(gateway.came) > before:
                break
            clock.move(minutes=1)
            waited += 1
        waits.append(waited)
    assert waits == [0, 1, 2]
    assert len({key for _, key in gateway.came}) == 1
    assert states(central) == [("returned", "sent", 3)]


def test_a_gateway_that_does_not_answer_is_not_asked_for_everybody(
    terminal: Terminal, central: Central, clock: Clock
) -> None:
    """Each time may last until its time is over, and the clock has other jobs."""
    for number in ("A-1", "A-2", "A-3", "A-4"):
        moved(central, sent(central, terminal, number), M.RETURN, asks=[PHONE])
        clock.move(seconds=1)
    gateway = Gateway(*[SendLater("timeout")] * 3)
    assert jobs.send_notices(through(central, gateway)) == 0
    assert states(central, "A-4") == [("returned", "waiting", 0)]
    assert jobs.send_notices(through(central, gateway)) == 1  # the rest is due as before
    clock.move(minutes=1)
    assert jobs.send_notices(through(central, gateway)) == 3


def test_a_refusal_for_good_is_given_up_and_so_is_the_twelfth_try(
    terminal: Terminal, central: Central, clock: Clock
) -> None:
    moved(central, sent(central, terminal, "A-1"), M.RETURN, asks=[PHONE])
    jobs.send_notices(through(central, Gateway(SendNever("http 400"))))
    assert states(central) == [("returned", "given_up", 1)]
    moved(central, sent(central, terminal, "A-2"), M.RETURN, asks=[PHONE])
    away = Gateway(*[SendLater("timeout")] * 50)
    for _ in range(20):
        jobs.send_notices(through(central, away))
        clock.move(hours=7)
    assert len(away.came) == MOST_TRIES
    assert states(central, "A-2") == [("returned", "given_up", MOST_TRIES)]


def test_a_worker_that_was_killed_while_sending_sends_again_under_the_same_key(
    terminal: Terminal, central: Central, clock: Clock
) -> None:
    moved(central, sent(central, terminal), M.RETURN, asks=[PHONE])
    gateway = Gateway()

    class Killed(Gateway):
        def send(self, message: Message, key: str) -> SendOutcome:
            gateway.send(message, key)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.send_notices(through(central, Killed()))
    assert jobs.send_notices(through(central, gateway)) == 0  # it may still be at it
    clock.move(minutes=6)
    assert jobs.send_notices(through(central, gateway)) == 1
    assert [key for _, key in gateway.came] == [gateway.came[0][1]] * 2


def test_what_is_not_true_any_more_is_not_sent(terminal: Terminal, central: Central, clock: Clock) -> None:
    row = moved(central, sent(central, terminal), M.RETURN, asks=[PHONE])
    jobs.send_notices(through(central, Gateway(SendLater("timeout"))))
    moved(central, row, M.RESUBMIT, who="citizen")
    clock.move(hours=1)
    gateway = Gateway()
    assert jobs.send_notices(through(central, gateway)) == 0
    assert (gateway.came, [state for _, state, _ in states(central)]) == ([], ["overtaken"])


def test_a_case_whose_time_is_over_sends_nothing(terminal: Terminal, central: Central) -> None:
    moved(central, sent(central, terminal), M.RETURN, asks=[PHONE])
    with central.database.writing() as connection:
        destroy_key(connection, terminal.region, "A-1")
    gateway = Gateway()
    assert jobs.send_notices(through(central, gateway)) == 0
    assert (gateway.came, states(central)) == ([], [("returned", "unreadable", 1)])


# ---- the gateway --------------------------------------------------------------------------------------------------


@pytest.fixture
def gateway() -> Iterator[Elsewhere]:
    with elsewhere() as served:
        yield served


def sender(gateway: Elsewhere, timeout_s: float = PATIENCE_S) -> HttpSmsGateway:
    return HttpSmsGateway(Endpoint(gateway.url + "/sms", "secret token", b"shared", timeout_s), Clock())


def test_the_gateway_gets_template_words_and_a_key(gateway: Elsewhere) -> None:
    assert sender(gateway).send(MESSAGE, "key-1") == Sent("http 200")
    ((method, path, headers, _),) = gateway.came
    assert (method, path, gateway.bodies()) == ("POST", "/sms", [MESSAGE.model_dump()])
    assert (headers["idempotency-key"], headers["authorization"]) == ("key-1", "Bearer secret token")
    assert len(headers["nuanting-signature"]) == 64


@pytest.mark.parametrize(
    ("mishap", "outcome"),
    [
        (204, Sent), (400, SendNever), (422, SendNever),
        (302, SendLater), (401, SendLater), (429, SendLater), (500, SendLater), (503, SendLater),
        ("drop", SendLater), ("cut", SendLater),
    ],
)  # fmt: skip
def test_only_a_whole_yes_is_a_yes(gateway: Elsewhere, mishap: str | int, outcome: type[SendOutcome]) -> None:
    gateway.mishaps = [mishap]
    assert isinstance(sender(gateway).send(MESSAGE, "key"), outcome)


def test_a_gateway_that_drips_is_left_in_time(gateway: Elsewhere) -> None:
    gateway.mishaps = ["drip"]
    assert sender(gateway, timeout_s=0.2).send(MESSAGE, "key") == SendLater("timeout")


def test_nobody_there_is_later() -> None:
    assert isinstance(HttpSmsGateway(Endpoint("http://127.0.0.1:9/"), Clock()).send(MESSAGE, "key"), SendLater)


def test_through_a_line_that_drops_and_repeats_each_citizen_is_told_once(
    terminal: Terminal, central: Central, clock: Clock, gateway: Elsewhere
) -> None:
    for number in range(5):
        moved(central, sent(central, terminal, f"A-{number}"), M.RETURN, asks=[PHONE])
    delivered: dict[str, bytes] = {}

    def deliver(_: str, __: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        delivered.setdefault(headers["idempotency-key"], body)
        return 200, b"{}"

    gateway.answer = deliver
    gateway.mishaps = ["drop", "cut", 503, "drop", "", "drop", ""]
    for _ in range(12):
        jobs.send_notices(through(central, sender(gateway)))
        clock.move(minutes=30)
    assert len(delivered) == 5
    assert len(gateway.came) > 5
    assert all(states(central, f"A-{number}")[0][1] == "sent" for number in range(5))


# ---- the demonstration, templates, waits ----------------------------------------------------------------------------


def test_the_demonstration_writes_down_once_for_each_key(tmp_path: Path) -> None:
    sink = DemoSink(tmp_path / "sent.jsonl")
    assert [sink.send(MESSAGE, key) for key in ("a", "a", "b")] == [Sent("demo")] * 3
    assert len(sink.sent) == 2
    assert len((tmp_path / "sent.jsonl").read_text("utf-8").splitlines()) == 2
    assert isinstance(DemoSink(tmp_path / "no" / "file").send(MESSAGE, "a"), SendLater)


def test_every_kind_has_a_template_that_fills_in_nothing_else(tmp_path: Path) -> None:
    book, mistakes = load_offices(CATALOGUE, load(CATALOGUE).items)
    assert mistakes == ()
    assert set(book.templates) == {kind.value for kind in NoticeKind}
    assert set(AFTER.values()) == set(NoticeKind)
    change: Callable[[str], str] = lambda text: text.replace("（尾号{case}）", "（{name}）", 1)  # noqa: E731
    for name in ("notices.yaml",):
        (tmp_path / name).write_text(change((CATALOGUE / name).read_text("utf-8")), "utf-8")
    book, mistakes = load_offices(tmp_path)
    assert "only {item}, {state} and {case} may be filled in" in str(mistakes[0])
    assert "returned" not in book.templates


@given(st.integers(0, 1000))
def test_a_wait_grows_and_has_an_end(tries: int) -> None:
    assert dt.timedelta(minutes=1) <= wait_after(tries) <= wait_after(tries + 1) <= dt.timedelta(hours=6)
