"""Numbers in Chinese text, written out as they are read aloud.

espeak-ng 1.51 reads 2026 as 二千二十六, falls into English at a percent sign and takes the digit after a Latin letter
for a tone, so numbers are handed to it as characters.
"""

import re
from collections.abc import Callable

DIGITS = "零一二三四五六七八九"
ONE_IN_A_ROW = "幺"
"""How 1 is read in a number that is told digit by digit: 一 sounds too much like 七."""
LONGEST_AMOUNT = 5
"""A bare number of more digits than this is a number of a telephone, a card, a case: digit by digit."""
_MEASURES = "元块角分份张页个人位次项天日周月年岁号楼层室米秒时小"


def digits(text: str) -> str:
    """Digit by digit, as telephone numbers are told."""
    return "".join(ONE_IN_A_ROW if each == "1" else DIGITS[int(each)] for each in text)


def year(text: str) -> str:
    """Digit by digit, with 1 as 一."""
    return "".join(DIGITS[int(each)] for each in text)


def amount(text: str) -> str:
    """An amount, such as "30", "1,234" or "3.50"; more than 16 digits are told one by one."""
    whole, _, part = text.replace(",", "").partition(".")
    if len(whole) > 16:
        return digits(whole)
    said = _whole(int(whole))
    return said + ("点" + year(part) if part else "")


def _whole(value: int) -> str:
    if value < 10:
        return DIGITS[value]
    said, gap = "", False
    for size, name in ((10**12, "万亿"), (10**8, "亿"), (10**4, "万"), (1, "")):
        group, value = divmod(value, size)
        if not group:
            gap = bool(said)
            continue
        if said and (gap or group < 1000):
            said += DIGITS[0]
        said += _thousands(group) + name
        gap = False
    return said[1:] if said.startswith("一十") else said


def _thousands(value: int) -> str:
    said, gap = "", False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, size)
        if not digit:
            gap = bool(said)
            continue
        said += (DIGITS[0] if gap else "") + DIGITS[digit] + name
        gap = False
    return said


def _date(found: re.Match[str]) -> str:
    year_, month, day = found.groups()
    return f"{year(year_)}年{amount(month)}月{amount(day)}日"


def _clock(found: re.Match[str]) -> str:
    hour, minute = int(found[1]), int(found[2])
    said = f"{amount(found[1])}点"
    if minute:
        said += ("零" if minute < 10 else "") + amount(str(minute)) + "分"
    return said if hour < 24 and minute < 60 else f"{amount(found[1])}，{amount(found[2])}"


def _bare(found: re.Match[str]) -> str:
    text, after = found[0], found.string[found.end() : found.end() + 1]
    plain = text.isdigit()
    long = plain and len(text) >= LONGEST_AMOUNT and not (after and after in _MEASURES)
    if plain and (long or (text.startswith("0") and len(text) > 1)):
        return digits(text)
    return amount(text)


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?<!\d)((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", re.ASCII), _date),
    (re.compile(r"(?<!\d)(\d{4})(?=年)", re.ASCII), lambda found: year(found[1])),
    (re.compile(r"(?<![\d:：])(\d{1,2})[:：]([0-5]\d)(?![\d:：])", re.ASCII), _clock),
    (re.compile(r"(\d+(?:\.\d+)?)\s*[%％]", re.ASCII), lambda found: "百分之" + amount(found[1])),
    (re.compile(r"(?<=\d)-(?=\d)", re.ASCII), lambda _: "，"),
    (re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", re.ASCII), _bare),
)


def read_out(text: str) -> str:
    """The same text with every number in characters."""
    for pattern, said in _RULES:
        text = pattern.sub(said, text)
    return text
