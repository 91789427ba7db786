"""Letters on their way: waiting, parked or acknowledged, in the order they were written.

A parked letter holds back the later letters of its own subject and nothing else. A small letter never overtakes an
earlier large one of its subject. Only `acknowledge` lets go of a letter's bytes.
"""

import datetime as dt
import enum
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from offline_cache.prepared import Prepared
from offline_cache.schema import letters, stored
from wire.canonical import sha256_hex
from wire.deeds import Waiting
from wire.ids import LetterId
from wire.messages import LetterKind


class LetterState(enum.StrEnum):
    WAITING = "waiting"
    PARKED = "parked"  # kept and seen, not sent again until a technician says so
    ACKED = "acked"  # central holds it; the bytes are gone from here


PARKED_CONFLICT = "letter.conflict"
PARKED_REJECTED = "letter.rejected"
PARKED_DAMAGED = "letter.damaged"
PARKED_MISSING = "letter.missing"


@dataclass(frozen=True)
class Sealed:
    """A letter as it is kept. `body` is None when the bytes lie in a file."""

    id: LetterId
    kind: LetterKind
    subject: str
    created_at: dt.datetime
    sha256: str
    size: int
    body: bytes | None = field(repr=False)
    seq: int = 0


@dataclass(frozen=True)
class LetterRow:
    """What a technician sees of a letter."""

    id: LetterId
    kind: LetterKind
    subject: str
    size: int
    state: LetterState
    tries: int
    reason: str
    created_at: dt.datetime


_earlier = letters.alias("earlier")
_PUT = Prepared(
    sa.insert(letters),
    ("id", "kind", "subject", "created_at", "sha256", "size", "body", "in_file", "state", "changed_at"),
)


def put(connection: sa.Connection, letter: Sealed) -> None:
    at = stored(letter.created_at)
    row = {
        "id": letter.id,
        "kind": letter.kind.value,
        "subject": letter.subject,
        "created_at": at,
        "sha256": letter.sha256,
        "size": letter.size,
        "body": letter.body,
        "in_file": letter.body is None,
        "state": LetterState.WAITING.value,
        "changed_at": at,
    }
    _PUT.run(connection, row)


def next_small(connection: sa.Connection, *, most: int, most_bytes: int, skip: Collection[str]) -> tuple[Sealed, ...]:
    """The next letters for one batch, oldest first; ones whose bytes have changed are parked instead.

    `skip` names subjects to leave alone this time.
    """
    held_back = sa.exists().where(
        _earlier.c.subject == letters.c.subject,
        _earlier.c.seq < letters.c.seq,
        sa.or_(
            _earlier.c.state == LetterState.PARKED.value,
            sa.and_(_earlier.c.state == LetterState.WAITING.value, _earlier.c.in_file),
        ),
    )
    rows = connection.execute(
        sa.select(letters)
        .where(letters.c.state == LetterState.WAITING.value, ~letters.c.in_file, ~held_back)
        .where(letters.c.subject.not_in(list(skip)))
        .order_by(letters.c.seq)
        .limit(most)
    ).all()
    batch: list[Sealed] = []
    stopped: set[str] = set()
    weight = 0
    for row in rows:
        if row.subject in stopped:
            continue
        if row.body is None or sha256_hex(row.body) != row.sha256:
            park(connection, row.id, PARKED_DAMAGED, row.changed_at)
            stopped.add(row.subject)
            continue
        weight += row.size
        if batch and weight > most_bytes:
            break
        batch.append(_sealed(row))
    return tuple(batch)


def next_large(connection: sa.Connection, *, skip: Collection[str]) -> Sealed | None:
    """The oldest large letter that nothing of its subject goes before; its bytes are not looked at."""
    held_back = sa.exists().where(
        _earlier.c.subject == letters.c.subject,
        _earlier.c.seq < letters.c.seq,
        _earlier.c.state != LetterState.ACKED.value,
    )
    row = connection.execute(
        sa.select(letters)
        .where(letters.c.state == LetterState.WAITING.value, letters.c.in_file, ~held_back)
        .where(letters.c.subject.not_in(list(skip)))
        .order_by(letters.c.seq)
        .limit(1)
    ).one_or_none()
    return None if row is None else _sealed(row)


def unsent(connection: sa.Connection, letter: str) -> Sealed | None:
    """A letter that central has not acknowledged, parked or not; its bytes are not looked at."""
    row = connection.execute(
        sa.select(letters).where(letters.c.id == letter, letters.c.state != LetterState.ACKED.value)
    ).one_or_none()
    return None if row is None else _sealed(row)


def hashes(connection: sa.Connection) -> dict[str, str]:
    """The SHA-256 of every letter that is not acknowledged, by its id."""
    rows = connection.execute(
        sa.select(letters.c.id, letters.c.sha256).where(letters.c.state != LetterState.ACKED.value)
    )
    return {row.id: row.sha256 for row in rows}


def acknowledge(connection: sa.Connection, letter: str, sha256: str, at: dt.datetime) -> bool:
    """Let go of a letter that central holds; False when it is not ours, or not these bytes, or already let go."""
    done = connection.execute(
        sa.update(letters)
        .where(letters.c.id == letter, letters.c.sha256 == sha256, letters.c.state != LetterState.ACKED.value)
        .values(state=LetterState.ACKED.value, body=None, reason="", changed_at=at)
    )
    return done.rowcount == 1


def park(connection: sa.Connection, letter: str, reason: str, at: dt.datetime) -> bool:
    """Keep a letter and stop sending it; False when it is not waiting."""
    done = connection.execute(
        sa.update(letters)
        .where(letters.c.id == letter, letters.c.state == LetterState.WAITING.value)
        .values(state=LetterState.PARKED.value, reason=reason, changed_at=at)
    )
    return done.rowcount == 1


def unpark(connection: sa.Connection, letter: str, at: dt.datetime) -> bool:
    """Try a parked letter again: a technician's order."""
    done = connection.execute(
        sa.update(letters)
        .where(letters.c.id == letter, letters.c.state == LetterState.PARKED.value)
        .values(state=LetterState.WAITING.value, tries=0, changed_at=at)
    )
    return done.rowcount == 1


def stumbled(connection: sa.Connection, letter: str, reason: str, at: dt.datetime) -> None:
    """Central would not take this letter, without saying so under its signature: it stays, and the try is counted."""
    connection.execute(
        sa.update(letters)
        .where(letters.c.id == letter, letters.c.state == LetterState.WAITING.value)
        .values(tries=letters.c.tries + 1, reason=reason, changed_at=at)
    )


def waiting(connection: sa.Connection) -> Waiting:
    is_waiting = letters.c.state == LetterState.WAITING.value
    is_parked = letters.c.state == LetterState.PARKED.value
    row = connection.execute(
        sa.select(
            sa.func.count().filter(is_waiting),
            sa.func.count().filter(is_parked),
            sa.func.coalesce(sa.func.sum(letters.c.size), 0),
            sa.func.min(letters.c.created_at),
        ).where(sa.or_(is_waiting, is_parked))
    ).one()
    return Waiting(letters=row[0], parked=row[1], bytes=row[2], oldest_at=row[3])


def listed(connection: sa.Connection, limit: int) -> tuple[LetterRow, ...]:
    """Letters that are not acknowledged, parked ones first, then oldest first."""
    rows = connection.execute(
        sa.select(letters)
        .where(letters.c.state != LetterState.ACKED.value)
        .order_by(letters.c.state, letters.c.seq)
        .limit(limit)
    )
    return tuple(
        LetterRow(
            id=LetterId(row.id),
            kind=LetterKind(row.kind),
            subject=row.subject,
            size=row.size,
            state=LetterState(row.state),
            tries=row.tries,
            reason=row.reason,
            created_at=row.created_at,
        )
        for row in rows
    )


def kept_in_files(connection: sa.Connection) -> frozenset[str]:
    """Ids of the letters whose bytes must lie in a file."""
    rows = connection.execute(
        sa.select(letters.c.id).where(letters.c.in_file, letters.c.state != LetterState.ACKED.value)
    )
    return frozenset(rows.scalars())


def forget(connection: sa.Connection, before: dt.datetime) -> None:
    """Drop the rows of letters acknowledged before this time."""
    connection.execute(
        sa.delete(letters).where(letters.c.state == LetterState.ACKED.value, letters.c.changed_at < before)
    )


def _sealed(row: sa.Row[tuple[Any, ...]]) -> Sealed:
    return Sealed(
        id=LetterId(row.id),
        kind=LetterKind(row.kind),
        subject=row.subject,
        created_at=row.created_at,
        sha256=row.sha256,
        size=row.size,
        body=row.body,
        seq=row.seq,
    )
