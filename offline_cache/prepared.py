"""Statements of SQLAlchemy's that are written out once and then given to the driver as they are.

Somebody waits while a letter is written, and building and compiling three statements anew takes as long as the fsync.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite


class Prepared:
    """One statement. Rows are given as the driver stores them: see `schema.stored` for times."""

    def __init__(self, statement: sa.Insert, names: Sequence[str]) -> None:
        """`names`: the columns that each row gives."""
        compiled = statement.compile(dialect=sqlite.dialect(paramstyle="qmark"), column_keys=list(names))
        self._text = str(compiled)
        self._order = tuple(compiled.positiontup or ())
        self._fixed = {name: value for name, value in compiled.params.items() if name not in names}

    def run(self, connection: sa.Connection, row: Mapping[str, Any]) -> None:
        """Within a transaction. Raises the driver's own errors."""
        driver = connection.connection.dbapi_connection
        if driver is None:
            raise sa.exc.ResourceClosedError("the store was closed")
        told = {**self._fixed, **row}
        driver.cursor().execute(self._text, [told[name] for name in self._order])
