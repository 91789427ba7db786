"""What the keyboard asks of an engine, and the two there are: the pinyin library, or single characters without it."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from ui.keyboard.characters import COARSE, Characters, characters
from ui.keyboard.google import GooglePinyin, NoLibrary
from ui.keyboard.phrases import Phrases, phrases

PHRASES_AND_SENTENCES = "keyboard.sentences"
CHARACTERS_ONLY = "keyboard.characters_only"

MOST_LETTERS = 36  # the library's own end is 39
SURNAMED = range(2, 4 + 1)  # syllables of a name
MOST_SINGLES = 1200  # more than the library has for any one syllable
GIVEN_NAMES = 4  # offered with the likeliest surname
WORDS_FIRST = 3
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

    def candidates(self, pinyin: str, limit: int) -> list[Candidate]:
        """The likeliest first, none twice; empty when the letters begin with no syllable."""

    def rare(self, pinyin: str, limit: int) -> list[Candidate]:
        """Further characters for the first syllable: those that `candidates` does not know."""

    def split(self, pinyin: str) -> tuple[int, ...]:
        """Where the syllables start and the last one ends."""


class SingleCharacters:
    """The engine without a library: one character after the other."""

    status = CHARACTERS_ONLY

    def __init__(self, table: Characters | None = None) -> None:
        self._table = table or characters()

    def split(self, pinyin: str) -> tuple[int, ...]:
        return self._table.split(pinyin)

    def candidates(self, pinyin: str, limit: int) -> list[Candidate]:
        starts = self.split(pinyin)
        if len(starts) < 2:
            return []
        likely = [Candidate(one, starts[1]) for one in self._table.of(pinyin[: starts[1]].rstrip("'"))]
        # The letters may be meant to be split elsewhere: jing'an or jin'gan.
        other = [Candidate(one, end) for end in range(starts[1] - 1, 0, -1) for one in self._table.of(pinyin[:end])]
        merged = {
            one.text: one for one in reversed([*likely[:FIRST_SHARE], *other[:OTHER_SHARE], *likely[FIRST_SHARE:]])
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
        self._held = frozenset(
            text
            for syllable in self._table.syllables()
            for text in library.search(syllable, MOST_SINGLES).texts
            if len(text) == 1
        )

    def split(self, pinyin: str) -> tuple[int, ...]:
        return self._library.search(pinyin, 0).starts

    def candidates(self, pinyin: str, limit: int) -> list[Candidate]:
        found = self._library.search(pinyin, limit)
        starts, count = found.starts, len(found.starts) - 1
        if count == 0:
            return []
        own = [text for text in found.texts if len(text) <= count and not COARSE.intersection(text)]
        whole = [text for text in own if len(text) == count]
        rest = [text for text in own if len(text) < count]
        syllables = [pinyin[at:end].strip("'") for at, end in pairwise(starts)]
        led = self._phrases.beginning(syllables)
        if count > 1:
            whole = self._with_known(syllables, whole)
        merged = dict.fromkeys(whole[:1] + led + whole[1:] + rest)
        room = max(0, limit - len(merged))
        merged.update(dict.fromkeys(self._further(syllables[0], room)))
        return [Candidate(text, starts[len(text)]) for text in merged][:limit]

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
        """Sentences for all syllables: ours where they hold a phrase we know, else the library's and people's names."""
        ours = self._sentence(syllables)
        if ours:
            return [ours, *whole]
        if len(syllables) not in SURNAMED:
            return whole
        # Two syllables are more often a word than a name.
        at = WORDS_FIRST if len(syllables) == 2 else 1
        return [*whole[:at], *self._names(syllables), *whole[at:]]

    def _sentence(self, syllables: list[str]) -> str:
        """The sentence around the phrases we know; empty when there is none, or a gap that cannot be filled."""
        spans = self._phrases.cover(syllables)
        if not spans:
            return ""
        parts, at = [], 0
        for start, end, text in [*spans, (len(syllables), len(syllables), "")]:
            if start > at:
                parts.append(self._first(syllables[at:start]))
                if len(parts[-1]) != start - at:
                    return ""
            parts.append(text)
            at = end
        return "".join(parts)

    def _names(self, syllables: list[str]) -> list[str]:
        surnames = self._phrases.surnames(syllables[0])
        words = self._library.search("'".join(syllables[1:]), 1).texts
        given = [*self._phrases.given(syllables[1:]), *(text for text in words if len(text) == len(syllables) - 1)]
        if not surnames or not given:
            return []
        likely = [surnames[0] + text for text in dict.fromkeys(given[:GIVEN_NAMES] + given[-1:])]
        return likely + [surname + given[0] for surname in surnames[1:2]]

    def _first(self, syllables: list[str]) -> str:
        texts = self._library.search("'".join(syllables), 1).texts
        return texts[0] if texts else ""


def open_engine() -> Engine:
    """The best engine this machine has. Raises OSError when our own table is missing: our bug."""
    try:
        return Sentences(GooglePinyin.open())
    except NoLibrary:
        return SingleCharacters()
