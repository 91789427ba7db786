"""The glass."""

from typing import Literal

from kiosk.settings.group import Group, Number, YesNo, described


class Screen(Group):
    """The glass. Meets `ui.link.ScreenPlan`."""

    rotation: Literal[0, 90, 180, 270] = described("Degrees clockwise that we turn the picture ourselves.", 0)
    scale: Number = described("Size of the window in windowed mode, as a part of the glass.", 1.0, ge=0.2, le=4)
    diagonal_in: Number = described(
        "Diagonal of the lit glass, inches: sizes in mm follow from it.", 21.5, ge=5, le=120
    )
    bottom_mm: Number = described(
        "Height of the lit glass's lower edge above the floor, mm: the low mode's zone follows from it. Pages need"
        " 260 mm of 21.5 inches below `reach_mm`, and 387 mm of 32: hung higher, `--check` and the log say how much.",
        900.0,
        ge=0,
        le=1500,
    )
    reach_mm: Number = described("How high above the floor a seated person reaches, mm.", 1220.0, ge=800, le=1600)
    windowed: YesNo = described("A window on somebody's desk rather than the whole glass.", False)
    reduced_motion: YesNo = described("No slides and no breathing light.", False)
