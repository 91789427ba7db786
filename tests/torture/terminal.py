"""A terminal with nothing but the store, the sync and the hints: it accepts made-up letters until its power fails.

    python -m tests.torture.terminal --folder F --url U --seed N

What it did it says on standard output, a line each, with the monotonic clock's nanoseconds taken *after* the store had
answered. What it is to do it reads from standard input: accept, rest, drain, try, quit.
"""

import argparse
import hashlib
import queue
import random
import sys
import threading
import time
from pathlib import Path

from hardware.api.clock import SystemClock
from kiosk.editions import CatalogueReader
from offline_cache.boot import Unusable, open_store
from offline_cache.hints import Hints, HintSettings
from offline_cache.identity import Identity, IdentityFault
from offline_cache.link import Link
from offline_cache.store import SqlStore, StoreSettings
from offline_cache.sync import Sync, SyncSettings, SyncState
from trust import tokens
from wire.canonical import b64u
from wire.deeds import Accepted, Deed, DeedId, DeedKind, DeedRow, DeedState, StoreBroken
from wire.letters import Application, Attachment, Incident, Person, Rated
from wire.tokens import Receipt

EXIT_UNUSABLE = 3
CATALOGUE = Path(__file__).parents[2] / "assets" / "catalogue"
ITEM, VERSION = "senior-card", 1
DEFINITION = "0" * 64
BACKLOG = 24
"""Letters waiting at most: the run is to be short, and central is to catch up."""
SIZES = ((2_000, 6_000), (150_000, 320_000), (1_000_000, 2_500_000))
"""Bounds of a page's bytes; a third more when sealed. The second kind lies on both sides of what a row holds."""
OFTEN = (0.72, 0.21, 0.07)
RATED = 0.25
"""So often the citizen says how it was."""
QUICK = SyncSettings(
    piece_bytes=256 * 1024,
    first_wait_s=0.02,
    longest_wait_s=0.15,
    probe_s=0.05,
    refused_wait_s=0.3,
    disk_wait_s=0.1,
    mirror_every_s=2.0,
    edition_again_s=0.3,
)
QUICK_HINTS = HintSettings(first_wait_s=0.05, longest_wait_s=0.3)


def page_of(case: str, size: int) -> bytes:
    """The page of a case: the judge can make it again."""
    return b"%PDF-" + hashlib.shake_128(case.encode()).digest(size)


def deed_of(case: str) -> DeedId:
    return DeedId(f"slip-{case}")


class Life:
    """One life of the terminal, from a boot to the next cut."""

    def __init__(self, folder: Path, url: str, seed: int, reserve: int, backlog: int) -> None:
        self.chance = random.Random(seed)
        self.clock = SystemClock()
        self.backlog = backlog
        identity = Identity.load(folder)
        if isinstance(identity, IdentityFault):
            say("unusable", identity.value)
            raise SystemExit(EXIT_UNUSABLE)
        self.identity = identity
        opened = open_store(folder / "store", identity, self.clock, StoreSettings(reserve_bytes=reserve))
        if isinstance(opened, Unusable):
            say("unusable", opened.reason.value)
            raise SystemExit(EXIT_UNUSABLE)
        report = opened.report
        if report.damage is not None or report.missing:
            say("damage", report.missing, report.damage.what if report.damage else "")
        self.store: SqlStore = opened.store
        self.link = Link(url, identity.key, self.clock)
        held = self.store.edition()
        self.edition = held.version if held is not None else 0
        reader = CatalogueReader()
        if not reader.begin(held, CATALOGUE):
            say("unread", self.edition)
        say("begins", self.edition)
        self.hints = Hints(self.link, self._hinted, self.clock, settings=QUICK_HINTS)
        self.sync = Sync(
            self.store, self.link, self.clock, settings=QUICK, changed=self._changed, reader=reader
        )  # fmt: skip
        self.command = threading.Event()
        self.orders: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.accepting = False
        self.draining = False
        self.owed: list[tuple[DeedId, DeedState]] = []  # moves of a deed that the disk refused
        self.unsettled: list[DeedRow] = []  # deeds of the life before, whose end the disk has not taken yet

    def run(self) -> None:
        threading.Thread(target=self._listen, name="orders", daemon=True).start()
        self.sync.start()
        self.hints.start()
        self.unsettled = list(self.store.open_deeds())
        self._resume()
        say("ready")
        while True:
            for order in self._taken():
                if order == "quit":
                    self.hints.stop(30.0)
                    self.sync.stop(30.0)
                    self.link.close()
                    self.store.close()
                    say("over")
                    return
                self.accepting = order == "accept" or (self.accepting and order == "try")
                self.draining = order == "drain"
                if order == "try":
                    self.sync.try_now()
            self._resume()
            self._pay()
            try:
                waiting = self.store.waiting()
                if self.accepting and waiting.letters < self.backlog:
                    self._visit()
                elif self.draining and not self.owed and not self.unsettled and not waiting.letters:
                    self.draining = False
                    say("drained", waiting.parked, len(self.store.open_deeds()), self.store.chain()[0])
            except StoreBroken as broken:
                say("broken", type(broken).__name__)
                self.command.wait(0.02)
            self.command.wait(self.chance.uniform(0.0, 0.02))

    def _hinted(self) -> None:
        """In the hints' thread."""
        say("hinted")
        self.sync.mirror_hinted()

    def _changed(self, state: SyncState) -> None:
        """In the sync's thread."""
        self.hints.told(state)
        if state.edition != self.edition:
            self.edition = state.edition
            say("edition", time.monotonic_ns(), state.edition)

    def _visit(self) -> None:
        """One application: the letter with its slip's deed, then the slip."""
        case = f"{self.identity.terminal}-{self.store.next_number('case'):06}"
        [(low, high)] = self.chance.choices(SIZES, OFTEN)
        page = page_of(case, self.chance.randint(low, high))
        sha256 = hashlib.sha256(page).hexdigest()
        now = self.clock.now()
        counter, previous = self.store.chain()
        receipt = Receipt(
            case=case, item=ITEM, version=VERSION, parts=(sha256,), at=now, terminal=self.identity.terminal,
            counter=counter + 1, previous=previous,
        )  # fmt: skip
        contents = Application(
            case=case, item=ITEM, version=VERSION, definition=DEFINITION,
            person=Person(kind="citizen", name="某", number="0", by="card"),
            answers={"phone": "0"}, consents={"form": now},
            receipt=tokens.write(receipt, self.identity.key), language="zh", submitted_at=now,
            page=Attachment(name="page.pdf", media_type="application/pdf", sha256=sha256, data=b64u(page)),
        )  # fmt: skip
        subject = case if self.chance.random() < 0.7 else f"subject-{self.chance.randrange(4)}"
        slip = Deed(deed_of(case), DeedKind.SLIP, subject=case, item=ITEM)
        outcome = self.store.accept(contents, subject=subject, promises=(slip,))
        at = time.monotonic_ns()
        if not isinstance(outcome, Accepted):
            say("refused", at, outcome.reason.value)
            self.command.wait(0.01)
            return
        say("accepted", at, outcome.letter, case, len(page))
        self._move(slip.id, DeedState.BEGUN)
        self._move(slip.id, DeedState.DONE)
        if self.chance.random() < RATED:
            self._rate(case, subject)

    def _rate(self, case: str, subject: str) -> None:
        """A second letter, of another kind, about the same."""
        told = Rated(item=ITEM, version=VERSION, about=case, level=5, at=self.clock.now())
        outcome = self.store.accept(told, subject=subject)
        at = time.monotonic_ns()
        if isinstance(outcome, Accepted):
            say("accepted", at, outcome.letter, case, 0)
        else:
            say("refused", at, outcome.reason.value)

    def _move(self, deed: DeedId, state: DeedState) -> None:
        """Move a deed on; what the disk refuses is owed, and what comes after it too."""
        if any(owed == deed for owed, _ in self.owed):
            self.owed.append((deed, state))
            return
        try:
            self.store.mark(deed, state)
            say("marked", time.monotonic_ns(), deed, state.value)
        except StoreBroken:
            self.owed.append((deed, state))

    def _pay(self) -> None:
        owed, self.owed = self.owed, []
        for deed, state in owed:
            self._move(deed, state)

    def _resume(self) -> None:
        """What a boot finds without an end gets one, with the letter that tells of it; on a full disk, later."""
        waiting, self.unsettled = self.unsettled, []
        for row in waiting:
            told = Incident(deed=row.deed.id, what="slip", found=row.state.value, at=self.clock.now())
            try:
                self.store.settle(row.deed.id, DeedState.UNKNOWN, told, subject=row.deed.subject)
            except StoreBroken as broken:
                say("broken", type(broken).__name__)
                self.unsettled.append(row)
            else:
                say("settled", time.monotonic_ns(), row.deed.id)

    def _listen(self) -> None:
        for line in sys.stdin:
            self.orders.put(line.strip())
            self.command.set()
        self.orders.put("quit")  # whoever gave the orders is gone
        self.command.set()

    def _taken(self) -> list[str]:
        self.command.clear()
        taken = []
        while not self.orders.empty():
            taken.append(self.orders.get())
        return taken


_saying = threading.Lock()


def say(*words: object) -> None:
    with _saying:
        sys.stdout.write(" ".join(map(str, words)) + "\n")
        sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.torture.terminal")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--reserve", type=int, default=64 * 1024)
    parser.add_argument("--backlog", type=int, default=BACKLOG)
    told = parser.parse_args()
    Life(told.folder, told.url, told.seed, told.reserve, told.backlog).run()


if __name__ == "__main__":
    main()
