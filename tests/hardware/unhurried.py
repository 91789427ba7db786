"""A wire to a twin over which only silence is silent: a twin that is late, as on a busy machine, is waited for.

A driver's short deadlines cost a test little where nothing comes, and would be missed by a twin whose thread was not
let run in time. So each look at the line first waits until the twin has heard and said what there is, in nobody's time.
"""

import threading
import time

from hardware.api.clock import SystemClock
from hardware.transports.serial_link import SerialLink
from hardware.twins.wire import PtyWire

LOOK_S = 0.02
PATIENCE_S = 30.0


class UnhurriedLink(SerialLink):
    """A serial link to a twin's wire. `clock` is for its driver: the time the twin is waited for is not on it."""

    def __init__(self, wire: PtyWire) -> None:
        super().__init__(str(wire.link_path), wire.baud)
        self.clock = UnhurriedClock()
        self._wire = wire
        self._heard = threading.Condition()
        self._owed = 0  # bytes written that the twin has not worked through
        hear = wire._hear
        assert hear is not None, "the twin is not on its power yet"

        def counted(chunk: bytes) -> None:
            hear(chunk)
            with self._heard:
                self._owed -= len(chunk)
                self._heard.notify_all()

        wire._hear = counted

    def open(self) -> None:
        with self._heard:
            self._owed = 0
        super().open()

    def write(self, data: bytes) -> None:
        super().write(data)
        with self._heard:
            self._owed += len(data)

    def read(self, timeout_s: float) -> bytes:
        began = time.monotonic()
        self._wait_for_the_twin(began + PATIENCE_S)
        self.clock.lost += time.monotonic() - began
        return super().read(timeout_s)

    def _wait_for_the_twin(self, until: float) -> None:
        """Until it has heard all that was written, and what it said on that is in the port; or its cable is pulled."""
        with self._heard:
            while self._owed > 0 and self._wire.plugged and time.monotonic() < until:
                self._heard.wait(LOOK_S)
        while self._wire.plugged and time.monotonic() < until:
            said = threading.Event()
            self._wire.later(0.0, said.set)  # forgotten when the cable is pulled meanwhile
            if said.wait(LOOK_S):
                return


class UnhurriedClock(SystemClock):
    """The machine's clock without what was `lost`, seconds."""

    def __init__(self) -> None:
        self.lost = 0.0

    def monotonic(self) -> float:
        return super().monotonic() - self.lost
