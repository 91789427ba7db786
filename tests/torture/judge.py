"""What must be true when everything has come to rest, looked up in both machines' own books.

Nobody has them open any more. Central is read through its own rooms, the terminal's store by SQLite alone.
"""

import datetime as dt
import hashlib
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from pydantic import ValidationError
from sqlcipher3 import dbapi2

from catalogue.files import load_files
from catalogue.loader import CatalogueMistakes
from central.jobs.audit import export
from central.jobs.opening import file_of
from central.jobs.unseal import unseal_pending
from central.keys import utc_now
from central.rules.audit import verify
from central.rules.letters import LetterState as AtCentral
from central.rules.progress import CaseMove, CaseNews, CaseState
from central.settings import CentralSettings
from central.store import cases, events, letters
from central.store.audit import newest
from central.store.database import Connection, StoreDamaged, StoreUnavailable
from central.store.letters import KeptLetter, read_body
from central.store.tables import incidents, ratings
from central.wiring import Central, open_central
from offline_cache.identity import Identity
from offline_cache.numbers import CHAIN, FIRST_LINK
from offline_cache.outbox import LetterState
from offline_cache.rescue import STORE_FILE
from tests.torture.editions import Published
from tests.torture.machines import REGION, TERMINAL, Machines
from tests.torture.program import Told
from tests.torture.terminal import deed_of, page_of
from trust import tokens
from trust.keys import USE_TERMINAL, KeyFileBroken, KeyRing
from wire.editions import SETTINGS_FILE, Edition
from wire.messages import LetterKind
from wire.tokens import Receipt

MOST = 1_000_000
HEAD = len(page_of("", 0))
OPEN = {"promised", "begun", "fed", "presented"}


@dataclass(frozen=True)
class Row:
    """A letter as the terminal's own book has it."""

    id: str
    subject: str
    kind: str
    sha256: str
    size: int
    state: str
    reason: str


@dataclass
class Verdict:
    """The findings by kind, and what was looked at. No finding: all is well."""

    lost: list[str] = field(default_factory=list)  # accepted, and not at central
    doubled: list[str] = field(default_factory=list)  # more than once, or a letter that nobody accepted
    changed: list[str] = field(default_factory=list)  # other bytes than were accepted
    left: list[str] = field(default_factory=list)  # waiting, parked, unopened, an open deed
    broken: list[str] = field(default_factory=list)  # chain, receipts, order, programs that ended by themselves
    accepted: int = 0  # letters that the terminal said it had accepted
    arrived: int = 0  # letters at central
    bytes: int = 0  # sealed, at central
    receipts: int = 0  # verified with the terminal's public key

    def all(self) -> list[str]:
        named = (("lost", self.lost), ("doubled", self.doubled), ("changed", self.changed), ("left", self.left))
        return [f"{name}: {each}" for name, found in (*named, ("broken", self.broken)) for each in found]


@dataclass(frozen=True)
class Book:
    """What the terminal's store has written down."""

    letters: dict[str, Row]
    deeds: dict[str, str]  # id -> state
    chain: int
    edition: tuple[int, bytes, str] | None  # version, body, sha256


def book_of(store: Path) -> Book:
    with closing(dbapi2.connect(str(store / STORE_FILE))) as connection:
        rows = connection.execute(
            "SELECT id, subject, kind, sha256, size, state, reason FROM letters ORDER BY seq"
        ).fetchall()
        deeds = dict(connection.execute("SELECT id, state FROM deeds").fetchall())
        counters = dict(connection.execute("SELECT name, value FROM counters").fetchall())
        edition = connection.execute("SELECT version, body, sha256 FROM editions").fetchone()
    return Book({row[0]: Row(*row) for row in rows}, deeds, counters.get(CHAIN, 0), edition)


def judged(machines: Machines) -> Verdict:
    """Of two machines at rest, before they are closed."""
    return judge(
        machines.terminal_folder, machines.central_folder, machines.identity(), machines.told, machines.editions,
        machines.database,
    )  # fmt: skip


def judge(
    terminal_folder: Path,
    central_folder: Path,
    identity: Identity,
    told: Told,
    published: Published,
    database: str = "",
) -> Verdict:
    """Compare what was said, what the terminal holds and what central holds; `database` as central is told it."""
    verdict = Verdict(accepted=len(told.accepted), broken=list(told.wrong) + told.damage)
    try:
        book = book_of(terminal_folder / "store")
        central = open_central(CentralSettings(central_folder, database=database))
    except (dbapi2.Error, StoreDamaged, StoreUnavailable, KeyFileBroken, OSError) as damage:
        verdict.broken.append(f"a book cannot be read: {type(damage).__name__} {damage}")
        return verdict
    try:
        unseal_pending(central)  # a kill may have come before: the next boot's first deed
        with central.database.reading() as connection:
            _letters(central, connection, book, told, verdict)
            _cases(central, connection, book, told, identity, verdict)
            _incidents(connection, book, told, verdict)
            _others(connection, book, verdict)
            _edition(connection, book, told, published, verdict)
        _audit(central, verdict)
    finally:
        central.close()
    return verdict


def _kept(connection: Connection) -> dict[str, KeptLetter]:
    ids = connection.execute(sa.text("SELECT id FROM letters")).scalars().all()
    found = {letter: letters.find(connection, REGION, letter) for letter in ids}
    return {letter: kept for letter, kept in found.items() if kept is not None}


def _letters(central: Central, connection: Connection, book: Book, told: Told, verdict: Verdict) -> None:
    kept = _kept(connection)
    verdict.arrived = len(kept)
    verdict.bytes = sum(letter.size for letter in kept.values())
    for letter, (_, case) in told.accepted.items():
        if letter not in book.letters:
            verdict.lost.append(f"letter {letter} of {case} is not in the terminal's store")
        if letter not in kept:
            verdict.lost.append(f"letter {letter} of {case} is not at central")
    verdict.lost += [
        f"letter {each} is not at central" for each in book.letters.keys() - kept.keys() - told.accepted.keys()
    ]
    verdict.doubled += [f"letter {each} is nobody's" for each in kept.keys() - book.letters.keys()]
    for row in book.letters.values():
        if row.state != LetterState.ACKED:
            verdict.left.append(f"letter {row.id} is {row.state} {row.reason}")
    latest: dict[str, tuple[dt.datetime, str]] = {}
    for row in book.letters.values():
        letter = kept.get(row.id)
        if letter is None:
            continue
        sealed = read_body(central.bodies, letter.body)
        if (hashlib.sha256(sealed).hexdigest(), len(sealed), letter.sha256) != (row.sha256, row.size, row.sha256):
            verdict.changed.append(f"letter {row.id} is not the bytes that were sealed")
        if letter.state is not AtCentral.OPENED:
            verdict.left.append(f"letter {row.id} is {letter.state.value} at central: {letter.note}")
        before = latest.get(row.subject)
        if before is not None and letter.received_at < before[0]:
            verdict.broken.append(f"letter {row.id} overtook {before[1]} of its subject")
        latest[row.subject] = (letter.received_at, row.id)
    verdict.doubled += [f"conflict over {row['id']}" for row in letters.conflicts(connection, MOST)]
    verdict.broken += [f"refused: {row['id']} {row['reason']}" for row in letters.refused(connection, MOST)]


def _cases(
    central: Central, connection: Connection, book: Book, told: Told, identity: Identity, verdict: Verdict
) -> None:
    """Each application a case, once; its page the very bytes; its receipt believed; the chain without a gap."""
    ring = KeyRing((identity.key.public(USE_TERMINAL),))
    rows = cases.newest_cases(connection, MOST)
    by_letter = Counter(row.letter for row in rows)
    numbers = Counter(row.case for row in rows)
    applications = {row.id for row in book.letters.values() if row.kind == LetterKind.APPLICATION}
    verdict.doubled += [f"case {case} is there {times} times" for case, times in numbers.items() if times > 1]
    verdict.doubled += [f"letter {letter} made {times} cases" for letter, times in by_letter.items() if times > 1]
    verdict.lost += [f"letter {each} has no case" for each in sorted(applications - by_letter.keys())]
    links: dict[int, tuple[str, str]] = {}
    for row in rows:
        said = told.accepted.get(row.letter)
        if said is not None and said[1] != row.case:
            verdict.changed.append(f"case {said[1]} has become {row.case}")
        if row.flags:
            verdict.changed.append(f"central doubts case {row.case}: {', '.join(row.flags)}")
        _way(connection, row, verdict)
        for part in cases.case_parts(connection, REGION, row.case):
            found = file_of(central, REGION, row.case, part.part)
            if found is None:
                verdict.lost.append(f"part {part.part} of case {row.case}")
            elif found[1] != page_of(row.case, len(found[1]) - HEAD):
                verdict.changed.append(f"part {part.part} of case {row.case}")
        receipt = tokens.read(row.receipt, ring, USE_TERMINAL, row.submitted_at)
        if not isinstance(receipt, Receipt) or receipt.case != row.case:
            verdict.broken.append(f"the receipt of case {row.case} does not verify")
            continue
        verdict.receipts += 1
        if receipt.counter in links:
            verdict.doubled.append(f"two receipts have the number {receipt.counter}")
        links[receipt.counter] = (hashlib.sha256(row.receipt.encode()).hexdigest(), receipt.previous)
        if book.deeds.get(deed_of(row.case)) is None:
            verdict.lost.append(f"the deed of case {row.case}")
    verdict.broken += _gaps(links, book.chain)
    chained = {counter: (sha256, before) for counter, sha256, before in cases.chain(connection, REGION, TERMINAL, MOST)}
    if chained != links:
        verdict.broken.append("central's chain is not the receipts' own")


def _others(connection: Connection, book: Book, verdict: Verdict) -> None:
    """What is no application has made one row of its kind, too."""
    for kind, table in ((LetterKind.RATED, ratings), (LetterKind.INCIDENT, incidents)):
        made = Counter(connection.execute(sa.select(table.c.letter)).scalars())
        sent = {row.id for row in book.letters.values() if row.kind == kind}
        verdict.lost += [f"letter {each} has become no row of {table.name}" for each in sorted(sent - made.keys())]
        verdict.doubled += [f"letter {each} made {times} {table.name}" for each, times in made.items() if times > 1]


WAY = (
    (CaseNews.OPENED, CaseState.RECEIVED, CaseState.RECEIVED),
    (CaseMove.CHECK, CaseState.RECEIVED, CaseState.CHECKED),
)
"""What happens to a case of which nothing is to be doubted, before anybody has looked at it."""


def _way(connection: Connection, row: cases.CaseRow, verdict: Verdict) -> None:
    """A case was opened once and checked once; its events lead to where it is, and the audit has each of them once."""
    way = events.of_case(connection, REGION, row.case)
    if [each.number for each in way] != list(range(1, len(way) + 1)):
        verdict.broken.append(f"the events of case {row.case} have a gap")
    if tuple((each.what, each.before, each.after) for each in way) != WAY or row.state is not CaseState.CHECKED:
        went = ", ".join(each.what for each in way)
        verdict.broken.append(f"case {row.case} went {went or 'no way'} and is {row.state.value}")
    audited = [each.what for each in reversed(newest(connection, MOST, region=REGION, about=row.case))]
    if audited != [f"case.{each.what}" for each in way]:
        verdict.broken.append(f"the audit of case {row.case} is {', '.join(audited) or 'empty'}")


def _audit(central: Central, verdict: Verdict) -> None:
    """Every chain of the audit, as an auditor verifies its export."""
    found = verify(export(central), KeyRing(central.keys.ever()), utc_now())
    verdict.broken += [f"the audit: {fault.word} {fault.region} {fault.seq}" for fault in found.faults]


def _edition(connection: Connection, book: Book, told: Told, published: Published, verdict: Verdict) -> None:
    """The terminal has the newest good edition, whole, and never had another one's."""
    newest_good = max(published.good, default=0)
    rows = connection.execute(sa.text("SELECT version, body FROM editions"))
    at_central: dict[int, bytes] = {row.version: row.body for row in rows}
    verdict.lost += [f"edition {each} is not at central" for each in {*published.good} - at_central.keys()]
    taken = {version for _, version in told.editions}
    verdict.broken += [f"edition {each} is good for nobody and was taken" for each in taken & {*published.bad}]
    version, body, sha256 = book.edition or (0, b"", "")
    if version != newest_good:
        verdict.left.append(f"the terminal has edition {version}, and {newest_good} is the newest")
    if not version:
        return
    try:
        held, sent = Edition.model_validate_json(body), Edition.model_validate_json(at_central.get(version, b""))
        load_files(held.files)
    except (ValidationError, CatalogueMistakes) as broken:
        verdict.changed.append(f"edition {version} is not whole: {type(broken).__name__}")
        return
    published_files = {SETTINGS_FILE: "", **sent.files}  # who knows it, is always sent one
    if hashlib.sha256(body).hexdigest() != sha256 or held != sent.model_copy(update={"files": published_files}):
        verdict.changed.append(f"edition {version} is not what central published")


def _gaps(links: dict[int, tuple[str, str]], last: int) -> list[str]:
    if sorted(links) != list(range(1, last + 1)):
        return [f"the terminal signed receipts 1 to {last}, central has {len(links)} of them"]
    before = FIRST_LINK
    for counter in range(1, last + 1):
        sha256, previous = links[counter]
        if previous != before:
            return [f"receipt {counter} does not follow receipt {counter - 1}"]
        before = sha256
    return []


def _incidents(connection: Connection, book: Book, told: Told, verdict: Verdict) -> None:
    """Every deed came to its end; one that nobody can tell has its letter, once."""
    told_of = Counter(row["deed"] for row in cases.incidents_of(connection, REGION, TERMINAL, MOST))
    for deed, state in book.deeds.items():
        if state in OPEN:
            verdict.left.append(f"deed {deed} is {state}")
        if told_of[deed] != (state == "unknown"):
            verdict.broken.append(f"deed {deed} is {state} and has {told_of[deed]} incidents")
    for deed in told.settled.keys() | told.marked.keys():
        if deed not in book.deeds:
            verdict.lost.append(f"deed {deed}")
    for deed, (_, state) in told.marked.items():
        if state == "done" and book.deeds.get(deed) not in ("done", None):
            verdict.broken.append(f"deed {deed} was done and is {book.deeds[deed]}")
