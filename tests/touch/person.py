"""A person before the real window: looks, and touches spots of the X screen. Nothing else reaches the program."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.glass import CannotBeDone
from demo.terminal import CLOSED, START_S, Terminal
from demo.world import ROOT, World
from tests.contracts.until import until
from tests.touch.xscreen import XScreen

PATIENCE_S = 20.0
PUSHES = 12
EDGE = 8
"""Pixels from a page's edge where nothing stands that a push could touch."""


class Watched(Terminal):
    """The terminal's program on an X screen, with eyes on it instead of a finger in it."""

    def __init__(self, world: World, screen: XScreen) -> None:
        told = {"DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb", "QT_QUICK_BACKEND": "software"}
        super().__init__(world, offscreen=False, environment=told)

    def start(self, *, wait: bool = True) -> None:
        self.starts += 1
        control = self._meeting / f"{self.starts}"
        command = [sys.executable, "-m", "tests.touch.eyes", "--control", str(control)]
        command += ["--settings", str(self.world.settings)]
        with self.said.open("ab") as said:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )
        self._meet(control)
        if wait:
            self.wait(not_pages=CLOSED, within=START_S)


@dataclass
class Person:
    """Somebody at the glass. A thing is named by its accessible name, by what it asks, or by its form field."""

    screen: XScreen
    terminal: Watched
    pictures: Path
    touches: int = 0

    # ---- touching

    def touch(self, **thing: str) -> None:
        """Touch the middle of a thing, once it stands still and in sight."""
        for _ in range(PUSHES):
            (left, top, width, height), shelf = self._resting(thing)
            x, y = left + width // 2, top + height // 2
            by = 0 if shelf is None else _push(y, height, shelf)
            if not by:
                self.touches += 1
                self.screen.touch(x, y)
                return
            assert shelf is not None
            self.screen.drag(shelf[0] + EDGE, shelf[1] + shelf[3] // 2 - by // 2, by)
        raise AssertionError(f"{thing} cannot be brought into sight")

    def _resting(self, thing: dict[str, str]) -> tuple[list[int], list[int] | None]:
        """Where it stands, when two looks say the same."""
        seen: list[dict[str, Any]] = []

        def still() -> bool:
            try:
                seen.append(self.terminal.ask(do="where", **thing))
            except CannotBeDone as why:
                absent.append(str(why))
                return False
            return len(seen) > 1 and seen[-1] == seen[-2]

        absent: list[str] = []
        try:
            until(still, PATIENCE_S)
        except AssertionError as late:
            raise AssertionError(f"{thing} does not stand still: {absent[-1:] or seen[-1:]}") from late
        return seen[-1]["place"], seen[-1]["shelf"]

    # ---- looking

    def look(self) -> dict[str, Any]:
        return self.terminal.look()

    def value(self, field: str) -> str:
        """What a form's field holds."""
        return next(str(one["value"]) for one in self.look()["body"]["fields"] if one["id"] == field)

    def sees(self, field: str, value: str) -> None:
        """Wait until a field holds that."""
        until(lambda: self.value(field) == value, PATIENCE_S)

    def picture(self, name: str) -> Path:
        """What the X screen shows, as PNG."""
        file = self.pictures / f"{name}.png"
        self.terminal.picture(file)
        return file

    # ---- typing

    def keys(self, field: str, signs: str) -> None:
        """Touch keys that write what stands on them; each is seen in the field before the next."""
        for sign in signs:
            before = self.value(field)
            self.touch(name=sign)
            self.sees(field, before + sign)

    def erase(self, field: str, count: int) -> None:
        """Touch the key that takes the last sign away, so many times."""
        for _ in range(count):
            before = self.value(field)
            self.touch(name="删除")
            self.sees(field, before[:-1])

    def spell(self, field: str, letters: str, text: str) -> None:
        """Touch the letters, then candidates until they make the text, paging on where none of a page fits."""
        before = self.value(field)
        for count, letter in enumerate(letters, 1):
            self.touch(name=letter)
            until(lambda typed=letters[:count]: typed in self._composed(), PATIENCE_S)
        chosen = ""
        while chosen != text:
            page = self.look()["names"]
            fitting = [name for name in page if text.removeprefix(chosen).startswith(name)]
            if not fitting:
                self.touch(name="下一页")
                until(lambda seen=page: self.look()["names"] != seen, PATIENCE_S)
                continue
            pick = max(fitting, key=len)
            self.touch(name=pick)
            chosen += pick
            # A part waits beside the letters that are left; the whole goes into the field.
            until(lambda so_far=chosen: so_far in self._composed() or self.value(field) == before + so_far, PATIENCE_S)
        self.sees(field, before + text)

    def _composed(self) -> list[str]:
        return [text.replace(" ", "") for text in self.look()["texts"]]


def _push(middle: int, height: int, shelf: list[int]) -> int:
    """How far the page must be pushed for a thing's middle to be in sight, with some of the thing around it."""
    _, top, _, tall = shelf
    room = min(height // 2, tall // 4)
    if middle + room > top + tall:
        return -min(middle + room - (top + tall) + tall // 10, tall * 6 // 10)
    if middle - room < top:
        return min(top - (middle - room) + tall // 10, tall * 6 // 10)
    return 0
