"""Random lives of an outbox, and a process that is killed at any moment: nothing lost, nothing doubled."""

import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from offline_cache.boot import Opened, open_store
from offline_cache.outbox import LetterState, Sealed
from tests.offline_cache.world import IDENTITY, KEYS, SMALL_STORE, START, HandClock, any_contents, deed
from trust.sealing import open_sealed
from wire.deeds import OPEN_STATES, Accepted, DeedId, DeedState
from wire.messages import Ack, AckState
from wire.packing import unpacked

ROOT = Path(__file__).resolve().parents[2]


class OutboxLife(RuleBasedStateMachine):
    """The model: what was accepted, what central was given, what is parked; and every deed's state."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.clock = HandClock()
        self.accepted: dict[str, str] = {}  # letter -> case
        self.central: dict[str, bytes] = {}
        self.let_go: set[str] = set()
        self.parked: set[str] = set()
        self.deeds: dict[str, DeedState] = {}
        self.subjects: dict[str, str] = {}
        self.numbers = 0
        self.chain = 0
        self.open()

    def open(self) -> None:
        outcome = open_store(Path(self.folder.name), IDENTITY, self.clock, SMALL_STORE)
        assert isinstance(outcome, Opened)
        assert outcome.report.damage is None
        self.store = outcome.store

    @rule(large=st.booleans(), subject=st.sampled_from("abc"), promised=st.booleans())
    def accept(self, large: bool, subject: str, promised: bool) -> None:
        case = f"C{len(self.accepted)}"
        promises = [deed(f"D{len(self.deeds)}")] if promised else []
        outcome = self.store.accept(any_contents(case, large), subject=subject, promises=promises)
        assert isinstance(outcome, Accepted)
        self.accepted[outcome.letter] = case
        self.subjects[outcome.letter] = subject
        self.chain += 1
        for each in promises:
            self.deeds[each.id] = DeedState.PROMISED

    @precondition(lambda self: any(state in OPEN_STATES for state in self.deeds.values()))
    @rule(data=st.data(), state=st.sampled_from(list(DeedState)))
    def mark(self, data: st.DataObject, state: DeedState) -> None:
        name = data.draw(st.sampled_from(sorted(name for name, was in self.deeds.items() if was in OPEN_STATES)))
        self.store.mark(DeedId(name), state)
        self.deeds[name] = state

    def offered(self) -> list[Sealed]:
        large = self.store.next_large()
        return [*self.store.next_small(64, 1 << 30), *([large] if large else [])]

    def deliver(self, letter: Sealed) -> None:
        body = letter.body if letter.body is not None else self.store.piece(letter, 0, letter.size)
        assert self.central.get(letter.id, body) == body, "the same id with other bytes"
        self.central[letter.id] = body

    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        """Send what is offered; some acknowledgements get lost, some letters are not wanted."""
        offered = self.offered()
        fates = data.draw(
            st.lists(st.sampled_from(["ack", "lost", "park"]), min_size=len(offered), max_size=len(offered))
        )
        acks = []
        for letter, fate in zip(offered, fates, strict=True):
            assert letter.id in self.accepted
            assert letter.id not in self.let_go | self.parked
            earlier = [
                other for other in self.accepted if self.subjects[other] == letter.subject and other not in self.let_go
            ]
            if letter.body is None:
                assert earlier[0] == letter.id, "a letter overtook an earlier one of its subject"
            if fate == "park":
                acks.append(Ack(id=letter.id, sha256=letter.sha256, state=AckState.CONFLICT, received_at=START))
                self.parked.add(letter.id)
                continue
            known = letter.id in self.central
            self.deliver(letter)
            if fate == "ack":
                state = AckState.ALREADY if known else AckState.RECEIVED
                acks.append(Ack(id=letter.id, sha256=letter.sha256, state=state, received_at=START))
                self.let_go.add(letter.id)
        assert self.store.apply(acks) == len(acks)

    @precondition(lambda self: self.parked)
    @rule(data=st.data())
    def unpark(self, data: st.DataObject) -> None:
        parked = [letter for letter in self.accepted if letter in self.parked]  # not by id: those are another each time
        letter = data.draw(st.sampled_from(parked))
        assert self.store.unpark(letter)
        self.parked.discard(letter)

    @rule()
    def number(self) -> None:
        self.numbers += 1
        assert self.store.next_number("case") == self.numbers

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.open()

    @invariant()
    def nothing_lost(self) -> None:
        if not hasattr(self, "store"):
            return
        rows = {row.id: row.state for row in self.store.letters(10_000)}
        assert rows.keys() == self.accepted.keys() - self.let_go
        assert {letter for letter, state in rows.items() if state is LetterState.PARKED} == self.parked
        assert self.let_go <= self.central.keys()
        assert {row.deed.id: row.state for row in self.store.deeds(10_000)} == self.deeds
        assert {row.deed.id for row in self.store.open_deeds()} == {
            name for name, state in self.deeds.items() if state in OPEN_STATES
        }
        assert self.store.chain()[0] == self.chain

    def teardown(self) -> None:
        if hasattr(self, "store"):
            for letter, body in self.central.items():
                told = unpacked(open_sealed(KEYS.seal, body, header=letter.encode()))
                assert told["case"] == self.accepted[letter]
            self.store.close()
            self.folder.cleanup()


OutboxLife.TestCase.settings = settings(max_examples=25, stateful_step_count=20)
TestOutboxLife = OutboxLife.TestCase


WORKER = """
import sys
from pathlib import Path
from tests.offline_cache.world import *
clock = HandClock()
folder = Path(sys.argv[1])
start = int(sys.argv[2])
from offline_cache.boot import open_store
store = open_store(folder, Identity.load(folder), clock, SMALL_STORE).store
print("ready", flush=True)
n = start
while True:
    n += 1
    case = f"C{n}"
    outcome = store.accept(any_contents(case, n % 5 == 0), subject=case, promises=[deed(f"D{n}")])
    print("accepted", outcome.letter, store.next_number("case"), flush=True)
    store.mark(DeedId(f"D{n}"), DeedState.BEGUN)
    print("begun", f"D{n}", flush=True)
    if n % 7 == 0:
        letters = store.next_small(3, 1 << 30)
        acks = [Ack(id=l.id, sha256=l.sha256, state=AckState.RECEIVED, received_at=START) for l in letters]
        print("sent", *(l.id for l in letters), flush=True)
        store.apply(acks)
"""


def kill_loop(folder: Path, kills: int) -> tuple[int, int]:
    """Start, kill at a random word of its output, look; (letters acknowledged, of which sent)."""
    IDENTITY.save(folder)
    told: dict[str, set[str]] = {"accepted": set(), "begun": set(), "sent": set()}
    numbers: list[int] = []
    chance = random.Random(20261122)
    with tempfile.NamedTemporaryFile("w", suffix=".py") as keys:
        keys.write(WORKER.replace("from tests.offline_cache.world import *",
                   "from tests.offline_cache.world import *\nfrom wire.deeds import DeedState"))  # fmt: skip
        keys.flush()
        for _ in range(kills):
            worker = subprocess.Popen(
                [sys.executable, keys.name, str(folder), str(len(numbers) + 1000 * len(told["begun"]))],
                stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
            )  # fmt: skip
            last = chance.randrange(2, 40)
            lines = []
            for line in worker.stdout:
                lines.append(line)
                if len(lines) == last:
                    break
            worker.send_signal(signal.SIGKILL)
            lines += worker.stdout.read().splitlines()
            worker.wait()
            worker.stdout.close()
            for line in lines:
                word, *rest = line.split()
                if word == "accepted":
                    told["accepted"].add(rest[0])
                    numbers.append(int(rest[1]))
                elif word in told:
                    told[word].update(rest)
            check(folder, told)
    assert len(numbers) == len(set(numbers))
    assert numbers == sorted(numbers)
    return len(told["accepted"]), len(told["sent"])


def check(folder: Path, told: dict[str, set[str]]) -> None:
    outcome = open_store(folder, IDENTITY, HandClock(), SMALL_STORE)
    assert isinstance(outcome, Opened)
    store = outcome.store
    try:
        assert outcome.report.damage is None
        assert outcome.report.missing == 0
        held = {row.id for row in store.letters(100_000)}
        assert told["accepted"] - told["sent"] <= held
        deeds = {row.deed.id: row.state for row in store.deeds(100_000)}
        for name in told["begun"]:
            assert deeds[name] is DeedState.BEGUN
        letters = len(store.next_small(100_000, 1 << 40))
        with store._database.reading() as connection:
            query = "SELECT count(*), count(DISTINCT subject) FROM letters"
            rows, subjects = connection.exec_driver_sql(query).one()
            files = (
                connection.exec_driver_sql("SELECT id FROM letters WHERE in_file AND state != 'acked'").scalars().all()
            )
        assert rows == subjects == len(deeds), "a letter without its deed, or one case twice"
        assert letters + len(files) == len(held)
        assert all(store._bodies.sha256(letter) for letter in files)
        assert store.chain()[0] == rows
    finally:
        store.close()


def test_a_killed_process_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    accepted, sent = kill_loop(tmp_path, 6)
    assert accepted > 10
    assert sent > 0


@pytest.mark.torture
def test_two_hundred_kills(tmp_path: Path) -> None:
    accepted, _ = kill_loop(tmp_path, 200)
    assert accepted > 500
