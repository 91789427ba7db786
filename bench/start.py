"""Cold start and memory, beside Chromium in kiosk mode showing a like page.

Both are new processes under the same X server (Xvfb, 1080 × 1920, no graphics card); their files are in the disk cache.
Ours is the whole terminal with all its devices (twins in this process): its first frame, and the first frame on which
it is open for business. Chromium shows one HTML page with the same fonts and the same drawing, served from here, in a
profile it has used before; it has no devices, no store and no journeys. Memory is taken some seconds after the page is
up: ours is one process, counted with all its libraries (RSS); Chromium's many are counted with shared pages once (PSS).
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.figures import Row, median
from demo.world import ROOT, World

TURNS = 5
WARM_UP = 1
"""The first turn fills the disk cache, and Chromium's profile."""
SETTLE_S = 4.0
LONGEST_S = 60.0
FRAME = "Frame rendered"
"""What Qt says of every frame when it is asked to."""
OPEN = "page attract"
"""What the mind logs when the terminal is open for business."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>like</title><style>
@font-face { font-family: N; src: url(/fonts/NotoSansSC-Regular.ttf); }
@font-face { font-family: N; font-weight: bold; src: url(/fonts/NotoSansSC-Bold.ttf); }
html, body { margin: 0; height: 100%; background: #1A2433; color: #FFF6E6; font-family: N; overflow: hidden; }
img { position: absolute; width: 100%; height: 100%; }
h1 { position: absolute; left: 56px; right: 56px; top: 170px; font-size: 85px; margin: 0; }
p { position: absolute; left: 56px; bottom: 120px; font-size: 52px; font-weight: bold; margin: 0; }
</style><img src="/doorway.svg"><h1>24 小时，随时可办</h1><p>您好，请点这里开始<br>Welcome. Touch here to start</p>
<script>
const shown = document.querySelector("img").decode().catch(() => 0);
Promise.all([document.fonts.ready, shown]).then(() =>
    requestAnimationFrame(() => requestAnimationFrame(() => fetch("/painted", {method: "POST"}))));
</script></html>"""


def measure(quick: bool) -> list[Row]:
    """Start and memory; Chromium's where it is installed."""
    turns, warm_up, settle_s = (1, 0, 0.2) if quick else (TURNS, WARM_UP, SETTLE_S)
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    with _screen() as display:
        ours = _ours(display, turns, warm_up, settle_s)
        theirs = _theirs(display, browser, turns, warm_up, settle_s) if browser and display else []
    why = (
        "" if theirs else "Chromium is not installed here" if not browser else "no Xvfb here: nowhere to show Chromium"
    )
    name = "Chromium in kiosk mode, a like page" if theirs else f"skipped: {why}"
    started = [start for _, start, _ in theirs]
    weighed = [memory for _, _, memory in theirs]

    def row(key: str, what: str, unit: str, ours: list[float], beside: list[float], note: str) -> Row:
        limit = median(beside) if beside else None
        return Row(key, what, unit, len(ours), median(ours), None, max(ours), name, limit, note=note)

    where = "under Xvfb" if display else "offscreen"
    return [
        row("start-frame", "start → first frame", "s", [first for first, _, _ in ours], started,
            f"{where}, files in the disk cache; the first frame says that the terminal is being checked"),
        row("start-open", "start → open for business", "s", [opened for _, opened, _ in ours], started,
            "every device was asked once, the ledger swept, the doorway drawn"),
        row("memory", "memory at rest", "MB", [memory for _, _, memory in ours], weighed,
            "ours with six devices, store, sync and screen, one process (RSS); Chromium's process tree (PSS)"),
    ]  # fmt: skip


@contextlib.contextmanager
def _screen() -> Iterator[str]:
    """An X server of the glass's size; "" where there is none."""
    program = shutil.which("Xvfb")
    if program is None:
        yield ""
        return
    told, tells = os.pipe()
    command = [program, "-displayfd", str(tells), "-screen", "0", "1080x1920x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=(tells,), stderr=subprocess.DEVNULL) as server:
        os.close(tells)
        with os.fdopen(told) as number:
            display = f":{number.readline().strip()}"
        try:
            yield display
        finally:
            server.terminate()


def _ours(display: str, turns: int, warm_up: int, settle_s: float) -> list[tuple[float, float, float]]:
    """Per turn: seconds to the first frame, seconds to the first frame when open, MB at rest."""
    found = []
    with World(calm=False) as world:
        world.enrol()
        # To standard error, where Qt tells of its frames too: then the order of the lines is the order of events.
        settings = re.sub(r"\[logs\].*?(?=\n\[|\Z)", "[logs]\n", world.settings.read_text("utf-8"), flags=re.DOTALL)
        world.settings.write_text(settings, "utf-8")
        environment = world.environment(offscreen=not display) | {
            "QT_LOGGING_RULES": "qt.scenegraph.time.renderloop=true",
            "QT_FORCE_STDERR_LOGGING": "1",
            "QT_QUICK_BACKEND": "software",
        }
        if display:
            environment |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        command = [sys.executable, "-m", "kiosk.main", "--settings", str(world.settings)]
        for _ in range(turns + warm_up):
            found.append(_one_start(command, environment, settle_s))
    return found[warm_up:]


def _one_start(command: list[str], environment: dict[str, str], settle_s: float) -> tuple[float, float, float]:
    first = opened = 0.0
    began = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        watch = threading.Timer(LONGEST_S, running.kill)
        watch.start()
        is_open = False
        for line in running.stderr:
            is_open = is_open or OPEN in line
            if FRAME in line:
                first = first or time.monotonic() - began
                if is_open:
                    opened = time.monotonic() - began
                    break
        drain = threading.Thread(target=_drain, args=(running.stderr,), daemon=True)
        drain.start()
        time.sleep(settle_s)
        memory = _memory_mb(running.pid)
        running.terminate()
        running.wait(LONGEST_S)
        watch.cancel()
        drain.join()
    if not opened:
        raise RuntimeError("the terminal never opened")
    return first, opened, memory


def _drain(lines: Iterator[str]) -> None:
    for _ in lines:
        pass


def _theirs(display: str, browser: str, turns: int, warm_up: int, settle_s: float) -> list[tuple[float, float, float]]:
    """Per turn, as `_ours`; first frame and open are the same here."""
    painted = threading.Event()
    served = ThreadingHTTPServer(("127.0.0.1", 0), _handler(painted))
    served.daemon_threads = True
    serving = threading.Thread(target=served.serve_forever, name="like page")
    serving.start()
    found = []
    try:
        with tempfile.TemporaryDirectory(prefix="nuanting-browser-", ignore_cleanup_errors=True) as home:
            command = [
                browser, "--kiosk", "--disable-gpu", "--no-first-run", "--no-default-browser-check",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                f"--user-data-dir={home}/profile", "--window-size=1080,1920", "--window-position=0,0",
                f"http://127.0.0.1:{served.server_address[1]}/",
            ]  # fmt: skip
            if os.geteuid() == 0:
                command.append("--no-sandbox")  # it refuses to run as root with one
            environment = os.environ | {"DISPLAY": display, "HOME": home}
            for _ in range(turns + warm_up):
                painted.clear()
                began = time.monotonic()
                with subprocess.Popen(
                    command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
                ) as it:
                    if not painted.wait(LONGEST_S):
                        it.kill()
                        raise RuntimeError("Chromium never painted")
                    shown = time.monotonic() - began
                    time.sleep(settle_s)
                    found.append((shown, shown, _memory_mb(it.pid)))
                    it.terminate()
    finally:
        served.shutdown()
        serving.join()
        served.server_close()
    return found[warm_up:]


def _handler(painted: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/":
                return self._give(PAGE.encode(), "text/html; charset=utf-8")
            if self.path == "/doorway.svg":
                return self._give(_doorway(), "image/svg+xml")
            font = ROOT / "assets" / "fonts" / Path(self.path).name
            if self.path.startswith("/fonts/") and font.is_file():
                return self._give(font.read_bytes(), "font/ttf")
            return self.send_error(404)

        def do_POST(self) -> None:
            painted.set()
            self._give(b"", "text/plain")

        def _give(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *given: object) -> None:
            """Nothing is told of a request."""

    return Handler


def _doorway() -> bytes:
    """The doorway's drawing; its colour roles are left to the browser as black, which costs the same to draw."""
    drawing = (ROOT / "assets" / "theme" / "drawings" / "doorway.svg").read_bytes()
    return re.sub(rb"@[a-zA-Z]+", b"#8FA0B5", drawing)


def _memory_mb(root: int) -> float:
    """What a process and all below it hold. One process: all it has resident, libraries too. Several: their PSS."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            parent = int(stat.read_text("utf-8", errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    family, left = [], [root]
    while left:
        family.append(left.pop())
        left += children.get(family[-1], [])
    field = "Pss" if len(family) > 1 else "Rss"
    return sum(_kb(process, field) for process in family) * 1024 / 1e6


def _kb(process: int, field: str) -> int:
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text("utf-8")
    except OSError:  # it has ended meanwhile
        return 0
    found = re.search(rf"^{field}:\s+(\d+) kB", told, re.MULTILINE)
    return int(found[1]) if found else 0
