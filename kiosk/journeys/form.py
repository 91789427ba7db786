"""What has been written into a form so far: values, where they came from, the section on the screen, the mistakes.

The rules of fields are the catalogue's; this holds the state between two touches and asks it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from catalogue import answers as rules
from catalogue.model import Item, Section
from kiosk.ports import Draft, PersonFacts

LONGEST = 500


@dataclass(frozen=True)
class Form:
    """`values` and `sources` by field id; `epoch` grows when values changed otherwise than by typing."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    sources: frozenset[str] = frozenset()  # fields that still hold what the card or the code said
    errors: Mapping[str, str] = field(default_factory=dict)
    section: int = 0
    group: int = 0  # within the section; stays 0 where a section is one page
    one_by_one: bool = False
    last: str = ""  # the field written last
    epoch: int = 0

    def kept(self, item: Item, person: PersonFacts, today: dt.date) -> dict[str, str]:
        """The answers that are kept: only those of applicable fields."""
        return rules.applicable(item, self.values, person, today)


def prefilled(item: Item, person: PersonFacts) -> Form:
    """The form as it stands before the first key: what the card says is filled in, and marked so."""
    values = {one.id: value for one in item.fields if (value := rules.filled(one, person))}
    return Form(values, frozenset(values))


def typed(item: Item, form: Form) -> dict[str, str]:
    """What the person wrote themselves: not what the card or the code filled in."""
    editable = {one.id for one in item.fields if one.editable}
    return {name: text for name, text in form.values.items() if name in editable and name not in form.sources}


def taken_up(item: Item, form: Form, draft: Draft) -> Form:
    """The form with what had been written before, at the section where it was left."""
    editable = {one.id for one in item.fields if one.editable}
    values = {name: text for name, text in draft.values.items() if name in editable}
    return replace(
        form,
        values={**form.values, **values},
        sources=form.sources - values.keys(),
        section=draft.section,
        group=0,
        epoch=form.epoch + 1,
    )


def written(form: Form, field_id: str, text: str) -> Form:
    """After a key: the value is the person's own now, and its mistake is not held against it any more."""
    values = {**form.values, field_id: text[:LONGEST]}
    errors = {k: v for k, v in form.errors.items() if k != field_id}
    return replace(form, values=values, sources=form.sources - {field_id}, errors=errors, last=field_id)


def sections(item: Item, form: Form, person: PersonFacts, today: dt.date) -> tuple[Section, ...]:
    """The pages of the form that apply to these answers."""
    return rules.sections(item, form.values, person, today)


def current(item: Item, form: Form, person: PersonFacts, today: dt.date) -> Section:
    pages = sections(item, form, person, today)
    return pages[min(form.section, len(pages) - 1)]


def groups(item: Item, form: Form, section: Section) -> tuple[tuple[str, ...], ...]:
    """The pages of one section: itself, or what is only shown and then each question alone."""
    if not form.one_by_one:
        return (section.fields,)
    asked = [name for name in section.fields if item.field(name).editable]
    told = tuple(name for name in section.fields if name not in asked)
    return ((told,) if told else ()) + tuple((name,) for name in asked)


def shown(item: Item, form: Form, person: PersonFacts, today: dt.date) -> tuple[str, ...]:
    """The fields of the page on the screen."""
    pages = groups(item, form, current(item, form, person, today))
    return pages[min(form.group, len(pages) - 1)]


def mistakes(item: Item, form: Form, person: PersonFacts, today: dt.date) -> dict[str, str]:
    """What stands against the page on the screen: field id -> key of the sentence, or the catalogue's own sentence."""
    found = rules.check(item, current(item, form, person, today), form.values, person, today)
    here = shown(item, form, person, today)
    return {name: wrong for name, wrong in found.items() if name in here}


def onward(item: Item, form: Form, person: PersonFacts, today: dt.date) -> Form | None:
    """The form at its next page; None after the last."""
    if form.group + 1 < len(groups(item, form, current(item, form, person, today))):
        return _at(form, form.section, form.group + 1)
    if form.section + 1 < len(sections(item, form, person, today)):
        return _at(form, form.section + 1, 0)
    return None


def back(item: Item, form: Form, person: PersonFacts, today: dt.date) -> Form | None:
    """The form at the page before; None before the first."""
    if form.group > 0:
        return _at(form, form.section, form.group - 1)
    if form.section == 0:
        return None
    pages = sections(item, form, person, today)
    section = min(form.section, len(pages)) - 1
    return _at(form, section, len(groups(item, form, pages[section])) - 1)


def single(item: Item, form: Form, person: PersonFacts, today: dt.date, on: bool) -> Form:
    """One question a page, or a section again; the page keeps the first mistake, else what was written last."""
    form = replace(form, one_by_one=on, group=0)
    pages = groups(item, form, current(item, form, person, today))
    wanted = [*form.errors, form.last]
    at = next((n for name in wanted for n, page in enumerate(pages) if name in page), 0)
    return replace(form, group=at, epoch=form.epoch + 1)


def _at(form: Form, section: int, group: int) -> Form:
    return replace(form, section=section, group=group, errors={}, epoch=form.epoch + 1)
