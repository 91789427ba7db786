"""Staff who come by the city's own identity provider: authorization code with PKCE, roles by what it says of them."""

import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from central.connectors.oidc import OidcSettings, Provider, ProviderDown
from central.jobs.audit import note
from central.jobs.staff import Session, begin_session
from central.rules.roles import Role, powers_clash
from central.store import staff as store
from central.store.database import Connection
from central.store.staff import StaffRow
from central.wiring import Central
from trust.oidc import Claims, NotBelieved, new_verifier
from trust.vault import VaultBroken
from wire.canonical import b64u, un_b64u

LIFE = dt.timedelta(minutes=10)
"""As long as somebody may take at the provider."""
_LABEL = "oidc"


@dataclass(frozen=True)
class Asked:
    """Where the browser goes, and what it keeps for us meanwhile."""

    url: str
    kept: str = field(repr=False)


@dataclass(frozen=True)
class Entered:
    session: Session
    onward: str


@dataclass(frozen=True)
class NotEntered:
    """Why somebody is not let in, in a word."""

    why: str


def begin(central: Central, provider: Provider, onward: str) -> Asked | NotEntered:
    """Send somebody to the provider. Nothing is written here: the browser keeps it, sealed."""
    now = central.now()
    told = {
        "state": secrets.token_urlsafe(24),
        "nonce": secrets.token_urlsafe(24),
        "verifier": new_verifier(),
        "onward": onward,
        "until": int((now + LIFE).timestamp()),
    }
    try:
        url = provider.address(str(told["state"]), str(told["nonce"]), str(told["verifier"]), now)
    except ProviderDown as down:
        return NotEntered(str(down))
    return Asked(url, b64u(central.vault.seal_own(_LABEL, json.dumps(told).encode())))


def finish(central: Central, provider: Provider, kept: str, state: str, code: str) -> Entered | NotEntered:
    """Somebody comes back with a code. Raises StoreUnavailable."""
    now = central.now()
    told = _kept(central, kept)
    if told is None or not hmac.compare_digest(told["state"].encode(), state.encode(errors="replace")):
        return NotEntered("oidc.not_asked")
    if now.timestamp() > told["until"]:
        return NotEntered("oidc.too_late")
    try:
        claims = provider.claims(code, told["nonce"], told["verifier"], now)
    except (ProviderDown, NotBelieved) as no:
        return NotEntered(str(no))
    roles, regions = roles_of(provider.settings, claims), regions_of(provider.settings, claims)
    why = _unfit(provider.settings, claims, roles, regions)
    if why:
        return NotEntered(why)
    with central.database.writing(lock="staff by oidc") as connection:
        row = _known(connection, central, provider.settings, claims, roles, regions)
        if row.disabled:
            return NotEntered("staff.disabled")
        return Entered(begin_session(connection, central, row), str(told["onward"]))


def roles_of(settings: OidcSettings, claims: Claims) -> frozenset[Role]:
    """What the provider's words mean here; words that mean nothing here are left out."""
    return frozenset(
        settings.roles[word] for word in _words(claims.get(settings.roles_claim)) if word in settings.roles
    )


def regions_of(settings: OidcSettings, claims: Claims) -> tuple[str, ...]:
    found = _words(claims.get(settings.regions_claim)) if settings.regions_claim else settings.regions
    return tuple(sorted({word for word in found if 0 < len(word) <= 120}))


def _words(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.split())
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _unfit(settings: OidcSettings, claims: Claims, roles: frozenset[Role], regions: tuple[str, ...]) -> str:
    if settings.amr and not set(settings.amr) & set(_words(claims.get("amr"))):
        return "oidc.one_factor"
    if not roles:
        return "staff.no_roles"
    if powers_clash(roles):
        return "staff.powers_apart"
    return "" if regions else "staff.bad_regions"


def _kept(central: Central, kept: str) -> dict[str, Any] | None:
    try:
        told = json.loads(central.vault.open_own(_LABEL, un_b64u(kept)))
    except (VaultBroken, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _known(
    connection: Connection,
    central: Central,
    settings: OidcSettings,
    claims: Claims,
    roles: frozenset[Role],
    regions: tuple[str, ...],
) -> StaffRow:
    """The person's row, made at the first coming; roles and regions are what the provider says today."""
    subject = f"{settings.issuer} {claims['sub']}"
    login = "by-" + hashlib.sha256(subject.encode()).hexdigest()[:12]
    name = _name(claims) or login
    words = tuple(sorted(role.value for role in roles))
    row = store.by_subject(connection, subject)
    if row is None:
        row = StaffRow(login, name, words, regions, "zh", "", None, 0, 0, None, False, subject, central.now())
        store.add(connection, row)
        _note(connection, central, "staff.added", row)
    elif (row.roles, row.regions) != (words, regions):
        store.set_roles(connection, row.login, name, words, regions)
        _note(connection, central, "staff.changed", StaffRow(**{**vars(row), "roles": words, "regions": regions}))
    return store.find(connection, row.login) or row


def _note(connection: Connection, central: Central, what: str, row: StaffRow) -> None:
    note(connection, central, "oidc", what, row.login, roles=" ".join(row.roles), regions=" ".join(row.regions))


def _name(claims: Mapping[str, Any]) -> str:
    told = claims.get("name") or claims.get("preferred_username")
    return " ".join(told.split())[:60] if isinstance(told, str) else ""
