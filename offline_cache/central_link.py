"""What cannot wait in the outbox: `kiosk.ports.Central`."""

import secrets
from collections.abc import Callable

from offline_cache.answers import record_in
from offline_cache.clock import Clock
from offline_cache.link import Failed, Link
from offline_cache.sync import Sync
from trust.keys import KeyRing
from wire.canonical import canonical
from wire.deeds import Network
from wire.messages import RecordAnswer, RecordRequest, RecordState

RECORD_S = 15.0
"""A person is waiting."""


class CentralLink:
    """Asks central for records. Called in the central lane: it waits for the line, RECORD_S and a little."""

    def __init__(self, link: Link, sync: Sync, keyring: Callable[[], KeyRing], clock: Clock) -> None:
        """`keyring` is asked each time: mirrors bring new keys."""
        self._link = link
        self._sync = sync
        self._keyring = keyring
        self._clock = clock

    def record(self, request: RecordRequest) -> RecordAnswer:
        """The record, or an answer of state UNAVAILABLE when central cannot be reached or believed."""
        asked = request.model_copy(update={"nonce": secrets.token_urlsafe(18)})
        body = canonical(asked.model_dump(mode="json"))
        answer = self._link.exchange("POST", "/v1/records", body, answer_s=RECORD_S)
        if isinstance(answer, Failed):
            if self._sync.network() is Network.UP:
                self._sync.try_now()  # so that the terminal soon says what is so
            return _unavailable(answer)
        record = record_in(answer, asked, self._keyring(), self._clock.now())
        if isinstance(record, Failed):
            return _unavailable(record)
        self._sync.heard()
        return record

    def network(self) -> Network:
        return self._sync.network()


def _unavailable(failed: Failed) -> RecordAnswer:
    return RecordAnswer(state=RecordState.UNAVAILABLE, source=failed.word or failed.fault.value)
