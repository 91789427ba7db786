"""Taking letters in. A letter is acknowledged only after it is on disk; the same letter twice is stored once."""

import binascii
import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from pydantic import ValidationError

from central.rules.letters import (
    Already,
    Append,
    Conflict,
    Elsewhere,
    Overlong,
    Received,
    Refusal,
    Rejected,
    Sender,
    Verdict,
    check_body,
    check_header,
    judge_letter,
    judge_piece,
)
from central.store import letters
from central.store.database import Connection, StoreUnavailable
from central.store.letters import Body
from central.wiring import Central
from wire.canonical import sha256_hex, un_b64u
from wire.messages import LARGEST_LETTER, SMALL_LETTER, Ack, AckState, Letter, LetterHeader, SignedAcks

LOG = logging.getLogger("central.intake")

MOST_UPLOADS = 16
"""Unfinished large bodies that are kept per terminal; the one that lay longest gives way. It was never acknowledged."""


@dataclass(frozen=True)
class Progress:
    """So much of a large body is held."""

    held: int


@dataclass(frozen=True)
class Misplaced:
    """The piece does not fit what is held."""

    held: int


PieceAnswer = SignedAcks | Progress | Misplaced


@dataclass(frozen=True)
class Small:
    """A small letter as it came, its sealed bytes in one piece."""

    header: LetterHeader
    body: bytes = field(repr=False)


Came = Small | tuple[str, str]
"""A letter of a batch; (id, sha256) when only these of it make sense."""


def take_letter(value: object) -> Came | None:
    """A letter of a batch as it came in JSON; None when nothing of it makes sense.

    One letter that makes no sense must not stop the others of its batch.
    """
    try:
        letter = Letter.model_validate(value)
    except ValidationError:
        header = value.get("header") if isinstance(value, dict) else None
        return _named(header) if isinstance(header, dict) else None
    try:
        return Small(letter.header, un_b64u(letter.body))
    except (ValueError, binascii.Error):
        return Small(letter.header, b"")


def take_packed(header: dict[str, Any], sealed: bytes) -> Came | None:
    """The same of a letter as it came packed."""
    try:
        return Small(LetterHeader.model_validate(header), sealed)
    except ValidationError:
        return _named(header)


def _named(header: dict[str, Any]) -> tuple[str, str] | None:
    try:
        told = Ack.model_validate(
            {"id": header.get("id"), "sha256": header.get("sha256"), "state": "rejected", "received_at": 0}
        )
    except ValidationError:
        return None
    return told.id, told.sha256


def take_batch(central: Central, sender: Sender, batch: Sequence[Came]) -> SignedAcks:
    """Store a batch in one transaction. Raises StoreUnavailable: nothing was stored."""
    now = central.now()
    told = [letter if isinstance(letter, tuple) else (letter.header.id, letter.header.sha256) for letter in batch]
    answers: dict[int, Ack] = {}
    with central.database.writing() as connection:
        # in the order of their ids: two workers with the same letters then wait for each other once, not crosswise
        for number in sorted(range(len(batch)), key=lambda number: told[number][0]):
            letter, (known_id, sha256) = batch[number], told[number]
            if isinstance(letter, tuple):
                verdict: Verdict = Rejected(Refusal.BAD_HEADER)
                since = now
            else:
                verdict, since = _take_small(connection, sender, letter, now)
            if isinstance(verdict, Rejected):
                letters.note_refusal(connection, sender.region, sender.terminal, known_id, verdict.reason.value, now)
            answers[number] = _ack(known_id, sha256, verdict, since)
    acks = [answers[number] for number in range(len(batch))]
    _told(central, sender, acks)
    return central.keys.sign_acks(tuple(acks))


def _take_small(connection: Connection, sender: Sender, letter: Small, now: dt.datetime) -> tuple[Verdict, dt.datetime]:
    header, body = letter.header, letter.body
    fault = check_header(header, sender) or check_body(header, len(body), sha256_hex(body), limit=SMALL_LETTER)
    return (fault, now) if fault else _store(connection, header, Body(data=body), now)


def _store(connection: Connection, header: LetterHeader, body: Body, now: dt.datetime) -> tuple[Verdict, dt.datetime]:
    """Keep what is to be kept; the verdict, and since when the letter is kept."""
    existing = letters.known(connection, header.region, header.id)
    if existing is None and letters.keep(connection, header, body, now):
        return Received(), now
    existing = existing or letters.known(connection, header.region, header.id)  # another worker was faster
    verdict = judge_letter(header, existing[0] if existing else None)
    match verdict:
        case Received():
            raise StoreUnavailable("a letter's id came and went")
        case Conflict():
            letters.keep_conflict(connection, header, body, now)
        case Already() | Rejected():
            pass
        case _:
            assert_never(verdict)
    return verdict, existing[1] if existing and isinstance(verdict, Already) else now


def _ack(letter: str, sha256: str, verdict: Verdict, since: dt.datetime) -> Ack:
    match verdict:
        case Received():
            state, reason = AckState.RECEIVED, ""
        case Already():
            state, reason = AckState.ALREADY, ""
        case Conflict():
            state, reason = AckState.CONFLICT, "letter.other_bytes"
        case Rejected():
            state, reason = AckState.REJECTED, verdict.reason.value
        case _:
            assert_never(verdict)
    return Ack(id=letter, sha256=sha256, state=state, reason=reason, received_at=since)


def _told(central: Central, sender: Sender, acks: list[Ack]) -> None:
    """What is new is on the disk, so it is acknowledged; it is opened by the worker's opener, afterwards."""
    for ack in acks:
        LOG.info("letter %s of %s: %s %s", ack.id, sender.terminal, ack.state.value, ack.reason)
    if any(ack.state is AckState.RECEIVED for ack in acks):
        central.arrivals.add(sender.region, sender.terminal)


# ---- large bodies, piece by piece ---------------------------------------------------------------------------


def held(central: Central, sender: Sender, letter: str) -> int:
    """How many bytes of this terminal's large letter are held; its whole size when it is kept."""
    with central.database.reading() as connection:
        upload = letters.upload(connection, sender.region, sender.terminal, letter)
        if upload is not None:
            return upload[0].held
        kept = letters.find(connection, sender.region, letter)
    return kept.size if kept is not None and kept.terminal == sender.terminal else 0


def take_piece(central: Central, sender: Sender, header: LetterHeader, offset: int, piece: bytes) -> PieceAnswer:
    """Write a piece to disk; with the last one the letter is stored and acknowledged. Raises StoreUnavailable."""
    now = central.now()
    fault = check_header(header, sender)
    if fault is not None:
        return _refuse(central, sender, header, fault, now)
    name = _file_of(header)
    with central.database.holding(f"upload {name}"):  # two connections may send pieces of the same letter
        with central.database.reading() as connection:
            existing = letters.known(connection, header.region, header.id)
            upload = letters.upload(connection, header.region, header.terminal, header.id)
        verdict = judge_letter(header, existing[0] if existing else None)
        if isinstance(verdict, Rejected):
            return _refuse(central, sender, header, verdict, now)
        if isinstance(verdict, Already) or _conflict_is_kept(central, header, verdict):
            return _end(central, header, verdict, existing[1] if existing and isinstance(verdict, Already) else now)
        placed = judge_piece(header, upload[0] if upload else None, offset, len(piece))
        if isinstance(placed, Overlong):
            _forget(central, header, upload[1] if upload else None)
            return _refuse(central, sender, header, Rejected(Refusal.BAD_HASH), now)
        if placed.fresh and upload is not None and upload[1] != name:
            central.bodies.remove(upload[1])
        if isinstance(placed, Elsewhere):
            if placed.fresh and (upload or existing):  # so that HEAD tells of these bytes, not of the others
                _note(central, header, 0, name, now)
            return Misplaced(placed.held)
        return _write(central, sender, header, placed, piece, name, now)


def _write(
    central: Central, sender: Sender, header: LetterHeader, placed: Append, piece: bytes, name: str, now: dt.datetime
) -> PieceAnswer:
    if placed.fresh:
        _note(central, header, 0, name, now)  # the row before the file: a file that no row names is swept
    if not central.bodies.write_at(name, placed.offset, piece):
        _note(central, header, 0, name, now)  # the beginning is gone from the disk: from the start, then
        return Misplaced(0)
    if not placed.last:
        _note(central, header, placed.offset + len(piece), name, now)
        return Progress(placed.offset + len(piece))
    size, sha256 = central.bodies.measure(name)
    fault = check_body(header, size, sha256, limit=LARGEST_LETTER)
    if fault is not None:
        _forget(central, header, name)
        return _refuse(central, sender, header, fault, now)
    with central.database.writing() as connection:
        verdict, since = _store(connection, header, Body(path=name), now)
        letters.end_upload(connection, header.region, header.terminal, header.id)
    return _end(central, header, verdict, since)


def _end(central: Central, header: LetterHeader, verdict: Verdict, since: dt.datetime) -> SignedAcks:
    ack = _ack(header.id, header.sha256, verdict, since)
    _told(central, Sender(header.region, header.terminal), [ack])
    return central.keys.sign_acks((ack,))


def _refuse(central: Central, sender: Sender, header: LetterHeader, verdict: Rejected, now: dt.datetime) -> SignedAcks:
    with central.database.writing() as connection:
        letters.note_refusal(connection, sender.region, sender.terminal, header.id, verdict.reason.value, now)
    LOG.info("letter %s of %s: rejected %s", header.id, sender.terminal, verdict.reason.value)
    return central.keys.sign_acks((_ack(header.id, header.sha256, verdict, now),))


def _conflict_is_kept(central: Central, header: LetterHeader, verdict: Verdict) -> bool:
    if not isinstance(verdict, Conflict):
        return False
    with central.database.reading() as connection:
        return letters.conflict_known(connection, header.region, header.id, header.sha256)


def _note(central: Central, header: LetterHeader, size: int, name: str, now: dt.datetime) -> None:
    """How much is held. It does not wait for the disk: a power cut may take it back, and then less is told at HEAD."""
    with central.database.writing(durable=False) as connection:
        letters.set_upload(connection, header, size, name, now)
        beyond = letters.uploads_beyond(connection, header.region, header.terminal, MOST_UPLOADS)
        for letter, _ in beyond:
            letters.end_upload(connection, header.region, header.terminal, letter)
    for _, path in beyond:
        central.bodies.remove(path)


def _forget(central: Central, header: LetterHeader, name: str | None) -> None:
    with central.database.writing() as connection:
        letters.end_upload(connection, header.region, header.terminal, header.id)
    if name is not None:
        central.bodies.remove(name)


def _file_of(header: LetterHeader) -> str:
    told = f"letter\0{header.region}\0{header.terminal}\0{header.id}\0{header.sha256}"
    return sha256_hex(told.encode())


IDLE_S = 3600.0
"""A body that nobody has written to for so long is nobody's who works: a worker names what it wrote within minutes."""


def sweep(central: Central, *, idle_s: float = IDLE_S) -> int:
    """Remove bodies that no row names: left by a cut before a commit, never acknowledged. How many there were.

    One worker at a time. 0 where nobody else can be writing.
    """
    with central.database.holding("sweep"):
        idle = set(central.bodies.idle(idle_s))
        with central.database.reading() as connection:  # after the names: what got its row meanwhile is in use
            orphans = idle.difference(letters.paths_in_use(connection))
        for name in orphans.intersection(central.bodies.idle(idle_s)):  # nobody has begun it anew meanwhile
            central.bodies.remove(name)
    return len(orphans)
