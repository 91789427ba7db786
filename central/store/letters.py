"""Letters, their conflicts and refusals, and the uploads of large bodies."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.rules.letters import Known, LetterState, Upload
from central.rules.roles import EVERYWHERE
from central.store.bodies import IN_ROW, BlobStore
from central.store.database import insert_new
from central.store.tables import UtcTime, letter_conflicts, letters, parts, refusals, uploads
from wire.messages import LetterHeader


@dataclass(frozen=True)
class Body:
    """Sealed bytes, or the name of the file that holds them: exactly one of the two."""

    data: bytes | None = None
    path: str | None = None


def read_body(bodies: BlobStore, body: Body) -> bytes:
    """The bytes, from the row or from the store of large ones. Raises StoreUnavailable."""
    return body.data if body.data is not None else bodies.read(body.path or "")


def write_body(bodies: BlobStore, name: str, data: bytes) -> Body:
    """What a row is to hold of these bytes: small ones themselves, large ones by `name`, durable before this returns.

    Raises StoreUnavailable.
    """
    if len(data) <= IN_ROW:
        return Body(data=data)
    bodies.write_at(name, 0, data)
    return Body(path=name)


@dataclass(frozen=True)
class KeptLetter:
    """A letter as central keeps it."""

    region: str
    id: str
    terminal: str
    kind: str
    seq: int
    subject: str
    sha256: str
    size: int
    created_at: dt.datetime
    received_at: dt.datetime
    state: LetterState
    note: str
    body: Body


_SHOWN = [column for column in letters.c if column.name != "body"]


def known(connection: Connection, region: str, letter: str) -> tuple[Known, dt.datetime] | None:
    """What is kept under an id, and since when."""
    row = connection.execute(
        sa.select(letters.c.terminal, letters.c.sha256, letters.c.received_at).where(
            letters.c.region == region, letters.c.id == letter
        )
    ).first()
    return None if row is None else (Known(row.terminal, row.sha256), row.received_at)


def conflict_known(connection: Connection, region: str, letter: str, sha256: str) -> bool:
    return (
        connection.execute(
            sa.select(letter_conflicts.c.id).where(
                letter_conflicts.c.region == region,
                letter_conflicts.c.id == letter,
                letter_conflicts.c.sha256 == sha256,
            )
        ).first()
        is not None
    )


def keep(connection: Connection, header: LetterHeader, body: Body, now: dt.datetime) -> bool:
    """Store a new letter; False when the id is taken, by another worker a moment ago."""
    return insert_new(
        connection,
        letters,
        {
            "region": header.region,
            "id": header.id,
            "terminal": header.terminal,
            "kind": header.kind.value,
            "seq": header.seq,
            "sha256": header.sha256,
            "size": header.size,
            "subject": header.subject,
            "created_at": header.created_at,
            "received_at": now,
            "state": LetterState.RECEIVED.value,
            "note": "",
            "body": body.data,
            "path": body.path,
        },
    )


def keep_conflict(connection: Connection, header: LetterHeader, body: Body, now: dt.datetime) -> None:
    """Store other bytes that came under a taken id beside the first; the same other bytes once."""
    insert_new(
        connection,
        letter_conflicts,
        {
            "region": header.region,
            "id": header.id,
            "sha256": header.sha256,
            "terminal": header.terminal,
            "header": header.model_dump(mode="json"),
            "received_at": now,
            "body": body.data,
            "path": body.path,
        },
    )


def note_refusal(
    connection: Connection, region: str, terminal: str, letter: str, reason: str, now: dt.datetime, *, most: int = 1000
) -> None:
    """Remember that a letter was rejected, so that people see it; at most `most` per terminal."""
    count = connection.execute(
        sa.select(sa.func.count())
        .select_from(refusals)
        .where(refusals.c.region == region, refusals.c.terminal == terminal)
    ).scalar_one()
    if count < most:
        shown = letter.replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL has it in no text
        row = {"region": region, "terminal": terminal, "id": shown, "reason": reason, "at": now}
        insert_new(connection, refusals, row)


def find(connection: Connection, region: str, letter: str) -> KeptLetter | None:
    row = connection.execute(sa.select(letters).where(letters.c.region == region, letters.c.id == letter)).first()
    return None if row is None else _kept(row._asdict())


def claim(connection: Connection, region: str, wanted: Collection[str]) -> frozenset[str]:
    """Take letters for opening, for this transaction: they are opened now. Those that (still) waited for it."""
    rows = connection.execute(_CLAIM, {"of": region, "ids": list(wanted)})
    return frozenset(row.id for row in rows)


def set_state(connection: Connection, region: str, letter: str, state: LetterState, note: str = "") -> None:
    connection.execute(
        sa.update(letters)
        .where(letters.c.region == region, letters.c.id == letter)
        .values(state=state.value, note=note[:120])
    )


@dataclass(frozen=True)
class Place:
    """Where a letter stands among those that came, oldest first."""

    at: dt.datetime
    seq: int
    id: str


BEGINNING = Place(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), -1, "")


def waiting(
    connection: Connection, region: str, terminals: Collection[str], after: Place, limit: int
) -> tuple[KeptLetter, ...]:
    """Letters of these terminals that are kept and not opened yet, oldest first, from behind `after` on."""
    told = {"of": region, "terminals": list(terminals), **vars(after), "most": limit}
    return tuple(_kept(row._asdict()) for row in connection.execute(_WAITING, told))


def waiting_terminals(connection: Connection, limit: int) -> tuple[tuple[str, str], ...]:
    """(region, terminal) of those whose letters wait to be opened, who waits longest first."""
    query = sa.select(letters.c.region, letters.c.terminal).where(_WAITS)
    query = query.group_by(letters.c.region, letters.c.terminal).order_by(sa.func.min(letters.c.received_at))
    return tuple((row.region, row.terminal) for row in connection.execute(query.limit(limit)))


def waits(connection: Connection, region: str, terminal: str) -> bool:
    """Whether a letter of this terminal waits to be opened."""
    return connection.execute(_WAITS_ANY, {"of": region, "terminal": terminal}).first() is not None


_WAITS = letters.c.state == LetterState.RECEIVED.value
_CLAIM = (
    sa.update(letters)
    .where(letters.c.region == sa.bindparam("of"), letters.c.id.in_(sa.bindparam("ids", expanding=True)), _WAITS)
    .values(state=LetterState.OPENED.value, note="")
    .returning(letters.c.id)
)
_WAITS_ANY = (
    sa.select(letters.c.id)
    .with_hint(letters, "INDEXED BY letters_by_state", "sqlite")
    .where(_WAITS, letters.c.region == sa.bindparam("of"), letters.c.terminal == sa.bindparam("terminal"))
    .limit(1)
)
_WAITING = (
    sa.select(letters)
    .with_hint(letters, "INDEXED BY letters_by_state", "sqlite")  # it knows no statistics: few wait, of very many
    .where(
        _WAITS,
        letters.c.region == sa.bindparam("of"),
        letters.c.terminal.in_(sa.bindparam("terminals", expanding=True)),
        sa.tuple_(letters.c.received_at, letters.c.seq, letters.c.id)
        > sa.tuple_(sa.bindparam("at", type_=UtcTime()), sa.bindparam("seq"), sa.bindparam("id")),
    )
    .order_by(letters.c.received_at, letters.c.seq, letters.c.id)
    .limit(sa.bindparam("most"))
)


def unopened_count(connection: Connection) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(letters).where(_WAITS)).scalar_one()


def troubled(
    connection: Connection, limit: int, *, regions: Collection[str] = (EVERYWHERE,), terminal: str | None = None
) -> tuple[KeptLetter, ...]:
    """Letters that came in at these regions and that a person must look at, newest first, without their bodies."""
    wanted = (LetterState.UNREADABLE.value, LetterState.HELD.value)
    query = sa.select(*_SHOWN).where(letters.c.state.in_(wanted), *_of(letters, regions))
    if terminal is not None:
        query = query.where(letters.c.terminal == terminal)
    rows = connection.execute(query.order_by(letters.c.received_at.desc()).limit(limit))
    return tuple(_kept(row._asdict()) for row in rows)


def _of(table: sa.Table, regions: Collection[str]) -> list[sa.ColumnElement[bool]]:
    return [] if EVERYWHERE in regions else [table.c.region.in_(list(regions))]


def conflicts(
    connection: Connection, limit: int, *, regions: Collection[str] = (EVERYWHERE,)
) -> tuple[dict[str, Any], ...]:
    """region, id, terminal, sha256, received_at of letters of these regions that came twice with other bytes."""
    rows = connection.execute(
        sa.select(
            letter_conflicts.c.region,
            letter_conflicts.c.id,
            letter_conflicts.c.terminal,
            letter_conflicts.c.sha256,
            letter_conflicts.c.received_at,
        )
        .where(*_of(letter_conflicts, regions))
        .order_by(letter_conflicts.c.received_at.desc())
        .limit(limit)
    )
    return tuple(row._asdict() for row in rows)


def conflict_body(connection: Connection, region: str, letter: str, sha256: str) -> Body | None:
    row = connection.execute(
        sa.select(letter_conflicts.c.body, letter_conflicts.c.path).where(
            letter_conflicts.c.region == region, letter_conflicts.c.id == letter, letter_conflicts.c.sha256 == sha256
        )
    ).first()
    return None if row is None else Body(row.body, row.path)


def refused(
    connection: Connection, limit: int, *, regions: Collection[str] = (EVERYWHERE,)
) -> tuple[dict[str, Any], ...]:
    """What terminals of these regions sent and central did not take, newest first."""
    query = sa.select(refusals).where(*_of(refusals, regions))
    rows = connection.execute(query.order_by(refusals.c.at.desc()).limit(limit))
    return tuple(row._asdict() for row in rows)


# ---- uploads ------------------------------------------------------------------------------------------------


def upload(connection: Connection, region: str, terminal: str, letter: str) -> tuple[Upload, str] | None:
    """What is held of a large body, and the file's name."""
    row = connection.execute(sa.select(uploads).where(*_upload_is(region, terminal, letter))).first()
    return None if row is None else (Upload(row.sha256, row.size, row.held), row.path)


def set_upload(connection: Connection, header: LetterHeader, held: int, path: str, now: dt.datetime) -> None:
    """Say how much is held; makes the upload when there is none."""
    values = {"sha256": header.sha256, "size": header.size, "held": held, "path": path, "changed_at": now}
    key = {"region": header.region, "terminal": header.terminal, "id": header.id}
    if not insert_new(connection, uploads, key | values):
        where = _upload_is(header.region, header.terminal, header.id)
        connection.execute(sa.update(uploads).where(*where).values(**values))


def end_upload(connection: Connection, region: str, terminal: str, letter: str) -> None:
    connection.execute(sa.delete(uploads).where(*_upload_is(region, terminal, letter)))


def uploads_beyond(connection: Connection, region: str, terminal: str, most: int) -> tuple[tuple[str, str], ...]:
    """(id, file name) of a terminal's uploads that have lain longest, beyond the newest `most`."""
    rows = connection.execute(
        sa.select(uploads.c.id, uploads.c.path)
        .where(uploads.c.region == region, uploads.c.terminal == terminal)
        .order_by(uploads.c.changed_at.desc())
        .offset(most)
    )
    return tuple((row.id, row.path) for row in rows)


def _upload_is(region: str, terminal: str, letter: str) -> tuple[sa.ColumnElement[bool], ...]:
    return uploads.c.region == region, uploads.c.terminal == terminal, uploads.c.id == letter


def paths_in_use(connection: Connection) -> Collection[str]:
    """The names of all files that a row speaks of."""
    used: set[str] = set()
    for table in (letters, letter_conflicts, uploads, parts):
        rows = connection.execute(sa.select(table.c.path).where(table.c.path.is_not(None)))
        used.update(row.path for row in rows)
    return used


def _kept(row: dict[str, Any]) -> KeptLetter:
    return KeptLetter(
        region=row["region"],
        id=row["id"],
        terminal=row["terminal"],
        kind=row["kind"],
        seq=row["seq"],
        subject=row["subject"],
        sha256=row["sha256"],
        size=row["size"],
        created_at=row["created_at"],
        received_at=row["received_at"],
        state=LetterState(row["state"]),
        note=row["note"],
        body=Body(row.get("body"), row["path"]),
    )
