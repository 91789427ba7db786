"""What a case puts into a compartment: its ticket, and what becomes of it."""

import datetime as dt
import secrets
from dataclasses import dataclass

from central.rules.tickets import TicketRefusal, TicketState, may_register
from central.store import supplements, terminals, tickets
from central.store.cases import CaseRow
from central.store.database import Connection
from central.store.supplements import PlacedRow
from central.wiring import Central
from trust.tags import ScryptTags
from wire.messages import Ticket


@dataclass(frozen=True)
class Compartment:
    """A door of a terminal; `region` "" is the case's own. The citizen opens it by his card: it has no pickup code."""

    terminal: str
    door: int
    region: str = ""


@dataclass(frozen=True)
class TicketPlan:
    """A ticket that is ready to be registered."""

    region: str
    terminal: str
    ticket: Ticket


def plan_ticket(central: Central, row: CaseRow, number: str, place: Compartment) -> TicketPlan | None:
    """The ticket of a case for the holder of a number; None when there is no such terminal. Slow on purpose."""
    region = place.region or row.region
    with central.database.reading() as connection:
        terminal = terminals.find(connection, region, place.terminal)
    if terminal is None:
        return None
    item = central.item_of(row.item, row.definition)
    ticket = Ticket(
        ticket=f"T{secrets.token_hex(8).upper()}",
        item=row.item,
        what_zh=item.title.zh if item is not None else row.item,
        what_en=item.title.en if item is not None else row.item,
        door=place.door,
        holder_tag=ScryptTags().holder(number, terminal.tag_salt),
        code_tag="",
        since=central.now(),
    )
    return TicketPlan(region, place.terminal, ticket)


def door_refusal(connection: Connection, plan: TicketPlan) -> TicketRefusal | None:
    """Why the door cannot be taken; None when it can. The caller holds the door's lock."""
    return may_register(plan.ticket.door, tickets.doors_taken(connection, plan.region, plan.terminal))


def put_ticket(connection: Connection, row: CaseRow, plan: TicketPlan, now: dt.datetime) -> None:
    """Register the ticket for the case, and let the terminal know."""
    ticket = plan.ticket
    tickets.add(connection, plan.region, plan.terminal, ticket, now)
    supplements.place(
        connection,
        PlacedRow(row.region, row.case, ticket.ticket, plan.region, plan.terminal, ticket.door, now, None),
    )
    terminals.mirror_changed(connection, plan.region, plan.terminal)


def take_out(connection: Connection, row: CaseRow, now: dt.datetime, *, by_staff: bool) -> None:
    """The case lies in no compartment any more; what staff took out is on no terminal's list."""
    placed = supplements.placed_now(connection, row.region, row.case)
    if placed is None:
        return
    supplements.placed_end(connection, placed, now)
    if by_staff:
        tickets.set_state(connection, placed.ticket_region, placed.ticket, TicketState.CLOSED, now)
        terminals.mirror_changed(connection, placed.ticket_region, placed.terminal)
