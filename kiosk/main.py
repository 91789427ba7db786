"""Start and stop of the terminal, and its exit codes. Nothing else.

    --settings FILE        the terminal's settings (TOML)
    --check                read settings, words, catalogue and identity, say every mistake, and end
    --enrol CODE           make this machine a terminal with central's one-time code, and end
    --key show|move        where the terminal's own key lies, or put it into the TPM, and end
    --letters WORDS        list, export, retry, acknowledge letters that cannot be sent, and end
    --screenless           everything but the screen (bench, torture)

Exit codes: 0 ended as asked · 1 our own bug · 2 settings, words or catalogue are wrong · 3 not enrolled, or its key
cannot be used · 4 no store
A terminal that cannot begin still shows its screen, closed, with the reason: a black glass tells nobody anything.
"""

import argparse
import contextlib
import logging
import logging.handlers
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from catalogue.loader import CatalogueMistakes, load_lenient
from hardware.api.clock import Clock, SystemClock
from kiosk import settings as _settings_room
from kiosk.editions import contents_of
from kiosk.journeys.events import Event
from kiosk.mind import closed_view
from kiosk.settings import afar
from kiosk.settings.devices import NoDevice
from kiosk.settings.loading import SettingsMistakes, load
from kiosk.settings.model import Settings
from kiosk.settings.screen import Screen
from kiosk.view import View
from kiosk.wiring import (
    Closed,
    NotEnrolled,
    Terminal,
    WhyNotEnrolled,
    begin,
    enrol,
    held_edition,
    identity_fault,
    key_told,
    letters_by_hand,
    move_key,
)
from kiosk.words import LANGUAGES, Words, WordsMistakes

log = logging.getLogger("kiosk.main")

OK, BUG, WRONG, NOT_ENROLLED, NO_STORE = 0, 1, 2, 3, 4
ASSETS = Path(_settings_room.__file__).resolve().parent.parent.parent / "assets"


class Stops(Protocol):
    """A screen that can be asked to end."""

    def stop(self, code: int = 0) -> None: ...


class ClosedMind:
    """Stands in for the mind on a terminal that cannot begin: one page, no way to press anything."""

    def __init__(self, view: View) -> None:
        self._view = view

    def subscribe(self, callback: Callable[[View], None]) -> None:
        callback(self._view)

    def post(self, event: Event) -> None:
        """Nothing can be asked of a closed terminal."""

    def paper_image(self, name: str) -> bytes | None:
        del name
        return None


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nuanting", description="24-hour self-service terminal")
    parser.add_argument("--settings", type=Path, required=True, metavar="FILE")
    parser.add_argument("--check", action="store_true", help="say every mistake in settings and catalogue, and end")
    parser.add_argument("--enrol", metavar="CODE", help="enrol with central's one-time code, and end")
    parser.add_argument(
        "--key", choices=("show", "move"), help="say where the key lies, or put it into the TPM, and end"
    )
    parser.add_argument("--letters", nargs=argparse.REMAINDER, help="list, export, retry or acknowledge, and end")
    parser.add_argument("--screenless", action="store_true", help="run without a screen until it is stopped")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    given = arguments(argv)
    _leave_no_core()
    clock = SystemClock()
    words = _words()
    if words is None:
        return WRONG
    try:
        settings = load(given.settings)
    except SettingsMistakes as mistakes:
        _say(str(mistakes))
        _tell(words, "check.settings")
        if given.check or given.enrol or given.key or given.screenless or given.letters is not None:
            return WRONG
        return WRONG if _no_display(words) else _show_closed(words, "settings", WRONG, Screen())
    if given.enrol:
        return _enrol(settings, words, given.enrol, clock)
    if given.key:
        return _key(settings, words, move=given.key == "move")
    if given.letters is not None:
        return letters_by_hand(settings, given.letters, clock, words, _say)
    if given.check:
        return _check(settings, words)
    _log_to(settings)
    if not given.screenless and _no_display(words):
        return WRONG
    begun = begin(settings, words, clock)
    if isinstance(begun, Closed):
        code = NO_STORE if begun.reason == "store" else NOT_ENROLLED
        return code if given.screenless else _show_closed(words, begun.reason, code, settings.screen)
    if given.screenless:
        return _wait_to_be_stopped(begun)
    return _show(begun, words)


class Ending:
    """SIGTERM and SIGINT end the screen as asked, whenever they come: before the first frame they wait for it."""

    def __init__(self) -> None:
        self._asked = False
        self._stage: Stops | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._signalled)

    def _signalled(self, *_: object) -> None:
        self._asked = True
        if self._stage is not None:
            self._stage.stop()

    def started(self, stage: Stops) -> None:
        """The first frame is on the glass."""
        self._stage = stage
        if self._asked:
            stage.stop()


def _no_display(words: Words) -> bool:
    """Whether Qt would find nothing to draw on, and end the program without a word of ours; told then."""
    if any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        return False
    _tell(words, "check.no_display")
    return True


def _show(terminal: Terminal, words: Words) -> int:
    from ui.app import prepare, run  # Qt is loaded only where there is a screen
    from ui.lacks import lacks

    settings = terminal.settings
    ending = Ending()
    prepare()
    terminal.watch.lacks(lacks(settings.screen))
    terminal.start()
    try:
        front = settings.drawn_front
        return run(terminal.mind, settings.screen, words, ending.started, terminal.voice, settings.keypad, front)
    finally:
        terminal.stop()


def _show_closed(words: Words, reason: str, code: int, screen: Screen) -> int:
    from ui.app import prepare, run  # Qt is loaded only where there is a screen

    ending = Ending()
    prepare()
    return run(ClosedMind(closed_view(words, reason)), screen, words, ending.started) or code


def _wait_to_be_stopped(terminal: Terminal) -> int:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    terminal.start()
    stopped.wait()
    terminal.stop()
    return OK


def _leave_no_core() -> None:
    """A crash must not write the memory, person included, to a disk."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def _words() -> Words | None:
    try:
        return Words.load(ASSETS / "i18n")
    except WordsMistakes as mistakes:
        _say(str(mistakes))
        return None


def _check(settings: Settings, words: Words) -> int:
    """Everything that can be known without touching a device; its last lines are the verdict of the whole."""
    if not _may_look(settings):
        return _tell(words, "letters.no_rights", NOT_ENROLLED, folder=settings.store.folder)
    catalogue, mistakes = load_lenient(settings.catalogue.folder)
    if mistakes:
        _say(f"[catalogue] folder = {settings.catalogue.folder}")
    for mistake in mistakes:
        _say(str(mistake))
    fault = identity_fault(settings)
    if fault and words.has(fault):
        _say_all(words, (fault,))
    _say_all(words, [word for word in key_told(settings) if word != fault])
    _say_edition(settings, words)
    _say_lacks(settings, words)
    items = len(catalogue.items)
    if mistakes:
        return _tell(words, "check.catalogue", WRONG, mistakes=len(mistakes), items=items)
    if not items:
        return _tell(words, "check.no_items", WRONG, folder=settings.catalogue.folder)
    if fault:
        return _tell(words, "check.not_enrolled", NOT_ENROLLED, items=items)
    if all(isinstance(each, NoDevice) for each in (settings.reader, settings.scanner, settings.locker)):
        return _tell(words, "check.no_devices", WRONG, items=items)
    return _tell(words, "check.ready", OK, items=items)


def _may_look(settings: Settings) -> bool:
    """Whether this account may use the store: another one sees files that look damaged, and are not."""
    folder = settings.store.folder
    try:
        return not folder.exists() or os.access(folder, os.R_OK | os.W_OK | os.X_OK, effective_ids=True)
    except PermissionError:
        return False


def _say_edition(settings: Settings, words: Words) -> None:
    """What came from central: its version, since when it is central's, and what of its settings holds here."""
    held = held_edition(settings)
    if held is None:
        _say_filled(words, "edition.none")
        return
    named = {"version": held.version, "as_of": f"{held.as_of.astimezone(settings.terminal.zone):%Y-%m-%d %H:%M}"}
    try:
        contents = contents_of(held, settings)
    except (CatalogueMistakes, OSError) as wrong:  # the terminal's program takes neither
        _say_filled(words, "edition.bad", **named)
        _say(str(wrong))
        return
    _say_filled(words, "edition.held", items=len(contents.catalogue.items), **named)
    for word, filled in afar.told(settings, contents.afar):
        _say_filled(words, word, **filled)


def _say_lacks(settings: Settings, words: Words) -> None:
    """What the glass and its keyboard lack here: worth a technician's way, and no reason to stay closed."""
    from ui.lacks import lacks  # no other command needs anything of the screen

    for word, filled in lacks(settings.screen).items():
        _say_filled(words, word, **filled)


def _enrol(settings: Settings, words: Words, code: str, clock: Clock) -> int:
    told = enrol(settings, code, clock)
    if isinstance(told, NotEnrolled):
        _say(f"not enrolled: {told.reason.value} {told.detail}".rstrip())
        _say_all(words, (told.reason.value,))
        if told.reason is WhyNotEnrolled.KEY:
            _say_all(words, (told.detail,))
        return NOT_ENROLLED
    _say(f"enrolled as {told.region} / {told.site} / {told.terminal}")
    _say_all(words, key_told(settings))
    return OK


def _key(settings: Settings, words: Words, *, move: bool) -> int:
    if not _may_look(settings):
        return _tell(words, "letters.no_rights", NOT_ENROLLED, folder=settings.store.folder)
    if not move:
        _say_all(words, key_told(settings))
        return NOT_ENROLLED if identity_fault(settings) else OK
    is_there, told = move_key(settings)
    _say_all(words, told)
    return OK if is_there else NOT_ENROLLED


def _say_all(words: Words, told: Sequence[str]) -> None:
    """To a technician, whose language nobody asked."""
    for word in told:
        _say_filled(words, word)


def _say_filled(words: Words, word: str, **filled: object) -> None:
    _say(f"{word}: {words.say(word, 'zh', **filled)}\n    {words.say(word, 'en', **filled)}")


def _tell(words: Words, word: str, code: int = WRONG, **facts: object) -> int:
    """A verdict in both languages, and the exit code that goes with it."""
    for language in LANGUAGES:
        _say(words.say(word, language, **facts))
    return code


def _say(text: str) -> None:
    if sys.stderr is None:
        return
    with contextlib.suppress(OSError):  # nobody listens any more
        sys.stderr.write(text.encode("utf-8", "backslashreplace").decode() + "\n")


def _log_to(settings: Settings) -> None:
    """One line an event, to the journal or to files that are replaced in turn."""
    handler: logging.Handler = logging.StreamHandler()
    folder = settings.logs.folder
    refused: OSError | None = None
    if folder is not None:
        size = settings.logs.keep_mb * 1024 * 1024 // 5
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handler = logging.handlers.RotatingFileHandler(folder / "kiosk.log", maxBytes=size, backupCount=4)
        except OSError as world:  # a terminal without a log serves all the same
            refused = world
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=settings.logs.level.upper(), handlers=[handler], force=True)
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    if refused is not None:
        log.warning(
            "nothing is logged to %s (%s): look at logs.folder in the settings and its rights; the lines come here",
            folder,
            refused.strerror,
        )


if __name__ == "__main__":
    sys.exit(main())
