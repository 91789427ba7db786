"""Sealing what the first release kept in plain; runs at start until nothing is left, and may be cut at any line."""

import logging

from central.store import cases
from central.store.letters import read_body, write_body
from central.store.marks import mark, marked, unmark
from central.store.vault import Told, key_for, part_label, seal_person
from central.wiring import Central
from wire.canonical import sha256_hex
from wire.letters import Person

LOG = logging.getLogger("central.seal_up")

_AT_ONCE = 100
_COMPACT = "compact"
"""In `meta` while the database's file may still hold, in pages that are free, what was kept in plain."""


def seal_up(central: Central) -> int:
    """Seal persons, answers and files of cases and proofs; how many rows were. Raises StoreUnavailable."""
    done = 0
    if _anything_plain(central):
        with central.database.writing() as connection:  # first: a cut later on must not leave old pages in the file
            mark(connection, _COMPACT)
    while step := _persons(central) + _files(central):
        done += step
    if done:
        LOG.info("%d rows that were kept in plain are sealed now", done)
    with central.database.reading() as connection:
        due = marked(connection, _COMPACT)
    if due:
        central.database.compact()
        with central.database.writing() as connection:
            unmark(connection, _COMPACT)
    return done


def _anything_plain(central: Central) -> bool:
    with central.database.reading() as connection:
        return any(look(connection, 1) for look in (cases.plain_cases, cases.plain_proofs, cases.plain_parts))


def _persons(central: Central) -> int:
    with central.database.reading() as connection:
        found = cases.plain_cases(connection, _AT_ONCE)
        proofs = cases.plain_proofs(connection, _AT_ONCE)
    for region, case, person, answers in found:
        key = key_for(central.database, central.vault, region, case)
        told = Told(person=Person.model_validate(person), answers=answers or {})
        with central.database.writing() as connection:
            cases.seal_case(connection, region, case, seal_person(central.vault, key, told))
    for region, serial, person in proofs:
        key = key_for(central.database, central.vault, region, serial)
        with central.database.writing() as connection:
            told = Told(person=Person.model_validate(person))
            cases.seal_proof(connection, region, serial, seal_person(central.vault, key, told))
    return len(found) + len(proofs)


def _files(central: Central) -> int:
    with central.database.reading() as connection:
        found = cases.plain_parts(connection, _AT_ONCE)
    for region, case, number in found:
        key = key_for(central.database, central.vault, region, case)
        with central.database.reading() as connection:
            row = cases.part(connection, region, case, number)
        if row is None or row.sealed:
            continue
        before = row.body.path
        sealed = key.seal(part_label(number), read_body(central.bodies, row.body))
        name = sha256_hex(f"sealed part\0{region}\0{case}\0{number}".encode())
        body = write_body(central.bodies, name, sealed)
        with central.database.writing() as connection:
            cases.seal_part(connection, region, case, number, body)
        if before is not None:
            central.bodies.remove(before)
    return len(found)
