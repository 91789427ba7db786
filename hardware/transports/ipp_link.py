"""The way to a network printer: one IPP body there, one back, over HTTP/1.1 with a deadline for the whole exchange.

The request line and headers are written here and the answer is read by the standard library's `HTTPResponse` over a
reader that knows the deadline: a printer that sends one byte every few seconds must not hold the lane
(`http.client`'s own timeout starts anew with each byte).

Sources: RFC 8010 §4 (POST, `application/ipp`), RFC 9112.
"""

import contextlib
import http.client
import io
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from hardware.api.clock import Clock
from hardware.api.errors import DeviceBrokeRules, LinkLost, NotAnswering

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MEDIA_TYPE = "application/ipp"
LONGEST_ANSWER = 4 * 1024 * 1024
"""Bytes. A full Get-Printer-Attributes of a large office printer is about 60 kB."""
LONGEST_HEAD = 256 * 1024
"""Bytes of status line, headers and chunk sizes on top of that."""
IPP_PORT = 631


@dataclass(frozen=True)
class PrinterAddress:
    """Where a printer listens. `uri` is what it is called inside the IPP messages."""

    uri: str
    host: str
    port: int
    path: str


def printer_address(uri: str) -> PrinterAddress:
    """The parts of `ipp://host[:port]/path` (or `ipps:`). Raises ValueError for anything else."""
    parts = urlsplit(uri)
    if parts.scheme not in ("ipp", "ipps") or not parts.hostname:
        raise ValueError("a printer's address looks like ipp://host/ipp/print")
    path = parts.path or "/ipp/print"
    if any(ord(letter) <= 0x20 or ord(letter) > 0x7E for letter in path + parts.hostname):
        raise ValueError("a printer's address holds no spaces and only ASCII letters")
    return PrinterAddress(uri, parts.hostname, parts.port or IPP_PORT, path)


class IppLink:
    """Posts IPP bodies to one printer, a connection each (an idle one may be dropped by the printer at any moment).

    `tls` is needed for an `ipps:` address: whoever builds the link decides which certificate is believed.
    """

    def __init__(self, uri: str, clock: Clock, *, connect_s: float = 3.0, tls: ssl.SSLContext | None = None) -> None:
        self._address = printer_address(uri)
        if (tls is not None) != uri.startswith("ipps:"):
            raise ValueError("an ipps: address and a TLS context belong together")
        self._clock = clock
        self._connect_s = connect_s
        self._tls = tls

    @property
    def uri(self) -> str:
        """The printer's address as it goes into the messages."""
        return self._address.uri

    def post(self, body: bytes, timeout_s: float) -> bytes:
        """Send one body and return the answer's, within `timeout_s` once connected.

        Raises LinkLost (no connection, or it was cut), NotAnswering (nothing whole in time), DeviceBrokeRules (not
        HTTP, not 200, not IPP, too long). After any of them the printer may or may not have worked on the body.
        """
        sock = self._connect()
        with contextlib.closing(sock):
            deadline = self._clock.monotonic() + timeout_s
            try:
                sock.settimeout(timeout_s)
                sock.sendall(self._head(len(body)))
                sock.sendall(body)
            except TimeoutError as error:
                raise NotAnswering("the printer does not take the request") from error
            except OSError as error:
                raise LinkLost("the connection to the printer was cut") from error
            return read_answer(sock, self._clock, deadline)

    def _connect(self) -> socket.socket:
        try:
            sock = socket.create_connection((self._address.host, self._address.port), self._connect_s)
        except (OSError, UnicodeError) as error:  # UnicodeError: a host name that IDNA refuses
            raise LinkLost("no connection to the printer") from error
        if self._tls is None:
            return sock
        try:
            return self._tls.wrap_socket(sock, server_hostname=self._address.host)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            sock.close()
            raise LinkLost("no secure connection to the printer") from error

    def _head(self, length: int) -> bytes:
        host = f"[{self._address.host}]" if ":" in self._address.host else self._address.host
        lines = (
            f"POST {self._address.path} HTTP/1.1",
            f"Host: {host}:{self._address.port}",
            f"Content-Type: {MEDIA_TYPE}",
            f"Accept: {MEDIA_TYPE}",
            f"Content-Length: {length}",
            "Connection: close",
        )
        return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def read_answer(sock: socket.socket, clock: Clock, deadline: float) -> bytes:
    """The IPP body of one HTTP answer on a connected socket; errors as `IppLink.post`."""
    reader = _BoundedReader(sock, clock, deadline)
    response = http.client.HTTPResponse(cast("socket.socket", _Readable(reader)), method="POST")
    try:
        response.begin()
        if response.status == http.HTTPStatus.SERVICE_UNAVAILABLE:
            raise NotAnswering("the printer answers HTTP 503: not ready")
        if response.status != http.HTTPStatus.OK:
            raise DeviceBrokeRules(f"HTTP {response.status} where IPP answers 200")
        kind = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        if kind != MEDIA_TYPE:
            raise DeviceBrokeRules("the answer is no application/ipp (RFC 8010 §4)")
        answer = response.read(LONGEST_ANSWER + 1)
        if len(answer) > LONGEST_ANSWER:
            raise DeviceBrokeRules("the answer is longer than any printer's")
        if response.length:  # read(n) does not complain of a body that ended early
            raise LinkLost("the connection was cut in the middle of the answer")
        return answer
    except TimeoutError as error:
        raise NotAnswering("no whole answer in time") from error
    except (http.client.IncompleteRead, http.client.RemoteDisconnected) as error:
        raise LinkLost("the connection was cut before the answer was whole") from error
    except (http.client.HTTPException, ValueError) as error:  # ValueError: a chunk or length that is no number
        raise DeviceBrokeRules("the answer is no HTTP") from error
    except OSError as error:
        raise LinkLost("the connection to the printer was cut") from error
    finally:
        response.close()
        reader.close()


class _BoundedReader(io.RawIOBase):
    """A socket's bytes until a deadline, however slowly they drip, and up to a length, however they are framed."""

    def __init__(self, sock: socket.socket, clock: Clock, deadline: float) -> None:
        super().__init__()
        self._sock = sock
        self._clock = clock
        self._deadline = deadline
        self._room = LONGEST_ANSWER + LONGEST_HEAD

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        left = self._deadline - self._clock.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        count = self._sock.recv_into(buffer)
        self._room -= count
        if self._room < 0:
            raise DeviceBrokeRules("the answer is longer than any printer's")
        return count


class _Readable:
    """What `HTTPResponse` asks of a socket: `makefile`, and nothing else."""

    def __init__(self, reader: _BoundedReader) -> None:
        self._reader = reader

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._reader)
