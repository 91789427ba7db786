"""The outbox of notices to citizens: what is to be sent, sealed, and what became of it."""

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.store.case_tables import notices
from central.store.database import insert_new


@dataclass(frozen=True)
class NoticeRow:
    """A notice. `sealed` opens with the case's key under the label of its id; None once it has ended."""

    region: str
    id: str
    case: str
    event: int
    kind: str
    state: str
    tries: int
    made_at: dt.datetime
    next_at: dt.datetime | None
    ended_at: dt.datetime | None
    answer: str
    sealed: bytes | None = field(repr=False, default=None)


def add(connection: Connection, row: NoticeRow) -> bool:
    """Put a notice into the outbox; False when that one is there."""
    return insert_new(
        connection,
        notices,
        {
            "region": row.region,
            "id": row.id,
            "case": row.case,
            "event": row.event,
            "kind": row.kind,
            "state": row.state,
            "sealed": row.sealed,
            "tries": row.tries,
            "next_at": row.next_at,
            "made_at": row.made_at,
            "ended_at": row.ended_at,
            "answer": row.answer,
        },
    )


def due(connection: Connection, state: str, now: dt.datetime, limit: int) -> tuple[NoticeRow, ...]:
    """What is to be sent now, oldest first."""
    rows = connection.execute(
        sa.select(notices)
        .where(notices.c.state == state, notices.c.next_at <= now)
        .order_by(notices.c.next_at, notices.c.made_at, notices.c.case, notices.c.event)
        .limit(limit)
    )
    return tuple(NoticeRow(**row._asdict()) for row in rows)


def claim(connection: Connection, row: NoticeRow, until: dt.datetime) -> bool:
    """Take a notice for one try, until `until`; False when another worker has it. The try counts from here on."""
    done = connection.execute(
        sa.update(notices)
        .where(*_is(row), notices.c.state == row.state, notices.c.tries == row.tries)
        .values(tries=row.tries + 1, next_at=until)
    )
    return done.rowcount == 1


def put_off(connection: Connection, row: NoticeRow, until: dt.datetime, answer: str) -> None:
    connection.execute(sa.update(notices).where(*_is(row)).values(next_at=until, answer=answer[:120]))


def end(connection: Connection, row: NoticeRow, state: str, now: dt.datetime, answer: str) -> None:
    """Nothing more is sent: the phone number goes too."""
    connection.execute(
        sa.update(notices)
        .where(*_is(row))
        .values(state=state, next_at=None, ended_at=now, answer=answer[:120], sealed=None)
    )


def of_case(connection: Connection, region: str, case: str) -> tuple[NoticeRow, ...]:
    rows = connection.execute(
        sa.select(notices).where(notices.c.region == region, notices.c.case == case).order_by(notices.c.event)
    )
    return tuple(NoticeRow(**row._asdict()) for row in rows)


def sizes(connection: Connection) -> dict[str, int]:
    """How many notices there are by state."""
    rows = connection.execute(sa.select(notices.c.state, sa.func.count().label("many")).group_by(notices.c.state))
    return {row.state: row.many for row in rows}


def _is(row: NoticeRow) -> tuple[sa.ColumnElement[bool], ...]:
    return notices.c.region == row.region, notices.c.id == row.id
