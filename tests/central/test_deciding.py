"""Decided by rule: only what is known to be so, within five minutes, some for a person to look at again."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.loader import load
from central.__main__ import CATALOGUE
from central.jobs import audit, casework, deciding
from central.jobs.casework import Moved
from central.jobs.deciding import decide, decide_pending, judged
from central.rules.deciding import WITHIN, ByRule, ForAPerson, judge, lot_of
from central.rules.progress import CaseMove as M
from central.rules.progress import CaseState as S
from central.store.desk import Wanted, listed
from central.wiring import Central
from tests.central.caseworld import moved, sent, the, whats
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.world import Clock, Terminal, person
from trust.tokens import write
from trust.vault import Vault
from wire.canonical import sha256_hex
from wire.letters import Application
from wire.tokens import Receipt

ITEM = "jintie-account"
PROMISED = load(CATALOGUE).item(ITEM)
GOOD = {
    "contact.phone": "13800001234",
    "pay.account_new": "6222020200001234567",
    "promise.own_account": "given",
}


def promised(central: Central, terminal: Terminal, number: str, **changed: Any) -> Application:
    """An application for the item that is decided on a promise."""
    item = central.item(ITEM)
    assert item is not None
    told = terminal.application(number, item=ITEM, version=item.version, definition=item.sha256, answers=GOOD)
    terminal.counter += 1
    receipt = Receipt(
        case=number,
        item=ITEM,
        version=item.version,
        parts=(told.page.sha256,),
        at=terminal.clock(),
        terminal=terminal.terminal,
        counter=terminal.counter,
        previous=terminal.previous,
    )
    text = write(receipt, terminal.key)
    terminal.previous = sha256_hex(text.encode())
    return told.model_copy(update={"receipt": text, **changed})


def arrive(central: Central, terminal: Terminal, number: str = "P-1", **changed: Any) -> S:
    terminal.send(terminal.letter(promised(central, terminal, number, **changed)))
    return the(central, number).state


def unsampled(central: Central, region: str, sampled: bool = False) -> str:
    """A case number that is, or is not, drawn for a person."""
    item = central.item(ITEM)
    assert item is not None
    assert item.decision is not None
    numbers = (f"P-{n}" for n in range(1000))
    lots = ((number, lot_of(central.vault.tag(f"sample {region} {number}"))) for number in numbers)
    return next(number for number, lot in lots if (lot * 100 < item.decision.sample) is sampled)


def test_a_promise_is_decided_and_closed_at_once(terminal: Terminal, central: Central, clock: Clock) -> None:
    number = unsampled(central, terminal.region)
    assert arrive(central, terminal, number) is S.DONE
    row = the(central, number)
    assert (row.decided_by, row.sampled, row.queue) == ("rule", False, terminal.region)
    assert whats(central, number) == ["opened", "check", "decide_by_rule", "close"]
    with central.database.reading() as connection:
        happened = casework.events_of(central, connection, row.region, number)
    assert {event.who for event in happened[1:]} == {"rule"}
    assert max(event.at for event in happened) - row.received_at <= WITHIN
    assert row.keep_until == clock() + dt.timedelta(days=1825)
    assert audit.events_about(central, number)[0][1:3] == ("rule", "case.close")


def test_a_sample_waits_for_a_person_to_look(terminal: Terminal, central: Central) -> None:
    number = unsampled(central, terminal.region, sampled=True)
    assert arrive(central, terminal, number) is S.APPROVED
    row = the(central, number)
    assert row.sampled
    with central.database.reading() as connection:
        assert [each.case for each in listed(connection, Wanted(["*"], sampled=True), 9)] == [number]
    done = casework.looked_at(central, row.region, number, who="wang", revision=row.revision, note="属实")
    assert isinstance(done, Moved)
    with central.database.reading() as connection:
        assert listed(connection, Wanted(["*"], sampled=True), 9) == ()
    assert moved(central, done.row, M.CLOSE).decided_by == "rule"


@pytest.mark.parametrize(
    "answers",
    [
        {**GOOD, "promise.own_account": "withheld"},
        {**GOOD, "pay.account_new": "6222"},
        {**GOOD, "contact.phone": ""},
        {"contact.phone": "13800001234"},
        {},
    ],
)
def test_what_is_not_promised_or_not_whole_is_a_persons(
    terminal: Terminal, central: Central, answers: dict[str, str]
) -> None:
    assert arrive(central, terminal, answers=answers) is S.CHECKED


def test_who_is_not_known_to_be_old_enough_is_a_persons(terminal: Terminal, central: Central) -> None:
    young = person().model_copy(update={"birth": dt.date(1990, 1, 1)})
    unknown = person().model_copy(update={"birth": None})
    assert arrive(central, terminal, "P-1", person=young) is S.CHECKED
    assert arrive(central, terminal, "P-2", person=unknown) is S.CHECKED
    assert arrive(central, terminal, "P-3", person=person().model_copy(update={"kind": "hmt_permit"})) is S.CHECKED


def test_another_definition_or_a_flag_is_a_persons(terminal: Terminal, central: Central) -> None:
    assert arrive(central, terminal, "P-1", definition="0" * 64) is S.CHECKED
    assert arrive(central, terminal, "P-2", receipt="NT1.x.y.z") is S.RECEIVED
    assert decide(central, terminal.region, "P-2") is None


def test_an_item_without_a_rule_is_a_persons(terminal: Terminal, central: Central) -> None:
    row = sent(central, terminal)
    with central.database.reading() as connection:
        assert judged(central, connection, row) is ForAPerson.NO_RULE
    assert decide(central, row.region, row.case) is None


def test_deciding_twice_decides_once(terminal: Terminal, central: Central) -> None:
    number = unsampled(central, terminal.region)
    arrive(central, terminal, number)
    assert decide(central, terminal.region, number) is None
    assert whats(central, number).count("decide_by_rule") == 1


# ---- what was cut off before it was decided --------------------------------------------------------------------

DECIDED = (S.DONE, S.APPROVED)
NO = {**GOOD, "promise.own_account": "withheld"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cases that rules are asked about, in their order."""
    cases: list[str] = []

    def counted(central: Central, connection: Any, row: Any) -> Any:
        cases.append(row.case)
        return judged(central, connection, row)

    monkeypatch.setattr(deciding, "judged", counted)
    return cases


def cut_off(central: Central, terminal: Terminal, clock: Clock, told: dict[str, dict[str, str]]) -> None:
    """Cases with these answers, a second apart, of a worker that was killed before any rule was asked."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("central.jobs.unseal.decide_all", lambda *_: 0)
        for number, answers in told.items():
            assert arrive(central, terminal, number, answers=answers) is S.CHECKED
            clock.move(seconds=1)


def test_what_the_rule_said_no_to_keeps_nobody_waiting(
    terminal: Terminal, central: Central, clock: Clock, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "AT_ONCE", 2)
    cut_off(central, terminal, clock, {"Y-1": GOOD, "N-1": NO, "N-2": NO, "N-3": NO, "Y-2": GOOD, "N-4": NO})
    assert [decide_pending(central, 3), decide_pending(central, 3), decide_pending(central, 3)] == [1, 1, 0]
    assert {the(central, number).state for number in ("Y-1", "Y-2")} <= set(DECIDED)
    assert asked == ["Y-1", "N-1", "N-2", "N-3", "Y-2", "N-4"]  # each once
    arrive(central, terminal, "N-5", answers=NO)
    assert asked.pop() == "N-5"
    assert decide_pending(central) == 0
    assert "N-5" not in asked


def test_what_was_cut_off_long_ago_is_decided(terminal: Terminal, central: Central, clock: Clock) -> None:
    cut_off(central, terminal, clock, {"Y-1": GOOD})
    clock.move(days=3)
    assert decide_pending(central) == 1
    assert the(central, "Y-1").state in DECIDED


def test_a_rule_is_asked_again_when_the_case_or_the_edition_is_another(
    terminal: Terminal, central: Central, clock: Clock, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in ("N-1", "N-2"):
        arrive(central, terminal, number, answers=NO)
        clock.move(seconds=1)
    row = the(central, "N-2")
    assert isinstance(casework.write_note(central, row.region, row.case, "x", who="wang", revision=row.revision), Moved)
    asked.clear()
    decide_pending(central)
    assert asked == ["N-2"]
    works = replace(central.working.now, editions={"*": 7})
    monkeypatch.setattr(central.working, "now", works)
    cut_off(central, terminal, clock, {"Y-1": GOOD})
    asked.clear()
    decide_pending(central)
    decide_pending(central)
    assert asked == ["Y-1", "N-1", "N-2"]  # what no rule was asked about comes first


@pytest.mark.log_warnings_expected
def test_a_case_over_which_the_program_stumbles_keeps_nobody_waiting(
    terminal: Terminal,
    central: Central,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def stumbles(central: Central, connection: Any, row: Any) -> Any:
        if row.case == "Y-1":
            raise ZeroDivisionError
        return judged(central, connection, row)

    cut_off(central, terminal, clock, {"Y-1": GOOD, "Y-2": GOOD})
    with monkeypatch.context() as patched:
        patched.setattr(deciding, "judged", stumbles)
        assert decide_pending(central) == 1
    assert the(central, "Y-2").state in DECIDED
    assert "deciding case Y-1 met a mistake of ours: ZeroDivisionError" in caplog.text
    assert decide_pending(central) == 1  # mended: nothing is lost
    assert the(central, "Y-1").state in DECIDED


@given(lot=st.floats(0, 1, exclude_max=True))
def test_the_lot_alone_says_who_is_drawn(lot: float) -> None:
    found = judge(PROMISED, PROMISED.sha256, (), person(), GOOD, dt.date(2026, 11, 22), lot)
    assert found == ByRule(sampled=lot < 0.1)


def test_lots_are_central_s_own_and_stay_when_its_keys_change() -> None:
    """Staff know the number and not the key; an auditor who is given the keys of any later day draws the same."""
    vault, numbers = Vault.generate(), [f"sample sh-310101 P-{number}" for number in range(50)]
    drawn = [lot_of(vault.tag(number)) for number in numbers]
    assert drawn == [lot_of(vault.rotated().tag(number)) for number in numbers]
    assert not set(drawn) & {lot_of(Vault.generate().tag(number)) for number in numbers}


def test_lots_are_spread() -> None:
    lots = [lot_of(sha256_hex(str(number).encode())) for number in range(2000)]
    assert 150 < sum(lot < 0.1 for lot in lots) < 250
    assert all(0 <= lot < 1 for lot in lots)
