"""Chromium, and what a person does in it at the desk."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.central.people import begin
from tests.central.waiting import PATIENCE_S
from tests.console.world import PASSWORD, Desk
from tests.house.tree import ROOT

CHROMIUM = "/usr/bin/chromium"
LATIN = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
"""The Latin face that the browser finds, where the machine has it."""
OPEN = "all => all.forEach((each) => { each.removeAttribute('name'); each.open = true; })"
"""Unfolds every form at once, which a person cannot."""

_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <dir>/usr/share/fonts/truetype/dejavu</dir>
  <cachedir>{cache}</cachedir>
  <alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""


@contextmanager
def browser_here(folder: Path) -> Iterator[Browser]:
    """A browser without a window; it draws with the fonts of the tree, wherever it runs."""
    config = folder / "fonts.conf"
    fonts = folder / "fonts"
    fonts.mkdir()
    for name in ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"):  # all of the tree's take seconds to be read
        (fonts / name).symlink_to(ROOT / "assets/fonts" / name)
    config.write_text(_FONTS.format(fonts=fonts, cache=folder / "cache"), "utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
            env={**os.environ, "FONTCONFIG_FILE": str(config)},
        )
        try:
            yield browser
        finally:
            browser.close()


class Face:
    """Somebody before the screen."""

    def __init__(self, page: Page, desk: Desk) -> None:
        self.page = page
        self.desk = desk
        page.set_default_timeout(PATIENCE_S * 1000)
        self.urls: list[str] = []
        page.on("request", lambda request: self.urls.append(request.url))

    def language(self, lang: str) -> None:
        self.page.context.add_cookies([{"name": "lang", "value": lang, "url": self.desk.url}])

    def let_in(self, login: str) -> None:
        """A session without the form: signing in is driven where it is what is tested."""
        token = begin(self.desk.central, login).token
        self.page.context.add_cookies([{"name": "nuanting_session", "value": token, "url": self.desk.url}])

    def sign_in(self, login: str, password: str = PASSWORD, code: str = "") -> None:
        """With the keyboard: the last Enter sends the form."""
        if "/login" not in self.page.url:
            self.page.goto(self.desk.url + "/login")
        self.page.fill("#login", login)
        self.page.fill("#password", password)
        self.page.fill("#code", code or self.desk.code(login))
        self.sent(lambda: self.page.press("#code", "Enter"))

    def sent(self, act: Callable[[], object]) -> None:
        """Do something that leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            act()

    def go(self, path: str) -> None:
        self.page.goto(self.desk.url + path)

    def width(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def says(self, text: str) -> bool:
        return text in self.page.inner_text("body")

    # ---- at a case

    def press_button(self, name: str) -> None:
        """A button of "what next" that needs nothing else."""
        self.sent(lambda: self.page.locator("aside").get_by_role("button", name=name, exact=True).click())

    def buttons(self) -> list[str]:
        return [text.strip() for text in self.page.locator("aside button, aside summary").all_inner_texts()]

    def open_form(self, name: str) -> None:
        self.page.locator("aside summary", has_text=name).click()

    def send_form(self, name: str) -> None:
        """The button of the form that stands open."""
        self.sent(lambda: self.page.locator("details[open]").get_by_role("button", name=name).click())

    def say_yes(self) -> None:
        """On the page that restates it: the key that a practised person presses."""
        assert self.page.locator("h1").inner_text().endswith(("？", "?"))
        self.focused()
        self.sent(lambda: self.page.keyboard.press("Enter"))

    # ---- with the keyboard

    def focused(self) -> None:
        """Until something has the focus: what a page gives it to has it when the page is drawn, not when it is here."""
        self.page.wait_for_function("document.activeElement && document.activeElement !== document.body")

    def focus(self) -> str:
        return str(self.page.evaluate("document.activeElement.innerText")).strip()

    def focus_row(self) -> str:
        return str(self.page.evaluate("(document.activeElement.closest('tr') || document.body).innerText"))
