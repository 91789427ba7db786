"""The numbers on identity documents: whether one can be true, and how it is shown without giving it away.

Sources: GB 11643 (18 characters, ISO 7064 MOD 11-2), the HMT permit's prefixes 810000/820000/830000, the 2017
foreigner's card (15 characters, weights 7-3-1 as in ICAO 9303) and the 2023 one (18, beginning with 9). Whether a
region exists is not asked: lists of regions are never complete.
"""

import datetime as dt
import enum
import string

from hardware.api.id_card import CardKind

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
HMT_PREFIXES = ("810000", "820000", "830000")
SHOWN_AT_EACH_END = 4


class NumberFault(enum.StrEnum):
    """Why a number cannot be true. The first that applies."""

    LENGTH = "number.length"
    CHARACTERS = "number.characters"
    PREFIX = "number.prefix"  # does not begin as that kind of card's numbers do
    BIRTH = "number.birth"  # no such day
    CHECK_DIGIT = "number.check_digit"


def check_character(first_17: str) -> str:
    """The eighteenth character for seventeen digits (MOD 11-2). Raises ValueError for anything else."""
    if len(first_17) != 17 or not _digits(first_17):
        raise ValueError("seventeen digits are needed")
    return CHECK_CHARACTERS[sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True)) % 11]


def check_digit_731(text: str) -> str:
    """The check digit with weights 7, 3, 1: digits count as themselves, A to Z as 10 to 35, `<` as 0."""
    values = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    worth = (0 if character == "<" else values.index(character) for character in text)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(worth)) % 10)


def number_fault(number: str, kind: CardKind) -> NumberFault | None:
    """The first reason why `number` cannot stand on a card of that kind, or None."""
    if kind is CardKind.FOREIGNER_2017:
        return _fault_of_15(number)
    if len(number) != 18:
        return NumberFault.LENGTH
    if not _digits(number[:17]) or number[17] not in CHECK_CHARACTERS:
        return NumberFault.CHARACTERS
    if not _prefix_fits(number, kind):
        return NumberFault.PREFIX
    if not _is_day(number[6:14]):
        return NumberFault.BIRTH
    if check_character(number[:17]) != number[17]:
        return NumberFault.CHECK_DIGIT
    return None


def masked(number: str) -> str:
    """The number with its middle hidden, `3101**********0022`; a short one is hidden whole."""
    if len(number) <= 2 * SHOWN_AT_EACH_END + 2:
        return "*" * len(number)
    hidden = "*" * (len(number) - 2 * SHOWN_AT_EACH_END)
    return number[:SHOWN_AT_EACH_END] + hidden + number[-SHOWN_AT_EACH_END:]


def _prefix_fits(number: str, kind: CardKind) -> bool:
    if kind is CardKind.HMT_PERMIT:
        return number.startswith(HMT_PREFIXES)
    if kind is CardKind.FOREIGNER_2023:
        return number.startswith("9")
    # Regions begin with 1 to 8; HMT residents' numbers use 81 to 83, mainland regions do not.
    return number[0] in "12345678" and not number.startswith(HMT_PREFIXES)


def _fault_of_15(number: str) -> NumberFault | None:
    if len(number) != 15:
        return NumberFault.LENGTH
    if not _digits(number[3:]) or not all(letter in string.ascii_uppercase for letter in number[:3]):
        return NumberFault.CHARACTERS
    century = "20" if number[7:9] == "00" else "19"  # 2000 was a leap year and 1900 was not: allow 29 February 00
    if not _is_day(century + number[7:13]):
        return NumberFault.BIRTH
    if check_digit_731(number[:14]) != number[14]:
        return NumberFault.CHECK_DIGIT
    return None


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_day(yyyymmdd: str) -> bool:
    try:
        day = dt.date(int(yyyymmdd[:4]), int(yyyymmdd[4:6]), int(yyyymmdd[6:]))
    except ValueError:
        return False
    return day.year >= 1800
