"""Writes the words by which characters are told apart when heard: `python -m tests.ui_reading.make_examples DICT`.

DICT is `jieba/dict.txt` of jieba 0.42.1 (MIT), which is installed neither with the program nor with its tests.
"""

import sys
from pathlib import Path

from ui.keyboard.characters import COARSE, Characters
from ui.reading.examples import FILE

LEAST = 3  # a word seen less often tells a listener nothing
FIRST = 2.0  # "上海的上" is caught sooner than "马上的上"
PER_LINE = 16
NAMES = ("nr", "nrt", "nrfg", "nz", "x", "eng")
GRIM = frozenset("死尸杀奸淫嫖妓屎尿屁毒癌鬼贼骂贱奴婊阴肛胯")
HEAD = (
    "# A character and a word it stands in, by which it is told apart when it is heard.\n"
    "# Made from jieba's dictionary (MIT). Written by `python -m tests.ui_reading.make_examples`. Do not edit.\n"
)


def best(lines: list[str]) -> dict[str, str]:
    """Character -> its word."""
    known = Characters()
    wanted = {one for syllable in known.syllables() for one in known.of(syllable)} - COARSE
    found: dict[str, tuple[float, str]] = {}
    for line in lines:
        word, count, kind = line.split(" ")
        if len(word) != 2 or word[0] == word[1] or kind in NAMES or int(count) < LEAST:
            continue
        for place, one in enumerate(word):
            if one not in wanted or (GRIM & set(word) and one not in GRIM):
                continue
            score = float(count) * (FIRST if place == 0 else 1.0)
            if score > found.get(one, (0.0, ""))[0]:
                found[one] = (score, word)
    return {one: word for one, (_, word) in sorted(found.items())}


def main(dictionary: Path) -> None:
    pairs = [one + word for one, word in best(dictionary.read_text("utf-8").splitlines()).items()]
    rows = (" ".join(pairs[at : at + PER_LINE]) for at in range(0, len(pairs), PER_LINE))
    FILE.write_text(HEAD + "\n".join(rows) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
