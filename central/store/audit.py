"""The audit's chains in the database."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from central.rules.audit import FIRST, AuditEvent, Fact, Head, event_hash
from central.store.audit_tables import audit_events, audit_heads, audit_signatures
from central.store.database import Connection, insert_all, insert_new


@dataclass(frozen=True)
class Noted:
    """Something that happened, before it has its place in the chain."""

    at: dt.datetime
    who: str
    what: str
    about: str
    why: str
    facts: Mapping[str, Fact]


def append(connection: Connection, region: str, notes: Sequence[Noted]) -> tuple[Head, int]:
    """Add events to a region's chain; the new head, and the number of the last signed one.

    The region's head row is held until the caller's transaction ends: appenders follow each other.
    """
    row = connection.execute(_HEAD, {"of": region}).first()
    if row is None:
        insert_new(connection, audit_heads, {"region": region, "seq": 0, "hash": FIRST, "signed_seq": 0})
        row = connection.execute(_HEAD, {"of": region}).one()
    seq, digest = row.seq, row.hash
    rows = []
    for note in notes:
        event = AuditEvent(region, seq + 1, note.at, note.who, note.what, note.about, note.why, note.facts, digest)
        seq, digest = event.seq, event_hash(event.told())
        rows.append({**vars(event), "facts": dict(note.facts), "hash": digest})
    insert_all(connection, audit_events, rows)
    connection.execute(_NEW_HEAD, {"of": region, "seq": seq, "hash": digest})
    return Head(region, seq, digest, notes[-1].at), row.signed_seq


_HEAD = sa.select(audit_heads).where(audit_heads.c.region == sa.bindparam("of")).with_for_update()
_NEW_HEAD = sa.update(audit_heads).where(audit_heads.c.region == sa.bindparam("of"))
_NEW_HEAD = _NEW_HEAD.values(seq=sa.bindparam("seq"), hash=sa.bindparam("hash"))


def unsigned_heads(connection: Connection, at: dt.datetime) -> tuple[Head, ...]:
    """The heads of regions in which something happened since the last signature."""
    rows = connection.execute(
        sa.select(audit_heads).where(audit_heads.c.seq > audit_heads.c.signed_seq).order_by(audit_heads.c.region)
    )
    return tuple(Head(row.region, row.seq, row.hash, at) for row in rows)


def keep_signature(connection: Connection, head: Head) -> None:
    row = {
        "region": head.region,
        "seq": head.seq,
        "hash": head.hash,
        "at": head.at,
        "kid": head.kid,
        "sig": head.sig,
    }
    insert_new(connection, audit_signatures, row)
    connection.execute(
        sa.update(audit_heads)
        .where(audit_heads.c.region == head.region, audit_heads.c.signed_seq < head.seq)
        .values(signed_seq=head.seq)
    )


def regions(connection: Connection) -> tuple[str, ...]:
    return tuple(connection.execute(sa.select(audit_heads.c.region).order_by(audit_heads.c.region)).scalars())


def events_from(connection: Connection, region: str, seq: int, limit: int) -> tuple[tuple[AuditEvent, str], ...]:
    """Events of a region from a number on, each with the hash that the database holds."""
    rows = connection.execute(
        sa.select(audit_events)
        .where(audit_events.c.region == region, audit_events.c.seq >= seq)
        .order_by(audit_events.c.seq)
        .limit(limit)
    )
    return tuple((_event(row._asdict()), row.hash) for row in rows)


def heads_of(connection: Connection, region: str, first: int, last: int) -> tuple[Head, ...]:
    """Signed heads of a region, over events `first` to `last`."""
    rows = connection.execute(
        sa.select(audit_signatures)
        .where(audit_signatures.c.region == region, audit_signatures.c.seq.between(first, last))
        .order_by(audit_signatures.c.seq)
    )
    return tuple(Head(row.region, row.seq, row.hash, row.at, row.kid, row.sig) for row in rows)


def newest(
    connection: Connection,
    limit: int,
    *,
    region: str = "",
    who: str = "",
    what: str = "",
    about: str = "",
    before: dt.datetime | None = None,
) -> tuple[AuditEvent, ...]:
    """The newest events, of one region, person, kind or thing when these are given ("" is any)."""
    query = sa.select(audit_events)
    for column, wanted in (
        (audit_events.c.region, region),
        (audit_events.c.who, who),
        (audit_events.c.what, what),
        (audit_events.c.about, about),
    ):
        if wanted:
            query = query.where(column == wanted)
    if before is not None:
        query = query.where(audit_events.c.at < before)
    rows = connection.execute(query.order_by(audit_events.c.at.desc(), audit_events.c.seq.desc()).limit(limit))
    return tuple(_event(row._asdict()) for row in rows)


def _event(row: Mapping[str, Any]) -> AuditEvent:
    return AuditEvent(
        row["region"],
        row["seq"],
        row["at"],
        row["who"],
        row["what"],
        row["about"],
        row["why"],
        row["facts"],
        row["previous"],
    )
