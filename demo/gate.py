"""The cable between the terminal and central: a TCP gate on this machine that can be cut and mended."""

import contextlib
import selectors
import socket
import threading

from hardware.twins.seat import HOST, take_seat

PIECE = 65536


class Gate:
    """Carries every connection to 127.0.0.1:`port` on to `behind`. Cut, it breaks what runs and refuses what comes."""

    def __init__(self, behind: int) -> None:
        self._behind = behind
        self._lock = threading.Lock()
        self._lines: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self._closed = False
        self._seat = take_seat()
        self.port: int = self._seat.getsockname()[1]
        self.carried = 0
        """Connections that were let through."""
        self.mend()

    @property
    def is_open(self) -> bool:
        return self._listener is not None

    def mend(self) -> None:
        """Let connections through (again), at the same port as ever."""
        with self._lock:
            if self._listener is not None or self._closed:
                return
            self._listener = socket.create_server((HOST, self.port))
            threading.Thread(target=self._take, args=(self._listener,), name="gate", daemon=True).start()

    def cut(self) -> None:
        """Break every connection and take no new one."""
        with self._lock:
            listener, self._listener = self._listener, None
            ends = [*self._lines] if listener is None else [listener, *self._lines]
            self._lines.clear()
            for end in ends:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        if listener is not None:
            listener.close()

    def close(self) -> None:
        self._closed = True
        self.cut()
        self._seat.close()

    def _take(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection((HOST, self._behind), timeout=5.0)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self._lock:
                if listener is not self._listener:
                    near.close()
                    far.close()
                    return
                self._lines |= {near, far}
                self.carried += 1
            threading.Thread(target=self._carry, args=(near, far), name="gate-line", daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        other = {near: far, far: near}
        with selectors.DefaultSelector() as waits, contextlib.suppress(OSError):
            for end in other:
                waits.register(end, selectors.EVENT_READ)
            while other:
                for key, _ in waits.select():
                    end = near if key.fileobj is near else far
                    piece = end.recv(PIECE)
                    if piece:
                        other[end].sendall(piece)
                        continue
                    waits.unregister(end)
                    other.pop(end)
                    with contextlib.suppress(OSError):
                        (far if end is near else near).shutdown(socket.SHUT_WR)
        with self._lock:
            self._lines -= {near, far}
        near.close()
        far.close()
