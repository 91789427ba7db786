"""What central signs when it answers for a department: the record, the asking it answers, and whom it is about."""

from typing import Any

from wire.canonical import canonical, sha256_hex
from wire.messages import RecordRequest

LEAST_NONCE = 16
"""Characters."""


def signed_bytes(record: Any, request: RecordRequest) -> bytes:
    """The bytes under a SignedRecord's signature; `record` is the RecordAnswer as JSON, as it came or will go.

    The holder is in it as a hash, so that an answer about one person, or of another asking, is none about the next.
    """
    holder = canonical({"item": request.item, "name": request.holder_name, "number": request.holder_number})
    return canonical({"record": record, "nonce": request.nonce, "holder": sha256_hex(holder)})
