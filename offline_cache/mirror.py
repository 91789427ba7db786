"""The last good mirror of what central said, and the tickets that were emptied here since."""

import datetime as dt

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.dialects.sqlite import insert

from offline_cache.schema import mirrors, tickets_gone
from wire.canonical import canonical, sha256_hex
from wire.messages import Mirror

_SLOT = 1


def load(connection: sa.Connection) -> Mirror | None:
    """The last good one; None before the first, and when its bytes are no longer the ones that came."""
    row = connection.execute(sa.select(mirrors.c.body, mirrors.c.sha256)).one_or_none()
    if row is None or sha256_hex(row.body) != row.sha256:
        return None
    try:
        return Mirror.model_validate_json(row.body)
    except ValidationError:  # written by a release whose mirror had another shape: fetched anew
        return None


def switch(connection: sa.Connection, mirror: Mirror, at: dt.datetime) -> None:
    """Put a verified mirror in the place of the last one, and forget emptied tickets that it no longer lists."""
    body = canonical(mirror.model_dump(mode="json"))
    values = {"version": mirror.version, "body": body, "sha256": sha256_hex(body), "came_at": at}
    row = insert(mirrors).values(slot=_SLOT, **values)
    connection.execute(row.on_conflict_do_update(index_elements=[mirrors.c.slot], set_=values))
    listed = [ticket.ticket for ticket in mirror.tickets]
    connection.execute(sa.delete(tickets_gone).where(tickets_gone.c.ticket.not_in(listed)))


def seen(connection: sa.Connection) -> dt.datetime | None:
    """When central last said that the one held here is its newest, as far as it was written down."""
    return connection.execute(sa.select(mirrors.c.came_at)).scalar_one_or_none()


def note_seen(connection: sa.Connection, at: dt.datetime) -> None:
    connection.execute(sa.update(mirrors).values(came_at=at))


def empty(connection: sa.Connection, ticket: str, at: dt.datetime) -> None:
    """This ticket's compartment was emptied here."""
    connection.execute(insert(tickets_gone).values(ticket=ticket, at=at).on_conflict_do_nothing())


def gone(connection: sa.Connection) -> frozenset[str]:
    return frozenset(connection.execute(sa.select(tickets_gone.c.ticket)).scalars())
