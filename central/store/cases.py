"""What opened letters told: applications, proofs, collections, incidents, receipts."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.store.database import insert_new
from central.store.letters import Body, KeptLetter
from central.store.tables import cases, collections, figures, incidents, parts, proofs, receipts
from wire.letters import Application, Collected, Incident, Person, ProofPrinted


@dataclass(frozen=True)
class PartRow:
    """A file of a case. `body` is not read unless asked for."""

    part: int
    name: str
    media_type: str
    sha256: str
    size: int
    body: Body = field(default=Body(), repr=False)


@dataclass(frozen=True)
class CaseRow:
    region: str
    case: str
    letter: str
    terminal: str
    item: str
    version: int
    person: Person = field(repr=False)
    answers: dict[str, str] = field(repr=False)
    consents: dict[str, str]
    language: str
    receipt: str
    flags: tuple[str, ...]
    submitted_at: dt.datetime
    received_at: dt.datetime


@dataclass(frozen=True)
class ProofRow:
    region: str
    serial: str
    letter: str
    terminal: str
    item: str
    person: Person = field(repr=False)
    token: str
    outcome: str
    flags: tuple[str, ...]
    printed_at: dt.datetime
    received_at: dt.datetime


def add_case(
    connection: Connection, letter: KeptLetter, told: Application, flags: Sequence[str], files: Sequence[PartRow]
) -> bool:
    """Open a case with its files; False when the case number is taken by another letter."""
    made = insert_new(
        connection,
        cases,
        {
            "region": letter.region,
            "case": told.case,
            "letter": letter.id,
            "terminal": letter.terminal,
            "item": told.item,
            "version": told.version,
            "definition": told.definition,
            "person": told.person.model_dump(mode="json"),
            "answers": told.answers,
            "consents": {name: at.isoformat() for name, at in told.consents.items()},
            "language": told.language,
            "receipt": told.receipt,
            "flags": list(flags),
            "submitted_at": told.submitted_at,
            "received_at": letter.received_at,
        },
    )
    if not made:
        return False
    for file in files:
        connection.execute(
            sa.insert(parts).values(
                region=letter.region,
                case=told.case,
                part=file.part,
                name=file.name,
                media_type=file.media_type,
                sha256=file.sha256,
                size=file.size,
                body=file.body.data,
                path=file.body.path,
            )
        )
    return True


def find_cases(connection: Connection, number: str) -> tuple[CaseRow, ...]:
    """The cases of this number, one per region at most."""
    rows = connection.execute(sa.select(cases).where(cases.c.case == number).order_by(cases.c.region))
    return tuple(_case(row._asdict()) for row in rows)


def find_case(connection: Connection, region: str, number: str) -> CaseRow | None:
    row = connection.execute(sa.select(cases).where(cases.c.region == region, cases.c.case == number)).first()
    return None if row is None else _case(row._asdict())


def newest_cases(
    connection: Connection, limit: int, before: dt.datetime | None = None, *, terminal: tuple[str, str] | None = None
) -> tuple[CaseRow, ...]:
    """The newest cases, of one (region, terminal) when that is given."""
    query = sa.select(cases)
    if before is not None:
        query = query.where(cases.c.received_at < before)
    if terminal is not None:
        query = query.where(cases.c.region == terminal[0], cases.c.terminal == terminal[1])
    rows = connection.execute(query.order_by(cases.c.received_at.desc(), cases.c.case.desc()).limit(limit))
    return tuple(_case(row._asdict()) for row in rows)


def case_parts(connection: Connection, region: str, number: str) -> tuple[PartRow, ...]:
    """The files of a case, without their bytes."""
    rows = connection.execute(
        sa.select(parts.c.part, parts.c.name, parts.c.media_type, parts.c.sha256, parts.c.size)
        .where(parts.c.region == region, parts.c.case == number)
        .order_by(parts.c.part)
    )
    return tuple(PartRow(row.part, row.name, row.media_type, row.sha256, row.size) for row in rows)


def part_body(connection: Connection, region: str, number: str, part: int) -> Body | None:
    row = connection.execute(
        sa.select(parts.c.body, parts.c.path).where(
            parts.c.region == region, parts.c.case == number, parts.c.part == part
        )
    ).first()
    return None if row is None else Body(row.body, row.path)


def add_proof(connection: Connection, letter: KeptLetter, told: ProofPrinted, flags: Sequence[str]) -> bool:
    """Record a printed proof; False when the serial is taken by another letter."""
    return insert_new(
        connection,
        proofs,
        {
            "region": letter.region,
            "serial": told.serial,
            "letter": letter.id,
            "terminal": letter.terminal,
            "item": told.item,
            "version": told.version,
            "person": told.person.model_dump(mode="json"),
            "consents": {name: at.isoformat() for name, at in told.consents.items()},
            "token": told.token,
            "outcome": told.outcome,
            "flags": list(flags),
            "printed_at": told.printed_at,
            "received_at": letter.received_at,
        },
    )


def find_proof(connection: Connection, region: str, serial: str) -> ProofRow | None:
    row = connection.execute(sa.select(proofs).where(proofs.c.region == region, proofs.c.serial == serial)).first()
    return None if row is None else _proof(row._asdict())


def newest_proofs(
    connection: Connection, limit: int, *, terminal: tuple[str, str] | None = None
) -> tuple[ProofRow, ...]:
    query = sa.select(proofs)
    if terminal is not None:
        query = query.where(proofs.c.region == terminal[0], proofs.c.terminal == terminal[1])
    rows = connection.execute(query.order_by(proofs.c.received_at.desc(), proofs.c.serial.desc()).limit(limit))
    return tuple(_proof(row._asdict()) for row in rows)


def add_receipt(connection: Connection, letter: KeptLetter, kid: str, counter: int, sha256: str, previous: str) -> None:
    """A link of the terminal's receipt chain has come in."""
    row = {
        "region": letter.region,
        "letter": letter.id,
        "terminal": letter.terminal,
        "kid": kid,
        "counter": counter,
        "sha256": sha256,
        "previous": previous,
    }
    insert_new(connection, receipts, row)


def chain(connection: Connection, region: str, terminal: str, limit: int) -> tuple[tuple[int, str, str], ...]:
    """(counter, sha256, previous) of the newest receipts of a terminal, newest first."""
    rows = connection.execute(
        sa.select(receipts.c.counter, receipts.c.sha256, receipts.c.previous)
        .where(receipts.c.region == region, receipts.c.terminal == terminal)
        .order_by(receipts.c.counter.desc())
        .limit(limit)
    )
    return tuple((row.counter, row.sha256, row.previous) for row in rows)


def add_collection(connection: Connection, letter: KeptLetter, told: Collected) -> None:
    row = {
        "region": letter.region,
        "letter": letter.id,
        "terminal": letter.terminal,
        "ticket": told.ticket,
        "door": told.door,
        "by": told.by,
        "outcome": told.outcome,
        "at": told.at,
    }
    insert_new(connection, collections, row)


def collections_of(connection: Connection, region: str, terminal: str, limit: int) -> tuple[dict[str, Any], ...]:
    rows = connection.execute(
        sa.select(collections)
        .where(collections.c.region == region, collections.c.terminal == terminal)
        .order_by(collections.c.at.desc())
        .limit(limit)
    )
    return tuple(row._asdict() for row in rows)


def add_incident(connection: Connection, letter: KeptLetter, told: Incident) -> None:
    row = {
        "region": letter.region,
        "letter": letter.id,
        "terminal": letter.terminal,
        "deed": told.deed,
        "what": told.what,
        "found": told.found,
        "at": told.at,
    }
    insert_new(connection, incidents, row)


def incidents_of(connection: Connection, region: str, terminal: str, limit: int) -> tuple[dict[str, Any], ...]:
    rows = connection.execute(
        sa.select(incidents)
        .where(incidents.c.region == region, incidents.c.terminal == terminal)
        .order_by(incidents.c.at.desc())
        .limit(limit)
    )
    return tuple(row._asdict() for row in rows)


def add_figures(
    connection: Connection, region: str, terminal: str, digest: str, item: str, source: str, now: dt.datetime
) -> None:
    """Remember the hash of figures that were handed to a terminal; no figure and no person."""
    row = {"region": region, "terminal": terminal, "figures": digest, "item": item, "source": source, "at": now}
    insert_new(connection, figures, row)


def figures_given(
    connection: Connection, region: str, terminal: str, item: str, digest: str
) -> tuple[str, dt.datetime] | None:
    """(source, when first) if central handed these figures to this terminal for this item."""
    row = connection.execute(
        sa.select(figures.c.source, figures.c.at).where(
            figures.c.region == region,
            figures.c.terminal == terminal,
            figures.c.item == item,
            figures.c.figures == digest,
        )
    ).first()
    return None if row is None else (row.source, row.at)


def _case(row: dict[str, Any]) -> CaseRow:
    return CaseRow(
        region=row["region"],
        case=row["case"],
        letter=row["letter"],
        terminal=row["terminal"],
        item=row["item"],
        version=row["version"],
        person=Person.model_validate(row["person"]),
        answers=row["answers"],
        consents=row["consents"],
        language=row["language"],
        receipt=row["receipt"],
        flags=tuple(row["flags"]),
        submitted_at=row["submitted_at"],
        received_at=row["received_at"],
    )


def _proof(row: dict[str, Any]) -> ProofRow:
    return ProofRow(
        region=row["region"],
        serial=row["serial"],
        letter=row["letter"],
        terminal=row["terminal"],
        item=row["item"],
        person=Person.model_validate(row["person"]),
        token=row["token"],
        outcome=row["outcome"],
        flags=tuple(row["flags"]),
        printed_at=row["printed_at"],
        received_at=row["received_at"],
    )
