"""What the staff desk lists: cases by queue, state, item and person; terminals by region. Reading only."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.rules.progress import GOES_ON, GOING, STAFF_TURN, CaseMove, CaseNews, CaseState
from central.rules.roles import EVERYWHERE, Role, allowed
from central.store.case_tables import case_events
from central.store.cases import CaseRow, _case, within
from central.store.staff_tables import staff
from central.store.tables import cases, terminals
from central.store.terminals import TerminalRow, _terminal

NOBODY = "-"
"""Instead of a login: cases that nobody has taken, or whose holder cannot go on with them."""


@dataclass(frozen=True)
class Wanted:
    """Which cases; what is empty or None does not narrow."""

    regions: Collection[str]
    states: Collection[CaseState] = ()
    queue: str = ""
    item: str = ""
    login: str = ""  # of who has taken it, or NOBODY
    until: dt.datetime | None = None  # with a deadline before that
    sampled: bool = False
    person_tag: str = ""


@dataclass(frozen=True)
class Counts:
    """The figures of somebody's day."""

    mine: int
    free: int
    due: int
    sampled: int


def _where(connection: Connection, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found = within(wanted.regions)
    if wanted.states:
        found.append(cases.c.state.in_([state.value for state in wanted.states]))
    if wanted.queue:
        found.append(cases.c.queue == wanted.queue)
    if wanted.item:
        found.append(cases.c.item == wanted.item)
    if wanted.login == NOBODY:
        found.append(sa.or_(cases.c.assigned_to == "", *_left_behind(connection)))
    elif wanted.login:
        found.append(cases.c.assigned_to == wanted.login)
    if wanted.until is not None:
        found.append(cases.c.deadline < wanted.until)
    if wanted.sampled:
        found.append(cases.c.sampled.is_(sa.true()))
    if wanted.person_tag:
        found.append(cases.c.person_tag == wanted.person_tag)
    return found


def _left_behind(connection: Connection) -> list[sa.ColumnElement[bool]]:
    """Cases whose holder cannot take them on any more: let out, or without the right or the region since."""
    rows = connection.execute(sa.select(staff.c.login, staff.c.roles, staff.c.regions).where(~staff.c.disabled)).all()
    known = {role.value for role in Role}
    here = [(row.login, [Role(word) for word in row.roles if word in known], tuple(row.regions)) for row in rows]
    return [
        sa.and_(
            cases.c.state == state.value,
            ~cases.c.sampled,  # what was drawn waits for a look, on a list of its own
            ~_held_by([(login, regions) for login, roles, regions in here if allowed(roles, right)]),
        )
        for state, right in GOES_ON.items()
    ]


def _held_by(holders: Collection[tuple[str, tuple[str, ...]]]) -> sa.ColumnElement[bool]:
    """Cases that one of these (login, regions) has, where he works."""
    logins: dict[tuple[str, ...], list[str]] = {}
    for login, regions in holders:
        logins.setdefault(regions, []).append(login)
    return sa.or_(
        sa.false(), *(sa.and_(cases.c.assigned_to.in_(who), *within(regions)) for regions, who in logins.items())
    )


def listed(connection: Connection, wanted: Wanted, limit: int, skip: int = 0) -> tuple[CaseRow, ...]:
    """Cases with the oldest deadline first, then those that came first."""
    order = (cases.c.deadline.is_(None), cases.c.deadline, cases.c.received_at, cases.c.case)
    rows = connection.execute(
        sa.select(cases).where(*_where(connection, wanted)).order_by(*order).limit(limit).offset(skip)
    )
    return tuple(_case(row._asdict()) for row in rows)


def beginning_with(connection: Connection, regions: Collection[str], text: str, limit: int) -> tuple[CaseRow, ...]:
    """Cases whose number begins so, in capitals: as dear as `find_cases`, which has no index of its own either."""
    begins = sa.func.substr(sa.func.upper(cases.c.case), 1, len(text)) == text
    found = sa.select(cases).where(begins, *_where(connection, Wanted(regions))).order_by(cases.c.case, cases.c.region)
    return tuple(_case(row._asdict()) for row in connection.execute(found.limit(limit)))


def count(connection: Connection, wanted: Wanted) -> int:
    return connection.execute(
        sa.select(sa.func.count()).select_from(cases).where(*_where(connection, wanted))
    ).scalar_one()


def counts(connection: Connection, regions: Collection[str], login: str, until: dt.datetime) -> Counts:
    """How much lies before this person, and how much has a deadline before `until`."""
    return Counts(
        mine=count(connection, Wanted(regions, STAFF_TURN, login=login)),
        free=count(connection, Wanted(regions, STAFF_TURN, login=NOBODY)),
        due=count(connection, Wanted(regions, GOING, until=until)),
        sampled=count(connection, Wanted(regions, sampled=True)),
    )


@dataclass(frozen=True)
class Change:
    """Something that happened to a case."""

    region: str
    case: str
    item: str
    at: dt.datetime
    who: str
    what: str


def changed(connection: Connection, login: str, since: dt.datetime, limit: int) -> tuple[Change, ...]:
    """What others did to the cases that this person has, or had a hand in, newest first."""
    own = case_events.alias()
    touched = (
        sa.select(own.c.number)
        .where(own.c.who == login, own.c.region == cases.c.region, own.c.case == cases.c.case)
        .correlate(cases)
        .exists()
    )
    query = (
        sa.select(
            case_events.c.region,
            case_events.c.case,
            cases.c.item,
            case_events.c.at,
            case_events.c.who,
            case_events.c.what,
        )
        .join(cases, sa.and_(cases.c.region == case_events.c.region, cases.c.case == case_events.c.case))
        .where(
            case_events.c.at >= since,
            case_events.c.who != login,
            case_events.c.what.not_in([CaseNews.OPENED.value, CaseMove.CHECK.value]),  # that is how every case begins
            sa.or_(cases.c.assigned_to == login, touched),
        )
        .order_by(case_events.c.at.desc(), case_events.c.case, case_events.c.number.desc())
        .limit(limit)
    )
    return tuple(Change(*row) for row in connection.execute(query))


def queues(connection: Connection, regions: Collection[str]) -> tuple[str, ...]:
    """The names of the queues that have a case."""
    rows = connection.execute(
        sa.select(cases.c.queue)
        .where(*_where(connection, Wanted(regions)), cases.c.queue != "")
        .distinct()
        .order_by(cases.c.queue)
    )
    return tuple(row.queue for row in rows)


def items(connection: Connection, regions: Collection[str]) -> tuple[str, ...]:
    """The codes of the items that have a case."""
    rows = connection.execute(
        sa.select(cases.c.item).where(*_where(connection, Wanted(regions))).distinct().order_by(cases.c.item)
    )
    return tuple(row.item for row in rows)


def _places(regions: Collection[str]) -> list[sa.ColumnElement[bool]]:
    return [] if EVERYWHERE in regions else [terminals.c.region.in_(list(regions))]


def places(connection: Connection, regions: Collection[str], limit: int, skip: int = 0) -> tuple[TerminalRow, ...]:
    """The terminals of these regions by name."""
    query = sa.select(terminals).where(*_places(regions)).order_by(terminals.c.region, terminals.c.terminal)
    return tuple(_terminal(row._asdict()) for row in connection.execute(query.limit(limit).offset(skip)))


def silent(connection: Connection, regions: Collection[str], since: dt.datetime) -> int:
    """How many terminals of these regions were not heard since then."""
    unheard = sa.or_(terminals.c.seen_at.is_(None), terminals.c.seen_at < since)
    query = sa.select(sa.func.count()).select_from(terminals).where(*_places(regions), unheard)
    return connection.execute(query).scalar_one()
