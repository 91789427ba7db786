"""What becomes of a letter, and of a piece of one."""

import datetime as dt
import enum
import re
from dataclasses import dataclass

from wire.messages import LARGEST_LETTER, LetterHeader

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_LATEST = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
_LARGEST_NUMBER = 2**62  # fits every database's 64-bit integer


class Refusal(enum.StrEnum):
    """Why a letter is rejected: a word in the acknowledgement's reason."""

    NOT_YOURS = "letter.not_yours"  # names another region or terminal than the one that signed the request
    BAD_HEADER = "letter.bad_header"  # id, number or time that no terminal of ours writes
    BAD_HASH = "letter.bad_hash"  # the body is not the one the header names
    TOO_LARGE = "letter.too_large"  # or too large for the way it was sent
    ID_TAKEN = "letter.id_taken"  # another terminal's letter has this id


class LetterState(enum.StrEnum):
    """How far central came with a letter it keeps."""

    RECEIVED = "received"  # kept, not opened yet
    OPENED = "opened"  # and its contents are where they belong
    UNREADABLE = "unreadable"  # kept sealed: it could not be opened or made no sense
    HELD = "held"  # opened, but it contradicts what central knows: a person must look


@dataclass(frozen=True)
class Sender:
    """The terminal that signed the request."""

    region: str
    terminal: str


@dataclass(frozen=True)
class Known:
    """The letter that central already keeps under an id."""

    terminal: str
    sha256: str


@dataclass(frozen=True)
class Received:
    """New: to be kept."""


@dataclass(frozen=True)
class Already:
    """The very same letter is kept."""


@dataclass(frozen=True)
class Conflict:
    """The same id with other bytes is kept: both stay, for a person."""


@dataclass(frozen=True)
class Rejected:
    """Not kept."""

    reason: Refusal


Verdict = Received | Already | Conflict | Rejected


def in_our_time(moment: dt.datetime) -> bool:
    """Whether a time is one that a database can hold and a terminal may have meant; a naive one is read as UTC."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
    return _EARLIEST <= aware < _LATEST


def in_our_numbers(number: int) -> bool:
    return 0 <= number < _LARGEST_NUMBER


def check_header(header: LetterHeader, sender: Sender) -> Rejected | None:
    """What can be said before the body: is this letter the sender's, and one that can be kept?"""
    if (header.region, header.terminal) != (sender.region, sender.terminal):
        return Rejected(Refusal.NOT_YOURS)
    if not 0 < header.size <= LARGEST_LETTER:
        return Rejected(Refusal.TOO_LARGE)
    if not _UUID.fullmatch(header.id) or not in_our_numbers(header.seq) or not in_our_time(header.created_at):
        return Rejected(Refusal.BAD_HEADER)
    if "\0" in header.subject:  # which PostgreSQL has in no text
        return Rejected(Refusal.BAD_HEADER)
    return None


def check_body(header: LetterHeader, size: int, sha256: str, *, limit: int) -> Rejected | None:
    """Whether a whole body of `size` bytes is the one the header names."""
    if size > limit:
        return Rejected(Refusal.TOO_LARGE)
    if size != header.size or sha256 != header.sha256:
        return Rejected(Refusal.BAD_HASH)
    return None


def judge_letter(header: LetterHeader, existing: Known | None) -> Verdict:
    """What becomes of a letter whose header and body are sound. Ids are remembered for good."""
    if existing is None:
        return Received()
    if existing.terminal != header.terminal:
        return Rejected(Refusal.ID_TAKEN)
    if existing.sha256 == header.sha256:
        return Already()
    return Conflict()


# ---- pieces of a large body ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Upload:
    """The part of a large body that central holds."""

    sha256: str
    size: int
    held: int


@dataclass(frozen=True)
class Append:
    """Write the piece at `offset`; `last` when the body is then whole. `fresh`: whatever was held before is void."""

    offset: int
    last: bool
    fresh: bool


@dataclass(frozen=True)
class Elsewhere:
    """The piece does not fit: central holds `held` bytes. `fresh` as in `Append`."""

    held: int
    fresh: bool


@dataclass(frozen=True)
class Overlong:
    """The piece runs past the size that the header names."""


PieceVerdict = Append | Elsewhere | Overlong


def judge_piece(header: LetterHeader, upload: Upload | None, offset: int, length: int) -> PieceVerdict:
    """Where a piece of `length` bytes at `offset` goes. Other bytes under the same id start from nothing."""
    fresh = upload is None or (upload.sha256, upload.size) != (header.sha256, header.size)
    held = 0 if upload is None or fresh else upload.held
    if offset != held:
        return Elsewhere(held, fresh)
    if offset + length > header.size:
        return Overlong()
    return Append(offset, offset + length == header.size, fresh)
