"""Opening what the vault sealed: a case's person, answers and files, for who may see them."""

from central.store import cases
from central.store.database import Connection
from central.store.letters import read_body
from central.store.vault import Told, key_of, open_person, part_label
from central.wiring import Central
from trust.vault import VaultBroken


def person_of(central: Central, connection: Connection, row: cases.CaseRow | cases.ProofRow) -> Told | None:
    """Who, and what was answered; None when its key was destroyed (its time is over) or it cannot be opened."""
    about = row.case if isinstance(row, cases.CaseRow) else row.serial
    try:
        key = key_of(connection, central.vault, row.region, about)
        return open_person(key, row.sealed) if key is not None else None
    except VaultBroken:
        return None


def file_of(central: Central, region: str, case: str, part: int) -> tuple[cases.PartRow, bytes] | None:
    """A file of a case with its plain bytes; None when there is none, or when it cannot be opened any more.

    Raises StoreUnavailable.
    """
    with central.database.reading() as connection:
        row = cases.part(connection, region, case, part)
        try:
            key = key_of(connection, central.vault, region, case) if row is not None else None
        except VaultBroken:
            return None
    if row is None or key is None:
        return None
    body = read_body(central.bodies, row.body)
    try:
        return row, key.open(part_label(part), body) if row.sealed else body
    except VaultBroken:
        return None
