"""Everything that central holds about one person, for that person: one JSON file and the files of the cases."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from central.jobs import casework
from central.jobs.amending import sent_with
from central.jobs.audit import note
from central.jobs.opening import file_of, person_of
from central.rules.roles import EVERYWHERE, may_in
from central.store import audit, cases, notices, retention, supplements
from central.store.cases import CaseRow, ProofRow
from central.store.database import Connection
from central.store.supplements import SupplementRow
from central.wiring import Central
from trust.files import write_private

MOST = 10_000
_STRANGE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Exported:
    """How much was found."""

    cases: int
    proofs: int
    files: int


def export_person(
    central: Central, number: str, into: Path, *, by: str, why: str, regions: Sequence[str] = (EVERYWHERE,)
) -> Exported:
    """Write what there is about the holder of `number` in these regions into a new folder. The audit says so, not who.

    `into`/person.json and `into`/files/. Raises OSError (FileExistsError when the folder is there), StoreUnavailable.
    """
    tag = central.vault.tag(number)
    with central.database.reading() as connection:
        mine = [row for row in cases.find_by_tag(connection, tag, MOST) if may_in(regions, row.region)]
        proofs = [row for row in retention.proofs_of(connection, tag, MOST) if may_in(regions, row.region)]
        told = {
            "made_at": central.now().isoformat(),
            "cases": [_case(central, connection, row) for row in mine],
            "proofs": [_proof(central, connection, row) for row in proofs],
        }
    with central.database.writing() as connection:
        note(connection, central, by, "person.exported", tag[:12], why, cases=len(mine), proofs=len(proofs))
    into.mkdir(mode=0o700, parents=True)
    files = sum(_write_files(central, row, into / "files") for row in mine)
    text = json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True)
    write_private(into / "person.json", text.encode() + b"\n")
    return Exported(len(mine), len(proofs), files)


def _case(central: Central, connection: Connection, row: CaseRow) -> dict[str, Any]:
    told = person_of(central, connection, row)
    return {
        "region": row.region,
        "case": row.case,
        "item": row.item,
        "version": row.version,
        "terminal": row.terminal,
        "state": row.state.value,
        "submitted_at": row.submitted_at.isoformat(),
        "received_at": row.received_at.isoformat(),
        "keep_until": row.keep_until.isoformat() if row.keep_until else None,
        "person": told.person.model_dump(mode="json") if told else None,
        "answers": dict(told.answers) if told else None,
        "consents": dict(row.consents),
        "receipt": row.receipt,
        "files": [
            {"part": part.part, "name": part.name, "sha256": part.sha256, "size": part.size}
            for part in cases.case_parts(connection, row.region, row.case)
        ],
        "events": [
            {
                "at": event.at.isoformat(),
                "what": event.what,
                "after": event.after,
                "reasons": list(event.reasons),
                "note": event.note,
            }
            for event in casework.events_of(central, connection, row.region, row.case)
        ],
        "supplements": [
            _supplement(central, connection, each) for each in supplements.of_case(connection, row.region, row.case)
        ],
        "notices": [
            {"kind": each.kind, "state": each.state, "at": each.made_at.isoformat()}
            for each in notices.of_case(connection, row.region, row.case)
        ],
        "seen": [  # who looked is the office's to say; that and when is the person's to know
            {"at": event.at.isoformat(), "what": event.what}
            for event in audit.newest(connection, MOST, region=row.region, about=row.case)
            if event.what.endswith(".seen")
        ],
    }


def _supplement(central: Central, connection: Connection, row: SupplementRow) -> dict[str, Any]:
    told = sent_with(central, connection, row)
    return {
        "received_at": row.received_at.isoformat(),
        "held": row.held,
        "answers": dict(told.answers) if told else None,
    }


def _proof(central: Central, connection: Connection, row: ProofRow) -> dict[str, Any]:
    told = person_of(central, connection, row)
    return {
        "region": row.region,
        "serial": row.serial,
        "item": row.item,
        "terminal": row.terminal,
        "printed_at": row.printed_at.isoformat(),
        "outcome": row.outcome,
        "person": told.person.model_dump(mode="json") if told else None,
    }


def _write_files(central: Central, row: CaseRow, into: Path) -> int:
    with central.database.reading() as connection:
        found = cases.case_parts(connection, row.region, row.case)
    count = 0
    for part in found:
        opened = file_of(central, row.region, row.case, part.part)
        if opened is None:
            continue
        folder = into / _plain(f"{row.region}-{row.case}")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(folder / f"{part.part}-{_plain(part.name)}", opened[1])
        count += 1
    return count


def _plain(name: str) -> str:
    """A name that stays inside its folder."""
    return _STRANGE.sub("_", name).lstrip(".")[:100] or "file"
