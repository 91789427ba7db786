"""Central in a thread of this process, for the demo and the tests: the real application behind a faulty door."""

import threading
from pathlib import Path

from central.app import create_app
from central.serving import CentralServer, address_of, open_listener
from central.settings import CentralSettings
from central.wiring import Central
from demo.faulty_central import FaultyCentral

START_S = 20.0
CATALOGUE = Path(__file__).resolve().parent.parent / "assets" / "catalogue"


class CentralHere:
    """Serves from `folder` on a free port of 127.0.0.1 from the first moment until closed. `app.fault` breaks answers.

    Raises TimeoutError when it does not begin to answer.
    """

    def __init__(self, folder: Path) -> None:
        plain = create_app(CentralSettings(folder, catalogue=CATALOGUE))
        self.central: Central = plain.state.central
        self.app = FaultyCentral(plain)
        self._listener = open_listener("127.0.0.1", 0)
        self.url, self.port = address_of(self._listener)
        answers = threading.Event()
        # "critical": an answer broken on purpose ends in an error that is no news.
        self._server = CentralServer(self.app, answers.set, log_level="critical", grace_s=2)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}, name="central", daemon=True
        )
        self._thread.start()
        if not answers.wait(START_S):
            raise TimeoutError(f"central does not answer at {self.url}")

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(10.0)
        self._listener.close()
