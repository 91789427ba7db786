"""Whatever can be touched or read is told to a screen reader, by a name and a fitting role."""

import re

from tests.ui.gallery.picture import Element, Finding, Picture

PRESSED = {"Button", "RadioButton", "CheckBox", "PageTab", "Link", "ListItem", "MenuItem", "ButtonMenu", "Switch"}
TYPED = {"EditableText"}
READ = {"StaticText", "Heading", "Paragraph", "AlertMessage", "Dialog", "Label", "Note", "StatusBar"}
APART = re.compile(r" {2,}|\n")
NUMBER = re.compile(r"\d{1,2}")


def plain(text: str) -> str:
    return " ".join(text.split())


def told_by_another(picture: Picture, text: Element) -> bool:
    """Whether something it stands in, or the field beside it, says these words."""
    if NUMBER.fullmatch(plain(text.text)):
        return True  # the number in a mark: what it counts is told
    for above in picture.parents(text):
        if above.told is None:
            continue
        said = plain(f"{above.told.name} {above.told.description}")
        if plain(text.text) in said:
            return True
    words = [plain(part) for part in APART.split(text.text)]
    return any(all(word in plain(said) for word in words) for said in picture.heard)


def check(picture: Picture) -> list[Finding]:
    found = []

    def wrong(element: Element, reason: str) -> None:
        found.append(Finding(picture.name, str(element), reason))

    for element in picture.elements:
        told = element.told
        if element.kind == "button" and element.enabled:
            if told is None:
                wrong(element, "a screen reader does not find it")
            elif not told.name.strip():
                wrong(element, "has no accessible name")
            elif told.role not in PRESSED:
                wrong(element, f"role {told.role} is none of something to press")
        elif element.kind == "input":
            if told is None or not told.name.strip():
                wrong(element, "a field without an accessible name")
            elif told.role not in TYPED:
                wrong(element, f"role {told.role} is none of something to type in")
        elif element.kind == "picture" and told is not None and told.role == "Graphic" and not told.name.strip():
            wrong(element, "a picture without a name")
    for text in picture.texts():
        if text.kind != "text" or text.under:
            continue
        if text.told is None:
            if not told_by_another(picture, text):
                wrong(text, "can be seen but not heard")
        elif text.told.role not in READ:
            wrong(text, f"role {text.told.role} is none of something to read")
    return found
