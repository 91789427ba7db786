"""Which notice follows what happened, and what it may say: never a word of what a case is about. Pure."""

import datetime as dt
import enum

from catalogue.offices import NoticeTemplate
from central.rules.progress import CITIZENS_TURN, CaseMove, CaseNews, CaseState

MOST_TRIES = 12
_FIRST_WAIT = dt.timedelta(minutes=1)
_LONGEST_WAIT = dt.timedelta(hours=6)


class NoticeKind(enum.StrEnum):
    """Ids of the templates in `notices.yaml`."""

    RETURNED = "returned"
    WAITING = "waiting"
    REMINDER = "reminder"
    LAPSED = "lapsed"
    DECIDED = "decided"
    READY = "ready"
    OVERDUE = "overdue"
    TAKEN_BACK = "taken_back"
    SET_ASIDE = "set_aside"  # what was sent later was not used
    DONE = "done"  # and the invitation to rate (评价)


class NoticeState(enum.StrEnum):
    WAITING = "waiting"  # to be sent at `next_at`
    SENT = "sent"  # the gateway took it
    GIVEN_UP = "given_up"  # refused for good, or tried too often
    NO_PHONE = "no_phone"  # nobody gave a number: nothing is sent, by their choice
    UNREADABLE = "unreadable"  # the case's key is gone
    OVERTAKEN = "overtaken"  # the case went on before the gateway could be reached: it would not be true any more


AFTER: dict[str, NoticeKind] = {
    CaseMove.RETURN: NoticeKind.RETURNED,
    CaseMove.ASK: NoticeKind.WAITING,
    CaseMove.ACCEPT_WITH_GAPS: NoticeKind.WAITING,
    CaseMove.REFUSE: NoticeKind.DECIDED,
    CaseMove.MAKE_READY: NoticeKind.READY,
    CaseMove.TAKE_BACK: NoticeKind.TAKEN_BACK,
    CaseMove.CLOSE: NoticeKind.DONE,
    CaseMove.COLLECT: NoticeKind.DONE,
    CaseMove.LAPSE: NoticeKind.LAPSED,
    CaseNews.REMINDED_3: NoticeKind.REMINDER,
    CaseNews.REMINDED_1: NoticeKind.REMINDER,
    CaseNews.OVERDUE: NoticeKind.OVERDUE,
    CaseNews.SET_ASIDE: NoticeKind.SET_ASIDE,
}
"""What happened -> the notice that follows. What is not here is not worth a message."""


STILL: dict[str, frozenset[CaseState]] = {
    NoticeKind.RETURNED: frozenset({CaseState.RETURNED}),
    NoticeKind.WAITING: frozenset({CaseState.WAITING}),
    NoticeKind.REMINDER: CITIZENS_TURN,
    NoticeKind.READY: frozenset({CaseState.READY}),
    NoticeKind.OVERDUE: frozenset({CaseState.READY}),
}
"""States in which a notice that was late is still true; what is not here is true for good."""


def words_of(template: NoticeTemplate, *, title: str, case: str, language: str) -> dict[str, str]:
    """What the gateway fills into its template: title, state and the number's last four, nothing else."""
    return {"item": title, "state": template.state.say(language), "case": case[-4:]}


def wait_after(tries: int) -> dt.timedelta:
    """How long to wait after so many tries that came to nothing: a minute, then twice as long each time, to 6 hours."""
    doubled: int = 2 ** max(0, min(tries - 1, 20))
    return min(_FIRST_WAIT * doubled, _LONGEST_WAIT)
