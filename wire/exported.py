"""A sealed letter in a file, to be carried to central by hand: what `offline_cache` writes and central's desk reads.

Layout: the line `nuanting-letter 1`, one line of canonical JSON `{"header": LetterHeader, "kid": …, "sig": …}`, then
the sealed body to its end. `sig` is by the terminal's key (use "sign.terminal") over `signed_bytes(header)`:
the header names the body's size and SHA-256, so the signature is over the whole. Nothing in it can be read without
central's key.
"""

import binascii
import json
from collections.abc import Iterator
from typing import BinaryIO

from pydantic import ValidationError

from wire.canonical import b64u, canonical, un_b64u
from wire.messages import LetterHeader, Message, Word

MAGIC = b"nuanting-letter 1\n"
SUFFIX = ".nuanting-letter"
_LONGEST_HEAD = 8192
_PIECE = 1024 * 1024


class NotALetter(Exception):
    """The file does not begin as an exported letter does."""


class ExportedHead(Message):
    """Who says so, of what."""

    header: LetterHeader
    kid: Word
    sig: str

    @property
    def signature(self) -> bytes:
        """Raises NotALetter."""
        try:
            return un_b64u(self.sig)
        except (ValueError, binascii.Error) as mistake:
            raise NotALetter("sig") from mistake


def signed_bytes(header: LetterHeader) -> bytes:
    """The bytes under the terminal's signature; no other message of ours looks like them."""
    return canonical({"exported": header.model_dump(mode="json")})


def head(header: LetterHeader, kid: str, sig: bytes) -> bytes:
    """What stands before the body."""
    told = ExportedHead(header=header, kid=kid, sig=b64u(sig))
    return MAGIC + canonical(told.model_dump(mode="json")) + b"\n"


def read_head(file: BinaryIO) -> ExportedHead:
    """Leaves the file at the body's first byte. The signature is not looked at. Raises NotALetter, OSError."""
    if file.read(len(MAGIC)) != MAGIC:
        raise NotALetter("magic")
    line = file.readline(_LONGEST_HEAD)
    if not line.endswith(b"\n"):
        raise NotALetter("head")
    try:
        return ExportedHead.model_validate(json.loads(line), strict=False)
    except (ValueError, RecursionError, ValidationError) as mistake:
        raise NotALetter("head") from mistake


def body(file: BinaryIO) -> Iterator[bytes]:
    """The rest of the file after `read_head`, in pieces. Raises OSError."""
    while piece := file.read(_PIECE):
        yield piece
