"""This terminal's front as it is drawn on placement pages: what stands where, in millimetres from its upper left."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Box = tuple[int, int, int, int]
"""Left, top, width, height, mm."""

WIDTH_MM, HEIGHT_MM = 600, 1070
SCREEN: Box = (50, 75, 500, 520)
PLACES: Mapping[str, Box] = MappingProxyType(
    {
        "card": (60, 648, 222, 146),
        "code": (318, 648, 222, 146),
        "slip": (318, 822, 222, 72),
        "pages": (60, 926, 480, 84),
    }
)
"""By the name of the spot, as guide lights have it (`hardware.api.lights.Spot`); "camera", "keypad" where there are."""
CABINET_MM = (430, 860)


def columns_for(doors: int) -> int:
    """How many compartments stand side by side where nobody said."""
    return max(1, doors) if doors <= 4 else 2 if doors <= 12 else 3 if doors <= 30 else -(-doors // 10)


@dataclass(frozen=True)
class Front:
    """What the screen draws. `places` holds only what this terminal has; `doors` 0: no cabinet stands beside it."""

    width: int = WIDTH_MM
    height: int = HEIGHT_MM
    screen: Box = SCREEN
    places: Mapping[str, Box] = field(default_factory=lambda: PLACES)
    doors: int = 0
    columns: int = 1
    down: bool = False  # doors are counted down the columns, not across the rows
    cabinet_left: bool = False
    cabinet_width: int = CABINET_MM[0]
    cabinet_height: int = CABINET_MM[1]


WHOLE = Front(doors=12, columns=columns_for(12))
"""Everything there can be at its usual place, for who has no settings: the screen by itself."""
