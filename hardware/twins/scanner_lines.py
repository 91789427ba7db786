"""A scanner that reads on its own and sends each code as a line."""

import enum

from hardware.twins.wire import PtyWire, Twin


class LinesFault(enum.Enum):
    """What such a scanner gets wrong."""

    NO_END = enum.auto()  # the line end is not sent
    ENDLESS = enum.auto()  # bytes without any end, far more than a code holds


ENDLESS_SIZE = 20_000


class ScannerLinesTwin(Twin):
    """`show` holds a code before it; it sends it at once, whoever listens."""

    def __init__(self, wire: PtyWire, *, end: bytes = b"\r\n") -> None:
        super().__init__(wire)
        self._end = end
        self._fault: LinesFault | None = None
        self._times = 0
        self.heard = 0  # bytes the host sent; such a scanner knows no commands
        self.power_on()

    def show(self, code: bytes) -> None:
        with self.lock:
            match self._take_fault():
                case None:
                    self.send(code + self._end)
                case LinesFault.NO_END:
                    self.send(code)
                case LinesFault.ENDLESS:
                    self.send((code or b"x") * (ENDLESS_SIZE // max(len(code), 1)))

    def fail(self, fault: LinesFault, times: int = 1) -> None:
        """Do `fault` to the next `times` codes; a negative number means until `heal`."""
        with self.lock:
            self._fault, self._times = fault, times

    def heal(self) -> None:
        with self.lock:
            self._fault, self._times = None, 0

    def received(self, chunk: bytes) -> None:
        self.heard += len(chunk)

    def _take_fault(self) -> LinesFault | None:
        if self._fault is None or self._times == 0:
            return None
        if self._times > 0:
            self._times -= 1
        return self._fault
