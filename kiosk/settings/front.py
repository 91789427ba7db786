"""The terminal's front: where everything is that a hand goes to."""

import enum
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, ValidationError

from kiosk import front
from kiosk.settings.group import Group, Whole, described

LARGEST_MM = 4000
LEAST_MM = 15
"""A place smaller than this could not be seen in the drawing."""


def _box(value: Any) -> front.Box:
    """Four whole numbers. Raises ValueError."""
    whole = isinstance(value, list | tuple) and all(isinstance(n, int) and not isinstance(n, bool) for n in value)
    if not whole or len(value) != 4:
        raise ValueError("must be [left, top, width, height], four whole numbers of millimetres")
    left, top, width, height = value
    if min(left, top) < 0 or max(value) > LARGEST_MM:
        raise ValueError(f"must lie between 0 and {LARGEST_MM} mm")
    if min(width, height) < LEAST_MM:
        raise ValueError(f"must be at least {LEAST_MM} mm wide and high")
    return left, top, width, height


Box = Annotated[tuple[int, int, int, int], PlainValidator(_box)]


class Counted(enum.StrEnum):
    """How the doors of the cabinet are numbered."""

    ACROSS = "across"
    DOWN = "down"


class Front(Group):
    """The front as a person sees it, drawn on every page that asks for a card, a code or a hand.

    A place is [left, top, width, height] in millimetres, from the front's upper left corner.
    """

    width: Whole = described("Width of the front, mm.", front.WIDTH_MM, ge=200, le=LARGEST_MM)
    height: Whole = described("Height of the front, mm.", front.HEIGHT_MM, ge=200, le=LARGEST_MM)
    screen: Box = described("Where the glass is.", front.SCREEN)
    reader: Box = described("Where a card is laid.", front.PLACES["card"])
    scanner: Box = described("Where a code is shown.", front.PLACES["code"])
    slip: Box = described("Where slips come out.", front.PLACES["slip"])
    pages: Box = described("Where printed pages come out.", front.PLACES["pages"])
    camera: Box | None = described("Where a camera looks out; none: there is none.", None)
    keypad: Box | None = described("Where the tactile keypad is; none: there is none.", None)
    cabinet_side: Literal["left", "right"] = described("Where the locker stands, seen from the person.", "right")
    cabinet_width: Whole = described("Width of the locker, mm.", front.CABINET_MM[0], ge=100, le=LARGEST_MM)
    cabinet_height: Whole = described("Height of the locker, mm.", front.CABINET_MM[1], ge=100, le=LARGEST_MM)
    cabinet_columns: Whole = described(
        "Compartments side by side in the locker; 0: as is usual for its number of doors.", 0, ge=0, le=60
    )
    cabinet_counted: Counted = described("How its doors are numbered, from the upper left.", Counted.ACROSS)

    def drawn(self, present: Mapping[str, bool], doors: int) -> front.Front:
        """The front with what is present of "card", "code", "slip", "pages", and a locker of so many doors."""
        places = {name: box for name, box in self._places(present).items() if name != "screen"}
        return front.Front(
            width=self.width,
            height=self.height,
            screen=self.screen,
            places=places,
            doors=doors,
            columns=self.cabinet_columns or front.columns_for(doors),
            down=self.cabinet_counted is Counted.DOWN,
            cabinet_left=self.cabinet_side == "left",
            cabinet_width=self.cabinet_width,
            cabinet_height=self.cabinet_height,
        )

    def _places(self, present: Mapping[str, bool]) -> dict[str, front.Box]:
        named = {"card": self.reader, "code": self.scanner, "slip": self.slip, "pages": self.pages}
        places = {"screen": self.screen, **{name: box for name, box in named.items() if present.get(name, False)}}
        more = {"camera": self.camera, "keypad": self.keypad}
        return places | {name: box for name, box in more.items() if box is not None}

    def mistakes(self, present: Mapping[str, bool], doors: int) -> Iterable[tuple[str, str]]:
        """(setting, what is wrong) for places that stick out or lie on each other; absent devices are not looked at."""
        setting = {"card": "reader", "code": "scanner"}
        places = [(setting.get(name, name), box) for name, box in self._places(present).items()]
        for at, (name, box) in enumerate(places):
            if box[0] + box[2] > self.width or box[1] + box[3] > self.height:
                yield name, f"sticks out of the front, which is {self.width} x {self.height} mm"
            for other, taken in places[:at]:
                if _overlap(box, taken):
                    yield name, f"lies on `front.{other}`"
        if doors and self.cabinet_columns > doors:
            yield "cabinet_columns", f"the locker has only {doors} doors"


def _overlap(one: front.Box, two: front.Box) -> bool:
    across = one[0] < two[0] + two[2] and two[0] < one[0] + one[2]
    return across and one[1] < two[1] + two[3] and two[1] < one[1] + one[3]


PLACED_BY = {"card": "reader", "code": "scanner", "slip": "slip", "pages": "pages"}
"""Spot -> the device whose setting says whether it is there."""


def mistakes_in(raw: Any, models: Mapping[str, str], doors: int) -> Iterable[tuple[str, str]]:
    """The same for the raw table of the file; nothing where the table itself is wrong, which is told elsewhere."""
    try:
        found = Front.model_validate(raw if isinstance(raw, dict) else {})
    except ValidationError:
        return ()
    present = {spot: models.get(device, "none") != "none" for spot, device in PLACED_BY.items()}
    return found.mistakes(present, doors)
