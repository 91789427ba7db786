"""A new case: what came is written down, its office is found, and what agrees with itself is checked by rule."""

from collections.abc import Sequence

from central.jobs.casework import RULE, Moved, move_within, tell
from central.rules.cases import Flag
from central.rules.progress import CaseMove, CaseNews
from central.rules.routing import queue_for
from central.store import cases
from central.store.database import Connection
from central.store.letters import KeptLetter
from central.wiring import Central
from wire.letters import Application


def arrived(
    connection: Connection, central: Central, kept: KeptLetter, told: Application, flags: Sequence[Flag]
) -> None:
    """In the transaction that made the case's row."""
    row = cases.find_case(connection, kept.region, told.case)
    assert row is not None  # noqa: S101 - this transaction made it
    item = central.item(told.item)
    queue = queue_for(item, kept.region, told.person.address, told.person.number, central.offices)
    who = f"terminal:{kept.terminal}"
    tell(connection, central, row, CaseNews.OPENED, who=who, facts={"queue": queue}, queue=queue)
    check(connection, central, kept.region, told.case, flags)


def check(connection: Connection, central: Central, region: str, case: str, flags: Sequence[str]) -> bool:
    """Check a received case by rule, when files, receipt and page agree; what does not is a person's to look at."""
    row = cases.find_case(connection, region, case)
    if row is None or flags:
        return False
    done = move_within(connection, central, region, case, CaseMove.CHECK, who=RULE, revision=row.revision)
    return isinstance(done, Moved)
