"""The terminal's store: `kiosk.ports.Store`, and what the sync asks of it. `offline_cache.boot.open_store` opens it.

Every change is one fsynced transaction. When the disk is full, new letters are refused before anything is promised,
while deeds that were begun can still be ended: they may spend the reserve. Past 400 lines because every way into the
store is one short method here, and the rooms behind them are modules of their own.
"""

import contextlib
import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from offline_cache import codes, deeds, editions, mirror, numbers, outbox, schema
from offline_cache.ahead import Ahead
from offline_cache.answers import acks_in
from offline_cache.bodies import Bodies
from offline_cache.clock import Clock
from offline_cache.database import Database, DiskRefused, told_as_disk
from offline_cache.drafts import SealedDrafts
from offline_cache.drafts import drop as drop_draft
from offline_cache.exporting import write_letter
from offline_cache.identity import Identity, is_enough
from offline_cache.link import Answer, Failed
from offline_cache.outbox import LetterRow, Sealed
from offline_cache.reserve import Reserve
from offline_cache.room import Gauge, RoomSettings
from trust.keys import USE_SEAL, KeyRing, is_over
from trust.sealing import MOST_RECIPIENTS, NoSealKey, Sealer, can_seal_to
from wire.deeds import (
    Accepted,
    Deed,
    DeedId,
    DeedRow,
    DeedState,
    Refused,
    Room,
    StoreRefused,
    Waiting,
)
from wire.editions import EVERYWHERE, Edition
from wire.ids import LetterId
from wire.letters import Amended, Application, Collected, Contents
from wire.messages import LARGEST_LETTER, PIECE, SMALL_LETTER, Ack, AckState, LetterHeader, Mirror, PublicKey
from wire.packing import pack


@dataclass(frozen=True)
class StoreSettings:
    reserve_bytes: int = 16 * 1024 * 1024
    keep_acked: dt.timedelta = dt.timedelta(days=30)
    """How long a row without bytes tells that a letter was acknowledged; ended deeds are kept as long."""
    room: RoomSettings = field(default_factory=RoomSettings)


class SqlStore:
    """What the terminal remembers. Any thread may call; each call may take as long as the disk."""

    def __init__(
        self, database: Database, bodies: Bodies, reserve: Reserve, identity: Identity, clock: Clock,
        settings: StoreSettings, let_go: Callable[[], None], drafts: SealedDrafts,
    ) -> None:  # fmt: skip
        self.identity = identity
        self.drafts = drafts
        self._database = database
        self._bodies = bodies
        self._reserve = reserve
        self._clock = clock
        self._settings = settings
        self._let_go = let_go
        self._gauge = Gauge(database.path.parent, reserve, clock, settings.room, self._attempt)
        database.on_refused = self._gauge.refused
        self._on_letter: Callable[[], None] = _nobody
        self._ring_lock = threading.Lock()
        self._ahead = Ahead()
        with database.reading() as connection:
            self._mirror = mirror.load(connection)
            self._mirror_seen = mirror.seen(connection) if self._mirror is not None else None
        self._trust(trusted_keys(identity, self._mirror))
        self.make_ready()

    def close(self) -> None:
        self._database.close()
        self._bodies.close()
        self._let_go()

    # ---- kiosk.ports.Store --------------------------------------------------------------------------------------

    def accept(
        self, contents: Contents, *, subject: str, promises: Sequence[Deed] = (), draft: str = "",
        files: Mapping[str, bytes | Path] | None = None,
    ) -> Accepted | Refused:  # fmt: skip
        """Seal the letter to central and write it with the deeds it entails in one transaction; `draft` ends in it.

        `files`: attachments whose `data` is empty in `contents`, by SHA-256: as bytes, or files read piece by piece.
        """
        try:
            with self._letter(contents, subject, files) as (letter, connection):
                deeds.promise(connection, promises, letter.created_at)
                if draft:
                    drop_draft(connection, draft)
        except DiskRefused as refused:
            return Refused(refused.reason)
        except _TooLarge:
            return Refused(StoreRefused.TOO_LARGE)
        self._on_letter()
        return Accepted(letter.id, letter.created_at)

    def promise(self, deed: Deed) -> Accepted | Refused:
        now = self._clock.now()
        try:
            with self._database.transaction() as connection:
                deeds.promise(connection, (deed,), now)
        except DiskRefused as refused:
            return Refused(refused.reason)
        return Accepted(LetterId(""), now)

    def mark(self, deed: DeedId, state: DeedState, note: str = "") -> None:
        """Move a deed on. Raises StoreBroken when the disk refuses, DeedMisuse when that move cannot be."""

        def work() -> None:
            with self._database.transaction() as connection:
                deeds.mark(connection, deed, state, note, self._clock.now())

        self._at_any_price(work)

    def settle(
        self, deed: DeedId, state: DeedState, contents: Contents | None, *, subject: str, note: str = ""
    ) -> None:
        """End a deed and write the letter that tells of it, in one transaction. Raises StoreBroken, DeedMisuse."""
        if contents is None:
            return self.mark(deed, state, note)

        def work() -> None:
            with self._letter(contents, subject) as (letter, connection):
                deeds.mark(connection, deed, state, note, letter.created_at)

        try:
            self._at_any_price(work)
        except _TooLarge as large:
            raise DiskRefused(StoreRefused.TOO_LARGE, "a deed's letter") from large
        self._on_letter()
        return None

    def open_deeds(self) -> tuple[DeedRow, ...]:
        with self._database.reading() as connection:
            return deeds.open_deeds(connection)

    def deeds(self, limit: int = 200) -> tuple[DeedRow, ...]:
        with self._database.reading() as connection:
            return deeds.newest(connection, limit)

    def next_number(self, name: str) -> int:
        """The next of a durable counter, from 1. Raises StoreBroken."""
        with self._database.transaction() as connection:
            return numbers.next_number(connection, name)

    def chain(self) -> tuple[int, str]:
        with self._database.reading() as connection:
            return numbers.chain(connection)

    def first_use(self, code_id: str, expires: dt.datetime) -> bool:
        """Whether this code is shown for the first time here. Raises StoreBroken: then it must not be honoured."""
        with self._database.transaction() as connection:
            return codes.first_use(connection, code_id, expires, self._clock.now())

    def mirror(self) -> Mirror | None:
        with self._ring_lock:
            return self._mirror

    def mirror_seen(self) -> dt.datetime | None:
        """When central last said that the mirror held here is its newest; None before the first."""
        with self._ring_lock:
            return self._mirror_seen

    def tickets_gone(self) -> frozenset[str]:
        """Tickets emptied here that central may still list. Asked before `mirror`: a switch in between hides nothing.

        The other way round a ticket could be in the last mirror, and in this no longer.
        """
        with self._database.reading() as connection:
            return mirror.gone(connection)

    def waiting(self) -> Waiting:
        with self._database.reading() as connection:
            return outbox.waiting(connection)

    def room(self) -> Room:
        """Whether a new visit's letter would be taken; asked before anything is typed."""
        return self._gauge.room()

    # ---- for the technician -------------------------------------------------------------------------------------

    def letters(self, limit: int = 200) -> tuple[LetterRow, ...]:
        """Letters not yet acknowledged, parked ones first."""
        with self._database.reading() as connection:
            return outbox.listed(connection, limit)

    def unpark(self, letter: LetterId) -> bool:
        """Let a parked letter be sent again; whether it was parked."""
        with self._database.transaction() as connection:
            done = outbox.unpark(connection, letter, self._clock.now())
        if done:
            self._on_letter()
        return done

    def export(self, letter: LetterId, file: Path) -> bool:
        """Write a letter that central has not acknowledged to `file` (`wire.exported`), to be carried there by hand.

        It stays here as it is: only central's signature lets go of it. False when there is no such letter, or its bytes
        are gone. Raises OSError for the file's disk, StoreBroken for ours.
        """
        with self._database.reading() as connection:
            row = outbox.unsent(connection, letter)
        if row is None or (row.body is None and self._bodies.sha256(letter) is None):
            return False
        write_letter(file, self.header(row), self._whole(row), self.identity.key)
        return True

    def take_acks(self, told: bytes) -> int:
        """Do what central's acknowledgements say that came by hand, a SignedAcks in each line; how many letters moved.

        Lines that central did not sign with a key that is believed here are passed over. Raises StoreBroken.
        """
        with self._database.reading() as connection:
            ours = outbox.hashes(connection)
        read = (acks_in(Answer(200, {}, line), ours, self.keyring(), self._clock.now()) for line in told.splitlines())
        return sum(self.apply(acks) for acks in read if not isinstance(acks, Failed))

    # ---- for the sync -------------------------------------------------------------------------------------------

    def call_on_letter(self, callback: Callable[[], None]) -> None:
        """`callback` is called after each new letter, in the thread that wrote it; it must return at once."""
        self._on_letter = callback

    def keyring(self) -> KeyRing:
        """The keys this terminal believes now."""
        with self._ring_lock:
            return self._ring

    def header(self, letter: Sealed) -> LetterHeader:
        return LetterHeader(
            id=letter.id,
            region=self.identity.region,
            terminal=self.identity.terminal,
            kind=letter.kind,
            seq=letter.seq,
            sha256=letter.sha256,
            size=letter.size,
            created_at=letter.created_at,
            subject=letter.subject,
        )

    def next_small(self, most: int, most_bytes: int, skip: Collection[str] = ()) -> tuple[Sealed, ...]:
        with self._database.transaction() as connection:
            return outbox.next_small(connection, most=most, most_bytes=most_bytes, skip=skip)

    def next_large(self, skip: Collection[str] = ()) -> Sealed | None:
        """The next large letter, its file compared with its SHA-256; damaged and missing ones are parked on the way."""
        while True:
            with self._database.transaction() as connection:
                letter = outbox.next_large(connection, skip=skip)
            if letter is None:
                return None
            found = self._bodies.sha256(letter.id)
            if found == letter.sha256:
                return letter
            self.park(letter.id, outbox.PARKED_MISSING if found is None else outbox.PARKED_DAMAGED)

    def piece(self, letter: Sealed, offset: int, size: int) -> bytes:
        """Part of a large letter. Raises StoreBroken."""
        with told_as_disk():
            return self._bodies.piece(letter.id, offset, size)

    def _whole(self, letter: Sealed) -> Iterator[bytes]:
        if letter.body is not None:
            yield letter.body
            return
        offset = 0
        while piece := self.piece(letter, offset, PIECE):
            yield piece
            offset += len(piece)

    def apply(self, acks: Sequence[Ack]) -> int:
        """Do what verified acknowledgements say, in one transaction; how many letters they moved."""
        moved: list[str] = []

        def work() -> None:
            moved.clear()
            with self._database.transaction() as connection:
                moved.extend(ack.id for ack in acks if _applied(connection, ack, self._clock.now()))

        self._at_any_price(work)
        for ack in acks:
            if ack.id in moved and ack.state in (AckState.RECEIVED, AckState.ALREADY):
                self._bodies.remove(ack.id)
        return len(moved)

    def park(self, letter: LetterId, reason: str) -> None:
        self._at_any_price(lambda: self._in_transaction(outbox.park, letter, reason))

    def stumbled(self, letter: LetterId, reason: str) -> None:
        self._at_any_price(lambda: self._in_transaction(outbox.stumbled, letter, reason))

    def take_mirror(self, new: Mirror) -> bool:
        """Switch to a mirror whose signature was verified; False when it is not for us, older, or leaves us keyless.

        Older means both by version and by time: a replay is both, a central restored from a backup only the first.
        """
        keys = trusted_keys(self.identity, new)
        held = self.mirror()
        if new.terminal != self.identity.terminal or not is_enough(keys):
            return False
        if held is not None and new.version < held.version and new.as_of < held.as_of:
            return False
        now, seen = self._clock.now(), self.mirror_seen()
        try:
            with self._database.transaction() as connection:
                mirror.switch(connection, new, now)
                # Before it is done: who then finds a ticket no longer among the emptied ones must not find it listed.
                self._hold(new, now, keys)
        except DiskRefused:
            self._hold(held, seen, trusted_keys(self.identity, held))
            raise
        return True

    def _hold(self, held: Mirror | None, seen: dt.datetime | None, keys: tuple[PublicKey, ...]) -> None:
        with self._ring_lock:
            self._mirror, self._mirror_seen = held, seen
            self._trust(keys)

    def confirm_mirror(self) -> None:
        """Central said that there is no newer one. Written down when the store is next tended."""
        with self._ring_lock:
            if self._mirror is not None:
                self._mirror_seen = self._clock.now()

    def edition(self) -> Edition | None:
        """The last good edition of the catalogue; None before the first, and when the disk changed it."""
        with self._database.reading() as connection:
            return editions.load(connection)

    def take_edition(self, new: Edition) -> bool:
        """Switch to an edition whose signature was verified and which was read; False when not for us or not newer."""
        if new.region not in (EVERYWHERE, self.identity.region):
            return False
        with self._database.transaction() as connection:
            if not editions.is_news(connection, new):
                return False
            editions.switch(connection, new, self._clock.now())
        return True

    def make_ready(self) -> None:
        """Do now what the next letter would otherwise wait for. Called often by the sync; quick when nothing is due."""
        now = self._clock.now()
        with contextlib.suppress(NoSealKey):  # told when a letter is to be written
            self._ahead.prepare(self._seal_keys(now), now)
        try:
            self._database.fold_log()
        except DiskRefused as refused:  # nothing is lost: it is in the log
            self._gauge.refused(refused)

    def tend(self) -> None:
        """Now and then: forget what is long over, and lay the reserve down again when there is room."""
        before = self._clock.now() - self._settings.keep_acked
        with self._database.transaction() as connection:
            outbox.forget(connection, before)
            deeds.forget(connection, before)
            seen = self.mirror_seen()
            if seen is not None:
                mirror.note_seen(connection, seen)
        with told_as_disk():
            self._reserve.make()

    # ---- within -------------------------------------------------------------------------------------------------

    @contextmanager
    def _letter(
        self, contents: Contents, subject: str, files: Mapping[str, bytes | Path] | None = None
    ) -> Iterator[tuple[Sealed, sa.Connection]]:
        """Seal, then hold the transaction in which the letter is written; a body file goes when the rest fails."""
        now = self._clock.now()
        with told_as_disk():
            packed = pack(contents, files)
        blank = self._ahead.take(self._seal_keys(now), now)
        identifier, sealer = blank.letter, Sealer(blank.envelope, packed.size)
        if sealer.sealed_size > LARGEST_LETTER:
            raise _TooLarge
        body: bytes | None = None
        if sealer.sealed_size <= SMALL_LETTER:
            with told_as_disk():
                body = b"".join(sealer.pieces(packed.pieces()))
            sha256 = hashlib.sha256(body).hexdigest()
        else:
            sha256 = self._write_body(identifier, sealer.pieces(packed.pieces()))
        letter = Sealed(identifier, contents.kind, subject, now, sha256, sealer.sealed_size, body)
        written = False
        try:
            with self._database.transaction() as connection:
                yield letter, connection
                outbox.put(connection, letter)
                if isinstance(contents, Application | Amended):
                    numbers.move_chain(connection, contents.receipt)
                if isinstance(contents, Collected) and contents.outcome == "taken":
                    mirror.empty(connection, contents.ticket, now)
            written = True
        finally:
            if not written and body is None:
                self._bodies.remove(identifier)

    def _write_body(self, letter: LetterId, pieces: Iterator[bytes]) -> str:
        try:
            with told_as_disk():
                return self._bodies.write(letter, pieces)
        except DiskRefused as refused:
            self._gauge.refused(refused)
            raise

    def _attempt(self) -> None:
        with told_as_disk():
            self._bodies.attempt()
        with self._database.transaction() as connection:
            schema.touch(connection, self._clock.now())

    def _seal_keys(self, now: dt.datetime) -> tuple[PublicKey, ...]:
        with self._ring_lock:
            keys = self._sealing
        # When every key has run out, the clock is wrong or central forgot: a letter sealed to an old key can still be
        # opened by whoever kept it, a letter refused is lost.
        return (tuple(key for key in keys if not is_over(key, now)) or keys)[:MOST_RECIPIENTS]

    def _trust(self, keys: tuple[PublicKey, ...]) -> None:
        self._ring = KeyRing(keys)
        self._sealing = tuple(key for key in keys if key.use == USE_SEAL and can_seal_to(key))

    def _at_any_price(self, work: Callable[[], None]) -> None:
        """Do what must not fail for want of room, with the reserve if need be. Raises DiskRefused."""
        try:
            work()
        except DiskRefused as refused:
            if refused.reason is not StoreRefused.FULL or not self._reserve.spend():
                raise
            work()

    def _in_transaction(self, work: Callable[[sa.Connection, str, str, dt.datetime], object], a: str, b: str) -> None:
        with self._database.transaction() as connection:
            work(connection, a, b, self._clock.now())


class _TooLarge(Exception):
    """The sealed letter would be larger than any that central takes."""


def trusted_keys(identity: Identity, held: Mirror | None) -> tuple[PublicKey, ...]:
    """The mirror's keys for every use it names, the enrolment's for the rest: so keys can be replaced and withdrawn."""
    newer = held.keys if held is not None else ()
    named = {key.use for key in newer}
    return newer + tuple(key for key in identity.keys if key.use not in named)


def _applied(connection: sa.Connection, ack: Ack, at: dt.datetime) -> bool:
    match ack.state:
        case AckState.RECEIVED | AckState.ALREADY:
            return outbox.acknowledge(connection, ack.id, ack.sha256, at)
        case AckState.CONFLICT:
            return outbox.park(connection, ack.id, outbox.PARKED_CONFLICT, at)
        case AckState.REJECTED:
            return outbox.park(connection, ack.id, outbox.PARKED_REJECTED, at)


def _nobody() -> None:
    return None
