"""Finds items by what a person writes: pieces of words, other names, pairs of characters, letters of the pinyin. Pure.

What people write is short and seldom the office's word. So a piece of a title or of another name counts most, then
the beginning of a reading (`jlk`, `jinglao`, `jingl` all begin 敬老卡), then the summary, then pairs of characters in
common.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from catalogue.model import Item, LifeEvent, Text

LONGEST = 40
"""Characters of a query that are looked at."""
MOST = 8
ALIKE = 0.34
"""Share of a query's pairs of characters that must be found, where nothing better fits."""

TITLE, ALSO, SUMMARY, READ, PAIRS = 60, 50, 25, 40, 20
WHOLE, BEGINS, NEAT = 30, 10, 5

Readings = Mapping[str, Collection[str]]
"""Character -> its syllables in pinyin, without tones."""


@dataclass(frozen=True)
class Name:
    """A name of an item as it is compared, and the readings of its characters."""

    text: str
    words: tuple[str, ...]
    read: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Entry:
    """One item as it is searched."""

    code: str
    titles: tuple[Name, ...]
    also: tuple[Name, ...]
    summaries: tuple[Name, ...]


@dataclass(frozen=True)
class Index:
    """All items, and the events of a life (which tell where else to go), ready to be searched."""

    items: tuple[Entry, ...] = field(default=(), repr=False)
    events: tuple[Entry, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Found:
    """Codes that fit, the best first."""

    items: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


def index(items: Iterable[Item], life: Iterable[LifeEvent], readings: Readings) -> Index:
    """Make the index; once, when the catalogue is read."""

    def name(text: str) -> Name:
        whole = fold(text)
        return Name(whole.replace(" ", ""), tuple(whole.split()), _read(whole, readings))

    def both(text: Text | None) -> tuple[Name, ...]:
        return (name(text.zh), name(text.en)) if text is not None else ()

    return Index(
        tuple(Entry(i.code, both(i.title), tuple(name(word) for word in i.also), both(i.summary)) for i in items),
        tuple(Entry(event.code, both(event.title), (), both(event.elsewhere)) for event in life),
    )


def search(where: Index, query: str, most: int = MOST) -> Found:
    """What fits a query; nothing for an empty one."""
    wanted = fold(query[:LONGEST])
    if not wanted:
        return Found()
    return Found(_best(where.items, wanted, most), _best(where.events, wanted, most))


def _best(entries: tuple[Entry, ...], wanted: str, most: int) -> tuple[str, ...]:
    scored = ((score(entry, wanted), place, entry.code) for place, entry in enumerate(entries))
    good = sorted((-points, place, code) for points, place, code in scored if points > 0)
    return tuple(code for _, _, code in good[:most])


def score(entry: Entry, wanted: str) -> int:
    """How well an entry fits a folded query; 0 when it does not."""
    return max(
        _piece(entry.titles, wanted, TITLE),
        _piece(entry.also, wanted, ALSO),
        _piece(entry.summaries, wanted, SUMMARY) if len(wanted) > 2 or not wanted.isascii() else 0,
        _letters((*entry.titles, *entry.also), wanted),
        _pairs((*entry.titles, *entry.also, *entry.summaries), wanted),
    )


def fold(text: str) -> str:
    """As it is compared: narrow, small, words parted by one space, signs gone."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def _read(text: str, readings: Readings) -> tuple[tuple[str, ...], ...]:
    """The readings of each character that has any; what has none breaks nothing and is left out."""
    return tuple(tuple(readings[c]) for c in text if c in readings)


def _piece(names: tuple[Name, ...], wanted: str, points: int) -> int:
    return max((_inside(name, wanted, points) for name in names), default=0)


def _inside(name: Name, wanted: str, points: int) -> int:
    """A piece of the name; in letters, words that each begin one of its words."""
    tight = wanted.replace(" ", "")
    if name.text == tight:
        return points + WHOLE
    if wanted.isascii():
        parts = wanted.split()
        if not all(any(word.startswith(part) for word in name.words) for part in parts):
            return 0
        return points + BEGINS * name.text.startswith(tight) + NEAT * (set(parts) <= set(name.words))
    if tight in name.text:
        return points + BEGINS * name.text.startswith(tight)
    return 0


def _letters(names: tuple[Name, ...], wanted: str) -> int:
    """Letters that read a run of the name's characters, each in full, in part, or by its first letter."""
    letters = wanted.replace(" ", "")
    if not letters.isascii() or not letters.isalpha():
        return 0
    best = 0
    for name in names:
        for start in range(len(name.read) if len(letters) > 1 else min(1, len(name.read))):
            if _reads(name.read[start:], letters):
                best = max(best, READ + BEGINS * (start == 0))
    return best


def _reads(read: tuple[tuple[str, ...], ...], letters: str) -> bool:
    """Whether all letters are used up by beginnings of syllables, one after the other."""
    left = {0}
    for syllables in read:
        after: set[int] = set()
        for at in left:
            for syllable in syllables:
                length = 0
                while length < len(syllable) and letters[at + length : at + length + 1] == syllable[length]:
                    length += 1
                    after.add(at + length)
        if len(letters) in after:
            return True
        left = after
    return False


def _pairs(names: tuple[Name, ...], wanted: str) -> int:
    """Pairs of characters in common, for a query that says more or otherwise than any name does."""
    tight = wanted.replace(" ", "")
    pairs = {tight[at : at + 2] for at in range(len(tight) - 1) if not tight[at : at + 2].isascii()}
    if not pairs:
        return 0
    share = sum(any(pair in name.text for name in names) for pair in pairs) / len(pairs)
    return round(PAIRS * share) if share >= ALIKE else 0
