"""What time does to cases: reminders, what lapses, what lies too long in a compartment."""

import datetime as dt
import logging
from collections.abc import Callable, Collection

from central.jobs.alone import one_by_one
from central.jobs.casework import CLOCK, Moved, move_within, tell
from central.rules.progress import (
    CITIZENS_TURN,
    ON_ITS_WAY,
    PICKUP_DAYS,
    PICKUP_OVERDUE_DAYS,
    REMINDERS,
    CaseMove,
    CaseNews,
    CaseState,
)
from central.store import cases
from central.store.cases import CaseRow, Place
from central.store.database import Connection
from central.wiring import Central

LOG = logging.getLogger("central.deadlines")

AT_ONCE = 500
MOST = 5000
"""Things that one turn of a job does: the clock's other jobs wait no longer. The next turn does the rest."""


def lapse(central: Central) -> int:
    """End what was not put right or handed in by its day, nor came since; how many. Raises StoreUnavailable."""
    until = central.now() - ON_ITS_WAY

    def ended(row: CaseRow) -> bool:
        with central.database.writing() as connection:
            done = move_within(
                connection, central, row.region, row.case, CaseMove.LAPSE, who=CLOCK, revision=row.revision
            )
        return isinstance(done, Moved)

    def over(connection: Connection, after: Place | None) -> tuple[CaseRow, ...]:
        return cases.due(connection, CITIZENS_TURN, until, AT_ONCE, after)

    return _each(central, over, lambda row: row.deadline, ended)


def remind(central: Central) -> int:
    """Remind citizens three days and one day before their deadline; how many. Raises StoreUnavailable.

    Nobody is reminded who was told less than that before, nor twice at once after a worker's long sleep.
    """
    now = central.now()
    done, floor = 0, now
    for days, news in sorted(REMINDERS):
        done += _remind(central, floor, now, dt.timedelta(days=days), news)
        floor = now + dt.timedelta(days=days)
    return done


def _remind(central: Central, floor: dt.datetime, now: dt.datetime, ahead: dt.timedelta, news: CaseNews) -> int:
    def near(connection: Connection, after: Place | None) -> tuple[CaseRow, ...]:
        deadline = floor, now + ahead
        return cases.untold(connection, CITIZENS_TURN, news.value, AT_ONCE, deadline=deadline, after=after)

    def told(row: CaseRow) -> bool:
        early = row.deadline is not None and row.since <= row.deadline - ahead
        return early and _tell(central, row, news, CITIZENS_TURN)

    return _each(central, near, lambda row: row.since, told)


def watch_compartments(central: Central) -> int:
    """Tell who has not collected after five days, and set somebody the task after thirty; how many."""
    return sum(
        _watch(central, central.now() - dt.timedelta(days=days), news)
        for days, news in ((PICKUP_OVERDUE_DAYS, CaseNews.OVERDUE), (PICKUP_DAYS, CaseNews.TASK_TAKE_BACK))
    )


def _watch(central: Central, since: dt.datetime, news: CaseNews) -> int:
    def lying(connection: Connection, after: Place | None) -> tuple[CaseRow, ...]:
        return cases.untold(connection, (CaseState.READY,), news.value, AT_ONCE, since=since, after=after)

    return _each(central, lying, lambda row: row.since, lambda row: _tell(central, row, news, (CaseState.READY,)))


def _each(
    central: Central,
    page: Callable[[Connection, Place | None], tuple[CaseRow, ...]],
    by: Callable[[CaseRow], dt.datetime | None],
    do: Callable[[CaseRow], bool],
) -> int:
    """Walk through a list page by page, past what has nothing to be done; how many were done. `by` orders the list."""
    done, after = 0, None
    while done < MOST:
        with central.database.reading() as connection:
            rows = page(connection, after)
        done += sum(one_by_one(rows, do, LOG, lambda row: f"case {row.case}"))
        last = by(rows[-1]) if len(rows) == AT_ONCE else None
        if last is None:
            break
        after = last, rows[-1].region, rows[-1].case
    return done


def _tell(central: Central, row: CaseRow, news: CaseNews, states: Collection[CaseState]) -> bool:
    with central.database.writing() as connection:
        now = cases.find_case(connection, row.region, row.case)
        if now is None or now.revision != row.revision or now.state not in states:
            return False
        return isinstance(tell(connection, central, now, news, who=CLOCK), Moved)
