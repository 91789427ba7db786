"""Letters that cannot be sent, in a technician's hands: listed, tried again, carried to central and acknowledged.

    list                      what is not acknowledged: about what, since when, why, whose it is, what can be done
    export TO [LETTER …]      parked letters as sealed files into the folder TO; others by their numbers
    retry [LETTER …]          let parked letters be sent again
    acknowledge FILE …        what central's desk gave back for carried letters

A LETTER is its number or the end of it, such as the eight characters that `list` puts in front. Only while the
terminal's program does not run: the store has one owner. Nothing that a letter says can be seen here.
Exit codes: 0 done · 1 nothing was done, or not all · 2 not possible now, and why.
"""

import argparse
import datetime as dt
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from offline_cache.boot import MADE_MARK, Opened, open_store
from offline_cache.clock import Clock
from offline_cache.identity import USUAL_TPM, Identity, IdentityFault
from offline_cache.outbox import LetterRow, LetterState
from offline_cache.own_key import let_go
from offline_cache.store import SqlStore, StoreSettings
from trust.keys import KeyUnavailable
from trust.tpm import Opener
from wire.deeds import StoreBroken
from wire.exported import SUFFIX
from wire.ids import LetterId

DONE, NOT_ALL, NOT_NOW = 0, 1, 2
LISTED = 1000
LARGEST_ANSWER = 16 * 1024 * 1024
SHORT = 8
"""Characters at the end of a letter's number that people say: the beginning is its time, and much the same for all."""
_LEAST = 4


class Sentences(Protocol):
    """The terminal's sentences; those of technicians begin with `letters.`."""

    def has(self, key: str) -> bool: ...

    def say(self, key: str, language: str, **parameters: object) -> str: ...


@dataclass(frozen=True)
class Manner:
    """How a technician is spoken to. `say` gets a line; times are told in `zone`."""

    say: Callable[[str], None]
    sentences: Sentences
    zone: dt.tzinfo = dt.UTC
    oldest: dt.timedelta = dt.timedelta(hours=24)  # a letter that waits longer raises its alarm

    def tell(self, key: str, indent: str = "", **facts: object) -> None:
        """One sentence in both languages: nobody asked the technician for his."""
        for language in ("zh", "en"):
            self.say(indent + self.sentences.say(f"letters.{key}", language, **facts))


def asked(words: Sequence[str]) -> argparse.Namespace:
    """What a technician's words ask for. Ends the program with a usage line when they make no sense."""
    parser = argparse.ArgumentParser(
        prog="--letters", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("list", help="letters that are not acknowledged, parked ones first")
    sub = what.add_parser("export", help="write letters to files, to be carried to central")
    sub.add_argument("to", type=Path, metavar="TO", help="a folder, such as a stick's")
    sub.add_argument("letter", nargs="*", help="their numbers; all parked ones when left out")
    sub = what.add_parser("retry", help="let parked letters be sent again")
    sub.add_argument("letter", nargs="*", help="their numbers; all parked ones when left out")
    sub = what.add_parser("acknowledge", help="take in what central's desk gave back")
    sub.add_argument("file", type=Path, nargs="+", help="*.nuanting-acks")
    return parser.parse_args(words)


def run(
    folder: Path, told: argparse.Namespace, clock: Clock, manner: Manner, settings: StoreSettings | None = None,
    tpm: Opener = USUAL_TPM,
) -> int:  # fmt: skip
    """Do what was asked of the store in `folder`; the exit code."""
    identity = _identity(folder, tpm, manner)
    if identity is None:
        return NOT_NOW
    opened = open_store(folder, identity, clock, settings)
    if not isinstance(opened, Opened):
        let_go(identity.key)
        manner.tell(f"unusable.{opened.reason.value.removeprefix('store.')}")
        return NOT_NOW
    if opened.report.damage is not None:
        manner.tell("rescued", folder=opened.report.damage.set_aside)
    try:
        return _done(opened.store, told, clock, manner)
    except StoreBroken as broken:
        manner.tell("disk", word=str(broken))
        return NOT_NOW
    except KeyUnavailable as unavailable:
        manner.tell("key", word=unavailable.fault)
        return NOT_NOW
    except OSError as refused:
        manner.tell("stick", path=refused.filename or getattr(told, "to", folder), why=_why(refused))
        return NOT_NOW
    finally:
        opened.store.close()
        let_go(identity.key)


def _identity(folder: Path, tpm: Opener, manner: Manner) -> Identity | None:
    """Whose store lies there; None where nobody's does, which was then told."""
    try:
        if not folder.is_dir():
            manner.tell("not_a_folder" if folder.exists() else "no_folder", folder=folder)
            return None
        may = os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    except PermissionError:
        may = False
    if not may:
        manner.tell("no_rights", folder=folder)
        return None
    identity = Identity.load(folder, tpm)
    if isinstance(identity, IdentityFault):
        if identity.of_the_key:
            manner.tell("key", word=identity.value)
        else:
            manner.tell("not_enrolled" if identity is IdentityFault.MISSING else "identity_damaged", folder=folder)
        return None
    if not (folder / MADE_MARK).exists():
        manner.tell("not_begun", terminal=identity.terminal, folder=folder)
        let_go(identity.key)
        return None
    return identity


def _done(store: SqlStore, told: argparse.Namespace, clock: Clock, manner: Manner) -> int:
    match told.what:
        case "list":
            return _list(store, clock.now(), manner)
        case "export":
            if not told.to.is_dir():
                manner.tell("no_stick", path=told.to)
                return NOT_NOW
            return _each(store, told.letter, manner, lambda letter: _export(store, letter, told.to, manner))
        case "retry":
            return _each(store, told.letter, manner, lambda letter: _retry(store, letter, manner))
        case _:
            return _acknowledge(store, told.file, manner)


# ---- the list -----------------------------------------------------------------------------------------------


def _list(store: SqlStore, now: dt.datetime, manner: Manner) -> int:
    waiting = store.waiting()
    manner.tell("counts", waiting=waiting.letters, parked=waiting.parked, bytes=waiting.bytes)
    rows = store.letters(LISTED)
    if not rows:
        manner.tell("none")
        return DONE
    manner.tell("whose", region=store.identity.region, terminal=store.identity.terminal)
    stopped = {row.subject for row in rows if row.state is LetterState.PARKED}
    for row in rows:
        manner.say("")
        _tell_row(row, now, stopped, manner)
    manner.say("")
    hidden = waiting.letters + waiting.parked - len(rows)
    if hidden > 0:
        manner.tell("more", count=hidden)
    for may in ("retry", "export", "acknowledge"):
        manner.tell(f"may.{may}")
    return DONE


def _tell_row(row: LetterRow, now: dt.datetime, stopped: set[str], manner: Manner) -> None:
    """Which, about which case or ticket, since when; why it is here, and whose it is. Nothing of a person."""
    age = max(dt.timedelta(), now - row.created_at)
    hours = int(age.total_seconds() // 3600)
    since = f"{row.created_at.astimezone(manner.zone):%Y-%m-%d %H:%M}"
    ago = f"({hours} h)" if hours < 48 else f"({hours // 24} d)"
    told = (
        row.id[-SHORT:], row.kind.value, row.subject, since, ago, f"{row.size} bytes", f"tried {row.tries}×",
        row.state.value, row.reason,
    )  # fmt: skip
    manner.say("  ".join(word for word in told if word))
    indent = " " * (SHORT + 2)
    manner.say(f"{indent}{row.id}")
    if row.state is LetterState.PARKED:
        _tell_why(row.reason, indent, manner)
        manner.tell("owner.parked", indent)
        return
    if row.subject in stopped:
        manner.tell("why.behind", indent)
    elif row.reason:
        _tell_why(row.reason, indent, manner)
    else:
        manner.tell("why.unsent", indent)
    if age > manner.oldest:
        manner.tell("owner.old", indent, hours=int(manner.oldest.total_seconds() // 3600))


def _tell_why(reason: str, indent: str, manner: Manner) -> None:
    if manner.sentences.has(f"letters.why.{reason}"):
        manner.tell(f"why.{reason}", indent)
    else:
        manner.tell("why.other", indent, word=reason)


# ---- what may be done ---------------------------------------------------------------------------------------


def _each(store: SqlStore, named: Sequence[str], manner: Manner, work: Callable[[LetterRow], bool]) -> int:
    """Do it with the letters that are named, or with every parked one; `work` says what it did, False for nothing."""
    rows = store.letters(LISTED)
    letters = [row for row in rows if row.state is LetterState.PARKED]
    failed = 0
    if named:
        letters = []
        for name in named:
            found = [row for row in rows if row.id == name or (len(name) >= _LEAST and row.id.endswith(name))]
            if len(found) == 1:
                letters.append(found[0])
            else:
                manner.tell("several" if found else "unknown", letter=name)
                failed += 1
    elif not letters:
        manner.tell("none_parked")
    failed += sum(not work(row) for row in letters)
    return NOT_ALL if failed else DONE


def _export(store: SqlStore, row: LetterRow, to: Path, manner: Manner) -> bool:
    file = to / f"{Path(row.id).name}{SUFFIX}"
    if store.export(row.id, file):
        manner.tell("exported", letter=row.id, path=file)
        return True
    manner.tell("unknown", letter=row.id)
    return False


def _retry(store: SqlStore, row: LetterRow, manner: Manner) -> bool:
    done = store.unpark(LetterId(row.id))
    manner.tell("again" if done else "not_parked", letter=row.id)
    return done


def _acknowledge(store: SqlStore, files: Sequence[Path], manner: Manner) -> int:
    code = DONE
    for file in files:
        try:
            with file.open("rb") as came:
                moved = store.take_acks(came.read(LARGEST_ANSWER))
        except OSError as unreadable:
            manner.tell("acks.unreadable", file=file.name, why=_why(unreadable))
            code = NOT_ALL
            continue
        if moved:
            manner.tell("acks.moved", file=file.name, count=moved)
        else:
            manner.tell("acks.nothing", file=file.name)
            code = NOT_ALL
    return code


def _why(refused: OSError) -> str:
    return refused.strerror or type(refused).__name__
