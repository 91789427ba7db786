"""An edition of the catalogue: the files that a terminal works by, as central publishes them.

    GET /v1/catalogue?have=N&settings=1  -> SignedEdition, or 304 when the region has no newer one than N

`settings=1` says that the terminal knows SETTINGS_FILE. It then always gets one, empty where the district sets nothing;
who does not say it, a terminal of a release before, gets the same edition without that file, signed as it is sent.

A mirror does not say that there is an edition: a terminal of the first release refuses a mirror with a name that it
does not know. The answer to `GET /v1/mirror` says it in the header `Catalogue-Edition`, which such a terminal passes
over. The header is a hint that nobody signs: it moves a terminal to ask, and the answer has to stand for itself.
"""

import datetime as dt
from typing import Annotated, Any

from pydantic import Field, field_validator

from wire.messages import Message, Word

EDITION_HEADER = "Catalogue-Edition"
"""Of the answer to a mirror's request: the newest edition's version."""

EVERYWHERE = "*"
"""The region of an edition that is for all."""

LARGEST_EDITION = 4 * 1024 * 1024
"""Bytes of all texts together, as UTF-8."""
LONGEST_ANSWER = 3 * LARGEST_EDITION
"""Bytes of the JSON that carries them: it writes some characters as two."""
MOST_VERSION = 2**53

SETTINGS_FILE = "settings.toml"
"""What the district sets on its terminals (`catalogue.district`). No file of a catalogue can be called so."""
SETTINGS_ASKED = "settings"
"""The word of the query."""

FILE_NAME = r"^(settings\.toml|((items|packages)/)?[a-z0-9][a-z0-9_-]{0,63}\.yaml)$"
FileName = Annotated[str, Field(pattern=FILE_NAME)]
"""Where a file lies in a catalogue's folder. Nothing else can be written by an edition."""


class Edition(Message):
    """The files of a catalogue, whole. `version` is never given twice, and a later edition has a higher one."""

    version: int = Field(ge=1, lt=MOST_VERSION)
    as_of: dt.datetime
    region: Word  # EVERYWHERE or one region's
    files: dict[FileName, str] = Field(min_length=1, max_length=2100)

    @field_validator("files")
    @classmethod
    def _is_not_too_large(cls, files: dict[str, str]) -> dict[str, str]:
        if sum(len(text.encode("utf-8", "surrogatepass")) for text in files.values()) > LARGEST_EDITION:
            raise ValueError("too large")
        return files


class SignedEdition(Message):
    """`sig` is over canonical({"edition": …}) by a key of use "sign.ack"."""

    edition: Edition
    kid: Word
    sig: str


def signed_part(edition: Any) -> dict[str, Any]:
    """What is signed of an edition's JSON. Its outer name keeps it apart from all else that the same key signs."""
    return {"edition": edition}
