"""Staff and their sessions in the database, and the nonces of signed requests."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from central.store.database import Connection, insert_new
from central.store.staff_tables import nonces, staff, staff_sessions


@dataclass(frozen=True)
class StaffRow:
    """One official, with what proves him."""

    login: str
    name: str
    roles: tuple[str, ...]
    regions: tuple[str, ...]
    language: str
    password: str = field(repr=False)
    totp: bytes | None = field(repr=False)
    totp_used: int = field(repr=False)
    failures: int
    locked_until: dt.datetime | None
    disabled: bool
    subject: str = field(repr=False)
    since: dt.datetime


@dataclass(frozen=True)
class SessionRow:
    login: str
    since: dt.datetime
    seen_at: dt.datetime


def find(connection: Connection, login: str) -> StaffRow | None:
    row = connection.execute(sa.select(staff).where(staff.c.login == login)).first()
    return None if row is None else _staff(row._asdict())


def held(connection: Connection, login: str) -> StaffRow | None:
    """The same, and nobody else changes it until the transaction ends."""
    row = connection.execute(sa.select(staff).where(staff.c.login == login).with_for_update()).first()
    return None if row is None else _staff(row._asdict())


def by_subject(connection: Connection, subject: str) -> StaffRow | None:
    row = connection.execute(sa.select(staff).where(staff.c.subject == subject)).first()
    return None if row is None else _staff(row._asdict())


def everybody(connection: Connection) -> tuple[StaffRow, ...]:
    return tuple(_staff(row._asdict()) for row in connection.execute(sa.select(staff).order_by(staff.c.login)))


def add(connection: Connection, row: StaffRow) -> bool:
    """False when the login is taken."""
    return insert_new(
        connection,
        staff,
        {
            "login": row.login,
            "name": row.name,
            "roles": list(row.roles),
            "regions": list(row.regions),
            "language": row.language,
            "password": row.password,
            "totp": row.totp,
            "totp_used": row.totp_used,
            "failures": row.failures,
            "locked_until": row.locked_until,
            "disabled": row.disabled,
            "subject": row.subject,
            "since": row.since,
        },
    )


def set_roles(connection: Connection, login: str, name: str, roles: Sequence[str], regions: Sequence[str]) -> None:
    _change(connection, login, name=name, roles=list(roles), regions=list(regions))


def set_secrets(connection: Connection, login: str, password: str, totp: bytes | None, totp_used: int) -> None:
    _change(connection, login, password=password, totp=totp, totp_used=totp_used, failures=0, locked_until=None)


def set_password(connection: Connection, login: str, password: str) -> None:
    _change(connection, login, password=password)


def swap_totp(connection: Connection, login: str, old: bytes, new: bytes) -> int:
    """Keep an authenticator's secret in another seal; 0 when it was changed meanwhile."""
    return connection.execute(
        sa.update(staff).where(staff.c.login == login, staff.c.totp == old).values(totp=new)
    ).rowcount


def set_disabled(connection: Connection, login: str, disabled: bool) -> None:
    _change(connection, login, disabled=disabled)


def set_language(connection: Connection, login: str, language: str) -> None:
    _change(connection, login, language=language)


def failed(connection: Connection, login: str, failures: int, locked_until: dt.datetime | None) -> None:
    _change(connection, login, failures=failures, locked_until=locked_until)


def succeeded(connection: Connection, login: str, counter: int) -> bool:
    """Take a code's counter as used; False when it was used meanwhile."""
    done = connection.execute(
        sa.update(staff)
        .where(staff.c.login == login, staff.c.totp_used < counter)
        .values(totp_used=counter, failures=0, locked_until=None)
    )
    return done.rowcount == 1


def _change(connection: Connection, login: str, **values: Any) -> None:
    connection.execute(sa.update(staff).where(staff.c.login == login).values(**values))


def _staff(row: Mapping[str, Any]) -> StaffRow:
    return StaffRow(
        login=row["login"],
        name=row["name"],
        roles=tuple(row["roles"]),
        regions=tuple(row["regions"]),
        language=row["language"],
        password=row["password"],
        totp=row["totp"],
        totp_used=row["totp_used"],
        failures=row["failures"],
        locked_until=row["locked_until"],
        disabled=row["disabled"],
        subject=row["subject"],
        since=row["since"],
    )


# ---- sessions -----------------------------------------------------------------------------------------------


def open_session(connection: Connection, token_hash: str, login: str, now: dt.datetime) -> None:
    connection.execute(sa.insert(staff_sessions).values(token_hash=token_hash, login=login, since=now, seen_at=now))


def session(connection: Connection, token_hash: str) -> SessionRow | None:
    row = connection.execute(sa.select(staff_sessions).where(staff_sessions.c.token_hash == token_hash)).first()
    return None if row is None else SessionRow(row.login, row.since, row.seen_at)


def session_seen(connection: Connection, token_hash: str, now: dt.datetime) -> None:
    connection.execute(sa.update(staff_sessions).where(staff_sessions.c.token_hash == token_hash).values(seen_at=now))


def end_session(connection: Connection, token_hash: str) -> bool:
    done = connection.execute(sa.delete(staff_sessions).where(staff_sessions.c.token_hash == token_hash))
    return done.rowcount == 1


def end_sessions_of(connection: Connection, login: str) -> int:
    return connection.execute(sa.delete(staff_sessions).where(staff_sessions.c.login == login)).rowcount


def sweep_sessions(connection: Connection, began_before: dt.datetime, seen_before: dt.datetime) -> int:
    return connection.execute(
        sa.delete(staff_sessions).where(
            sa.or_(staff_sessions.c.since < began_before, staff_sessions.c.seen_at < seen_before)
        )
    ).rowcount


# ---- nonces -------------------------------------------------------------------------------------------------


def remember_nonce(connection: Connection, region: str, kid: str, nonce: str, until: dt.datetime) -> bool:
    """False when this key's request with this nonce was seen before."""
    return insert_new(connection, nonces, {"region": region, "kid": kid, "nonce": nonce, "until": until})


def sweep_nonces(connection: Connection, now: dt.datetime) -> int:
    return connection.execute(sa.delete(nonces).where(nonces.c.until < now)).rowcount
