"""The second look: what a page restates before something is done that nobody can take back."""

from collections.abc import Mapping
from typing import Any

from central.jobs.notices import PHONE
from central.rules.notices import AFTER, words_of
from central.rules.progress import CaseMove, CaseNews
from central.store.cases import CaseRow
from central.store.vault import Told
from central.wiring import Central

SECOND_LOOK = frozenset({CaseMove.RETURN, CaseMove.APPROVE, CaseMove.REFUSE, CaseMove.CLOSE, CaseMove.WITHDRAW})
"""Moves that are told to the citizen at once or end a case: they are done when the page that restates them says so."""
_CARRIED = (
    "region",
    "case",
    "revision",
    "move",
    "reason",
    "ask",
    "deadline",
    "note",
    "letter",
    "letter_region",
    "deed",
)


_NEWS = {"held_set_aside": CaseNews.SET_ASIDE, "held_take": CaseNews.AMENDED}


def message_after(central: Central, row: CaseRow, told: Told | None, what: str) -> tuple[str, str]:
    """The text message that this citizen gets after `what`, in his language; else a word of `sure.silent.…`, and ""."""
    kind = AFTER.get(_NEWS.get(what, what))
    template = central.offices.templates.get(kind.value) if kind is not None else None
    if template is None:
        return "none", ""
    if told is None or not told.answers.get(PHONE, ""):
        return "no_phone", ""
    item = central.item_of(row.item, row.definition)
    title = item.title.say(row.language) if item is not None else row.item
    words = words_of(template, title=title, case=row.case, language=row.language)
    return "", template.say(row.language).format(**words)


def carried(fields: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """What the form told, to be told again with the yes: names and values as they came."""
    return [
        (name, value)
        for name, values in fields.items()
        if name in _CARRIED or name.startswith("why:")
        for value in values
    ]


def restated(central: Central, row: CaseRow, told: Told | None, what: str, **facts: Any) -> dict[str, Any]:
    """The facts of `sure.html`; `what` names its sentences."""
    silent, message = message_after(central, row, told, what)
    plain: dict[str, Any] = {"to": None, "reasons": (), "asks": (), "deadline": None, "note": "", "takes": ()}
    return plain | {"case": row, "told": told, "name": what, "silent": silent, "message": message} | facts
