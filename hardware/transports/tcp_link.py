"""A TCP connection as a byte link (network slip printers listen on port 9100)."""

import contextlib
import select
import socket

from hardware.api.errors import LinkLost

CHUNK = 4096


class TcpLink:
    """One connection, kept alive by the system's probes. Implements `hardware.api.link.ByteLink`."""

    def __init__(self, host: str, port: int, *, connect_s: float = 3.0, stall_s: float = 10.0) -> None:
        self.host = host
        self.port = port
        self._connect_s = connect_s
        self._stall_s = stall_s
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Connect, or connect again after a loss. Raises LinkLost."""
        self.close()
        try:
            connection = socket.create_connection((self.host, self.port), timeout=self._connect_s)
        except (OSError, UnicodeError) as error:  # UnicodeError: a host name that cannot be one
            raise LinkLost(f"cannot connect: {type(error).__name__}") from error
        connection.settimeout(self._stall_s)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = connection

    def close(self) -> None:
        connection, self._socket = self._socket, None
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.close()

    def write(self, data: bytes) -> None:
        """Send every byte. Raises LinkLost."""
        connection = self._connection()
        view = memoryview(data)
        try:
            while view:  # sendall's time-out is for the whole; a slow printer needs one for each step
                view = view[connection.send(view) :]
        except OSError as error:
            raise self._lost(error) from error

    def read(self, timeout_s: float) -> bytes:
        """The bytes that are there, waiting up to `timeout_s` for the first; b"" when none came. Raises LinkLost."""
        connection = self._connection()
        ready = select.poll()
        ready.register(connection.fileno(), select.POLLIN)
        try:
            if not ready.poll(max(timeout_s, 0.0) * 1000):
                return b""
            data = connection.recv(CHUNK)
        except OSError as error:
            raise self._lost(error) from error
        if not data:
            raise self._lost(EOFError())
        return data

    def discard_input(self) -> None:
        """Forget bytes that arrived before now. Raises LinkLost."""
        for _ in range(256):  # bounded: a babbling peer must not hold the lane
            if not self.read(0.0):
                break

    def _connection(self) -> socket.socket:
        if self._socket is None:
            raise LinkLost("not connected")
        return self._socket

    def _lost(self, error: Exception) -> LinkLost:
        self.close()
        return LinkLost(f"the connection is gone: {type(error).__name__}")
