"""What stands before every route of /v1: a bounded body, a verified signature, one way to say no."""

import asyncio
import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from central.rules.letters import Sender
from central.store import terminals
from central.wiring import Central
from trust.keys import USE_TERMINAL, KeyRing
from trust.requests import RequestFault, signed_by, verify_request
from wire.canonical import canonical
from wire.messages import PIECE

LARGEST_BODY = {"/v1/enrol": 16 * 1024, "/v1/letters": 4 * 1024 * 1024, "/v1/records": 16 * 1024, "/v1/mirror": 0}
"""Bytes a request may carry; a piece of a large letter may carry PIECE."""

SEEN_EVERY = dt.timedelta(minutes=1)


class NotAnswered(Exception):
    """A request that gets a word instead of an answer."""

    def __init__(self, status: int, word: str, **headers: str) -> None:
        super().__init__(word)
        self.status = status
        self.word = word
        self.headers = headers


@dataclass(frozen=True)
class Signed:
    """A request that a terminal of ours has signed."""

    central: Central = field(repr=False)
    sender: Sender
    body: bytes = field(repr=False)


async def read_body(request: Request, limit: int, timeout_s: float) -> bytes:
    """The body, of `limit` bytes at most and within `timeout_s`: more is refused before it is read."""
    told = request.headers.get("content-length", "0")
    if not (told.isascii() and told.isdigit() and len(told) < 16):
        raise NotAnswered(400, "request.bad_length")
    if int(told) > limit:
        raise NotAnswered(413, "request.too_large", Connection="close")
    body = bytearray()
    try:
        async with asyncio.timeout(timeout_s):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise NotAnswered(413, "request.too_large", Connection="close")
    except TimeoutError as slow:
        raise NotAnswered(408, "request.too_slow", Connection="close") from slow
    except ClientDisconnect as gone:
        raise NotAnswered(400, "request.cut") from gone
    return bytes(body)


def central_of(request: Request) -> Central:
    central: Central = request.app.state.central
    return central


async def signed(request: Request) -> Signed:
    """Find the key by the name that the request claims, then read the body, then verify. Raises NotAnswered."""
    central = central_of(request)
    kid = signed_by(request.headers)
    if kid is None:
        raise NotAnswered(401, RequestFault.UNSIGNED.value)
    key = await run_in_threadpool(_key, central, kid)
    if key is None:
        raise NotAnswered(401, RequestFault.UNKNOWN_KEY.value)
    if key.until is not None:
        raise NotAnswered(403, "terminal.withdrawn")
    limit = LARGEST_BODY.get(request.url.path, PIECE)
    body = await read_body(request, limit, central.settings.body_timeout_s)
    raw_path: bytes = request.scope.get("raw_path") or request.url.path.encode()
    query: bytes = request.scope["query_string"]
    target = (raw_path.split(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1")
    outcome = await run_in_threadpool(
        verify_request, KeyRing((key.key,)), request.method, target, request.headers, body, central.now()
    )
    if isinstance(outcome, RequestFault):
        raise NotAnswered(401, outcome.value)
    sender = Sender(key.region, key.terminal)
    await run_in_threadpool(_saw, request, central, sender)
    return Signed(central, sender, body)


SignedRequest = Annotated[Signed, Depends(signed)]


def _key(central: Central, kid: str) -> terminals.TerminalKey | None:
    with central.database.reading() as connection:
        found = terminals.key(connection, kid)
    return found if found is not None and found.key.use == USE_TERMINAL else None


def _saw(request: Request, central: Central, sender: Sender) -> None:
    """Remember when a terminal was last heard, coarsely: not one write per request."""
    seen: dict[Sender, dt.datetime] = request.app.state.seen
    now = central.now()
    last = seen.get(sender)
    if last is None or abs(now - last) >= SEEN_EVERY:
        seen[sender] = now
        with central.database.writing() as connection:
            terminals.set_seen(connection, sender.region, sender.terminal, now)


def answer(message: BaseModel, **headers: str) -> Response:
    """A message as canonical JSON."""
    content = canonical(message.model_dump(mode="json"))
    return Response(content, headers={"Cache-Control": "no-store", **headers}, media_type="application/json")


def refusal(status: int, word: str, headers: dict[str, str] | None = None) -> Response:
    """A word as JSON."""
    told = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse({"error": word}, status, headers=told)


def answer_state(state: dict[str, str | int]) -> Response:
    """A plain state as JSON."""
    return JSONResponse(state, headers={"Cache-Control": "no-store"})
