"""Everything that central holds about one person, for that person: one JSON file and the files of the cases."""

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from central.jobs import casework
from central.jobs.amending import sent_with
from central.jobs.audit import note
from central.jobs.opening import file_of, person_of
from central.rules.asks import BEIJING
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


@dataclass(frozen=True)
class Gathered:
    """Everything about one person but the bytes of the files; the audit says already that it was asked for."""

    made_at: dt.datetime
    cases: tuple[CaseRow, ...]
    proofs: tuple[ProofRow, ...]
    told: Mapping[str, Any] = field(repr=False)

    @property
    def empty(self) -> bool:
        return not self.cases and not self.proofs


def gather(central: Central, number: str, *, by: str, why: str, regions: Collection[str] = (EVERYWHERE,)) -> Gathered:
    """Look for what there is about the holder of `number` in these regions. The audit says so, not who it is.

    Raises StoreUnavailable.
    """
    tag = central.vault.tag(number)
    with central.database.reading() as connection:
        mine = tuple(row for row in cases.find_by_tag(connection, tag, MOST) if may_in(regions, row.region))
        proofs = tuple(row for row in retention.proofs_of(connection, tag, MOST) if may_in(regions, row.region))
        made_at = central.now()
        told = {
            "made_at": made_at.isoformat(),
            "cases": [_case(central, connection, row) for row in mine],
            "proofs": [_proof(central, connection, row) for row in proofs],
        }
    with central.database.writing() as connection:
        note(connection, central, by, "person.exported", tag[:12], why, cases=len(mine), proofs=len(proofs))
    return Gathered(made_at, mine, proofs, told)


def entries(central: Central, found: Gathered) -> Iterator[tuple[str, bytes]]:
    """person.json and files/…: names and bytes, one at a time. Raises StoreUnavailable."""
    text = json.dumps(found.told, ensure_ascii=False, indent=2, sort_keys=True)
    yield "person.json", text.encode() + b"\n"
    for row in found.cases:
        with central.database.reading() as connection:
            parts = cases.case_parts(connection, row.region, row.case)
        for part in parts:
            opened = file_of(central, row.region, row.case, part.part)
            if opened is not None:
                name = f"{part.part}-{_plain(part.name)}"
                yield f"files/{_plain(f'{row.region}-{row.case}')}/{name}", opened[1]


def export_person(
    central: Central, number: str, into: Path, *, by: str, why: str, regions: Sequence[str] = (EVERYWHERE,)
) -> Exported:
    """Write what there is about the holder of `number` in these regions into a new folder. The audit says so, not who.

    `into`/person.json and `into`/files/. Raises OSError (FileExistsError when the folder is there), StoreUnavailable.
    """
    found = gather(central, number, by=by, why=why, regions=regions)
    into.mkdir(mode=0o700, parents=True)
    count = 0
    for name, data in entries(central, found):
        path = into / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, data)
        count += name != "person.json"
    return Exported(len(found.cases), len(found.proofs), count)


def zipped(central: Central, found: Gathered) -> Iterator[bytes]:
    """The same as a ZIP archive, piece by piece: one file is in memory at a time, and nothing lies on a disk in plain.

    Raises StoreUnavailable: the archive then has no end and no program takes it for whole.
    """
    out = _Pieces()
    at = found.made_at.astimezone(BEIJING).timetuple()[:6]
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries(central, found):
            about = zipfile.ZipInfo(name, at)
            about.external_attr = 0o600 << 16
            packs = zipfile.ZIP_DEFLATED if name == "person.json" else zipfile.ZIP_STORED
            archive.writestr(about, data, compress_type=packs)
            yield out.taken()
    yield out.taken()


class _Pieces(io.RawIOBase):
    """What is written can be taken away at once."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written.append(bytes(data))
        return len(self._written[-1])

    def taken(self) -> bytes:
        pieces, self._written = b"".join(self._written), []
        return pieces


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


def _plain(name: str) -> str:
    """A name that stays inside its folder."""
    return _STRANGE.sub("_", name).lstrip(".")[:100] or "file"
