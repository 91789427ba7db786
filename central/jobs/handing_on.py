"""Handing accepted cases on to the department's own system, and hearing from it how they stand.

Only the department's yes moves a case by itself, and only the case that it was given: what the citizen put right since
is handed on once more when it is accepted, and an answer to what was there before is a person's. Its no is written down
for a person, who tells the citizen why.
"""

import datetime as dt
import enum
import hashlib
import logging
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from central.connectors.department import Away, NotTaken, Standing, Stands, Submission, Taken, Unknown
from central.jobs.alone import one_by_one
from central.jobs.casework import Moved, move_within, tell
from central.jobs.outages import breaker_of
from central.rules.progress import CaseMove, CaseNews, CaseState
from central.store import cases, handed_on
from central.store.cases import CaseRow, Place
from central.store.database import Connection
from central.store.handed_on import HandedRow
from central.store.vault import Told, key_of, open_person
from central.wiring import Central
from trust.vault import VaultBroken

LOG = logging.getLogger("central.handing_on")

ASK_EVERY = dt.timedelta(minutes=15)
"""Between two askings how a case stands; a department that tells by itself is asked all the same."""
NOT_TAKEN = "not_taken"
_OPEN = frozenset({Standing.RECEIVED, Standing.WORKING})


def hand_on(central: Central, limit: int = 50) -> int:
    """Hand on what was accepted, to each system so many; how many were taken. Raises StoreUnavailable.

    Cut off after the department's yes, the same key is offered again: it is the same submission there. What waits for
    a system that is away stands in nobody else's way.
    """
    return sum(_hand_on_to(central, system, limit) for system in central.departments)


def _hand_on_to(central: Central, system: str, limit: int) -> int:
    everywhere, own = central.working.now.codes(lambda item: item.system == system)
    if not everywhere and not any(own.values()):
        return 0
    asked, taken = 0, 0
    waiting = _waiting(central, everywhere, own, limit, central.offered_in_vain.get(system))
    for outcome in one_by_one(waiting, lambda one: _offer(central, *one), LOG, lambda one: f"case {one[2]}"):
        if outcome is Offered.AWAY:
            break
        asked += outcome is not Offered.NOT
        taken += outcome is Offered.TAKEN
        if asked >= limit:
            break
    return taken


def _waiting(
    central: Central, everywhere: Collection[str], own: Mapping[str, Collection[str]], size: int, begun: Place | None
) -> Iterator[Place]:
    """What waits to be handed on, read in pages of `size`: from behind `begun` round to it, the longest first."""
    after, turned = begun, begun is None
    while True:
        with central.database.reading() as connection:
            page = handed_on.to_hand_on(connection, everywhere, own, size, after)
        for place in page:
            if turned and begun is not None and place[0] > begun[0]:
                return
            yield place
        if len(page) == size:
            after = page[-1]
        elif turned:
            return
        else:
            after, turned = None, True


class Offered(enum.Enum):
    """What came of offering a case to its department."""

    TAKEN = enum.auto()
    IN_VAIN = enum.auto()  # its department did not answer, or did not take it
    AWAY = enum.auto()  # nothing is offered to this department now
    NOT = enum.auto()  # it went on meanwhile, or cannot be read


def _offer(central: Central, since: dt.datetime, region: str, case: str) -> Offered:
    with central.database.reading() as connection:
        as_of = handed_on.last_change(connection, region, case)  # first: what comes between counts as later
        turn = handed_on.rounds(connection, region, case) + 1
        row = cases.find_case(connection, region, case)
        told = None if row is None else _told(connection, central, row)
    item = None if row is None else central.item(row.item, row.region)
    if row is None or told is None or item is None or row.state is not CaseState.ACCEPTED:
        return Offered.NOT
    if item.system not in central.departments:  # no more: another edition came this moment
        return Offered.NOT
    breaker = breaker_of(central, f"system {item.system}")
    if not breaker.allows():
        return Offered.AWAY
    outcome = central.departments[item.system].submit(_submission(row, told, turn, as_of))
    if isinstance(outcome, Away):
        breaker.failed()
        central.offered_in_vain[item.system] = (since, region, case)
        LOG.info("case %s: %s is away: %s", case, item.system, outcome.why)
        return Offered.IN_VAIN
    breaker.succeeded()
    reference = outcome.reference if isinstance(outcome, Taken) else ""
    standing = Standing.RECEIVED.value if isinstance(outcome, Taken) else NOT_TAKEN
    now = central.now()
    next_at = now + ASK_EVERY if isinstance(outcome, Taken) else None
    facts: dict[str, Any] = {"system": item.system, "standing": standing, "reference": reference}
    if turn > 1:
        facts["again"] = True
    if isinstance(outcome, NotTaken):
        facts["why"] = outcome.why[:120]
    with central.database.writing() as connection:
        fresh = cases.find_case(connection, region, case)
        made = HandedRow(region, case, turn, as_of, item.system, reference, standing, now, next_at)
        if fresh is None or not handed_on.add(connection, made):
            return Offered.IN_VAIN
        tell(connection, central, fresh, CaseNews.SUBMITTED, who=_who(item.system), facts=facts)
    return Offered.TAKEN if isinstance(outcome, Taken) else Offered.IN_VAIN


def ask_departments(central: Central, limit: int = 50) -> int:
    """Ask each how so many of what was handed on to it stand; how many went on. Raises StoreUnavailable."""
    return sum(_ask(central, system, limit) for system in central.departments)


def _ask(central: Central, system: str, limit: int) -> int:
    with central.database.reading() as connection:
        waiting = handed_on.due(connection, system, central.now(), limit)
    done = 0
    for went_on in one_by_one(waiting, lambda row: _ask_about(central, row), LOG, lambda row: f"case {row.case}"):
        if went_on is None:
            break
        done += went_on
    return done


def _ask_about(central: Central, row: HandedRow) -> bool | None:
    """Whether it went on; None when nothing is asked of this department now."""
    breaker = breaker_of(central, f"system {row.system}")
    if not breaker.allows():
        return None
    outcome = central.departments[row.system].status(row.reference)
    match outcome:
        case Away():
            breaker.failed()
            with central.database.writing(durable=False) as connection:  # others are asked about before it again
                handed_on.put_off(connection, row, central.now() + ASK_EVERY)
            return False
        case Stands(standing=standing):
            breaker.succeeded()
            return heard(central, row, standing)
        case Unknown():  # it forgot: a person sees it by the event, and nobody asks for ever
            breaker.succeeded()
            return heard(central, row, None)


def called_back(central: Central, system: str, stands: Stands) -> bool:
    """What a department told by itself, once it is believed; whether we know the reference. Raises StoreUnavailable."""
    with central.database.reading() as connection:
        known = "\0" not in stands.reference  # which PostgreSQL has in no text
        row = handed_on.by_reference(connection, system, stands.reference) if known else None
    if row is None:
        return False
    heard(central, row, stands.standing)
    return True


def heard(central: Central, row: HandedRow, standing: Standing | None) -> bool:
    """Take down how a case stands; whether that is news. What was told for good before stays."""
    if row.standing not in _OPEN:
        return False
    if row.standing == Standing.WORKING and standing is Standing.RECEIVED:
        standing = Standing.WORKING  # an older message that came later, or once more: nobody goes back so
    told = NOT_TAKEN if standing is None else standing.value
    with central.database.writing() as connection:
        next_at = central.now() + ASK_EVERY if standing in _OPEN else None
        if not handed_on.set_standing(connection, row, told, next_at) or told == row.standing:
            return False
        case = cases.find_case(connection, row.region, row.case)
        if case is None:
            return False
        facts: dict[str, Any] = {"system": row.system, "standing": told}
        if handed_on.is_of_before(connection, row):
            facts["of_before"] = True
        if standing is Standing.GRANTED and case.state is CaseState.ACCEPTED and "of_before" not in facts:
            done = move_within(
                connection,
                central,
                row.region,
                row.case,
                CaseMove.APPROVE,
                who=_who(row.system),
                revision=case.revision,
                facts=facts,
                row=case,
            )
        else:
            done = tell(connection, central, case, CaseNews.ANSWERED, who=_who(row.system), facts=facts)
    return isinstance(done, Moved)


def _submission(row: CaseRow, told: Told, turn: int, as_of: int) -> Submission:
    return Submission(
        key=hashlib.sha256(f"hand on\0{row.region}\0{row.case}\0{as_of}".encode()).hexdigest()[:32],
        case=row.case,
        round=turn,
        item=row.item,
        version=row.version,
        submitted_at=row.submitted_at,
        name=told.person.name,
        number=told.person.number,
        answers=told.answers,
    )


def _told(connection: Connection, central: Central, row: CaseRow) -> Told | None:
    try:
        key = key_of(connection, central.vault, row.region, row.case)
        return open_person(key, row.sealed) if key is not None else None
    except VaultBroken:
        return None


def _who(system: str) -> str:
    return f"department:{system}"
