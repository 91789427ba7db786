"""What central holds after a visit: case numbers, serials, collections, incidents."""

from central.store import cases
from central.store.cases import CaseRow, ProofRow
from central.wiring import Central
from demo.world import REGION, TERMINAL

MOST = 1000


def cases_at(central: Central) -> tuple[CaseRow, ...]:
    """Every application that central has, the newest first."""
    with central.database.reading() as connection:
        return cases.newest_cases(connection, MOST)


def proofs_at(central: Central) -> tuple[ProofRow, ...]:
    """Every printed proof that central was told of, the newest first."""
    with central.database.reading() as connection:
        return cases.newest_proofs(connection, MOST)


def collections_at(central: Central) -> tuple[tuple[str, str], ...]:
    """(ticket, outcome) of everything that was collected or tried."""
    with central.database.reading() as connection:
        rows = cases.collections_of(connection, REGION, TERMINAL, MOST)
    return tuple((row["ticket"], row["outcome"]) for row in rows)


def incidents_at(central: Central) -> tuple[tuple[str, str], ...]:
    """(what, found) of everything that a boot could not tell the end of."""
    with central.database.reading() as connection:
        rows = cases.incidents_of(connection, REGION, TERMINAL, MOST)
    return tuple((row["what"], row["found"]) for row in rows)
