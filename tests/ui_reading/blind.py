"""A person who sees nothing: keys under the hand, a voice in the ear, and a memory of what was said."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from demo.glass import CannotBeDone
from demo.terminal import CLOSED, START_S, Terminal
from demo.world import ROOT

PATIENCE_S = 30.0
MOST_STOPS = 60
PAD = {"1": (0, 0), "2": (1, 0), "3": (2, 0), "4": (0, 1), "5": (1, 1), "6": (2, 1), "7": (0, 2), "8": (1, 2),
       "9": (2, 2), "0": (1, 3)}  # fmt: skip
"""Where digits stand on every telephone, which is what a hand knows."""


class Heard(Terminal):
    """The terminal's program, with a keypad and a recorder in place of a finger."""

    def start(self, *, wait: bool = True) -> None:
        self.starts += 1
        control = self._meeting / f"{self.starts}"
        command = [sys.executable, "-m", "tests.ui_reading.ears", "--control", str(control)]
        command += ["--settings", str(self.world.settings)]
        with self.said.open("ab") as said:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )
        self._meet(control)
        if wait:
            self.wait(not_pages=CLOSED, within=START_S)


@dataclass
class Utterance:
    """One thing said, and the key that was pressed before it ("" for none)."""

    text: str
    language: str
    private: bool
    key: str


@dataclass
class Listener:
    """Presses keys and decides by nothing but what is said."""

    terminal: Terminal
    said: list[Utterance] = field(default_factory=list)
    sounds: list[str] = field(default_factory=list)
    last_key: str = ""
    told: Callable[[str], None] = lambda line: None

    def press(self, key: str) -> str:
        """One key; what was said at once."""
        self.listen()
        self.last_key = key
        self.told(f"  [{key}]")
        self.terminal.ask(do="key", key=key)
        return self.listen()

    def listen(self, *wanted: str, within: float = PATIENCE_S, since: int | None = None) -> str:
        """What was said since; with `wanted` wait until one of these is in it."""
        since = len(self.said) if since is None else since
        more = {"for": list(wanted), "within": within} if wanted else {}
        answer = self.terminal.ask(do="listen", after=since, **more)
        for text, language, private in answer["said"][len(self.said) - since :]:
            self.said.append(Utterance(text, language, private, self.last_key))
            self.told(f"{'(' if private else ''}{text}{')' if private else ''}")
        self.sounds = answer["sounds"]
        return "\n".join(one.text for one in self.said[since:])

    def find(self, *names: str, way: str = "Down") -> str:
        """Go on until something called so is said; which of them it was."""
        here = self.said[-1].text if self.said else ""
        for _ in range(MOST_STOPS):
            for name in names:
                if here.startswith(name):
                    return name
            here = self.press(way)
            if not here:
                raise CannotBeDone(f"nothing was said after {way}")
            if "最后一项" in here or "最上面" in here:
                break
        raise CannotBeDone(f"none of {names} was said")

    def choose(self, name: str) -> None:
        """Find it and press it."""
        self.find(name)
        self.press("Return")

    def dial(self, digits: str) -> None:
        """Type digits on a pad of telephone order, each heard before it is pressed."""
        at = "5"
        for digit in digits:
            (x, y), (to_x, to_y) = PAD[at], PAD[digit]
            while (x, y) != (to_x, to_y):
                # the lowest row is left by going up, so that no corner of it is crossed
                key = "Up" if to_y < y else "Down" if to_y > y and x == to_x else "Right" if to_x > x else "Left"
                x += {"Right": 1, "Left": -1}.get(key, 0)
                y += {"Down": 1, "Up": -1}.get(key, 0)
                assert self.press(key), "every key is said when it is reached"
            assert self.said[-1].text == digit or at == digit
            assert self.press("Return") == digit
            at = digit
