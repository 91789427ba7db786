"""A program that reads a text and writes bytes: run once for each text, which is handed over where no one can read it.

A command line is public (`ps`), a file stays behind; so the text goes through a pipe, in memory only.
"""

import subprocess
import threading
from collections.abc import Sequence

from hardware.api.errors import DeviceBrokeRules, NotAnswering, OutOfService
from hardware.api.status import Fault
from hardware.transports.surroundings import surroundings

ANSWER_S = 8.0


class EngineFailed(DeviceBrokeRules):
    """The program ended with an error of its own."""


class EnginePipe:
    """Runs one program. `run` is one thread's; `kill` is anybody's."""

    def __init__(self, program: str, *, answer_s: float = ANSWER_S) -> None:
        self._program = program
        self._answer_s = answer_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._kills = 0

    def run(self, arguments: Sequence[str], text: str = "") -> bytes | None:
        """What it writes of `text`; None when it was killed. Raises OutOfService, NotAnswering, EngineFailed."""
        with self._lock:
            kills = self._kills
        try:
            process = subprocess.Popen(
                [self._program, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=surroundings(),
            )
        except OSError:
            raise OutOfService(Fault.VOICE_NO_ENGINE) from None
        with self._lock:
            self._process = process
            if self._kills != kills:  # while it was being started
                process.kill()
        try:
            said, _ = process.communicate(text.encode("utf-8"), timeout=self._answer_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise NotAnswering("the speech engine does not come to an end") from None
        finally:
            with self._lock:
                self._process = None
        if process.returncode < 0:
            return None
        if process.returncode != 0:
            raise EngineFailed(f"the speech engine ended with {process.returncode}")
        return said

    def kill(self) -> None:
        """Any thread: end the run under way."""
        with self._lock:
            self._kills += 1
            if self._process is not None:
                self._process.kill()
