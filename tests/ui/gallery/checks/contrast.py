"""Text reaches 7:1, icons and the frames of what can be touched 3:1, measured on the picture itself."""

from collections import Counter

from tests.ui.gallery.picture import Box, Element, Finding, Picture, Rgb

TEXT, MARK = 7.0, 3.0
NEAR = 26  # distance of colours that count as one
SHARE = 0.03  # of the pixels: what is rarer is no ground
SLACK = 0.05
AIR = 0.15  # of the type
EDGE = 7  # pixels looked at across an edge
FRAMED = 1.02  # below this nothing was drawn there at all


def light(colour: Rgb) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: Rgb, other: Rgb) -> float:
    """Contrast ratio, WCAG 2.2."""
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def apart(one: Rgb, other: Rgb) -> float:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5


def mixed(ink: Rgb, ground: Rgb, opacity: float) -> Rgb:
    red, green, blue = (round(a * opacity + b * (1 - opacity)) for a, b in zip(ink, ground, strict=True))
    return red, green, blue


def between(colour: Rgb, ink: Rgb, ground: Rgb) -> bool:
    """Whether it is the soft edge of a letter: a mixture of the two."""
    way = [a - b for a, b in zip(ink, ground, strict=True)]
    length = sum(part * part for part in way)
    if length == 0:
        return True
    part = sum((c - g) * w for c, g, w in zip(colour, ground, way, strict=True)) / length
    nearest = tuple(round(g + min(1.0, max(0.0, part)) * w) for g, w in zip(ground, way, strict=True))
    return apart(colour, nearest) <= NEAR  # type: ignore[arg-type]


def colours(picture: Picture, box: Box) -> Counter[Rgb]:
    area = box.cut(picture.glass)
    if area.width < 1 or area.height < 1:
        return Counter()
    crop = picture.pixels.crop((int(area.left), int(area.top), int(area.right + 0.5), int(area.bottom + 0.5)))
    counted = crop.getcolors(crop.width * crop.height) or []
    return Counter({colour: number for number, colour in counted})  # type: ignore[misc]


def grounds(counted: Counter[Rgb], ink: Rgb) -> list[Rgb]:
    """What the ink stands on, the commonest first; soft edges are left out."""
    total = sum(counted.values())
    found: list[Rgb] = []
    for colour, number in counted.most_common(40):
        if number < total * SHARE and found:
            break
        if apart(colour, ink) <= NEAR and number < total * 0.7:
            continue
        if any(apart(colour, ground) <= NEAR or between(colour, ink, ground) for ground in found):
            continue
        found.append(colour)
    return found


def of_ink(picture: Picture, element: Element, ink: Rgb, least: float) -> list[Finding]:
    box = element.seen
    if element.kind == "text":  # above and below the letters is air, which may be somebody else's
        air = element.drawn_size * AIR
        box = Box(box.left, box.top + air, box.right, box.bottom - air)
    counted = colours(picture, box)
    found = []
    for ground in grounds(counted, ink):
        reached = ratio(mixed(ink, ground, element.opacity), ground)
        if reached < least - SLACK:
            found.append(
                Finding(picture.name, str(element), f"{reached:.1f}:1 of {least:.0f}:1, {_hex(ink)} on {_hex(ground)}")
            )
    return found


def _hex(colour: Rgb) -> str:
    return "#{:02X}{:02X}{:02X}".format(*colour)


def frame(picture: Picture, target: Element) -> list[Finding]:
    """What can be touched is told from what it stands on by its frame or its ground, where it has either."""
    box = target.box
    if not picture.glass.holds(box.grown(EDGE)) or target.seen != box:
        return []
    middle_x, middle_y = int((box.left + box.right) / 2), int((box.top + box.bottom) / 2)
    best = 1.0
    for outside, step in (
        ((int(box.left) - 3, middle_y), (1, 0)),
        ((middle_x, int(box.top) - 3), (0, 1)),
        ((int(box.right) + 2, middle_y), (-1, 0)),
        ((middle_x, int(box.bottom) + 2), (0, -1)),
    ):
        ground = picture.pixels.getpixel(outside)
        for at in range(EDGE):
            there = picture.pixels.getpixel((outside[0] + step[0] * at, outside[1] + step[1] * at))
            best = max(best, ratio(there, ground))  # type: ignore[arg-type]
    if FRAMED < best < MARK - SLACK:
        return [Finding(picture.name, str(target), f"its edge reaches {best:.1f}:1 of 3:1")]
    return []


def check(picture: Picture) -> list[Finding]:
    found = []
    top = picture.top_layer
    for text in picture.texts():
        if text.under or text.layer < top or text.seen.width < 2 or text.seen.height < text.drawn_size * 0.8:
            continue
        found += of_ink(picture, text, text.colour, TEXT)
    for element in picture.elements:
        if element.under or element.layer < top or not element.enabled or element.seen.empty:
            continue
        if element.kind == "icon" and element.seen == element.box:
            ink = picture.rules.colours.get(element.role)
            if ink is None:
                found.append(Finding(picture.name, str(element), f"no colour role {element.role!r}"))
            else:
                found += of_ink(picture, element, ink, MARK)
        if element.kind == "button":
            found += frame(picture, element)
    return found
