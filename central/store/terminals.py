"""Terminals, their keys, and the one-time codes that let them in."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.rules.enrolment import CodeRow
from central.store.database import insert_new, tell_after
from central.store.tables import enrolment_codes, terminal_keys, terminals
from wire.messages import PublicKey


@dataclass(frozen=True)
class TerminalRow:
    """A terminal as central knows it."""

    region: str
    terminal: str
    site: str
    enrolled_at: dt.datetime
    seen_at: dt.datetime | None
    tag_salt: str
    mirror_version: int
    notices_zh: tuple[str, ...]
    notices_en: tuple[str, ...]
    closed_items: dict[str, str]


@dataclass(frozen=True)
class TerminalKey:
    """A key of a terminal; `until` None while it may sign requests."""

    region: str
    terminal: str
    key: PublicKey
    since: dt.datetime
    until: dt.datetime | None
    level: str = "file"  # or "tpm": what holds the private half, as the terminal told


def add_code(connection: Connection, row: CodeRow, code_hash: str) -> None:
    connection.execute(
        sa.insert(enrolment_codes).values(
            region=row.region,
            code_hash=code_hash,
            site=row.site,
            terminal=row.terminal,
            expires_at=row.expires_at,
            used_kid=row.used_kid,
        )
    )


def find_code(connection: Connection, code_hash: str) -> CodeRow | None:
    row = connection.execute(sa.select(enrolment_codes).where(enrolment_codes.c.code_hash == code_hash)).first()
    return None if row is None else CodeRow(row.region, row.site, row.terminal, row.expires_at, row.used_kid)


def use_code(connection: Connection, region: str, code_hash: str, kid: str) -> bool:
    """Mark a code as used by a key; False when somebody was faster."""
    done = connection.execute(
        sa.update(enrolment_codes)
        .where(
            enrolment_codes.c.region == region,
            enrolment_codes.c.code_hash == code_hash,
            enrolment_codes.c.used_kid == "",
        )
        .values(used_kid=kid)
    )
    return done.rowcount == 1


def key_taken(connection: Connection, kid: str, region: str, terminal: str) -> bool:
    """Whether a key of this name was ever another terminal's, or was withdrawn."""
    found = key(connection, kid)
    return found is not None and ((found.region, found.terminal) != (region, terminal) or found.until is not None)


def admit(
    connection: Connection,
    row: CodeRow,
    public: PublicKey,
    level: str,
    salt: str,
    now: dt.datetime,
    *,
    version: int = 1,
) -> None:
    """Make the terminal, or give a known one a new key; its former keys sign no requests any more.

    `version`: what a new terminal's mirror begins with.
    """
    insert_new(
        connection,
        terminals,
        {
            "region": row.region,
            "terminal": row.terminal,
            "site": row.site,
            "enrolled_at": now,
            "tag_salt": salt,
            "mirror_version": version,
            "notices_zh": [],
            "notices_en": [],
            "closed_items": {},
        },
    )
    connection.execute(
        sa.update(terminals)
        .where(terminals.c.region == row.region, terminals.c.terminal == row.terminal)
        .values(site=row.site, enrolled_at=now)
    )
    withdraw(connection, row.region, row.terminal, now, but=public.kid)
    insert_new(
        connection,
        terminal_keys,
        {
            "region": row.region,
            "kid": public.kid,
            "terminal": row.terminal,
            "key": public.model_dump(mode="json"),
            "level": level,
            "since": now,
        },
    )


def withdraw(connection: Connection, region: str, terminal: str, now: dt.datetime, *, but: str = "") -> None:
    """Let the terminal's keys, `but` one, sign no more requests."""
    connection.execute(
        sa.update(terminal_keys)
        .where(
            terminal_keys.c.region == region,
            terminal_keys.c.terminal == terminal,
            terminal_keys.c.until.is_(None),
            terminal_keys.c.kid != but,
        )
        .values(until=now)
    )


def key(connection: Connection, kid: str) -> TerminalKey | None:
    row = connection.execute(sa.select(terminal_keys).where(terminal_keys.c.kid == kid)).first()
    if row is None:
        return None
    return _key(row._asdict())


def keys_with_level(connection: Connection, region: str, terminal: str) -> tuple[TerminalKey, ...]:
    """All keys that a terminal ever had, newest first, with what holds each."""
    rows = connection.execute(
        sa.select(terminal_keys)
        .where(terminal_keys.c.region == region, terminal_keys.c.terminal == terminal)
        .order_by(terminal_keys.c.since.desc())
    )
    return tuple(_key(row._asdict()) for row in rows)


def _key(row: dict[str, Any]) -> TerminalKey:
    public = PublicKey.model_validate(row["key"])
    return TerminalKey(row["region"], row["terminal"], public, row["since"], row["until"], row["level"])


def keys_of(connection: Connection, region: str, terminal: str) -> tuple[PublicKey, ...]:
    """All keys that a terminal ever had: what it signed stays verifiable."""
    return keys_of_all(connection, region, [terminal]).get(terminal, ())


def keys_of_all(connection: Connection, region: str, names: Collection[str]) -> dict[str, tuple[PublicKey, ...]]:
    """The same of several terminals."""
    found: dict[str, tuple[PublicKey, ...]] = {}
    for row in connection.execute(_KEYS_OF_ALL, {"of": region, "names": list(names)}):
        found[row.terminal] = (*found.get(row.terminal, ()), PublicKey.model_validate(row.key))
    return found


_KEYS_OF_ALL = sa.select(terminal_keys.c.terminal, terminal_keys.c.key).where(
    terminal_keys.c.region == sa.bindparam("of"), terminal_keys.c.terminal.in_(sa.bindparam("names", expanding=True))
)


def find(connection: Connection, region: str, terminal: str) -> TerminalRow | None:
    row = connection.execute(
        sa.select(terminals).where(terminals.c.region == region, terminals.c.terminal == terminal)
    ).first()
    return None if row is None else _terminal(row._asdict())


def names(connection: Connection, region: str) -> tuple[str, ...]:
    """The terminals of a region."""
    query = sa.select(terminals.c.terminal).where(terminals.c.region == region)
    return tuple(connection.execute(query.order_by(terminals.c.terminal)).scalars())


def regions(connection: Connection) -> tuple[str, ...]:
    """The regions that have a terminal."""
    return tuple(connection.execute(sa.select(terminals.c.region).distinct().order_by(terminals.c.region)).scalars())


def named(connection: Connection, terminal: str) -> tuple[TerminalRow, ...]:
    """The terminals of this name, one per region at most."""
    rows = connection.execute(sa.select(terminals).where(terminals.c.terminal == terminal).order_by(terminals.c.region))
    return tuple(_terminal(row._asdict()) for row in rows)


def newest(connection: Connection, limit: int) -> tuple[TerminalRow, ...]:
    rows = connection.execute(sa.select(terminals).order_by(terminals.c.region, terminals.c.terminal).limit(limit))
    return tuple(_terminal(row._asdict()) for row in rows)


def set_seen(connection: Connection, seen: Iterable[tuple[str, str, dt.datetime]]) -> None:
    """(region, terminal, when): never back in time. In the order of their keys, so that workers do not cross."""
    rows = [{"of_region": region, "of_terminal": terminal, "at": at} for region, terminal, at in sorted(seen)]
    query = sa.update(terminals).where(
        terminals.c.region == sa.bindparam("of_region"),
        terminals.c.terminal == sa.bindparam("of_terminal"),
        sa.or_(terminals.c.seen_at.is_(None), terminals.c.seen_at < sa.bindparam("at")),
    )
    if rows:
        connection.execute(query.values(seen_at=sa.bindparam("at")), rows)


def mirror_versions(connection: Connection, region: str, names: Iterable[str]) -> dict[str, int]:
    """The versions of the mirrors of these terminals."""
    rows = connection.execute(
        sa.select(terminals.c.terminal, terminals.c.mirror_version).where(
            terminals.c.region == region, terminals.c.terminal.in_(list(names))
        )
    )
    return {row.terminal: row.mirror_version for row in rows}


MIRROR = "mirror"
"""The topic of an event about a terminal's mirror; it is about `region/terminal`."""


def mirror_changed(connection: Connection, region: str, terminal: str) -> None:
    """Something that the terminal's mirror says has changed."""
    connection.execute(
        sa.update(terminals)
        .where(terminals.c.region == region, terminals.c.terminal == terminal)
        .values(mirror_version=terminals.c.mirror_version + 1)
    )
    tell_after(connection, MIRROR, f"{region}/{terminal}")


def newest_mirror(connection: Connection) -> int:
    """The highest version of any terminal's mirror."""
    return connection.execute(sa.select(sa.func.max(terminals.c.mirror_version))).scalar_one() or 0


def mirrors_changed(connection: Connection, least: int = 0) -> int:
    """Something that every mirror says has changed: each gets its next version, or `least`. How many there are."""
    raised = sa.case((terminals.c.mirror_version < least, least), else_=terminals.c.mirror_version + 1)
    done = connection.execute(sa.update(terminals).values(mirror_version=raised))
    return done.rowcount


def unseen_since(connection: Connection, since: dt.datetime) -> tuple[tuple[str, str], ...]:
    """(region, terminal) of those that may sign requests and have sent none since, the longest away first."""
    seen = sa.func.coalesce(terminals.c.seen_at, terminals.c.enrolled_at)
    may_sign = sa.exists().where(
        terminal_keys.c.region == terminals.c.region,
        terminal_keys.c.terminal == terminals.c.terminal,
        terminal_keys.c.until.is_(None),
    )
    rows = connection.execute(
        sa.select(terminals.c.region, terminals.c.terminal).where(may_sign, seen < since).order_by(seen)
    )
    return tuple((row.region, row.terminal) for row in rows)


def mirror_outlived(connection: Connection, region: str, terminal: str, have: int) -> None:
    """Give the mirror the number after `have`, unless it has passed that by itself."""
    connection.execute(
        sa.update(terminals)
        .where(terminals.c.region == region, terminals.c.terminal == terminal, terminals.c.mirror_version <= have)
        .values(mirror_version=have + 1)
    )


def set_words(
    connection: Connection,
    region: str,
    terminal: str,
    *,
    notices_zh: Sequence[str],
    notices_en: Sequence[str],
    closed_items: Mapping[str, str],
) -> bool:
    """Set what a terminal announces and what it does not offer; False when there is no such terminal."""
    done = connection.execute(
        sa.update(terminals)
        .where(terminals.c.region == region, terminals.c.terminal == terminal)
        .values(
            notices_zh=list(notices_zh),
            notices_en=list(notices_en),
            closed_items=dict(closed_items),
            mirror_version=terminals.c.mirror_version + 1,
        )
    )
    tell_after(connection, MIRROR, f"{region}/{terminal}")
    return done.rowcount == 1


def _terminal(told: Mapping[str, Any]) -> TerminalRow:
    return TerminalRow(
        region=told["region"],
        terminal=told["terminal"],
        site=told["site"],
        enrolled_at=told["enrolled_at"],
        seen_at=told["seen_at"],
        tag_salt=told["tag_salt"],
        mirror_version=told["mirror_version"],
        notices_zh=tuple(told["notices_zh"]),
        notices_en=tuple(told["notices_en"]),
        closed_items=dict(told["closed_items"]),
    )
