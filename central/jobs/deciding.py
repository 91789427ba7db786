"""Deciding by rule (告知承诺): as soon as a case was checked, and by the clock what was cut off before."""

import datetime as dt
import logging

from central.jobs.casework import RULE, Moved, move_within
from central.rules.asks import day_of
from central.rules.deciding import ByRule, ForAPerson, judge, lot_of
from central.rules.progress import CaseMove, CaseState
from central.store import cases
from central.store.cases import CaseRow
from central.store.database import Connection
from central.store.vault import key_of, open_person
from central.wiring import Central
from trust.vault import VaultBroken

LOOK_BACK = dt.timedelta(days=1)

LOG = logging.getLogger("central.deciding")


def judged(central: Central, connection: Connection, row: CaseRow) -> ByRule | ForAPerson:
    """What the item's rule says of a case, in the version it was handed in on; what cannot be read is a person's."""
    now = central.item(row.item, row.region)
    if now is None or now.decision is None:
        return ForAPerson.NO_RULE  # a rule that was taken away decides nothing more, whatever was promised before
    item = central.item_of(row.item, row.definition)
    try:
        key = key_of(connection, central.vault, row.region, row.case)
        told = open_person(key, row.sealed) if key is not None else None
    except VaultBroken:
        told = None
    if told is None:
        return ForAPerson.BAD_ANSWERS
    lot = lot_of(central.vault.tag(f"sample {row.region} {row.case}"))
    today = day_of(row.submitted_at)
    return judge(item, row.definition, row.flags, told.person, told.answers, today, lot)


def decide(central: Central, region: str, case: str) -> Moved | None:
    """Decide a checked case if its item's rule says yes; None when it is a person's. Raises StoreUnavailable.

    What was drawn as a sample stays approved until a person has looked; the rest is closed at once.
    """
    with central.database.reading() as connection:
        row = cases.find_case(connection, region, case)
        if row is None or row.state is not CaseState.CHECKED:
            return None
        verdict = judged(central, connection, row)
    if not isinstance(verdict, ByRule):
        return None
    with central.database.writing() as connection:
        done = move_within(
            connection,
            central,
            region,
            case,
            CaseMove.DECIDE_BY_RULE,
            who=RULE,
            revision=row.revision,
            facts={"sampled": verdict.sampled},
            sampled=verdict.sampled,
        )
        if isinstance(done, Moved) and not verdict.sampled:
            done = move_within(connection, central, region, case, CaseMove.CLOSE, who=RULE, revision=done.row.revision)
    if not isinstance(done, Moved):
        return None
    LOG.info("case %s decided by rule%s", case, ", drawn for a person" if verdict.sampled else "")
    return done


def decide_pending(central: Central, limit: int = 100) -> int:
    """Decide what was checked and not decided, because a worker was cut off; how many. Raises StoreUnavailable.

    Looks at the newest day only: what the rule said no to stays a person's and would be judged for ever.
    """
    items = sorted({item.code for item in central.working.now.every_item() if item.decision is not None})
    if not items:
        return 0
    with central.database.reading() as connection:
        waiting = cases.checked_since(connection, items, central.now() - LOOK_BACK, limit)
    return sum(decide(central, row.region, row.case) is not None for row in waiting)
