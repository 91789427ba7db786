"""Every target is as large as it must be on each promised glass, and in low reach can be brought within reach."""

from tests.ui.gallery.picture import Element, Finding, Picture

ROUNDING_MM = 0.15
HAIR = 1.5
NO_TARGETS = ("CountdownOverlay",)  # its ground: a touch anywhere says "still here"


def reachable(picture: Picture, target: Element) -> bool:
    """Whether all of it can stand within the zone, moved there where it can be moved."""
    top = picture.glass.bottom - picture.rules.zone * picture.rules.scale - HAIR
    box, scroll = target.box, target.scroll
    if scroll is None:
        return box.top >= top
    window = scroll.window
    highest = max(window.top - HAIR, top)
    # Moved up by `more` (down when negative) it stands at box.top - more.
    least = max(-scroll.at, box.bottom - window.bottom - HAIR)
    most = min(scroll.most - scroll.at, box.top - highest)
    return least <= most + HAIR


def in_sight(field: Element) -> bool:
    """Whether at least a line of it stands where it can be seen."""
    if field.scroll is None:
        return True
    return field.box.cut(field.scroll.window).height >= min(field.box.height, field.drawn_size * 1.4) - HAIR


def check(picture: Picture) -> list[Finding]:
    found = []
    rules = picture.rules
    # While somebody types, the page's other targets wait behind the keyboard, which its own key lowers.
    typing = any(element.type == "KeyboardPanel" for element in picture.elements)
    found += [
        Finding(picture.name, str(element), "the field in typing is not in sight")
        for element in picture.elements
        if element.kind == "input" and element.focus and not in_sight(element)
    ]
    for target in picture.targets():
        parent = next(picture.parents(target), None)
        if target.kind == "area" and parent is not None and parent.type in NO_TARGETS:
            continue
        for mm in rules.mm_per_px:
            wide, tall = (length / rules.scale * mm for length in (target.box.width, target.box.height))
            if min(wide, tall) < rules.touch_mm - ROUNDING_MM:
                found.append(
                    Finding(picture.name, str(target), f"{wide:.1f} x {tall:.1f} mm of {rules.touch_mm:.0f} mm")
                )
                break
        if target.clip is not None and not target.clip.grown(HAIR).holds(target.box):
            found.append(Finding(picture.name, str(target), "a part of it is cut off"))
        if target.scroll is None and not picture.glass.grown(HAIR).holds(target.box):
            found.append(Finding(picture.name, str(target), "off the glass"))
        if typing and target.scroll is not None:
            continue
        if target.scroll is not None and target.box.height > target.scroll.window.height + HAIR:
            found.append(Finding(picture.name, str(target), "taller than the part of the page it stands in"))
        if picture.low and target.enabled and not reachable(picture, target):
            found.append(Finding(picture.name, str(target), f"out of reach: {target.box}, zone {rules.zone} px"))
    return found
