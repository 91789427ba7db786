"""Answering over HTTP: the listening socket and the server, for the program and for whoever embeds central."""

import asyncio
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from central.events.live import ENDING


def open_listener(host: str, port: int) -> socket.socket:
    """A listening TCP socket; port 0 takes any free one. Raises OSError.

    Its protocol is named, unlike `socket.create_server`'s: asyncio turns Nagle's algorithm off only for connections of
    a socket that says it is TCP, and with it on every answer waits 40 ms for a delayed acknowledgement.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket) -> tuple[str, int]:
    """(url, port) of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}", port


class CentralServer(uvicorn.Server):
    """Serves one application: `run(sockets=[listener])` blocks until `should_exit` is set to True from any thread."""

    def __init__(
        self, app: ASGIApp, ready: Callable[[], None], *, log_level: str = "warning", grace_s: int = 10
    ) -> None:
        """`ready` is called in the server's thread once requests are answered; requests have `grace_s` to end."""
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                log_level=log_level,
                access_log=False,  # a query may hold a token
                server_header=False,
                timeout_keep_alive=30,
                timeout_graceful_shutdown=grace_s,
                proxy_headers=False,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending = asyncio.Event()
        self.lifespan.state[ENDING] = self._ending  # every request finds it in its scope's "state"
        await super().startup(sockets)
        if not self.should_exit:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending.set()  # answers that stay open end now; uvicorn waits for them
        await super().shutdown(sockets)
