"""Roads and other places by pinyin: a name of any place in the country, or one of its making, before 路, 街, 镇 …

Shanghai calls its roads after other places, and its highways by a character of either end: so a road that no table
holds is still likely made of what the tables hold.
"""

from collections.abc import Sequence
from functools import cache
from heapq import nlargest
from math import exp, log
from pathlib import Path

from ui.keyboard.weights import read_tables

# Beside the panel because the frozen program carries `ui/qml` as it stands.
FILE = Path(__file__).resolve().parents[1] / "qml" / "keyboard" / "roads.txt"

# What names of places end in, with what may stand before it: the likelier first where two sound alike.
KINDS = {
    "lu": ("路",), "dong'lu": ("东路",), "xi'lu": ("西路",), "nan'lu": ("南路",), "bei'lu": ("北路",),
    "zhong'lu": ("中路",), "zhi'lu": ("支路",), "huan'lu": ("环路",), "yi'lu": ("一路",), "er'lu": ("二路",),
    "san'lu": ("三路",), "si'lu": ("四路",), "wu'lu": ("五路",), "gong'lu": ("公路",), "da'dao": ("大道",),
    "jie": ("街",), "da'jie": ("大街",), "dong'jie": ("东街",), "xi'jie": ("西街",), "nan'jie": ("南街",),
    "bei'jie": ("北街",), "xiang": ("巷", "乡"), "zhen": ("镇",), "cun": ("村",), "xin'cun": ("新村",),
    "jie'dao": ("街道",), "qu": ("区",), "shi": ("市",), "xian": ("县",), "hua'yuan": ("花园", "花苑"),
    "gong'yu": ("公寓",), "yuan": ("苑", "园"), "jia'yuan": ("家园", "佳苑"), "xiao'qu": ("小区",),
    "da'sha": ("大厦",), "guang'chang": ("广场",), "bang": ("浜",), "qiao": ("桥",), "zhai": ("宅",),
}  # fmt: skip
LONGEST_KIND = 2
HIGHWAY = "gong'lu"
MOST_ENDS = 3
SURE = [kind.split("'") for kind in ("lu", "gong'lu", "da'dao", "da'jie", "jie'dao", "xin'cun", "zhen")]
SHORTEST = 2
OF_ITS_MAKING = 0.6  # weight of a stem that no table holds, beside those that one does
WORD = 1e-6  # share given to a word of the language, divided by its place among those that sound alike
SIDED = log(0.5)  # 东路 where 路 alone is as likely
WIDTH = 16


class Roads:
    """Candidates for the syllables of a place name, the likelier first. Raises OSError without its file: our bug."""

    def __init__(self, file: Path = FILE) -> None:
        tables = read_tables(file)
        self._roads, self._stems = tables["roads"], tables["stems"]
        self._first, self._second, self._highway = tables["first"], tables["second"], tables["highway"]

    def ends(self, syllables: Sequence[str]) -> list[int]:
        """How many of the last syllables may be the kind of a place, the more first."""
        lengths = range(min(LONGEST_KIND, len(syllables) - 1), 0, -1)
        return [length for length in lengths if "'".join(syllables[-length:]) in KINDS]

    def sure(self, syllables: Sequence[str]) -> bool:
        """Whether the last syllables are more likely the kind of a road than anything else."""
        return len(syllables) > SHORTEST and any(syllables[-len(kind) :] == kind for kind in SURE)

    def named(self, syllables: Sequence[str], words: Sequence[Sequence[str]], limit: int) -> list[str]:
        """Names for all syllables; `words` are the language's own for what stands before each of `ends`."""
        found = {text: exp(worth) for text, worth in self._roads.of("'".join(syllables))}
        for length, known in zip(self.ends(syllables), words, strict=True):
            sound = "'".join(syllables[-length:])
            between = self._between(syllables[:-length]) if sound == HIGHWAY else {}
            for stem, share in (self._before(syllables[:-length], known) | between).items():
                for place, kind in enumerate(KINDS[sound]):
                    text = stem + kind
                    found[text] = found.get(text, 0.0) + share / (1 + place) * (exp(SIDED) if length > 1 else 1.0)
        return nlargest(limit, found, key=found.__getitem__)

    def _between(self, syllables: Sequence[str]) -> dict[str, float]:
        """Highways by a character for each place they join."""
        found = {"": 1.0}
        for syllable in syllables[:MOST_ENDS]:
            found = {
                begun + one: share * exp(worth)
                for begun, share in found.items()
                for one, worth in self._highway.of(syllable)
            }
        return found if 1 < len(syllables) <= MOST_ENDS else {}

    def _before(self, syllables: Sequence[str], words: Sequence[str]) -> dict[str, float]:
        found = {text: exp(worth) for text, worth in self._stems.of("'".join(syllables))}
        for place, text in enumerate(words):
            found[text] = found.get(text, 0.0) + WORD / (1 + place)
        if len(syllables) == 2:
            for first, one in self._first.of(syllables[0])[:WIDTH]:
                for second, two in self._second.of(syllables[1])[:WIDTH]:
                    text = first + second
                    found[text] = found.get(text, 0.0) + OF_ITS_MAKING * exp(one + two)
        return found


@cache
def roads() -> Roads:
    """The one table of the program, read when it is first asked for."""
    return Roads()
