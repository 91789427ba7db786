"""Meaning for a scanner that reads on its own and sends each code as a line (USB CDC in continuous or sensing mode)."""

from collections import deque

from hardware.api.clock import Clock
from hardware.api.code_scanner import CodeScanned
from hardware.api.errors import LinkLost
from hardware.api.link import ByteLink
from hardware.api.status import OFFLINE, DeviceState, Status
from hardware.codecs.code_lines import ANY_END, TOO_LONG, Code, LineReader, TooLong, scanned

WAITING_CODES = 8
IDLE_S = 0.3
"""A line quiet for so long is a code without its end (a scanner set to send none)."""


class ScannerLines:
    """Codes as lines over any byte link. Implements `hardware.api.code_scanner.CodeScanner`.

    Such a scanner takes no commands: `rest` only makes us deaf, and `status` only knows the wire.
    """

    def __init__(self, link: ByteLink, clock: Clock, *, ends: bytes = ANY_END, idle_s: float = IDLE_S) -> None:
        self._link = link
        self._clock = clock
        self._idle_s = idle_s
        self._reader = LineReader(ends)
        self._waiting: deque[CodeScanned] = deque(maxlen=WAITING_CODES)
        self._last_byte = clock.monotonic()
        self._listening = False

    def start(self) -> str:
        """Forget what came before; the model cannot say what it is. Raises LinkLost."""
        self._forget()
        self._listening = False
        return ""

    def status(self) -> Status:
        """Whether the wire is there."""
        try:
            self._take()
        except LinkLost:
            return OFFLINE
        return Status(DeviceState.ONLINE)

    def listen(self) -> None:
        """Hear codes from now on; what was shown before is forgotten. Raises LinkLost."""
        self._forget()
        self._listening = True

    def rest(self) -> None:
        self._listening = False
        self._waiting.clear()

    def poll(self) -> CodeScanned | None:
        """A code that has come in since the last look, or None. Raises LinkLost."""
        self._take()
        return self._waiting.popleft() if self._waiting else None

    def _take(self) -> None:
        for _ in range(16):  # bounded: a babbling wire must not hold the lane
            chunk = self._link.read(0.0)
            now = self._clock.monotonic()
            if chunk:
                self._last_byte = now
                pieces = self._reader.feed(chunk)
            elif self._reader.unfinished and now - self._last_byte >= self._idle_s:
                pieces = self._reader.quiet()
            else:
                return
            for piece in pieces:
                if not self._listening:
                    continue
                if isinstance(piece, Code):
                    self._waiting.append(scanned(piece.raw))
                elif isinstance(piece, TooLong):
                    self._waiting.append(TOO_LONG)

    def _forget(self) -> None:
        self._link.discard_input()
        self._reader.reset()
        self._waiting.clear()
