"""Rate: one question after an item, five answers, and why if it went badly; never forced (好差评, GB/T 39734—2020).

Asked once for each item that was done. A chosen level counts from the touch on: who then walks away has said it.
"""

import enum
from dataclasses import dataclass, replace

from catalogue.model import Item
from kiosk.journeys.events import Pressed, TimeUp
from kiosk.journeys.orders import Arm, Order, SendRating
from kiosk.journeys.table import Journey, Move
from wire.letters import BEST_RATING, POOR_RATINGS, WORST_RATING, RatingReason

RATE_AFTER_S = 20.0
"""How long a result is read before the question opens by itself; elder mode waits longer, as for everything."""
THANKS_S = 4.0
LEAVE_S = 12.0
"""How long the question stays for somebody who wanted to leave, and may be gone."""

LEVELS = tuple(range(BEST_RATING, WORST_RATING - 1, -1))
REASONS = tuple(RatingReason)


class Phase(enum.Enum):
    ASKING = enum.auto()
    REASONS = enum.auto()
    THANKS = enum.auto()
    OVER = enum.auto()  # the visit goes where the person wanted to go


@dataclass(frozen=True)
class Rate:
    """`onward` is where the person wanted to go when the question opened: "home", "leave", or "result" (nowhere)."""

    item: Item
    about: str
    onward: str
    phase: Phase = Phase.ASKING
    level: int = 0
    reasons: frozenset[RatingReason] = frozenset()


def begin(item: Item, about: str, onward: str) -> Move[Rate]:
    return Rate(item, about, onward), ()


def given_up(state: Rate) -> tuple[Order, ...]:
    """What is still to be sent when the person goes: a level that was chosen."""
    return (_sent(state),) if state.phase is Phase.REASONS else ()


def _sent(state: Rate) -> SendRating:
    reasons = tuple(reason.value for reason in REASONS if reason in state.reasons)
    return SendRating(state.item, state.about, state.level, reasons)


def _level(state: Rate, event: Pressed) -> Move[Rate]:
    for level in LEVELS:
        if event.ask == f"level:{level}":
            state = replace(state, level=level)
            return (replace(state, phase=Phase.REASONS), ()) if level in POOR_RATINGS else _thank(state)
    return state, ()


def _thank(state: Rate) -> Move[Rate]:
    return replace(state, phase=Phase.THANKS), (_sent(state), Arm("thanks", THANKS_S))


def _reason(state: Rate, event: Pressed) -> Move[Rate]:
    for reason in REASONS:
        if event.ask == f"reason:{reason.value}":
            return replace(state, reasons=state.reasons ^ {reason}), ()
    return state, ()


def _send(state: Rate, _: Pressed) -> Move[Rate]:
    return _thank(state)


def _back(state: Rate, _: Pressed) -> Move[Rate]:
    return replace(state, phase=Phase.ASKING, level=0, reasons=frozenset()), ()


def _over(state: Rate, _: Pressed) -> Move[Rate]:
    return replace(state, phase=Phase.OVER), ()


def _thanked(state: Rate, event: TimeUp) -> Move[Rate]:
    return (replace(state, phase=Phase.OVER) if event.name == "thanks" else state), ()


JOURNEY: Journey[Rate] = Journey(
    "rate",
    {
        (Phase.ASKING, Pressed): _level,
        (Phase.ASKING, "skip"): _over,
        (Phase.REASONS, Pressed): _reason,
        (Phase.REASONS, "next"): _send,
        (Phase.REASONS, "back"): _back,
        (Phase.THANKS, "next"): _over,
        (Phase.THANKS, TimeUp): _thanked,
    },
    late=frozenset({TimeUp}),
)
