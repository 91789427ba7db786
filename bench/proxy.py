"""A line that can be weighed: forwards TCP to a port of this machine, counts every byte, is slow and breaks on order.

It runs in a process of its own (`Line`), so that its work is in nobody's time. What is counted is what the two ends
wrote into their sockets: no TCP or IP headers, no TLS. A cut is exact: after the told number of bytes from the
terminal, over all connections since the beginning, every connection breaks; what was forwarded until then arrives.

    python -m bench.proxy --target PORT [--rtt-ms 20] [--cuts 1000,5000]
"""

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HOST = "127.0.0.1"
CHUNK = 64 * 1024
UNDER_WAY = 64
"""Chunks that a slow line holds in each direction: 4 MiB, more than any line of a street at 20 ms."""
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Weight:
    """What went over the line; bytes `up` are the terminal's, `down` central's."""

    up: int = 0
    down: int = 0
    connections: int = 0
    cuts: int = 0

    @property
    def both(self) -> int:
        return self.up + self.down


class Proxy:
    """In an asyncio loop. `cuts`: after so many bytes up; `delay_s` each way."""

    def __init__(self, target: int, *, cuts: Sequence[int] = (), delay_s: float = 0.0) -> None:
        self.weight = Weight()
        self._target = target
        self._cuts = deque(sorted(cuts))
        self._delay_s = delay_s
        self._near: set[asyncio.StreamWriter] = set()  # the terminal's ends
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> int:
        """Listen; the port."""
        self._server = await asyncio.start_server(self._connected, HOST, 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.weight.connections += 1
        self._near.add(writer)
        far: asyncio.StreamWriter | None = None
        try:
            its_reader, far = await asyncio.open_connection(HOST, self._target)
            await asyncio.gather(self._way(reader, far, up=True), self._way(its_reader, writer, up=False))
        except OSError:
            writer.transport.abort()
        finally:
            self._near.discard(writer)
            for each in (writer, far):
                if each is not None:
                    each.close()

    async def _way(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, up: bool) -> None:
        """One direction, until its end: bytes in, and after the delay out."""
        held: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(UNDER_WAY)
        writing = asyncio.ensure_future(self._deliver(held, sink))
        try:
            with contextlib.suppress(ConnectionError):  # its end is told to the other side like any other
                while chunk := await source.read(self._room(up)):
                    chunk = self._counted(chunk, up)
                    await held.put((asyncio.get_running_loop().time() + self._delay_s, chunk))
                    if up and self._cuts and self.weight.up == self._cuts[0]:
                        self._cut()
                        break
            await held.put((0.0, b""))
            await writing
        finally:
            writing.cancel()

    def _room(self, up: bool) -> int:
        return min(CHUNK, self._cuts[0] - self.weight.up) if up and self._cuts else CHUNK

    def _counted(self, chunk: bytes, up: bool) -> bytes:
        """The part of the chunk that comes before a cut: another connection may have brought it nearer meanwhile."""
        if not up:
            self.weight.down += len(chunk)
            return chunk
        chunk = chunk[: self._room(up)]
        self.weight.up += len(chunk)
        return chunk

    def _cut(self) -> None:
        self.weight.cuts += 1
        while self._cuts and self._cuts[0] <= self.weight.up:
            self._cuts.popleft()
        for writer in tuple(self._near):
            writer.transport.abort()

    async def _deliver(self, held: asyncio.Queue[tuple[float, bytes]], sink: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        gone = False
        while True:
            due, chunk = await held.get()
            if not chunk:
                break
            if gone:
                continue  # taken and thrown away, so that the other side is not held up by a dead one
            if (wait := due - loop.time()) > 0:
                await asyncio.sleep(wait)
            try:
                sink.write(chunk)
                await sink.drain()
            except ConnectionError:
                gone = True
        if not gone:
            with contextlib.suppress(OSError, RuntimeError):
                sink.write_eof()


class Line:
    """The proxy in a process of its own, from `with` to its end."""

    def __init__(self, target: int, *, cuts: Sequence[int] = (), rtt_ms: float = 0.0) -> None:
        command = [sys.executable, "-m", "bench.proxy", "--target", str(target), "--rtt-ms", str(rtt_ms)]
        command += ["--cuts", ",".join(map(str, cuts))] if cuts else []
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.port = int(self._answer()["port"])
        self.url = f"http://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._process:  # its standard input is closed by that, and so it ends
            pass

    def weight(self) -> Weight:
        """What went over it until now."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        return Weight(**self._answer())

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told


async def serve(target: int, cuts: Sequence[int], rtt_ms: float) -> None:
    """Tell the port, then the weight for every line read; until standard input ends."""
    proxy = Proxy(target, cuts=cuts, delay_s=rtt_ms / 2000)
    print(json.dumps({"port": await proxy.open()}), flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(asdict(proxy.weight)), flush=True)
    await proxy.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.proxy", description="forwards, counts, delays and cuts")
    parser.add_argument("--target", type=int, required=True)
    parser.add_argument("--rtt-ms", type=float, default=0.0)
    parser.add_argument("--cuts", default="")
    told = parser.parse_args()
    asyncio.run(serve(told.target, [int(each) for each in told.cuts.split(",") if each], told.rtt_ms))


if __name__ == "__main__":
    main()
