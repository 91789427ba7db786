"""Writes the keyboard's table of characters from pypinyin's data: `python -m tests.ui_keyboard.make_characters`."""

import unicodedata
from collections import Counter, defaultdict
from functools import partial
from pathlib import Path

from fontTools.ttLib import TTFont
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

from ui.keyboard.characters import FILE

FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
SHOWN_BY = ("NotoSansSC-Regular.ttf", "HanaMinB.ttf")
COMPATIBILITY = (range(0xF900, 0xFB00), range(0x2F800, 0x2FA20))  # other code points of characters that are there
# Of the official table of characters for general use (通用规范汉字表, 2013): those of extension A. Those of the higher
# planes are the ones that the Chinese face draws.
GENERAL_USE = frozenset(
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴"
    "䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮"
)
HEAD = (
    "# Characters by pinyin without tones (ü is v), the more common first. Made from the data of pypinyin (MIT, from\n"
    "# the Unihan readings): order by how many of its phrases hold the character so read, then GB 2312, general\n"
    "# use, the basic block, the rest. Only characters our fonts can draw.\n"
    "# Written by `python -m tests.ui_keyboard.make_characters`. Do not edit.\n"
)


def plain(reading: str) -> str:
    """lǜ -> lv."""
    apart = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(letter for letter in apart if "a" <= letter <= "z")


def in_gb2312(character: str) -> bool:
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def made() -> str:
    """The whole file."""
    faces = []
    for name in SHOWN_BY:
        with TTFont(FONTS / name, lazy=True) as font:
            faces.append(frozenset(font.getBestCmap()))
    drawn = frozenset().union(*faces)
    common: Counter[tuple[str, str]] = Counter()
    for phrase, readings in phrases_dict.items():
        for character, reading in zip(phrase, readings, strict=False):
            common[plain(reading[0]), character] += 1
    table: defaultdict[str, set[str]] = defaultdict(set)
    for code, listed in pinyin_dict.items():
        if code in drawn and code >= 0x3400 and not any(code in block for block in COMPATIBILITY):
            for sound in listed.split(","):
                table[plain(sound)].add(chr(code))

    def rank(syllable: str, one: str) -> tuple[object, ...]:
        general = one in GENERAL_USE or (one > "\uffff" and ord(one) in faces[0])
        return -common[syllable, one], not in_gb2312(one), not general, not "\u4e00" <= one <= "\u9fff", one

    lines = []
    for syllable, characters in sorted(table.items()):
        ordered = sorted(characters, key=partial(rank, syllable))
        lines.append(f"{syllable} {''.join(ordered)}\n")
    return HEAD + "".join(lines)


if __name__ == "__main__":
    FILE.write_text(made(), "utf-8")
