"""What has been written into a form so far: values, where they came from, the section on the screen, the mistakes.

The rules of fields are the catalogue's; this holds the state between two touches and asks it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from catalogue import answers as rules
from catalogue.model import Item, Section
from kiosk.ports import PersonFacts

LONGEST = 500


@dataclass(frozen=True)
class Form:
    """`values` and `sources` by field id; `epoch` grows when values changed otherwise than by typing."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    sources: frozenset[str] = frozenset()  # fields that still hold what the card or the code said
    errors: Mapping[str, str] = field(default_factory=dict)
    section: int = 0
    epoch: int = 0

    def kept(self, item: Item, person: PersonFacts, today: dt.date) -> dict[str, str]:
        """The answers that are kept: only those of applicable fields."""
        return rules.applicable(item, self.values, person, today)


def prefilled(item: Item, person: PersonFacts) -> Form:
    """The form as it stands before the first key: what the card says is filled in, and marked so."""
    values = {one.id: value for one in item.fields if (value := rules.filled(one, person))}
    return Form(values, frozenset(values))


def written(form: Form, field_id: str, text: str) -> Form:
    """After a key: the value is the person's own now, and its mistake is not held against it any more."""
    values = {**form.values, field_id: text[:LONGEST]}
    errors = {k: v for k, v in form.errors.items() if k != field_id}
    return replace(form, values=values, sources=form.sources - {field_id}, errors=errors)


def sections(item: Item, form: Form, person: PersonFacts, today: dt.date) -> tuple[Section, ...]:
    """The pages of the form that apply to these answers."""
    return rules.sections(item, form.values, person, today)


def current(item: Item, form: Form, person: PersonFacts, today: dt.date) -> Section:
    pages = sections(item, form, person, today)
    return pages[min(form.section, len(pages) - 1)]


def mistakes(item: Item, form: Form, person: PersonFacts, today: dt.date) -> dict[str, str]:
    """What stands against the page on the screen: field id -> key of the sentence, or the catalogue's own sentence."""
    return rules.check(item, current(item, form, person, today), form.values, person, today)


def go(form: Form, by: int) -> Form:
    return replace(form, section=max(0, form.section + by), errors={}, epoch=form.epoch + 1)
