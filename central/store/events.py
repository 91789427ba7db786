"""What happened to cases, and what they ask for."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.store.case_tables import case_asks, case_events
from central.store.database import insert_all


@dataclass(frozen=True)
class EventRow:
    """One thing that happened to a case. `note` is sealed (`central.jobs.casework.events_of` opens it)."""

    region: str
    case: str
    number: int
    at: dt.datetime
    who: str
    what: str
    before: str
    after: str
    revision: int
    reasons: tuple[str, ...]
    facts: Mapping[str, Any]
    note: bytes | None = field(repr=False, default=None)


@dataclass(frozen=True)
class AskRow:
    """Something that a case needs, or needed, from its citizen. `met` is the event that ended it."""

    what: str
    is_field: bool
    reason: str
    here: bool
    event: int
    met: int | None = None


def next_number(connection: Connection, region: str, case: str) -> int:
    """The number of the next event; whoever asks holds the case's row by an update of it."""
    query = sa.select(sa.func.max(case_events.c.number)).where(
        case_events.c.region == region, case_events.c.case == case
    )
    return (connection.execute(query).scalar() or 0) + 1


def add(connection: Connection, row: EventRow) -> None:
    insert_all(connection, case_events, [row_of(row)])


def row_of(row: EventRow) -> dict[str, Any]:
    """The row as the table names it."""
    return {**vars(row), "reasons": list(row.reasons), "facts": dict(row.facts)}


def of_case(connection: Connection, region: str, case: str) -> tuple[EventRow, ...]:
    """A case's events, oldest first."""
    rows = connection.execute(
        sa.select(case_events)
        .where(case_events.c.region == region, case_events.c.case == case)
        .order_by(case_events.c.number)
    )
    return tuple(_event(row._asdict()) for row in rows)


# ---- asks -------------------------------------------------------------------------------------------------------


def add_asks(connection: Connection, region: str, case: str, event: int, asks: Sequence[AskRow]) -> None:
    for place, ask in enumerate(asks):
        connection.execute(
            sa.insert(case_asks).values(
                region=region,
                case=case,
                event=event,
                what=ask.what,
                is_field=ask.is_field,
                reason=ask.reason,
                here=ask.here,
                place=place,
                met=None,
            )
        )


def end_asks(connection: Connection, region: str, case: str, event: int, only: Sequence[str] | None = None) -> None:
    """End the open asks, or `only` these."""
    query = sa.update(case_asks).where(
        case_asks.c.region == region, case_asks.c.case == case, case_asks.c.met.is_(None)
    )
    if only is not None:
        query = query.where(case_asks.c.what.in_(list(only)))
    connection.execute(query.values(met=event))


def asks_of(connection: Connection, region: str, case: str, *, ended: bool = False) -> tuple[AskRow, ...]:
    """What a case asks for now; with `ended`, everything that it ever asked for, oldest first."""
    query = sa.select(case_asks).where(case_asks.c.region == region, case_asks.c.case == case)
    if not ended:
        query = query.where(case_asks.c.met.is_(None))
    rows = connection.execute(query.order_by(case_asks.c.event, case_asks.c.place))
    return tuple(AskRow(row.what, row.is_field, row.reason, row.here, row.event, row.met) for row in rows)


def _event(row: dict[str, Any]) -> EventRow:
    return EventRow(
        region=row["region"],
        case=row["case"],
        number=row["number"],
        at=row["at"],
        who=row["who"],
        what=row["what"],
        before=row["before"],
        after=row["after"],
        revision=row["revision"],
        reasons=tuple(row["reasons"]),
        facts=row["facts"],
        note=row["note"],
    )
