"""What cannot wait in the outbox: `kiosk.ports.Central`."""

import json

from pydantic import ValidationError

from offline_cache.link import Failed, Link
from offline_cache.sync import Sync
from wire.canonical import canonical
from wire.deeds import Network
from wire.messages import RecordAnswer, RecordRequest, RecordState

RECORD_S = 15.0
"""A person is waiting."""


class CentralLink:
    """Asks central for records. Called in the central lane: it waits for the line, RECORD_S and a little."""

    def __init__(self, link: Link, sync: Sync) -> None:
        self._link = link
        self._sync = sync

    def record(self, request: RecordRequest) -> RecordAnswer:
        """The record, or an answer of state UNAVAILABLE when central cannot be reached or believed."""
        body = canonical(request.model_dump(mode="json"))
        answer = self._link.exchange("POST", "/v1/records", body, answer_s=RECORD_S)
        if isinstance(answer, Failed):
            if self._sync.network() is Network.UP:
                self._sync.try_now()  # so that the terminal soon says what is so
            return RecordAnswer(state=RecordState.UNAVAILABLE, source=answer.word or answer.fault.value)
        try:
            record = RecordAnswer.model_validate(json.loads(answer.body), strict=False)
        except (ValueError, RecursionError, ValidationError):
            return RecordAnswer(state=RecordState.UNAVAILABLE)
        self._sync.heard()
        return record

    def network(self) -> Network:
        return self._sync.network()
