"""Several workers behind one address: whatever reaches which of them is there once, and one that dies is replaced."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa

from bench.cluster import Cluster
from central import desk
from central.__main__ import CATALOGUE, EXIT_CANNOT, main
from central.jobs.editions import publish
from central.keys import utc_now
from central.settings import CentralSettings
from central.store import cases
from central.store.database import StoreDamaged
from central.wiring import Central, open_central
from tests.central.databases import fresh, settings_on
from tests.central.test_live import connected, ticket
from tests.central.test_serve import ROOT, log_of
from tests.central.test_uploads import large
from tests.central.waiting import settled, until
from tests.central.world import Clock, Terminal, person
from wire.ids import RegionId, SiteId, TerminalId
from wire.messages import PIECE, AckState

pytestmark = pytest.mark.timeout(180)  # processes are started, which on a busy machine takes its time

_AT_WORK = sa.text(
    "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND state <> 'idle')"
    " OR EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
    " WHERE locktype = 'advisory' AND datname = current_database())"
)
"""Whether a connection to this database is in a transaction, or holds or waits for a name."""


@contextmanager
def served(folder: Path, database: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Central with several workers, and its address."""
    with log_of(folder).open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "central", "serve", "--folder", str(folder), "--port", "0", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, "NUANTING_DATABASE": database},
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, log_of(folder).read_text()
        yield process, json.loads(line)["url"]
    finally:
        process.terminate()
        process.communicate(timeout=50)


def children(pid: int) -> list[int]:
    """The workers of a central: what it started, but for multiprocessing's own helper."""
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(each) for each in told if b"spawn_main" in _of(int(each), "cmdline")]


def _of(pid: int, name: str) -> bytes:
    """What the kernel tells of a process; nothing of one that has just ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def stands_still(pid: int) -> bool:
    """Whether a process that was told to stop does: it may go on for a moment."""
    return all(
        _of(pid, f"task/{each.name}/stat").rpartition(b")")[2].split()[:1] in ([b"T"], [])
        for each in Path(f"/proc/{pid}/task").iterdir()
    )


@dataclass
class Two:
    """Two workers behind one address, and the same central opened here."""

    process: subprocess.Popen[str]
    url: str
    central: Central

    @contextmanager
    def only(self, number: int) -> Iterator[None]:
        """Only one of the workers answers: the other one is held still, at a moment when it holds nothing."""
        other = children(self.process.pid)[1 - number]
        until(lambda: self._held_still(other), "a worker that does nothing")
        try:
            yield
        finally:
            os.kill(other, signal.SIGCONT)

    def _held_still(self, other: int) -> bool:
        """What it had in its hands, a job or a letter, would be kept from its neighbour: then it goes on."""
        os.kill(other, signal.SIGSTOP)
        for _ in range(20):  # what the neighbour has in its hands it gives back by itself
            if stands_still(other) and not self._somebody_is_at_work():
                return True
            threading.Event().wait(0.05)
        os.kill(other, signal.SIGCONT)
        return False

    def _somebody_is_at_work(self) -> bool:
        with self.central.database.reading() as connection:
            return bool(connection.execute(_AT_WORK).scalar_one())

    @contextmanager
    def client(self) -> Iterator[httpx2.Client]:
        """Each request on a connection of its own: whichever worker takes it answers."""
        limits = httpx2.Limits(max_keepalive_connections=0)
        with httpx2.Client(base_url=self.url, trust_env=False, limits=limits, timeout=30) as client:
            yield client

    def enrolled(self, client: httpx2.Client, name: str) -> Terminal:
        terminal = Terminal(client, Clock(utc_now()))
        code = desk.enrolment_code(self.central, RegionId("sh"), SiteId("s"), TerminalId(name))
        assert terminal.enrol(code).status_code == 200
        return terminal


@pytest.fixture(scope="module")
def two(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("workers") / "central"
    with fresh(cluster, template="template1") as database:
        with served(folder, database, "--workers", "2") as (process, url):
            central = open_central(CentralSettings(folder, database=database))
            yield Two(process, url, central)
            central.close()
        assert process.returncode == 0


def test_letters_sent_to_both_at_once_are_there_once(two: Two) -> None:
    with two.client() as client:
        terminal = two.enrolled(client, "NT-1")
        made = [terminal.letter(terminal.application(f"A-{number}")) for number in range(10)]
        told: list[tuple[str, AckState]] = []

        def send(seed: int) -> None:
            order = random.Random(seed).sample(made, len(made))
            for batch in (order[:4], order[4:5], order[5:]):
                told.extend((ack.id, ack.state) for ack in terminal.send(*batch))

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(send, range(4)))
    states = Counter(told)
    assert states == Counter(
        {
            (letter.header.id, state): count
            for letter in made
            for state, count in ((AckState.RECEIVED, 1), (AckState.ALREADY, 3))
        }
    )
    with settled(two.central).database.reading() as connection:
        found = [case.case for case in cases.newest_cases(connection, 1000) if case.case.startswith("A-")]
    assert sorted(found) == [f"A-{number}" for number in range(10)]


def test_the_pieces_of_a_letter_go_to_either(two: Two) -> None:
    with two.client() as client:
        terminal = two.enrolled(client, "NT-2")
        header, body = large(terminal, "B-1")
        offset, number = 0, 0
        while True:
            with two.only(number % 2):
                assert terminal.held(header.id) == offset
                answer = terminal.piece(header, offset, body[offset : offset + PIECE])
            if answer.status_code == 200:
                break
            assert answer.status_code == 204
            offset, number = int(answer.headers["Upload-Offset"]), number + 1
        assert number >= 2
        assert [ack.state for ack in terminal.believed(answer)] == [AckState.RECEIVED]


def test_the_same_piece_at_both_at_once_is_written_once(two: Two) -> None:
    with two.client() as client:
        terminal = two.enrolled(client, "NT-3")
        header, body = large(terminal, "C-1")
        offset = 0
        ends: list[AckState] = []
        while offset < len(body):
            piece = body[offset : offset + PIECE]
            with ThreadPoolExecutor(3) as pool:
                answers = list(pool.map(terminal.piece, [header] * 3, [offset] * 3, [piece] * 3))
            assert {answer.status_code for answer in answers} <= {200, 204, 409}
            for answer in answers:
                if answer.status_code == 200:
                    ends += [ack.state for ack in terminal.believed(answer)]
            offset += len(piece)
            assert terminal.held(header.id) == offset
        assert sorted(ends) == [AckState.ALREADY, AckState.ALREADY, AckState.RECEIVED]
    with settled(two.central).database.reading() as connection:
        (case,) = cases.find_cases(connection, "C-1")
    assert case.flags == ()


def test_what_one_worker_does_reaches_a_terminal_at_the_other(two: Two) -> None:
    """Collections arrive at worker 1 and change the mirror of a terminal that is connected to worker 0."""
    with two.client() as client:
        terminal = two.enrolled(client, "NT-9")
        for door in (1, 2, 3):
            ticket(two.central, "NT-9", door)
        told = terminal.ask("GET", "/v1/mirror").json()["mirror"]
        with ExitStack() as stack:
            with two.only(0):
                lines = stack.enter_context(connected(terminal, two.url, have=told["version"]))
                assert next(lines) == {"every_s": 30}
            for each in told["tickets"]:
                with two.only(1):
                    terminal.send(terminal.letter(terminal.collected(each["ticket"], each["door"])))
                assert next(lines) == {"changed": "mirror"}


def test_both_workers_work_by_what_was_published_within_seconds(two: Two, tmp_path: Path) -> None:
    """An item that went to the household's office goes to the terminal's own, whichever worker a letter reaches."""
    folder = Path(shutil.copytree(CATALOGUE, tmp_path / "catalogue"))
    item = folder / "items" / "jinglaoka.yaml"
    text = re.sub(r"(?m)^version: .*$", "version: 70", item.read_text("utf-8"))
    item.write_text(text.replace("mode: receive_only", "mode: direct").replace("  by: household\n", ""), "utf-8")
    elsewhere = person().model_copy(update={"address": "上海市徐汇区演示路1号"})

    def queue(terminal: Terminal, number: str) -> str:
        terminal.send(terminal.letter(terminal.application(number, person=elsewhere)))
        found: list[cases.CaseRow] = []

        def opened() -> bool:  # by the worker: not by this process, which has no catalogue
            with two.central.database.reading() as connection:
                found.extend(cases.find_cases(connection, number))
            return bool(found)

        until(opened, f"{number} to be opened")
        return found[0].queue

    with two.client() as client:
        terminal = two.enrolled(client, "NT-5")
        for worker in (0, 1):
            with two.only(worker):
                assert queue(terminal, f"E-{worker}") == "sh-310104"
        publish(two.central, folder, by="desk")
        numbers = (f"F-{number}" for number in range(1000))
        for worker in (0, 1):
            with two.only(worker):
                until(lambda: queue(terminal, next(numbers)) == "sh", "the new edition")


def test_a_worker_that_dies_is_replaced_and_its_neighbour_goes_on(two: Two) -> None:
    first, second = children(two.process.pid)
    with two.client() as client:
        terminal = two.enrolled(client, "NT-4")
        os.kill(first, signal.SIGKILL)
        assert terminal.send(terminal.letter(terminal.incident()))[0].state is AckState.RECEIVED
        until(lambda: len(children(two.process.pid)) == 2, "a new worker")
        assert second in children(two.process.pid)
        assert terminal.send(terminal.letter(terminal.incident()))[0].state is AckState.RECEIVED


def test_several_workers_need_postgresql(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--folder", str(tmp_path), "--port", "0", "--workers", "2"]) == EXIT_CANNOT
    assert "need PostgreSQL" in capsys.readouterr().err


def test_workers_that_cannot_begin_say_why_and_end(
    postgresql_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A database that is central's already, and a folder without the keys that belong to it."""
    told = ["serve", "--folder", str(tmp_path), "--port", "0", "--workers", "2", "--database", postgresql_url]
    assert main(told) == EXIT_CANNOT
    assert "does not make new keys" in capfd.readouterr().err


def test_a_forgotten_setting_does_not_begin_a_new_database(
    postgresql_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_on(postgresql_url, tmp_path)
    open_central(settings).close()
    told = ["code", "--folder", str(tmp_path), "--region", "sh", "--site", "s", "--terminal", "NT-1"]
    assert main(told) == EXIT_CANNOT
    assert "NUANTING_DATABASE is missing" in capsys.readouterr().err
    assert main([*told, "--database", postgresql_url]) == 0


def test_a_database_that_was_lost_is_not_begun_anew(tmp_path: Path) -> None:
    settings = CentralSettings(tmp_path)
    open_central(settings).close()
    for file in tmp_path.glob("central.db*"):
        file.unlink()
    with pytest.raises(StoreDamaged, match="restore a backup"):
        open_central(settings)


@pytest.mark.parametrize("url", ["mysql://x/y", "/var/lib/central.db"])
def test_another_database_is_refused(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--folder", str(tmp_path), "--database", url])
    assert "postgresql://" in capsys.readouterr().err
