"""Telling a terminal how cases stand: to their holder, or of one case to who holds its slip. Signed; audited.

Nothing of a case's contents is in it but what it asks for, and to the holder what stands in those fields now.
"""

import enum
import logging
import unicodedata
from collections.abc import Sequence

from catalogue.model import Item, Text
from central.jobs import audit
from central.rules.letters import Sender
from central.rules.progress import CITIZENS_TURN, CaseMove, CaseNews, CaseState
from central.rules.records import is_holder_number
from central.store import cases, events, supplements, terminals
from central.store.cases import CaseRow
from central.store.database import Connection
from central.store.vault import Told, key_of, open_person
from central.wiring import Central
from trust.keys import USE_TERMINAL, KeyRing
from trust.tokens import read
from trust.vault import VaultBroken
from wire.canonical import b64u, canonical
from wire.messages import CaseAsk, Cases, CasesRequest, CaseStatus, SignedCases
from wire.records import LEAST_NONCE
from wire.tokens import Receipt

LOG = logging.getLogger("central.statuses")

MOST = 50
"""Cases told at once, the newest."""


class StatusRefusal(enum.StrEnum):
    """Why nothing is told."""

    NO_NONCE = "cases.no_nonce"
    NOT_ONE_WAY = "cases.not_one_way"  # neither holder nor receipt, or both
    BAD_NUMBER = "cases.bad_number"
    BAD_RECEIPT = "cases.bad_receipt"  # no terminal of ours signed it


def ask(central: Central, sender: Sender, request: CasesRequest) -> SignedCases | StatusRefusal:
    """How the cases stand that the request may know of. Raises StoreUnavailable."""
    refusal = _judge(request)
    if refusal is not None:
        return refusal
    with central.database.reading() as connection:
        if request.receipt:
            found = _by_receipt(connection, central, request.receipt)
            if isinstance(found, StatusRefusal):
                return found
            told = tuple(_status(connection, central, sender, row, None) for row in found)
        else:
            mine = _by_holder(connection, central, request.holder_number, request.holder_name)
            told = tuple(_status(connection, central, sender, row, person) for row, person in mine)
    with central.database.writing(durable=False) as connection:
        about = told[0].case if request.receipt and told else ""
        audit.note(
            connection,
            central,
            f"terminal:{sender.terminal}",
            "cases.told",
            about,
            region=sender.region,
            by="receipt" if request.receipt else "holder",
            many=len(told),
        )
    answer = Cases(nonce=request.nonce, terminal=sender.terminal, as_of=central.now(), cases=told)
    signed = canonical(answer.model_dump(mode="json"))
    return SignedCases(cases=answer, kid=central.keys.ack.kid, sig=b64u(central.keys.ack.sign(signed)))


def _judge(request: CasesRequest) -> StatusRefusal | None:
    if len(request.nonce) < LEAST_NONCE:
        return StatusRefusal.NO_NONCE
    if bool(request.receipt) == bool(request.holder_number) or bool(request.receipt and request.holder_name):
        return StatusRefusal.NOT_ONE_WAY
    return None if request.receipt or is_holder_number(request.holder_number) else StatusRefusal.BAD_NUMBER


def _by_holder(connection: Connection, central: Central, number: str, name: str) -> tuple[tuple[CaseRow, Told], ...]:
    """The cases of this number whose citizen had this name: a number alone opens nothing."""
    found = []
    for row in cases.find_by_tag(connection, central.vault.tag(number), MOST):
        told = _told(connection, central, row)
        if told is not None and _same_name(told.person.name, name):
            found.append((row, told))
    return tuple(found)


def _by_receipt(connection: Connection, central: Central, text: str) -> tuple[CaseRow, ...] | StatusRefusal:
    """The one case that this slip is of; nothing when its letter has not come yet."""
    parts = text.strip().split(".")
    key = terminals.key(connection, parts[2]) if len(parts) == 4 else None
    if key is None:
        return StatusRefusal.BAD_RECEIPT
    token = read(text, KeyRing((key.key,)), USE_TERMINAL, central.now())
    if not isinstance(token, Receipt) or token.terminal != key.terminal:
        return StatusRefusal.BAD_RECEIPT
    row = cases.find_case(connection, key.region, token.case)
    if row is not None and row.receipt.strip() == text.strip():
        return (row,)
    amends = supplements.by_receipt(connection, token.case, text.strip())
    row = None if amends is None else cases.find_case(connection, amends.case_region, amends.case)
    return () if row is None else (row,)


def _status(connection: Connection, central: Central, sender: Sender, row: CaseRow, told: Told | None) -> CaseStatus:
    """`told` None: for whoever holds the slip."""
    item = central.item_of(row.item, row.definition, connection)
    asks = events.asks_of(connection, row.region, row.case) if row.state in CITIZENS_TURN else ()
    told_asks = tuple(_ask(central, item, ask) for ask in asks)
    answers = {}
    if told is not None:
        answers = {ask.what: told.answers[ask.what] for ask in asks if ask.is_field and ask.what in told.answers}
    following = _next(connection, central, item, row, holder=told is not None)
    where, here = _where(connection, central, sender, row, brought=any(not ask.here for ask in asks))
    return CaseStatus(
        case=row.case,
        item=row.item,
        version=row.version,
        state=row.state.value,
        revision=row.revision,
        submitted_at=row.submitted_at,
        since=row.since,
        deadline=row.deadline,
        asks=told_asks,
        answers=answers,
        next_zh=following[0],
        next_en=following[1],
        where_zh=where[0],
        where_en=where[1],
        here=here,
    )


def _ask(central: Central, item: Item | None, ask: events.AskRow) -> CaseAsk:
    title = _title(central, item, ask.what)
    reason = central.offices.reasons.get(ask.reason)
    return CaseAsk(
        what=ask.what,
        is_field=ask.is_field,
        title_zh=title.zh[:120] if title else ask.what,
        title_en=title.en[:120] if title else ask.what,
        reason=ask.reason,
        reason_zh=reason.zh if reason else "",
        reason_en=reason.en if reason else "",
        here=ask.here,
    )


def _title(central: Central, item: Item | None, what: str) -> Text | None:
    if item is not None:
        for material in item.materials:
            if material.id == what:
                return material.label
    return next((each.label for each in central.catalogue.fields if each.id == what), None)


def _next(
    connection: Connection, central: Central, item: Item | None, row: CaseRow, *, holder: bool
) -> tuple[str, str]:
    """What the catalogue knows better than the terminal's own sentence for the state; ("", "") when nothing.

    To the holder also why what he sent later was not used, as long as nothing is asked of him.
    """
    history = events.of_case(connection, row.region, row.case) if holder and row.state not in CITIZENS_TURN else ()
    aside = _reasons(central, history, CaseNews.SET_ASIDE)
    by_rule = row.decided_by == "rule" and row.state in (CaseState.APPROVED, CaseState.DONE)
    if item is not None and (row.state is CaseState.ACCEPTED or by_rule):
        return _joined((*aside, item.promise))
    return _joined((*aside, *(_reasons(central, history, CaseMove.REFUSE) if row.state is CaseState.REFUSED else ())))


def _reasons(central: Central, history: Sequence[events.EventRow], what: str) -> tuple[Text, ...]:
    """Of the last such event: notes and other news may follow it."""
    last = next((each for each in reversed(history) if each.what == what), None)
    return (
        tuple(central.offices.reasons[each] for each in last.reasons if each in central.offices.reasons) if last else ()
    )


def _joined(said: Sequence[Text]) -> tuple[str, str]:
    return "；".join(each.zh for each in said), "; ".join(each.en for each in said)


def _where(
    connection: Connection, central: Central, sender: Sender, row: CaseRow, *, brought: bool
) -> tuple[tuple[str, str], bool]:
    """Where something lies, or has to be brought; and whether that is at the terminal that asks."""
    if row.state is CaseState.READY:
        placed = supplements.placed_now(connection, row.region, row.case)
        terminal = None if placed is None else terminals.find(connection, placed.ticket_region, placed.terminal)
        if placed is None or terminal is None:
            return ("", ""), False
        here = (placed.ticket_region, placed.terminal) == (sender.region, sender.terminal)
        return (terminal.site, terminal.site), here
    if brought or row.state is CaseState.REFUSED:
        office = next((each for each in central.offices.offices if each.region == row.queue), None)
        if office is not None:
            zh = f"{office.zh}（{office.where.zh}）" if office.where else office.zh
            en = f"{office.en} ({office.where.en})" if office.where else office.en
            return (zh, en), False
    return ("", ""), False


def _told(connection: Connection, central: Central, row: CaseRow) -> Told | None:
    try:
        key = key_of(connection, central.vault, row.region, row.case)
        return open_person(key, row.sealed) if key is not None else None
    except VaultBroken:
        return None


def _same_name(one: str, other: str) -> bool:
    def plain(name: str) -> str:
        return "".join(unicodedata.normalize("NFKC", name).split()).casefold()

    return plain(one) == plain(other)
