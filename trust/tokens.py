"""The text of a signed code in a QR: `NT1.<b64u canonical JSON>.<kid>.<b64u signature>`.

The signature is over everything before its last dot. A payload has one writing only (canonical JSON, canonical
base64url), so nothing can be varied in a token without its key. A key signs only the kinds of code of its own use.
"""

import binascii
import datetime as dt
import enum
import json
import re
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from trust.keys import USE_CODE, USE_TERMINAL, KeyRing, Signer
from wire.canonical import b64u, canonical, un_b64u
from wire.tokens import IdCode, Proof, Receipt, TokenUse

LONGEST = 4096
"""Characters. A QR code of the largest size holds 4296 alphanumeric ones."""

Payload = Receipt | Proof | IdCode

_KEY_USE = {TokenUse.RECEIPT: USE_TERMINAL, TokenUse.PROOF: USE_TERMINAL, TokenUse.ID_CODE: USE_CODE}
_SHAPE = re.compile(r"NT1\.([A-Za-z0-9_-]+)\.([0-9a-f]{16})\.([A-Za-z0-9_-]{86})", re.ASCII)
_PAYLOAD: TypeAdapter[Payload] = TypeAdapter(Annotated[Payload, Field(discriminator="t")])


class TokenFault(enum.StrEnum):
    """Why a text is not a signed code we can believe."""

    FOREIGN = "token.foreign"  # another system's text
    TOO_LONG = "token.too_long"
    DAMAGED = "token.damaged"  # begins as ours, and is not whole or not well-formed
    UNKNOWN_KEY = "token.unknown_key"  # signed by a key that is not trusted for this use
    BAD_SIGNATURE = "token.bad_signature"  # changed, or the key has expired
    WRONG_KIND = "token.wrong_kind"  # well signed, but a key of this use may not say that


class TokenTooLong(Exception):
    """What was to be signed does not fit in a code."""


def write(payload: Payload, key: Signer) -> str:
    """The token's text. Raises TokenTooLong."""
    body = b64u(canonical(payload.model_dump(mode="json")))
    signed = f"NT1.{body}.{key.kid}"
    text = f"{signed}.{b64u(key.sign(signed.encode('ascii')))}"
    if len(text) > LONGEST:
        raise TokenTooLong
    return text


def read(text: str, keyring: KeyRing, use: str, now: dt.datetime) -> Payload | TokenFault:
    """Check shape, length and signature by a key of `use`, and return what the token says.

    Dates inside the payload are the caller's to judge. `now` is only compared with the key's own end: to verify an old
    document by a key that has since expired, pass the time it was made.
    """
    text = text.strip()
    if not text.startswith("NT1."):
        return TokenFault.FOREIGN
    if len(text) > LONGEST:
        return TokenFault.TOO_LONG
    match = _SHAPE.fullmatch(text)
    if match is None:
        return TokenFault.DAMAGED
    body, kid, signature = match.groups()
    try:
        raw, sig = un_b64u(body), un_b64u(signature)
    except (ValueError, binascii.Error):
        return TokenFault.DAMAGED
    if b64u(raw) != body or b64u(sig) != signature:
        return TokenFault.DAMAGED
    if not keyring.knows(use, kid):
        return TokenFault.UNKNOWN_KEY
    if not keyring.verify(use, kid, text[: text.rindex(".")].encode("ascii"), sig, now):
        return TokenFault.BAD_SIGNATURE
    return _payload(raw, use)


def _payload(raw: bytes, use: str) -> Payload | TokenFault:
    try:
        value = json.loads(raw)
        payload = _PAYLOAD.validate_python(value, strict=False)
        if canonical(value) != raw:
            return TokenFault.DAMAGED
    except (ValueError, RecursionError, ValidationError):
        return TokenFault.DAMAGED
    return payload if _KEY_USE[payload.t] == use else TokenFault.WRONG_KIND
