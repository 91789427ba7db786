"""No text is shortened, cut off, or smaller than can be read."""

from tests.ui.gallery.picture import Element, Finding, Picture

HAIR = 1.5  # pixels by which a rounded length may stand out


def holder(picture: Picture, text: Element) -> Element | None:
    """The sheet or button a text stands in, when it is one that can be seen."""
    for above in picture.parents(text):
        if above.kind == "button":
            return above
        if above.kind == "sheet" and above.visible_ink:
            return above
        if above.scroll is not text.scroll:
            return None
    return None


def faults(picture: Picture, text: Element) -> list[str]:
    found = []
    box, painted = text.box, text.painted
    if text.truncated:
        found.append("shortened")
    if painted.width > box.width + HAIR:
        found.append(f"{round(painted.width)} px of text in a box of {round(box.width)}")
    if painted.height > box.height + HAIR and text.kind == "text":
        found.append(f"{round(painted.height)} px of lines in a box of {round(box.height)}")
    if text.clip is not None and not text.clip.grown(HAIR).holds(painted):
        found.append(f"cut by what it stands in: {painted} in {text.clip}")
    scroll = text.scroll
    if scroll is None and not picture.glass.grown(HAIR).holds(painted):
        found.append(f"off the glass: {painted}")
    if scroll is not None and not scroll.sideways:
        window = scroll.window.grown(HAIR)
        if painted.left < window.left or painted.right > window.right:
            found.append(f"cut at the side: {painted} in {scroll.window}")
    within = holder(picture, text)
    if within is not None and not within.box.grown(HAIR).holds(painted):
        found.append(f"stands out of its {within.type}: {painted} in {within.box}")
    if text.drawn_size < picture.rules.least_type_px * picture.rules.scale - 0.5:
        found.append(f"type of {text.drawn_size} px is too small to read")
    return found


def check(picture: Picture) -> list[Finding]:
    return [Finding(picture.name, str(text), reason) for text in picture.texts() for reason in faults(picture, text)]
