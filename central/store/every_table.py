"""All of central's tables: who needs the whole METADATA imports it from here."""

from central.store import tables, vault_tables
from central.store.tables import METADATA as METADATA

MODULES = (tables, vault_tables)
