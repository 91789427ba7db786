"""Editions of the catalogue, and which content every item's version has had."""

import sqlalchemy as sa

from central.store.tables import METADATA, UtcTime

editions = sa.Table(
    "editions",
    METADATA,
    sa.Column("region", sa.String(120), primary_key=True),  # wire.editions.EVERYWHERE, or one
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("as_of", UtcTime(), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),  # canonical JSON of an Edition
    sa.Column("sha256", sa.String(64), nullable=False),  # of canonical(files)
)

published_items = sa.Table(
    "published_items",
    METADATA,
    sa.Column("region", sa.String(120), primary_key=True),
    sa.Column("code", sa.String(120), primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("sha256", sa.String(64), nullable=False),  # of the item's definition, as letters name it
    sa.Column("edition", sa.BigInteger, nullable=False),  # the first of the region's that brought it
)
