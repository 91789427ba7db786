"""Pictures of every page of the desk, in both languages, to be looked at: `python -m tests.console.look FOLDER`."""

import sys
import tempfile
from functools import partial
from pathlib import Path

import httpx2

from tests.central.world import Clock
from tests.console.browser import OPEN, Face, browser_here
from tests.console.story import told
from tests.console.world import served


def main(folder: Path) -> None:
    """Every page of every role at 1280×800, whole and as far as the window shows."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as kept,
        served(Path(kept) / "central", Clock()) as desk,
        httpx2.Client(base_url=desk.url) as client,
        browser_here(Path(kept)) as browser,
    ):
        pages = told(desk, client)
        for lang in ("zh", "en"):
            for login, paths in pages.items():
                face = Face(
                    browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page(), desk
                )
                face.language(lang)
                if login:
                    face.sign_in(login)
                for name, path in paths.items():
                    face.page.goto(desk.url + path)
                    face.page.screenshot(path=folder / f"{name}-{lang}.png")
                    face.page.screenshot(path=folder / f"{name}-{lang}-whole.png", full_page=True)
                    wide = face.width()
                    if name in ("checked", "approved"):  # every form of the case, open
                        face.page.eval_on_selector_all("details", OPEN)
                        face.page.screenshot(path=folder / f"{name}-{lang}-open.png", full_page=True)
                    for button in ("批准", "Approve") if name == "case" else ():
                        if face.page.locator("aside").get_by_role("button", name=button, exact=True).count():
                            face.press_button(button)
                            face.page.screenshot(path=folder / f"sure-{lang}.png", full_page=True)
                            face.page.goto(desk.url + path)
                    if name == "case":
                        face.sent(partial(face.page.click, "form[action^='/case/show'] button"))
                        face.page.screenshot(path=folder / f"shown-{lang}.png", full_page=True)
                    sys.stdout.write(f"{name} {lang} {wide}{' TOO WIDE' if wide > 1280 else ''}\n")
                face.page.context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
