"""How tables are compared with the database and written as revisions, the same for SQLite and PostgreSQL."""

from typing import Any

import sqlalchemy as sa

from central.store.tables import UtcTime


def _render(kind: str, thing: Any, _context: Any) -> str | bool:
    if kind == "type" and isinstance(thing, UtcTime):
        return "sa.DateTime(timezone=True)"
    return False


def _same_type(_context: Any, _inspected: Any, told: Any, in_database: Any, in_tables: Any) -> bool | None:
    """SQLite keeps no exact types: names that it reads back differently are not differences."""
    if isinstance(in_tables, (UtcTime, sa.JSON)):
        return False
    return None


OPTIONS: dict[str, Any] = {"render_as_batch": True, "compare_type": _same_type, "render_item": _render}
