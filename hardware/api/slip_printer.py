"""The slip printer's port: an 80 mm raster slip, and what became of it."""

from dataclasses import dataclass, field
from typing import Protocol

from hardware.api.locker import Seen
from hardware.api.status import Fault, Status


@dataclass(frozen=True)
class SlipImage:
    """A slip as the head prints it: `width` dots (a multiple of 8) by `height`, 1 bit a dot, rows packed, 1 = black."""

    width: int
    height: int
    rows: bytes = field(repr=False)


@dataclass(frozen=True)
class SlipPrinted:
    """The printer has worked through every byte and cut (its queued status answer came after the image)."""


@dataclass(frozen=True)
class SlipFailed:
    """The slip did not come out whole. `begun` tells whether part of it may be on paper."""

    fault: Fault
    begun: bool


SlipOutcome = SlipPrinted | SlipFailed


class SlipPrinter(Protocol):
    """Prints slips. All methods run in the device's lane."""

    def start(self) -> str: ...

    def status(self) -> Status:
        """Ask in real time. Supply.EXIT is LOW while a slip waits in the mouth, where the model can see it."""
        ...

    def print_slip(self, image: SlipImage) -> SlipOutcome:
        """Print and cut; returns when it is out. Raises LinkLost, NotAnswering (then it is not known what came out)."""
        ...

    def slip_in_exit(self) -> Seen:
        """Whether a slip waits in the mouth: the question a boot asks before it prints again."""
        ...
