"""What Alembic runs: the caller's connection, inside the caller's transaction."""

from alembic import context

from central.store.every_table import METADATA
from central.store.migrations.shape import OPTIONS

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, **OPTIONS)
context.run_migrations()
