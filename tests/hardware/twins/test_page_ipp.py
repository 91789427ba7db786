"""The A4 printer's driver against its twin: the contract and every fault of the list.

Past 400 lines because one twin is held against one list of faults, by one driver and clients that are not ours.
"""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyipp import IPP
from pyipp.enums import IppOperation

from hardware.api.errors import DeviceBrokeRules, DeviceError, LinkLost, NotAnswering, WrongDevice
from hardware.api.locker import Seen
from hardware.api.page_printer import JobName, JobRefused, JobState, JobTaken
from hardware.api.status import DeviceState, Fault, Level, Supply
from hardware.codecs.ipp import Operation
from hardware.drivers.page_ipp.driver import PageIpp
from hardware.transports.ipp_link import IppLink
from hardware.twins import page_press
from hardware.twins.page_ipp import PageIppTwin
from hardware.twins.page_press import PageFault
from tests.contracts.page_printer import PagePrinterContract, PrinterBench
from tests.contracts.until import until
from tests.hardware.drivers.ipp_paper import LeapingClock, blank_pdf

PDF = blank_pdf()
NAME = JobName("proof-1")


class TwinHands:
    """The contract's hands on the twin."""

    def __init__(self, twin: PageIppTwin) -> None:
        self.twin = twin
        self.load_paper = twin.load_paper
        self.jam = twin.jam
        self.open_cover = twin.open_cover
        self.take_paper = twin.take_paper
        self.go_away = twin.go_away
        self.come_back = twin.come_back

    def hold(self) -> None:
        self.twin.page_s = None

    def let_go(self) -> None:
        self.twin.page_s = 0.0
        self.twin.turn_page(0)

    def came_out(self) -> list[str]:
        return [document.name for document in self.twin.printed]


def driver_of(
    twin: PageIppTwin, clock: LeapingClock | None = None, *, ask_s: float = 30.0, submit_s: float = 30.0
) -> PageIpp:
    clock = clock or LeapingClock()
    return PageIpp(IppLink(twin.uri, clock, connect_s=30.0), clock, ask_s=ask_s, submit_s=submit_s)


@pytest.fixture
def make() -> Iterator[Callable[..., PageIppTwin]]:
    made: list[PageIppTwin] = []

    def build(**settings: object) -> PageIppTwin:
        made.append(PageIppTwin(**settings))  # type: ignore[arg-type]
        return made[-1]

    yield build
    for twin in made:
        twin.close()


@pytest.fixture
def twin(make: Callable[..., PageIppTwin]) -> PageIppTwin:
    return make()


class TestTheContract(PagePrinterContract):
    @pytest.fixture
    def bench(self, twin: PageIppTwin) -> PrinterBench:
        printer = driver_of(twin)
        printer.start()
        return PrinterBench(printer, driver_of(twin), TwinHands(twin), PDF)


class TestTheContractWithoutTraySensor(PagePrinterContract):
    @pytest.fixture
    def bench(self, make: Callable[..., PageIppTwin]) -> PrinterBench:
        twin = make(tray_sensor=False)
        return PrinterBench(driver_of(twin), driver_of(twin), TwinHands(twin), PDF)


# ---- faults

ANSWERS = {
    PageFault.HTML_ANSWER: DeviceBrokeRules,
    PageFault.RUBBISH_ANSWER: DeviceBrokeRules,
    PageFault.TRUNCATED_ANSWER: DeviceBrokeRules,
    PageFault.OVERSIZED_ANSWER: DeviceBrokeRules,
    PageFault.OTHER_ANSWER: DeviceBrokeRules,
    PageFault.CUT_ANSWER: LinkLost,
    PageFault.SLOW: NotAnswering,
}
ON_SUBMIT: dict[PageFault, type[DeviceError]] = {**ANSWERS, PageFault.HANGS_UP_AFTER_TAKING: LinkLost}
TOLD_OTHERWISE = {
    PageFault.ACCEPTS_NEVER_PRINTS,
    PageFault.SAYS_DONE_PAPER_OUT,
    PageFault.BUSY,
    PageFault.ABORTS,
    PageFault.REFUSES,
}


def test_every_fault_of_the_list_is_tried() -> None:
    assert set(PageFault) == set(ON_SUBMIT) | TOLD_OTHERWISE


@pytest.mark.parametrize("fault", ANSWERS)
def test_an_answer_that_is_none_is_told_as_such(twin: PageIppTwin, fault: PageFault) -> None:
    printer = driver_of(twin, ask_s=0.2 if fault is PageFault.SLOW else 30.0)
    twin.begin(fault)
    with pytest.raises(ANSWERS[fault]):
        printer.find(NAME)
    assert printer.status().fault is ANSWERS[fault].fault
    assert printer.status().device is not DeviceState.ONLINE
    twin.end(fault)
    until(lambda: printer.status().can_work)  # a twin that is late has missed the short time of one that is slow


@pytest.mark.parametrize("fault", ON_SUBMIT)
def test_after_a_lost_answer_the_printer_is_asked_and_nothing_comes_out_twice(
    twin: PageIppTwin, fault: PageFault
) -> None:
    twin.only = Operation.PRINT_JOB
    twin.begin(fault)
    printer = driver_of(twin, submit_s=0.2 if fault is PageFault.SLOW else 30.0)
    with pytest.raises(ON_SUBMIT[fault]):
        printer.submit(NAME, PDF)
    assert twin.wait_for(lambda: bool(twin.jobs))  # it reads the request when it comes to it
    twin.end(fault)
    found = driver_of(twin).find(NAME)  # the program was restarted, for all we know
    assert found is not None
    assert found.number == 1
    assert isinstance(driver_of(twin).submit(NAME, PDF), JobTaken)
    assert twin.wait_for(lambda: twin.current() is None)
    assert [document.name for document in twin.printed] == [NAME]


def test_accepted_and_never_printed_stays_under_way_without_a_fault(twin: PageIppTwin) -> None:
    twin.begin(PageFault.ACCEPTS_NEVER_PRINTS)
    printer = driver_of(twin)
    assert isinstance(printer.submit(NAME, PDF), JobTaken)
    assert twin.wait_for(lambda: twin.jobs[1].started_s is not None)
    found = printer.find(NAME)
    assert found is not None
    assert (found.state, found.fault) == (JobState.PRINTING, None)
    assert twin.tray == []
    printer.cancel(NAME)
    assert twin.wait_for(lambda: twin.current() is None)
    twin.end(PageFault.ACCEPTS_NEVER_PRINTS)
    assert list(twin.printed) == []


def test_done_without_paper_is_the_printers_word_and_the_status_tells_the_paper(twin: PageIppTwin) -> None:
    twin.begin(PageFault.SAYS_DONE_PAPER_OUT)
    twin.load_paper(0)
    printer = driver_of(twin)
    printer.submit(NAME, PDF)
    assert twin.wait_for(lambda: twin.current() is None)
    found = printer.find(NAME)
    assert found is not None
    assert found.state is JobState.DONE
    assert printer.status().level(Supply.PAPER) is Level.OUT
    assert printer.paper_in_tray() is Seen.NO
    assert list(twin.printed) == []


def test_a_busy_printer_is_waited_for_politely(twin: PageIppTwin) -> None:
    class Patient(LeapingClock):
        def wait(self, seconds: float) -> None:
            super().wait(seconds)
            if len(self.waited) == 3:
                twin.end(PageFault.BUSY)

    twin.begin(PageFault.BUSY)
    clock = Patient()
    assert isinstance(driver_of(twin, clock).submit(NAME, PDF), JobTaken)
    assert clock.waited == [1.0, 1.0, 1.0]
    assert twin.wait_for(lambda: len(twin.printed) == 1)


def test_a_printer_that_stays_busy_refuses(twin: PageIppTwin) -> None:
    class Waits(LeapingClock):
        """Counts what is waited, and not what the machine takes."""

        def monotonic(self) -> float:
            return sum(self.waited)

    twin.begin(PageFault.BUSY)
    clock = Waits()
    assert driver_of(twin, clock).submit(NAME, PDF) == JobRefused(Fault.PRINTER_REFUSED)
    assert 15.0 <= sum(clock.waited) <= 20.0
    twin.end(PageFault.BUSY)
    assert driver_of(twin).find(NAME) is None


def test_one_job_at_a_time_is_waited_for(make: Callable[..., PageIppTwin]) -> None:
    twin = make(page_s=None)
    twin.one_at_a_time = True

    class Turning(LeapingClock):
        def wait(self, seconds: float) -> None:
            super().wait(seconds)
            twin.turn_page(2)
            twin.wait_for(lambda: twin.current() is None)

    printer = driver_of(twin, Turning())
    printer.submit(NAME, PDF)
    assert isinstance(printer.submit(JobName("proof-2"), PDF), JobTaken)
    assert [document.name for document in twin.printed] == [NAME]


def test_a_printer_that_takes_no_jobs_refuses_and_says_so_beforehand(twin: PageIppTwin) -> None:
    twin.begin(PageFault.REFUSES)
    printer = driver_of(twin)
    assert printer.status().fault is Fault.PRINTER_REFUSED
    assert printer.submit(NAME, PDF) == JobRefused(Fault.PRINTER_REFUSED)
    assert list(twin.received) == []


def test_an_aborted_job_is_told(twin: PageIppTwin) -> None:
    twin.begin(PageFault.ABORTS)
    printer = driver_of(twin)
    printer.submit(NAME, PDF)
    assert twin.wait_for(lambda: twin.current() is None)
    found = printer.find(NAME)
    assert found is not None
    assert (found.state, found.fault) == (JobState.ABORTED, None)


def test_a_document_that_is_none_is_aborted_as_refused(twin: PageIppTwin) -> None:
    printer = driver_of(twin)
    printer.submit(NAME, b"%PDF-1.7 and then nothing")
    found = printer.find(NAME)
    assert found is not None
    assert (found.state, found.fault) == (JobState.ABORTED, Fault.PRINTER_REFUSED)


def test_a_format_the_printer_does_not_take_is_refused(twin: PageIppTwin) -> None:
    twin.formats = ("image/pwg-raster",)
    with pytest.raises(WrongDevice):
        driver_of(twin).start()
    assert driver_of(twin).submit(NAME, PDF) == JobRefused(Fault.PRINTER_REFUSED)
    assert list(twin.received) == []


def test_an_older_printer_is_asked_in_its_own_version(twin: PageIppTwin) -> None:
    twin.newest_version = (1, 1)
    printer = driver_of(twin)
    assert printer.start() == "Nuanting twin A4"
    assert isinstance(printer.submit(NAME, PDF), JobTaken)


# ---- supplies and the tray


def test_supplies_run_low_before_they_are_out(twin: PageIppTwin) -> None:
    printer = driver_of(twin)
    twin.load_paper(5)
    twin.set_toner(7)
    status = printer.status()
    assert (status.level(Supply.PAPER), status.level(Supply.TONER), status.fault) == (Level.LOW, Level.LOW, None)
    assert status.can_work
    twin.set_toner(0)
    status = printer.status()
    assert (status.level(Supply.TONER), status.fault) == (Level.OUT, Fault.PRINTER_TONER_OUT)


def test_a_full_tray_stops_the_job_until_it_is_emptied(make: Callable[..., PageIppTwin]) -> None:
    twin = make()
    printer = driver_of(twin)
    printer.submit(NAME, blank_pdf(page_press.TRAY_HOLDS + 1))
    assert twin.wait_for(lambda: len(twin.tray) == page_press.TRAY_HOLDS)
    status = printer.status()
    assert (status.fault, status.level(Supply.EXIT)) == (Fault.PRINTER_TRAY_FULL, Level.OUT)
    assert len(twin.take_paper()) == page_press.TRAY_HOLDS
    assert twin.wait_for(lambda: len(twin.printed) == 1)


def test_a_tray_that_is_not_believed_is_unknown(twin: PageIppTwin) -> None:
    clock = LeapingClock()
    printer = PageIpp(IppLink(twin.uri, clock), clock, believe_tray=False)
    assert printer.paper_in_tray() is Seen.UNKNOWN
    assert printer.status().level(Supply.EXIT) is Level.UNKNOWN


# ---- the twin's own honesty


def test_a_page_under_way_is_not_lost_to_an_opened_cover(make: Callable[..., PageIppTwin]) -> None:
    twin = make(page_s=600.0)
    driver_of(twin).submit(NAME, PDF)
    assert twin.wait_for(lambda: twin.jobs[1].started_s is not None)
    twin.open_cover()
    twin.page_s = 0.0
    until(lambda: driver_of(twin).status().fault is Fault.PRINTER_COVER_OPEN)
    assert twin.tray == []
    twin.open_cover(False)
    assert twin.wait_for(lambda: len(twin.printed) == 1)
    assert [sheet.first_page for sheet in twin.take_paper()] == [1, 2]


def test_a_cover_that_was_open_for_a_moment_stops_the_sheet_too(make: Callable[..., PageIppTwin]) -> None:
    twin = make(page_s=600.0)
    driver_of(twin).submit(NAME, PDF)
    assert twin.wait_for(lambda: twin.jobs[1].started_s is not None)
    with twin.changed:  # nobody looks between the two
        twin.open_cover()
        twin.page_s = 0.0
        twin.open_cover(False)
    assert twin.wait_for(lambda: len(twin.printed) == 1)


def test_both_sides_take_half_the_sheets(twin: PageIppTwin) -> None:
    driver_of(twin).submit(NAME, blank_pdf(5), sides="two-sided-long-edge")
    assert twin.wait_for(lambda: len(twin.printed) == 1)
    assert [sheet.pages for sheet in twin.tray] == [2, 2, 1]
    assert twin.sheets == page_press.CASSETTE_HOLDS - 3


def test_what_comes_in_is_kept_to_the_byte(twin: PageIppTwin) -> None:
    driver_of(twin).submit(JobName("证明-1"), PDF)
    assert [(document.name, document.pdf) for document in twin.received] == [("证明-1", PDF)]


def test_a_printer_forgets_old_jobs(make: Callable[..., PageIppTwin]) -> None:
    twin = make(history=2)
    printer = driver_of(twin)
    for number in range(4):
        printer.submit(JobName(f"proof-{number}"), PDF)
        assert twin.wait_for(lambda: twin.current() is None)
    found = [driver_of(twin).find(JobName(f"proof-{number}")) is not None for number in range(4)]
    assert found == [False, False, True, True]
    assert printer.find(JobName("proof-0")) is None  # by its number too


def test_it_goes_on_printing_with_its_cable_pulled(make: Callable[..., PageIppTwin]) -> None:
    twin = make(page_s=None)
    printer = driver_of(twin)
    printer.submit(NAME, PDF)
    port = twin.port
    twin.go_away()
    twin.turn_page(2)
    assert twin.wait_for(lambda: len(twin.printed) == 1)
    twin.come_back()
    assert twin.port == port
    found = printer.find(NAME)
    assert found is not None
    assert found.state is JobState.DONE


def test_a_twin_is_never_part_of_a_shipped_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(RuntimeError, match="shipped"):
        PageIppTwin()


# ---- clients that are not ours


def test_an_independent_client_prints_on_it(twin: PageIppTwin) -> None:
    async def visit() -> tuple[str, list[str]]:
        async with IPP("127.0.0.1", port=twin.port, base_path="/ipp/print", request_timeout=30) as client:
            printer = await client.printer()
            await client.execute(
                IppOperation.PRINT_JOB,
                {
                    "operation-attributes-tag": {"job-name": "theirs", "document-format": "application/pdf"},
                    "job-attributes-tag": {"sides": "one-sided"},
                    "data": PDF,
                },
            )
            listed = await client.execute(
                IppOperation.GET_JOBS,
                {"operation-attributes-tag": {"which-jobs": "all", "requested-attributes": ["job-name"]}},
            )
            return printer.info.model, [job["job-name"] for job in listed["jobs"]]

    model, names = asyncio.run(visit())
    assert "twin A4" in model
    assert names == ["theirs"]
    assert twin.wait_for(lambda: len(twin.printed) == 1)
    assert twin.printed[0].pdf == PDF


@pytest.mark.skipif(shutil.which("ipptool") is None, reason="needs ipptool of the Debian package cups-ipp-utils")
@pytest.mark.parametrize("suite", ["ipp-1.1.test", "get-printer-attributes.test"])
def test_the_printing_projects_own_tests_pass(twin: PageIppTwin, suite: str, tmp_path: Path) -> None:
    document = tmp_path / "blank.pdf"
    document.write_bytes(PDF)
    told = subprocess.run(
        ["ipptool", "-tI", "-f", str(document), twin.uri, suite],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert "[PASS]" in told.stdout
    assert "[FAIL]" not in told.stdout, told.stdout
