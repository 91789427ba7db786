"""Which one-time codes were shown here, until they have expired."""

import datetime as dt
import hashlib

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from offline_cache.schema import used_codes

SLACK = dt.timedelta(days=1)
"""Kept beyond the end: a clock that is set back must not make an old code new."""


def first_use(connection: sa.Connection, code_id: str, expires: dt.datetime, now: dt.datetime) -> bool:
    """Whether this code was not shown before; from now on it was."""
    connection.execute(sa.delete(used_codes).where(used_codes.c.expires < now - SLACK))
    row = insert(used_codes).values(code=hashlib.sha256(code_id.encode()).hexdigest(), expires=expires)
    return connection.execute(row.on_conflict_do_nothing()).rowcount == 1
