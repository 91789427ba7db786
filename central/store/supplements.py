"""What citizens sent for a case that is there, letters that came before their case, and what lies in compartments."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.rules.roles import EVERYWHERE
from central.store.case_tables import case_tickets, early_letters, supplements
from central.store.cases import within
from central.store.database import insert_new
from central.store.tables import cases, letters


@dataclass(frozen=True)
class SupplementRow:
    """An amendment: applied as the case's event `event`, or held for a person because of `held`.

    With both it was set aside by that event. Its files are the case's parts `first_part` to `first_part + parts - 1`;
    one that was not applied has no files there.
    """

    region: str
    letter: str
    case_region: str
    case: str
    terminal: str
    version: int
    revision: int
    event: int | None
    held: str
    first_part: int
    parts: int
    receipt: str
    flags: tuple[str, ...]
    consents: Mapping[str, str]
    language: str
    submitted_at: dt.datetime
    received_at: dt.datetime
    sealed: bytes = field(repr=False)

    @property
    def waits(self) -> bool:
        """Whether it is held, and nobody has said yet what becomes of it."""
        return bool(self.held) and self.event is None


@dataclass(frozen=True)
class PlacedRow:
    """What of a case lies, or lay, in a compartment."""

    region: str
    case: str
    ticket: str
    ticket_region: str
    terminal: str
    door: int
    since: dt.datetime
    ended: dt.datetime | None


def add(connection: Connection, row: SupplementRow) -> bool:
    """Keep it; one that was held and is opened once more becomes what is known of it now."""
    values = {**vars(row), "flags": list(row.flags), "consents": dict(row.consents)}
    return insert_new(connection, supplements, values) or settle(connection, row)


def settle(connection: Connection, row: SupplementRow) -> bool:
    """Say what became of one that waits: `row` as it is now. False when somebody was faster."""
    done = connection.execute(
        sa.update(supplements)
        .where(supplements.c.region == row.region, supplements.c.letter == row.letter, supplements.c.event.is_(None))
        .values(event=row.event, held=row.held, first_part=row.first_part, parts=row.parts, flags=list(row.flags))
    )
    return done.rowcount == 1


def find(connection: Connection, region: str, letter: str) -> SupplementRow | None:
    """The amendment that came by this letter."""
    row = connection.execute(
        sa.select(supplements).where(supplements.c.region == region, supplements.c.letter == letter)
    ).first()
    return None if row is None else _row(row._asdict())


def of_case(connection: Connection, region: str, case: str) -> tuple[SupplementRow, ...]:
    """A case's amendments in the order in which they came."""
    rows = connection.execute(
        sa.select(supplements)
        .where(supplements.c.case_region == region, supplements.c.case == case)
        .order_by(supplements.c.received_at, supplements.c.letter)
    )
    return tuple(_row(row._asdict()) for row in rows)


def by_receipt(connection: Connection, case: str, receipt: str) -> SupplementRow | None:
    """The amendment that this receipt was given for."""
    row = connection.execute(
        sa.select(supplements).where(supplements.c.case == case, supplements.c.receipt == receipt)
    ).first()
    return None if row is None else _row(row._asdict())


def held(connection: Connection, limit: int, *, regions: Collection[str] = (EVERYWHERE,)) -> tuple[SupplementRow, ...]:
    """Amendments that a person must look at, newest first: of cases that are these regions' or in their queues."""
    of_them = [] if EVERYWHERE in regions else [_case_of(regions)]
    rows = connection.execute(
        sa.select(supplements)
        .where(supplements.c.held != "", supplements.c.event.is_(None), *of_them)
        .order_by(supplements.c.received_at.desc(), supplements.c.letter)
        .limit(limit)
    )
    return tuple(_row(row._asdict()) for row in rows)


def _case_of(regions: Collection[str]) -> sa.ColumnElement[bool]:
    mine = cases.c.region == supplements.c.case_region, cases.c.case == supplements.c.case
    return sa.exists().where(*mine, *within(regions))


def _row(row: dict[str, Any]) -> SupplementRow:
    return SupplementRow(**{**row, "flags": tuple(row["flags"])})


# ---- letters before their case ----------------------------------------------------------------------------------


def wait_for_case(connection: Connection, region: str, letter: str, case: str, now: dt.datetime) -> None:
    """Remember a letter until its case comes; its first coming counts."""
    row = {"region": region, "letter": letter, "case": case, "since": now, "given_up": False}
    insert_new(connection, early_letters, row)


def waiting_for(connection: Connection, numbers: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
    """(region, letter, terminal) of letters that wait for these cases, in the order in which they came."""
    rows = connection.execute(_WAITING_FOR, {"numbers": list(numbers)})
    return tuple((row.region, row.letter, row.terminal) for row in rows)


_WAITING_FOR = (
    sa.select(early_letters.c.region, early_letters.c.letter, letters.c.terminal)
    .where(letters.c.region == early_letters.c.region, letters.c.id == early_letters.c.letter)
    .where(early_letters.c.case.in_(sa.bindparam("numbers", expanding=True)))
    .order_by(early_letters.c.since, early_letters.c.letter)
)


def waiting_since(connection: Connection, before: dt.datetime, limit: int) -> tuple[tuple[str, str], ...]:
    """(region, letter) of letters that have waited since `before` or longer."""
    rows = connection.execute(
        sa.select(early_letters.c.region, early_letters.c.letter)
        .where(early_letters.c.since <= before, ~early_letters.c.given_up)
        .order_by(early_letters.c.since)
        .limit(limit)
    )
    return tuple((row.region, row.letter) for row in rows)


def given_up(connection: Connection, region: str, letter: str) -> None:
    """A person was told that it waits in vain; it is applied should its case come after all."""
    connection.execute(
        sa.update(early_letters)
        .where(early_letters.c.region == region, early_letters.c.letter == letter)
        .values(given_up=True)
    )


def wait_no_more(connection: Connection, region: str, letter: str) -> None:
    connection.execute(
        sa.delete(early_letters).where(early_letters.c.region == region, early_letters.c.letter == letter)
    )


# ---- compartments -----------------------------------------------------------------------------------------------


def place(connection: Connection, row: PlacedRow) -> None:
    connection.execute(sa.insert(case_tickets).values(**vars(row)))


def placed_now(connection: Connection, region: str, case: str) -> PlacedRow | None:
    """What of a case lies in a compartment now."""
    row = connection.execute(
        sa.select(case_tickets)
        .where(case_tickets.c.region == region, case_tickets.c.case == case, case_tickets.c.ended.is_(None))
        .order_by(case_tickets.c.since.desc())
    ).first()
    return None if row is None else PlacedRow(**row._asdict())


def placed_by_ticket(connection: Connection, ticket_region: str, ticket: str) -> PlacedRow | None:
    row = connection.execute(
        sa.select(case_tickets).where(case_tickets.c.ticket_region == ticket_region, case_tickets.c.ticket == ticket)
    ).first()
    return None if row is None else PlacedRow(**row._asdict())


def placed_end(connection: Connection, row: PlacedRow, now: dt.datetime) -> None:
    connection.execute(
        sa.update(case_tickets)
        .where(
            case_tickets.c.region == row.region, case_tickets.c.case == row.case, case_tickets.c.ticket == row.ticket
        )
        .values(ended=now)
    )
