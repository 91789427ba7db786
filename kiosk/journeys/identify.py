"""Identify: a card or a citizen's code; for a pickup a pickup code, for how things stand a slip.

Judges what was read; decides nothing else.
"""

import datetime as dt
import enum
from dataclasses import dataclass, field, replace

from hardware.api.id_card import CardRead, CardRefused, Holder
from hardware.api.identity_number import number_fault
from hardware.api.lights import Spot
from kiosk.journeys.events import CardSeen, CodeChecked, CodeShown, Pressed, SlipShown, TimeUp, Typed
from kiosk.journeys.orders import Arm, CheckCode, Light, Order, Watch
from kiosk.journeys.table import Journey, Move
from kiosk.ports import CodeFault, PersonFacts
from wire.tokens import IdCode

PICKUP_CODE_DIGITS = 8
SHOW_PERSON_S = 2.5
"""How long the person sees whose card was read before the page goes on."""


class Phase(enum.Enum):
    WAITING = enum.auto()
    CHECKING = enum.auto()  # a shown code is being verified
    KNOWN = enum.auto()  # who it is stands on the screen for a moment
    IDENTIFIED = enum.auto()
    PICKUP_CODE = enum.auto()  # ends with a typed pickup code instead of a person
    SLIP = enum.auto()  # ends with a slip that was held up instead of a person


@dataclass(frozen=True)
class Identify:
    """`problem` is a key of the words that tell what went wrong and what to do."""

    ways: tuple[str, ...]
    phase: Phase = Phase.WAITING
    problem: str = ""
    person: PersonFacts | None = None
    code_typed: str = field(default="", repr=False)
    slip: str = field(default="", repr=False)  # the receipt on it
    tries: int = 0


def begin(ways: tuple[str, ...]) -> Move[Identify]:
    """Start watching; the light shows the card's spot first."""
    spot = Spot.CARD if "card" in ways else Spot.CODE
    return Identify(ways), (Watch(card="card" in ways, code="code" in ways or "slip" in ways), Light(spot))


def judge(holder: Holder, today: dt.date) -> str:
    """ "" when the card may be used, else the word for what stands against it."""
    fault = number_fault(holder.number, holder.kind)
    if fault is not None:
        return "card.number"
    if not holder.name:
        return "card.unreadable"
    if holder.valid_from is not None and today < holder.valid_from:
        return "card.not_yet_valid"
    if holder.valid_for_ever:
        return ""
    if holder.valid_to is None:
        return "card.unreadable"
    return "card.expired" if today > holder.valid_to else ""


def person_of(holder: Holder, secret: bytes = b"") -> PersonFacts:
    return PersonFacts(
        kind=holder.kind.value,
        name=holder.name,
        number=holder.number,
        by="card",
        sex=holder.sex,
        birth=holder.birth,
        address=holder.additional_address or holder.address,
        issuer=holder.issuer,
        nation=holder.nation,
        valid_to=holder.valid_to,
        card=secret,
    )


def _card(state: Identify, event: CardSeen) -> Move[Identify]:
    """A card that will not do is told. A code under verification is used up by then: its answer still counts."""
    match event.outcome:
        case CardRefused(problem):
            return replace(state, problem=problem.value), ()
        case CardRead(holder, secret):
            against = judge(holder, event.today)
            if against:
                return replace(state, problem=against), ()
            return _known(state, person_of(holder, secret))


def _known(state: Identify, person: PersonFacts) -> Move[Identify]:
    orders: tuple[Order, ...] = (Watch(), Light(None), Arm("known", SHOW_PERSON_S))
    return replace(state, phase=Phase.KNOWN, person=person, problem=""), orders


def _code(state: Identify, event: CodeShown) -> Move[Identify]:
    if not event.readable:
        return replace(state, problem=CodeFault.FOREIGN.value), ()
    return replace(state, phase=Phase.CHECKING, problem=""), (CheckCode(event.text, "slip" in state.ways),)


def _checked(state: Identify, event: CodeChecked) -> Move[Identify]:
    match event.result:
        case CodeFault() as fault:
            return replace(state, phase=Phase.WAITING, problem=fault.value), ()
        case IdCode() as code:
            person = PersonFacts(
                kind=code.kind, name=code.name, number=code.number, by="code", birth=code.birth, address=code.address
            )
            return _known(state, person)


def _slip(state: Identify, event: SlipShown) -> Move[Identify]:
    if "slip" not in state.ways:
        return state, ()
    return replace(state, phase=Phase.SLIP, slip=event.receipt, problem=""), (Watch(), Light(None))


def _typed(state: Identify, event: Typed) -> Move[Identify]:
    if event.name != "pickup_code" or "pickup_code" not in state.ways:
        return state, ()
    digits = "".join(c for c in event.text if c in "0123456789")[:PICKUP_CODE_DIGITS]
    return replace(state, code_typed=digits, problem=""), ()


def _pickup(state: Identify, _: Pressed) -> Move[Identify]:
    if len(state.code_typed) != PICKUP_CODE_DIGITS:
        return replace(state, problem="pickup.short"), ()
    return replace(state, phase=Phase.PICKUP_CODE), (Watch(), Light(None))


def _go_on(state: Identify, event: TimeUp | Pressed) -> Move[Identify]:
    if isinstance(event, TimeUp) and event.name != "known":
        return state, ()
    return replace(state, phase=Phase.IDENTIFIED), ()


def _stay(state: Identify, _: object) -> Move[Identify]:
    return state, ()


JOURNEY: Journey[Identify] = Journey(
    "identify",
    {
        (Phase.WAITING, CardSeen): _card,
        (Phase.WAITING, CodeShown): _code,
        (Phase.WAITING, Typed): _typed,
        (Phase.WAITING, "pickup"): _pickup,
        (Phase.CHECKING, CodeChecked): _checked,
        (Phase.CHECKING, SlipShown): _slip,
        (Phase.CHECKING, CardSeen): _card,
        (Phase.CHECKING, CodeShown): _stay,
        (Phase.KNOWN, TimeUp): _go_on,
        (Phase.KNOWN, "next"): _go_on,
    },
    late=frozenset({CardSeen, CodeShown, CodeChecked, SlipShown, TimeUp, Typed}),
)
