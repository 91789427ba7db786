"""Cases move: by the table, by the revision that was seen, never without an event, a reason where one is due."""

import datetime as dt
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.loader import load
from central.jobs import audit, casework
from central.jobs.casework import Moved, MoveRefused
from central.jobs.editions import publish
from central.jobs.tickets import Compartment
from central.rules.asks import Ask, day_of, end_of
from central.rules.progress import (
    CITIZENS_TURN,
    FINAL,
    STAFF_TURN,
    TABLE,
    CaseMove,
    CaseState,
    after,
    moves_from,
)
from central.store import cases, editions, events, supplements, tickets
from central.wiring import Central, open_central
from tests.central.caseworld import moved, refused, sent, the, whats
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.test_editions import folder as folder
from tests.central.test_working import CARD, raised
from tests.central.waiting import PATIENCE_S
from tests.central.world import NAME, NUMBER, Clock, Terminal

M, S = CaseMove, CaseState
PHONE = Ask("contact.phone", "phone.unreachable")


def accepted(central: Central, terminal: Terminal, number: str = "A-1") -> cases.CaseRow:
    return moved(central, sent(central, terminal, number), M.ACCEPT)


# ---- the table ----------------------------------------------------------------------------------------------------


def test_every_state_can_be_reached_and_every_one_that_is_not_final_has_a_way_on() -> None:
    reached = {S.RECEIVED}
    while more := {to for (state, _), to in TABLE.items() if state in reached} - reached:
        reached |= more
    assert reached == set(S)
    for state in S:
        assert bool(moves_from(state)) != (state in FINAL), state
        ends = {state}
        while further := {to for (start, _), to in TABLE.items() if start in ends} - ends:
            ends |= further
        assert ends & FINAL, state


def test_it_is_somebodys_turn_in_every_state_that_is_not_final() -> None:
    assert CITIZENS_TURN | STAFF_TURN | {S.READY} | FINAL == set(S)
    assert not CITIZENS_TURN & STAFF_TURN


# ---- one move -----------------------------------------------------------------------------------------------------


def test_a_move_is_a_state_an_event_and_a_line_of_the_audit(terminal: Terminal, central: Central, clock: Clock) -> None:
    row = sent(central, terminal)
    assert (row.state, whats(central)) == (S.CHECKED, ["opened", "check"])
    clock.move(hours=1)
    row = moved(central, row, M.ACCEPT, note="电话里核对过")
    assert (row.state, row.revision, row.since) == (S.ACCEPTED, 2, clock())
    with central.database.reading() as connection:
        event = casework.events_of(central, connection, row.region, row.case)[-1]
    assert (event.number, event.who, event.what, event.before, event.after, event.revision, event.note) == (
        3, "wang", "accept", "checked", "accepted", 2, "电话里核对过",
    )  # fmt: skip
    assert next(line[1:3] for line in audit.events_about(central, "A-1")) == ("wang", "case.accept")


def test_a_note_is_sealed(terminal: Terminal, central: Central) -> None:
    row = moved(central, sent(central, terminal), M.ACCEPT, note=f"{NAME} {NUMBER}")
    with central.database.reading() as connection:
        kept = events.of_case(connection, row.region, row.case)[-1].note
    assert kept is not None
    assert NAME.encode() not in kept


def test_who_saw_an_older_case_moves_nothing(terminal: Terminal, central: Central) -> None:
    row = sent(central, terminal)
    moved(central, row, M.ACCEPT)
    assert refused(central, row, M.ACCEPT_WITH_GAPS) == "case.other_revision"
    assert refused(central, row, M.WITHDRAW, revision=row.revision + 5) == "case.other_revision"


@pytest.mark.parametrize("at_once", [4])
def test_of_several_who_act_at_once_one_does(terminal: Terminal, central: Central, at_once: int) -> None:
    row = sent(central, terminal)
    done: list[Moved | MoveRefused] = []
    gate = threading.Barrier(at_once)

    def act(who: str) -> None:
        gate.wait(PATIENCE_S)
        done.append(casework.move(central, row.region, row.case, M.ACCEPT, who=who, revision=row.revision))

    workers = [threading.Thread(target=act, args=(f"w{n}",)) for n in range(at_once)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE_S)
    assert sum(isinstance(each, Moved) for each in done) == 1
    assert len(done) == at_once
    assert whats(central) == ["opened", "check", "accept"]


def test_what_stands_against_a_move(terminal: Terminal, central: Central, clock: Clock) -> None:
    row = sent(central, terminal)
    assert refused(central, row, M.APPROVE) == "case.not_from_here"
    assert refused(central, row, M.RETURN) == "case.reason_missing"
    assert refused(central, row, M.RETURN, reasons=["because"]) == "case.unknown_reason"
    assert refused(central, row, M.RETURN, reasons=["not.eligible"]) == "case.unknown_reason"  # is for refusing
    assert refused(central, row, M.ASK) == "case.ask_missing"
    assert refused(central, row, M.ASK, asks=[Ask("mother.name")]) == "case.unknown_ask"
    assert refused(central, row, M.ASK, asks=[PHONE, PHONE]) == "case.unknown_ask"
    assert refused(central, row, M.ASK, asks=[Ask("contact.phone", "no such")]) == "case.unknown_reason"
    assert refused(central, row, M.ACCEPT, asks=[PHONE]) == "case.unknown_ask"
    yesterday = day_of(clock(), -1)
    assert refused(central, row, M.ASK, asks=[PHONE], deadline=yesterday) == "case.bad_deadline"
    assert refused(central, row, M.ASK, asks=[PHONE], deadline=day_of(clock(), 400)) == "case.bad_deadline"
    assert refused(central, row, M.ACCEPT, deadline=day_of(clock(), 4)) == "case.bad_deadline"
    assert refused(central, row, M.ACCEPT, note="x" * 2001) == "case.note_too_long"
    unknown = casework.move(central, row.region, "B-1", M.ACCEPT, who="wang", revision=0)
    assert unknown == MoveRefused(casework.Refused.UNKNOWN_CASE)
    assert whats(central) == ["opened", "check"]


def test_what_is_returned_says_what_why_and_by_when(terminal: Terminal, central: Central, clock: Clock) -> None:
    row = moved(central, sent(central, terminal), M.RETURN, asks=[PHONE, Ask("delivery.way")])
    assert row.state is S.RETURNED
    assert row.deadline == end_of(day_of(clock(), 15))
    with central.database.reading() as connection:
        asks = casework.asks_of(connection, row.region, row.case)
        event = casework.events_of(central, connection, row.region, row.case)[-1]
    assert [(ask.what, ask.is_field, ask.reason, ask.here) for ask in asks] == [
        ("contact.phone", True, "phone.unreachable", True), ("delivery.way", True, "", True),
    ]  # fmt: skip
    assert event.reasons == ("phone.unreachable",)
    later = day_of(clock(), 40)
    row = moved(central, row, M.EXTEND, deadline=later)
    assert (row.state, row.deadline) == (S.RETURNED, end_of(later))
    with central.database.reading() as connection:
        assert len(casework.asks_of(connection, row.region, row.case)) == 2
    row = moved(central, row, M.WITHDRAW, who="citizen")
    with central.database.reading() as connection:
        assert casework.asks_of(connection, row.region, row.case) == ()
        assert len(casework.asks_of(connection, row.region, row.case, ended=True)) == 2
    assert (row.deadline, row.keep_until) == (None, clock() + dt.timedelta(days=1825))


# ---- compartments -------------------------------------------------------------------------------------------------


def test_what_is_ready_has_a_ticket_and_is_done_when_it_was_taken(
    terminal: Terminal, central: Central, clock: Clock
) -> None:
    row = moved(central, accepted(central, terminal), M.APPROVE)
    assert row.decided_by == "wang"
    assert refused(central, row, M.MAKE_READY) == "case.compartment_missing"
    assert refused(central, row, M.MAKE_READY, ticket=Compartment("NT-9", 3)) == "case.unknown_terminal"
    assert refused(central, row, M.MAKE_READY, ticket=Compartment("NT-0001", 0)) == "ticket.bad_door"
    row = moved(central, row, M.MAKE_READY, ticket=Compartment("NT-0001", 3))
    assert (row.state, row.deadline) == (S.READY, clock() + dt.timedelta(days=30))
    with central.database.reading() as connection:
        (ticket,) = tickets.open_at(connection, terminal.region, "NT-0001")
    assert (ticket.door, ticket.what_zh) == (3, "敬老卡申领")
    other = moved(central, accepted(central, terminal, "A-2"), M.APPROVE)
    assert refused(central, other, M.MAKE_READY, ticket=Compartment("NT-0001", 3)) == "ticket.door_taken"
    terminal.send(terminal.letter(terminal.collected(ticket.ticket, 3, "not_taken")))
    assert the(central).state is S.READY
    letter = terminal.letter(terminal.collected(ticket.ticket, 3))
    terminal.send(letter)
    terminal.send(letter)
    assert the(central).state is S.DONE
    assert whats(central)[-2:] == ["make_ready", "collect"]
    with central.database.reading() as connection:
        assert tickets.open_at(connection, terminal.region, "NT-0001") == ()
        assert supplements.placed_now(connection, row.region, row.case) is None


def test_what_is_taken_back_is_on_no_terminals_list(terminal: Terminal, central: Central) -> None:
    row = moved(central, accepted(central, terminal), M.APPROVE)
    row = moved(central, row, M.MAKE_READY, ticket=Compartment("NT-0001", 3))
    row = moved(central, row, M.TAKE_BACK)
    assert row.state is S.APPROVED
    with central.database.reading() as connection:
        assert tickets.open_at(connection, terminal.region, "NT-0001") == ()
    assert moved(central, row, M.MAKE_READY, ticket=Compartment("NT-0001", 3)).state is S.READY


# ---- queues -------------------------------------------------------------------------------------------------------


def test_a_queue_has_whoever_waits_longest_first(terminal: Terminal, central: Central, clock: Clock) -> None:
    for number in ("A-1", "A-2", "A-3"):
        sent(central, terminal, number)
        clock.move(minutes=1)
    with central.database.reading() as connection:
        first = casework.queue_of(connection, "sh-310101", None, STAFF_TURN, 2)
        rest = casework.queue_of(
            connection, "sh-310101", terminal.region, STAFF_TURN, 2, (first[-1].received_at, first[-1].case)
        )
        assert casework.queue_of(connection, "sh-310104", None, STAFF_TURN, 2) == ()
        assert casework.queue_of(connection, None, None, FINAL, 2) == ()
    assert ([row.case for row in first], [row.case for row in rest]) == (["A-1", "A-2"], ["A-3"])


def test_a_case_is_given_to_somebody_and_sent_on(terminal: Terminal, central: Central) -> None:
    row = sent(central, terminal)
    done = casework.assign(central, row.region, row.case, "li", who="wang", revision=row.revision)
    assert isinstance(done, Moved)
    assert (done.row.assigned_to, done.row.revision) == ("li", row.revision)
    with central.database.reading() as connection:
        assert len(casework.queue_of(connection, None, None, STAFF_TURN, 5, assigned_to="li")) == 1
    unknown = casework.send_on(central, row.region, row.case, "mars", who="wang", revision=row.revision)
    assert isinstance(unknown, MoveRefused)
    done = casework.send_on(central, row.region, row.case, "sh-310104", who="wang", revision=row.revision)
    assert isinstance(done, Moved)
    assert (done.row.queue, done.row.assigned_to) == ("sh-310104", "")
    assert whats(central)[-2:] == ["assigned", "sent_on"]


@pytest.mark.parametrize(
    ("address", "queue"),
    [
        ("上海市徐汇区演示路9号", "sh-310104"),
        ("上海市闸北区演示路9号", "sh-310106"),
        ("上海市浦东新区演示路9号", "unrouted"),
        ("", "sh-310101"),  # by the number
    ],
)
def test_a_case_comes_into_the_queue_of_the_households_office(
    terminal: Terminal, central: Central, address: str, queue: str
) -> None:
    person = terminal.application("X").person.model_copy(update={"address": address})
    assert sent(central, terminal, "A-1", person=person).queue == queue


def test_a_persons_cases_are_found_by_tag(terminal: Terminal, central: Central) -> None:
    sent(central, terminal, "A-1")
    with central.database.reading() as connection:
        assert [row.case for row in casework.find_by_tag(connection, central.vault.tag(NUMBER))] == ["A-1"]
        assert casework.find_by_tag(connection, central.vault.tag("310101194905150024")) == ()
        assert casework.find_by_tag(connection, "") == ()


# ---- at random ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def walks() -> list[int]:
    return []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_walk_leaves_an_event_for_every_state(
    terminal: Terminal, central: Central, walks: list[int], seed: int
) -> None:
    chance = random.Random(seed)
    walks.append(seed)
    row = sent(central, terminal, f"W-{len(walks)}")
    for _ in range(12):
        move = chance.choice(list(M))
        stale = chance.random() < 0.1
        done = casework.move(
            central,
            row.region,
            row.case,
            move,
            who="walker",
            revision=row.revision - stale,
            reasons=["not.eligible"] if move is M.REFUSE else ["field.wrong"] if move is M.RETURN else (),
            asks=[PHONE] if move in (M.ASK, M.ACCEPT_WITH_GAPS) else (),
            deadline=day_of(central.now(), 9) if move is M.EXTEND else None,
            ticket=None,
        )
        wanted = after(row.state, move)
        if isinstance(done, Moved):
            assert (done.row.state, done.row.revision, stale) == (wanted, row.revision + 1, False)
            row = done.row
        else:
            assert stale or wanted is None or move is M.MAKE_READY, done
    with central.database.reading() as connection:
        happened = casework.events_of(central, connection, row.region, row.case)
    assert [event.number for event in happened] == list(range(1, len(happened) + 1))
    states = [event.after for event in happened]
    assert [event.before for event in happened[1:]] == states[:-1]
    assert states[-1] == row.state.value
    assert row.revision == sum(event.before != event.after or event.what == "extend" for event in happened)
    assert (row.keep_until is not None) == (row.state in FINAL)


def test_what_a_case_was_handed_in_on_is_read_by_the_connection_that_moves_it(
    terminal: Terminal, central: Central, clock: Clock, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker whose transactions each waited for a second connection would wait for itself."""
    read: list[str] = []
    with_item = editions.with_item
    monkeypatch.setattr(editions, "with_item", lambda *told: (read.append(told[1]), with_item(*told))[1])
    for version in (70, 71):
        raised(folder, version)
        publish(central, folder, by="desk")
        if version == 70:
            shown = next(each for each in load(folder).items if each.code == CARD)
            row = sent(central, terminal, version=70, definition=shown.sha256)
    worker = open_central(central.settings, now=clock)
    worker.working.follow()
    writing = worker.database.writing

    @contextmanager
    def alone(*told: Any, **how: Any) -> Iterator[Any]:
        with writing(*told, **how) as connection, pytest.MonkeyPatch.context() as patched:
            patched.setattr(worker.database, "reading", None)
            yield connection

    monkeypatch.setattr(worker.database, "writing", alone)
    done = casework.move(worker, row.region, row.case, M.RETURN, who="wang", revision=row.revision, asks=[PHONE])
    worker.close()
    assert isinstance(done, Moved)
    assert read == [CARD]
