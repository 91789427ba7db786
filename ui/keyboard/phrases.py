"""Places by syllables: what the pinyin library does not know of this city."""

from collections.abc import Iterable, Sequence
from functools import cache

from ui.keyboard.places import PLACES

LEAST_SPAN = 2  # one syllable alone is nobody's phrase


class Phrases:
    """Phrases by their syllables. The earlier of two with the same syllables is the likelier."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._texts: dict[tuple[str, ...], list[str]] = {}
        for text, pinyin in entries:
            self._texts.setdefault(tuple(pinyin.split("'")), []).append(text)
        self._longest = max((len(key) for key in self._texts), default=0)

    def beginning(self, syllables: Sequence[str]) -> list[str]:
        """Phrases that stand at the beginning of these syllables, the longest first."""
        ends = range(min(len(syllables), self._longest), LEAST_SPAN - 1, -1)
        return [text for end in ends for text in self._texts.get(tuple(syllables[:end]), ())]

    def cover(self, syllables: Sequence[str]) -> list[tuple[int, int, str]]:
        """Phrases (start, end, text) that cover as many syllables as can be, by as few phrases as can be."""
        best: list[tuple[int, int, list[tuple[int, int, str]]]] = [(0, 0, [])]
        for end in range(1, len(syllables) + 1):
            here = best[end - 1]
            for start in range(max(0, end - self._longest), end - LEAST_SPAN + 1):
                texts = self._texts.get(tuple(syllables[start:end]))
                if texts:
                    covered, used, spans = best[start]
                    one = (covered + end - start, used - 1, [*spans, (start, end, texts[0])])
                    here = max(here, one, key=lambda way: way[:2])
            best.append(here)
        return best[-1][2]


@cache
def phrases() -> Phrases:
    """The one table of the program."""
    entries = [entry.rsplit(" ", 1) for line in PLACES.strip().splitlines() for entry in line.split("  ")]
    return Phrases((text, pinyin) for text, pinyin in entries)
