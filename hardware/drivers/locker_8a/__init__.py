"""Lock boards of the "8A" family (docs/devices/lock-8a.md)."""

import enum

from hardware.api.clock import Clock
from hardware.api.link import ByteLink
from hardware.api.locker import DoorView
from hardware.codecs.hunt import Noise
from hardware.codecs.lock_8a import (
    AllReply,
    FromBoard,
    OpenReply,
    OpenRequest,
    ReadRequest,
    ReplyReader,
    StatusOrder,
    channel_bits,
    encode,
    status_size,
)
from hardware.drivers.exchange import hear, no_answer
from hardware.drivers.lock_board import REPLY_S, SETTLE_S, TRIES, LockBoard, opposite, seen

BOARDS = 32


class Feedback(enum.StrEnum):
    """The lock's contact: closed while the door is closed (11 = closed), while it is open (11 = open), or not wired."""

    CLOSING = "closing"
    OPENING = "opening"
    NONE = "none"


_CLOSED_BIT = {Feedback.CLOSING: 1, Feedback.OPENING: 0, Feedback.NONE: None}


class Locker8A(LockBoard):
    """Doors are the first channels of one board; `channels` is the board's size where it is not the smallest that fits.

    The answer to an open command is byte-identical to its echo, and its state word means different things on different
    boards: it only shows that the line lives. What the door did is for `look`.
    """

    def __init__(
        self,
        link: ByteLink,
        clock: Clock,
        board: int,
        doors: int,
        *,
        channels: int | None = None,
        feedback_mode: Feedback = Feedback.CLOSING,
        status_order: StatusOrder = StatusOrder.LAST,
        reply_s: float = REPLY_S,
        settle_s: float = SETTLE_S,
    ) -> None:
        if not 1 <= board <= BOARDS:
            raise ValueError(f"board address 1 to {BOARDS}, not {board}")
        self._channels = doors if channels is None else channels
        status_size(self._channels)  # raises for a board that does not exist
        if not 1 <= doors <= self._channels:
            raise ValueError(f"{doors} doors on a board of {self._channels} channels")
        super().__init__(link, clock, doors, settle_s=settle_s)
        self._board = board
        self._closed_bit = _CLOSED_BIT[feedback_mode]
        self._status_order = status_order
        self._reply_s = reply_s

    @property
    def model(self) -> str:
        return "8A"

    def fire(self, door: int) -> None:
        heard_other = False

        def wanted(piece: FromBoard | Noise) -> OpenReply | None:
            nonlocal heard_other
            if isinstance(piece, OpenReply) and (piece.board, piece.channel) == (self._board, door):
                return piece
            heard_other = True
            return None

        self._link.discard_input()
        self._link.write(encode(OpenRequest(self._board, door)))
        if hear(self._link, self._clock, ReplyReader(self._channels), wanted, self._reply_s) is None:
            raise no_answer(heard_other, f"open channel {door}")

    def read_doors(self) -> dict[int, DoorView]:
        bits = channel_bits(self._ask().status, self._status_order)
        return {
            door: DoorView(opposite(seen(bits >> (door - 1) & 1, self._closed_bit)))
            for door in range(1, self._doors + 1)
        }

    def _ask(self) -> AllReply:
        question = ReadRequest(self._board)
        heard_other = False

        def wanted(piece: FromBoard | Noise) -> AllReply | None:
            nonlocal heard_other
            if isinstance(piece, AllReply) and piece.board == self._board:
                return piece
            heard_other = heard_other or piece != question  # our own echo is not somebody
            return None

        for _ in range(TRIES):
            self._link.discard_input()
            self._link.write(encode(question))
            reply = hear(self._link, self._clock, ReplyReader(self._channels), wanted, self._reply_s)
            if reply is not None:
                return reply
        raise no_answer(heard_other, "status of all channels")
