"""The accessibility tree of every page as another program sees it: `python -m tests.ui_reading.access --out FILE`.

An X screen, a session bus and AT-SPI of its own, the screen in one process, pyatspi in another. Writes a table of every
control of every page, in both languages, with role, name and actions.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.touch.xscreen import XVFB, x_screen
from tests.ui.samples import views
from tests.ui.stage import ROOT

SYSTEM_PYTHON = "/usr/bin/python3"
READER = Path(__file__).resolve().with_name("access_reader.py")
LONGEST_S = 400.0
WORKED = ("push button", "check box", "radio button", "page tab", "button", "text", "entry")


@dataclass(frozen=True)
class PageRead:
    """One page as it was read: nodes hold role, name, description, actions, enabled."""

    page: str
    language: str
    worked: list[str]
    nodes: list[dict[str, Any]]
    keys: list[dict[str, Any]]
    pressed: str
    events: list[str]
    other: str
    switched: list[str]

    @property
    def controls(self) -> list[dict[str, Any]]:
        return [node for node in self.nodes if node["role"] in WORKED]


def missing() -> list[str]:
    """Debian packages that are needed here and absent; all named in packages.apt."""
    found = {"xvfb": XVFB, "dbus-daemon": shutil.which("dbus-run-session")}
    launcher = Path("/usr/libexec/at-spi-bus-launcher").exists() or Path("/usr/lib/at-spi2-core").exists()
    lacks = [package for package, there in found.items() if there is None] + ([] if launcher else ["at-spi2-core"])
    asked = subprocess.run([SYSTEM_PYTHON, "-c", "import pyatspi"], capture_output=True, check=False)
    return lacks + ([] if asked.returncode == 0 else ["python3-pyatspi"])


def read(names: list[str] | None = None) -> list[PageRead]:
    """Every sample page in both languages; or these, as NAME:LANGUAGE."""
    names = names or [f"{name}:{language}" for language in ("zh", "en") for name in views("zh")]
    with tempfile.TemporaryDirectory(prefix="nt-at-") as folder, x_screen() as screen:
        out = Path(folder) / "pages"
        told = {"DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb", "QT_QUICK_BACKEND": "software",
                "XDG_RUNTIME_DIR": folder, "PYTHONPATH": str(ROOT), "NO_AT_BRIDGE": "0"}  # fmt: skip
        env = {key: value for key, value in os.environ.items() if key != "DBUS_SESSION_BUS_ADDRESS"} | told
        command = ["dbus-run-session", "--", SYSTEM_PYTHON, str(READER), sys.executable, str(out), *names]
        ended = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=LONGEST_S, check=False
        )
        if ended.returncode != 0:
            raise AssertionError(f"the reader ended with {ended.returncode}: {ended.stderr[-2000:]}")
        return [PageRead(**json.loads(line)) for line in out.read_text("utf-8").splitlines()]


def table(pages: list[PageRead]) -> str:
    """What was read, for people."""
    lines = []
    for page in pages:
        lines.append(f"\n{page.page} ({page.language})")
        for node in page.nodes + page.keys:
            actions = ", ".join(dict.fromkeys(node["actions"]))
            state = "" if node["enabled"] else "  (not now)"
            lines.append(f"  {node['role']:<14}  {node['name']}  [{actions}]{state}")
    return "\n".join(lines).strip() + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/access.txt"))
    given = parser.parse_args()
    if lacking := missing():
        sys.exit(f"install first: {', '.join(lacking)}")
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(table(read()), "utf-8")
    sys.stdout.write(f"{given.out}\n")
