"""How cases stand: told to their holder or to whoever holds the slip, signed, and never more than that."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.jobs import audit, casework
from central.jobs.tickets import Compartment
from central.routes.cases import MOST, SPAN
from central.rules.asks import Ask
from central.rules.progress import CaseMove as M
from central.rules.rates import Rate
from central.wiring import Central
from tests.central.caseworld import amended, moved, sent, the
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.world import NAME, NUMBER, START, Clock, Terminal, error
from trust.keys import USE_ACK, KeyRing
from wire.canonical import canonical, un_b64u
from wire.messages import Cases, CasesRequest, SignedCases

NONCE = "n" * 24


def ask(terminal: Terminal, **told: Any) -> Cases | str:
    if not told:
        told = {"holder_number": NUMBER, "holder_name": NAME}
    request = CasesRequest(**{"nonce": NONCE, **told})
    answer = terminal.ask("POST", "/v1/cases", canonical(request.model_dump(mode="json")))
    if answer.status_code != 200:
        return error(answer)
    signed = SignedCases.model_validate_json(answer.content)
    told_bytes = canonical(signed.cases.model_dump(mode="json"))
    assert KeyRing(terminal.keys).verify(USE_ACK, signed.kid, told_bytes, un_b64u(signed.sig), terminal.clock())
    assert (signed.cases.nonce, signed.cases.terminal) == (request.nonce, terminal.terminal)
    return signed.cases


def told(terminal: Terminal, **asked: Any) -> Cases:
    answer = ask(terminal, **asked)
    assert isinstance(answer, Cases), answer
    return answer


def test_the_holder_sees_all_of_their_cases_at_any_terminal_the_newest_first(
    terminal: Terminal, enrolled: Any, central: Central, clock: Clock
) -> None:
    sent(central, terminal, "A-1")
    clock.move(hours=1)
    row = moved(central, sent(central, terminal, "A-2"), M.ACCEPT)
    other = enrolled("NT-0002")
    newest, oldest = told(other).cases
    assert (newest.case, newest.state, newest.revision, newest.since) == ("A-2", "accepted", 2, row.since)
    assert (oldest.case, oldest.state, oldest.asks, oldest.answers) == ("A-1", "checked", (), {})
    assert "15 个工作日" in newest.next_zh
    assert told(other, holder_number=NUMBER, holder_name=" 王 暖亭").cases == (newest, oldest)


def test_a_number_alone_opens_nothing(terminal: Terminal, central: Central) -> None:
    sent(central, terminal)
    assert told(terminal, holder_number=NUMBER, holder_name="王五").cases == ()
    assert told(terminal, holder_number=NUMBER).cases == ()
    assert told(terminal, holder_number="310101194905150103", holder_name=NAME).cases == ()


def test_what_is_asked_for_comes_with_why_and_with_what_stands_there_now(terminal: Terminal, central: Central) -> None:
    row = moved(central, sent(central, terminal), M.RETURN, asks=[Ask("contact.phone", "phone.unreachable")])
    (status,) = told(terminal).cases
    assert status.deadline == row.deadline
    (asked,) = status.asks
    assert (asked.what, asked.title_en, asked.reason, asked.here) == (
        "contact.phone", "Mobile phone", "phone.unreachable", True,
    )  # fmt: skip
    assert "联系不上" in asked.reason_zh
    assert status.answers == {"contact.phone": "13800001234"}
    (by_slip,) = told(terminal, receipt=row.receipt).cases
    assert by_slip.answers == {}
    assert by_slip.model_copy(update={"answers": status.answers}) == status


def test_what_has_to_be_brought_says_where(terminal: Terminal, central: Central) -> None:
    moved(central, sent(central, terminal), M.ASK, asks=[Ask("contact.phone", here=False)])
    (status,) = told(terminal).cases
    assert status.where_zh.startswith("黄浦区社区事务受理服务中心")


def test_a_slip_tells_of_its_one_case_and_no_name(terminal: Terminal, enrolled: Any, central: Central) -> None:
    row = sent(central, terminal, "A-1")
    sent(central, terminal, "A-2")
    answer = told(enrolled("NT-0002"), receipt=row.receipt)
    assert [case.case for case in answer.cases] == ["A-1"]
    assert NAME not in answer.model_dump_json()
    assert NUMBER not in answer.model_dump_json()


def test_a_slip_of_what_has_not_come_yet_tells_nothing(terminal: Terminal) -> None:
    assert told(terminal, receipt=terminal.receipt("A-9", ["a" * 64])).cases == ()


def test_the_slip_of_what_was_put_right_tells_of_its_case(terminal: Terminal, central: Central) -> None:
    row = moved(central, sent(central, terminal), M.RETURN, asks=[Ask("contact.phone", "phone.unreachable")])
    letter = amended(terminal, row, {"contact.phone": "13900001234"})
    terminal.send(terminal.letter(letter))
    assert [case.state for case in told(terminal, receipt=letter.receipt).cases] == ["checked"]


def test_a_receipt_that_speaks_of_a_case_it_was_not_given_for_tells_nothing(
    terminal: Terminal, central: Central
) -> None:
    sent(central, terminal)
    assert told(terminal, receipt=terminal.receipt("A-1", ["a" * 64])).cases == ()


def test_a_slip_that_no_terminal_signed_is_refused(terminal: Terminal, central: Central, clock: Clock) -> None:
    row = sent(central, terminal)
    stranger = Terminal(terminal.client, clock)
    assert ask(terminal, receipt=stranger.receipt("A-1", ["a" * 64])) == "cases.bad_receipt"
    head, body, kid, sig = row.receipt.split(".")
    for text in ("NT1", f"{head}.{body}.{kid}.", f"{head}.{body[:-4]}AAAA.{kid}.{sig}", f"{row.receipt}.x"):
        assert ask(terminal, receipt=text) == "cases.bad_receipt"


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({}, "cases.not_one_way"),
        ({"nonce": "short", "holder_number": NUMBER}, "cases.no_nonce"),
        ({"holder_number": NUMBER, "receipt": "x"}, "cases.not_one_way"),
        ({"holder_name": NAME, "receipt": "x"}, "cases.not_one_way"),
        ({"holder_number": "310101194905150029"}, "cases.bad_number"),
    ],
)
def test_what_is_not_answered(terminal: Terminal, asked: dict[str, str], word: str) -> None:
    assert ask(terminal, **{"nonce": NONCE, **asked}) == word


def test_what_lies_in_a_compartment_says_where_and_whether_here(
    terminal: Terminal, enrolled: Any, central: Central
) -> None:
    row = moved(central, moved(central, sent(central, terminal), M.ACCEPT), M.APPROVE)
    moved(central, row, M.MAKE_READY, ticket=Compartment("NT-0001", 4))
    (here,) = told(terminal).cases
    (there,) = told(enrolled("NT-0002")).cases
    assert (here.state, here.where_zh, here.here, there.here) == ("ready", "人民广场", True, False)
    assert here.deadline == the(central).deadline


def test_why_something_was_refused_is_for_the_holder_only(terminal: Terminal, central: Central) -> None:
    row = moved(central, moved(central, sent(central, terminal), M.ACCEPT), M.REFUSE, reasons=["not.eligible"])
    (holder,), (slip,) = told(terminal).cases, told(terminal, receipt=row.receipt).cases
    assert (holder.next_zh, slip.next_zh) == ("不符合这个事项的条件", "")


def test_an_asking_is_written_down_without_the_number(terminal: Terminal, central: Central) -> None:
    row = sent(central, terminal)
    told(terminal)
    told(terminal, receipt=row.receipt)
    lines = list(audit.export(central, terminal.region))
    assert sum('"cases.told"' in line for line in lines) == 2
    assert not any(NUMBER in line or NAME in line for line in lines)


def test_a_terminal_that_asks_too_often_is_told_so(terminal: Terminal, clock: Clock, central: Central) -> None:
    for _ in range(MOST):
        assert ask(terminal, nonce="short") == "cases.no_nonce"
    assert ask(terminal) == "cases.too_often"
    clock.move(seconds=SPAN.total_seconds())
    assert isinstance(ask(terminal), Cases)


@given(st.lists(st.integers(0, 40), max_size=40))
def test_no_span_ever_holds_more_than_it_may(steps: list[int]) -> None:
    rate = Rate(3, dt.timedelta(seconds=60))
    now, taken = START, []
    for step in steps:
        now += dt.timedelta(seconds=step)
        if rate.allows("one", now):
            taken.append(now)
    for at in taken:
        assert sum(at <= other < at + dt.timedelta(seconds=60) for other in taken) <= 3


def test_names_that_are_quiet_are_forgotten() -> None:
    rate = Rate(1, dt.timedelta(hours=1), names=2)
    assert [rate.allows(name, START) for name in ("a", "b", "b", "c", "a")] == [True, True, False, True, True]


def test_looking_for_cases_is_by_tag_only(terminal: Terminal, central: Central) -> None:
    sent(central, terminal)
    with central.database.reading() as connection:
        assert casework.find_by_tag(connection, NUMBER) == ()
