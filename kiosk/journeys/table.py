"""A journey is a table and a pure step: (phase, what happened) -> (new state, orders). An unknown pair raises.

What happened is the event's type, or the words of a press ("next", "again"). Two kinds of event need no row in a
phase: presses that the page does not offer (a finger is slower than the page) and those a journey lists as `late`
(a device speaks after the person has moved on). Everything else without a row is our bug and says so.
"""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from kiosk.journeys.events import Event, Pressed
from kiosk.journeys.orders import Order


class HasPhase(Protocol):
    @property
    def phase(self) -> enum.Enum: ...


S = TypeVar("S", bound=HasPhase)
Move = tuple[S, tuple[Order, ...]]
Key = tuple[enum.Enum, type[Event] | str]


class WrongMoment(Exception):
    """An event for which the journey has no row in its phase. Names types only, never what they hold."""


@dataclass(frozen=True)
class Journey(Generic[S]):
    """A named table. `rows` take the state and the event and return the move."""

    name: str
    rows: Mapping[Key, Callable[[S, Any], Move[S]]]
    late: frozenset[type[Event]] = frozenset()

    def step(self, state: S, event: Event) -> Move[S]:
        """The journey's answer to an event. Raises WrongMoment."""
        what: type[Event] | str = type(event)
        if isinstance(event, Pressed):
            row = self.rows.get((state.phase, event.ask)) or self.rows.get((state.phase, Pressed))
            if row is None:
                return state, ()
            return row(state, event)
        row = self.rows.get((state.phase, what))
        if row is None:
            if type(event) in self.late:
                return state, ()
            raise WrongMoment(f"{self.name}: {type(event).__name__} in {state.phase.name}")
        return row(state, event)
