"""The ways of seeing and reaching that a person may switch on at any moment of a visit; all are off at its end."""

import enum
from dataclasses import dataclass, replace


class Mode(enum.StrEnum):
    """One way; the value is also its field in `Modes`."""

    ELDER = "elder"  # larger type and targets, one question a page, three times the patience
    CONTRAST = "contrast"  # white and yellow on black
    LOW = "low"  # everything to be touched within reach of a seated person
    MAGNIFY = "magnify"  # a part of the screen, enlarged
    HIDDEN = "hidden"  # what was written is covered


@dataclass(frozen=True)
class Modes:
    """Which of them are on."""

    elder: bool = False
    contrast: bool = False
    low: bool = False
    magnify: bool = False
    hidden: bool = False

    def has(self, mode: Mode) -> bool:
        """Whether this one is on."""
        return bool(getattr(self, mode.value))

    def set(self, mode: Mode, on: bool) -> "Modes":
        """These, with one switched."""
        return replace(self, **{mode.value: on})


ALL_OFF = Modes()
