"""The loop that empties the outbox and fetches the mirror: one named thread, some requests under way at once.

What is sent is `sending`'s to say; when, is said here. Failures are followed by a random wait up to a doubling bound
("full jitter"), so that a thousand terminals do not return in step; whatever comes through ends the doubling.
"""

import logging
import math
import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, replace

from offline_cache.answers import edition_in, mirror_in
from offline_cache.clock import Clock
from offline_cache.database import DiskRefused
from offline_cache.editions import EditionReader
from offline_cache.link import Answer, Failed, Link, LinkFault
from offline_cache.sending import Request, Sending
from offline_cache.sending import SyncSettings as SyncSettings
from offline_cache.store import SqlStore
from wire.deeds import Network
from wire.editions import EDITION_HEADER, LONGEST_ANSWER, SETTINGS_ASKED, SETTINGS_FILE

LOG = logging.getLogger("offline_cache.sync")

MIRROR_REFUSED = "mirror.refused"
"""A signed mirror that is another terminal's, older than ours, or would leave us without keys."""

HINT_S = 1.0
"""Least time between two askings for the mirror because somebody hinted that it changed."""

EDITION_REFUSED = "edition.refused"
"""A signed edition of the catalogue that is another region's, older than ours, or not good as a whole."""

_NOT_THE_LINES = frozenset({LinkFault.REJECTED, LinkFault.BAD_ANSWER, LinkFault.BAD_SIGNATURE, LinkFault.TOO_LONG})
"""Failures of an edition that somebody should look at; after the others it comes later by itself."""

_ENDS_THE_PASS = frozenset(LinkFault) - {LinkFault.SERVER, LinkFault.REJECTED, LinkFault.BAD_ANSWER, LinkFault.TOO_LONG}
"""Failures of the mirror after which letters are not tried; after the others they are: a mirror must not hold them."""


@dataclass(frozen=True)
class SyncState:
    """How it stands with central; for health and the technician."""

    network: Network = Network.UNKNOWN
    fault: str = ""  # a LinkFault or a StoreRefused; empty when all is well
    word: str = ""  # central's own word for it
    mirror: int = 0  # version
    mirror_fault: str = ""  # why the newest mirror could not be taken: a LinkFault or MIRROR_REFUSED
    stopped: bool = False  # central does not know this terminal: only a person can help
    edition: int = 0  # version of the catalogue's edition held here; 0: none yet
    edition_fault: str = ""  # why a newer one could not be taken: a LinkFault or EDITION_REFUSED


class Sync:
    """Owns the conversation with central. `start` and `stop` from outside; `wake` from any thread."""

    def __init__(
        self, store: SqlStore, link: Link, clock: Clock, *, settings: SyncSettings | None = None,
        changed: Callable[[SyncState], None] | None = None, chance: Callable[[], float] = random.random,
        reader: EditionReader | None = None,
    ) -> None:  # fmt: skip
        """`changed` is called in the sync's thread after each change; `chance` gives numbers in [0, 1) for jitter.

        Without a `reader` no edition of the catalogue is asked for.
        """
        self._store = store
        self._link = link
        self._clock = clock
        self._settings = settings or SyncSettings()
        self._changed = changed
        self._chance = chance
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._letter = threading.Event()
        self._pushed = threading.Event()
        self._hinted = threading.Event()
        self._thread: threading.Thread | None = None
        held = store.mirror()
        edition = store.edition() if reader is not None else None
        self._state = SyncState(mirror=held.version if held else 0, edition=edition.version if edition else 0)
        self._reader = reader
        self._edition_told = 0
        self._lacks_settings = edition is not None and SETTINGS_FILE not in edition.files
        self._unread = ""
        self._failures = 0
        self._wait_until = 0.0  # may be cut short by a new letter
        self._hold_until = 0.0  # central's own wish, or its refusal: may not
        self._mirror_due = self._tend_due = self._edition_due = clock.monotonic()
        self._mirror_asked = -math.inf
        self._unreachable = False
        self._sending = Sending(store, clock, self._settings, self._progressed)
        store.call_on_letter(self.wake)

    # ---- from outside -------------------------------------------------------------------------------------------

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._thread.start()

    def stop(self, within_s: float = 5.0) -> bool:
        """End the loop; whether it ended within that time. A request under way is not cut: it is safe to lose it."""
        self._stopping.set()
        self._wake.set()
        if self._thread is None:
            return True
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def wake(self) -> None:
        """There is a new letter: try now, even within a wait; not within a wait that central asked for."""
        self._letter.set()
        self._wake.set()

    def mirror_hinted(self) -> None:
        """Somebody, perhaps not central, says that the mirror has changed: ask, but no oftener than each `HINT_S`.

        No wait is cut short by it, so a stream of hints costs one small request a second and nothing else.
        """
        if not self._hinted.is_set():
            self._hinted.set()
            self._wake.set()

    def try_now(self) -> None:
        """The network came back, or a technician asks: forget the failures and every wait."""
        self._pushed.set()
        self._wake.set()

    def state(self) -> SyncState:
        return self._state

    def network(self) -> Network:
        return self._state.network

    def edition_fault(self) -> str:
        """Why the terminal does not work by the newest edition that it knows of; empty when it does."""
        return self._state.edition_fault

    def edition_unread(self) -> None:
        """The edition held here was not good for this program when it started: it works by an older catalogue."""
        self._unread = EDITION_REFUSED
        self._change(replace(self._state, edition_fault=self._unread))

    def heard(self) -> None:
        """Central answered somebody else of this program: when we are waiting for it, the wait is over."""
        if self._state.network is not Network.UP:
            self.try_now()

    # ---- the loop -----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        woken = False
        while not self._stopping.is_set():
            delay = self.round(woken=woken)
            self._wake.wait(delay)
            self._wake.clear()
            if woken := self._letter.is_set():
                self._letter.clear()

    def round(self, *, woken: bool = False) -> float:
        """Do what is due; the seconds until something will be due again. Called by the loop, and by tests."""
        self._store.make_ready()
        now = self._clock.monotonic()
        if self._pushed.is_set():
            self._pushed.clear()
            self._failures, self._wait_until, self._hold_until, self._mirror_due = 0, now, now, now
            self._edition_due = now
        until = self._hold_until if woken else max(self._hold_until, self._wait_until)
        if now < until and not (self._unreachable and self._link.reachable()):
            return self._until_probe(until - now)
        try:
            failed = self._pass()
        except DiskRefused as refused:
            self._tell(self._state.network, refused.reason.value)
            self._wait_until = self._clock.monotonic() + self._settings.disk_wait_s
            return self._settings.disk_wait_s
        if failed is None:
            self._failures, self._unreachable = 0, False
            return max(0.0, min(self._mirror_due, self._tend_due) - self._clock.monotonic())
        return self._wait_after(failed)

    def _pass(self) -> Failed | None:
        """Mirror when due, also between letters, until no letter is left or something fails."""
        now = self._clock.monotonic()
        if now >= self._tend_due:
            self._tend_due = now + self._settings.tend_every_s
            self._store.tend()
        while not self._stopping.is_set():
            failed = self._fetch_news()
            if failed is not None:
                return failed
            requests = self._sending.requests()
            if requests:
                failed = self._exchange_all(requests)
                if failed is not None:
                    return failed
            elif not self._sending.let_back():
                return None
        return None

    def _fetch_news(self) -> Failed | None:
        """The mirror and the edition it tells of, when due; the failure, when it ends the pass."""
        now = self._clock.monotonic()
        if self._hinted.is_set():
            self._mirror_due = min(self._mirror_due, max(now, self._mirror_asked + HINT_S))
        if now < self._mirror_due:
            return None
        failed = self._fetch_mirror()
        if failed is None:
            self._fetch_edition()
            return None
        return failed if failed.fault in _ENDS_THE_PASS else None

    def _exchange_all(self, requests: Sequence[Request]) -> Failed | None:
        """Have all of them under way at once, then take the answers one after another; the first failure, if any.

        Waiting is all that happens side by side: the store, the waits and the state are this thread's alone.
        """
        first, *others = requests
        with ThreadPoolExecutor(max(1, len(others)), "sync beside") as beside:
            asked = [beside.submit(self._exchange, request) for request in others]
            answers = [self._exchange(first), *(each.result() for each in asked)]
        outcomes = [request.take(answer) for request, answer in zip(requests, answers, strict=True)]
        return next((outcome for outcome in outcomes if outcome is not None), None)

    def _exchange(self, request: Request) -> Answer | Failed:
        return self._link.exchange(
            request.method, request.target, request.body, headers=request.headers, expect=request.expect
        )

    def _wait_after(self, failed: Failed) -> float:
        now = self._clock.monotonic()
        settings = self._settings
        network = Network.UP if failed.fault is LinkFault.REJECTED else Network.DOWN
        self._tell(network, failed.fault.value, failed.word, stopped=failed.fault is LinkFault.REFUSED)
        if failed.fault is LinkFault.REFUSED:
            self._unreachable = False
            self._hold_until = now + settings.refused_wait_s
            self._mirror_due = self._hold_until
            return settings.refused_wait_s
        bound = min(settings.longest_wait_s, settings.first_wait_s * 2.0 ** min(self._failures, 30))
        self._failures += 1
        self._unreachable = failed.fault is LinkFault.UNREACHABLE
        wait = bound * self._chance()
        if failed.retry_after_s is not None:
            wait = max(wait, failed.retry_after_s)
            self._hold_until = now + failed.retry_after_s
        self._wait_until = now + wait
        return self._until_probe(wait)

    def _until_probe(self, wait: float) -> float:
        """Where there is no way to central at all, a look in between tells when there is one again."""
        return min(wait, self._settings.probe_s * (0.5 + self._chance())) if self._unreachable else wait

    # ---- mirror -------------------------------------------------------------------------------------------------

    def _fetch_mirror(self) -> Failed | None:
        self._hinted.clear()  # what is hinted at from here on may be newer than the answer
        held = self._store.mirror()
        self._mirror_asked = self._clock.monotonic()
        self._mirror_due = self._mirror_asked + self._settings.mirror_every_s
        answer = self._link.exchange(
            "GET",
            f"/v1/mirror?have={held.version if held else 0}",
            expect=frozenset({200, 304}),
            longest=self._settings.longest_mirror,
        )
        if isinstance(answer, Failed):
            return self._mirror_failed(answer)
        self._edition_told = _number(answer.headers.get(EDITION_HEADER.lower(), ""))
        if answer.status == 304:
            self._store.confirm_mirror()
            self._tell(Network.UP)
            self._change(replace(self._state, mirror_fault=""))
            return None
        new = mirror_in(answer, self._store.keyring(), self._clock.now())
        if isinstance(new, Failed):
            return self._mirror_failed(new)
        self._tell(Network.UP)
        if self._store.take_mirror(new):
            self._change(replace(self._state, mirror=new.version, mirror_fault=""))
        else:
            self._change(replace(self._state, mirror_fault=MIRROR_REFUSED))
        return None

    def _mirror_failed(self, failed: Failed) -> Failed:
        if failed.fault not in _ENDS_THE_PASS:
            network = Network.UP if failed.fault is LinkFault.REJECTED else Network.DOWN
            self._change(replace(self._state, network=network, mirror_fault=failed.fault.value))
        else:
            self._mirror_due = self._clock.monotonic()  # asked first when the wait is over: it learns central's clock
        return failed

    def _fetch_edition(self) -> None:
        """Ask for the edition of the catalogue that the mirror's answer told of. Its failures hold no letter back."""
        now = self._clock.monotonic()
        if self._reader is None or self._edition_told == 0:
            return
        again = self._lacks_settings and self._edition_told == self._state.edition
        if self._edition_told <= self._state.edition and not again:
            self._change(replace(self._state, edition_fault=self._unread))  # what was refused was never central's
            return
        if now < self._edition_due:
            return
        self._edition_due = now + self._settings.edition_again_s
        target = f"/v1/catalogue?have={self._state.edition - again}&{SETTINGS_ASKED}=1"
        answer = self._link.exchange("GET", target, expect=frozenset({200, 304}), longest=LONGEST_ANSWER)
        new = answer if isinstance(answer, Failed) else edition_in(answer, self._store.keyring(), self._clock.now())
        if isinstance(answer, Answer):
            self._lacks_settings = False  # the release before took it without; a central of then has none to give
            if answer.status == 304:
                return
        if isinstance(new, Failed):
            if new.fault in _NOT_THE_LINES:
                self._change(replace(self._state, edition_fault=new.fault.value))
        elif again and SETTINGS_FILE not in new.files:
            return
        elif self._reader.read(new) and self._store.take_edition(new):
            self._edition_due = now
            self._unread = ""
            self._reader.switch()
            self._change(replace(self._state, edition=new.version, edition_fault=""))
        else:
            self._unread = EDITION_REFUSED if again else self._unread
            self._change(replace(self._state, edition_fault=EDITION_REFUSED))

    def _progressed(self) -> None:
        """Something has come through for good: a failure after this is the first again, however many there were."""
        self._failures = 0
        self._tell(Network.UP)

    def _tell(self, network: Network, fault: str = "", word: str = "", *, stopped: bool = False) -> None:
        self._change(replace(self._state, network=network, fault=fault, word=word, stopped=stopped))

    def _change(self, state: SyncState) -> None:
        if state == self._state:
            return
        self._state = state
        LOG.info("central %s %s %s, mirror %d %s, edition %d %s", *(str(value) for value in astuple(state)[:3]),
                 state.mirror, state.mirror_fault, state.edition, state.edition_fault)  # fmt: skip
        if self._changed is not None:
            self._changed(state)


def _number(text: str) -> int:
    """A whole number out of a header; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 17 else 0
