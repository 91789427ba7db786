"""Pickup tickets: what lies in a compartment for whom."""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from central.rules.records import is_holder_number


class TicketState(enum.StrEnum):
    OPEN = "open"  # lies there; the terminal's mirror lists it
    CLOSED = "closed"  # taken by its holder
    DOUBTFUL = "doubtful"  # nobody can tell: a person must look into the compartment


class TicketRefusal(enum.StrEnum):
    """Why a ticket cannot be registered, or why a collection cannot be believed."""

    DOOR_TAKEN = "ticket.door_taken"
    BAD_DOOR = "ticket.bad_door"
    UNKNOWN = "ticket.unknown"
    OTHER_TERMINAL = "ticket.other_terminal"
    BAD_OUTCOME = "ticket.bad_outcome"
    CLOSED_BEFORE = "ticket.closed_before"


CODE_DIGITS = 8
"""Of a pickup code: a terminal's keys take so many."""
MOST_DOOR = 9999
_LISTED = 12


class TicketMistake(enum.StrEnum):
    """Why a ticket that somebody wants to register by hand makes no sense."""

    UNKNOWN_REGION = "ticket.unknown_region"
    UNKNOWN_TERMINAL = "ticket.unknown_terminal"
    TERMINAL_WITHDRAWN = "ticket.terminal_withdrawn"
    UNKNOWN_ITEM = "ticket.unknown_item"
    NOT_COLLECTED = "ticket.not_collected"
    BAD_NUMBER = "ticket.bad_number"
    BAD_CODE = "ticket.bad_code"
    CODE_TAKEN = "ticket.code_taken"  # whoever types it would be shown somebody else's compartment


@dataclass(frozen=True)
class Wrong:
    """A ticket's mistake, and a sentence for an operator: which, what is wrong, what is possible."""

    word: TicketMistake | TicketRefusal
    sentence: str


@dataclass(frozen=True)
class Around:
    """What central knows about the place: its regions by name ("" where no office has it), terminals, items."""

    regions: Mapping[str, str]  # that have terminals or offices
    terminals: Collection[str]  # enrolled in the region that is named
    may_sign: bool  # the terminal that is named is not withdrawn
    items: Mapping[str, str] = field(default_factory=dict)  # code -> title; empty: central was given no catalogue
    collected: Collection[str] = ()  # codes of those of which something can lie in a compartment


def wrong_place(region: str, terminal: str, around: Around) -> Wrong | None:
    """Whether a terminal of this name is believed in this region; nothing else is looked at."""
    if terminal not in around.terminals:
        if not around.terminals:
            known = listed_regions(around.regions)
            said = f"no terminal is enrolled in region {region}. Regions that central knows: {known}"
            return Wrong(TicketMistake.UNKNOWN_REGION, said)
        said = f"no terminal {terminal} is enrolled in region {region}. Enrolled there: {_listed(around.terminals)}"
        return Wrong(TicketMistake.UNKNOWN_TERMINAL, said)
    if not around.may_sign:
        said = f"{terminal} was withdrawn and opens no door. `code` lets it in again; or choose another terminal"
        return Wrong(TicketMistake.TERMINAL_WITHDRAWN, said)
    return None


def wrong_thing(item: str, door: int, number: str, pickup_code: str, around: Around) -> Wrong | None:
    """Whether a thing of this item may lie behind a door of this number for the holder of that number."""
    if around.items and item not in around.items:
        known = _listed([f"{code} ({title})" for code, title in around.items.items()])
        return Wrong(TicketMistake.UNKNOWN_ITEM, f"the catalogue has no item {item}. It has: {known}")
    if around.items and item not in around.collected:
        known = _listed([f"{code} ({title})" for code, title in around.items.items() if code in around.collected])
        title = around.items[item]
        said = f"nothing is collected for {item} ({title}): it is printed at once. Something can be for: {known}"
        return Wrong(TicketMistake.NOT_COLLECTED, said)
    if not 1 <= door <= MOST_DOOR:
        said = f"no compartment has the number {door}. Read it on the door: 1 to {MOST_DOOR}"
        return Wrong(TicketRefusal.BAD_DOOR, said)
    plain = "".join(number.split()).upper()
    if not is_holder_number(plain):
        said = (
            "the holder's number cannot be right: a terminal would find it on no card. Copy it from the document: 18 "
            "characters whose last one checks the others, or 15 of an older card of foreigners"
        )
        return Wrong(TicketMistake.BAD_NUMBER, said)
    code = "".join(pickup_code.replace("-", " ").split())
    if code and not (len(code) == CODE_DIGITS and code.isascii() and code.isdigit()):
        said = f"the pickup code cannot be typed at a terminal: it takes {CODE_DIGITS} digits, no more and no less"
        return Wrong(TicketMistake.BAD_CODE, said)
    return None


def wrong_door(door: int, taken: Collection[int], *, code_taken: bool) -> Wrong | None:
    """Whether door and pickup code are free at the terminal. `taken` are the doors of tickets that are not closed."""
    if door in taken:
        used = ", ".join(map(str, sorted(taken)))
        said = (
            f"what was registered behind door {door} has not been collected. Taken at this terminal: {used}. Use "
            "another compartment, or have that one emptied first"
        )
        return Wrong(TicketRefusal.DOOR_TAKEN, said)
    if code_taken:
        said = "this pickup code belongs to another thing that waits at this terminal. Give out another one"
        return Wrong(TicketMistake.CODE_TAKEN, said)
    return None


def listed_regions(regions: Mapping[str, str]) -> str:
    """Regions with their offices' names, as an operator reads them."""
    return _listed([f"{each} ({name})" if name else each for each, name in regions.items()])


def _listed(names: Collection[str]) -> str:
    shown = ", ".join(sorted(names)[:_LISTED]) or "none"
    return shown if len(names) <= _LISTED else f"{shown}, and {len(names) - _LISTED} more"


@dataclass(frozen=True)
class KnownTicket:
    terminal: str
    state: TicketState


def may_register(door: int, taken: Collection[int]) -> TicketRefusal | None:
    """Whether a ticket may name this door of a terminal. `taken` are the doors of its tickets that are not closed."""
    if not 1 <= door <= MOST_DOOR:
        return TicketRefusal.BAD_DOOR
    return TicketRefusal.DOOR_TAKEN if door in taken else None


def after_collected(ticket: KnownTicket | None, terminal: str, outcome: str) -> TicketState | TicketRefusal:
    """The ticket's state once a terminal has told how a collection went.

    A ticket that was closed stays closed: a later letter about it is held for a person.
    """
    if ticket is None:
        return TicketRefusal.UNKNOWN
    if ticket.terminal != terminal:
        return TicketRefusal.OTHER_TERMINAL
    if ticket.state is TicketState.CLOSED:
        return TicketRefusal.CLOSED_BEFORE
    if outcome == "taken":
        return TicketState.CLOSED
    if outcome == "doubtful":
        return TicketState.DOUBTFUL
    if outcome == "not_taken":
        return ticket.state
    return TicketRefusal.BAD_OUTCOME
