"""Opening letters: what they tell goes where it belongs, in one transaction with the letter's new state.

A letter that cannot be opened, or makes no sense, stays as it came and is shown; nothing is ever dropped here.
"""

import binascii
import logging
from dataclasses import dataclass, field
from typing import assert_never

from pydantic import TypeAdapter

from central.jobs import amending
from central.jobs.arriving import arrived
from central.jobs.casework import CITIZEN, move_within
from central.jobs.deciding import decide
from central.rules.cases import Part, check_application, check_proof
from central.rules.letters import LetterState, in_our_numbers, in_our_time
from central.rules.progress import CaseMove
from central.rules.tickets import TicketRefusal, TicketState, after_collected
from central.store import cases, letters, ratings, supplements, terminals, tickets
from central.store.database import Connection, StoreUnavailable
from central.store.letters import KeptLetter, read_body, write_body
from central.store.vault import SealedPerson, Told, key_for, key_of, part_label, seal_person
from central.wiring import Central
from trust.keys import USE_TERMINAL, KeyRing
from trust.sealing import SealBroken
from trust.tokens import read
from trust.vault import CaseKey, VaultBroken
from wire.canonical import sha256_hex, un_b64u
from wire.letters import Amended, Application, Attachment, Collected, Contents, Incident, ProofPrinted, Rated
from wire.messages import LetterKind
from wire.packing import unpack
from wire.tokens import Proof, Receipt

LOG = logging.getLogger("central.unseal")

BAD_CONTENTS = "letter.bad_contents"
OUR_MISTAKE = "central.bug"
CASE_TAKEN = "case.number_taken"
SERIAL_TAKEN = "proof.serial_taken"
RATED_ALREADY = "rating.already"

_CONTENTS: dict[LetterKind, TypeAdapter[Contents]] = {
    LetterKind.APPLICATION: TypeAdapter(Application),
    LetterKind.PROOF_PRINTED: TypeAdapter(ProofPrinted),
    LetterKind.COLLECTED: TypeAdapter(Collected),
    LetterKind.INCIDENT: TypeAdapter(Incident),
    LetterKind.RATED: TypeAdapter(Rated),
    LetterKind.AMENDED: TypeAdapter(Amended),
}


@dataclass(frozen=True)
class _End:
    """What became of a letter, which case it belongs to that may go on by rule, and whom its coming wakes."""

    state: LetterState
    note: str = ""
    case: tuple[str, str] | None = None
    woken: tuple[tuple[str, str], ...] = ()


_OPENED = _End(LetterState.OPENED)


def unseal_pending(central: Central, limit: int = 500) -> int:
    """Open what is kept and not opened yet; how many were. Raises StoreUnavailable."""
    with central.database.reading() as connection:
        waiting = letters.unopened(connection, limit)
    return sum(unseal(central, region, letter) for region, letter in waiting)


def unseal(central: Central, region: str, letter: str) -> bool:
    """Open one letter, unless that was done; whether it was done now. Raises StoreUnavailable.

    It does not wait for the disk: the letter is on it, and is opened again should a power cut undo this. A letter on
    which this program stumbles is held for a person, who has it opened again when the mistake is mended: it must stop
    neither the others nor central's start.
    """
    try:
        return _unseal(central, region, letter)
    except StoreUnavailable:
        raise
    except Exception as ours:  # noqa: BLE001 - whatever our mistake is, the letter is kept and the others go on
        LOG.error("letter %s met a mistake of ours: %s", letter, type(ours).__name__)
        with central.database.writing() as connection:
            if letters.claim(connection, region, letter):
                letters.set_state(connection, region, letter, LetterState.HELD, OUR_MISTAKE)
        return False


def _unseal(central: Central, region: str, letter: str) -> bool:
    with central.opening:
        with central.database.reading() as connection:
            kept = letters.find(connection, region, letter)
            if kept is None or kept.state is not LetterState.RECEIVED:
                return False
            keys = KeyRing(terminals.keys_of(connection, region, kept.terminal))
        contents = _open(central, kept)
        sealed = _seal_up(central, kept, contents)
        with central.database.writing(durable=False) as connection:
            if not letters.claim(connection, region, letter):
                return False  # another worker opened it meanwhile
            end = contents if isinstance(contents, _End) else _apply(connection, central, kept, contents, sealed, keys)
            letters.set_state(connection, region, letter, end.state, end.note)
        LOG.info("letter %s of %s: %s %s", letter, kept.terminal, end.state.value, end.note)
    for other_region, other in end.woken:
        unseal(central, other_region, other)
    if end.case is not None:
        decide(central, *end.case)
    return True


def _open(central: Central, kept: KeptLetter) -> Contents | _End:
    sealed = read_body(central.bodies, kept.body)
    if sha256_hex(sealed) != kept.sha256:
        return _End(LetterState.UNREADABLE, "letter.bytes_changed")  # the disk gave back other bytes than it was given
    try:
        plain = central.keys.open(sealed, header=kept.id.encode())
    except SealBroken as broken:
        return _End(LetterState.UNREADABLE, broken.fault.value)
    try:
        contents = unpack(plain, _CONTENTS[LetterKind(kept.kind)])
    except ValueError:
        return _End(LetterState.UNREADABLE, BAD_CONTENTS)
    return contents if _storable(contents) else _End(LetterState.UNREADABLE, BAD_CONTENTS)


def _storable(contents: Contents) -> bool:
    """Whether a database can hold the numbers and times that the letter names."""
    match contents:
        case Application():
            return in_our_numbers(contents.version) and in_our_time(contents.submitted_at)
        case ProofPrinted():
            return in_our_numbers(contents.version) and in_our_time(contents.printed_at)
        case Collected():
            return in_our_numbers(contents.door) and in_our_time(contents.at)
        case Incident():
            return in_our_time(contents.at)
        case Rated():
            return in_our_numbers(contents.version) and in_our_time(contents.at)
        case Amended():
            return all(map(in_our_numbers, (contents.version, contents.revision))) and in_our_time(
                contents.submitted_at
            )
        case _:
            assert_never(contents)


def _apply(
    connection: Connection,
    central: Central,
    kept: KeptLetter,
    contents: Contents,
    sealed: "_Sealed",
    keys: KeyRing,
) -> _End:
    match contents:
        case Application():
            return _application(connection, central, kept, contents, sealed, keys)
        case ProofPrinted():
            token = read(contents.token, keys, USE_TERMINAL, contents.printed_at)
            flags = check_proof(contents, kept.terminal, token if isinstance(token, Proof) else None)
            made = cases.add_proof(connection, kept, contents, sealed.person, flags)
            return _OPENED if made else _End(LetterState.HELD, SERIAL_TAKEN)
        case Collected():
            return _collected(connection, central, kept, contents)
        case Incident():
            cases.add_incident(connection, kept, contents)
            return _OPENED
        case Rated():
            return _OPENED if ratings.add_rating(connection, kept, contents) else _End(LetterState.HELD, RATED_ALREADY)
        case Amended():
            done = amending.apply(connection, central, kept, contents, sealed.amends, keys)
            if done is None:
                return _End(LetterState.RECEIVED)  # its case moved a moment ago: the clock tries again
            return _End(done.state, done.note, case=done.case)
        case _:
            assert_never(contents)


def _application(
    connection: Connection, central: Central, kept: KeptLetter, told: Application, sealed: "_Sealed", keys: KeyRing
) -> _End:
    token = read(told.receipt, keys, USE_TERMINAL, told.submitted_at)
    receipt = token if isinstance(token, Receipt) else None
    parts = [
        Part(each.sha256, file.sha256) for each, file in zip((told.page, *told.materials), sealed.files, strict=True)
    ]
    flags = check_application(told, kept.terminal, receipt, parts, page_is_pdf=sealed.page_is_pdf)
    if not cases.add_case(connection, kept, told, sealed.person, flags, sealed.files):
        return _End(LetterState.HELD, CASE_TAKEN)
    if receipt is not None and in_our_numbers(receipt.counter):
        kid = told.receipt.strip().split(".")[2]
        cases.add_receipt(connection, kept, kid, receipt.counter, sha256_hex(told.receipt.encode()), receipt.previous)
    arrived(connection, central, kept, told)
    item = central.item(told.item)
    ruled = item is not None and item.decision is not None
    case = (kept.region, told.case) if ruled else None
    return _End(LetterState.OPENED, case=case, woken=amending.wake(connection, told.case))


def _collected(connection: Connection, central: Central, kept: KeptLetter, told: Collected) -> _End:
    cases.add_collection(connection, kept, told)
    before = tickets.find(connection, kept.region, told.ticket)
    after = after_collected(before, kept.terminal, told.outcome)
    if isinstance(after, TicketRefusal):
        return _End(LetterState.HELD, after.value)
    if before is not None and after is not before.state:
        tickets.set_state(connection, kept.region, told.ticket, after, central.now())
        if TicketState.OPEN in (after, before.state):
            terminals.mirror_changed(connection, kept.region, kept.terminal)
        if after is TicketState.CLOSED:
            _collect(connection, central, kept, told)
    return _OPENED


def _collect(connection: Connection, central: Central, kept: KeptLetter, told: Collected) -> None:
    """The case whose ticket this was is done. One that went on meanwhile stays as it is: the collection is kept."""
    placed = supplements.placed_by_ticket(connection, kept.region, told.ticket)
    row = None if placed is None else cases.find_case(connection, placed.region, placed.case)
    if row is not None:
        facts = {"by": told.by, "terminal": kept.terminal}
        move_within(
            connection, central, row.region, row.case, CaseMove.COLLECT, who=CITIZEN, revision=row.revision, facts=facts
        )


def _bytes(attachment: Attachment) -> bytes:
    """The file's bytes; none when they are not base64url."""
    try:
        return un_b64u(attachment.data)
    except (ValueError, binascii.Error):
        return b""


@dataclass(frozen=True)
class _Sealed:
    """What a letter tells of a person, sealed by the vault before the transaction. Large files are on disk already,
    which nothing names until the commit."""

    person: SealedPerson = field(default=SealedPerson("", b""), repr=False)
    files: tuple[cases.PartRow, ...] = ()
    page_is_pdf: bool = False
    amends: amending.Prepared = field(default=amending.Prepared(), repr=False)


def _seal_up(central: Central, kept: KeptLetter, contents: Contents | _End) -> _Sealed:
    """Raises StoreUnavailable."""
    match contents:
        case Application():
            key = key_for(central.database, central.vault, kept.region, contents.case)
            told = Told(person=contents.person, answers=contents.answers)
            return _Sealed(seal_person(central.vault, key, told), *_files(central, kept, key, contents, 0))
        case ProofPrinted():
            key = key_for(central.database, central.vault, kept.region, contents.serial)
            return _Sealed(seal_person(central.vault, key, Told(person=contents.person)))
        case Amended():
            return _Sealed(amends=_prepared(central, kept, contents))
        case _:
            return _Sealed()


def _prepared(central: Central, kept: KeptLetter, told: Amended) -> amending.Prepared:
    """The files of an amendment as further parts of its case, sealed by the case's key; nothing when it cannot be."""
    with central.database.reading() as connection:
        row, _ = amending.find_target(central, connection, told)
        if row is None:
            return amending.Prepared()
        first = cases.next_part(connection, row.region, row.case)
        try:
            key = key_of(connection, central.vault, row.region, row.case)
        except VaultBroken:
            key = None
    if key is None:
        return amending.Prepared(row)
    sealed, page_is_pdf = _files(central, kept, key, told, first)
    return amending.Prepared(row, key, first, page_is_pdf, sealed)


def _files(
    central: Central, kept: KeptLetter, key: CaseKey, told: Application | Amended, first: int
) -> tuple[tuple[cases.PartRow, ...], bool]:
    """The page and the materials as parts of the case from number `first` on, and whether the page is a PDF."""
    rows: list[cases.PartRow] = []
    page_is_pdf = False
    for number, attachment in enumerate((told.page, *told.materials), first):
        data = _bytes(attachment)
        if not rows:
            page_is_pdf = attachment.media_type == "application/pdf" and data.startswith(b"%PDF-")
        name = sha256_hex(f"part\0{kept.region}\0{kept.id}\0{number}".encode())
        body = write_body(central.bodies, name, key.seal(part_label(number), data))
        rows.append(cases.PartRow(number, attachment.name, attachment.media_type, sha256_hex(data), len(data), body))
    return tuple(rows), page_is_pdf
