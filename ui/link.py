"""What the screen needs of the mind, and how the real glass is laid out: met by wiring, the demo and the tests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hardware.api.speech import Sound
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


class VoiceLink(Protocol):
    """The voice as the screen sees it. Called on the screen's thread; nothing here waits."""

    def say(self, text: str, language: str, private: bool) -> None:
        """Speak `text` ("zh" or "en"), in place of what is being said. What is `private` goes into a headset only."""

    def hush(self) -> None:
        """Fall silent at once. Sounds go on."""

    def louder(self) -> None: ...

    def softer(self) -> None: ...

    def sound(self, sound: Sound) -> None:
        """A short sound; it cuts no speech."""

    def headset(self, plugged: bool) -> None:
        """The keypad felt a headset being plugged in, or pulled out."""

    def reset(self) -> None:
        """The visit is over: fall silent, and the loudness is again what the settings say."""

    @property
    def available(self) -> bool:
        """Whether speech would be heard now."""


class Silent:
    """The VoiceLink of a terminal that has no voice."""

    available = False

    def say(self, text: str, language: str, private: bool) -> None:
        """Nobody hears it."""

    def hush(self) -> None:
        """It is silent."""

    def louder(self) -> None:
        """Still silent."""

    def softer(self) -> None:
        """Still silent."""

    def sound(self, sound: Sound) -> None:
        """Nobody hears it."""

    def headset(self, plugged: bool) -> None:
        """It changes nothing."""

    def reset(self) -> None:
        """There is nothing to forget."""


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
