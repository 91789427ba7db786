"""A serial port as a byte link (pyserial opens and sets it; bytes go through the file descriptor)."""

import contextlib
import errno
import os
import select
import termios

import serial

from hardware.api.errors import LinkLost

CHUNK = 4096
STALL_S = 10.0
"""A wire that takes no byte for this long is lost (a slip printer may hold its sender off for some seconds)."""


class SerialLink:
    """8N1, no flow control, exclusive: a second opener is refused. Implements `hardware.api.link.ByteLink`."""

    def __init__(self, path: str, baud: int, *, stall_s: float = STALL_S) -> None:
        self.path = path
        self.baud = baud
        self._stall_s = stall_s
        self._port: serial.Serial | None = None
        self._poll: select.poll | None = None

    def open(self) -> None:
        """Open, or open again after a loss. Raises LinkLost."""
        self.close()
        try:
            port = serial.Serial(self.path, self.baud, timeout=0, exclusive=True)
        except (OSError, termios.error, ValueError) as error:  # SerialException is an OSError; ValueError: bad speed
            raise LinkLost(f"cannot open the port: {type(error).__name__}") from error
        self._port = port
        self._poll = select.poll()
        self._poll.register(port.fileno(), select.POLLIN)

    def close(self) -> None:
        port, self._port, self._poll = self._port, None, None
        if port is not None:
            # the port may already be gone: there is nothing left to close then
            with contextlib.suppress(OSError, termios.error):
                port.close()

    def write(self, data: bytes) -> None:
        """Send every byte, however slowly the wire takes them. Raises LinkLost."""
        descriptor = self._descriptor()
        view = memoryview(data)
        room = select.poll()
        room.register(descriptor, select.POLLOUT)
        try:
            while view:
                ready = room.poll(self._stall_s * 1000)
                if not ready:
                    raise OSError(errno.ETIMEDOUT, "the wire takes no bytes")
                if ready[0][1] & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
                    raise OSError(errno.EIO, "hung up")
                try:
                    view = view[os.write(descriptor, view) :]
                except BlockingIOError:
                    continue
        except OSError as error:
            raise self._lost(error) from error

    def read(self, timeout_s: float) -> bytes:
        """The bytes that are there, waiting up to `timeout_s` for the first; b"" when none came. Raises LinkLost."""
        descriptor = self._descriptor()
        assert self._poll is not None  # noqa: S101 - set together with the port
        try:
            if not self._poll.poll(max(timeout_s, 0.0) * 1000):
                return b""
            data = os.read(descriptor, CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise self._lost(error) from error
        if not data:  # readable and empty: the other end is closed, and would stay "readable" for ever
            raise self._lost(EOFError())
        return data

    def discard_input(self) -> None:
        """Forget bytes that arrived before now. Raises LinkLost."""
        for _ in range(64):  # bounded: a babbling wire must not hold the lane
            if not self.read(0.0):
                break
        else:
            try:
                termios.tcflush(self._descriptor(), termios.TCIFLUSH)
            except (OSError, termios.error) as error:
                raise self._lost(error) from error

    def _descriptor(self) -> int:
        if self._port is None:
            raise LinkLost("the port is not open")
        return int(self._port.fileno())

    def _lost(self, error: Exception) -> LinkLost:
        self.close()
        return LinkLost(f"the port is gone: {type(error).__name__}")
