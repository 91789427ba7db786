"""Deciding by rule (告知承诺): as soon as a case was checked, and by the clock what was cut off before.

What the rule said no to is written down with the case, for as long as neither the case nor the editions are others: the
clock asks about nothing twice, and nothing waits behind cases that are a person's.
"""

import logging
from collections.abc import Iterable

from central.jobs.alone import one_by_one
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

AT_ONCE = 100
MOST = 2000
"""Cases that one turn of the clock asks about: its other jobs, and the end of a worker, wait for no more. Those that no
rule was asked about come first, so that an edition that was just published keeps nobody waiting."""

LOG = logging.getLogger("central.deciding")


def judged(central: Central, connection: Connection, row: CaseRow) -> ByRule | ForAPerson:
    """What the item's rule says of a case, in the version it was handed in on; what cannot be read is a person's."""
    now = central.item(row.item, row.region)
    if now is None or now.decision is None:
        return ForAPerson.NO_RULE  # a rule that was taken away decides nothing more, whatever was promised before
    item = central.item_of(row.item, row.definition, connection)
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
    done = _decide(central, region, case)
    return done if isinstance(done, Moved) else None


def decide_all(central: Central, waiting: Iterable[tuple[str, str]]) -> int:
    """The same for each of these (region, case), and write down which are a person's; how many were decided.

    One over which this program stumbles leaves the others alone. Raises StoreUnavailable.
    """
    works, done, theirs = central.working.now, 0, list[CaseRow]()
    for outcome in one_by_one(waiting, lambda one: _decide(central, *one), LOG, lambda one: f"deciding case {one[1]}"):
        if isinstance(outcome, Moved):
            done += 1
        elif outcome is not None and outcome.item in works.ruled:  # nobody asks again about the others
            theirs.append(outcome)
    if theirs:
        with central.database.writing(durable=False) as connection:
            cases.leave_to_persons(connection, theirs, works.mark)
    return done


def decide_pending(central: Central, most: int = MOST) -> int:
    """Decide what was checked and not decided, because a worker was cut off, however long ago; how many.

    Raises StoreUnavailable.
    """
    works = central.working.now
    done = 0
    for anew in (False, True):
        after: cases.Place | None = None
        while works.ruled and most > 0:
            many = min(AT_ONCE, most)
            with central.database.reading() as connection:
                page = cases.for_the_rule(connection, works.ruled, works.mark, many, after, anew=anew)
            done += decide_all(central, [(region, case) for _, region, case in page])
            most -= len(page)
            if len(page) < many:
                break
            after = page[-1]
    return done


def _decide(central: Central, region: str, case: str) -> Moved | CaseRow | None:
    """Decided; or the case as it is when the rule says no; or None: it is not to be decided, or somebody was faster."""
    with central.database.reading() as connection:
        row = cases.find_case(connection, region, case)
        if row is None or row.state is not CaseState.CHECKED:
            return None
        verdict = judged(central, connection, row)
    if not isinstance(verdict, ByRule):
        return row
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
