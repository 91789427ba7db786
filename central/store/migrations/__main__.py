"""`python -m central.store.migrations draw | check`: write the open revision anew from the tables, or compare them."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext

from central.store.database import Connection, Database
from central.store.every_table import METADATA
from central.store.migrations import FIRST, HERE, OPEN, config
from central.store.migrations.shape import OPTIONS

_HEAD = '''"""{title}

Drawn from the tables by `python -m central.store.migrations draw`; not edited by hand.
"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    {body}
'''

_SAID_BY_BOTH = {"sqlite.JSON()": "sa.JSON()", "sa.text('0')": "sa.false()", "sa.text('1')": "sa.true()"}
"""What is drawn from a SQLite database, in words that PostgreSQL knows too."""

TITLE = "Cases that go on: states, events, staff, audit, notices; opened cases sealed."


def main(arguments: list[str]) -> int:
    if arguments not in (["draw"], ["check"]):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "drawn.db")
        with database.writing() as connection:
            if arguments == ["check"]:
                command.upgrade(config(connection), "head")
                found = differences(connection)
                sys.stdout.writelines(f"{each}\n" for each in found)
                return 1 if found else 0
            command.upgrade(config(connection), FIRST)
            _draw(connection)
        database.close()
    return 0


def differences(connection: Connection) -> list[Any]:
    """What the tables have and the database has not, and the other way round."""
    return list(compare_metadata(MigrationContext.configure(connection, opts=OPTIONS), METADATA))


def _draw(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts=OPTIONS)
    told = produce_migrations(context, METADATA)
    assert told.upgrade_ops is not None  # noqa: S101 - what Alembic promises
    body = render_python_code(
        told.upgrade_ops, render_as_batch=True, render_item=OPTIONS["render_item"], migration_context=context
    )
    for drawn, meant in _SAID_BY_BOTH.items():
        body = body.replace(drawn, meant)
    text = _HEAD.format(title=TITLE, revision=OPEN, before=FIRST, body=body.strip())
    (HERE / "versions" / f"{OPEN}_cases_go_on.py").write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
