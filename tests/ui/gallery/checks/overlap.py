"""No two texts, no text and somebody else's button, no two targets lie on each other. Overlays lie over the page."""

from itertools import combinations

from tests.ui.gallery.picture import Box, Element, Finding, Picture

HAIR = 2.0
WHOLE_GLASS = 0.8  # of the glass: then it is the handle of the page itself
LEADING = 0.15  # of the type, above and below the letters, is air


def letters(text: Element) -> Box:
    air = text.drawn_size * LEADING
    return Box(text.seen.left, text.seen.top + air, text.seen.right, text.seen.bottom - air)


def cross(one: Box, other: Box) -> bool:
    common = one.cut(other)
    return common.width > HAIR and common.height > HAIR


def floats(one: Element, other: Element) -> bool:
    """Whether one stands over a part that can still be moved away from below it."""
    if one.scroll is None and other.scroll is not None:
        return other.scroll.at < other.scroll.most - 1
    if other.scroll is None and one.scroll is not None:
        return one.scroll.at < one.scroll.most - 1
    return False


def related(one: Element, other: Element) -> bool:
    return one.number in other.parents or other.number in one.parents


def check(picture: Picture) -> list[Finding]:
    whole = picture.glass.width * picture.glass.height * WHOLE_GLASS
    texts = [text for text in picture.texts() if not text.under and not letters(text).empty]
    targets = [one for one in picture.targets() if not one.seen.empty and one.box.width * one.box.height < whole]
    buttons = [one for one in targets if one.kind == "button"]
    areas = [one for one in targets if one.kind == "area"]
    found = []
    for one, other in combinations(texts, 2):
        if one.layer == other.layer and cross(letters(one), letters(other)) and not floats(one, other):
            found.append(Finding(picture.name, str(one), f"lies on {other}"))
    for target in buttons:
        for text in texts:
            if text.layer == target.layer and not related(text, target) and not floats(text, target):
                if cross(letters(text), target.seen):
                    found.append(Finding(picture.name, str(text), f"lies on {target}"))
    # An area that holds a button whole is the ground it stands on.
    grounded = ((area, button) for area in areas for button in buttons if not area.box.holds(button.box))
    for one, other in (*combinations(buttons, 2), *grounded):
        if one.layer == other.layer and not related(one, other) and not floats(one, other):
            if cross(one.seen, other.seen):
                found.append(Finding(picture.name, str(one), f"can be touched where {other} can be"))
    return found
