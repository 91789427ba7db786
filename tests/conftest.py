"""What holds for every test: Qt without a screen, no thread left behind, no warning logged unseen."""

import asyncio
import logging
import os
import shutil
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

# Before anything imports Qt: no screen, no GPU.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
# Qt warns when it must make up its own run-time folder, and a Qt warning fails a test. Workers inherit this one.
os.environ.setdefault("XDG_RUNTIME_DIR", f"{tempfile.gettempdir()}/nuanting-run-{os.getpid()}")

import pytest
from hypothesis import HealthCheck, settings

# A deadline would measure the machine, not the program. `make test` draws the same examples each time: what is red is
# red for everybody. New ground is for `--hypothesis-profile wander`, and for `make torture`.
settings.register_profile("wander", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("house", parent=settings.get_profile("wander"), derandomize=True)
settings.register_profile("torture", parent=settings.get_profile("wander"), max_examples=5_000)
settings.load_profile("house")


def _runtime_folder() -> Path | None:
    """The run-time folder that this process made up, None when it was given one."""
    folder = Path(os.environ["XDG_RUNTIME_DIR"])
    return folder if folder.name == f"nuanting-run-{os.getpid()}" else None


def pytest_configure() -> None:
    if (folder := _runtime_folder()) is not None:
        folder.mkdir(mode=0o700, exist_ok=True)


def pytest_unconfigure() -> None:
    if (folder := _runtime_folder()) is not None:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def qapp_cls() -> type:
    """The application that `qapp` makes is ours: without widgets."""
    from PySide6.QtGui import QGuiApplication  # only where a test asks for it

    return QGuiApplication


@pytest.hookimpl(trylast=True)  # after those that are not asked for have been put aside
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that ask for much time come first, then those of many tests: workers that take whole files end together.

    What takes long must ask for the time, with a `timeout` mark, or it fails: the order needs no list that ages.
    """
    patience: defaultdict[object, float] = defaultdict(float)
    tests = Counter(item.path for item in items)
    for item in items:
        mark = item.get_closest_marker("timeout")
        if mark is not None:
            patience[item.path] = max(patience[item.path], *mark.args)
    items.sort(key=lambda item: (-patience[item.path], -tests[item.path], str(item.path)))


LANE_NAMES = ("lane", "sync", "kiosk", "twin")
"""How our own daemon threads are named; a foreign library's idle daemon is its own business."""

GRACE_S = 20.0
"""How long a thread that was told to end may take over it on a loaded machine."""


def _ours(thread: threading.Thread) -> bool:
    """Whether a test must answer for this thread.

    AnyIO's workers are their loop's and end with it: while it runs, whoever started the loop's own thread answers.
    A central that serves many tests takes a new worker whenever one of its clocks strikes, in whichever test that is.
    """
    loop = getattr(thread, "loop", None)
    if isinstance(loop, asyncio.AbstractEventLoop) and loop.is_running():
        return False
    return not thread.daemon or thread.name.lower().startswith(LANE_NAMES)


@pytest.fixture(autouse=True)
def no_thread_is_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that ends while a thread it started still runs; those of wider fixtures are older than the test."""
    before = set(threading.enumerate())
    yield
    if request.node.get_closest_marker("threads_stay") is not None:
        return
    deadline = time.monotonic() + GRACE_S
    for thread in threading.enumerate():
        if thread not in before and _ours(thread):
            thread.join(max(0.0, deadline - time.monotonic()))
    left = [thread.name for thread in threading.enumerate() if thread not in before and _ours(thread)]
    if left:
        pytest.fail(f"threads left behind: {', '.join(sorted(left))}")


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(f"{record.name} {record.levelname}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_warning_is_logged_unseen(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test during which anything was logged at WARNING or above, unless it is marked log_warnings_expected."""
    collector = _Collector()
    root = logging.getLogger()
    root.addHandler(collector)
    try:
        yield
    finally:
        root.removeHandler(collector)
    if collector.seen and request.node.get_closest_marker("log_warnings_expected") is None:
        pytest.fail("logged at WARNING or above:\n" + "\n".join(collector.seen))
