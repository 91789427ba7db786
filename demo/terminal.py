"""The terminal as a program of its own: started, killed, started again; and the person who stands at its glass."""

import contextlib
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from demo.glass import CannotBeDone
from demo.world import ROOT, World

START_S = 60.0
CLOSED = ("closed", "")


class Gone(Exception):
    """The program is not there any more: it was killed, or it ended."""


class Terminal:
    """One terminal program on one World. Every request of the person raises CannotBeDone or Gone."""

    def __init__(
        self,
        world: World,
        *,
        screenless: bool = False,
        offscreen: bool = True,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.world = world
        self.screenless = screenless
        self._environment = world.environment(offscreen=offscreen) | (environment or {})
        self._meeting = Path(tempfile.mkdtemp(prefix="nt-"))  # short: a socket's path has a limit of 108 bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._talk: Any = None
        self.said = world.folder / "terminal" / "said.txt"
        self.starts = 0

    # ---- the program

    def start(self, *, wait: bool = True) -> None:
        """Start it; with `wait` until it answers and is open for people."""
        self.starts += 1
        control = self._meeting / f"{self.starts}"
        command = [sys.executable, "-m", "demo.kiosk_under_test", "--control", str(control)]
        command += ["--settings", str(self.world.settings)]
        if self.screenless:
            command.append("--screenless")
        with self.said.open("ab") as said:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )
        self._meet(control)
        if wait:
            self.wait(not_pages=CLOSED, within=START_S)

    def _meet(self, control: Path) -> None:
        deadline = time.monotonic() + START_S
        while True:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            with contextlib.suppress(OSError):
                line.connect(str(control))
                break
            line.close()
            if not self.running or time.monotonic() > deadline:
                raise Gone(f"it did not start: {self.last_words()}")
            time.sleep(0.02)
        self._line, self._talk = line, line.makefile("rw", encoding="utf-8")

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid if self._process is not None else 0

    def cut_power(self) -> None:
        """The power fails: SIGKILL, from any thread. Whoever waits for an answer meets Gone."""
        if self._process is not None:
            self._process.kill()

    def kill(self) -> None:
        """The power fails, and the program is seen to be gone."""
        self.cut_power()
        if self._process is not None:
            self._process.wait()
        self._hang_up()

    def stop(self, within: float = 30.0) -> int:
        """Ask it to end, and give its exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(within)
        self._hang_up()
        return code

    def close(self) -> None:
        """Down, whatever it does; leaves nothing of the meeting place."""
        if self.running:
            self.kill()
        self._hang_up()
        shutil.rmtree(self._meeting, ignore_errors=True)

    def last_words(self, most: int = 2000) -> str:
        """The end of what the program said to its standard error."""
        return self.said.read_text("utf-8", "replace")[-most:] if self.said.exists() else ""

    def _hang_up(self) -> None:
        for end in (self._talk, self._line):
            if end is not None:
                with contextlib.suppress(OSError):
                    end.close()
        self._talk = self._line = None

    # ---- the person

    def ask(self, **asked: Any) -> dict[str, Any]:
        """One request of `demo.glass`."""
        if self._talk is None:
            raise Gone("no program")
        try:
            self._talk.write(json.dumps(asked, ensure_ascii=False) + "\n")
            self._talk.flush()
            told = self._talk.readline()
        except OSError as lost:
            raise Gone(str(lost)) from lost
        if not told:
            raise Gone("it went away")
        answer: dict[str, Any] = json.loads(told)
        if not answer["ok"]:
            raise CannotBeDone(answer["why"])
        return answer

    def look(self) -> dict[str, Any]:
        return self.ask(do="look")

    def wait(
        self,
        *pages: str,
        text: str = "",
        ask: str = "",
        language: str = "",
        not_pages: Sequence[str] = (),
        past: Sequence[str] = (),
        within: float = 20.0,
    ) -> dict[str, Any]:
        """Until one of these pages is on the glass (and says `text`, offers `ask`, speaks `language`).

        What is shown for a moment only may be missed: then a page that is none of `past` will do.
        """
        wanted = {"pages": list(pages), "text": text, "ask": ask, "language": language, "not": list(not_pages)}
        wanted["past"] = list(past)
        return self.ask(do="wait", within=within, **wanted)

    def press(self, ask: str) -> None:
        """Touch what sends `ask`."""
        self.ask(do="press", ask=ask)

    def tap(self, name: str) -> None:
        """Touch what has this accessible name."""
        self.ask(do="tap", name=name)

    def type(self, field: str, text: str, *, erase: int = 0, keys: Sequence[str] = ()) -> None:
        """Touch the field, erase so many characters, touch the keys. `keys` where they are not the text's own."""
        self.ask(do="type", field=field, text=text, erase=erase, keys=list(keys))

    def raise_keyboard(self, field: str) -> list[str]:
        """Touch a field; the names of everything that can then be touched, keys included."""
        return list(self.ask(do="field", field=field)["names"])

    def code(self, digits: str) -> None:
        """Type the pickup code."""
        self.ask(do="code", text=digits)

    def switch_language(self) -> None:
        self.ask(do="head", what="language")

    def switch_elder(self) -> None:
        self.ask(do="head", what="elder")

    def still_here(self) -> None:
        """Say so on the countdown, and see it go."""
        self.ask(do="still_here")
        self.ask(do="wait", countdown=False)

    def picture(self, file: Path) -> None:
        """What is on the glass, as PNG."""
        self.ask(do="picture", file=str(file))
