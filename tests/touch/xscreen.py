"""An X screen of the terminal's size without a monitor, and a finger that is known to the X server alone."""

import os
import select
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

WIDTH, HEIGHT = 1080, 1920
QUIET = ("-noreset", "-nolisten", "tcp")
PACE_S = "0.008"  # between two reports of a finger that moves: 125 a second
UP_S = 20.0
DOWN_S = 10.0
WRITTEN_S = 60.0  # a character is written in two, on a machine that has the time
XVFB, XDOTOOL = shutil.which("Xvfb"), shutil.which("xdotool")
MISSING = [package for package, found in (("xvfb", XVFB), ("xdotool", XDOTOOL)) if found is None]
"""Debian packages that are needed here and absent; named in packages.apt."""


@dataclass(frozen=True)
class XScreen:
    """A running X server and its one pointer."""

    display: str

    def touch(self, x: int, y: int) -> None:
        """Down and up again at one spot."""
        self.tool("mousemove", str(x), str(y), "mousedown", "1", "mouseup", "1")

    def write(self, strokes: Sequence[Sequence[tuple[int, int]]]) -> None:
        """Strokes one after the other, each down, along its points at a panel's pace, and up."""
        words: list[str] = []
        for (x, y), *further in strokes:
            words += ["mousemove", str(x), str(y), "mousedown", "1"]
            for x, y in further:
                words += ["sleep", PACE_S, "mousemove", str(x), str(y)]
            words += ["sleep", PACE_S, "mouseup", "1"]
        self.tool(*words)

    def window_of(self, pid: int) -> dict[str, int]:
        """X, Y, WIDTH and HEIGHT of the one window that a program shows."""
        (window,) = self.tool("search", "--onlyvisible", "--pid", str(pid)).split()
        told = self.tool("getwindowgeometry", "--shell", window).splitlines()
        found = dict(line.split("=", 1) for line in told)
        return {name: int(found[name]) for name in ("X", "Y", "WIDTH", "HEIGHT")}

    def tool(self, *words: str) -> str:
        assert XDOTOOL is not None
        told = subprocess.run(
            [XDOTOOL, *words],
            env=os.environ | {"DISPLAY": self.display},
            capture_output=True,
            text=True,
            timeout=WRITTEN_S,
            check=True,
        )
        return told.stdout


@contextmanager
def x_screen() -> Iterator[XScreen]:
    """A server on a display number that was free; it ends with the block."""
    assert XVFB is not None
    near, far = os.pipe()
    try:
        server = subprocess.Popen(
            [XVFB, "-displayfd", str(far), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-dpi", "96", *QUIET],
            pass_fds=(far,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    finally:
        os.close(far)
    try:
        yield XScreen(f":{_number(near)}")
    finally:
        os.close(near)
        server.terminate()
        try:
            server.wait(DOWN_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(DOWN_S)


def _number(told: int) -> int:
    """The display number, which the server writes when it is ready; a line."""
    said = b""
    while not said.endswith(b"\n"):
        ready, _, _ = select.select([told], [], [], UP_S)
        assert ready, "the X server did not come up in time"
        more = os.read(told, 16)
        assert more, "the X server ended before it was ready"
        said += more
    return int(said)
