"""In the terminal's process: touches in every way of seeing, and the frames of the pages' slides.

A way is a set of modes on one shape of glass. Touches are measured as in `bench.touching`; a slide is what stands
between the first and the last frame that are drawn while the navigator moves, and each gap between two of them counts.
"""

import time
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtQuick import QQuickItem

from bench.touching import A_FEW, HASTE, LAID_OUT_MS, Finger, holds, on_glass
from kiosk.journeys.events import ModeChosen
from kiosk.modes import Mode, Modes
from kiosk.view import HomeBody, Page
from ui.app import Stage

TALL, WIDE = (1080, 1920), (1920, 1080)
WAYS: dict[str, tuple[Modes, tuple[int, int]]] = {
    "plain": (Modes(), TALL),
    "elder": (Modes(elder=True), TALL),
    "contrast": (Modes(contrast=True), TALL),
    "low": (Modes(low=True), TALL),
    "magnify": (Modes(magnify=True), TALL),
    "wide": (Modes(), WIDE),
    "wide-elder-contrast": (Modes(elder=True, contrast=True), WIDE),
}
A_FEW_WAYS = ("plain", "magnify", "wide-elder-contrast")
"""What a look whether the bench works takes: the lens, and everything else that is different at once."""
ITEM = "juzhuzheng-pickup"
MOST_LAPS = 30


class Slides:
    """The frames drawn while the navigator moves."""

    def __init__(self, stage: Stage) -> None:
        navigator = stage.window.findChild(QQuickItem, "navigator")
        assert navigator is not None
        self._navigator = navigator
        self._last: float | None = None
        self.gaps_ms: list[float] = []
        stage.window.frameSwapped.connect(self._drawn)

    def _drawn(self) -> None:
        now = time.perf_counter()
        moves = bool(self._navigator.property("busy"))
        if moves and self._last is not None:
            self.gaps_ms.append((now - self._last) * 1000)
        self._last = now if moves else None


class Looker(Finger):
    """Goes to and fro between the first page and an item, and types, in one way of seeing."""

    def put(self, modes: Modes) -> None:
        """Switch every mode as wanted; unmeasured."""
        for mode in Mode:
            if self.view.modes.has(mode) is not modes.has(mode):
                self._stage.shell.post(ModeChosen(mode, modes.has(mode)))
        self.glass.until(lambda: self.view.modes == modes and self.at_rest(), f"{modes}")

    def around(self) -> None:
        """One lap: in, item, back, language twice, out."""
        if self.view.modes.magnify:
            # What is enlarged may stand outside the glass: only the lens's own keys are touched.
            self._stage.shell.press("start")
            self.glass.until(self.on(Page.HOME), "home")
            for way in ("right", "down", "left", "up"):
                self.touch(self.said(f"screen.lens_{way}"), self.at_rest)
            self._stage.shell.press("leave")
            self.glass.until(lambda: self.view.page is Page.GOODBYE, "goodbye")
            self._stage.shell.press("start")
            self.glass.until(lambda: self.view.page is Page.ATTRACT, "the doorway")
            return
        self.start()
        for _ in range(2):
            language = self.view.language
            self.touch(self.said("screen.other_language"), lambda was=language: self.view.language != was)  # type: ignore[misc]
        body = self.view.body
        assert isinstance(body, HomeBody)
        self.choose(body.items[0].code)
        self.touch(self.label("back"), self.on(Page.HOME), turns=True)
        for ask, page in (("block:collect", Page.LIST), (f"item:{ITEM}", Page.ITEM)):
            self._stage.shell.press(ask)  # large type does not show the item on the first page
            self.glass.until(self.on(page), ask)
        self.touch(self.label("next"), self.on(Page.IDENTIFY), turns=True)
        self.glass.until(self.at_rest, "the page is at rest")
        self.glass.wait(LAID_OUT_MS)
        self.field().forceActiveFocus()  # it may stand below what is in sight
        for count, digit in enumerate("2026", 1):
            self.touch(digit, partial(holds, self.field(), "2026"[:count]))
        self.out()


def looks(settings_file: Path, count: int) -> dict[str, Any]:
    """Way of seeing -> (touch → changed frame, gaps between a slide's frames), milliseconds."""
    found: dict[str, Any] = {}
    with on_glass(settings_file) as (_, words, stage):
        looker = Looker(stage, words)
        slides = Slides(stage)
        looker.glass.until(lambda: looker.view is not None and looker.view.page is Page.ATTRACT, "open for business")
        if count <= A_FEW:
            looker.glass.pace = HASTE
        for name in WAYS if count > A_FEW else A_FEW_WAYS:
            modes, size = WAYS[name]
            stage.window.resize(*size)
            looker.glass.wait(100)
            if count > A_FEW:
                looker.put(modes)
                looker.around()  # every page has been drawn once
            looker.begin(None)
            slides.gaps_ms = []
            laps = 0
            while (len(looker.pressed_ms) < count or not (slides.gaps_ms or modes.magnify)) and laps < MOST_LAPS:
                looker.put(modes)
                looker.around()
                laps += 1
            found[name] = [looker.pressed_ms, slides.gaps_ms]
    return found
