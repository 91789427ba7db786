"""A city's own identity provider, asked over HTTP: where things are, its keys, a code for a token."""

import datetime as dt
import threading
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from central.connectors.web import Endpoint, NoReply, exchange
from central.rules.roles import Role
from trust.oidc import Claims, NotBelieved, challenge, read_id_token

KEPT = dt.timedelta(hours=1)
"""So long what the provider says of itself is not asked for again; an unknown key asks sooner."""


class OidcSettings(BaseModel):
    """How staff come by a provider; a JSON file. `roles` says what its words mean here."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    issuer: str = Field(pattern=r"^https?://[^?#]+$")
    client: str = Field(min_length=1)
    secret: str = Field(default="", repr=False)
    public_url: str = Field(pattern=r"^https?://[^/?#]+$")  # of central, as browsers know it
    roles_claim: str = "roles"
    roles: Mapping[str, Role]
    regions_claim: str = ""
    regions: tuple[str, ...] = ()  # where there is no claim
    amr: tuple[str, ...] = ()  # at least one of these ways to prove oneself, where the provider says which

    @property
    def redirect(self) -> str:
        return f"{self.public_url}/login/oidc/back"


def read_settings(path: Path) -> OidcSettings:
    """Raises OSError, ValueError."""
    return OidcSettings.model_validate_json(path.read_bytes())


class ProviderDown(Exception):
    """The provider does not answer as one; the text is a word."""


@dataclass
class _Known:
    since: dt.datetime
    about: Mapping[str, Any]
    keys: Mapping[str, Any] = field(repr=False)


class Provider:
    """The provider of these settings. Any thread may call."""

    def __init__(self, settings: OidcSettings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._known: _Known | None = None

    def address(self, state: str, nonce: str, verifier: str, now: dt.datetime) -> str:
        """Where to send the browser. Raises ProviderDown."""
        asked = {
            "response_type": "code",
            "scope": "openid profile",
            "client_id": self.settings.client,
            "redirect_uri": self.settings.redirect,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        where = str(self._about(now).about["authorization_endpoint"])
        return f"{where}{'&' if '?' in where else '?'}{urllib.parse.urlencode(asked)}"

    def claims(self, code: str, nonce: str, verifier: str, now: dt.datetime) -> Claims:
        """What the provider says of who brought this code. Raises ProviderDown, NotBelieved."""
        known = self._about(now)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.settings.redirect,
            "client_id": self.settings.client,
            "code_verifier": verifier,
        }
        if self.settings.secret:
            form["client_secret"] = self.settings.secret
        reply = exchange(Endpoint(str(known.about["token_endpoint"])), "POST", "", form=form)
        if isinstance(reply, NoReply) or reply.status >= 500:
            raise ProviderDown("oidc.unreachable")
        told = reply.json()
        text = told.get("id_token") if reply.status == 200 and isinstance(told, dict) else None
        if not isinstance(text, str):
            raise NotBelieved("oidc.refused")
        try:
            return self._read(text, known, nonce, now)
        except NotBelieved:
            return self._read(text, self._about(now, afresh=True), nonce, now)  # its keys may have changed

    def _read(self, text: str, known: _Known, nonce: str, now: dt.datetime) -> Claims:
        settings = self.settings
        return read_id_token(text, known.keys, issuer=settings.issuer, client=settings.client, nonce=nonce, now=now)

    def _about(self, now: dt.datetime, *, afresh: bool = False) -> _Known:
        with self._lock:
            known = self._known
            if known is None or afresh or now - known.since >= KEPT:
                about = _asked(self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
                wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
                if about.get("issuer") != self.settings.issuer or not all(
                    isinstance(about.get(name), str) for name in wanted
                ):
                    raise ProviderDown("oidc.not_the_issuer")
                known = self._known = _Known(now, about, _asked(str(about["jwks_uri"])))
            return known


def _asked(url: str) -> Mapping[str, Any]:
    try:
        reply = exchange(Endpoint(url), "GET", "")
    except ValueError as strange:
        raise ProviderDown("oidc.not_the_issuer") from strange
    told = None if isinstance(reply, NoReply) or reply.status != 200 else reply.json()
    if not isinstance(told, dict):
        raise ProviderDown("oidc.unreachable")
    return told
