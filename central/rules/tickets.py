"""Pickup tickets: what lies in a compartment for whom."""

import enum
from collections.abc import Collection
from dataclasses import dataclass


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


@dataclass(frozen=True)
class KnownTicket:
    terminal: str
    state: TicketState


def may_register(door: int, taken: Collection[int]) -> TicketRefusal | None:
    """Whether a ticket may name this door of a terminal. `taken` are the doors of its tickets that are not closed."""
    if not 1 <= door <= 9999:
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
