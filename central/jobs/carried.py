"""A letter that came by hand in a file: taken in as if it had come over the wire, and acknowledged in a file."""

import hashlib
import itertools
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from central.jobs.audit import note
from central.jobs.intake import Misplaced, Progress, Small, held, take_batch, take_piece
from central.jobs.unseal import open_letters
from central.rules.letters import Sender, check_header
from central.saying import disk
from central.store import terminals
from central.store.database import StoreUnavailable
from central.wiring import Central
from trust.files import write_private
from trust.keys import USE_TERMINAL, KeyRing
from wire.canonical import canonical
from wire.exported import SUFFIX, NotALetter, body, read_head, signed_bytes
from wire.messages import PIECE, SMALL_LETTER, Ack, AckState, LetterHeader, SignedAcks

LOG = logging.getLogger("central.carried")

ANSWER_SUFFIX = ".nuanting-acks"
_MOST_MISSES = 8

_WORDS = {
    AckState.RECEIVED: "taken in",
    AckState.ALREADY: "was here already, the very same",
    AckState.CONFLICT: "another letter with this number is here: both are kept, somebody must look",
    AckState.REJECTED: "refused",
}


@dataclass(frozen=True)
class Carried:
    """What became of one file. `ack` None: nothing was taken from it, and `says` tells why."""

    file: Path
    says: str
    ack: Ack | None = None


def take_file(central: Central, file: Path, *, former: bool = False, by: str = "desk") -> Carried:
    """Take in one exported letter. `former`: also when its terminal's key was replaced or withdrawn since.

    A copy that was damaged or cut on its way is not taken and not acknowledged: the letter is still at its terminal.
    Raises StoreUnavailable: the same file may be given again.
    """
    try:
        with file.open("rb") as came:
            head = read_head(came)
            signature, start = head.signature, came.tell()
            digest, size = hashlib.sha256(), 0
            for piece in body(came):
                digest.update(piece)
                size += len(piece)
    except NotALetter:
        return Carried(file, "this is no exported letter, or its beginning is damaged: copy it again")
    except OSError as unreadable:
        return Carried(file, f"it cannot be read: {disk(unreadable)}")
    header = head.header
    refusal = _refusal(central, header, head.kid, signature, former)
    if refusal:
        return Carried(file, refusal)
    if (size, digest.hexdigest()) != (header.size, header.sha256):
        return Carried(file, "it was damaged or cut on its way: copy it again from the terminal")
    sender = Sender(header.region, header.terminal)
    ack = _small(central, sender, header, file, start) if size <= SMALL_LETTER else None
    ack = ack or _large(central, sender, header, file, start)
    if ack is None:
        return Carried(file, "its pieces are being sent by the terminal at this moment: try again later")
    with central.database.writing() as connection:
        note(
            connection,
            central,
            by,
            "letter.carried",
            header.id,
            region=header.region,
            terminal=header.terminal,
            state=ack.state.value,
            former_key=former,
        )
    if ack.state is AckState.RECEIVED:
        _opened(central, sender)
    LOG.info("letter %s of %s came by hand: %s", header.id, header.terminal, ack.state.value)
    said = f"{_WORDS[ack.state]}{f' ({ack.reason})' if ack.state is AckState.REJECTED else ''}"
    return Carried(file, f"letter {header.id} of {header.region}/{header.terminal}: {said}", ack)


def _opened(central: Central, sender: Sender) -> None:
    """Open what came, here: no opener goes on after this command. What the disk refuses now, who serves opens later."""
    try:
        open_letters(central, sender.region, [sender.terminal])
    except StoreUnavailable as world:
        LOG.warning("letters of %s stay unopened for now: %s", sender.terminal, world)


def answers(central: Central, acks: tuple[Ack, ...]) -> bytes:
    """The acknowledgements for the terminal, a SignedAcks in each line: by the key in use, then by former ones.

    A terminal that nobody could reach for long may know only a former key; it passes over lines that it cannot believe.
    """
    signed = central.keys.sign_acks_by_all(acks)
    return b"".join(canonical(each.model_dump(mode="json")) + b"\n" for each in signed)


def write_answer(central: Central, carried: Carried, folder: Path) -> Path | None:
    """Put the acknowledgement of a file into `folder`, to be carried back; None when there is none. Raises OSError."""
    if carried.ack is None:
        return None
    name = carried.file.name.removesuffix(SUFFIX)
    path = folder / f"{name}{ANSWER_SUFFIX}"
    write_private(path, answers(central, (carried.ack,)))
    return path


def _refusal(central: Central, header: LetterHeader, kid: str, signature: bytes, former: bool) -> str:
    """Why a letter is not believed; empty when it is."""
    with central.database.reading() as connection:
        key = terminals.key(connection, kid)
    if key is None:
        return "no terminal of ours has signed it: its key is unknown here"
    if not KeyRing((key.key,)).verify(USE_TERMINAL, kid, signed_bytes(header), signature, central.now()):
        return "its terminal's signature is wrong: it was changed, or damaged on its way; copy it again"
    if check_header(header, Sender(key.region, key.terminal)) is not None:
        return "what it says of itself is not what that terminal would say"
    if key.until is not None and not former:
        return (
            f"the key of {key.region}/{key.terminal} that signed it was replaced or withdrawn on {key.until:%Y-%m-%d}: "
            "say --former when you know where this file comes from"
        )
    return ""


def _small(central: Central, sender: Sender, header: LetterHeader, file: Path, start: int) -> Ack | None:
    with file.open("rb") as came:
        came.seek(start)
        sealed = came.read(SMALL_LETTER + 1)
    return take_batch(central, sender, [Small(header, sealed)]).acks[0]


def _large(central: Central, sender: Sender, header: LetterHeader, file: Path, start: int) -> Ack | None:
    """Piece by piece from what is held already; None when somebody else keeps putting pieces of it."""
    offset = held(central, sender, header.id)
    misses = itertools.count(1)
    with file.open("rb") as came:
        while True:
            came.seek(start + offset)
            answer = take_piece(central, sender, header, offset, came.read(PIECE))
            match answer:
                case SignedAcks():
                    return answer.acks[0]
                case Progress():
                    offset = answer.held
                case Misplaced():
                    offset = answer.held
                    if next(misses) > _MOST_MISSES:
                        return None
                case _:
                    assert_never(answer)
