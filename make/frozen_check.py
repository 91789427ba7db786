"""Looks into the frozen program: nothing of the workshop inside, every Qt library there, and it starts once."""

import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from PyInstaller.archive.readers import CArchiveReader

FORBIDDEN = ("hardware.twins", "demo", "bench", "tests", "central", "pytest", "hypothesis")
"""Modules that must not be inside, with all below them."""

GPL = ("libreadline", "libQt6VirtualKeyboard")
"""Libraries under the GPL that a build can drag in unasked; the terminal links none."""

START_S = 60
"""How long the program may take to start and say that it is well."""


def modules(program: Path) -> set[str]:
    """Names of every module and script packed into the program."""
    archive = CArchiveReader(str(program))
    names = set(archive.toc)
    for name, (*_, kind) in archive.toc.items():
        if kind == "z":
            names |= set(archive.open_embedded_archive(name).toc)
    return names


def intruders(names: set[str]) -> list[str]:
    """Those of the names that must not ship."""
    return sorted(n for n in names if any(n == room or n.startswith(f"{room}.") for room in FORBIDDEN))


def unfound(report: str) -> list[str]:
    """Modules of ours that the freezer could not find or read, out of its own report."""
    rooms = "kiosk|ui|hardware|offline_cache|catalogue|documents|wire|trust"
    return re.findall(rf"^((?:missing|invalid) module named '?(?:{rooms})\b\S*)", report, re.MULTILINE)


def strangers(folder: Path) -> list[str]:
    """Files in the folder that belong to a forbidden module."""
    inside = folder / "_internal"
    rooms = [inside.joinpath(*room.split(".")) for room in FORBIDDEN]
    return sorted(
        str(path.relative_to(folder)) for path in inside.rglob("*") if any(r in (path, *path.parents) for r in rooms)
    )


def copyleft(folder: Path) -> list[str]:
    """Files of the folder that are under the GPL."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.name.startswith(GPL))


def unmet(folder: Path) -> list[str]:
    """Qt libraries that something in the folder asks for and that were filtered away."""
    lost: set[str] = set()
    for path in (folder / "_internal/PySide6").rglob("*.so*"):
        told = subprocess.run(["ldd", path], capture_output=True, text=True, check=False).stdout
        for line in told.splitlines():
            name = line.split()[0]
            if name.startswith(("libQt6", "libpyside6", "libshiboken6")) and "not found" in line:
                lost.add(f"{name} (asked for by {path.name})")
    return sorted(lost)


SETTINGS = """\
[terminal]
name = "NT-FROZEN"
place_zh = "冻结检查"
place_en = "Frozen check"

[screen]
windowed = true

[store]
folder = "store"

[central]
url = "http://127.0.0.1:9"

[catalogue]
folder = "{assets}/catalogue"
"""
"""A terminal with no device and a central that is away: it must start all the same, and say so."""


FRAME = "Frame rendered"
"""What Qt says of every frame when it is asked to."""

ENDED_CLOSED = 3
"""The code of a terminal that is not enrolled: it showed its screen, closed, with the reason."""


def world(home: str) -> dict[str, str]:
    """An environment in which nothing of the tree and nothing of the person's own is in sight."""
    return {
        "PATH": os.defpath,
        "HOME": home,
        "XDG_RUNTIME_DIR": home,
        "LANG": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "QT_QUICK_BACKEND": "software",
        "QT_LOGGING_RULES": "qt.scenegraph.time.renderloop=true",
        "QT_FORCE_STDERR_LOGGING": "1",
    }


def start(folder: Path) -> list[str]:
    """What went wrong when the program checked its settings, then drew its screen and was asked to end."""
    program = (folder / "nuanting").resolve()
    with tempfile.TemporaryDirectory(prefix="nuanting-frozen-") as home:
        settings = Path(home) / "settings.toml"
        settings.write_text(SETTINGS.format(assets=program.parent / "_internal/assets"), "utf-8")
        command = [program, "--settings", settings]
        with Path(home, "told").open("w+", encoding="utf-8") as told:
            checked = subprocess.run(
                [*command, "--check"], cwd=home, env=world(home), stdout=told, stderr=told, timeout=START_S, check=False
            )
            if checked.returncode != ENDED_CLOSED:  # all is well but that it is not enrolled
                return [f"--check ended with {checked.returncode}:\n{Path(told.name).read_text('utf-8')}"]
        return draw(command, home)


def draw(command: list[str | Path], home: str) -> list[str]:
    """Runs the program until it has drawn a frame, then asks it to end."""
    lines: list[str] = []
    drawn = threading.Event()
    with subprocess.Popen(command, cwd=home, env=world(home), stderr=subprocess.PIPE, text=True) as running:
        told = running.stderr
        assert told is not None  # noqa: S101 - it was asked for, one line above

        def listen() -> None:
            for line in told:
                lines.append(line)
                if FRAME in line:
                    drawn.set()
            drawn.set()

        ear = threading.Thread(target=listen, name="frozen-ear")
        ear.start()
        drawn.wait(START_S)
        running.terminate()
        try:
            code = running.wait(START_S)
        except subprocess.TimeoutExpired:
            running.kill()
            code = running.wait()
        ear.join()
    wrong = []
    if not any(FRAME in line for line in lines):
        wrong.append("no frame was drawn")
    if code != ENDED_CLOSED:
        wrong.append(f"ended with {code}, not {ENDED_CLOSED}")
    rest = [line for line in lines if FRAME not in line and "qt.scenegraph" not in line]
    return [f"{text}:\n{''.join(rest)}" for text in wrong]


def size_mb(folder: Path) -> float:
    """Size of the folder on disk, links not counted twice, in MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6


def main() -> int:
    """Prints what is wrong; 0 when nothing is."""
    folder = Path(sys.argv[1])
    program = folder / "nuanting"
    names = modules(program)
    wrong = [f"must not ship: {name}" for name in intruders(names)]
    wrong += [f"must not ship: {name}" for name in strangers(folder)]
    wrong += unfound(Path(sys.argv[2]).read_text("utf-8"))
    wrong += [f"under the GPL: {name}" for name in copyleft(folder)]
    wrong += [f"missing library: {name}" for name in unmet(folder)]
    if "kiosk.wiring" not in names:
        wrong.append("kiosk.wiring is not inside: this is not our program")
    wrong += start(folder)
    for line in wrong:
        print(f"frozen: {line}")
    if not wrong:
        print(f"frozen: {len(names)} modules, {size_mb(folder):.0f} MB, started and well")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
