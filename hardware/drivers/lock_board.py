"""What every lock board's driver does alike: number its doors, leave a lock its time, and never trust a reply."""

from abc import ABC, abstractmethod

from hardware.api.clock import Clock
from hardware.api.errors import DeviceError
from hardware.api.link import ByteLink
from hardware.api.locker import DoorView, Pulsed, PulseOutcome, Seen
from hardware.api.status import DeviceState, Fault, Status
from hardware.drivers.exchange import status_of

SETTLE_S = 0.3
"""How long a solenoid and a spring take; a door looked at sooner still reads shut (protocols: 200-500 ms)."""
REPLY_S = 0.25
"""How long a board may take to answer (25-200 ms seen)."""
TRIES = 3
"""A question about doors may be asked again; a pulse is never sent twice."""


def seen(bit: int, means_yes: int | None) -> Seen:
    """What a sensor's bit says; UNKNOWN where the setting says that there is no sensor."""
    if means_yes is None:
        return Seen.UNKNOWN
    return Seen.YES if bit == means_yes else Seen.NO


def opposite(sight: Seen) -> Seen:
    """Not closed is open, not known stays not known."""
    match sight:
        case Seen.YES:
            return Seen.NO
        case Seen.NO:
            return Seen.YES
        case Seen.UNKNOWN:
            return Seen.UNKNOWN


class LockBoard(ABC):
    """A cabinet behind a lock board. Implements `hardware.api.locker.Locker`; subclasses speak the board's frames."""

    def __init__(self, link: ByteLink, clock: Clock, doors: int, *, settle_s: float = SETTLE_S) -> None:
        self._link = link
        self._clock = clock
        self._doors = doors
        self._settle_s = settle_s
        self._settled_at = clock.monotonic()

    @property
    def doors(self) -> int:
        return self._doors

    def start(self) -> str:
        """Ask the board for its doors. Raises DeviceError."""
        self.look()
        return f"{self.model}, {self._doors} doors"

    def status(self) -> Status:
        """Ask the board now. Sensors that all say "open" are doubtful, which is advice and no reason not to open."""
        try:
            views = self.look()
        except DeviceError as error:
            return status_of(error)
        every_door_open = all(view.is_open is Seen.YES for view in views.values())
        doubt = Fault.LOCK_SENSOR_DOUBTFUL if self._doors > 1 and every_door_open else None
        return Status(DeviceState.ONLINE, doubt)

    def pulse(self, door: int) -> PulseOutcome:
        """Fire one lock once, whatever the sensors say. Raises DeviceError; then it may or may not have fired."""
        if not 1 <= door <= self._doors:
            raise ValueError(f"door {door} of {self._doors}")
        self._settle()  # one solenoid at a time: the supply is made for one
        self._settled_at = self._clock.monotonic() + self._settle_s
        self.fire(door)
        return Pulsed()

    def look(self) -> dict[int, DoorView]:
        """What the sensors say, once a lock that was just fired has had its time. Raises DeviceError."""
        self._settle()
        return self.read_doors()

    def _settle(self) -> None:
        left_s = self._settled_at - self._clock.monotonic()
        if left_s > 0:
            self._clock.wait(left_s)

    @property
    @abstractmethod
    def model(self) -> str:
        """The board's family, for the log."""

    @abstractmethod
    def fire(self, door: int) -> None:
        """Send one open command, once. Raises DeviceError."""

    @abstractmethod
    def read_doors(self) -> dict[int, DoorView]:
        """Every door's sensors. Raises DeviceError."""
