"""How private values and single keys are said: digits one by one in groups, characters one by one, signs by name."""

import re

LONG_NUMBER = 5
"""From this many signs on, what is made of digits is said digit by digit."""
GROUPS = {18: (6, 4, 4, 4), 11: (3, 4, 4), 15: (6, 4, 5)}
"""Length -> how its digits are grouped: identity number (GB 11643: area, year, day, order), mobile number."""
GROUP = 4
_NUMBER = re.compile(r"[0-9*]+[0-9Xx*]")
_CODE = re.compile(r"[A-Z0-9]+")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_STARS = re.compile(r"([^\W\d_])\*+")
PAUSE = "， "


def is_number(text: str) -> bool:
    """Whether this is a number or a code, to be said sign by sign."""
    plain = text.replace(" ", "").replace("-", "")
    coded = _CODE.fullmatch(plain) is not None and any(sign.isdigit() for sign in plain)
    return len(plain) >= LONG_NUMBER and (coded or _NUMBER.fullmatch(plain) is not None)


def digits(text: str) -> str:
    """A number sign by sign, with a pause between groups: its own, where it is written with hyphens."""
    if "-" in text:
        return PAUSE.join(" ".join(group) for group in text.replace(" ", "").split("-") if group)
    plain = text.replace(" ", "")
    sizes = list(GROUPS.get(len(plain), ()))
    groups = []
    while plain:
        size = sizes.pop(0) if sizes else GROUP
        groups.append(" ".join(plain[:size]))
        plain = plain[size:]
    return PAUSE.join(groups)


def spelled(text: str) -> str:
    """Every sign by itself, with a pause between."""
    return digits(text) if is_number(text) else PAUSE.join(sign for sign in text if not sign.isspace())


def unmasked(text: str) -> str:
    """A sentence without the stars that stand for the rest of a name."""
    return _STARS.sub(r"\1", text)


def content(text: str) -> str:
    """A value as it is said first: numbers by digits, everything else as it stands."""
    return digits(text) if is_number(text) else text


def tongue(text: str, language: str) -> str:
    """The voice for a text: Chinese characters are never given to the English voice."""
    return "zh" if _CJK.search(text) else language
