"""The locker's port: doors that are seen, not assumed."""

import enum
from dataclasses import dataclass
from typing import Protocol

from hardware.api.status import Status


class Seen(enum.StrEnum):
    """A yes-or-no that a sensor may not be able to give."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class DoorView:
    """What the sensors say about one compartment. `item` is UNKNOWN on boards without item sensors."""

    is_open: Seen
    item: Seen = Seen.UNKNOWN


@dataclass(frozen=True)
class Pulsed:
    """The lock was told to open and the board took the command (or has no answer to give). Not an open door."""


@dataclass(frozen=True)
class PulseRefused:
    """The board answered that it did not fire the lock."""


PulseOutcome = Pulsed | PulseRefused


class Locker(Protocol):
    """A cabinet behind one lock board; doors are numbered from 1. All methods run in the device's lane."""

    @property
    def doors(self) -> int: ...

    def start(self) -> str:
        """Ask the board for its doors; returns a word for the log. Raises DeviceError."""
        ...

    def status(self) -> Status: ...

    def pulse(self, door: int) -> PulseOutcome:
        """Fire one lock once. Raises DeviceError; ValueError for a door that is not there."""
        ...

    def look(self) -> dict[int, DoorView]:
        """What the sensors say, door by door. Raises DeviceError."""
        ...
