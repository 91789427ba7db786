"""What people thought of the items that were done: one rating for each case, serial or ticket."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.store.database import insert_new
from central.store.letters import KeptLetter
from central.store.tables import ratings
from wire.letters import Rated


@dataclass(frozen=True)
class RatingCount:
    """How often an item was given each level, and each reason.

    The desk sees sums only: a list by time and terminal beside the list of cases would tell who said what.
    """

    item: str
    levels: dict[int, int]
    reasons: dict[str, int]


def add_rating(connection: Connection, letter: KeptLetter, told: Rated) -> bool:
    """Keep a rating; False when another letter rated the same."""
    return insert_new(
        connection,
        ratings,
        {
            "region": letter.region,
            "about": told.about,
            "letter": letter.id,
            "terminal": letter.terminal,
            "item": told.item,
            "version": told.version,
            "level": told.level,
            "reasons": [reason.value for reason in told.reasons],
            "at": told.at,
            "received_at": letter.received_at,
        },
    )


def rating_counts(connection: Connection) -> tuple[RatingCount, ...]:
    """By item."""
    found: dict[str, RatingCount] = {}
    by_level = sa.select(ratings.c.item, ratings.c.level, sa.func.count()).group_by(ratings.c.item, ratings.c.level)
    for item, level, count in connection.execute(by_level.order_by(ratings.c.item)):
        found.setdefault(item, RatingCount(item, {}, {})).levels[level] = count
    told = sa.select(ratings.c.item, ratings.c.reasons).where(ratings.c.level <= 2)
    for item, reasons in connection.execute(told):
        for reason in reasons:
            found[item].reasons[reason] = found[item].reasons.get(reason, 0) + 1
    return tuple(found.values())
