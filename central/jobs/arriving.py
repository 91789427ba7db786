"""A new case: what came is written down, its office is found, and what agrees with itself is checked by rule."""

from central.jobs.casework import RULE, Moved, move_within, tell
from central.rules.progress import CaseMove, CaseNews
from central.rules.routing import queue_for
from central.store import cases
from central.store.cases import CaseRow
from central.store.database import Connection
from central.store.letters import KeptLetter
from central.wiring import Central
from wire.letters import Application


def arrived(connection: Connection, central: Central, kept: KeptLetter, told: Application) -> None:
    """In the transaction that made the case's row."""
    row = cases.find_case(connection, kept.region, told.case)
    assert row is not None  # noqa: S101 - this transaction made it
    item = central.item(told.item)
    queue = queue_for(item, kept.region, told.person.address, told.person.number, central.offices)
    who = f"terminal:{kept.terminal}"
    opened = tell(connection, central, row, CaseNews.OPENED, who=who, facts={"queue": queue}, queue=queue)
    if isinstance(opened, Moved):
        check(connection, central, opened.row)


def check(connection: Connection, central: Central, row: CaseRow) -> bool:
    """Check a received case by rule, when files, receipt and page agree; what does not is a person's to look at."""
    if row.flags:
        return False
    done = move_within(
        connection, central, row.region, row.case, CaseMove.CHECK, who=RULE, revision=row.revision, row=row
    )
    return isinstance(done, Moved)
