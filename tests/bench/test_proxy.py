"""The weighing line counts to the byte, cuts where it was told to, and brings over what came before."""

import random
import socket
import threading
from collections.abc import Iterator

import pytest

from bench.proxy import HOST, Line


class Far:
    """A server that keeps what each connection brought, and answers every connection's first bytes with `answer`."""

    def __init__(self, answer: bytes = b"") -> None:
        self.got: list[bytes] = []
        self._answer = answer
        self._ended = threading.Condition()
        self._listener = socket.create_server((HOST, 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._threads.append(threading.Thread(target=self._keep, args=(connection,), daemon=True))
            self._threads[-1].start()

    def _keep(self, connection: socket.socket) -> None:
        brought = bytearray()
        with connection:
            connection.settimeout(20)
            while chunk := connection.recv(65536):
                if not brought and self._answer:
                    connection.sendall(self._answer)
                brought += chunk
        with self._ended:
            self.got.append(bytes(brought))
            self._ended.notify_all()

    def ended(self, connections: int) -> list[bytes]:
        """What was brought, once so many connections have ended."""
        with self._ended:
            assert self._ended.wait_for(lambda: len(self.got) >= connections, 20)
            return self.got

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(20)


@pytest.fixture
def far() -> Iterator[Far]:
    far = Far(answer=b"heard")
    yield far
    far.close()


def said(line: Line, data: bytes) -> bytes:
    """Say it all on a connection of its own; the answer, or what came of it before the line broke."""
    answer = bytearray()
    with socket.create_connection((HOST, line.port), 20) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                answer += chunk
        except ConnectionError:
            pass
    return bytes(answer)


@pytest.mark.parametrize("rtt_ms", [0, 4])
def test_every_byte_is_counted_and_arrives(far: Far, rtt_ms: int) -> None:
    data = random.Random(1).randbytes(300_001)
    with Line(far.port, rtt_ms=rtt_ms) as line:
        assert said(line, data) == b"heard"
        assert said(line, data[:7]) == b"heard"
        weight = line.weight()
    assert (weight.up, weight.down, weight.both) == (300_008, 10, 300_018)
    assert (weight.connections, weight.cuts) == (2, 0)
    assert sorted(far.ended(2), key=len) == [data[:7], data]


def test_it_breaks_after_exactly_so_many_bytes_over_all_connections(far: Far) -> None:
    data = random.Random(2).randbytes(100_000)
    with Line(far.port, cuts=(150_000, 30_001)) as line:
        for connection in range(1, 4):
            said(line, data)
            far.ended(connection)
        weight = line.weight()
    # 30,001 and the first cut; a whole one; 19,999 and the second cut.
    assert [len(each) for each in far.got] == [30_001, 100_000, 19_999]
    assert all(data.startswith(each) for each in far.got)
    assert (weight.up, weight.cuts, weight.connections) == (150_000, 2, 3)


def test_nobody_behind_it_is_a_broken_line() -> None:
    with socket.create_server((HOST, 0)) as taken:
        nowhere = taken.getsockname()[1]
    with Line(nowhere) as line:
        assert said(line, b"is anybody there") == b""
        assert line.weight().down == 0
