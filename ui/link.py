"""What the screen needs of the mind, and how the real glass is laid out: met by wiring, the demo and the tests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kiosk.journeys.events import Event
from kiosk.view import View


class MindLink(Protocol):
    """The mind as the screen sees it. The screen calls `post` and `subscribe` on its own thread."""

    def subscribe(self, callback: Callable[[View], None]) -> None:
        """Have `callback` called with every new View, from any thread. Asked once, when the screen is built: a mind
        that starts later loses nothing; one that runs already must call back with the present View first."""

    def post(self, event: Event) -> None:
        """Tell the mind what the person asked. Must not wait."""

    def paper_image(self, name: str) -> bytes | None:
        """PNG or JPEG bytes of a page named in `ReviewBody.pages`; called on a picture thread, may wait. None: gone."""


class ScreenPlan(Protocol):
    """The glass, as settings describe it."""

    @property
    def diagonal_in(self) -> float:
        """Diagonal of the lit glass in inches; sizes in millimetres are made of it."""

    @property
    def rotation(self) -> int:
        """Degrees clockwise that the picture is turned by us: 0, 90, 180 or 270."""

    @property
    def windowed(self) -> bool:
        """A window on somebody's desk rather than the whole glass."""

    @property
    def scale(self) -> float:
        """Size of that window as a part of the design's 1080 x 1920; it is made smaller where the desk is."""

    @property
    def bottom_mm(self) -> float:
        """Height of the lit glass's lower edge above the floor, millimetres."""

    @property
    def reach_mm(self) -> float:
        """How high above the floor a seated person reaches, millimetres."""

    @property
    def reduced_motion(self) -> bool:
        """No slides and no breathing light."""


@dataclass(frozen=True)
class Glass:
    """A plain ScreenPlan."""

    diagonal_in: float = 21.5
    rotation: int = 0
    windowed: bool = False
    scale: float = 1.0
    bottom_mm: float = 900.0
    reach_mm: float = 1220.0
    reduced_motion: bool = False
