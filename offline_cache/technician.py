"""Letters that cannot be sent, in a technician's hands: listed, tried again, carried to central and acknowledged.

    list                      what is not acknowledged: number, kind, size, age, state, tries, reason
    export TO [LETTER …]      parked letters as sealed files into the folder TO; others by their numbers
    retry [LETTER …]          let parked letters be sent again
    acknowledge FILE …        what central's desk gave back for carried letters

Only while the terminal's program does not run: the store has one owner. Nothing that a letter says can be seen here.
Exit codes: 0 done · 1 nothing was done, or not all · 2 not possible now, and why.
"""

import argparse
import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from offline_cache.boot import MADE_MARK, Opened, WhyUnusable, open_store
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

Say = Callable[[str], None]

_UNUSABLE = {
    WhyUnusable.IN_USE: "the terminal's program is running: stop it first, it starts again by itself",
    WhyUnusable.NEWER: "the store was written by a later release than this one",
    WhyUnusable.FULL: "the disk is full",
    WhyUnusable.BROKEN: "the disk cannot be read or written",
}


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
    folder: Path, told: argparse.Namespace, clock: Clock, say: Say, settings: StoreSettings | None = None,
    tpm: Opener = USUAL_TPM,
) -> int:  # fmt: skip
    """Do what was asked of the store in `folder`; the exit code."""
    identity = Identity.load(folder, tpm)
    if isinstance(identity, IdentityFault) and identity.of_the_key:
        say(f"not possible: the terminal's key cannot be used: {identity.value} (--key show says more)")
        return NOT_NOW
    if isinstance(identity, IdentityFault) or not (folder / MADE_MARK).exists():
        say(f"{folder} holds no terminal's store")
        return NOT_NOW
    opened = open_store(folder, identity, clock, settings)
    if not isinstance(opened, Opened):
        say(f"not possible: {_UNUSABLE[opened.reason]}")
        return NOT_NOW
    if opened.report.damage is not None:
        say(f"the store was damaged: what is readable was rescued, the rest lies in {opened.report.damage.set_aside}")
    try:
        return _done(opened.store, told, clock, say)
    except StoreBroken as broken:
        say(f"the terminal's disk refused: {broken}")
        return NOT_NOW
    except KeyUnavailable as unavailable:
        say(f"the terminal's key cannot be used: {unavailable}")
        return NOT_NOW
    except OSError as refused:
        say(f"the folder or stick refused: {refused.strerror or type(refused).__name__}")
        return NOT_NOW
    finally:
        opened.store.close()
        let_go(identity.key)


def _done(store: SqlStore, told: argparse.Namespace, clock: Clock, say: Say) -> int:
    match told.what:
        case "list":
            return _list(store, clock.now(), say)
        case "export":
            return _each(store, told.letter, say, lambda letter: _export(store, letter, told.to))
        case "retry":
            return _each(store, told.letter, say, lambda letter: _retry(store, letter))
        case _:
            return _acknowledge(store, told.file, say)


def _list(store: SqlStore, now: dt.datetime, say: Say) -> int:
    waiting = store.waiting()
    say(f"{waiting.letters} waiting, {waiting.parked} parked, {waiting.bytes} bytes")
    for row in store.letters(LISTED):
        say(_line(row, now))
    return DONE


def _line(row: LetterRow, now: dt.datetime) -> str:
    hours = max(0, int((now - row.created_at).total_seconds() // 3600))
    age = f"{hours} h" if hours < 48 else f"{hours // 24} d"
    told = (row.id, row.kind.value, f"{row.size} bytes", age, row.state.value, f"{row.tries} tries", row.reason)
    return "  ".join(word for word in told if word)


def _each(store: SqlStore, named: Sequence[str], say: Say, work: Callable[[LetterId], str | None]) -> int:
    """Do it with the letters that are named, or with every parked one; `work` says what it did, None for nothing."""
    parked = [row.id for row in store.letters(LISTED) if row.state is LetterState.PARKED]
    letters = [LetterId(each) for each in named] or parked
    done = 0
    for letter in letters:
        said = work(letter)
        done += said is not None
        say(f"{letter}: {said or 'no such letter, or its bytes are gone'}")
    if not letters:
        say("no letter is parked")
    return DONE if done == len(letters) else NOT_ALL


def _export(store: SqlStore, letter: LetterId, to: Path) -> str | None:
    file = to / f"{Path(letter).name}{SUFFIX}"
    return f"written to {file}" if store.export(letter, file) else None


def _retry(store: SqlStore, letter: LetterId) -> str | None:
    return "will be sent again" if store.unpark(letter) else None


def _acknowledge(store: SqlStore, files: Sequence[Path], say: Say) -> int:
    code = DONE
    for file in files:
        try:
            with file.open("rb") as came:
                moved = store.take_acks(came.read(LARGEST_ANSWER))
        except OSError as unreadable:
            say(f"{file.name}: it cannot be read: {unreadable.strerror}")
            code = NOT_ALL
            continue
        if moved:
            say(f"{file.name}: {moved} moved")
        else:
            say(f"{file.name}: nothing: not central's word, or not about a letter that is here")
            code = NOT_ALL
    return code
