"""Twin of an "8A" lock board: acknowledges, reports doors unasked if its firmware does, and may echo."""

from hardware.codecs.hunt import Noise
from hardware.codecs.lock_8a import (
    CLEAR,
    SET,
    AllReply,
    DoorChanged,
    FromBoard,
    HoldRequest,
    OpenReply,
    OpenRequest,
    ReadReply,
    ReadRequest,
    RequestReader,
    SeveralRequest,
    StatusOrder,
    ToBoard,
    channel_bits,
    encode,
    status_bytes,
)
from hardware.twins.lock_board import LockBoardTwin, LockFault
from hardware.twins.wire import PtyWire


class Locker8ATwin(LockBoardTwin):
    """One board. `opening_feedback`: its contacts close when a door is open; `reports_changes`: sends 82 unasked."""

    def __init__(
        self,
        wire: PtyWire,
        doors: int = 24,
        *,
        board: int = 1,
        channels: int | None = None,
        opening_feedback: bool = False,
        status_order: StatusOrder = StatusOrder.LAST,
        reports_changes: bool = False,
        motion_s: float = 0.0,
    ) -> None:
        super().__init__(wire, doors, motion_s=motion_s)
        self.board = board
        self.channels = doors if channels is None else channels
        self.reports_changes = reports_changes
        self._opening_feedback = opening_feedback
        self._status_order = status_order
        self._reader = RequestReader()
        self.power_on()

    def heard(self, chunk: bytes) -> None:
        for piece in self._reader.feed(chunk):
            if not isinstance(piece, Noise) and piece.board == self.board:
                self._obey(piece)

    def lost_power(self) -> None:
        self._reader.reset()

    def door_moved(self, door: int) -> None:
        if self.reports_changes:
            self._say(DoorChanged(self._own_address(), door, self._word(door)))

    def _obey(self, request: ToBoard) -> None:
        match request:
            case OpenRequest(_, 0):
                for door in self.doors:
                    self.drive(door)
                self._say(OpenReply(self._own_address(), 0, SET))
            case OpenRequest(_, channel):
                if channel <= self.channels:
                    if channel in self.doors:
                        self.drive(channel)
                    self._say(OpenReply(self._own_address(), channel, SET))
            case ReadRequest(_, 0):
                self._say(AllReply(self._own_address(), self._status()))
            case ReadRequest(_, channel):
                if channel <= self.channels:
                    self._say(ReadReply(self._own_address(), channel, self._word(channel)))
            case SeveralRequest(_, raw):
                bits = channel_bits(raw, self._status_order)
                for door in self.doors:
                    if bits >> (door - 1) & 1:
                        self.drive(door)
            case HoldRequest():
                raise AssertionError("this twin holds no lock on")

    def _word(self, channel: int) -> int:
        """The contact's state word; a channel without a lock reads as a closed door."""
        closed = channel not in self.doors or self.reads_closed(channel)
        return SET if closed != self._opening_feedback else CLEAR

    def _status(self) -> bytes:
        bits = sum(1 << (channel - 1) for channel in range(1, self.channels + 1) if self._word(channel) == SET)
        return status_bytes(bits, self.channels, self._status_order)

    def _own_address(self) -> int:
        return self.board % 32 + 1 if self.has(LockFault.OTHER_BOARD) else self.board

    def _say(self, answer: FromBoard) -> None:
        self.say(encode(answer))
