"""How much there is, for operators."""

import sqlalchemy as sa

from central.store import tables
from central.store.database import Connection


def letters(connection: Connection) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(tables.letters)).scalar_one()
