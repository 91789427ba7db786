"""Amendments that were held for a person: taken into their case after all, or set aside with a reason.

Either is an event of the case and a line of the audit; the letter is in question no longer. Whoever asks names the
revision that he saw, as for every move.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from central.jobs import amending
from central.jobs.casework import LONGEST_NOTE, Moved, MoveRefused, Refused, tell
from central.jobs.unseal import open_letter, prepared_for
from central.rules.letters import LetterState
from central.rules.progress import CaseNews
from central.store import cases, letters, supplements
from central.store.cases import CaseRow
from central.store.database import Connection
from central.store.supplements import SupplementRow
from central.wiring import Central
from wire.letters import Amended

LOG = logging.getLogger("central.held")

SET_ASIDE = "amend.set_aside"
"""The note of a letter that a person did not take."""


def take(
    central: Central, region: str, case: str, sent: tuple[str, str], *, who: str, revision: int, note: str = ""
) -> Moved | MoveRefused:
    """Take a held amendment, the letter `sent` (region, id), into its case. Raises StoreUnavailable.

    Of its answers only those are taken that the case has ever asked for; none is taken away. Its page and papers become
    further files of the case. What the case asks for now and finds in it is met by it.
    """
    with central.database.reading() as connection:
        found = _found(connection, region, case, sent, revision, note)
        kept = letters.find(connection, *sent)
    if isinstance(found, MoveRefused):
        return found
    row, _ = found
    if kept is None:
        return MoveRefused(Refused.HELD_GONE, row)
    told = open_letter(central, kept)
    if not isinstance(told, Amended):
        return MoveRefused(Refused.UNREADABLE, row)
    prepared = prepared_for(central, kept, told)
    with central.database.writing() as connection:
        found = _found(connection, region, case, sent, revision, note)
        if isinstance(found, MoveRefused):
            return found
        row, waiting = found
        if prepared.row is None or prepared.row.region != region or prepared.row.revision != row.revision:
            return MoveRefused(Refused.OTHER_REVISION, row)
        done = amending.take_by_hand(connection, central, row, told, prepared, waiting.flags, who=who, note=note)
        if isinstance(done, MoveRefused):
            return done
        settled = replace(waiting, event=done.event, held="", first_part=prepared.first_part, parts=len(prepared.files))
        _settle(connection, settled, "")
    LOG.info("case %s: a held amendment was taken", case)
    return done


def set_aside(
    central: Central,
    region: str,
    case: str,
    sent: tuple[str, str],
    *,
    who: str,
    revision: int,
    reasons: Sequence[str],
    note: str = "",
) -> Moved | MoveRefused:
    """Leave a held amendment out of its case for good; the citizen reads the reasons. Raises StoreUnavailable."""
    with central.database.writing() as connection:
        found = _found(connection, region, case, sent, revision, note)
        if isinstance(found, MoveRefused):
            return found
        row, waiting = found
        refused = _against_reasons(central, reasons)
        if refused is not None:
            return MoveRefused(refused, row)
        given = tuple(dict.fromkeys(reasons))
        done = tell(connection, central, row, CaseNews.SET_ASIDE, who=who, note=note, reasons=given, turns=True)
        if isinstance(done, MoveRefused):
            return done
        _settle(connection, replace(waiting, event=done.event), SET_ASIDE)
    LOG.info("case %s: a held amendment was set aside", case)
    return done


def why_not(
    central: Central,
    region: str,
    case: str,
    sent: tuple[str, str],
    *,
    revision: int,
    taking: bool,
    reasons: Sequence[str] = (),
    note: str = "",
) -> MoveRefused | None:
    """Why `take` or `set_aside` would refuse; None when nothing speaks against it yet."""
    with central.database.reading() as connection:
        found = _found(connection, region, case, sent, revision, note)
    if isinstance(found, MoveRefused):
        return found
    row, _ = found
    if taking:
        return None if row.state in amending.TAKES else MoveRefused(Refused.HELD_TOO_LATE, row)
    refused = _against_reasons(central, reasons)
    return None if refused is None else MoveRefused(refused, row)


def _found(
    connection: Connection, region: str, case: str, sent: tuple[str, str], revision: int, note: str
) -> tuple[CaseRow, SupplementRow] | MoveRefused:
    """The case as it was seen, and what waits in it."""
    row = cases.find_case(connection, region, case)
    if row is None:
        return MoveRefused(Refused.UNKNOWN_CASE)
    waiting = supplements.find(connection, *sent)
    if waiting is None or not waiting.waits or (waiting.case_region, waiting.case) != (row.region, row.case):
        return MoveRefused(Refused.HELD_GONE, row)
    if len(note) > LONGEST_NOTE:
        return MoveRefused(Refused.NOTE_TOO_LONG, row)
    return (row, waiting) if row.revision == revision else MoveRefused(Refused.OTHER_REVISION, row)


def _against_reasons(central: Central, reasons: Sequence[str]) -> Refused | None:
    listed = {each.id for each in central.offices.reasons_for(None, "set_aside")}
    if any(reason not in listed for reason in reasons):
        return Refused.UNKNOWN_REASON
    return None if reasons else Refused.REASON_MISSING


def _settle(connection: Connection, row: SupplementRow, note: str) -> None:
    """The caller has the case's row, so that nobody is faster."""
    if supplements.settle(connection, row):
        letters.set_state(connection, row.region, row.letter, LetterState.OPENED, note)
