"""The canvas and the glass: how large the design is on it, and how much of it a seated person reaches. No Qt."""

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

from ui.link import ScreenPlan

LARGEST_GROWTH = 1.2
HARDLY_MM = 1.0
"""Nobody hangs a glass lower for less."""

THEME_FILE = Path(__file__).resolve().parent.parent / "assets" / "theme" / "theme.json"


class Canvas:
    """The design's canvas, of the theme file's data. Raises KeyError or ValueError when it is not whole: our bug."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.width = int(data["design"]["width"])
        self.height = int(data["design"]["height"])
        self.mm_per_px = float(data["design"]["mm_per_px"])
        self.least_zone_mm = float(data["least_zone_mm"])


@cache
def canvas() -> Canvas:
    """The one of the program's own theme file."""
    return Canvas(json.loads(THEME_FILE.read_text("utf-8")))


def real_px_per_mm(canvas: Canvas, diagonal_in: float) -> float:
    """Design pixels per millimetre of real glass with this diagonal."""
    width_mm = diagonal_in * 25.4 * canvas.width / math.hypot(canvas.width, canvas.height)
    return canvas.width / width_mm


def px_per_mm(canvas: Canvas, diagonal_in: float) -> float:
    """The same, held between the design's own and its growth: what lengths are drawn with."""
    own = 1.0 / canvas.mm_per_px
    return min(max(real_px_per_mm(canvas, diagonal_in), own), own * LARGEST_GROWTH)


def zone(canvas: Canvas, plan: ScreenPlan, *, landscape: bool) -> int:
    """Height of the part of the canvas, from its lower edge, that a seated person reaches; design pixels."""
    tall = canvas.width if landscape else canvas.height
    reached = (plan.reach_mm - plan.bottom_mm) * real_px_per_mm(canvas, plan.diagonal_in)
    least = canvas.least_zone_mm * px_per_mm(canvas, plan.diagonal_in)
    return min(tall, round(max(reached, least)))


def beyond_mm(canvas: Canvas, plan: ScreenPlan, *, landscape: bool) -> float:
    """How far the zone's upper edge stands above a seated person's reach, mm: the glass hangs too high."""
    top = plan.bottom_mm + zone(canvas, plan, landscape=landscape) / real_px_per_mm(canvas, plan.diagonal_in)
    return max(0.0, top - plan.reach_mm)
