"""A twin that can be told what goes wrong next, one kind of mishap at a time."""

import enum
from collections.abc import Callable
from typing import Generic, TypeVar

from hardware.twins.wire import PtyWire, Twin

Fault = TypeVar("Fault", bound=enum.Enum)


class MishapTwin(Twin, Generic[Fault]):
    """Does the fault it was told the next so many times that it can happen."""

    def __init__(self, wire: PtyWire) -> None:
        super().__init__(wire)
        self._fault: Fault | None = None
        self._times = 0

    def fail(self, fault: Fault, times: int = 1) -> None:
        """Do `fault` the next `times` times that it can happen; a negative number means until `heal`."""
        with self.lock:
            self._fault, self._times = fault, times

    def heal(self) -> None:
        with self.lock:
            self._fault, self._times = None, 0

    def about_to(self, fault: Fault) -> bool:
        """Whether `fault` is what will happen next."""
        return self._fault is fault and self._times != 0

    def take_fault(self, can_happen: Callable[[Fault], bool] = lambda _: True) -> Fault | None:
        """What goes wrong now, if anything can: it is counted."""
        fault = self._fault
        if fault is None or self._times == 0 or not can_happen(fault):
            return None
        if self._times > 0:
            self._times -= 1
        return fault
