"""The A4 printer's driver against ippeveprinter, the printing project's own printer, where it can be started."""

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from hardware.api.clock import SystemClock
from hardware.api.locker import Seen
from hardware.api.page_printer import JobName, JobState, JobTaken
from hardware.api.status import Fault, Level, Supply
from hardware.drivers.page_ipp.driver import PageIpp
from hardware.transports.ipp_link import IppLink
from tests.contracts import until as waiting
from tests.hardware.drivers.ipp_paper import LeapingClock, blank_pdf

PROGRAMS = {"ippeveprinter": "cups-ipp-utils", "avahi-daemon": "avahi-daemon", "dbus-daemon": "dbus"}
PATIENCE_S = 30.0
RUNNING_AVAHI = Path("/run/avahi-daemon/pid")

BUS = """<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_destination="*"/>
<allow receive_type="method_call"/><allow receive_type="method_return"/><allow receive_type="error"/>
<allow receive_type="signal"/></policy></busconfig>"""
AVAHI = """[server]
allow-interfaces=lo
use-ipv6=no
[wide-area]
enable-wide-area=no
"""


def until(true: Callable[[], object]) -> None:
    """Other people's programs start programs of their own for each job."""
    waiting.until(true, PATIENCE_S)


def why_not() -> str | None:
    """Why ippeveprinter cannot be started here; it insists on announcing itself, so it needs Avahi on a bus."""
    missing = [
        f"{program} (Debian package {package})" for program, package in PROGRAMS.items() if not shutil.which(program)
    ]
    if missing:
        return "needs " + ", ".join(missing)
    if os.geteuid() != 0:
        return "avahi-daemon writes below /run: needs root"
    if RUNNING_AVAHI.exists():
        return "an avahi-daemon runs already, and there is one per machine"
    return None


pytestmark = pytest.mark.skipif(why_not() is not None, reason=why_not() or "")


@contextlib.contextmanager
def program(folder: Path, word: str, *command: str, env: dict[str, str] | None = None) -> Iterator[None]:
    """Run a program from the moment it says `word` until the end of the block."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    out: IO[str] | None = process.stdout
    assert out is not None
    try:
        said = []
        for line in out:  # ends when the program does; the test's own time limit bounds a silent one
            said.append(line)
            if word in line:
                break
        assert said, f"{command[0]} said nothing"
        assert word in said[-1], "".join(said)
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)
        out.close()


@pytest.fixture
def uri(tmp_path: Path) -> Iterator[str]:
    """A started ippeveprinter; its command takes as long as the file `held` is there, and its state from `state`."""
    if RUNNING_AVAHI.exists():  # started since this file was read: another run of the tests
        pytest.skip("an avahi-daemon runs already, and there is one per machine")
    bus = f"unix:path={tmp_path}/bus"
    (tmp_path / "bus.conf").write_text(BUS.format(path=tmp_path / "bus"))
    (tmp_path / "avahi.conf").write_text(AVAHI)
    (tmp_path / "spool").mkdir()
    os.mkfifo(tmp_path / "gate")
    command = tmp_path / "print.sh"
    command.write_text(
        f"#!/bin/sh\n[ -e {tmp_path}/held ] && read line < {tmp_path}/gate\n[ -e {tmp_path}/fails ] && exit 1\nexit 0\n"
    )
    command.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": bus}
    with contextlib.ExitStack() as stack:
        run = stack.enter_context
        dbus = ("dbus-daemon", f"--config-file={tmp_path}/bus.conf", "--nofork", "--nopidfile", "--print-address=1")
        run(program(tmp_path, "unix:path", *dbus))
        avahi = ("avahi-daemon", "-f", "avahi.conf", "--no-drop-root", "--no-chroot", "--no-rlimits")
        run(program(tmp_path, "startup complete", *avahi, env=env))
        options = ("-v", "-r", "off", "-n", "localhost", "-p", str(port), "-2", "-d", "spool", "-k")
        ours = ("-c", str(command), "-f", "application/pdf,image/pwg-raster", "peer")
        run(program(tmp_path, "printer-uri-supported", "ippeveprinter", *options, *ours, env=env))
        yield f"ipp://127.0.0.1:{port}/ipp/print"


def visit(uri: str, query: str) -> None:
    """Turn a knob of the printer's web page."""
    page = http.client.HTTPConnection(uri.removeprefix("ipp://").split("/")[0], timeout=PATIENCE_S)
    page.request("GET", query)
    assert page.getresponse().read()
    page.close()


def test_a_whole_visit_to_ippeveprinter(uri: str, tmp_path: Path) -> None:
    first, second, pdf = JobName("proof-1"), JobName("proof-2"), blank_pdf()

    class Opening(LeapingClock):
        """The driver waits for the busy printer: the first job may end now."""

        def wait(self, seconds: float) -> None:
            super().wait(seconds)
            with (tmp_path / "gate").open("w") as gate:
                gate.write("go on\n")
            (tmp_path / "held").unlink(missing_ok=True)
            until(lambda: state(first) is JobState.DONE)

    def state(name: JobName) -> JobState | None:
        job = asking.find(name)
        return None if job is None else job.state

    clock = Opening()
    printer, asking = PageIpp(IppLink(uri, clock), clock), PageIpp(IppLink(uri, SystemClock()), SystemClock())
    assert printer.start() == "Example Printer"
    status = printer.status()
    assert status.can_work
    assert (status.level(Supply.PAPER), status.level(Supply.TONER)) == (Level.FULL, Level.FULL)
    assert printer.paper_in_tray() is Seen.UNKNOWN

    (tmp_path / "held").touch()
    assert isinstance(printer.submit(first, pdf), JobTaken)
    until(lambda: state(first) is JobState.PRINTING)
    assert isinstance(printer.submit(second, pdf), JobTaken)  # busy with the first until the clock's wait
    assert len(clock.waited) == 1
    until(lambda: state(second) is JobState.DONE)
    assert isinstance(asking.submit(first, pdf), JobTaken)  # known: not printed again
    assert {path.name: path.read_bytes() for path in (tmp_path / "spool").glob("*.pdf")} == {
        "1-proof-1.pdf": pdf,
        "2-proof-2.pdf": pdf,
    }

    (tmp_path / "fails").touch()
    printer.submit(JobName("proof-3"), pdf)
    until(lambda: state(JobName("proof-3")) is JobState.ABORTED)

    visit(uri, "/supplies?supply1=4")
    assert printer.status().level(Supply.TONER) is Level.LOW
    visit(uri, "/media?main_size=iso_a4_210x297mm&main_type=stationery&main_level=0")
    assert printer.status().fault is Fault.PRINTER_PAPER_OUT
    printer.submit(JobName("proof-4"), pdf)
    until(lambda: state(JobName("proof-4")) is JobState.STOPPED)
    printer.cancel(JobName("proof-4"))
