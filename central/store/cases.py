"""What opened letters told: applications, proofs, collections, incidents, receipts; and lists of cases.

Past 400 lines because a case's row is read and written in one place, so that no list shows it half.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.rules.progress import CaseState
from central.rules.roles import EVERYWHERE
from central.store.case_tables import case_events
from central.store.database import insert_all, insert_new
from central.store.letters import Body, KeptLetter
from central.store.tables import UtcTime, cases, collections, figures, incidents, parts, proofs, receipts
from central.store.vault import SealedPerson
from wire.canonical import sha256_hex
from wire.letters import Collected, Incident, ProofPrinted
from wire.tokens import Receipt


@dataclass(frozen=True)
class PartRow:
    """A file of a case. `body` is not read unless asked for."""

    part: int
    name: str
    media_type: str
    sha256: str
    size: int
    body: Body = field(default=Body(), repr=False)
    sealed: bool = True


@dataclass(frozen=True, eq=False)
class CaseRow:
    region: str
    case: str
    letter: str
    terminal: str
    item: str
    version: int
    person_tag: str = field(repr=False)
    sealed: bytes = field(repr=False)  # central.store.vault.open_person
    consents: dict[str, str]
    language: str
    receipt: str
    flags: tuple[str, ...]
    submitted_at: dt.datetime
    received_at: dt.datetime
    state: CaseState
    revision: int
    since: dt.datetime
    deadline: dt.datetime | None
    queue: str
    assigned_to: str
    decided_by: str
    sampled: bool
    definition: str
    keep_until: dt.datetime | None


@dataclass(frozen=True, eq=False)
class ProofRow:
    region: str
    serial: str
    letter: str
    terminal: str
    item: str
    person_tag: str = field(repr=False)
    sealed: bytes = field(repr=False)
    token: str
    outcome: str
    flags: tuple[str, ...]
    printed_at: dt.datetime
    received_at: dt.datetime


def taken(connection: Connection, region: str, numbers: Collection[str]) -> frozenset[str]:
    """Those of these numbers that a case of the region has."""
    rows = connection.execute(_TAKEN, {"of": region, "numbers": list(numbers)}) if numbers else ()
    return frozenset(row.case for row in rows)


_TAKEN = sa.select(cases.c.case).where(
    cases.c.region == sa.bindparam("of"), cases.c.case.in_(sa.bindparam("numbers", expanding=True))
)


def add_parts(connection: Connection, region: str, number: str, files: Sequence[PartRow]) -> None:
    """Put further files to a case; those that it has stay. Raises KeyTaken when it has one of these numbers."""
    insert_all(connection, parts, [part_row(region, number, file) for file in files])


def part_row(region: str, number: str, file: PartRow) -> dict[str, Any]:
    """The row of a file as the table names it."""
    return {
        "region": region,
        "case": number,
        "part": file.part,
        "name": file.name,
        "media_type": file.media_type,
        "sha256": file.sha256,
        "size": file.size,
        "sealed": file.sealed,
        "body": file.body.data,
        "path": file.body.path,
    }


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


def find_by_tag(connection: Connection, tag: str, limit: int = 100) -> tuple[CaseRow, ...]:
    """A person's cases in every region, newest first."""
    if not tag:
        return ()
    query = sa.select(cases).where(cases.c.person_tag == tag)
    rows = connection.execute(query.order_by(cases.c.submitted_at.desc(), cases.c.case.desc()).limit(limit))
    return tuple(_case(row._asdict()) for row in rows)


def within(regions: Collection[str]) -> list[sa.ColumnElement[bool]]:
    """Cases that came in at one of these regions, or lie in the queue of one (`central.rules.roles.may_see`)."""
    if EVERYWHERE in regions:
        return []
    return [sa.or_(cases.c.region.in_(list(regions)), cases.c.queue.in_(list(regions)))]


def in_queue(
    connection: Connection,
    queue: str | None,
    region: str | None,
    states: Collection[CaseState],
    limit: int,
    before: tuple[dt.datetime, str] | None = None,
    *,
    assigned_to: str | None = None,
) -> tuple[CaseRow, ...]:
    """Cases in these states, the one that waits longest first; after (received_at, case) `before` when that is given.

    `queue` and `region` None: all.
    """
    query = sa.select(cases).where(cases.c.state.in_([state.value for state in states]))
    if queue is not None:
        query = query.where(cases.c.queue == queue)
    if region is not None:
        query = query.where(cases.c.region == region)
    if assigned_to is not None:
        query = query.where(cases.c.assigned_to == assigned_to)
    if before is not None:
        later = sa.or_(
            cases.c.received_at > before[0], sa.and_(cases.c.received_at == before[0], cases.c.case > before[1])
        )
        query = query.where(later)
    rows = connection.execute(query.order_by(cases.c.received_at, cases.c.case).limit(limit))
    return tuple(_case(row._asdict()) for row in rows)


def queue_sizes(connection: Connection, states: Collection[CaseState]) -> dict[tuple[str, str], int]:
    """How many cases there are by (queue, state)."""
    rows = connection.execute(
        sa.select(cases.c.queue, cases.c.state, sa.func.count().label("many"))
        .where(cases.c.state.in_([state.value for state in states]))
        .group_by(cases.c.queue, cases.c.state)
    )
    return {(row.queue, row.state): row.many for row in rows}


Place = tuple[dt.datetime, str, str]
"""A time of a case, its region and its number: where the next page of a list that is ordered by them begins."""


def due(
    connection: Connection,
    states: Collection[CaseState],
    until: dt.datetime,
    limit: int,
    after: Place | None = None,
) -> tuple[CaseRow, ...]:
    """Cases in these states whose deadline comes before `until`, the nearest first, from behind `after` on."""
    query = sa.select(cases).where(
        cases.c.state.in_([state.value for state in states]), cases.c.deadline.is_not(None), cases.c.deadline < until
    )
    return tuple(_case(row._asdict()) for row in connection.execute(page(query, cases.c.deadline, limit, after)))


def page(query: sa.Select[Any], by: sa.Column[Any], limit: int, after: Place | None) -> sa.Select[Any]:
    """A page of what `query` selects of cases, in the order of this time of theirs."""
    columns = by, cases.c.region, cases.c.case
    if after is not None:
        query = query.where(sa.tuple_(*columns) > sa.tuple_(sa.literal(after[0], UtcTime()), *after[1:]))
    return query.order_by(*columns).limit(limit)


def untold(
    connection: Connection,
    states: Collection[CaseState],
    what: str,
    limit: int,
    *,
    deadline: tuple[dt.datetime, dt.datetime] | None = None,
    since: dt.datetime | None = None,
    after: Place | None = None,
) -> tuple[CaseRow, ...]:
    """Cases in these states, about which `what` was not told at their revision, the longest in their state first.

    `deadline`: it lies in [first, second). `since`: they have been in the state since then or longer. From behind
    `after` on.
    """
    told = sa.exists().where(
        case_events.c.region == cases.c.region,
        case_events.c.case == cases.c.case,
        case_events.c.revision == cases.c.revision,
        case_events.c.what == what,
    )
    query = sa.select(cases).where(cases.c.state.in_([state.value for state in states]), ~told)
    if deadline is not None:
        query = query.where(cases.c.deadline >= deadline[0], cases.c.deadline < deadline[1])
    if since is not None:
        query = query.where(cases.c.since <= since)
    return tuple(_case(row._asdict()) for row in connection.execute(page(query, cases.c.since, limit, after)))


def for_the_rule(
    connection: Connection, items: Collection[str], editions: str, limit: int, after: Place | None, *, anew: bool
) -> tuple[Place, ...]:
    """Checked cases of these items of which no rule was asked, who waits longest first, from behind `after` on.

    `anew`: instead those of which it was asked by other editions than these.
    """
    asked = cases.c.not_by_rule.not_in(("", editions)) if anew else cases.c.not_by_rule == ""
    query = sa.select(cases.c.since, cases.c.region, cases.c.case).where(
        cases.c.state == CaseState.CHECKED.value, cases.c.item.in_(list(items)), cases.c.since.is_not(None), asked
    )
    return tuple(
        (row.since, row.region, row.case) for row in connection.execute(page(query, cases.c.since, limit, after))
    )


def leave_to_persons(connection: Connection, rows: Sequence[CaseRow], editions: str) -> None:
    """Write down that the rule of these editions said no to these cases; of one that went on meanwhile, nothing."""
    connection.execute(
        _LEAVE, [{"of": row.region, "number": row.case, "seen": row.revision, "by": editions} for row in rows]
    )


_LEAVE = (
    sa.update(cases)
    .where(
        cases.c.region == sa.bindparam("of"),
        cases.c.case == sa.bindparam("number"),
        cases.c.revision == sa.bindparam("seen"),
    )
    .values(not_by_rule=sa.bindparam("by"))
)


def change(connection: Connection, row: CaseRow, **values: Any) -> bool:
    """Change a case that is still at the revision of `row`; False when somebody was faster. Holds the row.

    Its rule is to be asked anew.
    """
    done = connection.execute(
        sa.update(cases)
        .where(cases.c.region == row.region, cases.c.case == row.case, cases.c.revision == row.revision)
        .values(**values, not_by_rule="")
    )
    return done.rowcount == 1


def case_parts(connection: Connection, region: str, number: str) -> tuple[PartRow, ...]:
    """The files of a case, without their bytes."""
    rows = connection.execute(
        sa.select(parts.c.part, parts.c.name, parts.c.media_type, parts.c.sha256, parts.c.size)
        .where(parts.c.region == region, parts.c.case == number)
        .order_by(parts.c.part)
    )
    return tuple(PartRow(row.part, row.name, row.media_type, row.sha256, row.size) for row in rows)


def changed(row: CaseRow, values: Mapping[str, Any]) -> CaseRow:
    """The row as it is after `change` with these values."""
    told = {**vars(row), **values}
    return CaseRow(**{**told, "state": CaseState(told["state"]), "flags": tuple(told["flags"])})


def next_part(connection: Connection, region: str, number: str) -> int:
    """The number of a case's next file."""
    query = sa.select(sa.func.max(parts.c.part)).where(parts.c.region == region, parts.c.case == number)
    last = connection.execute(query).scalar()
    return 0 if last is None else last + 1


def part(connection: Connection, region: str, number: str, part: int) -> PartRow | None:
    """A file of a case with its body."""
    row = connection.execute(
        sa.select(parts).where(parts.c.region == region, parts.c.case == number, parts.c.part == part)
    ).first()
    if row is None:
        return None
    body = Body(row.body, row.path)
    return PartRow(row.part, row.name, row.media_type, row.sha256, row.size, body, row.sealed)


def add_proof(
    connection: Connection, letter: KeptLetter, told: ProofPrinted, person: SealedPerson, flags: Sequence[str]
) -> bool:
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
            "person_tag": person.tag,
            "sealed": person.sealed,
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


def add_receipt(connection: Connection, letter: KeptLetter, token: str, receipt: Receipt) -> None:
    """A link of the terminal's receipt chain has come in. `token` is what `receipt` was read from."""
    insert_new(connection, receipts, receipt_row(letter, token, receipt))


def receipt_row(letter: KeptLetter, token: str, receipt: Receipt) -> dict[str, Any]:
    """The row of such a link as the table names it."""
    return {
        "region": letter.region,
        "letter": letter.id,
        "terminal": letter.terminal,
        "kid": token.strip().split(".")[2],
        "counter": receipt.counter,
        "sha256": sha256_hex(token.encode()),
        "previous": receipt.previous,
    }


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
    return _newest_of(connection, collections, region, terminal, limit)


def _newest_of(
    connection: Connection, table: sa.Table, region: str, terminal: str, limit: int
) -> tuple[dict[str, Any], ...]:
    """What a terminal told of in this table, newest first."""
    rows = connection.execute(
        sa.select(table)
        .where(table.c.region == region, table.c.terminal == terminal)
        .order_by(table.c.at.desc(), table.c.letter)
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
    return _newest_of(connection, incidents, region, terminal, limit)


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
        person_tag=row["person_tag"],
        sealed=row["sealed"] or b"",
        consents=row["consents"],
        language=row["language"],
        receipt=row["receipt"],
        flags=tuple(row["flags"]),
        submitted_at=row["submitted_at"],
        received_at=row["received_at"],
        state=CaseState(row["state"]),
        revision=row["revision"],
        since=row["since"] or row["received_at"],
        deadline=row["deadline"],
        queue=row["queue"],
        assigned_to=row["assigned_to"],
        decided_by=row["decided_by"],
        sampled=bool(row["sampled"]),
        definition=row["definition"],
        keep_until=row["keep_until"],
    )


def _proof(row: dict[str, Any]) -> ProofRow:
    return ProofRow(
        region=row["region"],
        serial=row["serial"],
        letter=row["letter"],
        terminal=row["terminal"],
        item=row["item"],
        person_tag=row["person_tag"],
        sealed=row["sealed"] or b"",
        token=row["token"],
        outcome=row["outcome"],
        flags=tuple(row["flags"]),
        printed_at=row["printed_at"],
        received_at=row["received_at"],
    )


# ---- what the first release kept in plain -------------------------------------------------------------------


def plain_cases(connection: Connection, limit: int) -> tuple[tuple[str, str, dict[str, Any], dict[str, str]], ...]:
    """(region, case, person, answers) of cases that are not sealed yet."""
    rows = connection.execute(
        sa.select(cases.c.region, cases.c.case, cases.c.person, cases.c.answers)
        .where(cases.c.sealed.is_(None), cases.c.person.is_not(None))
        .limit(limit)
    )
    return tuple((row.region, row.case, row.person, row.answers) for row in rows)


def plain_proofs(connection: Connection, limit: int) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """(region, serial, person) of proofs that are not sealed yet."""
    rows = connection.execute(
        sa.select(proofs.c.region, proofs.c.serial, proofs.c.person)
        .where(proofs.c.sealed.is_(None), proofs.c.person.is_not(None))
        .limit(limit)
    )
    return tuple((row.region, row.serial, row.person) for row in rows)


def plain_parts(connection: Connection, limit: int) -> tuple[tuple[str, str, int], ...]:
    """(region, case, part) of files that are not sealed yet."""
    rows = connection.execute(
        sa.select(parts.c.region, parts.c.case, parts.c.part).where(~parts.c.sealed).order_by(parts.c.case).limit(limit)
    )
    return tuple((row.region, row.case, row.part) for row in rows)


def seal_case(connection: Connection, region: str, number: str, person: SealedPerson) -> None:
    connection.execute(
        sa.update(cases)
        .where(cases.c.region == region, cases.c.case == number)
        .values(person=None, answers=None, person_tag=person.tag, sealed=person.sealed)
    )


def seal_proof(connection: Connection, region: str, serial: str, person: SealedPerson) -> None:
    connection.execute(
        sa.update(proofs)
        .where(proofs.c.region == region, proofs.c.serial == serial)
        .values(person=None, person_tag=person.tag, sealed=person.sealed)
    )


def seal_part(connection: Connection, region: str, number: str, part: int, body: Body) -> None:
    connection.execute(
        sa.update(parts)
        .where(parts.c.region == region, parts.c.case == number, parts.c.part == part)
        .values(body=body.data, path=body.path, sealed=True)
    )
