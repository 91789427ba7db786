"""Reads the drawn page out of Qt, once, into plain values."""

from dataclasses import dataclass, replace
from typing import Any

from PIL import Image
from PySide6.QtCore import QRectF, QUrl
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor, QImage
from PySide6.QtQml import QQmlExpression
from PySide6.QtQuick import QQuickItem

from kiosk.view import FieldView, ReviewBody, View
from tests.ui.gallery.picture import NOWHERE, Box, Element, Picture, Rgb, Rules, Scroll, Told
from tests.ui.stage import Bench
from ui.measures import real_px_per_mm
from ui.theme import Look

OVERLAYS = ("CountdownOverlay", "HelpPanel", "LensPad")
TYPE_ROLES = ("display", "title", "question", "lead", "body", "label", "small")
PANELS_IN = (21.5, 32.0)
LEAST_TYPE_MM = 4.5
HOW_SET = (
    "[effectiveHorizontalAlignment, verticalAlignment, fontSizeMode, fontInfo.pixelSize, leftPadding, topPadding,"
    " rightPadding, bottomPadding, contentWidth, contentHeight, truncated].map(Number).join(' ')"
)
LEFT, RIGHT, H_CENTRE, BOTTOM, V_CENTRE = 1, 2, 4, 64, 128


def rgb(colour: QColor) -> Rgb:
    return colour.red(), colour.green(), colour.blue()


def boxed(area: QRectF) -> Box:
    return Box(area.left(), area.top(), area.right(), area.bottom())


def grabbed(image: QImage) -> Image.Image:
    plain = image.convertToFormat(QImage.Format.Format_RGBX8888)
    size = (plain.width(), plain.height())
    return Image.frombytes("RGBX", size, bytes(plain.constBits()), "raw", "RGBX", plain.bytesPerLine()).convert("RGB")


def spoken(bench: Bench) -> dict[QQuickItem, Told]:
    """What the tree of a screen reader holds; what is ignored is not in it."""
    found: dict[QQuickItem, Told] = {}

    def walk(one: QAccessibleInterface) -> None:
        thing = one.object()
        if isinstance(thing, QQuickItem):
            found[thing] = Told(
                one.text(QAccessible.Text.Name),
                one.role().name,
                one.text(QAccessible.Text.Description),
                one.text(QAccessible.Text.Value),
                bool(thing.property("secret")),
            )
        for at in range(one.childCount()):
            child = one.child(at)
            if child is not None:
                walk(child)

    root = QAccessible.queryAccessibleInterface(bench.window)
    if root is not None:
        walk(root)
    return found


def given(view: View) -> frozenset[str]:
    """What the mind was given and passes on as it is, in whatever script: names, places, numbers, codes."""
    out = {view.place, view.clock}
    if view.person is not None:
        out |= {view.person.name, view.person.number, f"{view.person.name}  {view.person.number}"}

    def walk(value: Any) -> None:
        if isinstance(value, FieldView):
            out.add(value.value)
        elif isinstance(value, tuple):
            for one in value:
                walk(one)

    for name, value in vars(view.body).items():
        if isinstance(view.body, ReviewBody) and name == "lines":
            out |= {text for pair in value for text in pair}
        if name in ("code", "number", "place", "other_line", "code_typed", "phone", "query"):
            out.add(str(value))
        walk(value)
    return frozenset(text for text in out if text)


@dataclass(frozen=True)
class Around:
    """What an item inherits from those it stands in."""

    parents: tuple[int, ...] = ()
    seen: Box = NOWHERE
    clip: Box | None = None
    scroll: Scroll | None = None
    layer: int = 0
    opacity: float = 1.0


class Reader:
    """Reads one page after the other from a bench."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.elements: list[Element] = []
        self.told: dict[QQuickItem, Told] = {}
        self.layers = 0
        self.numbers = 0
        self.scale = 1.0

    def read(self, name: str, view: View, look: Look) -> Picture:
        """The page that is on the glass now."""
        bench = self.bench
        image = grabbed(bench.stage.grab())
        theme = bench.stage.theme
        self.elements, self.layers, self.numbers = [], 0, 0
        self.told = spoken(bench)
        self.scale = min(image.width / theme.property("width"), image.height / theme.property("height"))
        self._walk(bench.window.contentItem(), Around(seen=Box(0, 0, image.width, image.height)))
        self._cover()
        rules = Rules(
            colours={role: rgb(colour) for role, colour in look.schemes[theme.colouring].items()},
            sizes=frozenset(theme.property(role) for role in TYPE_ROLES),
            touch_mm=24.0 if view.modes.elder else 20.0,
            mm_per_px=tuple(1 / real_px_per_mm(look, inches) for inches in PANELS_IN),
            zone=theme.property("reach") if view.modes.low else theme.property("height"),
            scale=self.scale,
            least_type_px=LEAST_TYPE_MM * real_px_per_mm(look, PANELS_IN[0]),
        )
        return Picture(name, view.language, self.elements, image, rules, view.modes.low, given(view), self._heard())

    def _heard(self) -> tuple[str, ...]:
        """All that is told of what is visible, drawn or not."""
        return tuple(f"{told.name} {told.description}" for item, told in self.told.items() if item.isVisible())

    def _walk(self, item: QQuickItem, around: Around) -> None:
        if not item.isVisible() or item.opacity() == 0:
            return
        number = self.numbers
        self.numbers += 1
        type_ = item.metaObject().className().split("_QML")[0].removeprefix("QQuick")
        opacity = around.opacity * item.opacity()
        layer = around.layer
        if type_ in OVERLAYS:
            self.layers += 1
            layer = self.layers
        area = boxed(item.mapRectToScene(QRectF(0, 0, item.width(), item.height())))
        element = self._element(item, number, type_, area, replace(around, opacity=opacity, layer=layer))
        self.elements.append(element)
        seen, clip, scroll = around.seen, around.clip, around.scroll
        if item.clip():
            seen = seen.cut(area)
            if item.inherits("QQuickFlickable"):
                scroll = self._scroll(item, area)
            movable = item.inherits("QQuickFlickable") and scroll is not None and scroll.most > 0
            clip = None if movable else area if clip is None else clip.cut(area)
        inner = Around((*around.parents, number), seen, clip, scroll, layer, opacity)
        for child in sorted(item.childItems(), key=lambda one: one.z()):
            self._walk(child, inner)

    def _scroll(self, item: QQuickItem, area: Box) -> Scroll:
        most_x = item.property("contentWidth") - item.width()
        most_y = item.property("contentHeight") - item.height()
        return Scroll(area, item.property("contentY") * self.scale, max(0.0, most_y) * self.scale, most_x > 1)

    def _element(self, item: QQuickItem, number: int, type_: str, area: Box, around: Around) -> Element:
        told = self.told.get(item)
        base = Element(
            number=number, kind="other", type=type_, box=area, parents=around.parents, seen=area.cut(around.seen),
            clip=around.clip, scroll=around.scroll, layer=around.layer, enabled=item.isEnabled(),
            opacity=around.opacity, told=told,
        )  # fmt: skip
        if item.inherits("QQuickText"):
            return self._text(item, base, around)
        if item.inherits("QQuickTextInput"):
            return self._input(item, base, around)
        if item.inherits("QQuickAbstractButton"):
            return replace(base, kind="button", text=str(item.property("text")))
        if item.inherits("QQuickMouseArea") and not item.parentItem().inherits("QQuickTextInput"):
            return replace(base, kind="area")
        if item.inherits("QQuickImage"):
            source: QUrl = item.property("source")
            icon = source.toString().startswith("image://icon/")
            name = str(item.property("name")) if icon else source.toString()
            kind = "icon" if icon else "picture"
            return replace(base, kind=kind, text=name, role=str(item.property("role") or ""))
        if item.inherits("QQuickRectangle"):
            colour: QColor = item.property("color")
            return replace(base, kind="sheet", colour=rgb(colour), visible_ink=colour.alpha() == 255)
        return base

    def _text(self, item: QQuickItem, base: Element, around: Around) -> Element:
        asked = QQmlExpression(self.bench.stage.engine.rootContext(), item, HOW_SET).evaluate()
        told = asked[0] if isinstance(asked, tuple) else asked
        how = [float(part) for part in str(told).split()]
        sideways, upright, fit, drawn, left, top, right, bottom, wide, tall, truncated = how
        room_x, room_y = item.width() - left - right, item.height() - top - bottom
        x = left + (room_x - wide if sideways == RIGHT else (room_x - wide) / 2 if sideways == H_CENTRE else 0)
        y = top + (room_y - tall if upright == BOTTOM else (room_y - tall) / 2 if upright == V_CENTRE else 0)
        painted = boxed(item.mapRectToScene(QRectF(x, y, wide, tall)))
        colour: QColor = item.property("color")
        return replace(
            base, kind="text", text=str(item.property("text")), painted=painted, seen=painted.cut(around.seen),
            colour=rgb(colour), visible_ink=colour.alpha() > 0, size=item.property("font").pixelSize(),
            drawn_size=round(drawn * self.scale), fitted=fit != 0, truncated=bool(truncated),
        )  # fmt: skip

    def _input(self, item: QQuickItem, base: Element, around: Around) -> Element:
        wide, tall = item.property("contentWidth"), item.property("contentHeight")
        painted = boxed(item.mapRectToScene(QRectF(0, (item.height() - tall) / 2, wide, tall)))
        size = item.property("font").pixelSize()
        return replace(
            base, kind="input", text=str(item.property("displayText")), painted=painted,
            seen=painted.cut(around.seen), colour=rgb(item.property("color")), size=size,
            drawn_size=round(size * self.scale), focus=item.hasActiveFocus(),
        )  # fmt: skip

    def _cover(self) -> None:
        """Mark the texts that an opaque sheet was painted over."""
        sheets = [one for one in self.elements if one.kind == "sheet" and one.visible_ink and one.opacity == 1]
        for at, element in enumerate(self.elements):
            if element.kind not in ("text", "input", "icon"):
                continue
            seen = element.seen
            over = any(
                sheet.number > element.number and sheet.seen.holds(seen) and element.number not in sheet.parents
                for sheet in sheets
            )
            if over:
                self.elements[at] = replace(element, under=True)
