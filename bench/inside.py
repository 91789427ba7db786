"""The measured terminal: the product's own wiring, in its own process. `python -m bench.inside MEASURE …`"""

import argparse
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.outside import ask, tell
from hardware.api.clock import SystemClock
from kiosk.journeys.events import Pressed
from kiosk.main import ASSETS
from kiosk.settings.loading import load
from kiosk.view import IdentifyBody, Page, View
from kiosk.wiring import Terminal, begin
from kiosk.words import Words

LONGEST_WAIT_S = 30.0


class Seen:
    """Every View with the moment at which the mind published it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._new: list[tuple[View, float]] = []  # since the one that was last waited for, and that one

    def take(self, view: View) -> None:
        at = time.monotonic()
        with self._changed:
            self._new.append((view, at))
            self._changed.notify_all()

    def until(self, wanted: Callable[[View], bool], what: str) -> tuple[View, float]:
        """Wait for such a View, though it may have gone by already; fails by a deadline, with a name."""

        def found() -> int | None:
            return next((place for place, (view, _) in enumerate(self._new) if wanted(view)), None)

        with self._changed:
            if not self._changed.wait_for(lambda: found() is not None, LONGEST_WAIT_S):
                raise TimeoutError(
                    f"never happened: {what}; the page is {self._new[-1][0].page if self._new else None}"
                )
            del self._new[: found()]
            return self._new[0]


def terminal_of(settings_file: Path) -> tuple[Terminal, Words, Any]:
    """The terminal as `kiosk.main` builds it, with its words and its screen's settings."""
    words = Words.load(ASSETS / "i18n")
    settings = load(settings_file)
    logging.basicConfig(level=logging.WARNING)
    begun = begin(settings, words, SystemClock())
    if not isinstance(begun, Terminal):
        raise RuntimeError(f"the terminal cannot begin: {begun.reason}")
    return begun, words, settings.screen


def shows_holder(view: View) -> bool:
    """Whether the page says whose card was read (masked; the made-up citizen is 测试一)."""
    return isinstance(view.body, IdentifyBody) and view.body.state == "reading" and "测**" in view.body.question


def card(settings_file: Path, count: int) -> list[list[float]]:
    """Per lap: seconds from the card's laying to the View that shows its holder, bytes asked, bytes answered."""
    terminal, _, _ = terminal_of(settings_file)
    seen = Seen()
    terminal.mind.subscribe(seen.take)

    def press(ask_for: str, page: Page) -> None:
        terminal.mind.post(Pressed(ask_for))
        seen.until(lambda view: view.page is page, page.value)

    laps: list[list[float]] = []
    terminal.start()
    try:
        seen.until(lambda view: view.page is Page.ATTRACT, "open for business")
        for _ in range(count):
            press("start", Page.HOME)
            press("item:shebao-proof", Page.ITEM)
            press("next", Page.IDENTIFY)
            laid_at = ask("lay", "citizen")
            _, shown_at = seen.until(shows_holder, "the holder is shown")
            laps.append([shown_at - laid_at, *ask("exchange")])
            ask("lift")
            press("leave", Page.GOODBYE)
            press("start", Page.ATTRACT)
    finally:
        terminal.stop()
    return laps


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.inside")
    parser.add_argument("measure", choices=("card", "touch", "modes", "bare"))
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--count", type=int, required=True)
    given = parser.parse_args()
    if given.measure == "card":
        tell(card(given.settings, given.count))
        return
    from bench.looking import looks  # Qt is loaded only where it is measured
    from bench.touching import bare, touches

    # In a process of its own: one process, one QML engine.
    match given.measure:
        case "bare":
            tell(bare(given.count))
        case "modes":
            tell(looks(given.settings, given.count))
        case _:
            tell(touches(given.settings, given.count))


if __name__ == "__main__":
    main()
