"""What central holds after a visit: case numbers, serials, collections, incidents."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from central.jobs.opening import person_of
from central.jobs.unseal import unseal_pending
from central.store import cases
from central.store.cases import CaseRow, ProofRow
from central.store.database import Connection
from central.store.vault import Told
from central.wiring import Central
from demo.world import REGION, TERMINAL
from wire.letters import Person

MOST = 1000


@dataclass(frozen=True, eq=False)
class OpenCase(CaseRow):
    """A case with what the vault sealed of it."""

    told: Told = field(repr=False)

    @property
    def person(self) -> Person:
        return self.told.person

    @property
    def answers(self) -> dict[str, str]:
        return self.told.answers


@contextmanager
def opened(central: Central) -> Iterator[Connection]:
    """What central's database holds once every letter that was acknowledged is opened."""
    unseal_pending(central)
    with central.database.reading() as connection:
        yield connection


def cases_at(central: Central) -> tuple[OpenCase, ...]:
    """Every application that central has, the newest first, opened."""
    with opened(central) as connection:
        found = [(row, person_of(central, connection, row)) for row in cases.newest_cases(connection, MOST)]
    return tuple(OpenCase(**vars(row), told=told) for row, told in found if told is not None)


def proofs_at(central: Central) -> tuple[ProofRow, ...]:
    """Every printed proof that central was told of, the newest first."""
    with opened(central) as connection:
        return cases.newest_proofs(connection, MOST)


def collections_at(central: Central) -> tuple[tuple[str, str], ...]:
    """(ticket, outcome) of everything that was collected or tried."""
    with opened(central) as connection:
        rows = cases.collections_of(connection, REGION, TERMINAL, MOST)
    return tuple((row["ticket"], row["outcome"]) for row in rows)


def incidents_at(central: Central) -> tuple[tuple[str, str], ...]:
    """(what, found) of everything that a boot could not tell the end of."""
    with opened(central) as connection:
        rows = cases.incidents_of(connection, REGION, TERMINAL, MOST)
    return tuple((row["what"], row["found"]) for row in rows)
