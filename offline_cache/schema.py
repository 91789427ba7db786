"""The tables of the terminal's store. Nothing in them tells of a person: what letters and drafts hold is sealed.

A release that only adds tables leaves the version as it is: `create` makes what is missing, and the release before,
put back in its place, works on beside a table that it does not know.
"""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

SCHEMA_VERSION = 1

metadata = sa.MetaData()


def stored(value: dt.datetime) -> str:
    """As `Moment` writes it."""
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds")


class Moment(sa.TypeDecorator[dt.datetime]):
    """A timezone-aware time as ISO 8601 text in UTC, microseconds always written, so that text order is time order."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else stored(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> dt.datetime | None:
        return None if value is None else dt.datetime.fromisoformat(value)


meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)

letters = sa.Table(
    "letters",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),  # the order of sending; never a clock
    sa.Column("id", sa.String, nullable=False, unique=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("sha256", sa.String, nullable=False),  # of the sealed bytes; quick_check does not see a flipped byte
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary),  # sealed; NULL when in a file, or when acknowledged
    sa.Column("in_file", sa.Boolean, nullable=False),
    sa.Column("state", sa.String, nullable=False),  # outbox.LetterState
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("reason", sa.String, nullable=False, server_default=""),
    sa.Column("changed_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)
sa.Index("letters_by_subject", letters.c.subject, letters.c.seq)
sa.Index("letters_by_state", letters.c.state, letters.c.seq)

deeds = sa.Table(
    "deeds",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String, nullable=False, unique=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("item", sa.String, nullable=False),
    sa.Column("door", sa.Integer, nullable=False),
    sa.Column("again", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("promised_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("note", sa.String, nullable=False),
    sqlite_autoincrement=True,
)
sa.Index("deeds_by_state", deeds.c.state)

counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
    sa.Column("last", sa.String, nullable=False, server_default=""),  # the receipt chain's last hash
)

used_codes = sa.Table(
    "used_codes",
    metadata,
    sa.Column("code", sa.String, primary_key=True),
    sa.Column("expires", Moment, nullable=False),
)

mirrors = sa.Table(
    "mirrors",
    metadata,
    sa.Column("slot", sa.Integer, primary_key=True),  # always 1: the last good one
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),  # canonical JSON of a Mirror, as it was signed
    sa.Column("sha256", sa.String, nullable=False),
    sa.Column("came_at", Moment, nullable=False),
)

editions = sa.Table(
    "editions",
    metadata,
    sa.Column("slot", sa.Integer, primary_key=True),  # always 1: the last good one
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),  # canonical JSON of an Edition, as it was signed
    sa.Column("sha256", sa.String, nullable=False),
    sa.Column("came_at", Moment, nullable=False),
)

tickets_gone = sa.Table(
    "tickets_gone",
    metadata,
    sa.Column("ticket", sa.String, primary_key=True),
    sa.Column("at", Moment, nullable=False),
)


drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("name", sa.String, primary_key=True),  # trust.drafts: tells neither whose nor of what
    sa.Column("version", sa.Integer, nullable=False),  # of the item
    sa.Column("expires", Moment, nullable=False),
    sa.Column("kept_at", Moment, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),  # sealed to the card and this terminal
    sa.Column("sha256", sa.String, nullable=False),
)


def create(connection: sa.Connection, now: dt.datetime) -> bool:
    """Make the tables that are not there; whether the store is new."""
    fresh = not sa.inspect(connection).has_table(meta.name)
    metadata.create_all(connection)  # those that are missing only
    if not fresh:
        return False
    connection.execute(
        sa.insert(meta),
        [{"key": "schema", "value": str(SCHEMA_VERSION)}, {"key": "made_at", "value": now.isoformat()}],
    )
    return True


def touch(connection: sa.Connection, now: dt.datetime) -> None:
    """Write something small: whether the disk still takes it."""
    row = insert(meta).values(key="tried_at", value=now.isoformat())
    connection.execute(row.on_conflict_do_update(index_elements=[meta.c.key], set_={"value": row.excluded.value}))


def version(connection: sa.Connection) -> int:
    return int(connection.execute(sa.select(meta.c.value).where(meta.c.key == "schema")).scalar_one())
