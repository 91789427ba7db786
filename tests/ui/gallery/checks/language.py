"""A page speaks one language: no Chinese on the English page, no English on the Chinese one."""

import re

from tests.ui.gallery.picture import Finding, Picture

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
ENGLISH = re.compile(r"[A-Za-z]{2,}")
KEYBOARD = ("KeyboardPanel",)
SWITCH = {"zh": {"English"}, "en": {"中文"}}
UNITS = re.compile(r"\b(Wi-?Fi|APP|PDF|mm|kg|ID)\b", re.IGNORECASE)


def foreign(picture: Picture, text: str) -> bool:
    if text.strip() in SWITCH[picture.language]:
        return False
    for known in sorted(picture.given, key=len, reverse=True):
        text = text.replace(known, "")
    if picture.language == "en":
        return CHINESE.search(text) is not None
    return ENGLISH.search(UNITS.sub("", text)) is not None


def check(picture: Picture) -> list[Finding]:
    found = []
    for element in picture.elements:
        if any(above.type in KEYBOARD for above in picture.parents(element)):
            continue
        said = {element.text} if element.kind in ("text", "input", "button") else set()
        if element.told is not None:
            said |= {element.told.name, element.told.description}
        for text in said:
            if foreign(picture, text):
                found.append(Finding(picture.name, str(element), f"not in {picture.language}: {text[:40]!r}"))
    return found
