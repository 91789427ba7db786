"""Opening letters: what they tell goes where it belongs, in one transaction with the letters' new state.

Several are opened together, because a statement for twenty rows costs little more than for one. A letter that cannot
be opened, or makes no sense, stays as it came and is shown; nothing is ever dropped here. Past 400 lines because what
becomes of each kind of letter, and what may go wrong with one of a group, is read together or misread.
"""

import binascii
import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import assert_never

from pydantic import TypeAdapter

from central.events.arrivals import MOST_AT_ONCE as MOST_TERMINALS
from central.jobs import amending
from central.jobs.arriving import arrived
from central.jobs.casework import CITIZEN, move_within
from central.jobs.deciding import decide_all
from central.rules.cases import Part, check_application, check_proof
from central.rules.letters import LetterState, in_our_numbers, in_our_time
from central.rules.progress import CaseMove
from central.rules.tickets import TicketRefusal, TicketState, after_collected
from central.store import cases, letters, ratings, supplements, tickets
from central.store import terminals as store
from central.store.additions import Additions
from central.store.database import Connection, KeyTaken, StoreUnavailable
from central.store.letters import KeptLetter, read_body, write_body
from central.store.vault import SealedPerson, Told, key_of, keys_of, part_label, seal_person
from central.wiring import Central
from trust.keys import USE_TERMINAL, KeyRing
from trust.sealing import SealBroken
from trust.tokens import read
from trust.vault import CaseKey, VaultBroken, WrappedKey
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


MOST_AT_ONCE = 32
"""Letters that are read from the database together."""

TOGETHER = 1024 * 1024
"""Bytes of sealed letters that are open in memory together, a larger one alone."""

_ALONE = frozenset({LetterKind.AMENDED.value, LetterKind.COLLECTED.value})
"""What moves cases that are there already: nothing else is held while it waits for such a case."""

_Wait = tuple[str, str]
"""Terminal and subject, of which a letter could not be opened now: none of those behind it overtakes it."""


@dataclass(frozen=True)
class _End:
    """What became of a letter, and which case it belongs to that may go on by rule."""

    state: LetterState
    note: str = ""
    case: tuple[str, str] | None = None


_OPENED = _End(LetterState.OPENED)


@dataclass(frozen=True)
class _Ready:
    """A letter that is open: all that is needed to write down what it tells."""

    kept: KeptLetter
    contents: Contents | _End
    sealed: "_Sealed"
    keys: KeyRing


def unseal_pending(central: Central) -> int:
    """Open all that waits, here and now; how many were. What another worker is opening is left to it.

    Raises StoreUnavailable.
    """
    done = 0
    while True:
        with central.database.reading() as connection:
            waiting = letters.waiting_terminals(connection, MOST_TERMINALS)
        regions = dict.fromkeys(region for region, _ in waiting)
        now = sum(
            open_letters(central, region, [terminal for each, terminal in waiting if each == region])
            for region in regions
        )
        done += now
        if not now:
            return done


def open_letters(
    central: Central,
    region: str,
    terminals: Sequence[str],
    stop: Callable[[], bool] = lambda: False,
    until: float | None = None,
) -> int:
    """Open what waits of these terminals, oldest first; how many were. Raises StoreUnavailable.

    A terminal has one worker at a time that opens for it: so no letter is opened twice, and none of a subject before
    an earlier one of it. Those whose letters another worker opens are told to `central.arrivals` again, as are those
    whose letters this made possible. `stop` is asked between groups; nothing is begun after `until`
    (`time.monotonic`), also when somebody else in this worker is opening all the while.
    """
    free: Collection[str] = terminals
    after, blocked, done = letters.BEGINNING, set[_Wait](), 0
    while free and not stop():
        with _holding(central, region, free, until) as mine:
            if mine is None:
                return done
            for terminal in set(free).difference(mine):
                central.arrivals.add(region, terminal)
            free = mine
            with central.database.reading() as connection:
                page = letters.waiting(connection, region, free, after, MOST_AT_ONCE) if free else ()
                keys = store.keys_of_all(connection, region, {kept.terminal for kept in page}) if page else {}
            if not page:
                return done
            rings = {terminal: KeyRing(found) for terminal, found in keys.items()}
            for group in _groups(page):
                if stop():
                    return done
                done += _open_group(central, group, rings, blocked)
                after = letters.Place(group[-1].received_at, group[-1].seq, group[-1].id)
            if len(page) < MOST_AT_ONCE:
                return done  # what came meanwhile was told of by who took it in
    return done


@contextmanager
def _holding(
    central: Central, region: str, terminals: Collection[str], until: float | None
) -> Iterator[Collection[str] | None]:
    """Those of the terminals that no other worker opens for; None when it was not our turn in this worker."""
    names = {f"open {region} {terminal}": terminal for terminal in terminals}
    with central.opening.turn(until) as ours:
        if not ours:
            yield None
            return
        with central.database.holding_free(names) as free:
            yield [names[name] for name in free]


def _groups(page: Sequence[KeptLetter]) -> Iterator[list[KeptLetter]]:
    """What is opened together: in their order, not much memory, and nothing that should be alone."""
    group: list[KeptLetter] = []
    for kept in page:
        alone = kept.kind in _ALONE
        if group and (alone or sum(each.size for each in group) + kept.size > TOGETHER):
            yield group
            group = []
        group.append(kept)
        if alone:
            yield group
            group = []
    if group:
        yield group


def _open_group(central: Central, group: Sequence[KeptLetter], rings: dict[str, KeyRing], blocked: set[_Wait]) -> int:
    """Open these letters of one region; how many were."""
    opened: list[tuple[KeptLetter, Contents | _End]] = []
    for kept in group:
        subject = kept.terminal, kept.subject
        if subject in blocked:
            continue
        try:
            opened.append((kept, open_letter(central, kept)))
        except StoreUnavailable as world:
            LOG.warning("letter %s stays unopened for now: %s; tried again by itself", kept.id, world)
            blocked.add(subject)
        except Exception as ours:  # noqa: BLE001 - as in `_write_down`
            _hold(central, kept, ours)
    done = 0
    while opened:
        together, opened = _unlike(opened)
        done += _write_down(central, together, rings, blocked)
    return done


def _unlike(
    opened: list[tuple[KeptLetter, Contents | _End]],
) -> tuple[list[tuple[KeptLetter, Contents | _End]], list[tuple[KeptLetter, Contents | _End]]]:
    """As many as are about different things, and the rest: the second about one finds the first in the database."""
    seen: set[str] = set()
    for at, (_, contents) in enumerate(opened):
        about = _about(contents)
        if about in seen:
            return opened[:at], opened[at:]
        seen.update((about,) if about else ())
    return opened, []


def _about(contents: Contents | _End) -> str:
    """What gets a key of its own by this letter: a case's number or a proof's serial."""
    match contents:
        case Application():
            return contents.case
        case ProofPrinted():
            return contents.serial
        case _:
            return ""


def _write_down(
    central: Central,
    opened: Sequence[tuple[KeptLetter, Contents | _End]],
    rings: dict[str, KeyRing],
    blocked: set[_Wait],
) -> int:
    """Write down what letters tell, in one transaction; how many were. Raises StoreUnavailable.

    It does not wait for the disk: the letters are on it, and are opened again should a power cut undo this. When one
    of them makes this program stumble, each is tried alone; the one on which it stumbles then is held for a person,
    who has it opened again when the mistake is mended: it must stop neither the others nor central's start.
    """
    for last in (False, True):
        try:
            ends = _write_together(central, opened, rings, sure=last)
        except StoreUnavailable:
            raise
        except Exception as ours:  # noqa: BLE001 - whatever our mistake is, the letter is kept and the others go on
            if len(opened) > 1:
                return sum(_write_down(central, (each,), rings, blocked) for each in opened)
            if last or not isinstance(ours, KeyTaken):  # else another transaction took the number a moment ago
                _hold(central, opened[0][0], ours)
                return 0
        else:
            back = [kept for kept, _ in opened if ends.get(kept.id, _OPENED).state is LetterState.RECEIVED]
            blocked.update((kept.terminal, kept.subject) for kept in back)
            return len(ends) - len(back)
    raise AssertionError  # the second round ends it


def _hold(central: Central, kept: KeptLetter, ours: Exception) -> None:
    LOG.error("letter %s met a mistake of ours: %s; tell the maker", kept.id, type(ours).__name__)
    with central.database.writing() as connection:
        if letters.claim(connection, kept.region, [kept.id]):
            letters.set_state(connection, kept.region, kept.id, LetterState.HELD, OUR_MISTAKE)


def _write_together(
    central: Central, opened: Sequence[tuple[KeptLetter, Contents | _End]], rings: dict[str, KeyRing], *, sure: bool
) -> dict[str, _End]:
    """What became of those letters that waited still. Raises StoreUnavailable, KeyTaken."""
    region = opened[0][0].region
    with central.database.reading() as connection:
        known = _known(connection, central, region, [contents for _, contents in opened], sure=sure)
    ready = [
        _Ready(kept, contents, _seal_up(central, kept, contents, known), rings.get(kept.terminal, KeyRing(())))
        for kept, contents in opened
    ]
    ends: dict[str, _End] = {}
    woken: tuple[tuple[str, str], ...] = ()
    with central.database.writing(durable=False) as connection:
        mine = letters.claim(connection, region, [each.kept.id for each in ready])
        added = Additions()
        for each in ready:
            if each.kept.id in mine:  # else another process opened it meanwhile
                end = each.contents if isinstance(each.contents, _End) else _apply(connection, central, each, added)
                ends[each.kept.id] = end
                if end.state is not LetterState.OPENED or end.note:
                    letters.set_state(connection, region, each.kept.id, end.state, end.note)
        added.write(connection)
        woken = amending.wake(connection, added.new_cases)
    for each in ready:
        if told := ends.get(each.kept.id):
            LOG.info("letter %s of %s: %s %s", each.kept.id, each.kept.terminal, told.state.value, told.note)
    for other_region, terminal in woken:
        central.arrivals.add(other_region, terminal)
    decide_all(central, [end.case for end in ends.values() if end.case is not None])
    return ends


@dataclass(frozen=True)
class _Known:
    """What the database has already of what a group of letters tells: case numbers that are taken, and keys."""

    taken: Collection[str]
    keys: Mapping[str, CaseKey]


def _known(
    connection: Connection, central: Central, region: str, opened: Sequence[Contents | _End], *, sure: bool
) -> _Known:
    """Who takes a number takes a key: unless this must be `sure`, only numbers that have a key are looked for."""
    about = [_about(each) for each in opened if _about(each)]
    keys = keys_of(connection, central.vault, region, about)
    numbers = [each.case for each in opened if isinstance(each, Application) and (sure or each.case in keys)]
    return _Known(cases.taken(connection, region, numbers), keys)


def open_letter(central: Central, kept: KeptLetter) -> Contents | _End:
    """What a letter tells; how it ends when it cannot be opened."""
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


def _apply(connection: Connection, central: Central, ready: _Ready, added: Additions) -> _End:
    kept, contents, sealed = ready.kept, ready.contents, ready.sealed
    if sealed.new_key is not None:
        added.key(kept.region, _about(contents), sealed.new_key)
    match contents:
        case Application():
            return _application(connection, central, ready, contents, added)
        case ProofPrinted():
            token = read(contents.token, ready.keys, USE_TERMINAL, contents.printed_at)
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
            done = amending.apply(connection, central, kept, contents, sealed.amends, ready.keys)
            if done is None:
                return _End(LetterState.RECEIVED)  # its case moved a moment ago: it is tried again
            return _End(done.state, done.note, case=done.case)
        case _End():
            return contents
        case _:
            assert_never(contents)


def _application(connection: Connection, central: Central, ready: _Ready, told: Application, added: Additions) -> _End:
    kept, sealed = ready.kept, ready.sealed
    if sealed.taken:
        return _End(LetterState.HELD, CASE_TAKEN)
    token = read(told.receipt, ready.keys, USE_TERMINAL, told.submitted_at)
    receipt = token if isinstance(token, Receipt) else None
    parts = [
        Part(each.sha256, file.sha256) for each, file in zip((told.page, *told.materials), sealed.files, strict=True)
    ]
    flags = check_application(told, kept.terminal, receipt, parts, page_is_pdf=sealed.page_is_pdf)
    arrived(connection, central, kept, told, sealed.person, flags, added)
    for file in sealed.files:
        added.part(kept.region, told.case, file)
    if receipt is not None and in_our_numbers(receipt.counter):
        added.receipt(kept, told.receipt, receipt)
    item = central.item(told.item, kept.region)
    ruled = item is not None and item.decision is not None
    return _End(LetterState.OPENED, case=(kept.region, told.case) if ruled else None)


def _collected(connection: Connection, central: Central, kept: KeptLetter, told: Collected) -> _End:
    cases.add_collection(connection, kept, told)
    before = tickets.find(connection, kept.region, told.ticket)
    after = after_collected(before, kept.terminal, told.outcome)
    if isinstance(after, TicketRefusal):
        return _End(LetterState.HELD, after.value)
    if before is not None and after is not before.state:
        tickets.set_state(connection, kept.region, told.ticket, after, central.now())
        if TicketState.OPEN in (after, before.state):
            store.mirror_changed(connection, kept.region, kept.terminal)
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

    taken: bool = False
    new_key: WrappedKey | None = field(default=None, repr=False)
    person: SealedPerson = field(default=SealedPerson("", b""), repr=False)
    files: tuple[cases.PartRow, ...] = ()
    page_is_pdf: bool = False
    amends: amending.Prepared = field(default=amending.Prepared(), repr=False)


def _seal_up(central: Central, kept: KeptLetter, contents: Contents | _End, known: _Known) -> _Sealed:
    """Raises StoreUnavailable."""
    match contents:
        case Application() if contents.case in known.taken:
            return _Sealed(taken=True)
        case Application() | ProofPrinted():
            about, new = _about(contents), None
            key = known.keys.get(about)
            if key is None:
                key, new = central.vault.new_key(kept.region, about)
            answers = contents.answers if isinstance(contents, Application) else {}
            person = seal_person(central.vault, key, Told(person=contents.person, answers=answers))
            if isinstance(contents, ProofPrinted):
                return _Sealed(new_key=new, person=person)
            files, page_is_pdf = _files(central, kept, key, contents, 0)
            return _Sealed(new_key=new, person=person, files=files, page_is_pdf=page_is_pdf)
        case Amended():
            return _Sealed(amends=prepared_for(central, kept, contents))
        case _:
            return _Sealed()


def prepared_for(central: Central, kept: KeptLetter, told: Amended) -> amending.Prepared:
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
        sealed = key.seal(part_label(number), data)
        # named by its bytes: should another process open the same letter, neither writes into the other's file
        name = sha256_hex(f"part\0{kept.region}\0{kept.id}\0{number}\0".encode() + sealed[:64])
        body = write_body(central.bodies, name, sealed)
        rows.append(cases.PartRow(number, attachment.name, attachment.media_type, sha256_hex(data), len(data), body))
    return tuple(rows), page_is_pdf
