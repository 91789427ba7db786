"""A machine's program as a process, and a note of everything that the terminal said over all its lives."""

import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Stuck(Exception):
    """It did not come to the end that it should."""


@dataclass
class Told:
    """What the terminal said over all its lives."""

    accepted: dict[str, tuple[int, str]] = field(default_factory=dict)  # letter -> (when, case)
    bytes: int = 0  # of the pages accepted
    marked: dict[str, tuple[int, str]] = field(default_factory=dict)  # deed -> (when, state), the last
    settled: dict[str, int] = field(default_factory=dict)  # deed -> when
    editions: list[tuple[int, int]] = field(default_factory=list)  # (when, version), as they were taken
    hints: int = 0
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
            case "edition", [at, version]:
                self.editions.append((int(at), int(version)))
            case "begins", [version]:
                taken = max((version for _, version in self.editions), default=0)
                if int(version) < taken:
                    self.wrong.append(f"a start had edition {version} after edition {taken} was taken")
            case "unread", [version]:
                self.wrong.append(f"edition {version}, held at the terminal, is not good")
            case "hinted", []:
                self.hints += 1
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
        self.editions = [(at, version) for at, version in self.editions if not since <= at <= until]


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


Worker = tuple[int, str]
"""A process, and when it began: numbers are given again."""


def children(process: int) -> list[Worker]:
    """The workers of a central: what it started, but for multiprocessing's own helper."""
    try:
        told = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    except OSError:
        return []
    found = ((int(each), _began(int(each))) for each in told)
    return [worker for worker in found if is_there(worker)]


def _began(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[19]
    except OSError:
        return ""


def is_there(worker: Worker) -> bool:
    """Whether it lives: a dead one whose parent has not looked yet has no command line any more."""
    try:
        command = Path(f"/proc/{worker[0]}/cmdline").read_bytes()
    except OSError:
        return False
    return b"spawn_main" in command and _began(worker[0]) == worker[1]


def kill(worker: Worker) -> None:
    with suppress(ProcessLookupError):
        if is_there(worker):
            os.kill(worker[0], signal.SIGKILL)


OUR_MISTAKE = "mistake of ours"
COMPLAINTS = {
    "the store is unavailable": "store unavailable",
    "unopened for now": "unopened for now",
    "not heard for now": "events not heard",
    "met a mistake of ours": OUR_MISTAKE,
    "exception was never retrieved": OUR_MISTAKE,
    "Exception in thread": OUR_MISTAKE,
}
"""Words of central's log, and what they are counted as."""


def complaints(log: Path) -> Counter[str]:
    """The lines of a log of central's that complain, by what they complain of."""
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    return Counter(what for line in lines for words, what in COMPLAINTS.items() if words in line)
