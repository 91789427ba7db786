"""No whole number of a person can be read, unless they are just typing it."""

import re

from tests.ui.gallery.picture import Finding, Picture

WHOLE = re.compile(r"(?<!\d)(\d{17}[\dXx]|\d{15}|1[3-9]\d{9}|\d{16}|\d{19})(?![\dXx])")
SPACED = re.compile(r"(?<=\d)[ \u2009\u00a0](?=\d)")


def check(picture: Picture) -> list[Finding]:
    found = []
    typing = {element.number for element in picture.elements if element.kind == "input" and element.focus}
    for element in picture.elements:
        if element.number in typing:
            continue
        said = {element.text} if not element.under else set()
        if element.told is not None and not element.told.secret:
            said |= {element.told.name, element.told.description, element.told.value}
        if any(WHOLE.search(SPACED.sub("", text)) for text in said):
            found.append(Finding(picture.name, f"{element.type} at {element.box}", "a whole number can be read"))
    return found
