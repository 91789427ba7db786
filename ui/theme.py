"""The look as one read-only object: colours, type, spaces and motion of `assets/theme/theme.json`, in design pixels.

Lengths in the file are millimetres on the glass; the design canvas is 1080 x 1920 pixels. On glass larger than 21.5"
everything grows with it; on smaller glass the text keeps its millimetres up to `LARGEST_GROWTH`.
"""

import json
import math
from pathlib import Path
from typing import Any

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtGui import QColor

LARGEST_GROWTH = 1.2

THEME_FILE = Path(__file__).resolve().parent.parent / "assets" / "theme" / "theme.json"


class Look:
    """The theme file, parsed. Raises KeyError or ValueError when the file is not whole: our bug."""

    def __init__(self, file: Path = THEME_FILE) -> None:
        data: dict[str, Any] = json.loads(file.read_text("utf-8"))
        self.width = int(data["design"]["width"])
        self.height = int(data["design"]["height"])
        self.mm_per_px = float(data["design"]["mm_per_px"])
        self.colours: dict[str, QColor] = {}
        for role, value in data["colours"].items():
            colour = QColor(value)
            if not colour.isValid():
                raise ValueError(f"colour {role} is not a colour: {value}")
            self.colours[role] = colour
        self.type_mm: dict[str, float] = data["type_mm"]
        self.elder = float(data["elder"])
        self.leading = float(data["leading"])
        self.lengths_mm: dict[str, float] = data["space_mm"] | data["radius_mm"] | data["touch_mm"]
        self.motion_ms: dict[str, int] = data["motion_ms"]
        self.fonts: dict[str, str] = data["fonts"]


def px_per_mm(look: Look, diagonal_in: float) -> float:
    """Design pixels per millimetre of real glass with this diagonal, held between the design's own and its growth."""
    own = 1.0 / look.mm_per_px
    width_mm = diagonal_in * 25.4 * look.width / math.hypot(look.width, look.height)
    return min(max(look.width / width_mm, own), own * LARGEST_GROWTH)


def _colour(role: str) -> Property:
    return Property(QColor, lambda self: self.look.colours[role], constant=True)


def _length(name: str) -> Property:
    return Property(int, lambda self: max(1, round(self.look.lengths_mm[name] * self.density)), constant=True)


def _ms(name: str) -> Property:
    return Property(int, lambda self: self.look.motion_ms[name], constant=True)


TYPE_CHANGED = Signal(name="typeChanged")


def _type(role: str) -> Property:
    def size(self: "Theme") -> int:
        scale = self.look.elder if self.large else 1.0
        return round(self.look.type_mm[role] * self.density * scale)

    return Property(int, size, notify=TYPE_CHANGED)


class Theme(QObject):
    """The singleton QML draws with."""

    type_changed = TYPE_CHANGED

    def __init__(self, look: Look, diagonal_in: float, reduced_motion: bool) -> None:
        super().__init__()
        self.look = look
        self.density = px_per_mm(look, diagonal_in)
        self._reduced = reduced_motion
        self.large = False

    def set_elder(self, on: bool) -> None:
        """Large type on or off; the type scale follows at once."""
        if on != self.large:
            self.large = on
            self.type_changed.emit()

    display = _type("display")
    title = _type("title")
    question = _type("question")
    lead = _type("lead")
    body = _type("body")
    label = _type("label")
    small = _type("small")
    elder = Property(bool, lambda self: self.large, notify=TYPE_CHANGED)
    leading = Property(float, lambda self: self.look.leading, constant=True)

    width = Property(int, lambda self: self.look.width, constant=True)
    height = Property(int, lambda self: self.look.height, constant=True)
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
    touch = _length("touch")
    bar = _length("bar")

    slide = Property(int, lambda self: 0 if self._reduced else self.look.motion_ms["slide"], constant=True)
    breathe = _ms("breathe")
    calm = Property(bool, lambda self: self._reduced, constant=True)

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
