"""The two machines, their disks, the line between them, and central's database."""

import io
import json
import os
import random
import shutil
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from bench.cluster import NoPostgres
from central.__main__ import main as central_main
from central.running import EXIT_CANNOT
from central.store import letters
from central.store.database import Database, StoreUnavailable
from hardware.api.clock import SystemClock
from offline_cache.enrol import NotEnrolled, enrol_here
from offline_cache.identity import Identity
from tests.torture.disks import Disk, Faults
from tests.torture.editions import BAD, Published
from tests.torture.postgres import Server
from tests.torture.program import OUR_MISTAKE, Program, Stuck, Told, Worker, children, complaints, is_there, kill
from tests.torture.proxy import Proxy
from tests.torture.terminal import EXIT_UNUSABLE

REGION, SITE, TERMINAL = "sh", "site", "NT-1"
TICKET = (
    "--item", "juzhuzheng-pickup", "--what-zh", "居住证", "--what-en", "permit", "--number", "310101194905150023",
)  # fmt: skip
TICKET_S = 6.0
BOOT_S = 120.0
DRAIN_S = 600.0  # one in fifty writes failing, a long outbox needs its time
CONTROL_S = 60.0  # a central that has forgotten what it knew may never take the rest
OPENING_S = 60.0
NEWS_S = 100.0
"""Central asks for half a minute's patience when it was without its database, and looks itself each half minute."""
ORPHANS_S = 40.0


@dataclass
class Machines:
    """One terminal, one central, the line between; `terminal_disk` and `central_disk` hold what each of them keeps."""

    folder: Path
    chance: random.Random
    terminal_disk: Disk
    central_disk: Disk
    careless: str = ""  # "terminal" or "central": run without any fsync
    reserve: int = 64 * 1024
    faults: Faults | None = None  # can be put into the processes of these `faulty`
    faulty: Collection[str] = ()
    postgres: Server | None = None  # instead of SQLite
    postgres_disk: Disk | None = None
    workers: int = 1
    told: Told = field(default_factory=Told)
    starts: int = 0

    def __post_init__(self) -> None:
        self.proxy = Proxy(self.chance.randrange(2**32))
        self.terminal: Program | None = None
        self.central: Program | None = None
        self.editions = Published(self.folder)
        self._port = 0
        self._orphans: list[Worker] = []

    @property
    def database(self) -> str:
        """As central is told it: "" for SQLite."""
        return self.postgres.url if self.postgres is not None else ""

    @property
    def terminal_folder(self) -> Path:
        return self.terminal_disk.folder / "terminal"

    @property
    def central_folder(self) -> Path:
        return self.central_disk.folder / "central"

    def begin(self, enrolled: Path | None = None) -> None:
        """Central serves, the terminal is enrolled and accepts; `enrolled`: a pair of folders to begin from."""
        if enrolled is not None:
            shutil.copytree(enrolled / "terminal", self.terminal_folder)
            shutil.copytree(enrolled / "central", self.central_folder)
            self.terminal_disk.settle()
            self.central_disk.settle()
        self.start_central()
        if enrolled is None:
            self.enrol()
        if self.careless:  # the control is to lose letters, not the machine's very keys
            self.terminal_disk.settle()
            self.central_disk.settle()
        self.start_terminal()

    def enrol(self) -> None:
        """Raises Stuck."""
        code = self.desk("code", "--site", SITE)
        enrolled = enrol_here(self.proxy.url, code, self.terminal_folder, SystemClock())
        if isinstance(enrolled, NotEnrolled):
            raise Stuck(f"not enrolled: {enrolled.reason.value}")

    def desk(self, command: str, *more: str) -> str:
        """One command of central's program about the terminal; what it printed. Raises Stuck."""
        said = self.try_desk(command, "--region", REGION, "--terminal", TERMINAL, *more)
        if said is None:
            raise Stuck(f"central {command}: {self._last('desk')}")
        return said

    def try_desk(self, command: str, *more: str) -> str | None:
        """One command of central's program, in this process; what it printed, None when it could not."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err), mock.patch.dict(os.environ, NUANTING_DATABASE=self.database):
            ended = central_main([command, "--folder", str(self.central_folder), *more])
        (self.folder / "desk.log").write_text(err.getvalue(), "utf-8")
        return None if ended else out.getvalue().strip()

    def publish(self) -> None:
        """Another edition of the catalogue; now and then one that no terminal may take."""
        if self.chance.random() < BAD:
            self.editions.publish_bad(self.database or self.central_folder / "central.db", self.chance)
        else:
            self.editions.publish(self.try_desk)

    def identity(self) -> Identity:
        found = Identity.load(self.terminal_folder)
        if not isinstance(found, Identity):
            raise Stuck(f"the terminal does not know who it is: {found.value}")
        return found

    # ---- the terminal

    def spawn_terminal(self) -> Program:
        """Begin a boot and do not wait for its end."""
        self.starts += 1
        command = [
            *self._python("terminal", "tests.torture.terminal"),
            *("--folder", str(self.terminal_folder), "--url", self.proxy.url),
            *("--seed", str(self.chance.randrange(2**32)), "--reserve", str(self.reserve)),
        ]
        self.terminal = Program(command, self.folder / "terminal.log", self.told.hear, self._faulty("terminal"))
        return self.terminal

    def start_terminal(self) -> None:
        """A whole boot; it accepts. Raises Stuck."""
        program = self.spawn_terminal()
        if program.wait_for("ready", BOOT_S) is None:
            raise Stuck(f"the terminal did not start: {program.end(signal.SIGKILL)}, {self._last('terminal')}")
        program.order("accept")

    def refused_boot(self) -> str:
        """A boot that is to say why it cannot be; the reason. Raises Stuck when it runs, or dies without a word."""
        program = self.spawn_terminal()
        line = program.wait_for("unusable", BOOT_S)
        status = program.end(signal.SIGKILL)
        self.terminal = None
        if line is None or status not in (EXIT_UNUSABLE, -signal.SIGKILL):
            raise Stuck(f"a boot without disk ended as {status}: {self._last('terminal')}")
        return line.split()[1]

    def kill_terminal(self) -> None:
        if self.terminal is not None:
            self._killed("terminal", self.terminal)
            self.terminal = None

    def try_boot(self) -> None:
        """A boot with a full disk: it says that it cannot be, or runs and refuses. Raises Stuck."""
        program = self.spawn_terminal()
        said = program.wait_for(("ready", "unusable"), BOOT_S)
        if said is None:
            raise Stuck(f"a boot with a full disk ended as {program.end(signal.SIGKILL)}: {self._last('terminal')}")
        if said.startswith("ready"):
            program.order("accept")
        else:
            program.end(signal.SIGKILL)
            self.terminal = None

    def power_failed(self, moment: int) -> None:
        """The terminal's disk went at this moment, and so did what it said since. How it ended does not matter."""
        if self.terminal is not None:
            self.terminal.end(signal.SIGKILL)
            self.terminal = None
        self.told.forget(moment, time.monotonic_ns())

    def work(self, letters: int, within_s: float = 1.5) -> None:
        """Return when so many letters more were accepted, or the time is over (central may be missing)."""
        goal, deadline = len(self.told.accepted) + letters, time.monotonic() + within_s
        while len(self.told.accepted) < goal and time.monotonic() < deadline:
            threading.Event().wait(0.003)

    def push(self) -> None:
        """Somebody sees to it that the terminal tries at once, whatever wait it was asked for."""
        if self.terminal is not None:
            self.terminal.order("try")

    # ---- central

    def spawn_central(self) -> Program:
        self.starts += 1
        command = [*self._python("central", "central"), "serve", "--folder", str(self.central_folder), "--port", "0"]
        if self.database:
            command += ["--workers", str(self.workers)]
        more = {"NUANTING_DATABASE": self.database, **(self._faulty("central") or {})}
        self.central = Program(command, self.folder / "central.log", lambda line: None, more)
        return self.central

    def start_central(self) -> None:
        """Raises Stuck."""
        program = self.spawn_central()
        line = program.wait_for("{", BOOT_S)
        if line is None:
            raise Stuck(f"central did not start: {program.end(signal.SIGKILL)}, {self._last('central')}")
        self._port = int(json.loads(line)["port"])
        self.proxy.point(self._port)

    def kill_central(self) -> None:
        """At once; of several workers half the time only what is above them: they have to end by themselves."""
        if self.central is None:
            return
        self.proxy.point(0)
        workers = self._its_workers()
        if self.chance.random() < 0.5:
            for worker in workers:
                kill(worker)
        self._killed("central", self.central)
        self.central = None

    def refused_central(self) -> None:
        """A start without its database: it says that it cannot, and ends. Raises Stuck."""
        program = self.spawn_central()
        said = program.wait_for("{", BOOT_S)
        status = program.end(signal.SIGKILL)
        self.central = None
        if said is not None or status != EXIT_CANNOT:
            raise Stuck(f"a central without its database ended as {status}: {self._last('central')}")

    def kill_worker(self) -> None:
        """One of several, if there is one just now; it is started again by what is above them."""
        workers = self._its_workers()
        if workers:
            kill(self.chance.choice(workers))

    def _its_workers(self) -> list[Worker]:
        assert self.central is not None
        workers = children(self.central.process.pid) if self.workers > 1 else []
        self._orphans += workers
        return workers

    def end_central(self) -> None:
        """The same when its disk is gone: how it ended does not matter."""
        if self.central is not None:
            self.proxy.point(0)
            for worker in self._its_workers():
                kill(worker)
            self.central.end(signal.SIGKILL)
            self.central = None

    # ---- its database

    def kill_postgres(self) -> None:
        assert self.postgres is not None
        self.postgres.kill(self.chance.choice((signal.SIGKILL, signal.SIGQUIT)))

    def end_postgres(self) -> None:
        """When its disk is gone."""
        assert self.postgres is not None
        self.postgres.kill(signal.SIGKILL)

    def start_postgres(self) -> None:
        """Raises Stuck."""
        assert self.postgres is not None
        try:
            self.postgres.start()
        except NoPostgres as why:
            raise Stuck(str(why)) from why

    # ---- both

    def _faulty(self, who: str) -> Mapping[str, str] | None:
        return self.faults.environment() if self.faults is not None and who in self.faulty else None

    def _python(self, who: str, module: str) -> list[str]:
        careless = ["tests.torture.careless"] if self.careless == who else []
        return [sys.executable, "-m", *careless, module]

    def _killed(self, who: str, program: Program) -> None:
        lived = program.runs()
        status = program.end(signal.SIGKILL)
        if not lived or status != -signal.SIGKILL:
            self.told.wrong.append(f"{who} had ended by itself: {status}, {self._last(who)}")

    def _last(self, who: str) -> str:
        log = self.folder / f"{who}.log"
        return log.read_text("utf-8", "replace")[-600:] if log.exists() else ""

    def come_to_rest(self) -> None:
        """Nothing is in the way any more: everything is sent, then both end of themselves. Raises Stuck."""
        self.proxy.light_up()
        if self.central is None:
            self.start_central()
        if self.terminal is None:
            self.start_terminal()
        assert self.terminal is not None
        assert self.central is not None
        self.terminal.order("try")
        self.terminal.order("drain")
        line = self.terminal.wait_for("drained", CONTROL_S if self.careless else DRAIN_S)
        if line is None:
            raise Stuck(f"the terminal ended while sending: {self._last('terminal')}")
        self._all_opened()
        if not self.careless:
            self._news_arrive()
        self.terminal.order("quit")
        if self.terminal.wait_for("over", BOOT_S) is None:
            raise Stuck(f"the terminal did not close its store: {self._last('terminal')}")
        self._ended("terminal", self.terminal, 0)
        self.terminal = None
        self._ended("central", self.central, 0)
        self.central = None
        self._no_orphans()
        mistakes = self.central_said()[OUR_MISTAKE]
        if mistakes:
            self.told.wrong.append(f"central met {mistakes} mistakes of ours")

    def _all_opened(self) -> None:
        """Wait until central has opened all it keeps, for it acknowledges first. Raises Stuck."""
        deadline = time.monotonic() + OPENING_S
        database = Database(self.database or self.central_folder / "central.db")
        try:
            while True:
                with database.reading() as connection:
                    left = letters.unopened_count(connection)
                if not left:
                    return
                if time.monotonic() > deadline:
                    raise Stuck(f"central leaves {left} letters unopened: {self._last('central')}")
                threading.Event().wait(0.2)
        except StoreUnavailable as broken:
            raise Stuck(f"central's database cannot be read: {broken}") from broken
        finally:
            database.close()

    def _news_arrive(self) -> None:
        """The line is good: a ticket is hinted at, an edition that is published now is taken. Raises Stuck.

        A ticket that the mirror brought before the answer of hints was open again is not hinted at: then another one.
        """
        heard = self.told.hints
        newest = self.editions.publish(self.try_desk)
        if not newest:
            raise Stuck(f"no edition can be published: {self._last('desk')}")
        deadline = time.monotonic() + NEWS_S
        door, again = 0, 0.0
        while True:
            has_come = newest in {version for _, version in self.told.editions}
            if has_come and self.told.hints > heard:
                return
            now = time.monotonic()
            if now > deadline:
                what = "hint" if has_come else f"edition {newest}"
                raise Stuck(f"no {what} came within {NEWS_S:.0f} s: {self._last('terminal')}")
            if now >= again and self.told.hints == heard:
                door, again = door + 1, now + TICKET_S
                self.desk("ticket", "--door", str(door), *TICKET)
            threading.Event().wait(0.02)

    def central_said(self) -> Counter[str]:
        """What central's log complains of, over all its lives."""
        return complaints(self.folder / "central.log")

    def _no_orphans(self) -> None:
        """Workers whose parent was killed have ended by themselves."""
        deadline = time.monotonic() + ORPHANS_S
        while left := [worker for worker in self._orphans if is_there(worker)]:
            if time.monotonic() > deadline:
                self.told.wrong.append(f"{len(left)} workers outlived what is above them")
                return
            threading.Event().wait(0.05)

    def _ended(self, who: str, program: Program, status: int) -> None:
        how = program.end(signal.SIGTERM if who == "central" else signal.SIGCONT)
        if how not in (status, -signal.SIGTERM):
            self.told.wrong.append(f"{who} ended as {how}: {self._last(who)}")

    def close(self) -> None:
        if self.central is not None:
            self._its_workers()
        for worker in self._orphans:
            kill(worker)
        for program in (self.terminal, self.central):
            if program is not None:
                program.end(signal.SIGKILL)
        self.terminal = self.central = None
        self.proxy.close()
