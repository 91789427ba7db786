"""The two machines as processes, the line between them, and a note of everything the terminal said."""

import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from sqlcipher3 import dbapi2

from central.__main__ import main as central_main
from hardware.api.clock import SystemClock
from offline_cache.enrol import NotEnrolled, enrol_here
from offline_cache.identity import Identity
from tests.torture.disks import Disk, Faults
from tests.torture.proxy import Proxy
from tests.torture.terminal import EXIT_UNUSABLE

ROOT = Path(__file__).resolve().parents[2]
REGION, SITE, TERMINAL = "sh", "site", "NT-1"
BOOT_S = 120.0
DRAIN_S = 600.0  # one in fifty writes failing, a long outbox needs its time
OPENING_S = 60.0


class Stuck(Exception):
    """It did not come to the end that it should."""


@dataclass
class Told:
    """What the terminal said over all its lives."""

    accepted: dict[str, tuple[int, str]] = field(default_factory=dict)  # letter -> (when, case)
    bytes: int = 0  # of the pages accepted
    marked: dict[str, tuple[int, str]] = field(default_factory=dict)  # deed -> (when, state), the last
    settled: dict[str, int] = field(default_factory=dict)  # deed -> when
    refused: Counter[str] = field(default_factory=Counter)
    unusable: Counter[str] = field(default_factory=Counter)  # boots that said why they could not be
    damage: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  # what no life should have done

    def hear(self, line: str) -> None:
        word, *rest = line.split()
        match word, rest:
            case "accepted", [at, letter, case, size]:
                if letter in self.accepted:
                    self.wrong.append(f"letter {letter} was accepted twice")
                self.accepted[letter] = (int(at), case)
                self.bytes += int(size)
            case "marked", [at, deed, state]:
                self.marked[deed] = (int(at), state)
            case "settled", [at, deed]:
                self.settled[deed] = int(at)
            case "refused", [_, reason]:
                self.refused[reason] += 1
            case "broken", [_]:
                self.refused["deed"] += 1
            case "unusable", [reason]:
                self.unusable[reason] += 1
            case "damage", _:
                self.damage.append(" ".join(rest))
            case _:
                return

    def forget(self, since: int, until: int) -> None:
        """What was said while the disk went away binds nobody: words after `since`, up to `until`, on that clock."""
        self.accepted = {letter: told for letter, told in self.accepted.items() if not since <= told[0] <= until}
        self.marked = {deed: told for deed, told in self.marked.items() if not since <= told[0] <= until}
        self.settled = {deed: at for deed, at in self.settled.items() if not since <= at <= until}


class Program:
    """A process whose lines are read by a thread; what it writes to standard error goes to a file."""

    def __init__(
        self, command: list[str], log: Path, hear: Callable[[str], None], more: Mapping[str, str] | None = None
    ) -> None:
        """`more` of the environment."""
        self._hear = hear
        self._said: set[str] = set()
        self._news = threading.Condition()
        self.lines: list[str] = []
        with log.open("a") as errors:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
                env={**os.environ, "PYTHONPATH": str(ROOT), **(more or {})},
            )  # fmt: skip
        self._reader = threading.Thread(target=self._read, name="line reader", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if not line.endswith("\n"):
                break  # cut in the middle of a word
            with self._news:
                self._hear(line)
                self.lines.append(line)
                self._news.notify_all()
        with self._news:
            self._said.add("end")
            self._news.notify_all()

    def wait_for(self, word: str | tuple[str, ...], within_s: float) -> str | None:
        """The first line not yet waited for that begins so; None when it ended before. Raises Stuck."""
        deadline = time.monotonic() + within_s
        with self._news:
            while True:
                while self.lines:
                    line = self.lines.pop(0)
                    if line.startswith(word):
                        return line
                if "end" in self._said:
                    return None
                if not self._news.wait(deadline - time.monotonic()) and time.monotonic() >= deadline:
                    raise Stuck(f"{word!r} did not come within {within_s:.0f} s")

    def order(self, word: str) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(word + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return

    def runs(self) -> bool:
        return self.process.poll() is None

    def end(self, how: signal.Signals) -> int:
        """Send the signal and wait; every word it managed to say has been heard. The exit status."""
        if self.runs():
            self.process.send_signal(how)
        try:
            status = self.process.wait(40)
        except subprocess.TimeoutExpired as stuck:
            self.process.kill()
            raise Stuck(f"did not end on {how.name}") from stuck
        finally:
            self._reader.join(10)
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe is not None:
                    try:
                        pipe.close()
                    except BrokenPipeError:
                        continue
        return status


@dataclass
class Machines:
    """One terminal, one central, the line between; `terminal_disk` and `central_disk` hold what each of them keeps."""

    folder: Path
    chance: random.Random
    terminal_disk: Disk
    central_disk: Disk
    careless: str = ""  # "terminal" or "central": run without any fsync
    reserve: int = 64 * 1024
    faults: Faults | None = None  # of the terminal's process
    told: Told = field(default_factory=Told)
    starts: int = 0

    def __post_init__(self) -> None:
        self.proxy = Proxy(self.chance.randrange(2**32))
        self.terminal: Program | None = None
        self.central: Program | None = None
        self._port = 0

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
        """One command of central's program, in this process; what it printed."""
        common = ["--folder", str(self.central_folder), "--region", REGION, "--terminal", TERMINAL]
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            ended = central_main([command, *common, *more])
        if ended:
            raise Stuck(f"central {command}: {err.getvalue()[-300:]}")
        return out.getvalue().strip()

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
        more = self.faults.environment() if self.faults is not None else None
        self.terminal = Program(command, self.folder / "terminal.log", self.told.hear, more)
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
        self.central = Program(command, self.folder / "central.log", lambda line: None)
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
        if self.central is not None:
            self.proxy.point(0)
            self._killed("central", self.central)
            self.central = None

    def end_central(self) -> None:
        """The same when its disk is gone: how it ended does not matter."""
        if self.central is not None:
            self.proxy.point(0)
            self.central.end(signal.SIGKILL)
            self.central = None

    # ---- both

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
        line = self.terminal.wait_for("drained", DRAIN_S)
        if line is None:
            raise Stuck(f"the terminal ended while sending: {self._last('terminal')}")
        self._all_opened()
        self.terminal.order("quit")
        if self.terminal.wait_for("over", BOOT_S) is None:
            raise Stuck(f"the terminal did not close its store: {self._last('terminal')}")
        self._ended("terminal", self.terminal, 0)
        self.terminal = None
        self._ended("central", self.central, 0)
        self.central = None

    def _all_opened(self) -> None:
        """Wait until central has opened all it keeps, what a full disk had left too. Raises Stuck."""
        deadline = time.monotonic() + OPENING_S
        path = self.central_folder / "central.db"
        with closing(dbapi2.connect(f"file:{path}?mode=ro", uri=True, timeout=10.0)) as connection:
            while connection.execute("SELECT count(*) FROM letters WHERE state = 'received'").fetchone()[0]:
                if time.monotonic() > deadline:
                    raise Stuck("central does not open what it keeps")
                threading.Event().wait(0.2)

    def _ended(self, who: str, program: Program, status: int) -> None:
        how = program.end(signal.SIGTERM if who == "central" else signal.SIGCONT)
        if how not in (status, -signal.SIGTERM):
            self.told.wrong.append(f"{who} ended as {how}: {self._last(who)}")

    def close(self) -> None:
        for program in (self.terminal, self.central):
            if program is not None:
                program.end(signal.SIGKILL)
        self.terminal = self.central = None
        self.proxy.close()
