"""The guards that watch every test really fail the test they should."""

import pytest

from tests.house.tree import ROOT

LEAKY = """
import logging, queue, threading, anyio, pytest
from anyio.from_thread import BlockingPortal
stop = threading.Event()

def test_thread():
    threading.Thread(target=stop.wait, args=(60,), name="lane-card", daemon=True).start()

def test_foreign_daemon_is_not_ours():
    threading.Thread(target=stop.wait, args=(60,), name="pool", daemon=True).start()

def test_thread_that_ends():
    thread = threading.Thread(target=lambda: None)
    thread.start()

@pytest.fixture(scope="module")
def server():
    portals = queue.Queue()

    async def serve():
        async with BlockingPortal() as portal:
            portals.put(portal)
            await portal.sleep_until_stopped()

    thread = threading.Thread(target=anyio.run, args=(serve,), name="server")
    thread.start()
    portal = portals.get()
    yield portal
    portal.call(portal.stop)
    thread.join()

def test_a_server_s_new_worker_is_the_server_s(server):
    server.call(anyio.to_thread.run_sync, int)

def test_loop():
    begun = threading.Event()

    async def serve():
        await anyio.to_thread.run_sync(begun.set)
        await anyio.sleep(60)

    threading.Thread(target=anyio.run, args=(serve,), name="lane-loop", daemon=True).start()
    assert begun.wait(60)

def test_warning():
    logging.getLogger("kiosk").warning("unexpected")

@pytest.mark.log_warnings_expected
def test_warning_on_purpose():
    logging.getLogger("kiosk").warning("expected")

def test_python_warning():
    import warnings
    warnings.warn("old", DeprecationWarning)

def test_qt_warning():
    from PySide6.QtCore import qWarning
    qWarning("loose end")
"""

INI = """
[pytest]
filterwarnings = error
qt_api = pyside6
qt_log_level_fail = WARNING
markers =
    log_warnings_expected: .
    threads_stay: .
"""


def test_each_guard_bites(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    grace = "time.monotonic() + GRACE_S"
    conftest = (ROOT / "tests/conftest.py").read_text("utf-8")
    assert grace in conftest
    # Only who never ends is given a short time: a thread that does end has its time on a busy machine, too.
    conftest = conftest.replace(grace, "time.monotonic() + (0.2 if request.node.name in NEVER_END else GRACE_S)")
    conftest += '\nNEVER_END = {"test_thread", "test_loop"}\n'
    pytester.makeconftest(conftest)
    pytester.makepyfile(LEAKY)
    pytester.makefile(".ini", pytest=INI)
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:xdist")
    result.stdout.fnmatch_lines_random(
        [
            "*ERROR at teardown of test_thread *",
            "*threads left behind: lane-card",
            "*ERROR at teardown of test_loop *",
            "*threads left behind: lane-loop",
            "*ERROR at teardown of test_warning *",
            "*kiosk WARNING: unexpected",
            "FAILED*test_python_warning*",
            "*Failure: Qt messages with level WARNING*",
        ]
    )
    result.assert_outcomes(passed=7, failed=2, errors=3)
