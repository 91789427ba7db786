"""Letters are opened after they were acknowledged: by the opener, by the next start, by another worker; in order."""

import threading
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from central import desk
from central.events.turns import Turns
from central.jobs import unseal
from central.jobs.amending import Prepared
from central.jobs.openers import Opener, open_what_waits
from central.jobs.unseal import open_letters, unseal_pending
from central.rules.asks import Ask
from central.rules.letters import LetterState
from central.rules.progress import CaseMove, CaseState
from central.store import cases
from central.store.additions import Additions
from central.store.database import StoreUnavailable
from central.store.letters import KeptLetter
from central.store.vault import destroy_key, keys_of
from central.wiring import Central, open_central
from tests.central.caseworld import amended, letter_state, moved, the, told_of, unopenable, whats
from tests.central.waiting import PATIENCE_S, until
from tests.central.world import BASE, NAME, NUMBER, Clock, Terminal
from trust.vault import CaseKey
from wire.canonical import b64u, canonical
from wire.ids import RegionId, SiteId, TerminalId
from wire.letters import Contents
from wire.messages import AckState, Letter, SignedCases

OPENED, RECEIVED, HELD = LetterState.OPENED, LetterState.RECEIVED, LetterState.HELD


def states(central: Central, *made: Letter) -> list[LetterState]:
    return [letter_state(central, letter)[0] for letter in made]


@pytest.fixture
def terminal(app: FastAPI, central: Central, clock: Clock) -> Terminal:
    """Of a central that is not served: no opener of its own goes on beside the test."""
    return enrolled(TestClient(app, base_url=BASE), central, clock, "NT-0001")


def enrolled(client: httpx2.Client | TestClient, central: Central, clock: Clock, name: str) -> Terminal:
    made = Terminal(client, clock, settles=False)
    code = desk.enrolment_code(central, RegionId(made.region), SiteId(made.site), TerminalId(name))
    assert made.enrol(code).status_code == 200
    return made


def of_subject(terminal: Terminal, contents: Contents, subject: str) -> Letter:
    """A letter of a subject that others may have too."""
    letter = terminal.letter_id()
    body = terminal.sealed(contents, letter)
    return Letter(header=terminal.header(contents, letter, body, subject=subject), body=b64u(body))


def another(central: Central, clock: Clock) -> Central:
    """A second worker of the same central."""
    return open_central(central.settings, now=clock)


def test_what_comes_is_opened_without_anybody_s_asking(terminal: Terminal, central: Central) -> None:
    opener = Opener(central, 3600.0).start()
    try:
        made = [terminal.letter(terminal.application(f"A-{number}")) for number in range(3)]
        terminal.send(*made)
        until(lambda: states(central, *made) == [OPENED] * 3, "the opener")
    finally:
        opener.stop()


def test_what_a_killed_worker_left_is_opened_by_the_next_or_by_another(
    terminal: Terminal, central: Central, clock: Clock
) -> None:
    made = terminal.letter(terminal.application("A-1"))
    terminal.send(made)
    other = another(central, clock)  # it was told nothing by anybody
    opener = Opener(other, 0.05).start()
    try:
        until(lambda: states(central, made) == [OPENED], "the next start")
        late = terminal.letter(terminal.application("A-2"))
        terminal.send(late)
        until(lambda: states(central, late) == [OPENED], "another worker's look")
    finally:
        opener.stop()
        other.close()
    assert whats(central, "A-1") == ["opened", "check"]


@pytest.mark.log_warnings_expected
def test_what_a_full_disk_left_unopened_is_opened_once_there_is_room(
    terminal: Terminal, central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = threading.Event()

    def full(*_: object) -> bool:
        tried.set()
        raise StoreUnavailable("body errno 28")

    letter = terminal.letter(terminal.application("A-1"))
    monkeypatch.setattr(Additions, "write", full)
    opener = Opener(central, 0.01).start()
    try:
        assert terminal.send(letter)[0].state is AckState.RECEIVED
        assert tried.wait(PATIENCE_S)
        tried.clear()
        assert tried.wait(PATIENCE_S)  # again, and by nobody's asking
        monkeypatch.undo()
        until(lambda: states(central, letter) == [OPENED], "room")
    finally:
        opener.stop()
    with central.database.reading() as connection:
        assert len(cases.find_cases(connection, "A-1")) == 1


def test_two_workers_open_each_letter_once(terminal: Terminal, central: Central, clock: Clock) -> None:
    made = [terminal.letter(terminal.application(f"A-{number}")) for number in range(40)]
    terminal.send(*made)
    other = another(central, clock)
    opened: list[int] = []
    threads = [
        threading.Thread(target=lambda who=who: opened.append(open_letters(who, terminal.region, [terminal.terminal])))
        for who in (central, other, central, other)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert sum(opened) == 40
    for number in range(40):
        assert whats(central, f"A-{number}") == ["opened", "check"]


def test_a_terminal_that_another_worker_opens_for_is_left_to_it_and_looked_at_again(
    terminal: Terminal, central: Central, clock: Clock
) -> None:
    if central.database.is_sqlite:
        pytest.skip("SQLite has one worker")
    made = terminal.letter(terminal.application("A-1"))
    terminal.send(made)
    assert central.arrivals.take() is not None
    other = another(central, clock)
    with other.database.holding_free([f"open {terminal.region} {terminal.terminal}"]) as mine:
        assert len(mine) == 1
        assert open_letters(central, terminal.region, [terminal.terminal]) == 0
        assert central.arrivals.take() == (terminal.region, [terminal.terminal])
    assert open_letters(central, terminal.region, [terminal.terminal]) == 1
    other.close()


@pytest.mark.log_warnings_expected
def test_none_of_a_subject_overtakes_one_that_cannot_be_read_now(
    terminal: Terminal, central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = (("A-1", "one"), ("A-2", "one"), ("A-3", "other"))
    first, second, apart = (of_subject(terminal, terminal.application(case), subject) for case, subject in told)
    terminal.send(first, second, apart)
    unopenable(monkeypatch, first, StoreUnavailable("body errno 5"))
    assert unseal_pending(central) == 1
    assert states(central, first, second, apart) == [RECEIVED, RECEIVED, OPENED]
    monkeypatch.undo()
    assert unseal_pending(central) == 2


def test_none_of_a_subject_overtakes_one_whose_case_moved_a_moment_ago(
    terminal: Terminal, central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.send(terminal.letter(terminal.application("A-1")))
    unseal_pending(central)
    row = moved(central, the(central), CaseMove.RETURN, asks=[Ask("contact.phone", "phone.unreachable")])
    first = of_subject(terminal, amended(terminal, row, {"contact.phone": "13900000000"}), "one")
    second = of_subject(terminal, terminal.application("A-2"), "one")
    terminal.send(first, second)
    real = unseal.prepared_for

    def just_before(*asked: Any) -> Prepared:
        prepared = real(*asked)
        moved(central, the(central), CaseMove.WITHDRAW)
        return prepared

    monkeypatch.setattr(unseal, "prepared_for", just_before)
    assert unseal_pending(central) == 0
    assert states(central, first, second) == [RECEIVED, RECEIVED]
    monkeypatch.undo()
    assert unseal_pending(central) == 2
    assert states(central, first, second) == [HELD, OPENED]


@pytest.mark.log_warnings_expected
def test_one_that_cannot_be_written_down_takes_none_of_its_group_with_it(
    terminal: Terminal, central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [terminal.letter(terminal.application(f"A-{number}")) for number in range(4)]
    terminal.send(*made)
    real = Additions.case

    def stumbling(self: Additions, letter: KeptLetter, *rest: object) -> None:
        if letter.id == made[1].header.id:
            raise RuntimeError("a mistake of ours")
        real(self, letter, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Additions, "case", stumbling)
    unseal_pending(central)
    assert states(central, *made) == [OPENED, HELD, OPENED, OPENED]
    assert letter_state(central, made[1])[1] == "central.bug"
    for number in (0, 2, 3):
        assert whats(central, f"A-{number}") == ["opened", "check"]  # once, though the group was tried before


def test_a_number_that_is_taken_at_the_last_moment_is_found_taken(
    terminal: Terminal, central: Central, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker makes the case, and its key, between our look and our writing."""
    neighbour = enrolled(terminal.client, central, clock, "NT-0002")
    mine, theirs = terminal.letter(terminal.application("A-1")), neighbour.letter(neighbour.application("A-1"))
    terminal.send(mine)
    neighbour.send(theirs)
    other = another(central, clock)
    real = unseal.keys_of

    def before_they_came(*asked: Any) -> dict[str, CaseKey]:
        monkeypatch.undo()
        found = real(*asked)
        assert open_letters(other, neighbour.region, [neighbour.terminal]) == 1
        return found

    monkeypatch.setattr(unseal, "keys_of", before_they_came)
    open_letters(central, terminal.region, [terminal.terminal])
    other.close()
    assert letter_state(central, mine) == (HELD, "case.number_taken")
    assert letter_state(central, theirs) == (OPENED, "")
    assert the(central).terminal == "NT-0002"
    assert told_of(central).person.name == NAME  # sealed by the key that is kept


def test_who_asks_right_after_handing_in_sees_the_case(
    terminal: Terminal, central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("central.routes.cases.OPEN_WITHIN_S", PATIENCE_S)  # how long he waits is the next test's
    terminal.send(terminal.letter(terminal.application("A-1")))
    asked = {"nonce": "n" * 32, "holder_number": NUMBER, "holder_name": NAME}
    answer = terminal.ask("POST", "/v1/cases", canonical(asked))
    assert answer.status_code == 200, answer.text
    told = SignedCases.model_validate_json(answer.content)
    assert [each.case for each in told.cases.cases] == ["A-1"]
    assert central.arrivals.take() is not None  # nobody else has looked


def test_who_asks_waits_no_longer_than_told_while_a_backlog_is_opened(terminal: Terminal, central: Central) -> None:
    terminal.send(terminal.letter(terminal.application("A-1")))
    with central.opening.turn():
        assert not open_what_waits(central, terminal.region, terminal.terminal, 0.01)
    assert open_what_waits(central, terminal.region, terminal.terminal, 60.0)


def test_who_waits_for_its_turn_comes_before_who_had_it() -> None:
    turns, order = Turns(), list[str]()

    def waits() -> None:
        with turns.turn():
            order.append("who waited")

    other = threading.Thread(target=waits)
    with turns.turn():
        other.start()
        until(lambda: len(turns) == 2, "the other thread")
        with turns.turn(0.0) as ours:
            assert not ours
    with turns.turn() as ours:
        assert ours
        order.append("who had it")
    other.join()
    assert order == ["who waited", "who had it"]


def test_a_correction_is_opened_after_what_it_corrects_in_one_go(terminal: Terminal, central: Central) -> None:
    terminal.send(terminal.letter(terminal.application("A-1")))
    unseal_pending(central)
    row = moved(central, the(central), CaseMove.RETURN, asks=[Ask("contact.phone", "phone.unreachable")])
    early = terminal.letter(amended(terminal, row, {"contact.phone": "13900000000"}))
    late = terminal.letter(terminal.application("A-2"))
    terminal.send(early, late)
    assert unseal_pending(central) == 2
    assert the(central).state is CaseState.CHECKED
    assert the(central, "A-2").state is CaseState.CHECKED


def test_a_number_whose_key_was_destroyed_is_taken_all_the_same(terminal: Terminal, central: Central) -> None:
    terminal.send(terminal.letter(terminal.application("A-1")))
    unseal_pending(central)
    with central.database.writing() as connection:
        assert destroy_key(connection, terminal.region, "A-1")  # its time is over
    again = terminal.letter(terminal.application("A-1"))
    terminal.send(again)
    unseal_pending(central)
    assert letter_state(central, again) == (HELD, "case.number_taken")
    with central.database.reading() as connection:
        assert keys_of(connection, central.vault, terminal.region, ["A-1"]) == {}
