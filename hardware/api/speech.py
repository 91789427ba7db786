"""Speech and sound: an engine that turns text into samples, and what makes samples heard in a headset or a speaker.

The two are apart because either may be missing, and because only the second must be quick to fall silent. Text that is
spoken is a person's own: neither port keeps it, logs it or puts it where another program can read it.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from hardware.api.locker import Seen
from hardware.api.status import Status

LOUDEST = 10
"""Levels of loudness go from 0, silent, to this."""
SAMPLE_BYTES = 2


class Sound(enum.StrEnum):
    """The four short sounds; each has a caption in words for those who do not hear it."""

    KEY = "key"
    DONE = "done"
    WRONG = "wrong"
    HURRY = "hurry"


class Outlet(enum.StrEnum):
    """Where sound comes out: into one person's ears, or into the room."""

    HEADSET = "headset"
    SPEAKER = "speaker"


@dataclass(frozen=True)
class Speech:
    """Samples: signed 16 bit, little end first, one channel, `hz` of them in a second."""

    pcm: bytes = field(repr=False)
    hz: int

    @property
    def length_s(self) -> float:
        return len(self.pcm) / SAMPLE_BYTES / self.hz


class Unspoken(enum.Enum):
    """Why a text became no samples, where nothing is broken."""

    NOTHING = enum.auto()  # spaces and signs only: nothing in it has a sound
    NO_VOICE = enum.auto()  # the engine does not speak that language
    TOO_LONG = enum.auto()  # more than one piece of text may have
    CUT = enum.auto()  # `stop` was called


Rendering: TypeAlias = Speech | Unspoken


class Voice(Protocol):
    """A speech engine. All methods but `stop` run in its lane."""

    def start(self) -> str:
        """Find the engine and its voices; returns what it is. Raises DeviceError (OutOfService when it is absent)."""
        ...

    def status(self) -> Status: ...

    def render(self, text: str, language: str, rate: float) -> Rendering:
        """Speak `text` ("zh" or "en") into samples; `rate` 1.0 is the usual speed, 2.0 twice it. Raises DeviceError."""
        ...

    def stop(self) -> None:
        """Any thread: give up the rendering under way, where the engine can."""
        ...


class Heard(enum.Enum):
    """How a playing ended."""

    WHOLE = enum.auto()  # the last sample has been heard
    CUT = enum.auto()  # `stop` was called: what had not been heard never will be
    NOTHING = enum.auto()  # there was nothing to play


class AudioOut(Protocol):
    """The sound card. `start`, `status`, `plugged`, `play` and `ring` run in its lane, the rest in any thread."""

    def start(self) -> str:
        """Find the outlets. Raises DeviceError."""
        ...

    def status(self) -> Status: ...

    def has(self, outlet: Outlet) -> bool:
        """Whether the terminal has this outlet at all. Any thread."""
        ...

    def plugged(self) -> Seen:
        """Whether something is plugged into the headset's socket, as the card sees it."""
        ...

    def play(self, pieces: Iterable[Speech], outlet: Outlet) -> Heard:
        """Play pieces of one speed of samples without a gap; asks for each when it is needed. Raises DeviceError."""
        ...

    def ring(self, outlet: Outlet) -> Heard:
        """Play the chimes that no `play` has taken along. Raises DeviceError."""
        ...

    def chime(self, sound: Speech) -> None:
        """Any thread: add a short sound to what is playing, or to the next `play` or `ring`. Cuts nothing."""
        ...

    def stop(self) -> None:
        """Any thread: silence at once; the `play` under way ends as CUT."""
        ...

    def set_level(self, level: int) -> None:
        """Any thread: loudness from 0 to LOUDEST, from the next samples on."""
        ...
