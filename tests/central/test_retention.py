"""What is over its time cannot be read any more, anywhere; and everything about one person is found while it can."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from central import __main__ as program
from central.jobs import audit, casework, export, opening, retention
from central.jobs.amending import sent_with
from central.rules.asks import Ask
from central.rules.audit import verify
from central.rules.letters import LetterState
from central.rules.progress import CaseMove
from central.store import audit as audit_store
from central.store import cases, events, letters, supplements
from central.store.vault import key_of
from central.wiring import Central
from tests.central import caseworld
from tests.central.caseworld import amended, moved
from tests.central.databases import settings_on
from tests.central.shared import app as app
from tests.central.shared import central as central
from tests.central.shared import client as client
from tests.central.shared import clock as clock
from tests.central.shared import new_terminal as new_terminal
from tests.central.shared import shared as shared
from tests.central.world import NAME, NUMBER, PDF, Clock, Terminal
from wire.messages import AckState, Letter

REGION = "sh-310101"
TERM = 1825
"""Days that the catalogue keeps a case of `jinglaoka`."""
PHONE = Ask("contact.phone", "phone.unreachable")
LARGE = b"\xff\xd8" + b"a page somebody laid under the camera" * 9000


def sent(terminal: Terminal, case: str, *, materials: tuple[bytes, ...] = ()) -> Letter:
    letter = terminal.letter(terminal.application(case, materials=materials))
    assert terminal.send(letter)[0].state is AckState.RECEIVED
    return letter


def end(central: Central, case: str, note: str = "") -> None:
    """The citizen takes it back: the shortest way to an end."""
    with central.database.reading() as connection:
        row = cases.find_case(connection, REGION, case)
    assert row is not None
    if note:
        written = casework.write_note(central, REGION, case, note, who="wang", revision=row.revision)
        assert isinstance(written, casework.Moved)
        row = written.row
    done = casework.move(central, REGION, case, CaseMove.WITHDRAW, who="citizen", revision=row.revision)
    assert isinstance(done, casework.Moved)


def big(terminal: Terminal, case: str) -> str:
    """An application that comes piece by piece; its letter's id."""
    contents = terminal.application(case, materials=(LARGE,))
    letter = terminal.letter_id()
    body = terminal.sealed(contents, letter)
    header = terminal.header(contents, letter, body)
    assert terminal.piece(header, 0, body).status_code == 200
    return letter


# ---- the clock ----------------------------------------------------------------------------------------------


def test_all_that_is_over_is_forgotten_in_one_turn(
    new_terminal: Callable[[], Terminal], central: Central, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    retention.run(central)
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    terminal = new_terminal()
    for number in ("R-20", "R-21"):
        sent(terminal, number)
        end(central, number)
    clock.move(days=TERM + 1)
    assert retention.run(central).cases == 2


def test_a_case_is_forgotten_when_its_time_is_over_and_not_before(
    new_terminal: Callable[[], Terminal], central: Central, clock: Clock
) -> None:
    terminal = new_terminal()
    letter = big(terminal, "R-1")
    with central.database.reading() as connection:
        kept = letters.find(connection, REGION, letter)
    assert kept is not None
    assert kept.body.path is not None
    end(central, "R-1", note="telephoned")
    with central.database.reading() as connection:
        assert "telephoned" in {event.note for event in casework.events_of(central, connection, REGION, "R-1")}
    clock.move(days=TERM - 1)
    assert retention.run(central).cases == 0
    assert opening.file_of(central, REGION, "R-1", 1) is not None
    files = set(central.bodies.names())
    clock.move(days=2)
    assert retention.run(central).cases == 1
    assert retention.run(central).cases == 0
    with central.database.reading() as connection:
        row = cases.find_case(connection, REGION, "R-1")
        assert row is not None
        assert (row.person_tag, row.sealed, row.consents) == ("", b"", {})
        assert opening.person_of(central, connection, row) is None
        assert key_of(connection, central.vault, REGION, "R-1") is None
        assert cases.case_parts(connection, REGION, "R-1") == ()
        assert {event.note for event in events.of_case(connection, REGION, "R-1")} == {None}
        gone = letters.find(connection, REGION, letter)
    assert gone is not None
    assert (gone.body.data, gone.body.path, gone.note) == (None, None, "retention.over")
    assert kept.body.path in files
    assert kept.body.path not in set(central.bodies.names())
    assert len(files) - len(set(central.bodies.names())) == 2  # the letter's file and the material's


def test_what_was_handed_in_later_is_forgotten_with_its_case(
    new_terminal: Callable[[], Terminal], central: Central, clock: Clock
) -> None:
    terminal = new_terminal()
    row = moved(central, caseworld.sent(central, terminal, "R-8"), CaseMove.RETURN, asks=[PHONE])
    letter = terminal.letter(amended(terminal, row, {"contact.phone": "13900005678"}))
    assert terminal.send(letter)[0].state is AckState.RECEIVED
    end(central, "R-8")
    clock.move(days=TERM + 1)
    assert retention.run(central).cases == 1
    with central.database.reading() as connection:
        (later,) = supplements.of_case(connection, REGION, "R-8")
        kept = letters.find(connection, REGION, letter.header.id)
        assert sent_with(central, connection, later) is None
    assert later.sealed == b""
    assert kept is not None
    assert (kept.body.data, kept.body.path) == (None, None)


def test_what_comes_after_its_case_was_forgotten_is_forgotten_too(
    new_terminal: Callable[[], Terminal], central: Central, clock: Clock
) -> None:
    """A terminal that had no line for long; and nobody is told that it was another person's."""
    terminal = new_terminal()
    row = moved(central, caseworld.sent(central, terminal, "R-9"), CaseMove.RETURN, asks=[PHONE])
    late = terminal.letter(amended(terminal, row, {"contact.phone": "13900005678"}))
    end(central, "R-9")
    clock.move(days=TERM + 1)
    assert retention.run(central).cases == 1
    assert [ack.state for ack in terminal.send(late) + terminal.send(late)] == [AckState.RECEIVED, AckState.ALREADY]
    with central.database.reading() as connection:
        kept = letters.find(connection, REGION, late.header.id)
        (event,) = audit_store.newest(connection, 1, about="R-9", what="letter.forgotten")
    assert kept is not None
    assert (kept.state, kept.note) == (LetterState.OPENED, "retention.over")
    assert (kept.body.data, kept.body.path, event.region) == (None, None, REGION)


def test_a_forgotten_letter_is_still_known(
    new_terminal: Callable[[], Terminal], central: Central, clock: Clock
) -> None:
    terminal = new_terminal()
    letter = sent(terminal, "R-2")
    end(central, "R-2")
    clock.move(days=TERM + 1)
    assert retention.run(central).cases == 1
    assert terminal.send(letter)[0].state is AckState.ALREADY
    with central.database.reading() as connection:
        assert len(cases.find_cases(connection, "R-2")) == 1


def test_a_case_that_goes_on_is_kept(new_terminal: Callable[[], Terminal], central: Central, clock: Clock) -> None:
    sent(new_terminal(), "R-3")
    clock.move(days=4000)
    assert retention.run(central).cases == 0
    with central.database.reading() as connection:
        row = cases.find_cases(connection, "R-3")[0]
        told = opening.person_of(central, connection, row)
    assert told is not None
    assert told.person.number == NUMBER


def test_an_end_state_may_have_a_shorter_term(
    new_terminal: Callable[[], Terminal], central: Central, clock: Clock
) -> None:
    sent(new_terminal(), "R-4")
    end(central, "R-4")
    clock.move(days=31)
    assert retention.run(central).cases == 0
    shorter = dataclasses.replace(central.settings, keep_days={"withdrawn": 30, "done": 3650})
    assert retention.run(dataclasses.replace(central, settings=shorter)).cases == 1


def test_a_proof_is_forgotten_too(new_terminal: Callable[[], Terminal], central: Central, clock: Clock) -> None:
    terminal = new_terminal()
    retention.run(central)
    assert terminal.send(terminal.letter(terminal.proof("P-R5")))[0].state is AckState.RECEIVED
    clock.move(days=729)
    assert retention.run(central).proofs == 0
    clock.move(days=2)
    assert retention.run(central).proofs == 1
    with central.database.reading() as connection:
        row = cases.find_proof(connection, REGION, "P-R5")
        assert row is not None
        assert (row.person_tag, row.sealed) == ("", b"")
        assert opening.person_of(central, connection, row) is None
        assert row.token  # the paper in somebody's hand still verifies


def test_what_was_forgotten_is_in_the_audit_without_a_person(
    new_terminal: Callable[[], Terminal], central: Central, clock: Clock
) -> None:
    sent(new_terminal(), "R-6")
    end(central, "R-6")
    clock.move(days=TERM + 1)
    retention.run(central)
    with central.database.reading() as connection:
        event = audit_store.newest(connection, 1, about="R-6", what="case.forgotten")[0]
    assert (event.who, event.region, event.facts) == ("clock", REGION, {"state": "withdrawn"})
    audit.sign_heads(central)
    lines = list(audit.export(central))
    found = verify(lines, central.keys.ring(), clock())
    assert (found.faults, found.unsigned) == ((), 0)  # and it is as whole as before, for who has only the export
    assert not any(text in line for text in (NAME, NUMBER, "13800001234") for line in lines)


def test_other_cases_of_the_same_person_stay(
    new_terminal: Callable[[], Terminal], central: Central, clock: Clock
) -> None:
    terminal = new_terminal()
    sent(terminal, "R-7a")
    end(central, "R-7a")
    clock.move(days=TERM + 1)
    sent(terminal, "R-7b")
    assert retention.run(central).cases == 1
    with central.database.reading() as connection:
        found = [row.case for row in cases.find_by_tag(connection, central.vault.tag(NUMBER))]
        told = opening.person_of(central, connection, cases.find_cases(connection, "R-7b")[0])
    assert "R-7b" in found
    assert "R-7a" not in found
    assert told is not None


# ---- everything about one person ----------------------------------------------------------------------------


def test_everything_about_one_person_is_handed_over(
    new_terminal: Callable[[], Terminal], central: Central, clock: Clock, tmp_path: Path
) -> None:
    terminal = new_terminal()
    clock.move(days=5000)
    retention.run(central)
    sent(terminal, "E-1", materials=(b"\xff\xd8 a picture",))
    terminal.send(terminal.letter(terminal.proof("P-E1")))
    with central.database.writing() as connection:
        audit.note(connection, central, "wang", "case.seen", "E-1", region=REGION)
    found = export.export_person(central, NUMBER.lower(), tmp_path / "out", by="wang", why="asked at the counter")
    told = json.loads((tmp_path / "out" / "person.json").read_text("utf-8"))
    case = next(each for each in told["cases"] if each["case"] == "E-1")
    assert found.cases == len(told["cases"])
    assert found.proofs == len(told["proofs"])
    assert case["person"]["name"] == NAME
    assert case["answers"]["contact.phone"] == "13800001234"
    assert [each["name"] for each in case["files"]] == ["page.pdf", "material-1.jpg"]
    assert [each["what"] for each in case["seen"]] == ["case.seen"]
    assert {each["serial"] for each in told["proofs"]} >= {"P-E1"}
    written = sorted(path.name for path in (tmp_path / "out" / "files" / f"{REGION}-E-1").iterdir())
    assert written == ["0-page.pdf", "1-material-1.jpg"]
    assert (tmp_path / "out" / "files" / f"{REGION}-E-1" / "0-page.pdf").read_bytes() == PDF
    with central.database.reading() as connection:
        event = audit_store.newest(connection, 1, what="person.exported")[0]
    assert (event.who, event.why) == ("wang", "asked at the counter")
    assert NUMBER not in json.dumps(event.told(), ensure_ascii=False)
    assert central.vault.tag(NUMBER).startswith(event.about)


def test_who_works_in_one_region_hands_over_what_is_there(
    new_terminal: Callable[[], Terminal], central: Central, tmp_path: Path
) -> None:
    sent(new_terminal(), "E-2")
    found = export.export_person(central, NUMBER, tmp_path / "out", by="wang", why="asked", regions=("bj-110101",))
    assert found == export.Exported(0, 0, 0)


def test_what_was_forgotten_is_not_handed_over(
    new_terminal: Callable[[], Terminal], central: Central, clock: Clock, tmp_path: Path
) -> None:
    sent(new_terminal(), "E-3")
    end(central, "E-3")
    clock.move(days=TERM + 1)
    retention.run(central)
    export.export_person(central, NUMBER, tmp_path / "out", by="wang", why="asked")
    told = json.loads((tmp_path / "out" / "person.json").read_text("utf-8"))
    assert "E-3" not in {each["case"] for each in told["cases"]}


def test_a_folder_that_is_there_is_not_written_into(
    central: Central, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(FileExistsError):
        export.export_person(central, NUMBER, tmp_path, by="wang", why="asked")
    folder = str(settings_on("", tmp_path / "c").folder)
    told = ["export-person", "--folder", folder, "--number", NUMBER, "--into", str(tmp_path), "--why", "asked"]
    assert program.main(told) == program.EXIT_CANNOT
    assert "is there already" in capsys.readouterr().err
    told[told.index("--into") + 1] = str(tmp_path / "new")
    assert program.main(told) == 0
    assert capsys.readouterr().out.startswith("0 cases, 0 proofs, 0 files")
