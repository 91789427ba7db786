"""The loop that empties the outbox and fetches the mirror: one named thread, one request at a time.

Small letters first, in batches; between two pieces of a large letter the small ones get their turn. Nothing is let go
but by a verified acknowledgement, and nothing is parked but by central's signed word: an answer that anybody could have
given only delays. Failures are followed by a random wait up to a doubling bound ("full jitter"), so that a thousand
terminals do not return in step. A letter that keeps failing alone steps aside for the others, and is tried again.
"""

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace

from offline_cache.answers import acks_in, mirror_in
from offline_cache.clock import Clock
from offline_cache.database import DiskRefused
from offline_cache.link import Answer, Failed, Link, LinkFault, offset_of
from offline_cache.outbox import Sealed
from offline_cache.store import SqlStore
from wire.canonical import b64u, canonical
from wire.deeds import Network
from wire.messages import PIECE, Letter, LetterBatch, LetterHeader

LOG = logging.getLogger("offline_cache.sync")

MIRROR_REFUSED = "mirror.refused"
"""A signed mirror that is another terminal's, older than ours, or would leave us without keys."""

_MAY_BE_THE_LETTER = frozenset(
    {
        LinkFault.SERVER,
        LinkFault.REJECTED,
        LinkFault.CUT,
        LinkFault.TIMED_OUT,
        LinkFault.BAD_ANSWER,
        LinkFault.TOO_LONG,
    }
)
"""Failures that one bad letter can cause; the rest are the line's or the whole server's."""

_BREAKS_THE_LINE = frozenset({LinkFault.CUT, LinkFault.TIMED_OUT, LinkFault.UNREACHABLE})
"""Failures in which part of a piece was sent for nothing."""

_ENDS_THE_PASS = frozenset(LinkFault) - {LinkFault.SERVER, LinkFault.REJECTED, LinkFault.BAD_ANSWER, LinkFault.TOO_LONG}
"""Failures of the mirror after which letters are not tried; after the others they are: a mirror must not hold them."""


@dataclass(frozen=True)
class SyncSettings:
    """Times in seconds, sizes in bytes."""

    batch_letters: int = 64
    batch_bytes: int = 2 * 1024 * 1024
    piece_bytes: int = PIECE
    least_piece_bytes: int = 64 * 1024
    first_wait_s: float = 1.0
    longest_wait_s: float = 900.0
    probe_s: float = 10.0  # between looks whether central can be reached again at all
    refused_wait_s: float = 900.0  # after 401 or 403: central must be changed, not asked
    disk_wait_s: float = 30.0
    mirror_every_s: float = 60.0
    tend_every_s: float = 3600.0
    longest_mirror: int = 8 * 1024 * 1024


@dataclass(frozen=True)
class SyncState:
    """How it stands with central; for health and the technician."""

    network: Network = Network.UNKNOWN
    fault: str = ""  # a LinkFault or a StoreRefused; empty when all is well
    word: str = ""  # central's own word for it
    mirror: int = 0  # version
    mirror_fault: str = ""  # why the newest mirror could not be taken: a LinkFault or MIRROR_REFUSED
    stopped: bool = False  # central does not know this terminal: only a person can help


class Sync:
    """Owns the conversation with central. `start` and `stop` from outside; `wake` from any thread."""

    def __init__(
        self, store: SqlStore, link: Link, clock: Clock, *, settings: SyncSettings | None = None,
        changed: Callable[[SyncState], None] | None = None, chance: Callable[[], float] = random.random,
    ) -> None:  # fmt: skip
        """`changed` is called in the sync's thread after each change; `chance` gives numbers in [0, 1) for jitter."""
        self._store = store
        self._link = link
        self._clock = clock
        self._settings = settings or SyncSettings()
        self._changed = changed
        self._chance = chance
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._pushed = threading.Event()
        self._thread: threading.Thread | None = None
        held = store.mirror()
        self._state = SyncState(mirror=held.version if held else 0)
        self._failures = 0
        self._wait_until = 0.0  # may be cut short by a new letter
        self._hold_until = 0.0  # central's own wish, or its refusal: may not
        self._mirror_due = self._tend_due = clock.monotonic()
        self._unreachable = False
        self._batch = self._settings.batch_letters
        self._unbroken = 0  # bytes of pieces that went through since the line was last cut
        self._aside: set[str] = set()
        self._upload: _Upload | None = None
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
        self._wake.set()

    def try_now(self) -> None:
        """The network came back, or a technician asks: forget the failures and every wait."""
        self._pushed.set()
        self._wake.set()

    def state(self) -> SyncState:
        return self._state

    def network(self) -> Network:
        return self._state.network

    def heard(self) -> None:
        """Central answered somebody else of this program: when we are waiting for it, the wait is over."""
        if self._state.network is not Network.UP:
            self.try_now()

    # ---- the loop -----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        woken = False
        while not self._stopping.is_set():
            delay = self.round(woken=woken)
            woken = self._wake.wait(delay)
            self._wake.clear()

    def round(self, *, woken: bool = False) -> float:
        """Do what is due; the seconds until something will be due again. Called by the loop, and by tests."""
        self._store.make_ready()
        now = self._clock.monotonic()
        if self._pushed.is_set():
            self._pushed.clear()
            self._failures, self._wait_until, self._hold_until, self._mirror_due = 0, now, now, now
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
        """Mirror when due, then letters until none is left or something fails."""
        now = self._clock.monotonic()
        if now >= self._tend_due:
            self._tend_due = now + self._settings.tend_every_s
            self._store.tend()
        if now >= self._mirror_due:
            failed = self._fetch_mirror()
            if failed is not None and failed.fault in _ENDS_THE_PASS:
                return failed
        while not self._stopping.is_set():
            for send in (self._send_small, self._send_piece):
                moved = send()
                if isinstance(moved, Failed):
                    return moved
                if moved:
                    break
            else:
                if not self._aside:
                    return None
                self._aside.clear()  # everybody else is through: the ones that stepped aside have their turn again
        return None

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
        held = self._store.mirror()
        self._mirror_due = self._clock.monotonic() + self._settings.mirror_every_s
        answer = self._link.exchange(
            "GET",
            f"/v1/mirror?have={held.version if held else 0}",
            expect=frozenset({200, 304}),
            longest=self._settings.longest_mirror,
        )
        if isinstance(answer, Failed):
            return self._mirror_failed(answer)
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

    # ---- letters ------------------------------------------------------------------------------------------------

    def _send_small(self) -> int | Failed:
        letters = self._store.next_small(self._batch, self._settings.batch_bytes, tuple(self._aside))
        if not letters:
            return 0
        batch = LetterBatch(
            letters=tuple(
                Letter(header=self._store.header(letter), body=b64u(letter.body or b"")) for letter in letters
            )
        )
        answer = self._link.exchange("POST", "/v1/letters", canonical(batch.model_dump(mode="json")))
        moved = self._acknowledged(answer, letters)
        if isinstance(moved, Failed):
            return self._failed_with(moved, letters)
        self._batch = min(self._settings.batch_letters, self._batch * 2)
        return moved

    def _send_piece(self) -> int | Failed:
        """One request for the large letter under way: ask how far it came, or send the next piece."""
        upload = self._upload
        if upload is None:
            letter = self._store.next_large(tuple(self._aside))
            if letter is None:
                return 0
            upload = self._upload = _Upload(letter, self._store.header(letter))
        outcome = self._ask_offset(upload) if upload.offset is None else self._push(upload, upload.offset)
        if isinstance(outcome, Failed):
            self._upload = None  # its file is read and hashed anew before it is sent again
            return self._failed_with(outcome, (upload.letter,))
        return outcome

    def _ask_offset(self, upload: "_Upload") -> int | Failed:
        answer = self._link.exchange("HEAD", f"/v1/letters/{upload.letter.id}")
        if isinstance(answer, Failed):
            return answer
        offset = offset_of(answer)
        if offset is None:
            return Failed(LinkFault.BAD_ANSWER, answer.status)
        upload.offset = min(offset, upload.letter.size)
        return 1

    def _push(self, upload: "_Upload", offset: int) -> int | Failed:
        letter = upload.letter
        header = b64u(canonical(upload.header.model_dump(mode="json")))
        # At the very end there is nothing left to send; the empty piece asks for the acknowledgement.
        piece = self._store.piece(letter, offset, self._piece_size())
        answer = self._link.exchange(
            "PATCH",
            f"/v1/letters/{letter.id}",
            piece,
            headers={
                "Upload-Offset": str(offset),
                "Letter-Header": header,
                "Content-Type": "application/octet-stream",
            },
            expect=frozenset({200, 204}),
        )
        if isinstance(answer, Failed):
            if answer.fault in _BREAKS_THE_LINE:
                self._unbroken = 0
            if answer.status == 409 and answer.offset is not None and upload.misplaced < 3:
                upload.misplaced += 1
                upload.offset = min(answer.offset, letter.size)
                return 1
            return answer
        self._unbroken += len(piece)
        if answer.status == 204:
            reached = offset_of(answer)
            if reached is None or not offset < reached <= letter.size:
                return Failed(LinkFault.BAD_ANSWER, answer.status)
            upload.offset, upload.misplaced = reached, 0
            self._progressed()
            return 1
        moved = self._acknowledged(answer, (letter,))
        if not isinstance(moved, Failed):
            self._upload = None
        return moved

    def _piece_size(self) -> int:
        """A sixteenth of what went through since the last cut, within bounds.

        A cut costs the piece that was under way, half of it on average: so 3 % of what the line carries is sent twice,
        however often it breaks, and a line that holds soon carries the largest pieces.
        """
        settings = self._settings
        return min(settings.piece_bytes, max(settings.least_piece_bytes, self._unbroken // 16))

    def _progressed(self) -> None:
        """Something has come through for good: a failure after this is the first again, however many there were."""
        self._failures = 0
        self._tell(Network.UP)

    def _acknowledged(self, answer: Answer | Failed, letters: Sequence[Sealed]) -> int | Failed:
        """How many of the letters a believed answer has moved; never 0, or the loop would turn for nothing."""
        if isinstance(answer, Failed):
            return answer
        asked = {str(letter.id): letter.sha256 for letter in letters}
        acks = acks_in(answer, asked, self._store.keyring(), self._clock.now())
        if isinstance(acks, Failed):
            return acks
        moved = self._store.apply(acks)
        if moved == 0:
            return Failed(LinkFault.BAD_ANSWER, answer.status)
        self._progressed()
        return moved

    def _failed_with(self, failed: Failed, letters: Sequence[Sealed]) -> Failed:
        """When it may be one of the letters: halve the batch; a letter that failed alone steps aside."""
        if failed.fault in _MAY_BE_THE_LETTER:
            if len(letters) > 1:
                self._batch = max(1, len(letters) // 2)
            else:
                self._store.stumbled(letters[0].id, failed.word or failed.fault.value)
                self._aside.add(letters[0].subject)
        return failed

    def _tell(self, network: Network, fault: str = "", word: str = "", *, stopped: bool = False) -> None:
        self._change(replace(self._state, network=network, fault=fault, word=word, stopped=stopped))

    def _change(self, state: SyncState) -> None:
        if state == self._state:
            return
        self._state = state
        LOG.info("central %s %s %s, mirror %d %s", *(str(value) for value in astuple(state)[:3]), state.mirror,
                 state.mirror_fault)  # fmt: skip
        if self._changed is not None:
            self._changed(state)


@dataclass
class _Upload:
    """A large letter under way. `offset` None: central has not been asked yet."""

    letter: Sealed
    header: LetterHeader
    offset: int | None = None
    misplaced: int = 0
