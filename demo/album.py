"""Pictures of a demo without a screen: each page once in Chinese and once in English, papers, slips."""

import contextlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from central.jobs.opening import file_of
from central.wiring import Central
from demo.found import cases_at
from demo.glass import CannotBeDone
from demo.terminal import Terminal
from demo.world import World
from documents.render import page_pngs
from kiosk.view import Page

PAGE_AGAIN_S = 5.0


class Pages:
    """Notes which pages of the screen were seen in each of `languages`; takes no pictures."""

    languages: tuple[str, ...] = ("zh",)

    def __init__(self) -> None:
        self._pages: dict[str, set[str]] = {}  # page -> languages

    def snap(self, terminal: Terminal, name: str) -> None:
        """The page as it stands, called `name`."""
        self.snap_once(terminal, name)

    def snap_once(self, terminal: Terminal, name: str, page: str = "") -> bool:
        """Note what stands there; whether it could be (`page`: what is expected)."""
        self._note(terminal.look())
        return True

    def missing(self) -> list[str]:
        """Pages of the screen that were not seen in each of its languages."""
        return [
            f"{page.value} ({language})"
            for page in Page
            for language in self.languages
            if language not in self._pages.get(page.value, ())
        ]

    def _note(self, seen: Mapping[str, Any]) -> None:
        self._pages.setdefault(seen["page"], set()).add(seen["language"])


class Album(Pages):
    """Takes each page's picture in both languages the first time it is seen. The folder is made anew."""

    languages = ("zh", "en")

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self._taken: dict[str, set[str]] = {}  # name -> languages
        if (folder / ".gitignore").exists():
            shutil.rmtree(folder)
        for name in ("zh", "en", "papers", "slips"):
            (folder / name).mkdir(parents=True)
        (folder / ".gitignore").write_text("*\n")

    def snap(self, terminal: Terminal, name: str) -> None:
        """The page as it stands, then in the other language, then as it was; pages that go on meanwhile are let go."""
        if len(self._taken.get(name, ())) == len(self.languages):
            return
        seen = terminal.look()
        page, language = seen["page"], seen["language"]
        for now in (language, other(language)):
            if now != language:
                self._speak(terminal, now, page)
            if now not in self._taken.get(name, ()) and not self.snap_once(terminal, name, page):
                break
        if terminal.look()["language"] != language:
            self._speak(terminal, language, page)

    def _speak(self, terminal: Terminal, language: str, page: str) -> None:
        """Switch the language, and wait for the page to be there again: a review is made anew for it."""
        terminal.switch_language()
        terminal.wait(language=language)
        with contextlib.suppress(CannotBeDone):  # the page went on by itself
            terminal.wait(page, within=PAGE_AGAIN_S)

    def snap_once(self, terminal: Terminal, name: str, page: str = "") -> bool:
        """One picture in the language that stands there; whether the page (where named) stood still meanwhile."""
        taken = self._taken.setdefault(name, set())
        number = list(self._taken).index(name) + 1
        seen = terminal.look()
        file = self.folder / seen["language"] / f"{number:02}-{name}.png"
        terminal.picture(file)
        if terminal.look()["page"] != (page or seen["page"]):
            file.unlink()
            return False
        taken.add(seen["language"])
        self._note(seen)
        return True

    @property
    def pictures(self) -> int:
        return sum(len(languages) for languages in self._taken.values())

    def keep_papers(self, world: World) -> tuple[int, int, int]:
        """Printed documents, kept application pages and slips, each as a file. Returns how many of each."""
        for number, document in enumerate(world.pages.printed, 1):
            self._paper(f"printed-{number:02}", document.pdf)
        kept = 0
        for row in reversed(cases_at(world.central)):
            pdf = kept_page(world.central, row.region, row.case)
            if pdf:
                kept += 1
                self._paper(f"application-{row.case}", pdf)
        for number, piece in enumerate(world.slip.slips, 1):
            (self.folder / "slips" / f"slip-{number:02}.png").write_bytes(piece.png())
        return len(world.pages.printed), kept, len(world.slip.slips)

    def _paper(self, name: str, pdf: bytes) -> None:
        (self.folder / "papers" / f"{name}.pdf").write_bytes(pdf)
        for number, png in enumerate(page_pngs(pdf), 1):
            (self.folder / "papers" / f"{name}-{number}.png").write_bytes(png)


def other(language: str) -> str:
    return "en" if language == "zh" else "zh"


def kept_page(central: Central, region: str, case: str) -> bytes:
    """The very page that a person approved, as central holds it; empty when it does not."""
    found = file_of(central, region, case, 0)
    return found[1] if found is not None else b""
