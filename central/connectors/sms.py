"""Notices through an SMS gateway that takes JSON over HTTP and knows our templates by their ids.

POST {url} {"phone", "template", "language", "words"} with `Idempotency-Key`; 2xx: taken, now or under this key before;
408, 425, 429, 5xx or no answer: again later under the same key; any other 4xx: never. A redirect is no yes.
"""

import datetime as dt
from collections.abc import Callable

from central.connectors.notices import Message, SendLater, SendNever, SendOutcome, Sent
from central.connectors.web import Endpoint, NoReply, exchange

_AGAIN = frozenset({401, 403, 408, 425, 429})  # 401 and 403: our token is wrong, which somebody puts right


class HttpSmsGateway:
    def __init__(self, at: Endpoint, now: Callable[[], dt.datetime]) -> None:
        self._at = at
        self._now = now

    def send(self, message: Message, key: str) -> SendOutcome:
        reply = exchange(self._at, "POST", "", message.model_dump(), key=key, now=self._now())
        if isinstance(reply, NoReply):
            return SendLater(reply.why)
        if 200 <= reply.status < 300:
            return Sent(f"http {reply.status}")
        if reply.status in _AGAIN or not 400 <= reply.status < 500:
            return SendLater(f"http {reply.status}")
        return SendNever(f"http {reply.status}")
