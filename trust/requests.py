"""Signed HTTP requests after RFC 9421 (HTTP Message Signatures) and RFC 9530 (Content-Digest), for one component list.

Covered: "@method" "@path" "@query" "content-digest", and "upload-offset" and "letter-header" when the request carries
them. Not covered: the authority, because a proxy may rename it and every terminal has its own key. Parameters: created,
nonce, keyid, alg, tag. Who verifies remembers each key's nonces while its signature would be believed, and refuses one
that comes again.
"""

import base64
import datetime as dt
import enum
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from trust.keys import ECDSA_P256, USE_TERMINAL, KeyRing, Signer

MAX_AGE = dt.timedelta(minutes=15)
"""A terminal whose clock is further off is told so, learns central's time and signs once more."""

_LABEL = "nt"
_TAG = "nuanting-v1"
_BASE = ("@method", "@path", "@query", "content-digest")
_WHEN_PRESENT = ("upload-offset", "letter-header")
_INPUT = re.compile(
    r'nt=(\(((?:"[@a-z-]{1,20}" ?){4,6})\);created=(\d{1,11});nonce="([A-Za-z0-9_-]{16,64})"'
    r';keyid="([0-9a-f]{16})";alg="ecdsa-p256-sha256";tag="nuanting-v1")',
    re.ASCII,
)
_SIGNATURE = re.compile(r"nt=:([A-Za-z0-9+/]{86}==):", re.ASCII)


class RequestFault(enum.StrEnum):
    """Why a request is not believed."""

    UNSIGNED = "request.unsigned"  # a header is missing or not of our form
    UNCOVERED = "request.uncovered"  # the signature leaves out something it must cover
    BAD_DIGEST = "request.bad_digest"  # the body is not the one that was signed
    STALE = "request.stale"  # made too long ago, or in the future
    REPLAYED = "request.replayed"  # this very request came before
    UNKNOWN_KEY = "request.unknown_key"
    BAD_SIGNATURE = "request.bad_signature"


@dataclass(frozen=True)
class Claim:
    """What a request says about its signature; nothing is verified."""

    kid: str
    nonce: str
    created: dt.datetime


def sign_request(
    key: Signer, method: str, target: str, headers: Mapping[str, str], body: bytes, now: dt.datetime
) -> dict[str, str]:
    """The three headers to add. `target` is path and query as they will be sent (`/v1/mirror?have=3`)."""
    extra = {name.lower(): value for name, value in headers.items()}
    digest = content_digest(body)
    covered = (*_BASE, *(name for name in _WHEN_PRESENT if name in extra))
    listed = " ".join(f'"{name}"' for name in covered)
    parameters = (
        f"({listed});created={int(now.timestamp())}"
        f';nonce="{secrets.token_urlsafe(18)}";keyid="{key.kid}";alg="{ECDSA_P256}";tag="{_TAG}"'
    )
    base = _signature_base(covered, method, target, {**extra, "content-digest": digest}, parameters)
    signature = base64.b64encode(key.sign(base)).decode("ascii")
    return {
        "Content-Digest": digest,
        "Signature-Input": f"{_LABEL}={parameters}",
        "Signature": f"{_LABEL}=:{signature}:",
    }


def verify_request(
    keyring: KeyRing,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
    now: dt.datetime,
    *,
    max_age: dt.timedelta = MAX_AGE,
) -> str | RequestFault:
    """The kid of the terminal that signed, or why not.

    `headers`: names in any case. `target`: path and query as received, not decoded.
    """
    carried = {name.lower(): value.strip() for name, value in headers.items()}
    told = _INPUT.fullmatch(carried.get("signature-input", ""))
    signature = _SIGNATURE.fullmatch(carried.get("signature", ""))
    if told is None or signature is None or "content-digest" not in carried:
        return RequestFault.UNSIGNED
    parameters, listed, created, _nonce, kid = told.groups()
    expected = (*_BASE, *(name for name in _WHEN_PRESENT if name in carried))
    if tuple(listed.split(" ")) != tuple(f'"{name}"' for name in expected):
        return RequestFault.UNCOVERED
    if carried["content-digest"] != content_digest(body):
        return RequestFault.BAD_DIGEST
    if abs(now.timestamp() - int(created)) > max_age.total_seconds():
        return RequestFault.STALE
    if not keyring.knows(USE_TERMINAL, kid):
        return RequestFault.UNKNOWN_KEY
    base = _signature_base(expected, method, target, carried, parameters)
    if not keyring.verify(USE_TERMINAL, kid, base, base64.b64decode(signature.group(1)), now):
        return RequestFault.BAD_SIGNATURE
    return kid


def claim_of(headers: Mapping[str, str]) -> Claim | None:
    """The key, nonce and time that a request claims, to look the key up and the nonce after it was verified."""
    value = next((value for name, value in headers.items() if name.lower() == "signature-input"), "")
    told = _INPUT.fullmatch(value.strip())
    if told is None:
        return None
    return Claim(told.group(5), told.group(4), dt.datetime.fromtimestamp(int(told.group(3)), dt.UTC))


def content_digest(body: bytes) -> str:
    """RFC 9530 §2."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode('ascii')}:"


def _signature_base(
    covered: tuple[str, ...], method: str, target: str, headers: Mapping[str, str], parameters: str
) -> bytes:
    """RFC 9421 §2.5. An absent query is the single character "?" (§2.2.7)."""
    path, _, query = target.partition("?")
    derived = {"@method": method.upper(), "@path": path or "/", "@query": f"?{query}"}
    lines = [f'"{name}": {derived[name] if name in derived else headers[name].strip()}' for name in covered]
    lines.append(f'"@signature-params": {parameters}')
    return "\n".join(lines).encode("utf-8")
