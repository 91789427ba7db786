"""What every peer is asked for and answers, and processes that speak in lines of JSON."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Drained:
    """Everything was brought over and acknowledged to the terminal."""

    seconds: float
    wire: int  # bytes on the line, both ways
    terminal_cpu_s: float
    central_cpu_s: float  # of everything that runs at the other end


@dataclass(frozen=True)
class Absent:
    """It is not on this machine; why."""

    why: str


class Process:
    """A program that says what it has to say in lines of JSON; it ends when its standard input does, or is ended."""

    def __init__(self, command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **(environment or {})}, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1,
        )  # fmt: skip
        self._name = Path(command[0]).name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._process:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def say(self, **words: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")

    def hear(self) -> dict[str, Any]:
        """The next line. Raises RuntimeError when it ends instead."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._name} ended with {self._process.wait(10)}")
        told: dict[str, Any] = json.loads(line)
        return told

    def cpu_s(self) -> float:
        """Processor time that it has taken until now, in steps of 10 ms."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
