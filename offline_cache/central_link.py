"""What cannot wait in the outbox: `kiosk.ports.Central`."""

import secrets
from collections.abc import Callable

from offline_cache.answers import cases_in, record_in
from offline_cache.clock import Clock
from offline_cache.link import Answer, Failed, Link
from offline_cache.sync import Sync
from trust.keys import KeyRing
from wire.canonical import canonical
from wire.deeds import Network
from wire.messages import Cases, CasesRequest, RecordAnswer, RecordRequest, RecordState

RECORD_S = 15.0
"""A person is waiting."""


class CentralLink:
    """Asks central for records and cases. Called in the central lane: it waits for the line, RECORD_S and a little."""

    def __init__(
        self, link: Link, sync: Sync, keyring: Callable[[], KeyRing], clock: Clock, terminal: str = ""
    ) -> None:
        """`keyring` is asked each time: mirrors bring new keys. `terminal` is who we are."""
        self._link = link
        self._sync = sync
        self._keyring = keyring
        self._clock = clock
        self._terminal = terminal

    def record(self, request: RecordRequest) -> RecordAnswer:
        """The record, or an answer of state UNAVAILABLE when central cannot be reached or believed."""
        asked = request.model_copy(update={"nonce": _nonce()})
        answer = self._asked("/v1/records", asked)
        if isinstance(answer, Failed):
            return _unavailable(answer)
        record = record_in(answer, asked, self._keyring(), self._clock.now())
        if isinstance(record, Failed):
            return _unavailable(record)
        self._sync.heard()
        return record

    def cases(self, *, number: str = "", name: str = "", receipt: str = "") -> Cases | None:
        """How the cases of a holder stand, or the one of a receipt; None when central cannot be reached or believed."""
        asked = CasesRequest(nonce=_nonce(), holder_number=number, holder_name=name, receipt=receipt)
        answer = self._asked("/v1/cases", asked)
        if isinstance(answer, Failed):
            return None
        cases = cases_in(answer, asked, self._terminal, self._keyring(), self._clock.now())
        if isinstance(cases, Failed):
            return None
        self._sync.heard()
        return cases

    def _asked(self, target: str, asked: RecordRequest | CasesRequest) -> Answer | Failed:
        answer = self._link.exchange("POST", target, canonical(asked.model_dump(mode="json")), answer_s=RECORD_S)
        if isinstance(answer, Failed) and self._sync.network() is Network.UP:
            self._sync.try_now()  # so that the terminal soon says what is so
        return answer

    def network(self) -> Network:
        return self._sync.network()


def _nonce() -> str:
    return secrets.token_urlsafe(18)


def _unavailable(failed: Failed) -> RecordAnswer:
    return RecordAnswer(state=RecordState.UNAVAILABLE, source=failed.word or failed.fault.value)
