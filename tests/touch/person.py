"""A person before the real window: looks, and touches spots of the X screen. Nothing else reaches the program."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.glass import CannotBeDone
from demo.terminal import CLOSED, START_S, Terminal
from demo.world import ROOT, World
from tests.contracts.until import until
from tests.touch.xscreen import HEIGHT, WIDTH, XScreen
from ui.keyboard.zinnia import Stroke

PATIENCE_S = 20.0
IN_THE_CELL = 0.8  # of a cell's side is written on
SIGNS = "，·-"  # keys beside the pad


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

    # ---- touching

    def touch(self, **thing: str) -> None:
        """Touch the middle of a thing, once it stands still and in sight, and see that something came of it.

        An X server's pointer is ahead of the window: what is looked for before the touch has come may move by it.
        """
        left, top, width, height = self.stands(**thing)
        before = self._touches()
        self.screen.touch(left + width // 2, top + height // 2)
        until(lambda: self._touches() > before, PATIENCE_S)

    def _touches(self) -> int:
        """How many touches the window has had, and has drawn what they did."""
        return int(self.terminal.ask(do="touches")["touches"])

    def write(self, strokes: Sequence[Stroke], cell: int, size: int) -> list[str]:
        """Write a character into a cell of the pad; the characters that are then offered in the strip, in its order.

        `size` is the side of the square that the strokes are written in.
        """
        left, top, width, height = self.stands(pad=cell)
        scale = min(width, height) * IN_THE_CELL / size
        left, top = left + (width - size * scale) / 2, top + (height - size * scale) / 2
        self.screen.write([[(round(left + x * scale), round(top + y * scale)) for x, y in one] for one in strokes])
        seen: dict[str, Any] = {}

        def read() -> bool:
            seen.update(self.look())
            return bool(seen["ink"] == len(strokes) and seen["read"])

        until(read, PATIENCE_S)
        return [name for name in seen["names"] if len(name) == 1 and name not in SIGNS]

    def rewrite(self) -> None:
        """Touch the key that empties the pad."""
        self.touch(name="重写")
        until(lambda: self.look()["ink"] == 0, PATIENCE_S)

    # ---- looking

    def stands(self, **thing: str | int) -> list[int]:
        """Where a thing is on the glass, in pixels, once it stands still and in sight."""
        seen: list[dict[str, Any]] = []
        why = "never seen"

        def ready() -> bool:
            nonlocal why
            try:
                seen.append(self.terminal.ask(do="where", **thing))
            except CannotBeDone as absent:
                why = str(absent)
                return False
            why = f"it stood at {seen[-1]}"
            return len(seen) > 1 and seen[-1] == seen[-2] and _in_sight(**seen[-1])

        try:
            until(ready, PATIENCE_S)
        except AssertionError as late:
            raise AssertionError(f"{thing} cannot be touched: {why}") from late
        place: list[int] = seen[-1]["place"]
        return place

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


def _in_sight(place: list[int], shelf: list[int] | None, **_: object) -> bool:
    """Whether a thing's middle can be seen: on the glass, and on the part of its page that is not scrolled away."""
    x, y = place[0] + place[2] // 2, place[1] + place[3] // 2
    rooms = [[0, 0, WIDTH, HEIGHT], *([shelf] if shelf is not None else [])]
    return all(left <= x < left + width and top <= y < top + height for left, top, width, height in rooms)
