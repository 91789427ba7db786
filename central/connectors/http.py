"""A department's system over HTTP and JSON, as one that is built for this would speak.

POST {url}/query   {"item", "number", "name"}                 -> 200 RecordAnswer
POST {url}/submit  {"case", "round", "item", "version", "submitted_at", "name", "number", "answers"}, Idempotency-Key
                                                              -> 200 or 201 {"reference"}, 409 or 422 {"why"}
GET  {url}/status/{reference}                                 -> 200 {"standing"}, 404
GET  {url}/health                                             -> 200
"""

import datetime as dt
import urllib.parse
from collections.abc import Callable, Mapping

from pydantic import ValidationError

from central.connectors.callbacks import believe
from central.connectors.department import (
    Away,
    CallbackOutcome,
    NotTaken,
    Standing,
    Stands,
    StatusOutcome,
    Submission,
    SubmitOutcome,
    Taken,
    Unknown,
)
from central.connectors.web import Endpoint, NoReply, Reply, exchange
from wire.messages import RecordAnswer, RecordState


class HttpDepartment:
    """`callback_secret` is what the department signs its own messages with; empty: none is believed."""

    def __init__(self, name: str, at: Endpoint, now: Callable[[], dt.datetime], callback_secret: bytes = b"") -> None:
        self._name = name
        self._at = at
        self._now = now
        self._callback_secret = callback_secret

    def query(self, item: str, number: str, name: str) -> RecordAnswer:
        now = self._now()
        away = RecordAnswer(state=RecordState.UNAVAILABLE, source=self._name, as_of=now)
        reply = exchange(self._at, "POST", "/query", {"item": item, "number": number, "name": name}, now=now)
        if isinstance(reply, NoReply) or reply.status != 200:
            return away
        try:
            told = RecordAnswer.model_validate_json(reply.body)
        except ValidationError:
            return away
        return told.model_copy(update={"source": told.source or self._name, "as_of": told.as_of or now})

    def submit(self, submission: Submission) -> SubmitOutcome:
        told = {
            "case": submission.case,
            "round": submission.round,
            "item": submission.item,
            "version": submission.version,
            "submitted_at": submission.submitted_at.isoformat(),
            "name": submission.name,
            "number": submission.number,
            "answers": dict(submission.answers),
        }
        reply = exchange(self._at, "POST", "/submit", told, key=submission.key, now=self._now())
        if isinstance(reply, NoReply):
            return Away(reply.why)
        if reply.status in (409, 422):
            return NotTaken(_word(reply, "why") or f"http {reply.status}")
        reference = _word(reply, "reference") if reply.status in (200, 201) else ""
        return Taken(reference) if reference else Away(f"http {reply.status}")

    def status(self, reference: str) -> StatusOutcome:
        now = self._now()
        path = f"/status/{urllib.parse.quote(reference, safe='')}"
        reply = exchange(self._at, "GET", path, now=now)
        if isinstance(reply, NoReply):
            return Away(reply.why)
        if reply.status == 404:
            return Unknown()
        standing = _word(reply, "standing") if reply.status == 200 else ""
        return Stands(reference, Standing(standing), now) if standing in set(Standing) else Away(f"http {reply.status}")

    def callback(self, headers: Mapping[str, str], body: bytes) -> CallbackOutcome:
        if not self._callback_secret:
            return Unknown("unsigned")
        return believe(self._callback_secret, headers, body, self._now())

    def probe(self) -> bool:
        reply = exchange(self._at, "GET", "/health", now=self._now())
        return isinstance(reply, Reply) and reply.status == 200


def _word(reply: Reply, name: str) -> str:
    told = reply.json()
    word = told.get(name) if isinstance(told, dict) else None
    return word[:120] if isinstance(word, str) else ""
