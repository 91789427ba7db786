"""What citizens put right: applied to the case that asked for it, in whatever order it comes, or held for a person."""

from typing import Any

import pytest

from central.jobs import amending, casework
from central.jobs.opening import file_of
from central.rules.asks import Ask
from central.rules.letters import LetterState
from central.rules.progress import CaseMove as M
from central.rules.progress import CaseState as S
from central.store import cases, supplements
from central.wiring import Central
from tests.central.caseworld import amended, letter_state, moved, sent, the, told_of, whats
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.world import PDF, Clock, Terminal
from wire.canonical import sha256_hex

PHONE = Ask("contact.phone", "phone.unreachable")
OPENED = (LetterState.OPENED, "")


def returned(central: Central, terminal: Terminal) -> cases.CaseRow:
    return moved(central, sent(central, terminal), M.RETURN, asks=[PHONE])


def test_what_was_returned_and_put_right_goes_on_under_its_number(terminal: Terminal, central: Central) -> None:
    row = returned(central, terminal)
    letter = terminal.letter(amended(terminal, row, {"contact.phone": "13900005678"}))
    terminal.send(letter)
    assert letter_state(central, letter) == OPENED
    after = the(central)
    assert (after.state, after.flags, after.deadline) == (S.CHECKED, (), None)
    assert told_of(central).answers == {"contact.phone": "13900005678", "home.address": "上海市黄浦区演示路1号"}
    assert whats(central) == ["opened", "check", "return", "resubmit", "check"]
    with central.database.reading() as connection:
        assert casework.asks_of(connection, row.region, row.case) == ()
        (kept,) = supplements.of_case(connection, row.region, row.case)
        assert amending.sent_with(central, connection, kept).answers == {"contact.phone": "13900005678"}  # type: ignore[union-attr]
    assert (kept.first_part, kept.parts, kept.event, kept.held) == (1, 1, 4, "")


def test_the_page_that_was_signed_before_stays(terminal: Terminal, central: Central) -> None:
    row = moved(central, sent(central, terminal, materials=[b"first"]), M.RETURN, asks=[PHONE])
    page, paper = PDF + b" put right", b"a scan"
    told = amended(terminal, row, {"contact.phone": "13900005678"}, page=page, materials=[("proof.jpg", paper)])
    terminal.send(terminal.letter(told))
    opened = [file_of(central, row.region, row.case, part) for part in range(5)]
    assert [file and file[1] for file in opened] == [PDF, b"first", page, paper, None]


def test_the_same_letter_twice_and_another_for_the_same_revision_change_nothing_more(
    terminal: Terminal, central: Central
) -> None:
    row = returned(central, terminal)
    letter = terminal.letter(amended(terminal, row, {"contact.phone": "13900005678"}))
    terminal.send(letter, letter)
    terminal.send(letter)
    again = terminal.letter(amended(terminal, row, {"contact.phone": "13700000000"}))
    terminal.send(again)
    assert letter_state(central, again) == (LetterState.HELD, "amend.not_their_turn")
    assert whats(central).count("resubmit") == 1
    assert told_of(central).answers["contact.phone"] == "13900005678"
    with central.database.reading() as connection:
        (held,) = supplements.held(connection, 10)
    assert (held.letter, held.held) == (again.header.id, "amend.not_their_turn")


def test_what_answers_an_older_asking_is_held(terminal: Terminal, central: Central) -> None:
    before = returned(central, terminal)
    moved(central, before, M.EXTEND, deadline=casework.usual_deadline(central, before))
    letter = terminal.letter(amended(terminal, before, {"contact.phone": "13900005678"}))
    terminal.send(letter)
    assert letter_state(central, letter) == (LetterState.HELD, "amend.other_revision")
    assert the(central).state is S.RETURNED
    assert told_of(central).answers["contact.phone"] == "13800001234"


def test_another_person_changes_nothing(terminal: Terminal, central: Central) -> None:
    row = returned(central, terminal)
    told = amended(terminal, row, {"contact.phone": "13900005678"})
    stranger = told.person.model_copy(update={"number": "310101194905150103"})
    letter = terminal.letter(told.model_copy(update={"person": stranger}))
    terminal.send(letter)
    assert letter_state(central, letter) == (LetterState.HELD, "amend.other_person")
    assert the(central).revision == row.revision


@pytest.mark.parametrize(
    ("changed", "word"),
    [({"item": "jintie-account"}, "amend.other_item"), ({"revision": 99}, "amend.other_revision")],
)
def test_what_does_not_belong_to_the_case_is_held(
    terminal: Terminal, central: Central, changed: dict[str, Any], word: str
) -> None:
    row = returned(central, terminal)
    letter = terminal.letter(amended(terminal, row, {"contact.phone": "13900005678"}, **changed))
    terminal.send(letter)
    assert letter_state(central, letter) == (LetterState.HELD, word)
    assert the(central).revision == row.revision


def test_only_what_was_asked_for_is_taken(terminal: Terminal, central: Central) -> None:
    row = returned(central, terminal)
    told = amended(terminal, row, {"contact.phone": "13900005678", "home.address": "别处"})
    terminal.send(terminal.letter(told))
    assert told_of(central).answers["home.address"] == "上海市黄浦区演示路1号"


def test_what_was_returned_and_is_left_empty_was_taken_away(terminal: Terminal, central: Central) -> None:
    row = returned(central, terminal)
    terminal.send(terminal.letter(amended(terminal, row, {})))
    assert the(central).state is S.CHECKED
    assert "contact.phone" not in told_of(central).answers


def test_a_receipt_of_other_bytes_makes_it_a_persons(terminal: Terminal, central: Central) -> None:
    row = returned(central, terminal)
    receipt = terminal.receipt(row.case, [sha256_hex(b"other")])
    terminal.send(terminal.letter(amended(terminal, row, {"contact.phone": "13900005678"}, receipt=receipt)))
    after = the(central)
    assert (after.state, after.flags) == (S.RECEIVED, ("receipt.other_parts",))


# ---- 容缺 -----------------------------------------------------------------------------------------------------------


def test_a_gap_is_filled_at_another_terminal(terminal: Terminal, enrolled: Any, central: Central) -> None:
    row = sent(central, terminal)
    with central.database.reading() as connection:
        assert casework.gaps_of(central, connection, row) == (Ask("pay.account"),)
    row = moved(central, row, M.ACCEPT_WITH_GAPS)
    assert (row.state, row.deadline and row.deadline.date() == casework.usual_deadline(
        central, row, [Ask("pay.account")]
    )) == (S.WAITING, True)  # fmt: skip
    other = enrolled("NT-0002")
    other.send(other.letter(amended(other, row, {"pay.account": "6222020200001234567"})))
    assert the(central).state is S.ACCEPTED
    assert told_of(central).answers["pay.account"] == "6222020200001234567"
    with central.database.reading() as connection:
        (kept,) = supplements.of_case(connection, row.region, row.case)
    assert kept.terminal == "NT-0002"


def test_what_was_left_out_is_no_supplement(terminal: Terminal, central: Central) -> None:
    row = moved(central, sent(central, terminal), M.ACCEPT_WITH_GAPS)
    letter = terminal.letter(amended(terminal, row, {"contact.phone": "13900005678"}))
    terminal.send(letter)
    assert letter_state(central, letter) == (LetterState.HELD, "amend.nothing_asked")
    assert the(central).state is S.WAITING


def test_part_of_what_is_asked_leaves_the_rest_asked_for(terminal: Terminal, central: Central) -> None:
    asks = [Ask("pay.account"), Ask("delivery.way", here=False)]
    row = moved(central, sent(central, terminal), M.ASK, asks=asks)
    terminal.send(terminal.letter(amended(terminal, row, {"pay.account": "6222020200001234567"})))
    after = the(central)
    assert (after.state, after.revision, after.deadline) == (S.WAITING, row.revision + 1, row.deadline)
    with central.database.reading() as connection:
        assert [ask.what for ask in casework.asks_of(connection, row.region, row.case)] == ["delivery.way"]
    assert whats(central)[-1] == "part_supplied"
    assert moved(central, after, M.SUPPLEMENT).state is S.ACCEPTED


# ---- out of order -------------------------------------------------------------------------------------------------


def test_an_amendment_before_its_case_waits_for_it(
    terminal: Terminal, enrolled: Any, central: Central, clock: Clock
) -> None:
    case = terminal.letter(terminal.application("A-1"))
    other = enrolled("NT-0002")
    row = sent(central, other, "B-1").__class__  # the shape only
    assert row is cases.CaseRow
    seen = vars(the(central, "B-1")) | {"case": "A-1", "revision": 1}
    early = other.letter(amended(other, cases.CaseRow(**seen), {"contact.phone": "13900005678"}))
    never = amended(other, cases.CaseRow(**seen | {"case": "N-1"}), {"contact.phone": "13900005678"})
    other.send(early, other.letter(never))
    assert letter_state(central, early) == (LetterState.HELD, "case.not_yet")
    clock.move(days=6)
    assert amending.give_up_waiting(central, 1) == 2
    assert amending.give_up_waiting(central) == 0
    assert letter_state(central, early) == (LetterState.HELD, "case.never_came")
    terminal.send(case)  # after all
    assert the(central).state is S.CHECKED
    assert letter_state(central, early) == (LetterState.HELD, "amend.not_their_turn")
    with central.database.reading() as connection:
        assert len(supplements.held(connection, 10)) == 1
