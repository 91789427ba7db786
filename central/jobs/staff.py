"""Staff: let in by password and a code, believed by a session for as long as they work, let out at once."""

import datetime as dt
import enum
import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field

from central.jobs.audit import note
from central.rules.roles import Role, may_in, powers_clash
from central.store import staff as store
from central.store.database import Connection
from central.store.staff import StaffRow
from central.wiring import Central
from trust.passwords import new_totp, totp_counter, totp_uri
from trust.vault import VaultBroken

LOG = logging.getLogger("central.staff")

IDLE = dt.timedelta(minutes=15)
LONGEST = dt.timedelta(hours=12)
LOCKED = dt.timedelta(minutes=15)
MOST_FAILURES = 5
SEEN_EVERY = dt.timedelta(minutes=1)

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
LANGUAGES = ("zh", "en")
ISSUER = "Nuanting"

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,39}", re.ASCII)
_RESERVED = frozenset({"rule", "clock", "desk", "terminal"})
"""What the audit calls those who are nobody of the staff."""


@dataclass(frozen=True)
class Staff:
    """Somebody of the staff, as a route sees him."""

    login: str
    name: str
    roles: frozenset[Role]
    regions: tuple[str, ...]  # ("*",): all
    language: str

    def may_in(self, region: str) -> bool:
        return may_in(self.regions, region)


@dataclass(frozen=True)
class Session:
    """A session that just began. The token is the cookie; only its hash is kept."""

    token: str = field(repr=False)
    csrf: str = field(repr=False)
    staff: Staff
    ends_at: dt.datetime


class SignInRefusal(enum.StrEnum):
    """Why somebody is not let in. Nobody learns from it whether a login exists."""

    WRONG = "staff.wrong"  # login, password or code; or locked, or let out
    LOCKED = "staff.locked"  # all right, but after too many mistakes: only who knows everything is told


class StaffRefused(Exception):
    """What the administrator asked for is not possible; the text is a word."""


# ---- who there is -------------------------------------------------------------------------------------------


def add_staff(
    central: Central,
    login: str,
    name: str,
    roles: Collection[Role],
    regions: Collection[str],
    password: str,
    *,
    language: str = "zh",
    by: str = "desk",
) -> str:
    """Let somebody in; the otpauth address for his authenticator, shown once. Raises StaffRefused, StoreUnavailable."""
    _check(login, name, roles, regions)
    _check_password(login, password)
    if language not in LANGUAGES:
        raise StaffRefused("staff.bad_language")
    secret = new_totp()
    row = StaffRow(
        login=login,
        name=name.strip(),
        roles=tuple(sorted(role.value for role in roles)),
        regions=tuple(sorted(regions)),
        language=language,
        password=central.passwords.hashed(password),
        totp=central.vault.seal_own(_label(login), secret.encode("ascii")),
        totp_used=0,
        failures=0,
        locked_until=None,
        disabled=False,
        subject="",
        since=central.now(),
    )
    with central.database.writing() as connection:
        if not store.add(connection, row):
            raise StaffRefused("staff.login_taken")
        note(connection, central, by, "staff.added", login, roles=" ".join(row.roles), regions=" ".join(row.regions))
    return totp_uri(secret, login, ISSUER)


def reset_staff(central: Central, login: str, password: str, *, by: str = "desk") -> str:
    """A new password and a new authenticator, and no session; the otpauth address. Raises StaffRefused."""
    _check_password(login, password)
    secret = new_totp()
    sealed = central.vault.seal_own(_label(login), secret.encode("ascii"))
    hashed = central.passwords.hashed(password)
    with central.database.writing() as connection:
        _must(connection, login)
        store.set_secrets(connection, login, hashed, sealed, 0)
        store.end_sessions_of(connection, login)
        note(connection, central, by, "staff.reset", login)
    return totp_uri(secret, login, ISSUER)


def change_staff(
    central: Central, login: str, name: str, roles: Collection[Role], regions: Collection[str], *, by: str
) -> None:
    """Other roles or regions, from the next request on. Raises StaffRefused, StoreUnavailable."""
    _check(login, name, roles, regions)
    words = sorted(role.value for role in roles)
    with central.database.writing() as connection:
        _must(connection, login)
        store.set_roles(connection, login, name.strip(), words, sorted(regions))
        note(connection, central, by, "staff.changed", login, roles=" ".join(words), regions=" ".join(sorted(regions)))


def set_disabled(central: Central, login: str, disabled: bool, *, by: str = "desk") -> None:
    """Let somebody out at once, or in again. Raises StaffRefused, StoreUnavailable."""
    with central.database.writing() as connection:
        _must(connection, login)
        store.set_disabled(connection, login, disabled)
        if disabled:
            store.end_sessions_of(connection, login)
        note(connection, central, by, "staff.disabled" if disabled else "staff.enabled", login)


def change_password(central: Central, login: str, old: str, new: str) -> bool:
    """Somebody's own new password; False when the old one is not his. His sessions end. Raises StaffRefused."""
    _check_password(login, new)
    with central.database.reading() as connection:
        row = store.find(connection, login)
    if row is None or row.disabled or not central.passwords.fits(row.password, old):
        return False
    hashed = central.passwords.hashed(new)
    with central.database.writing() as connection:
        store.set_password(connection, login, hashed)
        store.end_sessions_of(connection, login)
        note(connection, central, login, "staff.password_changed", login)
    return True


def set_language(central: Central, login: str, language: str) -> None:
    if language in LANGUAGES:
        with central.database.writing() as connection:
            store.set_language(connection, login, language)


def everybody(central: Central) -> tuple[StaffRow, ...]:
    """All of the staff, by login. What proves them is in the rows: do not show them whole."""
    with central.database.reading() as connection:
        return store.everybody(connection)


def staff_of(row: StaffRow) -> Staff:
    """Words that are no roles of today are left out."""
    known = {role.value for role in Role}
    roles = frozenset(Role(word) for word in row.roles if word in known)
    return Staff(row.login, row.name, roles, row.regions, row.language)


# ---- sessions -----------------------------------------------------------------------------------------------


def sign_in(central: Central, login: str, password: str, totp_code: str) -> Session | SignInRefusal:
    """Let somebody in by what he knows and what he has. Raises StoreUnavailable.

    The same work is done whether the login exists or not. A code works once. Five mistakes lock for fifteen minutes.
    """
    login = login.strip().lower()
    with central.database.reading() as connection:
        row = store.find(connection, login) if _LOGIN.fullmatch(login) else None
    usable = row is not None and not row.disabled
    knows = central.passwords.fits(row.password if row is not None else "", password[: LONGEST_PASSWORD + 1])
    secret = _totp_of(central, row)
    counter = totp_counter(secret or new_totp(), totp_code, central.now(), row.totp_used if row is not None else 0)
    if row is None or not usable:
        return SignInRefusal.WRONG
    good = counter if knows and secret is not None else None
    with central.database.writing() as connection:
        return _judge(connection, central, login, good)


def _judge(connection: Connection, central: Central, login: str, counter: int | None) -> Session | SignInRefusal:
    """Under the row's lock: count a mistake, or use the code's counter up and begin a session."""
    now = central.now()
    row = store.held(connection, login)
    if row is None or row.disabled:
        return SignInRefusal.WRONG
    locked = row.locked_until is not None and now < row.locked_until
    if locked:
        return SignInRefusal.WRONG if counter is None else SignInRefusal.LOCKED
    if counter is None or not store.succeeded(connection, login, counter):
        failures = row.failures + 1
        until = now + LOCKED if failures >= MOST_FAILURES else None
        store.failed(connection, login, 0 if until else failures, until)
        if until:
            note(connection, central, login, "staff.locked", login)
        return SignInRefusal.WRONG
    return begin_session(connection, central, row)


def begin_session(connection: Connection, central: Central, row: StaffRow) -> Session:
    """A session for somebody who has proved himself."""
    now = central.now()
    token = secrets.token_urlsafe(32)
    store.sweep_sessions(connection, now - LONGEST, now - IDLE)
    store.open_session(connection, _hashed(token), row.login, now)
    note(connection, central, row.login, "staff.signed_in", row.login)
    return Session(token, csrf_of(token), staff_of(row), now + LONGEST)


def session(central: Central, token: str) -> Staff | None:
    """Whose session it is; None when it ended, or never was. Raises StoreUnavailable."""
    if not token or len(token) > 100:
        return None
    now, digest = central.now(), _hashed(token)
    with central.database.reading() as connection:
        found = store.session(connection, digest)
        row = store.find(connection, found.login) if found is not None else None
    if found is None or row is None or row.disabled:
        return None
    if now - found.since >= LONGEST or now - found.seen_at >= IDLE:
        sign_out(central, token)
        return None
    if now - found.seen_at >= SEEN_EVERY:
        with central.database.writing() as connection:
            store.session_seen(connection, digest, now)
    return staff_of(row)


def sign_out(central: Central, token: str) -> None:
    with central.database.writing() as connection:
        found = store.session(connection, _hashed(token))
        if found is not None and store.end_session(connection, _hashed(token)):
            note(connection, central, found.login, "staff.signed_out", found.login)


def csrf_of(token: str) -> str:
    """What a form must carry beside the session's cookie: a page of another site cannot know it."""
    return hmac.new(token.encode(), b"nuanting csrf", hashlib.sha256).hexdigest()


def _hashed(token: str) -> str:
    return hashlib.sha256(b"nuanting staff session\0" + token.encode()).hexdigest()


def _totp_of(central: Central, row: StaffRow | None) -> str | None:
    if row is None or row.totp is None:
        return None
    try:
        return central.vault.open_own(_label(row.login), row.totp).decode("ascii")
    except VaultBroken:
        LOG.error("the authenticator's secret of one of the staff cannot be opened: reset it")
        return None


def _label(login: str) -> str:
    return f"totp {login}"


def _must(connection: Connection, login: str) -> None:
    if store.find(connection, login) is None:
        raise StaffRefused("staff.unknown")


def _check(login: str, name: str, roles: Collection[Role], regions: Collection[str]) -> None:
    if not _LOGIN.fullmatch(login) or login in _RESERVED:
        raise StaffRefused("staff.bad_login")
    if not 1 <= len(name.strip()) <= 60:
        raise StaffRefused("staff.bad_name")
    if not roles:
        raise StaffRefused("staff.no_roles")
    if powers_clash(roles):
        raise StaffRefused("staff.powers_apart")
    if not regions or len(regions) > 50 or any(not 1 <= len(region) <= 120 for region in regions):
        raise StaffRefused("staff.bad_regions")


def _check_password(login: str, password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD or login in password.lower():
        raise StaffRefused("staff.weak_password")


def same(shown: str, due: str) -> bool:
    """Compare in constant time whatever bytes were shown."""
    return hmac.compare_digest(shown.encode(errors="replace"), due.encode())
