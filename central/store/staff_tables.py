"""Staff, their sessions, and the nonces of signed requests. Staff belong to the whole of a central: no region."""

import sqlalchemy as sa

from central.store.tables import METADATA, UtcTime

staff = sa.Table(
    "staff",
    METADATA,
    sa.Column("login", sa.String(60), primary_key=True),
    sa.Column("name", sa.String(120), nullable=False),  # of the official, shown beside what he did
    sa.Column("roles", sa.JSON, nullable=False),
    sa.Column("regions", sa.JSON, nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("password", sa.String(200), nullable=False),  # argon2id with its costs; "" for who comes by OIDC
    sa.Column("totp", sa.LargeBinary),  # the secret, sealed by the vault; NULL for who comes by OIDC
    sa.Column("totp_used", sa.BigInteger, nullable=False),  # the last counter that a code was taken for
    sa.Column("failures", sa.Integer, nullable=False),  # since the last success
    sa.Column("locked_until", UtcTime()),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("subject", sa.String(250), nullable=False),  # issuer and subject of an OIDC provider, or ""
    sa.Column("since", UtcTime(), nullable=False),
    sa.Index("staff_by_subject", "subject"),
)

staff_sessions = sa.Table(
    "staff_sessions",
    METADATA,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("login", sa.String(60), nullable=False),
    sa.Column("since", UtcTime(), nullable=False),
    sa.Column("seen_at", UtcTime(), nullable=False),
    sa.Index("staff_sessions_by_login", "login"),
    sa.Index("staff_sessions_by_time", "since"),
)

nonces = sa.Table(
    "nonces",  # of requests that terminals signed, for as long as their signature would be believed
    METADATA,
    sa.Column("region", sa.String(120), primary_key=True),
    sa.Column("kid", sa.String(16), primary_key=True),
    sa.Column("nonce", sa.String(64), primary_key=True),
    sa.Column("until", UtcTime(), nullable=False),
    sa.Index("nonces_by_time", "until"),
)
