"""What the keyboard asks of an engine, and the two there are: the pinyin library, or single characters without it."""

from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Protocol

from ui.keyboard.characters import COARSE, Characters, characters
from ui.keyboard.google import GooglePinyin, NoLibrary
from ui.keyboard.names import Names, names
from ui.keyboard.phrases import Phrases, phrases
from ui.keyboard.roads import roads

PHRASES_AND_SENTENCES = "keyboard.sentences"
CHARACTERS_ONLY = "keyboard.characters_only"

MOST_LETTERS = 36  # the library's own end is 39
NAME_ENDS = 4  # syllables of the longest name
MOST_SINGLES = 1200  # more than the library has for any one syllable
MOST_NAMES = 40  # where a name is typed
SOME_NAMES = 4  # where anything may be typed
NAMES_FIRST = 6  # before what the library makes of a name
WORDS_FIRST = 3
MOST_PLACES = 12
LONGEST_PLACE = 6  # syllables
PLACES_FIRST = 4  # before what the library makes of a road
MOST_WORDS = 12
SENTENCES = 3  # that differ only in the place they end in
MOST_WAYS = 6
FIRST_SHARE = 120  # single characters before those of another split
OTHER_SHARE = 100


@dataclass(frozen=True, repr=False)
class Candidate:
    """What may stand for the first `consumed` letters. Shows nothing of itself: it is what somebody types."""

    text: str
    consumed: int


class Engine(Protocol):
    """Letters to characters. Remembers nothing between two questions. Letters are a-z and apostrophes."""

    @property
    def status(self) -> str:
        """PHRASES_AND_SENTENCES or CHARACTERS_ONLY."""

    def candidates(self, pinyin: str, limit: int, *, name: str | None = None) -> list[Candidate]:
        """The likeliest first, none twice; empty when the letters begin with no syllable.

        `name` says that a person's name is typed, and what of it is chosen already.
        """

    def rare(self, pinyin: str, limit: int) -> list[Candidate]:
        """Further characters for the first syllable: those that `candidates` does not know."""

    def split(self, pinyin: str) -> tuple[int, ...]:
        """Where the syllables start and the last one ends."""


class SingleCharacters:
    """The engine without a library: one character after the other."""

    status = CHARACTERS_ONLY

    def __init__(self, table: Characters | None = None) -> None:
        self._table = table or characters()
        self._names = names()

    def split(self, pinyin: str) -> tuple[int, ...]:
        return self._table.split(pinyin)

    def candidates(self, pinyin: str, limit: int, *, name: str | None = None) -> list[Candidate]:
        starts = self.split(pinyin)
        if len(starts) < 2:
            return []
        whole = [] if name is None else _names(self._names, self._table, pinyin, starts, name, [])
        likely = [Candidate(one, starts[1]) for one in self._table.of(pinyin[: starts[1]].rstrip("'"))]
        # The letters may be meant to be split elsewhere: jing'an or jin'gan.
        other = [Candidate(one, end) for end in range(starts[1] - 1, 0, -1) for one in self._table.of(pinyin[:end])]
        merged = {
            one.text: one
            for one in reversed([*whole, *likely[:FIRST_SHARE], *other[:OTHER_SHARE], *likely[FIRST_SHARE:]])
        }
        return list(reversed(merged.values()))[:limit]

    def rare(self, pinyin: str, limit: int) -> list[Candidate]:
        return []


class Sentences:
    """The pinyin library, with the phrases of this city, people's surnames and rare characters added."""

    status = PHRASES_AND_SENTENCES

    def __init__(self, library: GooglePinyin, table: Characters | None = None, known: Phrases | None = None) -> None:
        self._library = library
        self._table = table or characters()
        self._phrases = known or phrases()
        self._names = names()
        self._roads = roads()
        self._held = frozenset(
            text
            for syllable in self._table.syllables()
            for text in library.search(syllable, MOST_SINGLES).texts
            if len(text) == 1
        )

    def split(self, pinyin: str) -> tuple[int, ...]:
        return self._library.search(pinyin, 0).starts

    def candidates(self, pinyin: str, limit: int, *, name: str | None = None) -> list[Candidate]:
        found = self._library.search(pinyin, limit)
        starts, count = found.starts, len(found.starts) - 1
        if count == 0:
            return []
        own = [text for text in found.texts if len(text) <= count and not COARSE.intersection(text)]
        whole = [text for text in own if len(text) == count]
        rest = [text for text in own if len(text) < count]
        syllables = [pinyin[at:end].strip("'") for at, end in pairwise(starts)]
        led = self._phrases.beginning(syllables)
        merged: dict[str, int] = {}
        if name is None:
            if count > 1:
                whole = self._with_known(syllables, whole)
            ordered = whole[:1] + led + whole[1:] + rest
        else:
            persons = _names(self._names, self._table, pinyin, starts, name, whole)
            merged = {one.text: one.consumed for one in persons[:NAMES_FIRST]}
            merged.update((one, starts[count]) for one in whole[:1] if one not in merged)
            merged.update((one.text, one.consumed) for one in persons[NAMES_FIRST:] if one.text not in merged)
            ordered = whole[1:] + rest + led
        for text in ordered:
            merged.setdefault(text, starts[len(text)])
        for text in self._further(syllables[0], limit - len(merged)):
            merged.setdefault(text, starts[1])
        return [Candidate(text, consumed) for text, consumed in merged.items()][:limit]

    def rare(self, pinyin: str, limit: int) -> list[Candidate]:
        starts = self.split(pinyin)
        if len(starts) < 2:
            return []
        return [Candidate(one, starts[1]) for one in self._further(pinyin[: starts[1]].strip("'"), limit)]

    def _further(self, syllable: str, limit: int) -> list[str]:
        """Characters the library does not have for this syllable; first those that it does not have at all."""
        if limit <= 0:
            return []
        here = set(self._library.search(syllable, MOST_SINGLES).texts)
        further = [one for one in self._table.of(syllable) if one not in here]
        return sorted(further, key=self._held.__contains__)[:limit]

    def _with_known(self, syllables: list[str], whole: list[str]) -> list[str]:
        """Sentences for all syllables: ours where they hold a phrase we know, places, the library's, people's names."""
        ours = self._sentence(syllables)
        places = self._places(syllables)
        if ours:
            return [*ours, *places, *whole]
        if places:
            if self._roads.sure(syllables):
                return [*places[:PLACES_FIRST], *whole[:1], *places[PLACES_FIRST:], *whole[1:]]
            return [*whole[:WORDS_FIRST], *places, *whole[WORDS_FIRST:]]
        # Two syllables are more often a word than a name.
        at = WORDS_FIRST if len(syllables) == 2 else 1
        return [*whole[:at], *self._names.whole([syllables], SOME_NAMES), *whole[at:]]

    def _places(self, syllables: list[str]) -> list[str]:
        """Names of a road or another place that all the syllables may be."""
        if len(syllables) > LONGEST_PLACE:
            return []
        words = [self._words(syllables[:-length]) for length in self._roads.ends(syllables)]
        return self._roads.named(syllables, words, MOST_PLACES)

    def _words(self, syllables: list[str]) -> list[str]:
        texts = self._library.search("'".join(syllables), MOST_WORDS).texts
        return [text for text in texts if len(text) == len(syllables) > 1 and not COARSE.intersection(text)]

    def _sentence(self, syllables: list[str]) -> list[str]:
        """Sentences around the phrases we know; none when there is no phrase, or a gap that cannot be filled."""
        spans = self._phrases.cover(syllables)
        if not spans:
            return []
        made, at = [""], 0
        for start, end, text in [*spans, (len(syllables), len(syllables), "")]:
            if start > at:
                gap = syllables[at:start]
                last = start == len(syllables) and self._roads.sure(gap)
                fillings = self._places(gap)[:SENTENCES] if last else []
                fillings = fillings or [one for one in [self._first(gap)] if len(one) == len(gap)]
                made = [begun + one for begun in made for one in fillings]
            made = [begun + text for begun in made]
            at = end
        return made

    def _first(self, syllables: list[str]) -> str:
        texts = self._library.search("'".join(syllables), 1).texts
        return texts[0] if texts else ""


def _names(
    known: Names, table: Characters, pinyin: str, starts: tuple[int, ...], chosen: str, words: list[str]
) -> list[Candidate]:
    """What of a person's name all letters may stand for, after what is chosen of it."""
    if starts[-1] != len(pinyin) or len(starts) > NAME_ENDS + 1:
        return []
    usual = [pinyin[at:end].strip("'") for at, end in pairwise(starts)]
    others = (way for way in table.ways(pinyin, NAME_ENDS) if way != usual)
    ways = [usual, *islice(others, MOST_WAYS)]
    return [Candidate(text, len(pinyin)) for text in known.after(chosen, ways, words, MOST_NAMES)]


def open_engine() -> Engine:
    """The best engine this machine has. Raises OSError when our own table is missing: our bug."""
    try:
        return Sentences(GooglePinyin.open())
    except NoLibrary:
        return SingleCharacters()
