"""The look as one read-only object: colours, type, spaces and motion of `assets/theme/theme.json`, in design pixels.

Lengths in the file are millimetres on the glass; the design canvas is 1080 x 1920 pixels. On glass larger than 21.5"
everything grows with it; on smaller glass the text keeps its millimetres up to `measures.LARGEST_GROWTH`.
"""

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtGui import QColor

from kiosk.modes import Modes
from ui import measures
from ui.link import ScreenPlan
from ui.measures import THEME_FILE, Canvas, px_per_mm

PLAIN, CONTRAST = "plain", "contrast"


class Look(Canvas):
    """The theme file, parsed. Raises KeyError or ValueError when the file is not whole: our bug."""

    def __init__(self, file: Path = THEME_FILE) -> None:
        data: dict[str, Any] = json.loads(file.read_text("utf-8"))
        super().__init__(data)
        self.schemes = {PLAIN: _colours(data["colours"]), CONTRAST: _colours(data["contrast"])}
        if self.schemes[PLAIN].keys() != self.schemes[CONTRAST].keys():
            raise ValueError("the two colour schemes have not the same roles")
        self.type_mm: dict[str, float] = data["type_mm"]
        self.elder = float(data["elder"])
        self.leading = float(data["leading"])
        self.lengths_mm: dict[str, float] = data["space_mm"] | data["radius_mm"]
        self.touch_mm: dict[str, float] = data["touch_mm"]
        self.elder_touch_mm: dict[str, float] = data["elder_touch_mm"]
        self.magnify = float(data["magnify"])
        self.side_mm = float(data["side_mm"])
        self.motion_ms: dict[str, int] = data["motion_ms"]
        self.fonts: dict[str, str] = data["fonts"]


def _colours(roles: dict[str, str]) -> dict[str, QColor]:
    made = {role: QColor(value) for role, value in roles.items()}
    for role, colour in made.items():
        if not colour.isValid():
            raise ValueError(f"colour {role} is not a colour: {roles[role]}")
    return made


SCHEME_CHANGED = Signal(name="schemeChanged")
TYPE_CHANGED = Signal(name="typeChanged")
SHAPE_CHANGED = Signal(name="shapeChanged")


def _colour(role: str) -> Property:
    return Property(QColor, lambda self: self.look.schemes[self.colouring][role], notify=SCHEME_CHANGED)


def _length(name: str) -> Property:
    return Property(int, lambda self: max(1, round(self.look.lengths_mm[name] * self.density)), constant=True)


def _touch(name: str) -> Property:
    def size(self: "Theme") -> int:
        lengths = self.look.elder_touch_mm if self.large else self.look.touch_mm
        return round(lengths[name] * self.density)

    return Property(int, size, notify=TYPE_CHANGED)


def _ms(name: str) -> Property:
    return Property(int, lambda self: self.look.motion_ms[name], constant=True)


def _type(role: str) -> Property:
    def size(self: "Theme") -> int:
        scale = self.look.elder if self.large else 1.0
        return round(self.look.type_mm[role] * self.density * scale)

    return Property(int, size, notify=TYPE_CHANGED)


class Theme(QObject):
    """The singleton QML draws with. Colours follow the scheme, type and targets the size, the canvas the glass."""

    type_changed = TYPE_CHANGED
    scheme_changed = SCHEME_CHANGED
    shape_changed = SHAPE_CHANGED

    def __init__(self, look: Look, plan: ScreenPlan) -> None:
        super().__init__()
        self.look = look
        self.density = px_per_mm(look, plan.diagonal_in)
        self._plan = plan
        self.large = False
        self.colouring = PLAIN
        self.landscape = False

    def set_modes(self, modes: Modes) -> None:
        """Follow what the person switched on; type and colours change at once."""
        if modes.elder != self.large:
            self.large = modes.elder
            self.type_changed.emit()
        colouring = CONTRAST if modes.contrast else PLAIN
        if colouring != self.colouring:
            self.colouring = colouring
            self.scheme_changed.emit()

    def set_landscape(self, on: bool) -> None:
        """Whether the glass is wider than tall."""
        if on != self.landscape:
            self.landscape = on
            self.shape_changed.emit()

    @property
    def zone(self) -> int:
        """Height of the part of the canvas, from its lower edge, that a seated person reaches; design pixels."""
        return measures.zone(self.look, self._plan, landscape=self.landscape)

    @property
    def beyond_mm(self) -> float:
        """How far the zone's upper edge stands above a seated person's reach, mm: the glass hangs too high."""
        return measures.beyond_mm(self.look, self._plan, landscape=self.landscape)

    display = _type("display")
    title = _type("title")
    question = _type("question")
    lead = _type("lead")
    body = _type("body")
    label = _type("label")
    small = _type("small")
    elder = Property(bool, lambda self: self.large, notify=TYPE_CHANGED)
    scheme = Property(str, lambda self: self.colouring, notify=SCHEME_CHANGED)
    leading = Property(float, lambda self: self.look.leading, constant=True)

    wide = Property(bool, lambda self: self.landscape, notify=SHAPE_CHANGED)
    width = Property(int, lambda self: self.look.height if self.landscape else self.look.width, notify=SHAPE_CHANGED)
    height = Property(int, lambda self: self.look.width if self.landscape else self.look.height, notify=SHAPE_CHANGED)
    reach = Property(int, lambda self: self.zone, notify=SHAPE_CHANGED)
    side = Property(int, lambda self: round(self.look.side_mm * self.density), constant=True)
    closer = Property(float, lambda self: self.look.magnify, constant=True)
    serif = Property(str, lambda self: self.look.fonts["serif"], constant=True)

    hair = _length("hair")
    stroke = _length("stroke")
    xs = _length("xs")
    s = _length("s")
    m = _length("m")
    l = _length("l")  # noqa: E741  the scale: s, m, l
    xl = _length("xl")
    xxl = _length("xxl")
    radius = _length("radius")
    round = _length("round")
    touch = _touch("touch")
    bar = _touch("bar")

    slide = Property(int, lambda self: 0 if self._plan.reduced_motion else self.look.motion_ms["slide"], constant=True)
    breathe = _ms("breathe")
    calm = Property(bool, lambda self: self._plan.reduced_motion, constant=True)

    paper = _colour("paper")
    card = _colour("card")
    sunk = _colour("sunk")
    pressed = _colour("pressed")
    line = _colour("line")
    border = _colour("border")
    ink = _colour("ink")
    soft = _colour("soft")
    seal = _colour("seal")
    sealPressed = _colour("sealPressed")
    sealGround = _colour("sealGround")
    onSeal = _colour("onSeal")
    jade = _colour("jade")
    jadeGround = _colour("jadeGround")
    water = _colour("water")
    waterGround = _colour("waterGround")
    amberGround = _colour("amberGround")
    amberInk = _colour("amberInk")
    amberLine = _colour("amberLine")
    faultGround = _colour("faultGround")
    faultInk = _colour("faultInk")
    night = _colour("night")
    nightInk = _colour("nightInk")
    nightSoft = _colour("nightSoft")
    nightLine = _colour("nightLine")
    nightPressed = _colour("nightPressed")
    lamp = _colour("lamp")
    glow = _colour("glow")
    letterbox = _colour("letterbox")
