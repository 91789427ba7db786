"""Cases as tests need them: sent by a made-up terminal, amended, looked at."""

from collections.abc import Sequence
from typing import Any

import pytest

from central.jobs import casework, unseal
from central.jobs.opening import person_of
from central.rules.letters import LetterState
from central.rules.progress import CaseMove
from central.store import cases, letters
from central.store.cases import CaseRow
from central.store.letters import KeptLetter
from central.store.vault import Told
from central.wiring import Central
from tests.central.world import PDF, Terminal, person
from wire.canonical import b64u, sha256_hex
from wire.letters import Amended, Attachment
from wire.messages import Letter


def sent(central: Central, terminal: Terminal, number: str = "A-1", **changed: Any) -> CaseRow:
    """A case that this terminal has sent."""
    terminal.send(terminal.letter(terminal.application(number, **changed)))
    return the(central, number)


def the(central: Central, number: str = "A-1") -> CaseRow:
    with central.database.reading() as connection:
        (row,) = cases.find_cases(connection, number)
    return row


def told_of(central: Central, number: str = "A-1") -> Told:
    with central.database.reading() as connection:
        (row,) = cases.find_cases(connection, number)
        told = person_of(central, connection, row)
    assert told is not None
    return told


def moved(central: Central, row: CaseRow, move: CaseMove, who: str = "wang", **more: Any) -> CaseRow:
    """The case after a move that has to be possible."""
    done = casework.move(central, row.region, row.case, move, who=who, revision=row.revision, **more)
    assert isinstance(done, casework.Moved), done
    return done.row


def refused(central: Central, row: CaseRow, move: CaseMove, **more: Any) -> str:
    """Why a move is refused; the case must be as it was."""
    told = {"who": "wang", "revision": row.revision, **more}
    done = casework.move(central, row.region, row.case, move, **told)
    assert isinstance(done, casework.MoveRefused), done
    assert done.row is None or vars(the(central, row.case)) == vars(done.row)
    return done.why.value


def whats(central: Central, number: str = "A-1") -> list[str]:
    """What happened to a case, oldest first."""
    row = the(central, number)
    with central.database.reading() as connection:
        return [event.what for event in casework.events_of(central, connection, row.region, row.case)]


def letter_state(central: Central, letter: Letter) -> tuple[LetterState, str]:
    with central.database.reading() as connection:
        kept = letters.find(connection, letter.header.region, letter.header.id)
    assert kept is not None
    return kept.state, kept.note


def unopenable(monkeypatch: pytest.MonkeyPatch, letter: Letter, mistake: Exception) -> None:
    """Central meets this mistake whenever it opens this letter, and no other."""
    real = unseal.open_letter

    def open_letter(central: Central, kept: KeptLetter) -> object:
        if kept.id == letter.header.id:
            raise mistake
        return real(central, kept)

    monkeypatch.setattr(unseal, "open_letter", open_letter)


def amended(
    terminal: Terminal,
    row: CaseRow,
    answers: dict[str, str],
    *,
    page: bytes = PDF + b" put right",
    materials: Sequence[tuple[str, bytes]] = (),
    **changed: Any,
) -> Amended:
    """What a citizen sends for a case as `row` shows it."""
    files = [Attachment(name="page.pdf", media_type="application/pdf", sha256=sha256_hex(page), data=b64u(page))]
    for name, data in materials:
        files.append(Attachment(name=name, media_type="image/jpeg", sha256=sha256_hex(data), data=b64u(data)))
    told: dict[str, Any] = {
        "case": row.case,
        "item": row.item,
        "version": row.version,
        "definition": row.definition,
        "revision": row.revision,
        "person": person(),
        "answers": answers,
        "consents": {"privacy": terminal.clock()},
        "receipt": changed.get("receipt") or terminal.receipt(row.case, [file.sha256 for file in files]),
        "page": files[0],
        "materials": tuple(files[1:]),
        "language": "zh",
        "submitted_at": terminal.clock(),
    }
    return Amended.model_validate(told | changed)
