"""Pickup tickets."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.rules.tickets import KnownTicket, TicketState
from central.store.tables import tickets
from wire.messages import Ticket


def add(connection: Connection, region: str, terminal: str, ticket: Ticket, now: dt.datetime) -> None:
    connection.execute(
        sa.insert(tickets).values(
            region=region,
            terminal=terminal,
            state=TicketState.OPEN.value,
            changed_at=now,
            **ticket.model_dump(),
        )
    )


def find(connection: Connection, region: str, ticket: str) -> KnownTicket | None:
    """Held for this transaction: two workers do not both decide what becomes of it."""
    row = connection.execute(
        sa.select(tickets.c.terminal, tickets.c.state)
        .where(tickets.c.region == region, tickets.c.ticket == ticket)
        .with_for_update()
    ).first()
    return None if row is None else KnownTicket(row.terminal, TicketState(row.state))


def set_state(connection: Connection, region: str, ticket: str, state: TicketState, now: dt.datetime) -> None:
    connection.execute(
        sa.update(tickets)
        .where(tickets.c.region == region, tickets.c.ticket == ticket)
        .values(state=state.value, changed_at=now)
    )


def code_taken(connection: Connection, region: str, terminal: str, code_tag: str) -> bool:
    """Whether a ticket that is not closed has this pickup code at the terminal."""
    found = sa.select(tickets.c.ticket).where(
        tickets.c.region == region,
        tickets.c.terminal == terminal,
        tickets.c.state != TicketState.CLOSED.value,
        tickets.c.code_tag == code_tag,
    )
    return bool(code_tag) and connection.execute(found.limit(1)).first() is not None


def doors_taken(connection: Connection, region: str, terminal: str) -> Collection[int]:
    """Doors of tickets that are not closed."""
    rows = connection.execute(
        sa.select(tickets.c.door).where(
            tickets.c.region == region,
            tickets.c.terminal == terminal,
            tickets.c.state != TicketState.CLOSED.value,
        )
    )
    return frozenset(row.door for row in rows)


def open_at(connection: Connection, region: str, terminal: str) -> tuple[Ticket, ...]:
    """What a terminal's mirror lists."""
    return tuple(ticket for ticket, state in of_terminal(connection, region, terminal) if state is TicketState.OPEN)


def of_terminal(
    connection: Connection, region: str, terminal: str, limit: int = 5000
) -> tuple[tuple[Ticket, TicketState], ...]:
    """A terminal's tickets by door, those that are not closed first."""
    rows = connection.execute(
        sa.select(tickets)
        .where(tickets.c.region == region, tickets.c.terminal == terminal)
        .order_by(tickets.c.state == TicketState.CLOSED.value, tickets.c.door, tickets.c.since.desc())
        .limit(limit)
    )
    return tuple(
        (
            Ticket(
                ticket=row.ticket,
                item=row.item,
                what_zh=row.what_zh,
                what_en=row.what_en,
                door=row.door,
                holder_tag=row.holder_tag,
                code_tag=row.code_tag,
                since=row.since,
                until=row.until,
            ),
            TicketState(row.state),
        )
        for row in rows
    )
