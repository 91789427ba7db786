"""A new case: what came is written down, its office is found, and what agrees with itself is checked by rule."""

from collections.abc import Sequence

from central.jobs.casework import RULE, Moved, begin, move_within
from central.rules.progress import CaseMove
from central.rules.routing import queue_for
from central.store.additions import Additions
from central.store.cases import CaseRow
from central.store.database import Connection
from central.store.letters import KeptLetter
from central.store.vault import SealedPerson
from central.wiring import Central
from wire.letters import Application


def arrived(
    connection: Connection,
    central: Central,
    kept: KeptLetter,
    told: Application,
    person: SealedPerson,
    flags: Sequence[str],
    added: Additions,
) -> None:
    """A new case among what is added: opened and, when files, receipt and page agree, checked by rule as in `check`."""
    item = central.item(told.item, kept.region)
    queue = queue_for(item, kept.region, told.person.address, told.person.number, central.offices)
    who = f"terminal:{kept.terminal}"
    begun = begin(connection, central, kept.region, told.case, who=who, queue=queue, checked=not flags)
    added.case(kept, told, person, flags, begun, queue)


def check(connection: Connection, central: Central, row: CaseRow) -> bool:
    """Check a received case by rule, when files, receipt and page agree; what does not is a person's to look at."""
    if row.flags:
        return False
    done = move_within(
        connection, central, row.region, row.case, CaseMove.CHECK, who=RULE, revision=row.revision, row=row
    )
    return isinstance(done, Moved)
