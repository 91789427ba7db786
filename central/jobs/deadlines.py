"""What time does to cases: reminders, what lapses, what lies too long in a compartment."""

import datetime as dt
from collections.abc import Collection

from central.jobs.casework import CLOCK, Moved, move_within, tell
from central.rules.progress import (
    CITIZENS_TURN,
    PICKUP_DAYS,
    PICKUP_OVERDUE_DAYS,
    REMINDERS,
    CaseMove,
    CaseNews,
    CaseState,
)
from central.store import cases
from central.store.cases import CaseRow
from central.wiring import Central

AT_ONCE = 500


def lapse(central: Central) -> int:
    """End what was not put right or handed in by its day; how many. Raises StoreUnavailable."""
    with central.database.reading() as connection:
        over = cases.due(connection, CITIZENS_TURN, central.now(), AT_ONCE)
    done = 0
    for row in over:
        with central.database.writing() as connection:
            moved = move_within(
                connection, central, row.region, row.case, CaseMove.LAPSE, who=CLOCK, revision=row.revision
            )
            done += isinstance(moved, Moved)
    return done


def remind(central: Central) -> int:
    """Remind citizens three days and one day before their deadline; how many. Raises StoreUnavailable.

    Nobody is reminded who was told less than that before, nor twice at once after a worker's long sleep.
    """
    now = central.now()
    done, floor = 0, now
    for days, news in sorted(REMINDERS):
        ahead = dt.timedelta(days=days)
        with central.database.reading() as connection:
            near = cases.untold(connection, CITIZENS_TURN, news.value, AT_ONCE, deadline=(floor, now + ahead))
        early = [row for row in near if row.deadline is not None and row.since <= row.deadline - ahead]
        done += _tell(central, early, news, CITIZENS_TURN)
        floor = now + ahead
    return done


def watch_compartments(central: Central) -> int:
    """Tell who has not collected after five days, and set somebody the task after thirty; how many."""
    done = 0
    for days, news in ((PICKUP_OVERDUE_DAYS, CaseNews.OVERDUE), (PICKUP_DAYS, CaseNews.TASK_TAKE_BACK)):
        since = central.now() - dt.timedelta(days=days)
        with central.database.reading() as connection:
            lying = cases.untold(connection, (CaseState.READY,), news.value, AT_ONCE, since=since)
        done += _tell(central, lying, news, (CaseState.READY,))
    return done


def _tell(central: Central, rows: Collection[CaseRow], news: CaseNews, states: Collection[CaseState]) -> int:
    done = 0
    for row in rows:
        with central.database.writing() as connection:
            now = cases.find_case(connection, row.region, row.case)
            if now is not None and now.revision == row.revision and now.state in states:
                done += isinstance(tell(connection, central, now, news, who=CLOCK), Moved)
    return done
