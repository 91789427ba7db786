"""Durable counters, and the chain that ties each receipt to the one before."""

import hashlib

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from offline_cache.prepared import Prepared
from offline_cache.schema import counters

CHAIN = "receipt chain"
FIRST_LINK = "0" * 64

_FIRST_MOVE = insert(counters)
_MOVE_CHAIN = Prepared(
    _FIRST_MOVE.on_conflict_do_update(
        index_elements=[counters.c.name], set_={"value": counters.c.value + 1, "last": _FIRST_MOVE.excluded.last}
    ),
    ("name", "value", "last"),
)


def next_number(connection: sa.Connection, name: str) -> int:
    """Adds one and returns it; the first is 1, or one above the floor that a rescue has set."""
    floor = _value(connection, FLOOR)
    grown = insert(counters).values(name=name, value=floor + 1)
    grown = grown.on_conflict_do_update(index_elements=[counters.c.name], set_={"value": counters.c.value + 1})
    return int(connection.execute(grown.returning(counters.c.value)).scalar_one())


FLOOR = "floor"
"""Set when a damaged store's counters could not be read: no number below it is given again."""


def raise_floor(connection: sa.Connection, floor: int) -> None:
    """From now on every counter that is not yet here starts above `floor`; the chain too."""
    for name in (FLOOR, CHAIN):
        row = insert(counters).values(name=name, value=floor, last="")
        connection.execute(row.on_conflict_do_nothing())


def chain(connection: sa.Connection) -> tuple[int, str]:
    """(counter, SHA-256 of the last receipt token)."""
    row = connection.execute(sa.select(counters.c.value, counters.c.last).where(counters.c.name == CHAIN)).one_or_none()
    return (int(row.value), row.last or FIRST_LINK) if row else (0, FIRST_LINK)


def move_chain(connection: sa.Connection, token: str) -> None:
    """The chain's next link is this receipt."""
    link = hashlib.sha256(token.encode()).hexdigest()
    _MOVE_CHAIN.run(connection, {"name": CHAIN, "value": 1, "last": link})


def _value(connection: sa.Connection, name: str) -> int:
    return int(connection.execute(sa.select(counters.c.value).where(counters.c.name == name)).scalar_one_or_none() or 0)
