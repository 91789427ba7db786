"""KERONG CU16 lock board, with door and item sensors (docs/devices/cu16.md)."""

from hardware.api.clock import Clock
from hardware.api.link import ByteLink
from hardware.api.locker import DoorView
from hardware.codecs.cu16 import (
    BOARDS,
    LOCKS_PER_BOARD,
    BoardStatus,
    Command,
    Frame,
    FrameReader,
    Request,
    encode,
)
from hardware.codecs.hunt import Noise
from hardware.drivers.exchange import hear, no_answer
from hardware.drivers.lock_board import REPLY_S, SETTLE_S, TRIES, LockBoard, opposite, seen


class LockerCu16(LockBoard):
    """Doors 1-16 are the first board's locks, 17-32 the next board's, and so on.

    `closed_bit` and `item_bit` say which bit value means closed and means an item is there; they depend on the wiring
    of the locks. None: the locks have no such sensor. The board never answers an open command.
    """

    def __init__(
        self,
        link: ByteLink,
        clock: Clock,
        doors: int,
        *,
        first_board: int = 0,
        closed_bit: int | None = 1,
        item_bit: int | None = 1,
        reply_s: float = REPLY_S,
        settle_s: float = SETTLE_S,
    ) -> None:
        most = (BOARDS - first_board) * LOCKS_PER_BOARD
        if not 1 <= doors <= most:
            raise ValueError(f"1 to {most} doors from board {first_board} on, not {doors}")
        super().__init__(link, clock, doors, settle_s=settle_s)
        self._first_board = first_board
        self._closed_bit = closed_bit
        self._item_bit = item_bit
        self._reply_s = reply_s

    @property
    def model(self) -> str:
        return "CU16"

    def fire(self, door: int) -> None:
        board, lock = divmod(door - 1, LOCKS_PER_BOARD)
        self._link.write(encode(Request(self._first_board + board, lock, Command.OPEN)))

    def read_doors(self) -> dict[int, DoorView]:
        views: dict[int, DoorView] = {}
        for first in range(0, self._doors, LOCKS_PER_BOARD):
            status = self._ask(self._first_board + first // LOCKS_PER_BOARD)
            for lock in range(min(LOCKS_PER_BOARD, self._doors - first)):
                hook, item = status.hooks >> lock & 1, status.items >> lock & 1
                is_closed = seen(hook, self._closed_bit)
                views[first + lock + 1] = DoorView(opposite(is_closed), seen(item, self._item_bit))
        return views

    def _ask(self, board: int) -> BoardStatus:
        question = encode(Request(board, 0, Command.STATUS))
        heard_other = False

        def wanted(piece: Frame | Noise) -> BoardStatus | None:
            nonlocal heard_other
            if isinstance(piece, BoardStatus) and piece.board == board:
                return piece
            heard_other = heard_other or not isinstance(piece, Request)  # an echo of ours is not somebody
            return None

        for _ in range(TRIES):
            self._link.discard_input()
            self._link.write(question)
            status = hear(self._link, self._clock, FrameReader(), wanted, self._reply_s)
            if status is not None:
                return status
        raise no_answer(heard_other, f"status of board {board}")
