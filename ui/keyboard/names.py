"""People's names by pinyin: a surname's share times that of the given name, which is known whole or by its characters.

A model of how often a name is borne, counted offline; it holds nobody's name as such and is never written to.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from heapq import nlargest
from math import exp, log
from pathlib import Path

from ui.keyboard.weights import Weighted, read_tables

# Beside the panel because the frozen program carries `ui/qml` as it stands.
FILE = Path(__file__).resolve().parents[1] / "qml" / "keyboard" / "names.txt"

KNOWN_WHOLE = 0.4  # share of given names of two that the list of pairs accounts for; the rest go by characters
SAME_TWICE = 0.04  # share of given names that say one character twice
AGES = {"old": 0.6, "young": 0.4}  # characters of a given name go by the age of who bears it
ALONE = 0.2  # share of names with one character after the surname
UNSAID = log(0.15)  # a given name typed without its surname
SURNAME_ONLY = log(0.5)
WELL_KNOWN = log(4)  # what the pinyin library's first sentence adds to a name
UNUSUAL = log(0.1)  # letters meant to be split in another way: 李安 for lian
WIDTH = 24  # characters looked at for each place of a name


class Names:
    """Candidates for a name's syllables, the likelier first. Raises OSError without its file: our bug."""

    def __init__(self, file: Path = FILE) -> None:
        tables = read_tables(file)
        self._surnames, self._pairs = tables["surnames"], tables["pairs"]
        self._alone = tables["alone"]
        self._ages = [(share, tables[f"first_of_{age}"], tables[f"second_of_{age}"]) for age, share in AGES.items()]
        self._known = frozenset(text for sound in self._surnames.lines for text, _ in self._surnames.of(sound))

    def after(self, chosen: str, ways: Sequence[Sequence[str]], words: Sequence[str], limit: int) -> list[str]:
        """What may stand for these syllables after `chosen`, a name's beginning; the usual split of letters first.

        `words` are texts of the language for all the letters, the likelier first: a name among them is well known.
        """
        if not chosen:
            found = _merged(ways, lambda way: [*self._with_surname(way), *self._given(way, UNSAID)])
        elif chosen in self._known:
            found = _merged(ways, lambda way: self._given(way, 0.0))
        elif chosen[:-1] in self._known:
            found = _merged(ways, self._last)
        else:
            return []
        heard = {text: WELL_KNOWN - log(1 + place) for place, text in enumerate(words)}
        return _best([(text, worth + max(0.0, heard.get(text, 0.0))) for text, worth in found], limit)

    def whole(self, ways: Sequence[Sequence[str]], limit: int) -> list[str]:
        """Names for all of these syllables: with the surname, or without it."""
        return _best(_merged(ways, lambda way: [*self._with_surname(way), *self._given(way, UNSAID)]), limit)

    def _last(self, syllables: Sequence[str]) -> Weighted:
        if len(syllables) != 1:
            return []
        return [(text, worth + log(age)) for age, _, last in self._ages for text, worth in last.of(syllables[0])]

    def _with_surname(self, syllables: Sequence[str]) -> Iterator[tuple[str, float]]:
        if len(syllables) == 1:
            for text, worth in self._surnames.of(syllables[0]):
                yield text, worth + SURNAME_ONLY
        for length in (1, 2):
            surnames = self._surnames.of("'".join(syllables[:length])) if len(syllables) > length else ()
            given = self._given(syllables[length:], 0.0) if surnames else []
            for surname, worth in surnames:
                if len(surname) == length:
                    for text, share in given:
                        yield surname + text, worth + share

    def _given(self, syllables: Sequence[str], worth: float) -> Weighted:
        if len(syllables) == 1:
            return [(text, share + worth + log(ALONE)) for text, share in self._alone.of(syllables[0])[:WIDTH]]
        if len(syllables) != 2:
            return []
        found: dict[str, float] = {}
        for age, firsts, seconds in self._ages:
            latter = [(text, exp(share)) for text, share in seconds.of(syllables[1])[:WIDTH]]
            for first, share in firsts.of(syllables[0])[:WIDTH]:
                one = (1 - KNOWN_WHOLE) * age * exp(share)
                for second, two in latter:
                    found[first + second] = found.get(first + second, 0.0) + one * two
        for text, share in self._pairs.of("'".join(syllables)):
            found[text] = found.get(text, 0.0) + KNOWN_WHOLE * exp(share)
        if syllables[0] == syllables[1]:
            for text, share in self._alone.of(syllables[0])[:WIDTH]:
                found[text * 2] = found.get(text * 2, 0.0) + SAME_TWICE * exp(share)
        return [(text, log((1 - ALONE) * share) + worth) for text, share in found.items()]


@cache
def names() -> Names:
    """The one table of the program, read when it is first asked for."""
    return Names()


def _merged(ways: Sequence[Sequence[str]], found: Callable[[Sequence[str]], Weighted]) -> Weighted:
    return [(text, worth + (UNUSUAL if place else 0.0)) for place, way in enumerate(ways) for text, worth in found(way)]


def _best(found: Sequence[tuple[str, float]], limit: int) -> list[str]:
    worth: dict[str, float] = {}
    for text, share in found:
        worth[text] = max(share, worth.get(text, share))
    return nlargest(limit, worth, key=worth.__getitem__)
