"""The ledger of what the terminal does to the world: papers and doors."""

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from offline_cache.prepared import Prepared
from offline_cache.schema import deeds, stored
from wire.deeds import OPEN_STATES, Deed, DeedId, DeedKind, DeedRow, DeedState

_MAY_BE_CLEARED = frozenset({DeedState.UNKNOWN})
"""An end that a technician may still replace by what they found."""
_PROMISE = Prepared(
    sa.insert(deeds),
    ("id", "kind", "subject", "item", "door", "again", "state", "promised_at", "changed_at", "note"),
)


class DeedMisuse(Exception):
    """Our own mistake: a deed promised twice, moved without a promise, or moved after its end."""


def promise(connection: sa.Connection, promised: Iterable[Deed], at: dt.datetime) -> None:
    now = stored(at)
    rows = [
        {
            "id": deed.id,
            "kind": deed.kind.value,
            "subject": deed.subject,
            "item": deed.item,
            "door": deed.door,
            "again": deed.again,
            "state": DeedState.PROMISED.value,
            "promised_at": now,
            "changed_at": now,
            "note": "",
        }
        for deed in promised
    ]
    try:
        for row in rows:
            _PROMISE.run(connection, row)
    except dbapi2.IntegrityError as twice:
        raise DeedMisuse("promised twice") from twice


def mark(connection: sa.Connection, deed: DeedId, state: DeedState, note: str, at: dt.datetime) -> None:
    """Move a deed on; the same state again changes nothing. Raises DeedMisuse."""
    found = connection.execute(sa.select(deeds.c.state).where(deeds.c.id == deed)).scalar_one_or_none()
    if found is None:
        raise DeedMisuse("never promised")
    before = DeedState(found)
    if before is state:
        return
    if before not in OPEN_STATES and before not in _MAY_BE_CLEARED:
        raise DeedMisuse(f"ended as {before.value}, cannot become {state.value}")
    values: dict[str, object] = {"state": state.value, "changed_at": at}
    if note:
        values["note"] = note
    connection.execute(sa.update(deeds).where(deeds.c.id == deed).values(values))


def open_deeds(connection: sa.Connection) -> tuple[DeedRow, ...]:
    """In the order they were promised."""
    states = [state.value for state in OPEN_STATES]
    rows = connection.execute(sa.select(deeds).where(deeds.c.state.in_(states)).order_by(deeds.c.seq))
    return tuple(map(_row, rows.mappings()))


def newest(connection: sa.Connection, limit: int) -> tuple[DeedRow, ...]:
    rows = connection.execute(sa.select(deeds).order_by(deeds.c.seq.desc()).limit(limit))
    return tuple(map(_row, rows.mappings()))


def forget(connection: sa.Connection, before: dt.datetime) -> None:
    """Drop ended deeds that last changed before this time."""
    states = [state.value for state in OPEN_STATES]
    connection.execute(sa.delete(deeds).where(deeds.c.state.not_in(states), deeds.c.changed_at < before))


def _row(value: sa.RowMapping) -> DeedRow:
    deed = Deed(
        id=DeedId(value["id"]),
        kind=DeedKind(value["kind"]),
        subject=value["subject"],
        item=value["item"],
        door=value["door"],
        again=value["again"],
    )
    return DeedRow(deed, DeedState(value["state"]), value["promised_at"], value["changed_at"], value["note"])
