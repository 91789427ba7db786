"""The audit: one hash chain per region, and central's signatures over its heads. Rows are only ever added."""

import sqlalchemy as sa

from central.store.tables import METADATA, UtcTime

audit_events = sa.Table(
    "audit_events",
    METADATA,
    sa.Column("region", sa.String(120), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),  # from 1, without a gap
    sa.Column("at", UtcTime(), nullable=False),
    sa.Column("who", sa.String(120), nullable=False),  # a login, "terminal:NT-1", "rule", "clock"
    sa.Column("what", sa.String(120), nullable=False),
    sa.Column("about", sa.String(200), nullable=False),
    sa.Column("why", sa.String(300), nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Index("audit_events_by_about", "about"),
    sa.Index("audit_events_by_who", "who", "at"),
)

audit_heads = sa.Table(
    "audit_heads",  # one row per region: who appends holds it, so that workers follow each other
    METADATA,
    sa.Column("region", sa.String(120), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("signed_seq", sa.BigInteger, nullable=False),
)

audit_signatures = sa.Table(
    "audit_signatures",
    METADATA,
    sa.Column("region", sa.String(120), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("at", UtcTime(), nullable=False),
    sa.Column("kid", sa.String(16), nullable=False),
    sa.Column("sig", sa.String(120), nullable=False),
)
