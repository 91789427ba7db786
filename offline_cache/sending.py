"""What is sent next, and what an answer to it does: batches of small letters, and large ones piece by piece.

Small letters first; beside them and between the pieces of one large letter, pieces of others. Letters of one subject
never overtake each other: the store gives out none while an earlier one is not acknowledged. Nothing is let go but by a
verified acknowledgement, and nothing is parked but by central's signed word: an answer that anybody could have given
only delays. A letter that keeps failing alone steps aside for the others, and is tried again.
"""

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from offline_cache.answers import acks_in
from offline_cache.clock import Clock
from offline_cache.link import Answer, Failed, LinkFault, offset_of
from offline_cache.outbox import Sealed
from offline_cache.store import SqlStore
from wire.batches import pack_batch
from wire.canonical import b64u, canonical
from wire.messages import PIECE, Letter, LetterBatch, LetterHeader

LOG = logging.getLogger("offline_cache.sending")

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

_MAY_BE_THE_FORM = frozenset({LinkFault.REJECTED, LinkFault.PORTAL})
"""Failures of a packed batch that a central of the release before gives (422 `letters.not_json`, before anything is
kept), or a proxy that lets JSON through only."""


@dataclass(frozen=True)
class SyncSettings:
    """Times in seconds, sizes in bytes."""

    in_flight: int = 3
    """Requests under way at once: while one waits for its answer, others use the line."""
    batch_letters: int = 64
    batch_bytes: int = 2 * 1024 * 1024
    packed_again_s: float = 3600.0  # after a packed batch was not taken: so long they go as JSON
    piece_bytes: int = PIECE
    least_piece_bytes: int = 64 * 1024
    first_wait_s: float = 1.0
    longest_wait_s: float = 900.0
    probe_s: float = 10.0  # between looks whether central can be reached again at all
    refused_wait_s: float = 900.0  # after 401 or 403: central must be changed, not asked
    disk_wait_s: float = 30.0
    mirror_every_s: float = 60.0
    edition_again_s: float = 900.0  # after an edition that did not come or was refused
    tend_every_s: float = 3600.0
    longest_mirror: int = 8 * 1024 * 1024


@dataclass(frozen=True)
class Request:
    """One exchange; `take` is given its answer, in the sync's thread, and gives back why nothing came of it."""

    method: str
    target: str
    take: Callable[[Answer | Failed], Failed | None]
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    expect: frozenset[int] = frozenset({200})


class Sending:
    """Knows which letters are under way. Used by one thread."""

    def __init__(self, store: SqlStore, clock: Clock, settings: SyncSettings, progressed: Callable[[], None]) -> None:
        """`progressed` is called when something has come through for good."""
        self._store = store
        self._clock = clock
        self._settings = settings
        self._progressed = progressed
        self._batch = settings.batch_letters
        self._plain_until = -math.inf
        self._unbroken = 0  # bytes of pieces that went through since the line was last cut
        self._aside: set[str] = set()
        self._uploads: list[_Upload] = []
        self._tried: set[str] = set()
        """Large letters that this program has begun to send. Of any other the first piece is sent without asking how
        much central holds: nearly always that is nothing, and what an earlier run had begun comes first after its
        start, when a piece that turns out to be there already is of the smallest."""

    def requests(self) -> list[Request]:
        """At most `in_flight`, to be under way at once; none when nothing is to be sent. Raises DiskRefused."""
        small = self._small()
        made = [] if small is None else [small]
        while len(made) + len(self._uploads) < self._settings.in_flight and self._begin():
            pass
        room = self._settings.in_flight - len(made)
        return made + [self._step(upload) for upload in self._uploads[:room]]

    def let_back(self) -> bool:
        """Everybody else is through: those that stepped aside have their turn again; whether there are any."""
        some = bool(self._aside)
        self._aside.clear()
        return some

    # ---- small letters, in batches ------------------------------------------------------------------------------

    def _small(self) -> Request | None:
        letters = self._store.next_small(self._batch, self._settings.batch_bytes, tuple(self._aside))
        if not letters:
            return None
        told = [(self._store.header(letter), letter.body or b"") for letter in letters]
        packed = self._clock.monotonic() >= self._plain_until
        take = partial(self._take_small, letters, packed)
        if packed:
            kind = {"Content-Type": "application/octet-stream"}
            return Request("POST", "/v1/letters", take, pack_batch(told), kind)
        batch = LetterBatch(letters=tuple(Letter(header=header, body=b64u(body)) for header, body in told))
        return Request("POST", "/v1/letters", take, canonical(batch.model_dump(mode="json")))

    def _take_small(self, letters: Sequence[Sealed], packed: bool, answer: Answer | Failed) -> Failed | None:
        if packed and isinstance(answer, Failed) and answer.fault in _MAY_BE_THE_FORM:
            LOG.info("a packed batch was not taken: %s %d; JSON for a while", answer.fault.value, answer.status)
            self._plain_until = self._clock.monotonic() + self._settings.packed_again_s
            return None  # the same letters at once as JSON: what is said to that counts
        failed = self._acknowledged(answer, letters)
        if failed is not None:
            return self._failed_with(failed, letters)
        self._batch = min(self._settings.batch_letters, self._batch * 2)
        return None

    # ---- large letters, piece by piece --------------------------------------------------------------------------

    def _begin(self) -> bool:
        """Take up another large letter; whether there was one."""
        under_way = {upload.letter.subject for upload in self._uploads}
        letter = self._store.next_large(tuple(self._aside | under_way))
        if letter is None:
            return False
        offset = None if letter.id in self._tried else 0
        self._tried.add(letter.id)
        self._uploads.append(_Upload(letter, self._store.header(letter), offset))
        return True

    def _step(self, upload: "_Upload") -> Request:
        """Ask how far it came, or send the next piece."""
        target = f"/v1/letters/{upload.letter.id}"
        offset = upload.offset
        if offset is None:
            return Request("HEAD", target, partial(self._take_offset, upload))
        # At the very end there is nothing left to send; the empty piece asks for the acknowledgement.
        piece = self._store.piece(upload.letter, offset, self._piece_size())
        headers = {
            "Upload-Offset": str(offset),
            "Letter-Header": b64u(canonical(upload.header.model_dump(mode="json"))),
            "Content-Type": "application/octet-stream",
        }
        take = partial(self._take_piece, upload, offset, len(piece))
        return Request("PATCH", target, take, piece, headers, frozenset({200, 204}))

    def _take_offset(self, upload: "_Upload", answer: Answer | Failed) -> Failed | None:
        if isinstance(answer, Failed):
            return self._end_with(answer, upload)
        offset = offset_of(answer)
        if offset is None:
            return self._end_with(Failed(LinkFault.BAD_ANSWER, answer.status), upload)
        upload.offset = min(offset, upload.letter.size)
        return None

    def _take_piece(self, upload: "_Upload", offset: int, length: int, answer: Answer | Failed) -> Failed | None:
        letter = upload.letter
        if isinstance(answer, Failed):
            if answer.fault in _BREAKS_THE_LINE:
                self._unbroken = 0
            if answer.status == 409 and answer.offset is not None and upload.misplaced < 3:
                upload.misplaced += 1
                upload.offset = min(answer.offset, letter.size)
                return None
            return self._end_with(answer, upload)
        self._unbroken += length
        if answer.status == 204:
            reached = offset_of(answer)
            if reached is None or not offset < reached <= letter.size:
                return self._end_with(Failed(LinkFault.BAD_ANSWER, answer.status), upload)
            upload.offset, upload.misplaced = reached, 0
            self._progressed()
            return None
        failed = self._acknowledged(answer, (letter,))
        if failed is not None:
            return self._end_with(failed, upload)
        self._uploads.remove(upload)
        self._tried.discard(letter.id)
        return None

    def _end_with(self, failed: Failed, upload: "_Upload") -> Failed:
        self._uploads.remove(upload)  # its file is read and hashed anew before it is sent again
        return self._failed_with(failed, (upload.letter,))

    def _piece_size(self) -> int:
        """A sixteenth of what went through since the last cut, within bounds.

        A cut costs the piece that was under way, half of it on average: so 3 % of what the line carries is sent twice,
        however often it breaks, and a line that holds soon carries the largest pieces.
        """
        settings = self._settings
        return min(settings.piece_bytes, max(settings.least_piece_bytes, self._unbroken // 16))

    # ---- what central said --------------------------------------------------------------------------------------

    def _acknowledged(self, answer: Answer | Failed, letters: Sequence[Sealed]) -> Failed | None:
        """Do what a believed answer says. One that moves no letter is no answer, or the loop would turn for nothing."""
        if isinstance(answer, Failed):
            return answer
        asked = {str(letter.id): letter.sha256 for letter in letters}
        acks = acks_in(answer, asked, self._store.keyring(), self._clock.now())
        if isinstance(acks, Failed):
            return acks
        if self._store.apply(acks) == 0:
            return Failed(LinkFault.BAD_ANSWER, answer.status)
        self._progressed()
        return None

    def _failed_with(self, failed: Failed, letters: Sequence[Sealed]) -> Failed:
        """When it may be one of the letters: halve the batch; a letter that failed alone steps aside."""
        if failed.fault in _MAY_BE_THE_LETTER:
            if len(letters) > 1:
                self._batch = max(1, len(letters) // 2)
            else:
                self._store.stumbled(letters[0].id, failed.word or failed.fault.value)
                self._aside.add(letters[0].subject)
        return failed


@dataclass
class _Upload:
    """A large letter under way. `offset` None: central is to be asked how much it holds."""

    letter: Sealed
    header: LetterHeader
    offset: int | None = None
    misplaced: int = 0
