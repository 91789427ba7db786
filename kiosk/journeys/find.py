"""Find: how a person comes to an item: blocks, hot list, tree of life, search, the item's card, its guide. No orders.

What was searched and answered belongs to the visit: it is in this state, hidden from whatever prints it, and gone with
it. `step` ends in READY; the visit goes on from there and comes back by `reopened` or `card`.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from catalogue.guide import asked, facts_of, following, turned_by
from catalogue.model import Block, Item
from kiosk.journeys.events import Pressed, Typed
from kiosk.journeys.table import Journey, Move

EVERYTHING = "all"
"""The list that holds every block."""
LONGEST_QUERY = 40


class Phase(enum.Enum):
    HOME = enum.auto()
    BLOCK = enum.auto()
    TREE = enum.auto()
    EVENT = enum.auto()
    SEARCH = enum.auto()
    ITEM = enum.auto()
    GUIDE = enum.auto()
    GUIDE_REFUSED = enum.auto()
    READY = enum.auto()  # the item is chosen and its guide is through


@dataclass(frozen=True)
class Offer:
    """An item as the catalogue holds it at this moment, and whether it can be done here now."""

    item: Item
    can_now: bool


@dataclass(frozen=True)
class Find:
    """`trail` are the pages that "back" leads through; `answers` those of the guide, by question."""

    phase: Phase = Phase.HOME
    trail: tuple[Phase, ...] = ()
    block: str = ""
    event: str = ""
    query: str = field(default="", repr=False)
    item: Item | None = None
    question: str = ""  # id of the question on the screen
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)
    against: tuple[str, ...] = ()  # ids of the item's conditions that an answer breaks


def step(state: Find, event: Pressed | Typed, offers: Mapping[str, Offer]) -> Find:
    """The state after a touch. What the page does not offer changes nothing."""
    if isinstance(event, Pressed):
        if event.ask.startswith("item:") and state.phase in LISTS:
            offer = offers.get(event.ask.removeprefix("item:"))
            return state if offer is None else replace(_to(state, Phase.ITEM), item=offer.item)
        if state.phase is Phase.ITEM and event.ask == "next" and state.item is not None:
            now = offers.get(state.item.code)
            if now is None or not now.can_now:
                return state
    return JOURNEY.step(state, event)[0]


def reopened(state: Find) -> Find:
    """Back from what follows READY: the last question of the guide, else the item's card."""
    if state.item is not None and (questions := asked(state.item, state.answers)):
        return replace(state, phase=Phase.GUIDE, question=questions[-1].id)
    return card(state)


def card(state: Find) -> Find:
    """The item's card again."""
    return replace(state, phase=Phase.ITEM, question="", against=())


def _to(state: Find, phase: Phase) -> Find:
    """Onward to a page; a page that was passed already is not passed twice on the way back."""
    trail = (*state.trail, state.phase)
    return replace(state, phase=phase, trail=trail[: trail.index(phase)] if phase in trail else trail)


def _back(state: Find, _: Pressed) -> Move[Find]:
    before = state.trail[-1] if state.trail else Phase.HOME
    if before is Phase.HOME:
        return Find(), ()
    left = replace(state, phase=before, trail=state.trail[:-1], item=None, answers={})
    return left, ()


def _home(state: Find, _: Pressed) -> Move[Find]:
    del state
    return Find(), ()


def _tree(state: Find, _: Pressed) -> Move[Find]:
    return _to(state, Phase.TREE), ()


def _search(state: Find, _: Pressed) -> Move[Find]:
    return replace(_to(state, Phase.SEARCH), query=""), ()


def _listed(state: Find, event: Pressed) -> Move[Find]:
    """A block, or an event of a life."""
    kind, _, name = event.ask.partition(":")
    if kind == "block" and (name == EVERYTHING or name in set(Block)):
        return replace(_to(state, Phase.BLOCK), block=name), ()
    if kind == "event":
        return replace(_to(state, Phase.EVENT), event=name), ()
    return state, ()


def _typed(state: Find, event: Typed) -> Move[Find]:
    return (replace(state, query=event.text[:LONGEST_QUERY]) if event.name == "search" else state), ()


def _begin(state: Find, _: Pressed) -> Move[Find]:
    return _led(state), ()


def _led(state: Find) -> Find:
    """To the next question, or through."""
    if state.item is None:
        return state
    question = following(state.item, state.answers)
    if question is None:
        return replace(state, phase=Phase.READY, question="")
    return replace(state, phase=Phase.GUIDE, question=question.id)


def _answered(state: Find, event: Pressed) -> Move[Find]:
    """One answer; those to questions after it are asked anew."""
    item, kind, value = state.item, *event.ask.partition(":")[::2]
    if item is None or kind != "answer":
        return state, ()
    question = next((one for one in item.guide if one.id == state.question), None)
    if question is None or question.option(value) is None:
        return state, ()
    before = {one.id for one in item.guide[: item.guide.index(question)]}
    answers = {name: kept for name, kept in state.answers.items() if name in before} | {question.id: value}
    return _judged(replace(state, answers=answers)), ()


def _judged(state: Find) -> Find:
    """An answer may lead away, by itself or by breaking one of the item's conditions."""
    item = state.item
    if item is None:
        return state
    against = item.refusals(facts_of(item, state.answers))
    if against or turned_by(item, state.answers) is not None:
        return replace(state, phase=Phase.GUIDE_REFUSED, against=against)
    return replace(_led(state), against=())


def _onward(state: Find, _: Pressed) -> Move[Find]:
    """The answer that stands there already will do."""
    if state.question not in state.answers:
        return state, ()
    questions = asked(state.item, state.answers) if state.item is not None else ()
    names = [one.id for one in questions]
    after = names[names.index(state.question) + 1 :] if state.question in names else []
    if after:
        return replace(state, question=after[0]), ()
    return _judged(state), ()


def _question_back(state: Find, _: Pressed) -> Move[Find]:
    questions = asked(state.item, state.answers) if state.item is not None else ()
    names = [one.id for one in questions]
    at = names.index(state.question) if state.question in names else 0
    return (replace(state, question=names[at - 1]) if at > 0 else card(state)), ()


def _think_again(state: Find, _: Pressed) -> Move[Find]:
    return replace(state, phase=Phase.GUIDE, against=()), ()


LISTS = frozenset({Phase.HOME, Phase.BLOCK, Phase.EVENT, Phase.SEARCH})
"""Where items can be chosen."""

JOURNEY: Journey[Find] = Journey(
    "find",
    {
        (Phase.HOME, "tree"): _tree,
        (Phase.HOME, "search"): _search,
        (Phase.HOME, Pressed): _listed,
        (Phase.BLOCK, "tree"): _tree,
        (Phase.BLOCK, "search"): _search,
        (Phase.BLOCK, "back"): _back,
        (Phase.TREE, "search"): _search,
        (Phase.TREE, "back"): _back,
        (Phase.TREE, Pressed): _listed,
        (Phase.EVENT, "search"): _search,
        (Phase.EVENT, "back"): _back,
        (Phase.SEARCH, Typed): _typed,
        (Phase.SEARCH, "tree"): _tree,
        (Phase.SEARCH, "back"): _back,
        (Phase.SEARCH, Pressed): _listed,
        (Phase.ITEM, "next"): _begin,
        (Phase.ITEM, "back"): _back,
        (Phase.GUIDE, "back"): _question_back,
        (Phase.GUIDE, "next"): _onward,
        (Phase.GUIDE, Pressed): _answered,
        (Phase.GUIDE_REFUSED, "back"): _think_again,
        (Phase.GUIDE_REFUSED, "home"): _home,
    },
    late=frozenset({Typed}),
)
