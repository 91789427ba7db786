"""One device, one lane: a named thread that does a device's work in the order it was asked, so that no one else waits.

`then` is called in the lane's thread with what became of the work; a caller from another thread posts it on.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from hardware.api.clock import Clock
from hardware.api.errors import DeviceError, NotAnswering

T = TypeVar("T")

LONGEST_QUEUE = 64
PATIENCE_S = 10.0
"""How long an order may take before the lane counts as late, where the order names no deadline of its own."""

log = logging.getLogger(__name__)


class NotBegun(NotAnswering):
    """The order was never given to the device: the lane was full, stopped, or still busy at the order's deadline."""


@dataclass(frozen=True)
class Answer(Generic[T]):
    """The work was done; `value` is what it returned."""

    value: T


@dataclass(frozen=True)
class Failed:
    """The device or its wire failed. `NotBegun` says that nothing was tried."""

    error: DeviceError


@dataclass(frozen=True)
class Broke:
    """Our own bug: the work raised what no port may raise."""

    error: Exception


Done: TypeAlias = Answer[T] | Failed | Broke


@dataclass
class _Order:
    run: Callable[[], None]
    refuse: Callable[[str], None]
    deadline: float | None  # on the clock's counter: too late to begin
    late_at: float


class Repeat:
    """Work that a lane does again and again; `stop` ends it after the run that is under way."""

    def __init__(self, period_s: float, run: Callable[[], None], due: float) -> None:
        self.period_s = period_s
        self.run = run
        self.due = due
        self.stopped = False

    def stop(self) -> None:
        """Do it no more. A run that is under way still ends."""
        self.stopped = True


class Lane:
    """A device's thread: whatever touches its port runs here. `stop` it before the program ends."""

    def __init__(self, name: str, clock: Clock, *, longest_queue: int = LONGEST_QUEUE) -> None:
        self.name = name
        self._clock = clock
        self._longest_queue = longest_queue
        self._changed = threading.Condition()
        self._orders: deque[_Order] = deque()
        self._repeats: list[Repeat] = []
        self._late_at: float | None = None  # when the work under way becomes late
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"lane:{name}", daemon=True)
        self._thread.start()

    def ask(self, work: Callable[[], T], then: Callable[[Done[T]], None], deadline_s: float | None = None) -> None:
        """Do `work` after what was asked before; `then` hears what became of it, always once.

        Work that could not begin within `deadline_s` is dropped and reported as `Failed(NotBegun)`. So is work that
        is asked of a full or stopped lane; `then` is then called at once, by the asker's own thread.
        """
        now = self._clock.monotonic()
        deadline = None if deadline_s is None else now + deadline_s
        order = _Order(
            run=lambda: self._do(work, then),
            refuse=lambda why: self._tell(then, Failed(NotBegun(f"{self.name}: {why}"))),
            deadline=deadline,
            late_at=now + PATIENCE_S if deadline is None else deadline,
        )
        with self._changed:
            refusal = "stopped" if self._stopping else "full" if len(self._orders) >= self._longest_queue else ""
            if not refusal:
                self._orders.append(order)
                self._changed.notify_all()
        if refusal:
            order.refuse(refusal)

    def every(self, period_s: float, work: Callable[[], T], then: Callable[[Done[T]], None]) -> Repeat:
        """Do `work` now and about every `period_s` from beginning to beginning; what was asked goes first.

        A run that took longer than its period is followed by the next as soon as the lane is free, with no backlog.
        """
        repeat = Repeat(period_s, lambda: self._do(work, then), self._clock.monotonic())
        with self._changed:
            self._repeats.append(repeat)
            self._changed.notify_all()
        return repeat

    def stop(self, timeout_s: float) -> bool:
        """End the lane after the work under way; what waited hears `NotBegun`. Returns whether the thread ended."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @property
    def overdue_s(self) -> float:
        """For how long the oldest order, under way or waiting, has been past its deadline; 0.0 when none is."""
        with self._changed:
            times = [order.late_at for order in self._orders]
            if self._late_at is not None:
                times.append(self._late_at)
        return max(self._clock.monotonic() - min(times), 0.0) if times else 0.0

    @property
    def late(self) -> bool:
        """Whether an order has missed its deadline and is not done."""
        return self.overdue_s > 0.0

    # ---- the lane's thread

    def _run(self) -> None:
        while True:
            with self._changed:
                order, repeat = self._next()
                while order is None and repeat is None:
                    if self._stopping:
                        return
                    self._changed.wait(self._idle_s())
                    order, repeat = self._next()
                if order is not None:
                    self._late_at = order.late_at
                else:
                    self._late_at = self._clock.monotonic() + PATIENCE_S
                stopping = self._stopping
            if order is not None:
                if stopping:
                    order.refuse("stopped")
                elif order.deadline is not None and self._clock.monotonic() > order.deadline:
                    order.refuse("busy until after the order's deadline")
                else:
                    order.run()
            elif repeat is not None:
                began = self._clock.monotonic()
                repeat.run()
                repeat.due = max(began + repeat.period_s, self._clock.monotonic())
            with self._changed:
                self._late_at = None

    def _next(self) -> tuple[_Order | None, Repeat | None]:
        """What to do now: the oldest order, except that a repeat a whole period behind is not starved by orders."""
        self._repeats = [repeat for repeat in self._repeats if not repeat.stopped]
        repeat = min(self._repeats, key=lambda each: each.due, default=None)
        lag = self._clock.monotonic() - repeat.due if repeat is not None else -1.0
        if self._stopping or (self._orders and (repeat is None or lag <= repeat.period_s)):
            return (self._orders.popleft() if self._orders else None), None
        return None, (repeat if lag >= 0 else None)

    def _idle_s(self) -> float | None:
        if not self._repeats:
            return None
        return max(min(repeat.due for repeat in self._repeats) - self._clock.monotonic(), 0.0)

    def _do(self, work: Callable[[], T], then: Callable[[Done[T]], None]) -> None:
        done: Done[T]
        try:
            done = Answer(work())
        except DeviceError as error:
            done = Failed(error)
        except Exception as error:  # noqa: BLE001 - our bug ends here, told and logged; the device keeps its lane
            # The type only: the error's text may quote a person.
            log.error("lane %s: work broke with %s", self.name, type(error).__name__)
            done = Broke(error)
        self._tell(then, done)

    def _tell(self, then: Callable[[Done[T]], None], done: Done[T]) -> None:
        try:
            then(done)
        except Exception as error:  # noqa: BLE001 - as above: a listener's bug must not take the device with it
            log.error("lane %s: a listener broke with %s", self.name, type(error).__name__)


def in_lane(name: str) -> bool:
    """Whether the caller runs in that device's lane."""
    return threading.current_thread().name == f"lane:{name}"


def assert_in_lane(name: str) -> None:
    """Raise RuntimeError (our bug) outside that device's lane."""
    if not in_lane(name):
        raise RuntimeError(f"called outside lane {name}, in {threading.current_thread().name}")
