"""Single characters by pinyin: the rare ones for people's names, and all of them where the pinyin library is absent."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

# Beside the panel because the frozen program carries `ui/qml` as it stands.
FILE = Path(__file__).resolve().parents[1] / "qml" / "keyboard" / "characters.txt"

VOWELS = frozenset("aeiouv")
SAME = {"lue": "lve", "nue": "nve"}  # the two ways to write lüe and nüe
COARSE = frozenset("肏屄屌尻")  # a public terminal does not offer these


class Characters:
    """Pinyin without tones -> its characters, the more common first. Raises OSError without its file: our bug."""

    def __init__(self, file: Path = FILE) -> None:
        self._table: dict[str, str] = {}
        for line in file.read_text("utf-8").splitlines():
            if not line.startswith("#"):
                syllable, characters = line.split(" ")
                self._table[syllable] = "".join(one for one in characters if one not in COARSE)
        self._longest = max(map(len, self._table))

    def of(self, syllable: str) -> str:
        """All characters of one syllable; none for what is no syllable."""
        return self._table.get(SAME.get(syllable, syllable), "")

    def syllables(self) -> tuple[str, ...]:
        """All there are."""
        return tuple(self._table)

    def readings(self) -> dict[str, tuple[str, ...]]:
        """Every character, and the syllables it is read as."""
        found: dict[str, tuple[str, ...]] = {}
        for syllable, characters in self._table.items():
            for one in characters:
                found[one] = (*found.get(one, ()), syllable)
        return found

    def split(self, letters: str) -> tuple[int, ...]:
        """Where syllables start, and where the last one ends: (0,) when the letters begin with no syllable.

        The longest syllable is taken that leaves letters a syllable can begin with; an apostrophe ends one.
        """
        starts = [0]
        while starts[-1] < len(letters):
            at = starts[-1]
            end = self._end(letters, at)
            if end == at:
                break
            while end < len(letters) and letters[end] == "'":
                end += 1
            starts.append(end)
        return tuple(starts)

    def ways(self, letters: str, most: int) -> Iterator[list[str]]:
        """Every way to split all the letters into at most so many syllables, the longer syllables first."""
        if not letters:
            yield []
        elif most:
            for end in range(min(len(letters), self._longest), 0, -1):
                if self.of(letters[:end]):
                    for rest in self.ways(letters[end:].removeprefix("'"), most - 1):
                        yield [letters[:end], *rest]

    def _end(self, letters: str, at: int) -> int:
        longest = at
        for end in range(min(len(letters), at + self._longest), at, -1):
            if not self.of(letters[at:end]):
                continue
            if end == len(letters) or letters[end] not in VOWELS or self.of(letters[end]):
                return end
            longest = max(longest, end)
        return longest


@cache
def characters() -> Characters:
    """The one table of the program, read when it is first asked for (150 kB)."""
    return Characters()
