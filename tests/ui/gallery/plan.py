"""Which pictures there are: every page, in every state, in every way of seeing it."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from PySide6.QtQuick import QQuickItem

from kiosk.modes import Modes
from kiosk.view import FormBody, IdentifyBody, Page, View
from tests.ui.samples import views
from tests.ui.stage import ROOT, Bench

SMALL, LARGE = 21.5, 32.0  # inches of the two glasses that are promised
TALL, WIDE = (1080, 1920), (1920, 1080)
HELP_ON = ("home", "form")
MAGNIFIED = ("home", "form", "identify", "identify-pickup", "search", "search-found")
COVERED = ("form", "review", "result", "form-filled")
NOBODYS = (Page.ATTRACT, Page.CLOSED)  # where no visit is, nothing was switched on but the type and the language
STEP = 0.8  # of the page's window: how far it is scrolled from one picture to the next
MOST_STEPS = 6
DRAWN_FROM = (
    "ui", "assets/theme", "assets/i18n", "assets/icons", "kiosk/view.py", "kiosk/modes.py",
    "tests/ui/samples", "tests/ui/gallery", "tests/ui/stage.py",
)  # fmt: skip


@dataclass(frozen=True)
class Way:
    """One way of seeing a page."""

    language: str = "zh"
    elder: bool = False
    contrast: bool = False
    wide: bool = False
    low: bool = False
    inches: float = SMALL

    def __str__(self) -> str:
        parts = [
            self.language,
            "elder" if self.elder else "normal",
            "contrast" if self.contrast else "",
            "wide" if self.wide else "tall",
            "low" if self.low else "",
            f"{self.inches:.0f}in" if self.inches != SMALL else "",
        ]
        return "-".join(part for part in parts if part)

    @property
    def modes(self) -> Modes:
        return Modes(elder=self.elder, contrast=self.contrast, low=self.low)


def ways() -> list[Way]:
    """All of them. Wide glass of 21.5 inches lies within reach whole; wide glass of 32 does not."""
    flags = (False, True)
    small = [
        Way(language, elder, contrast, wide, low)
        for (wide, low), contrast, elder, language in product(
            ((False, False), (False, True), (True, False)), flags, flags, ("zh", "en")
        )
    ]
    large = [
        Way(language, elder, False, wide, True, LARGE) for wide, elder, language in product(flags, flags, ("zh", "en"))
    ]
    return small + large


NORMAL, ELDER = Way(), Way(elder=True)
CONTRAST = Way("en", contrast=True)
WIDE_ELDER = Way("en", elder=True, wide=True)
LOW = Way(low=True)


@dataclass(frozen=True)
class Job:
    """One sample in one way: a few pictures, one for each state."""

    sample: str
    way: Way

    def __str__(self) -> str:
        return f"{self.sample}-{self.way}"


def jobs(only: str = "") -> list[Job]:
    pages = {name: view.page for name, view in views("zh").items()}
    return [
        Job(name, way)
        for way in ways()
        for name, page in pages.items()
        if only in str(Job(name, way)) and not (way.low and page in NOBODYS)
    ]


Prepare = Callable[[], None]


def show(bench: Bench, job: Job, **modes: bool) -> View:
    """The sample on the glass, from the beginning: as a new visit."""
    size = WIDE if job.way.wide else TALL
    if (bench.window.width(), bench.window.height()) != size:
        bench.window.resize(*size)
    bench.visits += 1
    view = views(job.way.language)[job.sample]
    view = replace(view, modes=replace(job.way.modes, **modes), visit=bench.visits)
    bench.show(view)
    return view


def states(bench: Bench, job: Job) -> Iterator[tuple[str, View]]:
    """Puts one state after the other on the glass."""
    view = show(bench, job)
    yield "", view
    yield from scrolled(bench, view)
    words = bench.stage.shell.words
    if isinstance(view.body, FormBody | IdentifyBody) and view.countdown is None:
        for number, field in enumerate(bench.fields()):
            field.forceActiveFocus()
            bench.settle()
            yield f"typing-{number + 1}", view
    if view.page is Page.CONSENT:
        view = show(bench, job)
        press(bench, words["screen.show_whole_text"])
        yield "whole", view
        yield from scrolled(bench, view, "whole-")
    if view.page is Page.REVIEW:
        view = show(bench, job)
        press(bench, words["screen.look_closer"])
        yield "closer", view
    if job.sample in HELP_ON:
        view = show(bench, job)
        panel = bench.window.findChild(QQuickItem, "help")
        panel.setProperty("opened", True)
        bench.settle()
        yield "help", view
        panel.setProperty("opened", False)
    if job.sample in MAGNIFIED:
        view = show(bench, job, magnify=True)
        yield "magnified", view
        for number, field in enumerate(bench.fields()):
            field.forceActiveFocus()
            bench.settle()
            yield f"magnified-typing-{number + 1}", view
    if job.sample in COVERED:
        yield "covered", show(bench, job, hidden=True)


def press(bench: Bench, text: str) -> None:
    """As Space would: the button need not be in sight."""
    button = bench.button(text)
    button.metaObject().invokeMethod(button, "click")
    bench.settle()


def page_scroll(bench: Bench) -> QQuickItem | None:
    """The part of the page that moves, when it does not fit."""
    for item in bench.items():
        if item.inherits("QQuickFlickable") and item.property("contentHeight") > item.height() + 4 and item.clip():
            return item
    return None


def scrolled(bench: Bench, view: View, begin: str = "") -> Iterator[tuple[str, View]]:
    for field in bench.fields():
        if field.hasActiveFocus():  # a page that begins with its keyboard up: without it now
            field.setFocus(False)
            bench.settle()
            yield f"{begin}read", view
    for step in range(2, MOST_STEPS + 2):
        part = page_scroll(bench)
        if part is None:
            return
        end = part.property("contentHeight") - part.height()
        if part.property("contentY") >= end - 4:
            return
        part.setProperty("contentY", min(end, part.property("contentY") + part.height() * STEP))
        bench.settle()
        yield f"{begin}{step}", view


def fingerprint() -> str:
    """Changes with anything that a picture is made of."""
    told = hashlib.sha256()
    for name in DRAWN_FROM:
        root = ROOT / name
        files = [root] if root.is_file() else sorted(file for file in root.rglob("*") if file.is_file())
        for file in files:
            if "__pycache__" not in file.parts:
                told.update(str(file.relative_to(ROOT)).encode())
                told.update(file.read_bytes())
    return told.hexdigest()


def folder(out: Path, job: Job) -> Path:
    return out / job.sample
