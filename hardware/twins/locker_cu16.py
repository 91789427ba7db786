"""Twin of the KERONG CU16 lock board: answers questions, never an open command."""

from hardware.codecs.cu16 import LOCKS_PER_BOARD, BoardStatus, Command, FrameReader, Request, encode
from hardware.codecs.hunt import Noise
from hardware.twins.lock_board import LockBoardTwin, LockFault
from hardware.twins.wire import PtyWire


class LockerCu16Twin(LockBoardTwin):
    """As many CU16 boards in a row as the doors need; `closed_bit` and `item_bit` are how its locks are wired."""

    def __init__(
        self, wire: PtyWire, doors: int = 16, *, closed_bit: int = 1, item_bit: int = 1, motion_s: float = 0.0
    ) -> None:
        super().__init__(wire, doors, motion_s=motion_s)
        self._closed_bit = closed_bit
        self._item_bit = item_bit
        self._reader = FrameReader()
        self.power_on()

    def heard(self, chunk: bytes) -> None:
        for piece in self._reader.feed(chunk):
            if isinstance(piece, Request):
                self._obey(piece)
            elif not isinstance(piece, Noise) and not self.has(LockFault.ECHO):
                raise AssertionError("the host spoke as if it were a board")

    def lost_power(self) -> None:
        self._reader.reset()

    def _obey(self, request: Request) -> None:
        first = request.board * LOCKS_PER_BOARD + 1
        if first not in self.doors:
            return  # no such board on this line
        match request.command:
            case Command.OPEN:
                if first + request.lock in self.doors:
                    self.drive(first + request.lock)
            case Command.OPEN_ALL:
                for lock in range(LOCKS_PER_BOARD):
                    if first + lock in self.doors:
                        self.drive(first + lock)
            case Command.STATUS:
                self.say(encode(self._status(request.board, first)))
            case Command.STATUS_ALL | Command.UNLOCK_TIME | Command.DELAYED_UNLOCK:
                raise AssertionError(f"this twin does not know the answer to {request.command.name}")

    def _status(self, board: int, first: int) -> BoardStatus:
        hooks = items = 0
        for lock in range(LOCKS_PER_BOARD):
            door = first + lock
            wired = door in self.doors
            hooks |= (self._closed_bit if not wired or self.reads_closed(door) else 1 - self._closed_bit) << lock
            items |= (self._item_bit if wired and self.reads_item(door) else 1 - self._item_bit) << lock
        return BoardStatus((board + 1) % LOCKS_PER_BOARD if self.has(LockFault.OTHER_BOARD) else board, hooks, items)
