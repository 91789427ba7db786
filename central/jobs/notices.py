"""Telling citizens: a notice goes into the outbox with what it tells of, and from there to the gateway, once."""

import datetime as dt
import hashlib
import logging

from pydantic import ValidationError

from central.connectors.notices import Message, SendLater, SendNever, SendOutcome, Sent
from central.jobs.alone import one_by_one
from central.rules.notices import AFTER, MOST_TRIES, STILL, NoticeKind, NoticeState, wait_after, words_of
from central.store import cases, notices
from central.store.cases import CaseRow
from central.store.database import Connection
from central.store.notices import NoticeRow
from central.store.vault import key_of, open_person
from central.wiring import Central
from trust.vault import VaultBroken
from wire.canonical import canonical

LOG = logging.getLogger("central.notices")

PHONE = "contact.phone"
LEASE = dt.timedelta(minutes=5)
"""A worker that was killed while it sent gives the notice back after this; the gateway knows the key."""


def notice_id(region: str, case: str, event: int, kind: NoticeKind) -> str:
    """Names a notice, to us and to the gateway: one per event and kind."""
    return hashlib.sha256(f"notice\0{region}\0{case}\0{event}\0{kind.value}".encode()).hexdigest()[:32]


def notice_after(connection: Connection, central: Central, row: CaseRow, event: int, what: str) -> None:
    """Put into the outbox what the citizen is to be told about this event, if anything, in the event's transaction.

    Somebody who left no number is told nothing, and that is written down.
    """
    kind = AFTER.get(what)
    template = central.offices.templates.get(kind.value) if kind is not None else None
    if kind is None or template is None:
        return
    now = central.now()
    name = notice_id(row.region, row.case, event, kind)
    state, sealed = NoticeState.WAITING, None
    try:
        key = key_of(connection, central.vault, row.region, row.case)
        told = open_person(key, row.sealed) if key is not None else None
    except VaultBroken:
        key = told = None
    if key is None or told is None:
        state = NoticeState.UNREADABLE
    elif not (phone := told.answers.get(PHONE, "")):
        state = NoticeState.NO_PHONE
    else:
        item = central.item_of(row.item, row.definition, connection)
        title = item.title.say(row.language) if item is not None else row.item
        words = words_of(template, title=title, case=row.case, language=row.language)
        message = Message(phone=phone, template=template.gateway, language=row.language, words=words)
        sealed = key.seal(_label(name), canonical(message.model_dump(mode="json")))
    waits = state is NoticeState.WAITING
    notices.add(
        connection,
        NoticeRow(
            region=row.region,
            id=name,
            case=row.case,
            event=event,
            kind=kind.value,
            state=state.value,
            tries=0,
            made_at=now,
            next_at=now if waits else None,
            ended_at=None if waits else now,
            answer="",
            sealed=sealed,
        ),
    )


IN_VAIN = 3
"""So often in a row the gateway is asked in vain, each time perhaps until its time is over; then the clock's other jobs
are waited for, and the rest is due at the next turn as before."""


def send_notices(central: Central, limit: int = 100) -> int:
    """Send what is due; how many the gateway took. Raises StoreUnavailable.

    Nothing is held open while the gateway is asked. Killed between its yes and our writing it down, the notice is sent
    again under the same key, which the gateway knows.
    """
    now = central.now()
    with central.database.reading() as connection:
        waiting = notices.due(connection, NoticeState.WAITING.value, now, limit)
    done = in_vain = 0
    for outcome in one_by_one(waiting, lambda row: _send(central, row), LOG, lambda row: f"notice {row.id}"):
        done += isinstance(outcome, Sent)
        in_vain = in_vain + 1 if isinstance(outcome, SendLater) else 0
        if in_vain == IN_VAIN:
            break
    return done


def _send(central: Central, row: NoticeRow) -> SendOutcome | None:
    """What the gateway said; None when it was not asked."""
    now = central.now()
    with central.database.writing() as connection:
        if not notices.claim(connection, row, now + LEASE):
            return None
        case = cases.find_case(connection, row.region, row.case)
        if case is None or case.state not in STILL.get(row.kind, frozenset({case.state})):
            notices.end(connection, row, NoticeState.OVERTAKEN.value, now, "")
            return None
        message = _opened(connection, central, row)
        if message is None:
            notices.end(connection, row, NoticeState.UNREADABLE.value, now, "")
            return None
    outcome = central.notices.send(message, row.id)
    tries = row.tries + 1
    with central.database.writing() as connection:
        match outcome:
            case Sent(answer=answer):
                notices.end(connection, row, NoticeState.SENT.value, central.now(), answer)
            case SendNever(answer=answer):
                notices.end(connection, row, NoticeState.GIVEN_UP.value, central.now(), answer)
            case SendLater(answer=answer) if tries >= MOST_TRIES:
                notices.end(connection, row, NoticeState.GIVEN_UP.value, central.now(), answer)
            case SendLater(answer=answer):
                notices.put_off(connection, row, central.now() + wait_after(tries), answer)
    LOG.info("notice %s of case %s: %s after %d tries", row.kind, row.case, type(outcome).__name__, tries)
    return outcome


def _opened(connection: Connection, central: Central, row: NoticeRow) -> Message | None:
    """None when the case's key was destroyed meanwhile: its time is over."""
    try:
        key = key_of(connection, central.vault, row.region, row.case)
        if key is None or row.sealed is None:
            return None
        return Message.model_validate_json(key.open(_label(row.id), row.sealed))
    except (VaultBroken, ValidationError):
        return None


def _label(name: str) -> str:
    return f"notice {name}"
