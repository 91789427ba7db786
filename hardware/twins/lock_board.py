"""What every lock board's twin has: a cabinet with physical truth, sensors that may lie, faults of the board."""

import enum

from hardware.twins.cabinet import Cabinet, Door
from hardware.twins.wire import PtyWire, Twin


class LockFault(enum.Enum):
    """What goes wrong with lock boards in the field. The first four may hold for one door only."""

    ACK_BUT_SHUT = enum.auto()  # takes the command and drives nothing
    SENSOR_LIES_OPEN = enum.auto()
    SENSOR_LIES_CLOSED = enum.auto()
    IR_LIES = enum.auto()  # the item sensor says the opposite
    NO_REPLY = enum.auto()  # hears nothing, does nothing, says nothing
    BAD_SUM = enum.auto()  # every answer's last byte is wrong
    STRAY_BYTE = enum.auto()  # a byte before every answer
    ECHO = enum.auto()  # the line repeats what the host sends
    OTHER_BOARD = enum.auto()  # answers under its neighbour's address


class LockBoardTwin(Twin):
    """A lock board and its cabinet. Subclasses hear and speak the board's frames.

    `motion_s` is how long a spring takes to open a door after the pulse. Hands: `close_door`, `put_item`, `take_item`,
    `stock`; `stick` and `free` for a door that is stuck shut.
    """

    def __init__(self, wire: PtyWire, doors: int, *, motion_s: float = 0.0) -> None:
        super().__init__(wire)
        self.cabinet = Cabinet(doors)
        self.motion_s = motion_s
        self._faults: set[tuple[LockFault, int | None]] = set()

    # ---- hands

    @property
    def doors(self) -> dict[int, Door]:
        return self.cabinet.doors

    def close_door(self, door: int) -> None:
        with self.lock:
            was_open = self.doors[door].is_open
            self.cabinet.close(door)
            if was_open:
                self.door_moved(door)

    def put_item(self, door: int) -> None:
        with self.lock:
            self.cabinet.put_item(door)

    def take_item(self, door: int) -> None:
        with self.lock:
            self.cabinet.take_item(door)

    def stock(self, door: int) -> None:
        with self.lock:
            self.cabinet.stock(door)

    def stick(self, door: int) -> None:
        """The door is jammed: its lock fires and it stays shut."""
        with self.lock:
            self.doors[door].stuck_shut = True

    def free(self, door: int) -> None:
        with self.lock:
            self.doors[door].stuck_shut = False

    # ---- faults

    def suffer(self, fault: LockFault, door: int | None = None) -> None:
        """Have a fault from now on, at one door or everywhere."""
        with self.lock:
            self._faults.add((fault, door))

    def heal(self) -> None:
        """Have no fault any more; stuck doors stay stuck."""
        with self.lock:
            self._faults.clear()

    def has(self, fault: LockFault, door: int | None = None) -> bool:
        return (fault, None) in self._faults or (fault, door) in self._faults

    # ---- what the board's electronics do

    def drive(self, door: int) -> None:
        """Drive one lock. Called with `lock` held."""
        if self.has(LockFault.ACK_BUT_SHUT, door):
            return
        if self.motion_s > 0:
            self.wire.later(self.motion_s, lambda: self._spring(door))
        else:
            self._spring(door)

    def reads_closed(self, door: int) -> bool:
        """What the door's sensor says."""
        if self.has(LockFault.SENSOR_LIES_OPEN, door):
            return False
        return self.has(LockFault.SENSOR_LIES_CLOSED, door) or not self.doors[door].is_open

    def reads_item(self, door: int) -> bool:
        """What the item sensor says."""
        return self.doors[door].item != self.has(LockFault.IR_LIES, door)

    def say(self, answer: bytes) -> None:
        """Send an answer as the board's faults leave it."""
        if self.has(LockFault.BAD_SUM):
            answer = answer[:-1] + bytes((answer[-1] ^ 0x5A,))
        if self.has(LockFault.STRAY_BYTE):
            answer = b"\x80" + answer
        self.send(answer)

    def received(self, chunk: bytes) -> None:
        if self.has(LockFault.ECHO):
            self.send(chunk)
        if not self.has(LockFault.NO_REPLY):
            self.heard(chunk)

    def heard(self, chunk: bytes) -> None:
        """Bytes that reach the board. Called with `lock` held."""
        raise NotImplementedError

    def door_moved(self, door: int) -> None:
        """A door opened or closed; boards that report it do so here. Called with `lock` held."""

    def _spring(self, door: int) -> None:
        with self.lock:
            was_open = self.doors[door].is_open
            self.cabinet.drive(door)
            if self.doors[door].is_open != was_open:
                self.door_moved(door)
