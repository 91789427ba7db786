"""Cuts a text into breaths, so that the first of it is heard while the rest is still rendered. Pure."""

import re

LONGEST = {"zh": 48, "en": 140}
"""Characters in one breath; a longer sentence is cut at a comma, and where there is none at a space, or anywhere."""
MOST = 20_000
"""Characters that are spoken of one text; the rest is not."""

_SENTENCES = re.compile(r"(?<=[。！？；!?;…])(?![。！？；!?;…”’」』）)])|(?<=[.:])\s+|\n+")
_COMMAS = re.compile(r"(?<=[，、：,:])")
_SPACES = re.compile(r"(?<=\s)")


def breaths(text: str, language: str) -> list[str]:
    """The breaths of a text, in order; nothing of it is lost but spaces at the ends."""
    longest = LONGEST[language]
    made: list[str] = []
    for sentence in _SENTENCES.split(text[:MOST]):
        made += _shorter(sentence, longest, (_COMMAS, _SPACES))
    return [breath for breath in (each.strip() for each in made) if any(sign.isalnum() for sign in breath)]


def _shorter(text: str, longest: int, at: tuple[re.Pattern[str], ...]) -> list[str]:
    if len(text) <= longest:
        return [text]
    if not at:
        return [text[n : n + longest] for n in range(0, len(text), longest)]
    parts, held = list[str](), ""
    for part in at[0].split(text):
        if held and len(held) + len(part) > longest:
            parts += _shorter(held, longest, at[1:])
            held = ""
        held += part
    return parts + _shorter(held, longest, at[1:])
