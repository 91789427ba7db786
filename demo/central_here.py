"""Central in a thread of this process, for the demo and the tests: the real application behind a faulty door."""

import socket
import threading
from pathlib import Path

import uvicorn

from central.app import create_app
from central.settings import CentralSettings
from central.wiring import Central
from demo.faulty_central import FaultyCentral

START_S = 20.0
CATALOGUE = Path(__file__).resolve().parent.parent / "assets" / "catalogue"


class CentralHere:
    """Serves from `folder` on a free port of 127.0.0.1 until closed. `app.fault` breaks its answers."""

    def __init__(self, folder: Path) -> None:
        plain = create_app(CentralSettings(folder, catalogue=CATALOGUE))
        self.central: Central = plain.state.central
        self.app = FaultyCentral(plain)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        config = uvicorn.Config(
            self.app, log_config=None, log_level="critical", access_log=False, timeout_graceful_shutdown=2
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}, name="central", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(10.0)
        self._listener.close()
