"""Writing a letter that cannot be sent to a file, sealed and signed as it would have been sent."""

import os
from collections.abc import Iterable
from pathlib import Path

from trust.files import sync_folder
from trust.keys import Signer
from wire.exported import head, signed_bytes
from wire.messages import LetterHeader


def write_letter(file: Path, header: LetterHeader, body: Iterable[bytes], key: Signer) -> None:
    """Put the letter into `file`, on disk when it returns; or nothing. Raises OSError, and what `body` raises."""
    part = file.with_name(file.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(head(header, key.kid, key.sign(signed_bytes(header))))
            for piece in body:
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
        sync_folder(file.parent)
    finally:
        part.unlink(missing_ok=True)
