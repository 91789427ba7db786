"""What is kept of an application that was begun and not submitted. It never leaves the terminal; see `trust.drafts`."""

import datetime as dt

from pydantic import Field, ValidationError

from wire.canonical import canonical
from wire.messages import Message, Word

MOST_HOURS = 72
"""No item may keep a draft longer."""


class Draft(Message):
    """What the person typed themselves, where they stood, and when they agreed to the terms of this version.

    What the card fills in is not in it: the card fills it in again.
    """

    item: Word
    version: int
    consented_at: dt.datetime
    values: dict[str, str] = Field(repr=False)
    section: int = Field(default=0, ge=0, le=100)


def write_draft(draft: Draft) -> bytes:
    return canonical(draft.model_dump(mode="json"))


def read_draft(data: bytes) -> Draft | None:
    """None for anything that is no draft of this release's shape."""
    try:
        return Draft.model_validate_json(data)
    except ValidationError:
        return None


def draft_context(item: str, version: int, expires: dt.datetime) -> bytes:
    """What the seal binds a draft to, besides its card and its terminal."""
    moment = expires.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return canonical({"item": item, "version": version, "expires": moment})
