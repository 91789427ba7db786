"""What a citizen sent for a case and was held for a person: shown on the case's page, taken or set aside there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue.model import Item
from central.console.titles import Titles
from central.jobs import casework, held
from central.jobs.amending import TAKES, Held, sent_with
from central.jobs.casework import Moved, MoveRefused
from central.routes.requests import SignedIn
from central.store.cases import CaseRow
from central.store.database import Connection
from central.store.supplements import SupplementRow
from central.wiring import Central

TAKE, SET_ASIDE = "take", "set_aside"
DEEDS = (TAKE, SET_ASIDE)
_NEVER = frozenset({Held.OTHER_ITEM, Held.UNREADABLE})
"""Held for good: only to be set aside."""


@dataclass(frozen=True)
class Change:
    """A field that would be another: its title, what stands in the case, what was sent."""

    title: str
    before: str = field(repr=False)
    sent: str = field(repr=False)


@dataclass(frozen=True)
class HeldTold:
    """An amendment that waits, as its page tells of it."""

    row: SupplementRow
    changes: tuple[Change, ...]
    can_take: bool


def held_told(
    central: Central,
    connection: Connection,
    row: CaseRow,
    item: Item | None,
    amended: Sequence[SupplementRow],
    answers: Mapping[str, str],
    titles: Titles,
    language: str,
) -> list[HeldTold]:
    """What of `amended` waits for a person. Nothing is taken but what the case has ever asked for."""
    waiting = [each for each in amended if each.waits]
    if not waiting:
        return []
    ever = casework.asks_of(connection, row.region, row.case, ended=True)
    wanted = dict.fromkeys(ask.what for ask in ever if ask.is_field)
    found = []
    for each in waiting:
        told = sent_with(central, connection, each)
        sent = told.answers if told is not None else {}
        changes = tuple(
            Change(
                titles.field(name, language),
                shown(item, name, answers.get(name, ""), language),
                shown(item, name, sent[name], language),
            )
            for name in wanted
            if sent.get(name) and sent[name] != answers.get(name)
        )
        can_take = told is not None and row.state in TAKES and each.held not in _NEVER
        found.append(HeldTold(each, changes, can_take))
    return found


def shown(item: Item | None, name: str, value: str, language: str) -> str:
    """An answer as a person reads it: a choice by its words."""
    field_ = next((each for each in item.fields if each.id == name), None) if item is not None else None
    return next((each.say(language) for each in field_.options if each.value == value), value) if field_ else value


@dataclass(frozen=True)
class Deed:
    """What a form wants to be done with one that waits."""

    deed: str
    sent: tuple[str, str]
    reasons: tuple[str, ...]
    note: str = field(repr=False)

    @property
    def name(self) -> str:
        """Of its sentences, and of what was said afterwards."""
        return f"held_{self.deed}"

    def refusal(self, asked: SignedIn, row: CaseRow, revision: int) -> MoveRefused | None:
        """Why it would be refused; None when nothing is known against it."""
        told: dict[str, Any] = {"revision": revision, "note": self.note, "reasons": self.reasons}
        return held.why_not(asked.central, row.region, row.case, self.sent, taking=self.deed == TAKE, **told)

    def do(self, asked: SignedIn, row: CaseRow, revision: int) -> Moved | MoveRefused:
        where = asked.central, row.region, row.case, self.sent
        who = asked.staff.login
        if self.deed == TAKE:
            return held.take(*where, who=who, revision=revision, note=self.note)
        return held.set_aside(*where, who=who, revision=revision, reasons=self.reasons, note=self.note)
