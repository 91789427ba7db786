"""All of central's tables: who needs the whole METADATA imports it from here."""

from central.store import audit_tables, case_tables, edition_tables, staff_tables, tables, vault_tables
from central.store.tables import METADATA as METADATA

MODULES = (tables, vault_tables, case_tables, staff_tables, audit_tables, edition_tables)
