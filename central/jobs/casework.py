"""Moving a case: its row, an event, the audit, what it asks for, a ticket and a notice in one transaction, or nothing.

Nothing changes a case's state but `move_within`, and a new one has its first from `begin`; who acts names the revision
that he saw, and a case that went on meanwhile is not moved. Past 400 lines because everything that staff do to a case,
or see of its way, is asked for here.
"""

import datetime as dt
import enum
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from central.jobs import audit
from central.jobs.notices import notice_after
from central.jobs.opening import person_of
from central.jobs.tickets import Compartment, TicketPlan, door_refusal, plan_ticket, put_ticket, take_out
from central.rules.asks import (
    Ask,
    KnownAsk,
    day_of,
    deadline_is_possible,
    end_of,
    gaps_left,
    known_asks,
    usual_days,
)
from central.rules.progress import (
    AFTER_A_LOOK,
    CITIZENS_TURN,
    FINAL,
    GOES_ON,
    MUST_ASK,
    MUST_GIVE_REASON,
    PICKUP_DAYS,
    SETS_DEADLINE,
    CaseMove,
    CaseNews,
    CaseState,
    after,
)
from central.rules.roles import Role, allowed, may_see
from central.store import cases, events, staff
from central.store.cases import CaseRow
from central.store.database import Connection
from central.store.events import AskRow, EventRow
from central.store.vault import key_of
from central.wiring import Central
from trust.vault import CaseKey, VaultBroken

LOG = logging.getLogger("central.casework")

RULE, CLOCK, CITIZEN = "rule", "clock", "citizen"
"""Who acts, when nobody of the staff does."""
LONGEST_NOTE = 2000
LONGEST_WHO = 120


class Refused(enum.StrEnum):
    """Why a case is not moved. Nothing has changed then."""

    UNKNOWN_CASE = "case.unknown"
    OTHER_REVISION = "case.other_revision"  # it went on meanwhile: look again
    NOT_FROM_HERE = "case.not_from_here"
    NOT_LOOKED_AT = "case.not_looked_at"  # drawn as a sample: a person looks first
    REASON_MISSING = "case.reason_missing"
    UNKNOWN_REASON = "case.unknown_reason"
    ASK_MISSING = "case.ask_missing"
    UNKNOWN_ASK = "case.unknown_ask"
    BAD_DEADLINE = "case.bad_deadline"  # over, or more than a year away
    NOTE_TOO_LONG = "case.note_too_long"
    COMPARTMENT_MISSING = "case.compartment_missing"
    UNKNOWN_TERMINAL = "case.unknown_terminal"
    BAD_DOOR = "ticket.bad_door"
    DOOR_TAKEN = "ticket.door_taken"
    UNREADABLE = "case.unreadable"  # its key was destroyed: its time is over
    UNKNOWN_QUEUE = "case.unknown_queue"
    HELD_GONE = "held.gone"  # what was held for a person was settled already, or is of another case
    HELD_TOO_LATE = "held.too_late"  # the case is decided or has ended: nothing is taken into it any more
    HELD_OTHER_ITEM = "held.other_item"  # it names another service


@dataclass(frozen=True)
class Moved:
    """Done: the case as it is now, and the number of the event."""

    row: CaseRow
    event: int


@dataclass(frozen=True)
class MoveRefused:
    """Not done. `row` is the case as it is, None when there is none."""

    why: Refused
    row: CaseRow | None = None


@dataclass(frozen=True)
class Event:
    """An event as staff may see it; `note` is what was written, "" when nothing was or it cannot be read any more."""

    number: int
    at: dt.datetime
    who: str
    what: str
    before: str
    after: str
    revision: int
    reasons: tuple[str, ...]
    facts: Mapping[str, Any]
    note: str = field(repr=False, default="")


def move(
    central: Central,
    region: str,
    case: str,
    move: CaseMove,
    *,
    who: str,
    revision: int,
    reasons: Sequence[str] = (),
    note: str = "",
    asks: Sequence[Ask] = (),
    deadline: dt.date | None = None,
    ticket: Compartment | None = None,
) -> Moved | MoveRefused:
    """Move a case. Raises StoreUnavailable.

    RETURN and REFUSE need a reason (those of the asks count); ASK and ACCEPT_WITH_GAPS need asks: of the latter, the
    item's gaps that were left empty when none are named. Without a deadline the citizen has the item's usual days.
    MAKE_READY needs the compartment.
    """
    plan: TicketPlan | None = None
    if move is CaseMove.MAKE_READY:
        planned = _planned(central, region, case, ticket)
        if isinstance(planned, Refused):
            with central.database.reading() as connection:
                return MoveRefused(planned, cases.find_case(connection, region, case))
        plan = planned
    lock = "" if plan is None else f"doors {plan.region} {plan.ticket.door} {plan.terminal}"
    with central.database.writing(lock=lock) as connection:
        done = move_within(
            connection,
            central,
            region,
            case,
            move,
            who=who,
            revision=revision,
            reasons=reasons,
            note=note,
            asks=asks,
            deadline=deadline,
            plan=plan,
        )
    if isinstance(done, Moved):
        LOG.info("case %s: %s, now %s", case, move.value, done.row.state.value)
    return done


@dataclass(frozen=True)
class Foreseen:
    """What a move would do; nothing has changed."""

    row: CaseRow
    to: CaseState
    reasons: tuple[str, ...]
    asks: tuple[KnownAsk, ...]
    deadline: dt.datetime | None


def foresee(
    central: Central,
    region: str,
    case: str,
    move: CaseMove,
    *,
    revision: int,
    reasons: Sequence[str] = (),
    note: str = "",
    asks: Sequence[Ask] = (),
    deadline: dt.date | None = None,
) -> Foreseen | MoveRefused:
    """What `move` would do or refuse, without doing it: for who wants to look twice. Compartments are not looked at."""
    with central.database.reading() as connection:
        row = cases.find_case(connection, region, case)
        found = _judge(connection, central, row, move, revision, reasons, note, asks, deadline, central.now())
    if isinstance(found, MoveRefused):
        return found
    row, to, judged = found
    return Foreseen(row, to, judged.reasons, judged.asks, judged.deadline)


def done_already(
    central: Central,
    region: str,
    case: str,
    what: str,
    *,
    who: str,
    revision: int,
    reasons: Sequence[str] = (),
    note: str = "",
    asks: Sequence[Ask] = (),
) -> bool:
    """Whether `who` has done this very thing to the case as it was at `revision`: a button that was pressed twice."""
    told = {*reasons, *(ask.reason for ask in asks if ask.reason)}
    with central.database.reading() as connection:
        found = events_of(central, connection, region, case)
        asked = events.asks_of(connection, region, case, ended=True)
    return any(
        (event.who, event.what, event.revision, event.note) == (who, what, revision + 1, note)
        and set(event.reasons) == told
        and (not asks or {ask.what for ask in asked if ask.event == event.number} == {ask.what for ask in asks})
        for event in found
    )


def _planned(central: Central, region: str, case: str, ticket: Compartment | None) -> TicketPlan | Refused:
    """The ticket, made before the transaction: its tags are slow on purpose."""
    if ticket is None:
        return Refused.COMPARTMENT_MISSING
    with central.database.reading() as connection:
        row = cases.find_case(connection, region, case)
        told = None if row is None else person_of(central, connection, row)
    if row is None:
        return Refused.UNKNOWN_CASE
    if told is None:
        return Refused.UNREADABLE
    plan = plan_ticket(central, row, told.person.number, ticket)
    return Refused.UNKNOWN_TERMINAL if plan is None else plan


def move_within(
    connection: Connection,
    central: Central,
    region: str,
    case: str,
    move: CaseMove,
    *,
    who: str,
    revision: int,
    reasons: Sequence[str] = (),
    note: str = "",
    asks: Sequence[Ask] = (),
    deadline: dt.date | None = None,
    plan: TicketPlan | None = None,
    facts: Mapping[str, Any] | None = None,
    row: CaseRow | None = None,
    **values: Any,
) -> Moved | MoveRefused:
    """The same inside the caller's transaction; a refusal has changed nothing. `values` are columns to set as well.

    `row` is the case as this transaction has read it already.
    """
    now = central.now()
    row = row or cases.find_case(connection, region, case)
    found = _judge(connection, central, row, move, revision, reasons, note, asks, deadline, now)
    if isinstance(found, MoveRefused):
        return found
    row, to, judged = found
    taken = None if plan is None else door_refusal(connection, plan)
    if taken is not None:
        return MoveRefused(Refused(taken.value), row)
    changed: dict[str, Any] = {
        "state": to.value,
        "revision": row.revision + 1,
        "since": now,
        "deadline": _deadline(row, move, to, judged.deadline, now),
        **values,
    }
    if move in (CaseMove.APPROVE, CaseMove.REFUSE, CaseMove.DECIDE_BY_RULE):
        changed["decided_by"] = who[:LONGEST_WHO]
    if to in FINAL:
        changed["keep_until"] = now + dt.timedelta(days=judged.keep_days)
    if to in FINAL or move is CaseMove.RESUBMIT or (to is not row.state and _must_leave(connection, row, to)):
        changed["assigned_to"] = ""
    if not cases.change(connection, row, **changed):
        return MoveRefused(Refused.OTHER_REVISION, cases.find_case(connection, region, case))
    if plan is not None:
        put_ticket(connection, row, plan, now)
    told_facts = {**(facts or {}), **judged.facts}
    number = _write(connection, central, row, to.value, row.revision + 1, who, move.value, judged, told_facts, now)
    if row.state in CITIZENS_TURN and to is not row.state:
        events.end_asks(connection, region, case, number)
    if judged.asks:
        events.end_asks(connection, region, case, number)
        events.add_asks(connection, region, case, number, [_ask_row(ask, number) for ask in judged.asks])
    if row.state is CaseState.READY:
        take_out(connection, row, now, by_staff=move is CaseMove.TAKE_BACK)
    moved = cases.changed(row, changed)
    notice_after(connection, central, moved, number, move.value)
    return Moved(moved, number)


def _must_leave(connection: Connection, row: CaseRow, to: CaseState) -> bool:
    """Whether who has the case cannot take it on from here: it goes back to where those who can will look."""
    if not row.assigned_to or to not in GOES_ON:
        return False
    found = staff.find(connection, row.assigned_to)
    if found is None or found.disabled:
        return True
    if not may_see(found.regions, row.region, row.queue):
        return True
    return not allowed([Role(each) for each in found.roles], GOES_ON[to])


@dataclass(frozen=True)
class _Judged:
    """What a move brings along, found to make sense."""

    reasons: tuple[str, ...] = ()
    note: str = field(default="", repr=False)
    asks: tuple[KnownAsk, ...] = ()
    deadline: dt.datetime | None = None
    keep_days: int = 730
    facts: Mapping[str, Any] = field(default_factory=dict)


def _judge(
    connection: Connection,
    central: Central,
    row: CaseRow | None,
    move: CaseMove,
    revision: int,
    reasons: Sequence[str],
    note: str,
    asks: Sequence[Ask],
    deadline: dt.date | None,
    now: dt.datetime,
) -> tuple[CaseRow, CaseState, _Judged] | MoveRefused:
    """Whether the case can be moved so from how it was seen, to which state, and with what."""
    if row is None:
        return MoveRefused(Refused.UNKNOWN_CASE)
    if row.revision != revision:
        return MoveRefused(Refused.OTHER_REVISION, row)
    to = after(row.state, move)
    if to is None:
        return MoveRefused(Refused.NOT_FROM_HERE, row)
    judged = _brought(connection, central, row, move, reasons, note, asks, deadline, now)
    return MoveRefused(judged, row) if isinstance(judged, Refused) else (row, to, judged)


def _brought(
    connection: Connection,
    central: Central,
    row: CaseRow,
    move: CaseMove,
    reasons: Sequence[str],
    note: str,
    asks: Sequence[Ask],
    deadline: dt.date | None,
    now: dt.datetime,
) -> _Judged | Refused:
    item = central.item_of(row.item, row.definition, connection)
    if row.sampled and move in AFTER_A_LOOK:
        return Refused.NOT_LOOKED_AT
    if len(note) > LONGEST_NOTE:
        return Refused.NOTE_TOO_LONG
    given = tuple(dict.fromkeys((*reasons, *(ask.reason for ask in asks if ask.reason))))
    listed = {each.id for each in central.offices.reasons_for(item, "refuse" if move is CaseMove.REFUSE else "return")}
    if any(reason not in listed for reason in given):
        return Refused.UNKNOWN_REASON
    if move in MUST_GIVE_REASON and not given:
        return Refused.REASON_MISSING
    known: tuple[KnownAsk, ...] = ()
    if asks or move in MUST_ASK:
        told = person_of(central, connection, row)
        answers = told.answers if told is not None else {}
        asks = asks or (gaps_left(item, answers) if move is CaseMove.ACCEPT_WITH_GAPS else ())
        if move not in MUST_ASK and move is not CaseMove.RETURN:
            return Refused.UNKNOWN_ASK
        if not asks:
            return Refused.ASK_MISSING
        found = known_asks(asks, item, answers, listed)
        if found is None:
            return Refused.UNKNOWN_ASK
        known = found
    until = None
    if move in SETS_DEADLINE:
        day = deadline or day_of(now, usual_days(item, asks))
        if not deadline_is_possible(day, now) or (move is CaseMove.EXTEND and deadline is None):
            return Refused.BAD_DEADLINE
        until = end_of(day)
    elif deadline is not None:
        return Refused.BAD_DEADLINE
    facts = {} if until is None else {"deadline": until.date().isoformat()}
    return _Judged(given, note, known, until, item.keep_days if item is not None else 730, facts)


def _deadline(
    row: CaseRow, move: CaseMove, to: CaseState, until: dt.datetime | None, now: dt.datetime
) -> dt.datetime | None:
    if move in SETS_DEADLINE:
        return until
    return now + dt.timedelta(days=PICKUP_DAYS) if to is CaseState.READY else None


def _write(
    connection: Connection,
    central: Central,
    row: CaseRow,
    to: str,
    revision: int,
    who: str,
    what: str,
    judged: _Judged,
    facts: Mapping[str, Any],
    now: dt.datetime,
) -> int:
    """The event and the audit's line; the case's row is held by the caller's update. The event's number."""
    number = events.next_number(connection, row.region, row.case)
    sealed = None
    if judged.note:
        key = key_of(connection, central.vault, row.region, row.case)
        sealed = key.seal(_note_label(number), judged.note.encode()) if key is not None else None
    events.add(
        connection,
        EventRow(
            region=row.region,
            case=row.case,
            number=number,
            at=now,
            who=who[:LONGEST_WHO],
            what=what,
            before=row.state.value,
            after=to,
            revision=revision,
            reasons=judged.reasons,
            facts=facts,
            note=sealed,
        ),
    )
    why = ", ".join(judged.reasons)
    audit.note(connection, central, who[:LONGEST_WHO], f"case.{what}", row.case, why, region=row.region)
    return number


def begin(
    connection: Connection, central: Central, region: str, case: str, *, who: str, queue: str, checked: bool
) -> tuple[EventRow, ...]:
    """The first events of a case that the caller's transaction makes: opened and, if so, checked by rule.

    They go into the audit here; the caller writes them, and the row as it is after the last of them. No notice
    follows on either (`central.rules.notices.AFTER`).
    """
    now = central.now()
    made = [(who[:LONGEST_WHO], CaseNews.OPENED.value, CaseState.RECEIVED, CaseState.RECEIVED, {"queue": queue})]
    to = after(CaseState.RECEIVED, CaseMove.CHECK) if checked else None
    if to is not None:
        made.append((RULE, CaseMove.CHECK.value, CaseState.RECEIVED, to, {}))
    told = []
    for revision, (by, what, before, afterwards, facts) in enumerate(made):
        told.append(
            EventRow(
                region=region,
                case=case,
                number=revision + 1,
                at=now,
                who=by,
                what=what,
                before=before.value,
                after=afterwards.value,
                revision=revision,
                reasons=(),
                facts=facts,
            )
        )
        audit.note(connection, central, by, f"case.{what}", case, region=region)
    return tuple(told)


def tell(
    connection: Connection,
    central: Central,
    row: CaseRow,
    what: CaseNews,
    *,
    who: str,
    note: str = "",
    reasons: Sequence[str] = (),
    facts: Mapping[str, Any] | None = None,
    turns: bool = False,
    **values: Any,
) -> Moved | MoveRefused:
    """Write down what happened to a case without another state, in the caller's transaction.

    `turns`: what people saw of it is not true any more, so the revision counts on.
    """
    revision = row.revision + (1 if turns else 0)
    if not cases.change(connection, row, revision=revision, **values):
        return MoveRefused(Refused.OTHER_REVISION, cases.find_case(connection, row.region, row.case))
    judged = _Judged(tuple(reasons), note[:LONGEST_NOTE])
    number = _write(
        connection, central, row, row.state.value, revision, who, what.value, judged, facts or {}, central.now()
    )
    told = cases.changed(row, {**values, "revision": revision})
    notice_after(connection, central, told, number, what.value)
    return Moved(told, number)


# ---- what staff do besides ------------------------------------------------------------------------------------


def assign(central: Central, region: str, case: str, to: str, *, who: str, revision: int) -> Moved | MoveRefused:
    """Give a case to a login, or with "" to nobody. The revision stays: nothing of the case has changed."""
    facts = {"to": to}
    return _tell(central, region, case, CaseNews.ASSIGNED, who, revision, facts=facts, assigned_to=to[:120])


def send_on(
    central: Central, region: str, case: str, queue: str, *, who: str, revision: int, note: str = ""
) -> Moved | MoveRefused:
    """Send a case to another office's queue; nobody has it there yet."""
    if queue not in queues(central) | {region}:
        with central.database.reading() as connection:
            return MoveRefused(Refused.UNKNOWN_QUEUE, cases.find_case(connection, region, case))
    facts = {"queue": queue}
    values = {"queue": queue, "assigned_to": ""}
    return _tell(central, region, case, CaseNews.SENT_ON, who, revision, note=note, facts=facts, **values)


def write_note(central: Central, region: str, case: str, note: str, *, who: str, revision: int) -> Moved | MoveRefused:
    """Keep a note with a case, sealed like everything personal in it."""
    return _tell(central, region, case, CaseNews.NOTED, who, revision, note=note)


def looked_at(
    central: Central, region: str, case: str, *, who: str, revision: int, note: str = ""
) -> Moved | MoveRefused:
    """A person looked at what was decided by rule and drawn as a sample."""
    return _tell(central, region, case, CaseNews.LOOKED_AT, who, revision, note=note, sampled=False)


def _tell(
    central: Central, region: str, case: str, what: CaseNews, who: str, revision: int, *, note: str = "", **told: Any
) -> Moved | MoveRefused:
    if len(note) > LONGEST_NOTE:
        return MoveRefused(Refused.NOTE_TOO_LONG)
    with central.database.writing() as connection:
        row = cases.find_case(connection, region, case)
        if row is None:
            return MoveRefused(Refused.UNKNOWN_CASE)
        if row.revision != revision:
            return MoveRefused(Refused.OTHER_REVISION, row)
        if what is CaseNews.LOOKED_AT and _must_leave(connection, row, row.state):
            told["assigned_to"] = ""  # the look was all that it waited for
        return tell(connection, central, row, what, who=who, note=note, **told)


# ---- looking ----------------------------------------------------------------------------------------------------


def events_of(central: Central, connection: Connection, region: str, case: str) -> tuple[Event, ...]:
    """A case's events, oldest first, with their notes opened."""
    found = events.of_case(connection, region, case)
    key: CaseKey | None = None
    if any(event.note is not None for event in found):
        try:
            key = key_of(connection, central.vault, region, case)
        except VaultBroken:
            key = None
    return tuple(
        Event(
            event.number,
            event.at,
            event.who,
            event.what,
            event.before,
            event.after,
            event.revision,
            event.reasons,
            event.facts,
            _opened(key, event),
        )
        for event in found
    )


def asks_of(connection: Connection, region: str, case: str, *, ended: bool = False) -> tuple[AskRow, ...]:
    """What a case asks its citizen for now; with `ended`, what it ever asked for."""
    return events.asks_of(connection, region, case, ended=ended)


def queue_of(
    connection: Connection,
    queue: str | None,
    region: str | None,
    states: Collection[CaseState],
    limit: int,
    before: tuple[dt.datetime, str] | None = None,
    *,
    assigned_to: str | None = None,
) -> tuple[CaseRow, ...]:
    """Cases of a queue, the one that waits longest first; the next page begins after (received_at, case) `before`."""
    return cases.in_queue(connection, queue, region, states, limit, before, assigned_to=assigned_to)


def find_by_tag(connection: Connection, tag: str, limit: int = 100) -> tuple[CaseRow, ...]:
    """A person's cases, newest first; `tag` is `central.vault.tag(number)`."""
    return cases.find_by_tag(connection, tag, limit)


def gaps_of(central: Central, connection: Connection, row: CaseRow) -> tuple[Ask, ...]:
    """What of a case may follow later (容缺) and was left empty: what ACCEPT_WITH_GAPS asks for unless told else."""
    told = person_of(central, connection, row)
    item = central.item_of(row.item, row.definition, connection)
    return gaps_left(item, told.answers if told is not None else {})


def usual_deadline(central: Central, row: CaseRow, asks: Sequence[Ask] = ()) -> dt.date:
    """The day that a citizen has until when nobody says another."""
    return day_of(central.now(), usual_days(central.item_of(row.item, row.definition), asks))


def queues(central: Central) -> frozenset[str]:
    """The queues that the catalogue's offices have."""
    return frozenset(office.region for office in central.offices.offices)


def _opened(key: CaseKey | None, event: EventRow) -> str:
    if key is None or event.note is None:
        return ""
    try:
        return key.open(_note_label(event.number), event.note).decode()
    except VaultBroken:
        return ""


def _note_label(number: int) -> str:
    return f"note {number}"


def _ask_row(ask: KnownAsk, event: int) -> AskRow:
    return AskRow(ask.what, ask.is_field, ask.reason, ask.here, event)
