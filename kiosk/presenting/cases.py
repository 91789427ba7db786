"""The pages that tell how cases stand: all of a person's, one of them, and that it cannot be told now."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from catalogue.model import Item
from kiosk.health import Availability
from kiosk.journeys import cases
from kiosk.journeys.cases import READY, RETURNED, WAITING, Cases, Phase
from kiosk.presenting.doing import steps_of, working
from kiosk.presenting.finding import ICONS, reason_text
from kiosk.presenting.front import Drawn
from kiosk.presenting.saying import Say, ask_text
from kiosk.presenting.trouble import trouble
from kiosk.view import CaseBody, CasesBody, CaseTile, Choice, Line, Page
from wire.messages import CaseStatus

TONES = {
    "received": "wait", "checked": "wait", "accepted": "wait", RETURNED: "turn", WAITING: "turn", "approved": "good",
    "refused": "end", READY: "turn", "done": "good", "lapsed": "end", "withdrawn": "end",
}  # fmt: skip
"""Every state of `central.rules.progress.CaseState`, and whose turn it is."""
OTHER = "other"
"""What a state is called that a newer central knows and this terminal does not."""
ASK_ICON = "clipboard-text"


@dataclass(frozen=True)
class Here:
    """What this terminal offers at this moment; `local` is now, in its own time zone."""

    items: Mapping[str, tuple[Item, Availability]]
    local: dt.datetime
    amended: frozenset[str] = frozenset()  # cases that were put right in this visit

    def day(self, at: dt.datetime) -> dt.date:
        return at.astimezone(self.local.tzinfo).date()


def cases_page(state: Cases, here: Here, say: Say) -> Drawn:
    """The page of this state."""
    phase = state.phase
    match phase:
        case Phase.ASKING:
            patience = say("working.patience") if state.slow else ""
            return working(say("cases.asking"), steps_of(("ask_cases", "show_cases"), "ask_cases", say), patience)
        case Phase.AWAY:
            return trouble("cases.away", say, Choice("again", say("foot.again"), icon="refresh"))
        case Phase.NOTHING:
            return _nothing(state, say)
        case Phase.LIST:
            return _listed(state, here, say)
        case Phase.CASE:
            status = cases.opened(state)
            return _listed(state, here, say) if status is None else _one(status, state, here, say)
        case _:
            assert_never(phase)


def date(day: dt.date, say: Say) -> str:
    return say("cases.date", year=day.year, month=say(f"cases.month.m{day.month}"), day=day.day)


def _title(status: CaseStatus, here: Here, say: Say) -> str:
    found = here.items.get(status.item)
    return found[0].title.say(say.language) if found is not None else say("cases.elsewhere")


def _icon(status: CaseStatus, here: Here) -> str:
    found = here.items.get(status.item)
    return (found[0].icon or ICONS[found[0].block]) if found is not None else ASK_ICON


def _word(status: CaseStatus) -> str:
    return status.state if status.state in TONES else OTHER


def _tone(status: CaseStatus, here: Here) -> str:
    return "wait" if status.case in here.amended else TONES.get(status.state, "wait")


def _state(status: CaseStatus, here: Here, say: Say) -> str:
    return say("cases.state.amended.label" if status.case in here.amended else f"cases.state.{_word(status)}.label")


def _since(status: CaseStatus, here: Here, say: Say) -> str:
    return say("cases.since", date=date(here.day(status.since), say))


def _deadline(status: CaseStatus, here: Here, say: Say) -> str:
    """By when it is the citizen's turn, and how long that still is."""
    if status.deadline is None or status.case in here.amended or status.state not in (RETURNED, WAITING, READY):
        return ""
    last = here.day(status.deadline)
    days = (last - here.day(here.local)).days
    if status.deadline <= here.local:
        return say("cases.deadline.over", date=date(last, say))
    if status.state == READY:
        return say("cases.deadline.collect", date=date(last, say))
    if days <= 1:
        return say("cases.deadline.today" if days <= 0 else "cases.deadline.tomorrow", date=date(last, say))
    return say("cases.deadline.days", date=date(last, say), days=days)


# ---- all of them ----------------------------------------------------------------------------------------------


def _nothing(state: Cases, say: Say) -> Drawn:
    """No case: that is no trouble, but an answer."""
    word = "slip" if state.slip else "holder"
    lines = [Line("info", say(f"cases.nothing.{word}.why"))]
    lines.append(Line("info", say("cases.nothing.keep")))
    if say.phone:
        lines.append(Line("call", say("cases.nothing.call", phone=say.phone)))
    body = CasesBody(say(f"cases.nothing.{word}.title"), lines=tuple(lines))
    ways = (_identify(say),) if state.slip else ()
    return Drawn(Page.CASES, body, next=_home(say), choices=ways)


def _listed(state: Cases, here: Here, say: Say) -> Drawn:
    tiles = tuple(
        CaseTile(
            number=one.case,
            title=_title(one, here, say),
            state=_state(one, here, say),
            tone=_tone(one, here),
            line=_deadline(one, here, say) or _since(one, here, say),
            ending=say("cases.ending", tail="-".join(one.case.split("-")[-2:])),
            icon=_icon(one, here),
        )
        for one in state.cases
    )
    notice = say("cases.more") if state.more else ""
    body = CasesBody(say("cases.question", count=len(tiles)), tiles, notice)
    return Drawn(Page.CASES, body, back=Choice("home", say("foot.back")))


def _home(say: Say) -> Choice:
    return Choice("home", say("foot.home"), icon="home")


def _identify(say: Say) -> Choice:
    return Choice("identify", say("cases.identify"), icon="id")


# ---- one of them ----------------------------------------------------------------------------------------------


def _one(status: CaseStatus, state: Cases, here: Here, say: Say) -> Drawn:
    amended = status.case in here.amended
    main, lines = (None, ()) if amended else _turn(status, state, here, say)
    body = CaseBody(
        title=_title(status, here, say),
        state=_state(status, here, say),
        tone=_tone(status, here),
        since=_since(status, here, say),
        next=say("cases.state.amended.next") if amended else _next(status, say),
        deadline=_deadline(status, here, say),
        number_label=say("result.apply.number"),
        number=status.case,
        lines=lines,
        notice=say("cases.by_slip") if state.slip and not lines else "",
    )
    back = Choice("back" if len(state.cases) > 1 else "home", say("foot.back"))
    if main is None or not main.enabled:
        return Drawn(Page.CASE, body, back=back, next=_home(say), choices=(main,) if main is not None else ())
    return Drawn(Page.CASE, body, back=back, next=main)


def _next(status: CaseStatus, say: Say) -> str:
    """What central says comes next, or why it was refused; else what the state itself means."""
    told = status.next_en if say.language == "en" else status.next_zh
    if told and status.state == "refused":
        return say("cases.refused_because", why=told)
    return told or say(f"cases.state.{_word(status)}.next")


def _turn(status: CaseStatus, state: Cases, here: Here, say: Say) -> tuple[Choice | None, tuple[Line, ...]]:
    """What the citizen can do now, and what is asked for or where it lies."""
    where = status.where_en if say.language == "en" else status.where_zh
    place = (Line("place", say("cases.where", where=where)),) if where else ()
    if status.state == READY:
        if not status.here:
            return None, place
        lies = (Line("place", say("cases.here")),)
        return _collect(state, here, say), lies
    if status.state not in (RETURNED, WAITING):
        return None, place
    found = here.items.get(status.item)
    fields = cases.fields_to_give(status, found[0] if found is not None else None)
    lines = _asked(status, fields, where, say)
    if not fields:
        return None, lines
    if state.person is None:
        return _identify(say), (*lines, Line("info", say("cases.amend_by_card")))
    label = say(f"cases.amend.{status.state}")
    if found is not None and not found[1].can_now:
        return Choice("amend", label, enabled=False, reason=reason_text(*found, say)), lines
    return Choice("amend", label), lines


def _collect(state: Cases, here: Here, say: Say) -> Choice | None:
    if state.person is None:
        return _identify(say)
    item = cases.pickup((item, found.can_now) for item, found in here.items.values())
    if item is None:
        return None
    found = here.items[item.code][1]
    return Choice("collect", say("cases.collect"), found.can_now, reason_text(item, found, say), "package")


def _asked(status: CaseStatus, fields: tuple[str, ...], where: str, say: Say) -> tuple[Line, ...]:
    """What is asked for and why: what can be given here, and what has to be brought to where it says."""
    mine = [ask for ask in status.asks if ask.here and ask.what in fields]
    brought = [ask for ask in status.asks if ask not in mine]
    lines: list[Line] = []
    if mine:
        lines.append(Line("head", say(f"cases.asked.{status.state}")))
        lines += [Line("step", ask_text(ask, say)) for ask in mine]
    if brought:
        lines.append(Line("head", say("cases.asked.bring_too" if mine else "cases.asked.bring")))
        lines += [Line("warn", ask_text(ask, say)) for ask in brought]
        lines.append(Line("place", say("cases.where", where=where) if where else say("cases.counter")))
    elif where:
        lines.append(Line("place", say("cases.where", where=where)))
    return tuple(lines)
