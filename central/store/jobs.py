"""Which worker does which job until when, and which items' departments are away."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.store.case_tables import jobs, outages
from central.store.database import insert_new, tell_after
from central.store.tables import terminals
from central.store.terminals import MIRROR

EVERY_TERMINAL = "*"  # central.events.bus.EVERYTHING


def take(
    connection: Connection, name: str, holder: str, now: dt.datetime, until: dt.datetime, every: dt.timedelta
) -> bool:
    """Take a job until `until`, if nobody has it and it did not run within `every`; whether it was taken."""
    if insert_new(connection, jobs, {"name": name, "holder": holder, "until": until, "ran_at": None, "outcome": ""}):
        return True
    rested = sa.or_(jobs.c.ran_at.is_(None), jobs.c.ran_at <= now - every, jobs.c.ran_at > now)
    done = connection.execute(
        sa.update(jobs).where(jobs.c.name == name, jobs.c.until <= now, rested).values(holder=holder, until=until)
    )
    return done.rowcount == 1


def give_back(connection: Connection, name: str, holder: str, now: dt.datetime, outcome: str) -> bool:
    """Say that a job has run; False when it took so long that another worker has it."""
    done = connection.execute(
        sa.update(jobs)
        .where(jobs.c.name == name, jobs.c.holder == holder)
        .values(until=now, ran_at=now, outcome=outcome[:120])
    )
    return done.rowcount == 1


def ran(connection: Connection) -> dict[str, tuple[dt.datetime | None, str]]:
    """When each job ran last, and what came of it."""
    return {row.name: (row.ran_at, row.outcome) for row in connection.execute(sa.select(jobs))}


# ---- departments that are away ------------------------------------------------------------------------------------


def away(connection: Connection, item: str, reason: str, now: dt.datetime) -> bool:
    """Publish that an item cannot be done; False when that is published."""
    return insert_new(connection, outages, {"item": item, "reason": reason[:120], "since": now})


def back(connection: Connection, item: str) -> bool:
    """Withdraw that; False when it is not published."""
    return connection.execute(sa.delete(outages).where(outages.c.item == item)).rowcount == 1


def all_mirrors_changed(connection: Connection) -> None:
    """What every terminal's mirror says has changed."""
    connection.execute(sa.update(terminals).values(mirror_version=terminals.c.mirror_version + 1))
    tell_after(connection, MIRROR, EVERY_TERMINAL)


def items_away(connection: Connection) -> dict[str, str]:
    """Item -> reason word."""
    return {row.item: row.reason for row in connection.execute(sa.select(outages).order_by(outages.c.item))}
