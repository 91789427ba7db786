"""A scanner that reads on its own and sends each code as a line."""

import enum

from hardware.twins.mishaps import MishapTwin
from hardware.twins.wire import PtyWire


class LinesFault(enum.Enum):
    """What such a scanner gets wrong."""

    NO_END = enum.auto()  # the line end is not sent
    ENDLESS = enum.auto()  # bytes without any end, far more than a code holds


ENDLESS_SIZE = 20_000


class ScannerLinesTwin(MishapTwin[LinesFault]):
    """`show` holds a code before it; it sends it at once, whoever listens."""

    def __init__(self, wire: PtyWire, *, end: bytes = b"\r\n") -> None:
        super().__init__(wire)
        self._end = end
        self.heard = 0  # bytes the host sent; such a scanner knows no commands
        self.power_on()

    def show(self, code: bytes) -> None:
        with self.lock:
            match self.take_fault():
                case None:
                    self.send(code + self._end)
                case LinesFault.NO_END:
                    self.send(code)
                case LinesFault.ENDLESS:
                    self.send((code or b"x") * (ENDLESS_SIZE // max(len(code), 1)))

    def received(self, chunk: bytes) -> None:
        self.heard += len(chunk)
