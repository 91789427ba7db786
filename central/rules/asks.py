"""What may be asked of a citizen, and by when. Pure."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from catalogue.model import Item

BEIJING = dt.timezone(dt.timedelta(hours=8))
LONGEST = dt.timedelta(days=366)
MOST_ASKS = 30
SUPPLEMENT_DAYS = 15
"""Where the catalogue does not know the item any more."""


@dataclass(frozen=True)
class Ask:
    """Something that a case needs from its citizen: a field of its form or one of its materials.

    `here` says whether a terminal can take it; None: fields yes, papers no. `reason` is a word of `reasons.yaml`.
    """

    what: str
    reason: str = ""
    here: bool | None = None


@dataclass(frozen=True)
class KnownAsk:
    """An ask that was found to make sense."""

    what: str
    is_field: bool
    reason: str
    here: bool


def known_asks(
    asks: Sequence[Ask], item: Item | None, answers: Collection[str], reasons: Collection[str]
) -> tuple[KnownAsk, ...] | None:
    """The asks of a case, each once; None when one names what the item does not have, or a reason nobody wrote.

    `answers` are the fields that were filled in: an old item's case may be asked about those.
    """
    if len(asks) > MOST_ASKS or len({ask.what for ask in asks}) != len(asks):
        return None
    fields = {each.id for each in item.fields if each.editable and each.compute is None} if item else set()
    materials = {each.id for each in item.materials} if item else set()
    found = []
    for ask in asks:
        is_field = ask.what in fields or ask.what in answers
        if not is_field and ask.what not in materials:
            return None
        if ask.reason and ask.reason not in reasons:
            return None
        found.append(KnownAsk(ask.what, is_field, ask.reason, is_field if ask.here is None else ask.here))
    return tuple(found)


def gaps_left(item: Item | None, answers: Mapping[str, str]) -> tuple[Ask, ...]:
    """What of a case may follow later and was left empty (容缺): to be asked for when it is accepted with gaps."""
    if item is None:
        return ()
    return tuple(Ask(gap.field) for gap in item.gaps if not answers.get(gap.field, ""))


def usual_days(item: Item | None, asks: Sequence[Ask]) -> int:
    """Days the citizen usually has: the longest of the gaps that are asked for, else the item's own."""
    if item is None:
        return SUPPLEMENT_DAYS
    gaps = {gap.field: gap.days for gap in item.gaps}
    if asks and all(ask.what in gaps for ask in asks):
        return max(gaps[ask.what] for ask in asks)
    return item.supplement_days


def end_of(day: dt.date) -> dt.datetime:
    """The last second of a day in China."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), BEIJING)


def day_of(now: dt.datetime, days: int = 0) -> dt.date:
    """The day in China, so many days from now."""
    return now.astimezone(BEIJING).date() + dt.timedelta(days=days)


def deadline_is_possible(deadline: dt.date, now: dt.datetime) -> bool:
    return now < end_of(deadline) <= now + LONGEST
