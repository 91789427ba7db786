"""Central's tables. Region comes first in every key, so that a country can be cut by it."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

SCHEMA_VERSION = 1
"""The oldest program that may work on the database; `central.store.migrations` counts the revisions."""

METADATA = sa.MetaData()


class UtcTime(TypeDecorator[dt.datetime]):
    """A time, kept as UTC and given back as UTC; a naive one is read as UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None or value.tzinfo is None:
            return value
        return value.astimezone(dt.UTC).replace(tzinfo=None if dialect.name == "sqlite" else dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(120), primary_key=True)


def _word(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(120), nullable=False, default=default)


def _hash(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(64), nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column[dt.datetime]:
    return sa.Column(name, UtcTime(), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON, nullable=False)


def _plain_before(name: str) -> sa.Column[Any]:
    """What the first release kept in plain; NULL since it is sealed (`central.jobs.seal_up`)."""
    return sa.Column(name, sa.JSON(none_as_null=True), nullable=True)


def _person() -> tuple[sa.Column[Any], ...]:
    """Person and answers, sealed by the vault, and the tag that the person's rows are found by."""
    return (
        sa.Column("person_tag", sa.String(64), nullable=False, server_default=""),
        sa.Column("sealed", sa.LargeBinary),
    )


def _body() -> tuple[sa.Column[Any], sa.Column[Any]]:
    """A body is in the row, or in the file that the row names."""
    return sa.Column("body", sa.LargeBinary), sa.Column("path", sa.String(64))


meta = sa.Table("meta", METADATA, _key("name"), sa.Column("value", sa.String(200), nullable=False))

terminals = sa.Table(
    "terminals",
    METADATA,
    _key("region"),
    _key("terminal"),
    _word("site"),
    _time("enrolled_at"),
    _time("seen_at", nullable=True),
    sa.Column("tag_salt", sa.String(64), nullable=False),
    _number("mirror_version"),
    _json("notices_zh"),
    _json("notices_en"),
    _json("closed_items"),
)

terminal_keys = sa.Table(
    "terminal_keys",
    METADATA,
    _key("region"),
    _key("kid"),
    _word("terminal"),
    _json("key"),
    _time("since"),
    sa.Column("level", sa.String(16), nullable=False, server_default="file"),  # what holds it, as the terminal told
    _time("until", nullable=True),  # replaced or withdrawn: signs no requests any more, old receipts still verify
    sa.Index("terminal_keys_by_kid", "kid"),
    sa.Index("terminal_keys_by_terminal", "region", "terminal"),
)

enrolment_codes = sa.Table(
    "enrolment_codes",
    METADATA,
    _key("region"),
    sa.Column("code_hash", sa.String(64), primary_key=True),
    _word("site"),
    _word("terminal"),
    _time("expires_at"),
    sa.Column("used_kid", sa.String(16), nullable=False, default=""),
    sa.Index("enrolment_codes_by_hash", "code_hash"),
)

letters = sa.Table(
    "letters",
    METADATA,
    _key("region"),
    _key("id"),
    _word("terminal"),
    _word("kind"),
    _number("seq"),
    _hash("sha256"),
    _number("size"),
    _word("subject"),
    _time("created_at"),
    _time("received_at"),
    _word("state"),
    sa.Column("note", sa.String(120), nullable=False, default=""),
    *_body(),
    sa.Index("letters_by_state", "state", "region"),
    sa.Index("letters_by_terminal", "region", "terminal", "received_at"),
)

letter_conflicts = sa.Table(
    "letter_conflicts",
    METADATA,
    _key("region"),
    _key("id"),
    sa.Column("sha256", sa.String(64), primary_key=True),
    _word("terminal"),
    _json("header"),
    _time("received_at"),
    *_body(),
)

refusals = sa.Table(
    "refusals",
    METADATA,
    _key("region"),
    _key("terminal"),
    _key("id"),
    _key("reason"),
    _time("at"),
)

uploads = sa.Table(
    "uploads",
    METADATA,
    _key("region"),
    _key("terminal"),
    _key("id"),
    _hash("sha256"),
    _number("size"),
    _number("held"),
    sa.Column("path", sa.String(64), nullable=False),
    _time("changed_at"),
)

cases = sa.Table(
    "cases",
    METADATA,
    _key("region"),
    _key("case"),
    _word("letter"),
    _word("terminal"),
    _word("item"),
    _number("version"),
    _hash("definition"),
    _plain_before("person"),
    _plain_before("answers"),
    _json("consents"),
    _word("language"),
    sa.Column("receipt", sa.Text, nullable=False),
    _json("flags"),
    _time("submitted_at"),
    _time("received_at"),
    *_person(),
    sa.Column("state", sa.String(40), nullable=False, server_default="received"),  # central.rules.progress.CaseState
    sa.Column(
        "revision", sa.BigInteger, nullable=False, server_default="0"
    ),  # counts moves: who acts, names what he saw
    _time("since", nullable=True),  # of the state; NULL: since received_at
    _time("deadline", nullable=True),  # of the citizen's turn
    sa.Column("queue", sa.String(120), nullable=False, server_default=""),  # the office whose turn it is
    sa.Column("assigned_to", sa.String(120), nullable=False, server_default=""),  # a login, "" when nobody has it
    sa.Column("decided_by", sa.String(120), nullable=False, server_default=""),  # a login, or "rule"
    sa.Column("sampled", sa.Boolean, nullable=False, server_default=sa.false()),  # decided by rule, to be looked at
    _time("keep_until", nullable=True),  # afterwards its key is destroyed
    # the editions by which the rule said that this case, as it stands, is a person's; "" when it was not asked
    sa.Column("not_by_rule", sa.String(64), nullable=False, server_default=""),
    sa.Index("cases_by_time", "received_at"),
    sa.Index("cases_by_state", "state", "since"),
    sa.Index("cases_by_person", "person_tag"),
    sa.Index("cases_by_queue", "queue", "state", "received_at"),
)

parts = sa.Table(
    "parts",
    METADATA,
    _key("region"),
    _key("case"),
    sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),  # 0 is the page, then the materials
    _word("name"),
    _word("media_type"),
    _hash("sha256"),  # of the file in plain
    _number("size"),
    sa.Column("sealed", sa.Boolean, nullable=False, server_default=sa.false()),  # body and file are the vault's
    *_body(),
)

proofs = sa.Table(
    "proofs",
    METADATA,
    _key("region"),
    _key("serial"),
    _word("letter"),
    _word("terminal"),
    _word("item"),
    _number("version"),
    _plain_before("person"),
    _json("consents"),
    sa.Column("token", sa.Text, nullable=False),
    _word("outcome"),
    _json("flags"),
    _time("printed_at"),
    _time("received_at"),
    *_person(),
    _time("keep_until", nullable=True),
    sa.Index("proofs_by_time", "received_at"),
    sa.Index("proofs_by_person", "person_tag"),
)

receipts = sa.Table(
    "receipts",  # the terminals' receipt chains, as far as they have come in
    METADATA,
    _key("region"),
    _key("letter"),
    _word("terminal"),
    sa.Column("kid", sa.String(16), nullable=False),
    _number("counter"),
    _hash("sha256"),
    _hash("previous"),
    sa.Index("receipts_by_terminal", "region", "terminal", "counter"),
)

figures = sa.Table(
    "figures",  # hashes of the figures that central handed out, to compare printed proofs with
    METADATA,
    _key("region"),
    _key("terminal"),
    sa.Column("figures", sa.String(64), primary_key=True),
    _word("item"),
    _word("source"),
    _time("at"),
)

tickets = sa.Table(
    "tickets",
    METADATA,
    _key("region"),
    _key("ticket"),
    _word("terminal"),
    _word("item"),
    _word("what_zh"),
    _word("what_en"),
    sa.Column("door", sa.Integer, nullable=False),
    sa.Column("holder_tag", sa.String(120), nullable=False),
    sa.Column("code_tag", sa.String(120), nullable=False),
    _time("since"),
    _time("until", nullable=True),
    _word("state"),
    _time("changed_at"),
    sa.Index("tickets_by_terminal", "region", "terminal", "state"),
)

collections = sa.Table(
    "collections",
    METADATA,
    _key("region"),
    _key("letter"),
    _word("terminal"),
    _word("ticket"),
    _number("door"),
    _word("by"),
    _word("outcome"),
    _time("at"),
)

incidents = sa.Table(
    "incidents",
    METADATA,
    _key("region"),
    _key("letter"),
    _word("terminal"),
    _word("deed"),
    _word("what"),
    _word("found"),
    _time("at"),
    sa.Index("incidents_by_terminal", "region", "terminal", "at"),
)

ratings = sa.Table(
    "ratings",  # one for each item that was done; who gave it is nowhere in it
    METADATA,
    _key("region"),
    _key("about"),
    _word("letter"),
    _word("terminal"),
    _word("item"),
    _number("version"),
    sa.Column("level", sa.Integer, nullable=False),
    _json("reasons"),
    _time("at"),
    _time("received_at"),
    sa.Index("ratings_by_time", "received_at"),
)
