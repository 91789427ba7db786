"""What a department sends by itself, and how it is believed: HMAC-SHA-256 over time and body with a shared secret.

Headers: `Nuanting-Time` (seconds since 1970), `Nuanting-Signature` (hex of HMAC(secret, time + "." + body)). A message
older than five minutes is not believed; telling the same twice changes nothing, so that nothing need be remembered.
Body: `{"reference": …, "standing": "working" | "granted" | "refused" | "received"}`.
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from central.connectors.department import CallbackOutcome, Standing, Stands, Unknown

MAX_AGE = dt.timedelta(minutes=5)
TIME, SIGNATURE = "nuanting-time", "nuanting-signature"


class Told(BaseModel):
    """How a case that was handed on stands, as its department tells."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    reference: Annotated[str, Field(min_length=1, max_length=120)]
    standing: Standing


def signed(secret: bytes, body: bytes, now: dt.datetime) -> dict[str, str]:
    """The headers under which a body is believed."""
    at = str(int(now.timestamp()))
    return {TIME: at, SIGNATURE: _signature(secret, at, body)}


def believe(secret: bytes, headers: Mapping[str, str], body: bytes, now: dt.datetime) -> CallbackOutcome:
    at, signature = headers.get(TIME, ""), headers.get(SIGNATURE, "")
    if not (at.isascii() and at.isdigit() and len(at) < 12) or not signature.isascii():
        return Unknown("unsigned")
    if not hmac.compare_digest(signature, _signature(secret, at, body)):
        return Unknown("signature")
    if abs(now.timestamp() - int(at)) > MAX_AGE.total_seconds():
        return Unknown("stale")
    try:
        told = Told.model_validate_json(body)
    except ValidationError:
        return Unknown("senseless")
    return Stands(told.reference, told.standing, now)


def _signature(secret: bytes, at: str, body: bytes) -> str:
    return hmac.new(secret, at.encode() + b"." + body, hashlib.sha256).hexdigest()
