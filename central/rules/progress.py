"""How a case goes on: a table of states and moves, and who may make a move. Pure.

Every move is an event with its author, time and reason (`central.store.events`); nothing changes a state but a move.
Words: 受理 accepted, 退回补正 returned, 容缺受理 accepted with gaps, 告知承诺 notify-and-promise, 办结 done.
"""

import datetime as dt
import enum

from central.rules.roles import Permission


class CaseState(enum.StrEnum):
    """Where a case is. The same words go to terminals (`wire.messages.CaseStatus.state`)."""

    RECEIVED = "received"  # opened, nobody has looked at it
    CHECKED = "checked"  # whole and readable: it may be judged
    ACCEPTED = "accepted"  # 受理: the office works on it
    RETURNED = "returned"  # 退回补正: the citizen has to put something right
    WAITING = "waiting"  # 容缺 or 补件: goes on when a supplement comes, lapses after its deadline
    APPROVED = "approved"  # decided: yes
    REFUSED = "refused"  # decided: no
    READY = "ready"  # what was decided lies in a compartment
    DONE = "done"  # 办结: collected, posted or issued
    LAPSED = "lapsed"  # nothing came within the deadline
    WITHDRAWN = "withdrawn"  # the citizen took it back


class CaseMove(enum.StrEnum):
    """What may happen to a case."""

    CHECK = "check"
    ACCEPT = "accept"
    ACCEPT_WITH_GAPS = "accept_with_gaps"  # 容缺受理: named things are handed in later
    RETURN = "return"  # with reasons from the list
    ASK = "ask"  # 补件: named things are needed to go on, all told at once (一次性告知)
    EXTEND = "extend"  # another deadline
    SUPPLEMENT = "supplement"  # the citizen handed in what was missing
    RESUBMIT = "resubmit"  # the citizen put right what was returned
    DECIDE_BY_RULE = "decide_by_rule"  # 告知承诺: the catalogue's rule decides within five minutes
    APPROVE = "approve"
    REFUSE = "refuse"
    MAKE_READY = "make_ready"  # put into a compartment, with a ticket
    CLOSE = "close"  # posted or issued: nothing more to do
    COLLECT = "collect"  # the terminal says it was taken
    TAKE_BACK = "take_back"  # overdue: out of the compartment again
    LAPSE = "lapse"
    WITHDRAW = "withdraw"


class CaseNews(enum.StrEnum):
    """What else happens to a case, without another state. It is written down the same way."""

    OPENED = "opened"  # its letter came
    ASSIGNED = "assigned"
    SENT_ON = "sent_on"  # to another office's queue
    PART_SUPPLIED = "part_supplied"  # something of what was asked for; the rest has to be brought
    AMENDED = "amended"  # a person took what the citizen had sent and was held
    SET_ASIDE = "set_aside"  # a person did not take it, with a reason
    REMINDED_3 = "reminded_3"  # three days before the deadline
    REMINDED_1 = "reminded_1"
    OVERDUE = "overdue"  # lies in a compartment longer than it should
    TASK_TAKE_BACK = "task_take_back"  # so long that somebody has to take it out
    LOOKED_AT = "looked_at"  # a person looked at what was decided by rule
    SUBMITTED = "submitted"  # handed on to a department's system, or not taken there
    ANSWERED = "answered"  # that system told how it stands
    NOTED = "noted"  # somebody wrote a note


_S, _M = CaseState, CaseMove

TABLE: dict[tuple[CaseState, CaseMove], CaseState] = {
    (_S.RECEIVED, _M.CHECK): _S.CHECKED,
    (_S.RECEIVED, _M.DECIDE_BY_RULE): _S.APPROVED,
    (_S.CHECKED, _M.DECIDE_BY_RULE): _S.APPROVED,
    (_S.CHECKED, _M.ACCEPT): _S.ACCEPTED,
    (_S.CHECKED, _M.ACCEPT_WITH_GAPS): _S.WAITING,
    (_S.RECEIVED, _M.RETURN): _S.RETURNED,
    (_S.CHECKED, _M.RETURN): _S.RETURNED,
    (_S.ACCEPTED, _M.RETURN): _S.RETURNED,
    (_S.CHECKED, _M.ASK): _S.WAITING,
    (_S.ACCEPTED, _M.ASK): _S.WAITING,
    (_S.WAITING, _M.EXTEND): _S.WAITING,
    (_S.WAITING, _M.SUPPLEMENT): _S.ACCEPTED,
    (_S.WAITING, _M.LAPSE): _S.LAPSED,
    (_S.RETURNED, _M.EXTEND): _S.RETURNED,
    (_S.RETURNED, _M.RESUBMIT): _S.RECEIVED,
    (_S.RETURNED, _M.LAPSE): _S.LAPSED,
    (_S.ACCEPTED, _M.APPROVE): _S.APPROVED,
    (_S.ACCEPTED, _M.REFUSE): _S.REFUSED,
    (_S.APPROVED, _M.MAKE_READY): _S.READY,
    (_S.APPROVED, _M.CLOSE): _S.DONE,
    (_S.READY, _M.COLLECT): _S.DONE,
    (_S.READY, _M.TAKE_BACK): _S.APPROVED,
    **{(state, _M.WITHDRAW): _S.WITHDRAWN for state in (_S.RECEIVED, _S.CHECKED, _S.ACCEPTED, _S.RETURNED, _S.WAITING)},
}

FINAL = frozenset({_S.REFUSED, _S.DONE, _S.LAPSED, _S.WITHDRAWN})
"""Nothing follows."""

GOING = frozenset(CaseState) - FINAL
"""Something follows, whoever's turn it is."""

CITIZENS_TURN = frozenset({_S.RETURNED, _S.WAITING})
"""The citizen has to do something, by a deadline."""

STAFF_TURN = frozenset({_S.RECEIVED, _S.CHECKED, _S.ACCEPTED, _S.APPROVED})
"""Somebody of the staff has to do something: what a queue lists."""

AFTER_A_LOOK = frozenset({_M.MAKE_READY, _M.CLOSE})
"""Moves that a case drawn as a sample waits with until a person has looked (`CaseNews.LOOKED_AT`)."""

GOES_ON = {
    _S.RECEIVED: Permission.CHECK_CASE,
    _S.CHECKED: Permission.CHECK_CASE,
    _S.ACCEPTED: Permission.DECIDE_CASE,
    _S.APPROVED: Permission.DELIVER,
}
"""The right that takes a case on: who had it and lacks the right leaves it to those who have it."""

UNDECIDED = frozenset({_S.RECEIVED, _S.CHECKED, _S.ACCEPTED, _S.RETURNED, _S.WAITING})
"""What the citizen sends may still be taken into the case, and he may withdraw it."""

CHANGES_CONTENTS = frozenset(
    {_M.RESUBMIT.value, _M.SUPPLEMENT.value, CaseNews.PART_SUPPLIED.value, CaseNews.AMENDED.value}
)
"""After these a case holds other answers or papers than before."""

MUST_GIVE_REASON = frozenset({_M.RETURN, _M.REFUSE})
"""Moves that need a reason from the list."""

MUST_ASK = frozenset({_M.ASK, _M.ACCEPT_WITH_GAPS})
"""Moves that need something to be asked for."""

SETS_DEADLINE = frozenset({_M.ASK, _M.ACCEPT_WITH_GAPS, _M.RETURN, _M.EXTEND})

ON_ITS_WAY = dt.timedelta(days=3)
"""How long after its deadline a case still waits for what was handed in by then, at a terminal whose line is down."""

PICKUP_OVERDUE_DAYS, PICKUP_DAYS = 5, 30
"""After so many days in a compartment its holder is told once more; after so many somebody takes it out."""

REMINDERS = ((3, CaseNews.REMINDED_3), (1, CaseNews.REMINDED_1))
"""Days before the deadline."""


def after(state: CaseState, move: CaseMove) -> CaseState | None:
    """The state after a move, None when that move cannot be made."""
    return TABLE.get((state, move))


def moves_from(state: CaseState) -> tuple[CaseMove, ...]:
    """What may happen next, in the order of the list above."""
    return tuple(move for move in CaseMove if (state, move) in TABLE)
