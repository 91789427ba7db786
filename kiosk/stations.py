"""A station is a device at its place: its lane, its driver, its link, and how it is now.

The station opens the link, starts the driver, asks for the status on a beat, opens again after a loss, and tells a
change once. Everybody else only asks: `call` (waits for the answer, from a hand's thread) and `watch` (a beat).
"""

import logging
import queue
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from hardware.api.clock import Clock
from hardware.api.errors import DeviceError, LinkLost, NotAnswering
from hardware.api.status import OFFLINE, STARTING, DeviceState, Fault, Status
from hardware.transports.lane import Answer, Broke, Done, Failed, Lane, NotBegun, Repeat

log = logging.getLogger("kiosk.stations")

T = TypeVar("T")


class NotThere(LinkLost):
    """The device was away when it was asked: nothing was sent to it."""


def never_tried(error: DeviceError) -> bool:
    """Whether the device was certainly never told, so that what was asked of it cannot have happened."""
    return isinstance(error, NotThere | NotBegun)


class Opens(Protocol):
    """A link that can be opened again, and closed."""

    def open(self) -> None: ...

    def close(self) -> None: ...


class Startable(Protocol):
    """What every driver has."""

    def start(self) -> str: ...

    def status(self) -> Status: ...


D = TypeVar("D", bound=Startable)


class Station(Generic[D]):
    """One device. Thread-safe: its driver is only ever touched in its lane."""

    def __init__(self, name: str, driver: D, link: Opens | None, clock: Clock, *, beat_s: float = 1.0) -> None:
        self.name = name
        self.lane = Lane(name, clock)
        self._driver = driver
        self._link = link
        self._status: Status = STARTING
        self._started = False
        self._told: list[Callable[[str, Status], None]] = []
        self._beat_s = beat_s
        self._beat: Repeat | None = None

    @property
    def status(self) -> Status:
        return self._status

    def on_change(self, told: Callable[[str, Status], None]) -> None:
        """`told(name, status)` is called in the lane, once for each change."""
        self._told.append(told)

    def begin(self) -> None:
        """Look at the device now, and on every beat from now on."""
        self._beat = self.lane.every(self._beat_s, self._look, self._looked)

    def end(self, timeout_s: float = 5.0) -> None:
        if self._beat is not None:
            self._beat.stop()
        self.lane.ask(self._close, lambda _: None)
        self.lane.stop(timeout_s)

    def call(self, work: Callable[[D], T], timeout_s: float = 30.0) -> T:
        """Do `work` with the driver, in its lane, and wait. Raises DeviceError (NotThere while it is offline)."""
        answers: queue.SimpleQueue[Done[T]] = queue.SimpleQueue()
        self.ask(work, answers.put, timeout_s)
        try:
            done = answers.get(timeout=timeout_s)
        except queue.Empty:
            raise NotAnswering(f"{self.name}: no answer within {timeout_s:.0f} s") from None
        match done:
            case Answer(value):
                return value
            case Failed(error):
                raise error
            case Broke(error):
                raise error

    def ask(self, work: Callable[[D], T], then: Callable[[Done[T]], None], timeout_s: float | None = None) -> None:
        """Do `work` with the driver in its lane; `then` is called there with what came of it."""
        self.lane.ask(lambda: self._with_driver(work), then, timeout_s)

    def watch(self, period_s: float, work: Callable[[D], T], then: Callable[[Done[T]], None]) -> Repeat:
        """Do `work` on a beat of its own until the Repeat is stopped."""
        return self.lane.every(period_s, lambda: self._with_driver(work), then)

    # ---- in the lane ----

    def _with_driver(self, work: Callable[[D], T]) -> T:
        if not self._started:
            raise NotThere(f"{self.name} is not there")
        try:
            return work(self._driver)
        except LinkLost:
            self._lost(Fault.LINK_LOST)
            raise

    def _look(self) -> Status:
        if not self._started:
            if self._link is not None:
                self._link.open()
            self._driver.start()
            self._started = True
        return self._driver.status()

    def _looked(self, done: Done[Status]) -> None:
        match done:
            case Answer(status):
                if status.device is DeviceState.OFFLINE:
                    # drivers tell a lost wire as a status: only opening and starting again can bring it back
                    self._let_go()
                self._tell(status)
            case Failed(error):
                self._lost(error.fault)
            case Broke():
                self._lost(Fault.BROKE_RULES)

    def _lost(self, fault: Fault) -> None:
        self._let_go()
        if fault is Fault.LINK_LOST:
            self._tell(OFFLINE)
        else:
            silent = fault is Fault.NOT_ANSWERING
            self._tell(Status(DeviceState.OFFLINE if silent else DeviceState.ERROR, fault))

    def _let_go(self) -> None:
        self._started = False
        self._close()

    def _close(self) -> None:
        if self._link is not None:
            try:
                self._link.close()
            except DeviceError:
                log.debug("%s: closing a lost link", self.name)

    def _tell(self, status: Status) -> None:
        if status == self._status:
            return
        was, self._status = self._status, status
        log.info("device %s: %s -> %s %s", self.name, was.device, status.device, status.fault or "")
        for told in self._told:
            told(self.name, status)
