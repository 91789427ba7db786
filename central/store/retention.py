"""What is to be forgotten, what is kept of it, and what there is about one person."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from central.rules.progress import FINAL
from central.store.case_tables import case_events, notices, supplements
from central.store.cases import ProofRow, _proof
from central.store.database import Connection
from central.store.tables import cases, letter_conflicts, letters, parts, proofs
from central.store.vault import destroy_key

OVER = "retention.over"
"""A letter's note when its bytes are gone. Its id and hash stay for good: should it come again, it is `already`."""


@dataclass(frozen=True)
class OverRow:
    """A case or a proof whose time is over."""

    region: str
    about: str  # case number, or a proof's serial
    letter: str
    state: str  # "" of a proof


def cases_over(
    connection: Connection, now: dt.datetime, shorter: Mapping[str, dt.timedelta], limit: int
) -> tuple[OverRow, ...]:
    """Cases at an end whose term is over: the one that was set at their end, or a `shorter` one of that state."""
    over = [sa.and_(cases.c.keep_until.is_not(None), cases.c.keep_until <= now)]
    over += [sa.and_(cases.c.state == state, cases.c.since <= now - term) for state, term in shorter.items()]
    rows = connection.execute(
        sa.select(cases.c.region, cases.c.case, cases.c.letter, cases.c.state)
        .where(
            cases.c.state.in_([state.value for state in FINAL]),
            sa.or_(cases.c.sealed.is_not(None), cases.c.person_tag != ""),
            sa.or_(*over),
        )
        .order_by(cases.c.since)
        .limit(limit)
    )
    return tuple(OverRow(row.region, row.case, row.letter, row.state) for row in rows)


def proofs_over(connection: Connection, now: dt.datetime, term: dt.timedelta, limit: int) -> tuple[OverRow, ...]:
    rows = connection.execute(
        sa.select(proofs.c.region, proofs.c.serial, proofs.c.letter)
        .where(
            sa.or_(proofs.c.sealed.is_not(None), proofs.c.person_tag != ""),
            sa.func.coalesce(proofs.c.keep_until, proofs.c.received_at)
            <= sa.case((proofs.c.keep_until.is_not(None), now), else_=now - term),
        )
        .order_by(proofs.c.received_at)
        .limit(limit)
    )
    return tuple(OverRow(row.region, row.serial, row.letter, "") for row in rows)


def forget_case(connection: Connection, row: OverRow) -> tuple[str, ...] | None:
    """Take everything personal out of a case; the files to remove afterwards, None when another worker was faster.

    What stays: that there was a case of this item, its states and times, who acted; hashes; the receipt's token.
    """
    done = connection.execute(
        sa.update(cases)
        .where(
            cases.c.region == row.region,
            cases.c.case == row.about,
            sa.or_(cases.c.sealed.is_not(None), cases.c.person_tag != ""),
        )
        .values(person_tag="", sealed=None, consents={}, person=None, answers=None)
    )
    if done.rowcount != 1:
        return None
    destroy_key(connection, row.region, row.about)
    mine = parts.c.region == row.region, parts.c.case == row.about
    paths = list(connection.execute(sa.select(parts.c.path).where(*mine, parts.c.path.is_not(None))).scalars())
    connection.execute(sa.delete(parts).where(*mine))
    connection.execute(
        sa.update(case_events)
        .where(case_events.c.region == row.region, case_events.c.case == row.about)
        .values(note=None)
    )
    connection.execute(
        sa.update(notices).where(notices.c.region == row.region, notices.c.case == row.about).values(sealed=None)
    )
    paths += forget_letter(connection, row.region, row.letter)
    sent = supplements.c.case_region == row.region, supplements.c.case == row.about
    for each in connection.execute(sa.select(supplements.c.region, supplements.c.letter).where(*sent)).all():
        paths += forget_letter(connection, each.region, each.letter)
    connection.execute(sa.update(supplements).where(*sent).values(sealed=b"", consents={}))
    return tuple(paths)


def forget_proof(connection: Connection, row: OverRow) -> tuple[str, ...] | None:
    """The same for a proof."""
    done = connection.execute(
        sa.update(proofs)
        .where(
            proofs.c.region == row.region,
            proofs.c.serial == row.about,
            sa.or_(proofs.c.sealed.is_not(None), proofs.c.person_tag != ""),
        )
        .values(person_tag="", sealed=None, consents={}, person=None)
    )
    if done.rowcount != 1:
        return None
    destroy_key(connection, row.region, row.about)
    return tuple(forget_letter(connection, row.region, row.letter))


def forget_letter(connection: Connection, region: str, letter: str) -> list[str]:
    """Drop a letter's sealed bytes, and those that came under its id with other contents."""
    paths: list[str] = []
    for table in (letters, letter_conflicts):
        mine = table.c.region == region, table.c.id == letter
        paths += connection.execute(sa.select(table.c.path).where(*mine, table.c.path.is_not(None))).scalars()
        connection.execute(sa.update(table).where(*mine).values(body=None, path=None))
    connection.execute(sa.update(letters).where(letters.c.region == region, letters.c.id == letter).values(note=OVER))
    return paths


# ---- one person ---------------------------------------------------------------------------------------------


def proofs_of(connection: Connection, tag: str, limit: int) -> tuple[ProofRow, ...]:
    """A person's printed proofs in every region, newest first."""
    rows = connection.execute(
        sa.select(proofs).where(proofs.c.person_tag == tag).order_by(proofs.c.printed_at.desc()).limit(limit)
    )
    return tuple(_proof(row._asdict()) for row in rows)
