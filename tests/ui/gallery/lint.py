"""What QML must not hold: a colour, a length or a family of letters of its own. Those are the theme's."""

import re
from pathlib import Path

from PySide6.QtGui import QColor

NAMES = "|".join(name for name in QColor.colorNames() if name != "transparent")
COLOUR = re.compile(rf"\"#[0-9a-fA-F]{{3,8}}\"|\bQt\.(rgba|hsla|hsva|lighter|darker|tint|color)\b|(?i:\"({NAMES})\")")
FAMILY = re.compile(r"font\.family\s*:\s*\"|pointSize|FontLoader")
LENGTH = re.compile(
    r"\b((?:implicit|preferred|minimum|maximum|Layout\.\w+)?(?:[wW]idth|[hH]eight)|spacing|\w*[sS]pacing|margins|\w+Margin|"
    r"\w*[pP]adding|radius|(?:minimumP|p)ixelSize|size|x|y)\s*:\s*([^;\n}]+)"
)
NUMBER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)(?![\w.])")
RATIO = re.compile(r"[*/]\s*$")
RATIO_AFTER = re.compile(r"^\s*[*/]")
WORDS = re.compile(r"\"[^\"]*\"|'[^']*'|//.*")
INDEX = re.compile(r"[*/]\s*\([^()]*\)|\[[^\]]*\]|[<>=!]=*\s*\d+")


def lengths(line: str) -> list[str]:
    """Numbers that are pixels: neither 0, 1 or a part of one, nor a factor, an index or what is compared with."""
    found = []
    for name, told in LENGTH.findall(WORDS.sub("", line)):
        given = INDEX.sub(" ", told)
        for number in NUMBER.finditer(given):
            if float(number[1]) <= 1 or "." in number[1]:
                continue
            before, after = given[: number.start()], given[number.end() :]
            if RATIO.search(before) or RATIO_AFTER.search(after):
                continue
            found.append(f"{name}: {told.strip()}")
            break
    return found


def wrong(file: Path) -> list[str]:
    """Everything in a QML file that is the theme's to say."""
    found = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        code = line.split("//")[0] if "image://" not in line else line
        hits = [match[0] for pattern in (COLOUR, FAMILY) if (match := pattern.search(code))]
        found += [f"{file.name}:{number}: {hit}" for hit in hits + lengths(code)]
    return found
