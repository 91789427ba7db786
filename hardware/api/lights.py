"""Guide lights: the lamp over the slot that is needed now."""

import enum
from typing import Protocol


class Spot(enum.StrEnum):
    """A place on the terminal's front that a person puts a hand to."""

    CARD = "card"
    CODE = "code"
    PAGES = "pages"
    SLIP = "slip"
    LOCKER = "locker"


class GuideLights(Protocol):
    """Lights one spot at a time."""

    def show(self, spot: Spot | None) -> None: ...
