"""Whether central may decide a case by itself (告知承诺), and which of those a person looks at again. Pure."""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.answers import check, known, sections
from catalogue.facts import PersonLike
from catalogue.model import Item

WITHIN = dt.timedelta(minutes=5)
"""From arrival to decision, for what central decides by itself."""


class ForAPerson(enum.StrEnum):
    """Why central does not decide by itself."""

    NO_RULE = "decide.no_rule"  # the item has none, or the catalogue does not have the item
    OTHER_DEFINITION = "decide.other_definition"  # submitted on another version than the rule belongs to
    FLAGGED = "decide.flagged"  # something does not agree
    BAD_ANSWERS = "decide.bad_answers"
    NOT_ELIGIBLE = "decide.not_eligible"  # or not known to be
    NOT_MET = "decide.not_met"  # the rule is not true of them, or not known to be


@dataclass(frozen=True)
class ByRule:
    """Yes. `sampled`: drawn for a person, who looks before it is closed."""

    sampled: bool


def judge(
    item: Item | None,
    definition: str,
    flags: tuple[str, ...],
    person: PersonLike,
    answers: Mapping[str, str],
    today: dt.date,
    lot: float,
) -> ByRule | ForAPerson:
    """`lot` is the case's own number in [0, 1), the same however often it is asked. `today` is when it was submitted.

    Only a yes is ever said by rule: whatever is not known to be true goes to a person.
    """
    if item is None or item.decision is None:
        return ForAPerson.NO_RULE
    if item.sha256 != definition:
        return ForAPerson.OTHER_DEFINITION
    if flags:
        return ForAPerson.FLAGGED
    values = dict(answers)
    applies = sections(item, values, person, today)
    if any(check(item, section, values, person, today) for section in applies):
        return ForAPerson.BAD_ANSWERS
    facts = known(item, values, person, today)
    if any(item.condition(rule.when).value(facts) is not True for rule in item.eligibility):
        return ForAPerson.NOT_ELIGIBLE
    if item.condition(item.decision.when).value(facts) is not True:
        return ForAPerson.NOT_MET
    return ByRule(sampled=lot * 100 < item.decision.sample)


def lot_of(tag: str) -> float:
    """A number in [0, 1) from the first 32 bits of a keyed hash: nobody outside can tell who will be drawn."""
    return int(tag[:8], 16) / 2**32
