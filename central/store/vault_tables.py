"""The vault's keys: one for each case and proof, wrapped by central's own. Without its row, what it sealed is gone."""

import sqlalchemy as sa

from central.store.tables import METADATA

vault_keys = sa.Table(
    "vault_keys",
    METADATA,
    sa.Column("region", sa.String(120), primary_key=True),
    sa.Column("about", sa.String(120), primary_key=True),  # case number or serial
    sa.Column("kid", sa.String(16), nullable=False),  # of the key that wraps it
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
)
