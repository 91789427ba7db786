"""The way to the printer: any bytes on the socket are an answer or one of three errors, in time and in bounds."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.api.clock import SystemClock
from hardware.api.errors import DeviceBrokeRules, DeviceError, LinkLost, NotAnswering
from hardware.transports import ipp_link
from hardware.transports.ipp_link import IppLink, printer_address, read_answer

GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n"


class SteppingClock(SystemClock):
    """Every look at it lets a second pass."""

    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        self.at += 1.0
        return self.at


def heard(data: bytes) -> bytes:
    """What is made of these bytes, followed by the end of the connection."""
    near, far = socket.socketpair()
    with near, far:
        far.setblocking(False)
        sent = 0
        while sent < len(data):
            try:
                sent += far.send(data[sent:])
            except BlockingIOError:
                break
        far.shutdown(socket.SHUT_WR)
        return read_answer(near, SystemClock(), SystemClock().monotonic() + 30.0)


def test_a_body_with_a_length() -> None:
    assert heard(GOOD + b"Content-Length: 3\r\n\r\nabc") == b"abc"


def test_a_body_until_the_end_of_the_connection() -> None:
    assert heard(GOOD + b"\r\nabc") == b"abc"


def test_a_body_in_chunks_after_a_continue() -> None:
    answer = (
        b"HTTP/1.1 100 Continue\r\n\r\n" + GOOD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
    )
    assert heard(answer) == b"abc"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", LinkLost),
        (GOOD + b"Content-Length: 9\r\n\r\nabc", LinkLost),
        (GOOD + b"Transfer-Encoding: chunked\r\n\r\n9\r\nab", LinkLost),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", NotAnswering),
        (b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", DeviceBrokeRules),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\nabc", DeviceBrokeRules),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", DeviceBrokeRules),
        (b"220 printer FTP ready\r\n", DeviceBrokeRules),
        (b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n\r\n", DeviceBrokeRules),
        (GOOD + b"X: y\r\n" * 200 + b"\r\n", DeviceBrokeRules),
    ],
)
def test_what_is_no_answer(answer: bytes, error: type[DeviceError]) -> None:
    with pytest.raises(error):
        heard(answer)


@pytest.mark.parametrize(
    "framing", [b"Content-Length: 5000\r\n", b"Content-Length: -1\r\n", b"", b"Transfer-Encoding: chunked\r\n"]
)
@pytest.mark.parametrize("chunk", [b"", b"-1\r\n", b"fffffffff\r\n"])
def test_an_answer_without_end_is_not_held(framing: bytes, chunk: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ipp_link, "LONGEST_ANSWER", 1000)
    monkeypatch.setattr(ipp_link, "LONGEST_HEAD", 500)
    with pytest.raises(DeviceError):
        heard(GOOD + framing + b"\r\n" + chunk + b"7" * 100_000)


@given(st.binary(max_size=400))
def test_any_bytes_are_an_answer_or_an_error_of_ours(junk: bytes) -> None:
    with pytest.raises(DeviceError):
        heard(junk)


@given(st.sampled_from([b"", b"Transfer-Encoding: chunked\r\n", b"Content-Length: 8\r\n"]), st.binary(max_size=200))
def test_any_bytes_after_a_good_beginning_too(framing: bytes, junk: bytes) -> None:
    try:
        assert len(heard(GOOD + framing + junk)) <= 200
    except DeviceError:
        return


@pytest.mark.parametrize("beginning", [b"", b"-1\r\n"])
def test_no_more_is_taken_from_a_flood_than_an_answer_may_be_long(
    beginning: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chunk of -1 bytes makes the standard library read until the connection ends."""
    monkeypatch.setattr(ipp_link, "LONGEST_ANSWER", 100_000)
    monkeypatch.setattr(ipp_link, "LONGEST_HEAD", 10_000)

    class Flood:
        left = GOOD + b"Transfer-Encoding: chunked\r\n\r\n" + beginning
        taken = 0

        def settimeout(self, _seconds: float) -> None: ...

        def recv_into(self, buffer: memoryview) -> int:
            piece = self.left[: len(buffer)] or b"7" * len(buffer)
            self.left = self.left[len(piece) :]
            buffer[: len(piece)] = piece
            self.taken += len(piece)
            assert self.taken < 300_000
            return len(piece)

    with pytest.raises(DeviceBrokeRules):
        read_answer(Flood(), SystemClock(), SystemClock().monotonic() + 60.0)  # type: ignore[arg-type]  # as below


def test_a_byte_now_and_then_does_not_hold_the_lane() -> None:
    class Dripping:
        taken = 0

        def settimeout(self, _seconds: float) -> None: ...

        def recv_into(self, buffer: memoryview) -> int:
            self.taken += 1
            buffer[0] = ord("x")
            return 1

    sock = Dripping()
    with pytest.raises(NotAnswering):
        read_answer(sock, SteppingClock(), 20.0)  # type: ignore[arg-type]  # all that is asked of a socket
    assert sock.taken <= 20


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def uri_of(server: socket.socket) -> str:
    return f"ipp://127.0.0.1:{server.getsockname()[1]}/ipp/print"


def served(server: socket.socket, work: Callable[[socket.socket], None]) -> threading.Thread:
    def run() -> None:
        sock, _ = server.accept()
        with sock:
            work(sock)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_the_request_is_one_post_with_its_length(listener: socket.socket) -> None:
    seen = bytearray()

    def work(sock: socket.socket) -> None:
        while not seen.endswith(b"\r\n\r\nquestion"):
            seen.extend(sock.recv(4096))
        sock.sendall(GOOD + b"Content-Length: 6\r\n\r\nanswer")

    thread = served(listener, work)
    assert IppLink(uri_of(listener), SystemClock()).post(b"question", 30.0) == b"answer"
    thread.join()
    lines = bytes(seen).split(b"\r\n")
    assert lines[0] == b"POST /ipp/print HTTP/1.1"
    assert {b"Content-Type: application/ipp", b"Content-Length: 8", b"Connection: close"} <= set(lines)


def test_a_printer_that_says_nothing_is_not_answering(listener: socket.socket) -> None:
    with pytest.raises(NotAnswering):
        IppLink(uri_of(listener), SystemClock()).post(b"question", 0.05)  # the kernel took the connection, nobody else


def test_a_printer_that_reads_nothing_is_not_answering(listener: socket.socket) -> None:
    with pytest.raises(NotAnswering):
        IppLink(uri_of(listener), SystemClock()).post(bytes(30_000_000), 0.05)


def test_nobody_there_is_a_lost_link(listener: socket.socket) -> None:
    uri = uri_of(listener)
    listener.close()
    with pytest.raises(LinkLost):
        IppLink(uri, SystemClock()).post(b"question", 1.0)


def test_a_host_name_that_cannot_be_one_is_a_lost_link() -> None:
    with pytest.raises(LinkLost):
        IppLink(f"ipp://{'x' * 70}.invalid/ipp/print", SystemClock()).post(b"question", 1.0)


def test_a_printer_without_tls_is_a_lost_link(listener: socket.socket) -> None:
    thread = served(listener, lambda sock: sock.sendall(b"this is no handshake"))
    link = IppLink(uri_of(listener).replace("ipp:", "ipps:"), SystemClock(), tls=ssl.create_default_context())
    with pytest.raises(LinkLost):
        link.post(b"question", 1.0)
    thread.join()


def test_addresses() -> None:
    assert printer_address("ipp://printer.local").port == 631
    assert printer_address("ipp://[fe80::1]:8631/ipp/print").host == "fe80::1"
    for wrong in ("http://printer/ipp", "ipp:///ipp/print", "printer", "ipp://host/a b", "ipp://host/\r\nX: y"):
        with pytest.raises(ValueError, match="address"):
            printer_address(wrong)


def test_a_secure_address_and_a_context_belong_together() -> None:
    with pytest.raises(ValueError, match="belong together"):
        IppLink("ipps://printer/ipp/print", SystemClock())
    with pytest.raises(ValueError, match="belong together"):
        IppLink("ipp://printer/ipp/print", SystemClock(), tls=ssl.create_default_context())
