"""Marks in the database: that something is still to be done, whatever cuts come between."""

import sqlalchemy as sa

from central.store.database import Connection, insert_new
from central.store.tables import meta


def mark(connection: Connection, name: str) -> None:
    insert_new(connection, meta, {"name": name, "value": "due"})


def marked(connection: Connection, name: str) -> bool:
    return connection.execute(sa.select(meta.c.value).where(meta.c.name == name)).first() is not None


def unmark(connection: Connection, name: str) -> None:
    connection.execute(sa.delete(meta).where(meta.c.name == name))
