"""Central as a terminal may meet it on a bad day: an ASGI wrapper that breaks answers, for the demo and the tests.

`app = FaultyCentral(create_app(…))`; set `app.fault` at any time, from any thread; None is central as it is.
"""

import asyncio
import enum
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOGIN_PAGE = (
    b"<!doctype html><html><head><title>Wi-Fi</title></head><body><form action=/login method=post>"
    b"<h1>Free Wi-Fi</h1><p>Please accept our terms.</p><button>Log in</button></form></body></html>"
)


class CentralFault(enum.StrEnum):
    """What may be wrong with an answer."""

    LOGIN_PAGE = "login_page"  # a captive portal: 200 with HTML; central never hears of the request
    SERVER_ERROR = "server_error"  # a proxy's 500; central never hears of the request
    LOST_ANSWER = "lost_answer"  # central did what it was asked, and the answer is a proxy's 500
    WRONG_SIGNATURE = "wrong_signature"  # central's answer, its signature changed
    HALF_REPLY = "half_reply"  # central's answer, cut in the middle
    SLOW = "slow"  # central's answer, after `slow_s`


class FaultyCentral:
    """Wraps an application; `fault` is met by every request under /v1 while it is set."""

    def __init__(self, app: App, *, slow_s: float = 3.0) -> None:
        self._app = app
        self.fault: CentralFault | None = None
        self.slow_s = slow_s
        self.met = 0
        """Requests that met a fault."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self.fault
        if fault is None or scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        self.met += 1
        if fault is CentralFault.LOGIN_PAGE:
            await _answer(send, 200, b"text/html; charset=utf-8", LOGIN_PAGE)
        elif fault is CentralFault.SERVER_ERROR:
            await _answer(send, 500, b"text/html", b"<h1>Internal Server Error</h1>")
        elif fault is CentralFault.SLOW:
            await asyncio.sleep(self.slow_s)
            await self._app(scope, receive, send)
        else:
            start, body = await self._whole(scope, receive)
            if fault is CentralFault.LOST_ANSWER:
                await _answer(send, 500, b"text/html", b"<h1>Bad Gateway</h1>")
            elif fault is CentralFault.WRONG_SIGNATURE:
                await send(start)  # the length stays: one character of the signature becomes another
                await send({"type": "http.response.body", "body": _spoilt(body)})
            else:
                await send(start)
                await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
                raise ConnectionResetError("cut in the middle, as asked")

    async def _whole(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        """Central's own answer, kept back."""
        started: list[Message] = []
        body = bytearray()

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))

        await self._app(scope, receive, keep)
        return started[0], bytes(body)


def _spoilt(body: bytes) -> bytes:
    """The same JSON with another signature; anything that carries none stays as it is."""
    try:
        told = json.loads(body)
        sig = told["sig"]
    except (ValueError, TypeError, KeyError):
        return body
    other = ("B" if sig[0] == "A" else "A") + sig[1:]
    return body.replace(sig.encode(), other.encode())


async def _answer(send: Send, status: int, kind: bytes, body: bytes) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
