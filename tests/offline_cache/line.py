"""A bad line on 127.0.0.1: carries bytes to central's end, counts them, cuts where it is told, delays if asked."""

import contextlib
import select
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

_CHUNK = 16 * 1024
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closed at once, what is in the buffers is lost


class Line:
    """`cuts`: after how many bytes towards central the line breaks, each counted from the cut before."""

    def __init__(self, target: tuple[str, int], cuts: Iterable[int], delay_s: float) -> None:
        self.up = self.down = self.cut = 0
        self._target = target
        self._cuts = deque(cuts)
        self._left = self._cuts.popleft() if self._cuts else None
        self._delay_s = delay_s
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._spawn(self._accept)

    @property
    def carried(self) -> int:
        """Bytes, both ways."""
        return self.up + self.down

    def end(self) -> None:
        self._ended.set()
        for thread in self._threads:  # the first one takes the calls: what it began meanwhile stands behind it
            thread.join(30)
        self._listener.close()

    def _spawn(self, work, *args) -> None:
        thread = threading.Thread(target=work, args=args, name="line", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._ended.is_set():
            if select.select([self._listener], [], [], 0.02)[0]:
                near, _ = self._listener.accept()
                near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)  # unread bytes are not on the wire
                near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                far = socket.create_connection(self._target)
                far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._spawn(self._carry, near, far)

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        late: deque[tuple[float, socket.socket, bytes]] = deque()
        with near, far, contextlib.suppress(OSError):
            while not self._ended.is_set():
                wait = 0.02 if not late else max(0.0, min(0.02, late[0][0] - time.monotonic()))
                for source in select.select([near, far], [], [], wait)[0]:
                    data = source.recv(_CHUNK)
                    if not data:
                        return
                    data, broken = self._counted(data, up=source is near)
                    late.append((time.monotonic() + self._delay_s, far if source is near else near, data))
                    if broken:
                        for _, to, rest in late:
                            to.sendall(rest)
                        near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                        return
                while late and late[0][0] <= time.monotonic():
                    _, to, data = late.popleft()
                    to.sendall(data)

    def _counted(self, data: bytes, *, up: bool) -> tuple[bytes, bool]:
        with self._lock:
            if not up:
                self.down += len(data)
                return data, False
            broken = self._left is not None and len(data) >= self._left
            if self._left is not None:
                data = data[: self._left]
                self._left -= len(data)
            self.up += len(data)
            if broken:
                self.cut += 1
                self._left = self._cuts.popleft() if self._cuts else None
            return data, broken


@contextmanager
def a_line(url: str, cuts: Iterable[int] = (), delay_s: float = 0.0) -> Iterator[Line]:
    """`delay_s`: each way."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    line = Line((parts.hostname, parts.port), cuts, delay_s)
    try:
        yield line
    finally:
        line.end()
