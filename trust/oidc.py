"""Identity tokens of an OpenID provider (OpenID Connect Core 1.0 §3.1.3.7), and PKCE (RFC 7636)."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from wire.canonical import b64u

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures by the provider's private key. Never "none", never HS256 with a secret that both know."""

_LEEWAY_S = 60
Claims = Mapping[str, Any]


class NotBelieved(Exception):
    """A token that says nothing; the text is a word."""


def new_verifier() -> str:
    """43 characters of chance (RFC 7636 §4.1 wants 43 to 128)."""
    return secrets.token_urlsafe(32)


def challenge(verifier: str) -> str:
    """S256 of a verifier (RFC 7636 §4.2)."""
    return b64u(hashlib.sha256(verifier.encode("ascii")).digest())


def read_id_token(
    text: str, keys: Mapping[str, Any], *, issuer: str, client: str, nonce: str, now: dt.datetime
) -> Claims:
    """The claims of a token that this issuer made, for this client, for this asking. Raises NotBelieved.

    `keys` is the provider's JWK Set as it came.
    """
    try:
        token = jwt.decode(text, KeySet.import_key_set({"keys": list(keys.get("keys", ()))}), list(ALGORITHMS))
        wanted = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        wanted.validate(token.claims)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as mistake:
        raise NotBelieved("oidc.bad_token") from mistake
    claims: Claims = token.claims
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client:
        raise NotBelieved("oidc.bad_token")  # made for somebody else, who may not hand it to us
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 200:
        raise NotBelieved("oidc.bad_token")
    return claims
