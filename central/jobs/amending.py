"""What citizens put right or hand in later (补正, 补件): applied to the case that asked for it, or held for a person.

The pages that were signed before stay: a new page and its papers become further parts of the case. Only what was asked
for is taken into the answers.
"""

import datetime as dt
import enum
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from central.jobs import audit
from central.jobs.arriving import check
from central.jobs.casework import CITIZEN, Moved, MoveRefused, Refused, move_within, tell
from central.rules.cases import Part, check_application
from central.rules.letters import LetterState, in_our_numbers
from central.rules.progress import CITIZENS_TURN, UNDECIDED, CaseMove, CaseNews, CaseState
from central.store import cases, events, letters, retention, supplements
from central.store.cases import CaseRow, PartRow
from central.store.database import Connection
from central.store.events import AskRow
from central.store.letters import KeptLetter
from central.store.supplements import SupplementRow
from central.store.vault import PERSON, Told, key_of, open_person, seal_person
from central.wiring import Central
from trust.keys import USE_TERMINAL, KeyRing
from trust.tokens import read
from trust.vault import CaseKey, VaultBroken
from wire.canonical import canonical
from wire.letters import Amended
from wire.tokens import Receipt

LOG = logging.getLogger("central.amending")

WAIT_FOR_CASE = dt.timedelta(days=5)
"""As long as ODK Central holds updates that come before what they update; then a person looks."""
TAKES = UNDECIDED
"""States in which a person may take what was held: nothing is put into a case that is decided."""


class Held(enum.StrEnum):
    """Why an amendment is not applied: the letter's note, and a person must look."""

    NOT_YET = "case.not_yet"  # its case has not come: applied when it does
    NEVER_CAME = "case.never_came"  # and five days are over
    OTHER_PERSON = "amend.other_person"
    OTHER_ITEM = "amend.other_item"
    OTHER_REVISION = "amend.other_revision"  # it answers what the citizen saw before somebody moved the case
    NOT_THEIR_TURN = "amend.not_their_turn"
    NOTHING_ASKED = "amend.nothing_asked"  # it holds nothing of what was asked for
    UNREADABLE = "amend.unreadable"  # the case's key cannot be opened


@dataclass(frozen=True)
class Prepared:
    """What is sealed for the case before the transaction; `row` is the case as it was then, None if it had not come."""

    row: CaseRow | None = None
    key: CaseKey | None = field(default=None, repr=False)
    first_part: int = 0
    page_is_pdf: bool = False
    files: tuple[PartRow, ...] = ()


@dataclass(frozen=True)
class Applied:
    """What becomes of the letter. None: the case moved meanwhile, to be tried again."""

    state: LetterState
    note: str = ""
    case: tuple[str, str] | None = None  # (region, number) of a case that went on


def find_target(central: Central, connection: Connection, told: Amended) -> tuple[CaseRow | None, bool]:
    """The case of this number and person, in whatever region; and whether there is one of another person."""
    found = cases.find_cases(connection, told.case)
    tag = central.vault.tag(told.person.number)
    mine = next((row for row in found if row.person_tag == tag), None)
    return mine, mine is None and bool(found)


def apply(
    connection: Connection, central: Central, kept: KeptLetter, told: Amended, prepared: Prepared, keys: KeyRing
) -> Applied | None:
    """In the letter's transaction."""
    before_us = supplements.find(connection, kept.region, kept.id)
    if before_us is not None and not before_us.waits:
        return Applied(LetterState.OPENED, kept.note)  # opened once more: a person has settled it meanwhile
    row, other_person = find_target(central, connection, told)
    if row is None:
        if other_person and _is_over(connection, told.case):
            return _came_too_late(connection, central, kept, told.case)
        if other_person:
            return Applied(LetterState.HELD, Held.OTHER_PERSON)
        supplements.wait_for_case(connection, kept.region, kept.id, told.case, central.now())
        return Applied(LetterState.HELD, Held.NOT_YET)
    if prepared.row is None or prepared.row.revision != row.revision:
        return None
    supplements.wait_no_more(connection, kept.region, kept.id)
    token = read(told.receipt, keys, USE_TERMINAL, told.submitted_at)
    receipt = token if isinstance(token, Receipt) else None
    attached = (told.page, *told.materials) if prepared.files else ()
    parts = [Part(each.sha256, file.sha256) for each, file in zip(attached, prepared.files, strict=True)]
    flags = check_application(told, kept.terminal, receipt, parts, page_is_pdf=prepared.page_is_pdf)
    if receipt is not None and in_our_numbers(receipt.counter):
        cases.add_receipt(connection, kept, told.receipt, receipt)
    before = _told(prepared, row)
    asks = events.asks_of(connection, row.region, row.case)
    held = _against(row, told, before, asks)
    if held is None and before is not None and prepared.key is not None:
        done = _go_on(connection, central, row, told, before, prepared.key, asks, flags)
        if isinstance(done, Moved):
            cases.add_parts(connection, row.region, row.case, prepared.files)
            supplements.add(connection, _supplement(kept, told, prepared, row, done.event, "", flags))
            if done.row.state is CaseState.RECEIVED:
                check(connection, central, done.row)
            return Applied(LetterState.OPENED, case=(row.region, row.case))
        held = Held.OTHER_REVISION
    held = held or Held.UNREADABLE
    if prepared.key is not None:
        supplements.add(connection, _supplement(kept, told, prepared, row, None, held, flags))
    return Applied(LetterState.HELD, held)


def _is_over(connection: Connection, number: str) -> bool:
    """Whether every case of this number was forgotten: nobody can say whose it was, and nothing goes into it."""
    return all(not row.person_tag and not row.sealed for row in cases.find_cases(connection, number))


def _came_too_late(connection: Connection, central: Central, kept: KeptLetter, number: str) -> Applied:
    """What is in it has no longer a term than its case had: its bytes go, that it came stays."""
    for path in retention.forget_letter(connection, kept.region, kept.id):
        LOG.info("letter %s came after its case was forgotten; its file %s goes with the next sweep", kept.id, path)
    supplements.wait_no_more(connection, kept.region, kept.id)
    audit.note(connection, central, "clock", "letter.forgotten", number, region=kept.region)
    return Applied(LetterState.OPENED, retention.OVER)


def _told(prepared: Prepared, row: CaseRow) -> Told | None:
    try:
        return open_person(prepared.key, row.sealed) if prepared.key is not None else None
    except VaultBroken:
        return None


def _against(row: CaseRow, told: Amended, before: Told | None, asks: Sequence[AskRow]) -> Held | None:
    """Why this amendment is a person's to look at; None when it answers what the case asks for."""
    if before is None:
        return Held.UNREADABLE
    if told.item != row.item:
        return Held.OTHER_ITEM
    if row.state not in CITIZENS_TURN:
        return Held.NOT_THEIR_TURN
    if told.revision != row.revision:
        return Held.OTHER_REVISION
    if row.state is CaseState.WAITING and not _met(told, asks):
        return Held.NOTHING_ASKED
    return None


def _met(told: Amended, asks: Sequence[AskRow]) -> tuple[str, ...]:
    """What of the asks this amendment holds."""
    papers = {PurePosixPath(each.name).stem for each in told.materials}
    return tuple(ask.what for ask in asks if (told.answers.get(ask.what) if ask.is_field else ask.what in papers))


def _go_on(
    connection: Connection,
    central: Central,
    row: CaseRow,
    told: Amended,
    before: Told,
    key: CaseKey,
    asks: Sequence[AskRow],
    flags: Sequence[str],
) -> Moved | MoveRefused:
    asked = {ask.what for ask in asks if ask.is_field}
    given = {name: text for name, text in told.answers.items() if name in asked}
    kept = before.answers if row.state is CaseState.WAITING else _without(before.answers, asked)
    sealed = seal_person(central.vault, key, Told(person=before.person, answers={**kept, **given}))
    values: dict[str, Any] = {"sealed": sealed.sealed, "flags": list(dict.fromkeys((*row.flags, *flags)))}
    facts = {"terminal_revision": told.revision, "fields": sorted(given), "flags": list(flags)}
    met = _met(told, asks)
    if row.state is CaseState.WAITING and len(met) < len(asks):
        done = tell(connection, central, row, CaseNews.PART_SUPPLIED, who=CITIZEN, facts=facts, turns=True, **values)
        if isinstance(done, Moved):
            events.end_asks(connection, row.region, row.case, done.event, met)
        return done
    move = CaseMove.SUPPLEMENT if row.state is CaseState.WAITING else CaseMove.RESUBMIT
    return move_within(
        connection, central, row.region, row.case, move, who=CITIZEN, revision=row.revision, facts=facts, **values
    )


def take_by_hand(
    connection: Connection,
    central: Central,
    row: CaseRow,
    told: Amended,
    prepared: Prepared,
    flags: Sequence[str],
    *,
    who: str,
    note: str,
) -> Moved | MoveRefused:
    """Take what was held, because a person of the staff says so; his transaction."""
    before = _told(prepared, row)
    if before is None or prepared.key is None:
        return MoveRefused(Refused.UNREADABLE, row)
    if told.item != row.item:
        return MoveRefused(Refused.HELD_OTHER_ITEM, row)
    if row.state not in TAKES:
        return MoveRefused(Refused.HELD_TOO_LATE, row)
    ever = {ask.what for ask in events.asks_of(connection, row.region, row.case, ended=True) if ask.is_field}
    given = {name: text for name, text in told.answers.items() if name in ever and text}
    sealed = seal_person(central.vault, prepared.key, Told(person=before.person, answers={**before.answers, **given}))
    values: dict[str, Any] = {"sealed": sealed.sealed, "flags": list(dict.fromkeys((*row.flags, *flags)))}
    facts = {"terminal_revision": told.revision, "fields": sorted(given), "flags": list(flags), "by_hand": True}
    open_asks = events.asks_of(connection, row.region, row.case)
    met = _met(told, open_asks)
    if row.state in CITIZENS_TURN and len(met) == len(open_asks):
        move = CaseMove.SUPPLEMENT if row.state is CaseState.WAITING else CaseMove.RESUBMIT
        done = move_within(
            connection, central, row.region, row.case, move,
            who=who, revision=row.revision, note=note, facts=facts, **values,
        )  # fmt: skip
    else:
        what = CaseNews.PART_SUPPLIED if met else CaseNews.AMENDED
        done = tell(connection, central, row, what, who=who, note=note, facts=facts, turns=True, **values)
        if isinstance(done, Moved):
            events.end_asks(connection, row.region, row.case, done.event, met)
    if isinstance(done, Moved):
        cases.add_parts(connection, row.region, row.case, prepared.files)
        if done.row.state is CaseState.RECEIVED:
            check(connection, central, done.row)
    return done


def _without(answers: dict[str, str], asked: set[str]) -> dict[str, str]:
    """What was returned and is left empty now was taken away: the new page shows it so."""
    return {name: text for name, text in answers.items() if name not in asked}


def _supplement(
    kept: KeptLetter,
    told: Amended,
    prepared: Prepared,
    row: CaseRow,
    event: int | None,
    held: str,
    flags: Sequence[str],
) -> SupplementRow:
    assert prepared.key is not None  # noqa: S101 - asked before
    sent = Told(person=told.person, answers=told.answers)
    return SupplementRow(
        region=kept.region,
        letter=kept.id,
        case_region=row.region,
        case=row.case,
        terminal=kept.terminal,
        version=told.version,
        revision=told.revision,
        event=event,
        held=held,
        first_part=prepared.first_part if event is not None else 0,
        parts=len(prepared.files) if event is not None else 0,
        receipt=told.receipt,
        flags=tuple(flags),
        consents={name: at.isoformat() for name, at in told.consents.items()},
        language=told.language,
        submitted_at=told.submitted_at,
        received_at=kept.received_at,
        sealed=prepared.key.seal(_label(kept.id), canonical(sent.model_dump(mode="json"))),
    )


def sent_with(central: Central, connection: Connection, row: SupplementRow) -> Told | None:
    """Person and answers as an amendment brought them; None when they cannot be opened any more."""
    try:
        key = key_of(connection, central.vault, row.case_region, row.case)
        return None if key is None else Told.model_validate_json(key.open(_label(row.letter), row.sealed))
    except VaultBroken:
        return None


def _label(letter: str) -> str:
    return f"{PERSON} {letter}"


# ---- before their case ------------------------------------------------------------------------------------------


def wake(connection: Connection, numbers: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Let the letters that waited for these cases be opened once more; (region, terminal) of who sent them."""
    found = supplements.waiting_for(connection, numbers) if numbers else ()
    for region, letter, _ in found:
        letters.set_state(connection, region, letter, LetterState.RECEIVED)
    return tuple(dict.fromkeys((region, terminal) for region, _, terminal in found))


def give_up_waiting(central: Central, at_once: int = 100) -> int:
    """Hand what has waited too long for its case to a person; how many. Raises StoreUnavailable."""
    done = 0
    while many := _give_up(central, at_once):
        done += many
    return done


def _give_up(central: Central, at_once: int) -> int:
    with central.database.writing() as connection:
        late = supplements.waiting_since(connection, central.now() - WAIT_FOR_CASE, at_once)
        for region, letter in late:
            kept = letters.find(connection, region, letter)
            if kept is not None and kept.state is LetterState.HELD:
                letters.set_state(connection, region, letter, LetterState.HELD, Held.NEVER_CAME)
            supplements.given_up(connection, region, letter)  # should the case come after all, it is applied
    return len(late)
