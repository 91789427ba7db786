"""A system of somebody else, on a real socket: answers as it is told to, drops, cuts, drips; remembers what came."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, bytes]


@dataclass
class Elsewhere:
    """`answer` makes the answer of a request. `mishaps` come first, one for each request: "drop" does what was asked
    and says nothing; "cut" says half; "drip" a byte, then nothing until the test ends; a number is a bare status."""

    url: str = ""
    answer: Callable[[str, str, dict[str, str], bytes], Answer] = lambda *_: (200, b"{}")
    mishaps: list[str | int] = field(default_factory=list)
    came: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, _, _, body in self.came]

    def keys(self) -> list[str]:
        return [headers.get("idempotency-key", "") for _, _, headers, _ in self.came]


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    told = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            told.came.append((self.command, self.path, headers, body))
            status, answer = told.answer(self.command, self.path, headers, body)
            mishap = told.mishaps.pop(0) if told.mishaps else ""
            self.close_connection = True
            if mishap == "drop":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if isinstance(mishap, int):
                status, answer = mishap, b"<html>nothing for machines</html>"
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            if status in (301, 302, 307):
                self.send_header("Location", told.url)
            self.end_headers()
            if mishap in ("cut", "drip"):
                answer = answer[: len(answer) // 2] if mishap == "cut" else answer[:1]
            self.wfile.write(answer)
            self.wfile.flush()
            if mishap == "drip":
                told.over.wait(30)

        do_GET = do_POST = _do  # noqa: N815 - named by the standard library

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=lambda: server.serve_forever(0.02))
    thread.start()
    try:
        yield told
    finally:
        told.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
