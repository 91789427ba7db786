"""The line between a terminal and central, at the level of bytes: it cuts, holds, repeats, delays and reorders.

Two manners. A *torn* line moves bytes as they come and breaks connections at a byte drawn by chance, in either
direction. A *shuffled* line takes whole requests, as they were signed, and delivers them twice, late, after a newer
one, or keeps the answer to itself. Everything it does it counts.
"""

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections import Counter, deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

KEPT_REQUESTS = 24
LARGEST_KEPT = 2 * 1024 * 1024
STAYS_OPEN = b"GET /v1/live"
CHUNK = 64 * 1024
_GIVE_UP_S = 5.0
_NO_LINGER = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Line:
    """How bad the line is: chances per connection (`cut`) or per request (the others); times in seconds."""

    cut: float = 0.0  # broken at a random byte
    shuffled: bool = False
    twice: float = 0.0  # the same signed bytes on two connections at once
    again: float = 0.0  # an old request once more, after this one
    late: float = 0.0  # withheld, the terminal is cut off; delivered when newer ones have passed
    mute: float = 0.0  # delivered, its answer is kept back and the connection cut
    delay_s: float = 0.0  # a request and its answer wait up to so long


GOOD = Line()


@dataclass
class _Cut:
    """After how many bytes, in which direction."""

    up: bool
    left: int

    def pass_(self, up: bool, size: int) -> int:
        """How many of `size` bytes may pass."""
        if up is not self.up:
            return size
        passed = min(size, self.left)
        self.left -= passed
        return passed

    def is_over(self, up: bool) -> bool:
        return up is self.up and self.left == 0


@dataclass
class _Request:
    raw: bytes = field(repr=False)
    is_head: bool


class Proxy:
    """Listens on 127.0.0.1; `point` says where central is. Its own thread; every method may be called from outside."""

    def __init__(self, seed: int) -> None:
        self.counts: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()  # statuses that repeated and late requests were given
        self._chance = random.Random(seed)
        self._line = GOOD
        self._target = 0
        self._dark = False
        self._kept: deque[_Request] = deque(maxlen=KEPT_REQUESTS)
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._closing = self._loop.create_future()
        self._thread = threading.Thread(target=self._loop.run_forever, name="line", daemon=True)
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        self._do(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_GIVE_UP_S)
        self._loop.close()

    def point(self, port: int) -> None:
        """Where central listens now; 0 for nowhere."""
        self._target = port

    def set(self, line: Line) -> None:
        """Another line from now on; connections of the old one break."""
        self._line = line
        self._loop.call_soon_threadsafe(self._abort_all)

    def go_dark(self) -> None:
        """Not a byte passes any more in either direction once this has returned, until `light_up`."""
        self._do(self._darken())

    def light_up(self) -> None:
        self._dark = False

    # ---- in the loop's thread

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _shut(self) -> None:
        self._dark = True
        self._closing.set_result(None)
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._abort_all()

    async def _darken(self) -> None:
        self._dark = True
        self._abort_all()

    def _abort_all(self) -> None:
        for writer in tuple(self._open):
            writer.transport.abort()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._start(self._serve(reader, writer))

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.counts["connections"] += 1
        self._open.add(writer)
        try:
            if self._dark or not self._target:
                return
            if self._line.shuffled:
                await self._requests(reader, writer)
            else:
                await self._bytes(reader, writer)
        except (OSError, EOFError, asyncio.LimitOverrunError):
            return
        finally:
            self._open.discard(writer)
            self._end(writer)

    def _end(self, writer: asyncio.StreamWriter) -> None:
        """Half the ends are resets, half are closes."""
        if self._chance.random() < 0.5:
            raw = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            writer.transport.abort()
        else:
            writer.close()

    @contextlib.asynccontextmanager
    async def _to_central(self) -> Any:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._target)
        self._open.add(writer)
        try:
            yield reader, writer
        finally:
            self._open.discard(writer)
            self._end(writer)

    # ---- a torn line

    async def _bytes(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cut: _Cut | None = None
        if self._chance.random() < self._line.cut:
            # Evenly over the orders of magnitude: within a request line, a header, a body, a long upload.
            up = self._chance.random() < 0.6
            cut = _Cut(up, int(2 ** self._chance.uniform(0.0, 21.0 if up else 11.0)))
        async with self._to_central() as (its_reader, its_writer):
            ways = (
                self._start(self._move(reader, its_writer, True, cut)),
                self._start(self._move(its_reader, writer, False, cut)),
            )
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
            if cut is not None and cut.left == 0:
                self.counts["cut up" if cut.up else "cut down"] += 1

    async def _move(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, up: bool, cut: _Cut | None) -> None:
        while chunk := await source.read(CHUNK):
            size = len(chunk) if cut is None else cut.pass_(up, len(chunk))
            if self._dark:
                return
            sink.write(chunk[:size])
            self.counts["bytes up" if up else "bytes down"] += size
            await sink.drain()
            if cut is not None and cut.is_over(up):
                return

    # ---- a shuffled line

    async def _requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._to_central() as (its_reader, its_writer):
            while request := await _request(reader):
                line = self._line
                self.counts["requests"] += 1
                self.counts["bytes up"] += len(request.raw)
                if len(request.raw) <= LARGEST_KEPT:
                    self._kept.append(request)
                await self._wait(line.delay_s)
                if self._chance.random() < line.late:
                    self._start(self._deliver(request, "late", self._chance.uniform(0.02, 0.5)))
                    return
                if self._chance.random() < line.twice:
                    self._start(self._deliver(request, "twice", 0.0))
                if self._chance.random() < line.again:
                    old = self._chance.choice(tuple(self._kept))
                    self._start(self._deliver(old, "again", self._chance.uniform(0.0, 0.3)))
                its_writer.write(request.raw)
                if request.raw.startswith(STAYS_OPEN):
                    await self._move(its_reader, writer, False, None)
                    return
                answer = await _answer(its_reader, request.is_head)
                await self._wait(line.delay_s)
                if self._dark:
                    return
                if self._chance.random() < line.mute:
                    self.counts["mute"] += 1
                    return
                writer.write(answer[1])
                self.counts["bytes down"] += len(answer[1])
                await writer.drain()

    async def _wait(self, longest_s: float) -> None:
        if longest_s and self._chance.random() < 0.5:
            self.counts["delayed"] += 1
            await self._pause(self._chance.uniform(0.0, longest_s))

    async def _pause(self, seconds: float) -> None:
        """Wait so long, or until the line is closed."""
        await asyncio.wait((self._closing,), timeout=seconds)

    async def _deliver(self, request: _Request, how: str, after_s: float) -> None:
        """A request on a connection of its own; its answer reaches nobody."""
        try:
            await self._pause(after_s)
            if self._dark or not self._target:
                return
            async with self._to_central() as (reader, writer):
                writer.write(request.raw)
                status, _ = await _answer(reader, request.is_head)
            self.counts[how] += 1
            self.answers[status] += 1
        except (OSError, EOFError, asyncio.LimitOverrunError):
            return


async def _head(reader: asyncio.StreamReader) -> tuple[bytes, int]:
    """A head with its empty line, and the length of the body it announces. Raises EOFError."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for each in head.split(b"\r\n")[1:]:
        name, _, value = each.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return head, length


async def _request(reader: asyncio.StreamReader) -> _Request:
    head, length = await _head(reader)
    return _Request(head + await reader.readexactly(length), head.startswith(b"HEAD "))


async def _answer(reader: asyncio.StreamReader, is_head: bool) -> tuple[int, bytes]:
    """(status, all its bytes)."""
    head, length = await _head(reader)
    status = int(head.split(b" ", 2)[1])
    if is_head or status in (204, 304):
        return status, head
    return status, head + await reader.readexactly(length)
