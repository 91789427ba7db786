"""Counts for operators, read when they are asked for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from central.rules.letters import LetterState
from central.rules.progress import CITIZENS_TURN
from central.store.audit_tables import audit_heads
from central.store.case_tables import notices
from central.store.database import Connection
from central.store.tables import cases, letter_conflicts, letters, terminals, uploads

HEARD = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Counts:
    """What there is now. Nothing of a person, a case or a terminal."""

    letters: Mapping[str, int]
    cases: Mapping[str, int]
    notices: Mapping[str, int]
    oldest_unopened_s: float
    conflicts: int
    uploads: int
    terminals: int
    heard: int
    overdue: int
    unsigned: int


def counts(connection: Connection, now: dt.datetime) -> Counts:
    oldest = connection.execute(
        sa.select(letters.c.received_at)
        .where(letters.c.state == LetterState.RECEIVED.value)
        .order_by(letters.c.received_at)
        .limit(1)
    ).scalar()
    unsigned = connection.execute(sa.select(sa.func.sum(audit_heads.c.seq - audit_heads.c.signed_seq))).scalar()
    return Counts(
        letters=_by(connection, letters.c.state),
        cases=_by(connection, cases.c.state),
        notices=_by(connection, notices.c.state),
        oldest_unopened_s=max(0.0, (now - oldest).total_seconds()) if oldest is not None else 0.0,
        conflicts=_count(connection, letter_conflicts),
        uploads=_count(connection, uploads),
        terminals=_count(connection, terminals),
        heard=_count(connection, terminals, terminals.c.seen_at >= now - HEARD),
        overdue=_count(
            connection, cases, cases.c.state.in_([state.value for state in CITIZENS_TURN]), cases.c.deadline < now
        ),
        unsigned=int(unsigned or 0),
    )


def _by(connection: Connection, column: sa.Column[str]) -> dict[str, int]:
    rows = connection.execute(sa.select(column, sa.func.count()).group_by(column))
    return {row[0]: row[1] for row in rows}


def _count(connection: Connection, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one()
