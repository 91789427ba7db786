"""Cases that departments' systems have, under what reference and how far; once more when they were put right since."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.rules.progress import CHANGES_CONTENTS, CaseState
from central.store.case_tables import case_events, handed_on
from central.store.cases import Place, page
from central.store.database import insert_new
from central.store.tables import cases


@dataclass(frozen=True)
class HandedRow:
    region: str
    case: str
    round: int
    as_of: int
    system: str
    reference: str
    standing: str
    since: dt.datetime
    next_at: dt.datetime | None


def to_hand_on(
    connection: Connection,
    items: Collection[str],
    own: Mapping[str, Collection[str]],
    limit: int,
    after: Place | None = None,
) -> tuple[Place, ...]:
    """Accepted cases of these items that no department was offered as they are, the longest first, from behind `after`.

    `own`: by region, the items that count there instead.
    """
    of_them = sa.or_(
        sa.and_(cases.c.region.not_in(list(own)), cases.c.item.in_(list(items))),
        *(sa.and_(cases.c.region == region, cases.c.item.in_(list(here))) for region, here in own.items()),
    )
    offered = sa.exists().where(handed_on.c.region == cases.c.region, handed_on.c.case == cases.c.case, ~_put_right())
    query = sa.select(cases.c.since, cases.c.region, cases.c.case).where(
        cases.c.state == CaseState.ACCEPTED.value, of_them, ~offered
    )
    rows = connection.execute(page(query, cases.c.since, limit, after))
    return tuple((row.since, row.region, row.case) for row in rows)


def _put_right() -> sa.ColumnElement[bool]:
    """Whether a case was changed by its citizen after it was handed on so."""
    return sa.exists().where(
        case_events.c.region == handed_on.c.region,
        case_events.c.case == handed_on.c.case,
        case_events.c.number > handed_on.c.as_of,
        case_events.c.what.in_(CHANGES_CONTENTS),
    )


def is_of_before(connection: Connection, row: HandedRow) -> bool:
    """Whether the case was put right since the department was given it."""
    found = sa.select(handed_on.c.round).where(*_this(row), _put_right())
    return connection.execute(found).first() is not None


def last_change(connection: Connection, region: str, case: str) -> int:
    """The number of the event by which a case got the answers and papers that it has; 0 for those it came with."""
    mine = case_events.c.region == region, case_events.c.case == case, case_events.c.what.in_(CHANGES_CONTENTS)
    return connection.execute(sa.select(sa.func.max(case_events.c.number)).where(*mine)).scalar() or 0


def rounds(connection: Connection, region: str, case: str) -> int:
    """How often a case was handed on, or offered in vain for good."""
    query = sa.select(sa.func.count()).where(handed_on.c.region == region, handed_on.c.case == case)
    return connection.execute(query).scalar_one()


def _this(row: HandedRow) -> tuple[sa.ColumnElement[bool], ...]:
    return handed_on.c.region == row.region, handed_on.c.case == row.case, handed_on.c.round == row.round


def add(connection: Connection, row: HandedRow) -> bool:
    return insert_new(connection, handed_on, dict(vars(row)))


def due(connection: Connection, system: str, now: dt.datetime, limit: int) -> tuple[HandedRow, ...]:
    """What this system is to be asked about now."""
    rows = connection.execute(
        sa.select(handed_on)
        .where(handed_on.c.system == system, handed_on.c.next_at <= now)
        .order_by(handed_on.c.next_at, handed_on.c.region, handed_on.c.case, handed_on.c.round)
        .limit(limit)
    )
    return tuple(HandedRow(**row._asdict()) for row in rows)


def by_reference(connection: Connection, system: str, reference: str) -> HandedRow | None:
    row = connection.execute(
        sa.select(handed_on).where(handed_on.c.system == system, handed_on.c.reference == reference)
    ).first()
    return None if row is None else HandedRow(**row._asdict())


def put_off(connection: Connection, row: HandedRow, next_at: dt.datetime) -> None:
    """Ask later how it stands, unless that is known meanwhile."""
    connection.execute(
        sa.update(handed_on).where(*_this(row), handed_on.c.standing == row.standing).values(next_at=next_at)
    )


def set_standing(connection: Connection, row: HandedRow, standing: str, next_at: dt.datetime | None) -> bool:
    """Write down how it stands; False when another worker wrote something else meanwhile."""
    done = connection.execute(
        sa.update(handed_on)
        .where(*_this(row), handed_on.c.standing == row.standing)
        .values(standing=standing, next_at=next_at)
    )
    return done.rowcount == 1
