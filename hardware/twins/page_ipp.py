"""The A4 printer's twin: an IPP printer on 127.0.0.1, on the driver's own codec, over a press with real obstacles.

It answers as RFC 8011 asks (also to clients that are not ours) and misbehaves as `PageFault` lists. Its reasons carry
the suffix of its state, rewritten as it changes, as ippeveprinter does it. Unplugged (`go_away`) it goes on printing
what it already holds, like a printer whose network cable was pulled.
"""

import contextlib
import http.server
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable
from typing import cast

from hardware.codecs import ipp
from hardware.codecs.ipp import Attributes, Group, Message, NotIppError, Operation, Section, StatusCode, Tag, Value
from hardware.twins.closing import Closing
from hardware.twins.page_press import CASSETTE_HOLDS, TRAY_HOLDS, JobEnd, PageFault, Press, PressJob
from hardware.twins.seat import HOST, take_seat

LARGEST_REQUEST = 64 * 1024 * 1024
ENDLESS = 8 * 1024 * 1024
"""Bytes of an oversized answer: more than the driver's link takes."""
IDLE_S = 30.0
"""How long a connection that says nothing is kept."""
MODEL = "Nuanting twin A4"

_LOGIN_PAGE = "<!DOCTYPE html><html><body><h1>请登录</h1><form>…</form></body></html>".encode()
_BACKWARDS = b"\x42\x00\x01a\xff\xfa"
"""A name whose value is -6 bytes long: a reader that believes it stands at its own beginning for ever."""

_SUPPORTED = (
    Operation.PRINT_JOB,
    Operation.VALIDATE_JOB,
    Operation.CANCEL_JOB,
    Operation.GET_JOB_ATTRIBUTES,
    Operation.GET_JOBS,
    Operation.GET_PRINTER_ATTRIBUTES,
)
_FORMATS = ("application/pdf", "application/octet-stream")
_FIRST = ("attributes-charset", "attributes-natural-language", "printer-uri")
_A4 = {"x-dimension": ipp.whole(21000), "y-dimension": ipp.whole(29700)}
_ENDED = {JobEnd.CANCELED: 7, JobEnd.ABORTED: 8, JobEnd.COMPLETED: 9}


class PageIppTwin(Closing, Press):
    """The printer. `uri` is its address; `asked` the newest requests: operation and job name.

    `tray_sensor` False makes a model without printer-output-tray. Where `one_at_a_time` is set it takes no job while
    another is under way (0x0507), as ippeveprinter does. `only` narrows faults of answers to those to one operation.
    """

    def __init__(
        self,
        *,
        page_s: float | None = 0.0,
        sheets: int = CASSETTE_HOLDS,
        low_at: int = 20,
        history: int = 20,
        tray_sensor: bool = True,
    ) -> None:
        super().__init__(page_s=page_s, sheets=sheets, low_at=low_at, history=history)
        self.tray_sensor = tray_sensor
        self.asked: deque[tuple[str, str]] = deque(maxlen=400)
        self.newest_version = (2, 0)
        self.formats = _FORMATS
        self.only: Operation | None = None
        self._calls: dict[socket.socket, threading.Thread] = {}
        self._seat = take_seat()
        self._port: int = self._seat.getsockname()[1]
        self._listener: socket.socket | None = None
        self._closed = False
        self.come_back()

    @property
    def uri(self) -> str:
        return f"ipp://127.0.0.1:{self._port}/ipp/print"

    @property
    def port(self) -> int:
        return self._port

    @property
    def reachable(self) -> bool:
        return self._listener is not None

    # ---- the cable

    def come_back(self) -> None:
        """Listen (again), at the same port as ever."""
        with self.changed:
            if self._listener is not None or self._closed:
                return
            listener = socket.create_server((HOST, self._port))  # sets SO_REUSEADDR: the port is ours again
            self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), name="twin-page-ipp", daemon=True).start()

    def go_away(self) -> None:
        """Stop listening and cut every connection; what was taken is still printed."""
        with self.changed:
            listener, self._listener = self._listener, None
            calls = list(self._calls)
            self.changed.notify_all()  # who is slow with an answer need not give it any more
        for sock in (listener, *calls):
            if sock is not None:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)  # wakes accept and recv, which close would not
        if listener is not None:
            listener.close()

    def close(self) -> None:
        """Go away for good and end every thread."""
        with self.changed:
            self._closed = True
            threads = list(self._calls.values())
            self.changed.notify_all()
        self.go_away()
        self._seat.close()
        for thread in threads:
            thread.join(timeout=30.0)
        self.stop()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._call, args=(sock,), name="twin-page-ipp-call", daemon=True)
            with self.changed:
                if listener is not self._listener:
                    sock.close()
                    return
                self._calls[sock] = thread
                thread.start()  # before the lock goes: who closes the twin waits for every thread it finds here

    def _call(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the client went away, or we did
            _Handler(sock, self)
        with self.changed:
            del self._calls[sock]
        sock.close()

    # ---- one request

    def faults_of_answer(self, operation: int) -> set[PageFault]:
        """What goes wrong with the answer to this operation."""
        if self.only is not None and operation != self.only:
            return set()
        return self.faults - (set() if operation == Operation.PRINT_JOB else {PageFault.HANGS_UP_AFTER_TAKING})

    def answer_to(self, body: bytes) -> bytes:
        """The IPP answer to an IPP request, faults of the content included."""
        try:
            asked = ipp.decode(body)
        except NotIppError:
            return ipp.encode(Message(StatusCode.BAD_REQUEST, 0, (Group(Section.OPERATION, ipp.opening()),)))
        operation = asked.first(Section.OPERATION)
        with self.changed:
            self.asked.append((_word(asked.code), operation.text("job-name") or ""))
            code, groups = self._work(asked, operation)
        number = asked.request_id + (PageFault.OTHER_ANSWER in self.faults_of_answer(asked.code))
        version = min(asked.version, self.newest_version)
        return ipp.encode(Message(code, number, (Group(Section.OPERATION, ipp.opening()), *groups), version))

    def _work(self, asked: Message, operation: Group) -> tuple[StatusCode, tuple[Group, ...]]:
        if asked.request_id == 0:
            return StatusCode.BAD_REQUEST, ()
        if not 1 <= asked.version[0] <= self.newest_version[0]:
            return StatusCode.VERSION_NOT_SUPPORTED, ()
        if tuple(operation.attributes)[:3] != _FIRST:  # RFC 8011 §4.1.4–5
            return StatusCode.BAD_REQUEST, ()
        match asked.code:
            case Operation.GET_PRINTER_ATTRIBUTES:
                return StatusCode.OK, (Group(Section.PRINTER, _wanted(operation, self._attributes())),)
            case Operation.GET_JOBS:
                return StatusCode.OK, tuple(self._listed(operation))
            case Operation.PRINT_JOB | Operation.VALIDATE_JOB:
                return self._print(asked, operation)
            case Operation.GET_JOB_ATTRIBUTES | Operation.CANCEL_JOB:
                job = self.jobs.get(operation.number("job-id") or 0)
                if job is None:
                    return StatusCode.NOT_FOUND, ()
                if asked.code == Operation.GET_JOB_ATTRIBUTES:
                    return StatusCode.OK, (Group(Section.JOB, _wanted(operation, self._job(job))),)
                return (StatusCode.OK if self.cancel_job(job) else StatusCode.NOT_POSSIBLE), ()
        return StatusCode.OPERATION_NOT_SUPPORTED, ()

    def _print(self, asked: Message, operation: Group) -> tuple[StatusCode, tuple[Group, ...]]:
        if PageFault.BUSY in self.faults or (self.one_at_a_time and self.current() is not None):
            return StatusCode.BUSY, ()
        if PageFault.REFUSES in self.faults:
            return StatusCode.NOT_ACCEPTING, ()
        if operation.text("document-format") not in (None, *self.formats):
            return StatusCode.FORMAT_NOT_SUPPORTED, ()
        if asked.code == Operation.VALIDATE_JOB:
            return StatusCode.OK, ()
        name, user = operation.text("job-name") or "Untitled", operation.text("requesting-user-name") or "anonymous"
        sides = asked.first(Section.JOB).text("sides") or "one-sided"
        job = self.take_job(name, user, asked.document, two_sided=sides != "one-sided")
        told = self._job(job)
        kept = {key: told[key] for key in ("job-uri", "job-id", "job-state", "job-state-reasons")}
        return StatusCode.OK, (Group(Section.JOB, kept),)

    def _listed(self, operation: Group) -> Iterable[Group]:
        which = operation.text("which-jobs") or "not-completed"
        jobs = [job for job in self.jobs.values() if which == "all" or (job.end is not None) == (which == "completed")]
        if operation.yes("my-jobs"):
            jobs = [job for job in jobs if job.user == operation.text("requesting-user-name")]
        if which == "completed":
            jobs.reverse()
        for job in jobs[: operation.number("limit")]:
            yield Group(Section.JOB, _wanted(operation, self._job(job), ("job-id", "job-uri")))

    def _job(self, job: PressJob) -> Attributes:
        stopped = job.started_s is not None and bool(self.obstacles())
        state = _ENDED[job.end] if job.end else 3 if job.started_s is None else 5
        reason = job.reason if job.end else "printer-stopped" if stopped else "job-printing" if state == 5 else "none"
        return {
            "job-uri": (Value(Tag.URI, f"ipp://127.0.0.1:{self._port}/ipp/print/{job.number}"),),
            "job-id": ipp.whole(job.number),
            "job-printer-uri": (Value(Tag.URI, self.uri),),
            "job-name": ipp.name(job.name),
            "job-originating-user-name": ipp.name(job.user),
            "job-state": ipp.enums(state),
            "job-state-reasons": ipp.keywords(reason),
            "job-impressions-completed": ipp.whole(job.pages_done),
            "time-at-creation": ipp.whole(self._up_time(job.created_s)),
            "time-at-processing": self._moment(job.started_s),
            "time-at-completed": self._moment(job.ended_s),
            "job-printer-up-time": ipp.whole(self._up_time(time.monotonic())),
        }

    def _up_time(self, moment: float) -> int:
        return 1 + int(moment - self.started_s)

    def _moment(self, moment: float | None) -> tuple[Value, ...]:
        return (Value(Tag.NO_VALUE, None),) if moment is None else ipp.whole(self._up_time(moment))

    def _attributes(self) -> Attributes:
        obstacles, job = self.obstacles(), self.current()
        state, suffix = (3, "-report") if job is None else (5, "-error") if obstacles else (4, "-warning")
        reasons = [word + suffix for word in (*obstacles, *self.warnings())] or ["none"]
        waiting = sum(1 for each in self.jobs.values() if each.end is None)
        told = {
            "printer-uri-supported": (Value(Tag.URI, self.uri),),
            "uri-security-supported": ipp.keywords("none"),
            "uri-authentication-supported": ipp.keywords("none"),
            "printer-name": ipp.name("twin"),
            "printer-make-and-model": (Value(Tag.TEXT, MODEL),),
            "printer-info": (Value(Tag.TEXT, MODEL),),
            "printer-more-info": (Value(Tag.URI, f"http://127.0.0.1:{self._port}/"),),
            "printer-location": (Value(Tag.TEXT, "bench"),),
            "printer-uuid": (Value(Tag.URI, "urn:uuid:6e75616e-7469-4e67-a134-747770726e74"),),
            "printer-state": ipp.enums(state),
            "printer-state-reasons": ipp.keywords(*reasons),
            "printer-is-accepting-jobs": ipp.yes(PageFault.REFUSES not in self.faults),
            "queued-job-count": ipp.whole(waiting),
            "printer-up-time": ipp.whole(self._up_time(time.monotonic())),
            "ipp-versions-supported": ipp.keywords("1.1", "2.0"),
            "operations-supported": ipp.enums(*_SUPPORTED),
            "charset-configured": (Value(Tag.CHARSET, "utf-8"),),
            "charset-supported": (Value(Tag.CHARSET, "utf-8"),),
            "natural-language-configured": (Value(Tag.LANGUAGE, "en"),),
            "generated-natural-language-supported": (Value(Tag.LANGUAGE, "en"),),
            "document-format-default": (Value(Tag.MIME_TYPE, self.formats[0]),),
            "document-format-supported": tuple(Value(Tag.MIME_TYPE, kind) for kind in self.formats),
            "pdl-override-supported": ipp.keywords("attempted"),
            "compression-supported": ipp.keywords("none"),
            "which-jobs-supported": ipp.keywords("completed", "not-completed", "all"),
            "sides-default": ipp.keywords("one-sided"),
            "sides-supported": ipp.keywords("one-sided", "two-sided-long-edge", "two-sided-short-edge"),
            "media-default": ipp.keywords("iso_a4_210x297mm"),
            "media-supported": ipp.keywords("iso_a4_210x297mm"),
            "media-col-default": (Value(Tag.COLLECTION, {"media-size": (Value(Tag.COLLECTION, _A4),)}),),
            "marker-names": ipp.name("Black Toner"),
            "marker-types": ipp.keywords("toner"),
            "marker-colors": ipp.name("#000000"),
            "marker-levels": ipp.whole(self.toner),
            "marker-low-levels": ipp.whole(10),
            "marker-high-levels": ipp.whole(100),
            "printer-input-tray": ipp.octets(
                "type=sheetFeedAutoRemovableTray;mediafeed=29700;mediaxfeed=21000;"
                f"maxcapacity={CASSETTE_HOLDS};level={self.sheets};status=0;name=main;"
            ),
        }
        if self.tray_sensor:
            room = TRAY_HOLDS - len(self.tray)
            told["printer-output-tray"] = ipp.octets(
                f"type=unRemovableBin;maxcapacity={TRAY_HOLDS};remaining={room};status=0;name=face-down;"
                "stackingorder=firstToLast;pagedelivery=faceDown;"
            )
        return told


def _word(code: int) -> str:
    return Operation(code).name if code in set(Operation) else f"0x{code:04x}"


def _wanted(operation: Group, attributes: Attributes, default: tuple[str, ...] = ("all",)) -> Attributes:
    """The attributes that were asked for by name or by group name (RFC 8011 §4.2.5.1)."""
    asked = set(operation.texts("requested-attributes") or default)
    if asked & {"all", "printer-description", "job-description", "job-template"}:
        return attributes
    return {key: values for key, values in attributes.items() if key in asked}


class _Handler(http.server.BaseHTTPRequestHandler):
    """One connection: one request, one answer, closed."""

    protocol_version = "HTTP/1.1"
    server_version = "NuantingTwin/1"
    timeout = IDLE_S

    def __init__(self, sock: socket.socket, twin: PageIppTwin) -> None:
        self._twin = twin
        super().__init__(sock, ("127.0.0.1", 0), cast("http.server.HTTPServer", None))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a job's name is in no log."""

    def do_GET(self) -> None:
        self._reply("text/html; charset=utf-8", b"<!DOCTYPE html><html><body>Nuanting twin</body></html>")

    def do_POST(self) -> None:
        body = self._body()
        if body is None or self.path.split("?", 1)[0].rstrip("/") != "/ipp/print":
            self.close_connection = True
            self.send_error(400 if body is None else 404)
            return
        answer = self._twin.answer_to(body)
        with self._twin.changed:
            faults = self._twin.faults_of_answer(int.from_bytes(body[2:4], "big"))
            if PageFault.SLOW in faults:
                self._twin.changed.wait_for(
                    lambda: PageFault.SLOW not in self._twin.faults or not self._twin.reachable, IDLE_S
                )
        half = answer[: len(answer) // 2]
        if PageFault.HANGS_UP_AFTER_TAKING in faults:
            self.close_connection = True
        elif PageFault.HTML_ANSWER in faults:
            self._reply("text/html; charset=utf-8", _LOGIN_PAGE)
        elif PageFault.RUBBISH_ANSWER in faults:
            self._reply("application/ipp", answer[:9] + _BACKWARDS)
        elif PageFault.TRUNCATED_ANSWER in faults:
            self._reply("application/ipp", half)
        elif PageFault.CUT_ANSWER in faults:
            self._reply("application/ipp", half, len(answer))
        elif PageFault.OVERSIZED_ANSWER in faults:
            self._reply("application/ipp", answer[:-1] + bytes(ENDLESS))
        else:
            self._reply("application/ipp", answer)

    def _reply(self, kind: str, body: bytes, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Connection", "close")  # also ends the loop of this connection
        self.end_headers()
        self.wfile.write(body)

    def _body(self) -> bytes | None:
        """The request's body, plain or in chunks; None when it is too long, cut or ill-framed."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST_REQUEST:
            return None
        body = self.rfile.read(int(length))
        return body if len(body) == int(length) else None

    def _chunks(self) -> bytes | None:
        body = bytearray()
        while True:
            size = self.rfile.readline(1024).split(b";")[0].strip()
            if not size or len(size) > 8 or size.strip(b"0123456789abcdefABCDEF"):
                return None
            count = int(size, 16)
            if len(body) + count > LARGEST_REQUEST:
                return None
            body += self.rfile.read(count)
            self.rfile.readline(1024)
            if count == 0:
                return bytes(body)
