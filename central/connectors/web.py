"""One exchange over HTTP with a system of somebody else: bounded in time and size, no redirects, nothing kept."""

import datetime as dt
import hashlib
import hmac
import http.client
import json
import socket
import ssl
import time
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LARGEST_ANSWER = 4 * 1024 * 1024
_PIECE = 64 * 1024


@dataclass(frozen=True)
class Endpoint:
    """Where a system is and how it knows us: a token in `Authorization`, or a signature over time and body, or both.

    `timeout_s` is for the whole exchange.
    """

    url: str
    token: str = field(default="", repr=False)
    secret: bytes = field(default=b"", repr=False)
    timeout_s: float = 10.0

    def __post_init__(self) -> None:
        split = urllib.parse.urlsplit(self.url)
        if split.scheme not in ("http", "https") or not split.hostname:
            raise ValueError("an endpoint is http:// or https:// and names a host")


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """None when it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True)
class NoReply:
    """Nobody can tell whether it was done there."""

    why: str


def exchange(
    at: Endpoint,
    method: str,
    path: str,
    body: Any = None,
    *,
    key: str = "",
    now: dt.datetime | None = None,
    form: Mapping[str, str] | None = None,
) -> Reply | NoReply:
    """Send JSON, or a form, get what comes. `key` goes along as `Idempotency-Key`; `now` is the time that is signed."""
    split = urllib.parse.urlsplit(at.url)
    data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    kind = "application/json"
    if form is not None:
        data, kind = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
    target = split.path.rstrip("/") + path
    headers = {"Accept": "application/json", "Content-Type": kind, "Content-Length": str(len(data))}
    if at.token:
        headers["Authorization"] = f"Bearer {at.token}"
    if key:
        headers["Idempotency-Key"] = key
    if at.secret and now is not None:
        stamp = str(int(now.timestamp()))
        told = f"{stamp}.{method}.{target}.".encode() + data
        headers["Nuanting-Time"] = stamp
        headers["Nuanting-Signature"] = hmac.new(at.secret, told, hashlib.sha256).hexdigest()
    ends = time.monotonic() + at.timeout_s
    if split.scheme == "https":
        line: http.client.HTTPConnection = http.client.HTTPSConnection(
            split.hostname or "", split.port, timeout=at.timeout_s, context=ssl.create_default_context()
        )
    else:
        line = http.client.HTTPConnection(split.hostname or "", split.port, timeout=at.timeout_s)
    try:
        line.request(method, target, data, headers)
        return _read(line, ends)
    except TimeoutError:
        return NoReply("timeout")
    except (OSError, http.client.HTTPException) as world:
        return NoReply(type(world).__name__)
    finally:
        line.close()


def _read(line: http.client.HTTPConnection, ends: float) -> Reply | NoReply:
    """The answer, however slowly it drips, within the time that is left."""
    _patience(line.sock, ends)
    answer = line.getresponse()
    told = bytearray()
    while True:
        _patience(line.sock, ends)
        piece = answer.read1(_PIECE)
        if not piece:
            break
        told += piece
        if len(told) > LARGEST_ANSWER:
            return NoReply("too large")
    if answer.length:  # fewer bytes than it said
        return NoReply("cut")
    return Reply(answer.status, bytes(told))


def _patience(line: socket.socket | None, ends: float) -> None:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    if line is not None:
        line.settimeout(left)
