"""What every A4 printer promises, whatever is behind it: inherited by the twin's tests and by the bench's."""

from dataclasses import dataclass
from typing import Protocol

import pytest

from hardware.api.errors import LinkLost
from hardware.api.locker import Seen
from hardware.api.page_printer import JobName, JobRefused, JobState, JobTaken, PagePrinter
from hardware.api.status import DeviceState, Fault, Level, Supply
from tests.contracts.until import until


class PrinterHands(Protocol):
    """What a person (or the bench) does to the printer."""

    def hold(self) -> None:
        """Let no further page out until `let_go`."""
        ...

    def let_go(self) -> None: ...

    def load_paper(self, sheets: int) -> None: ...

    def jam(self, jammed: bool) -> None: ...

    def open_cover(self, is_open: bool) -> None: ...

    def take_paper(self) -> object: ...

    def go_away(self) -> None:
        """Pull the cable."""
        ...

    def come_back(self) -> None: ...

    def came_out(self) -> list[str]:
        """Names of the documents that came out whole, each as often as it did."""
        ...


@dataclass(frozen=True)
class PrinterBench:
    """A started printer, a second driver that knows nothing (as after a crash), hands, and a two-page document."""

    printer: PagePrinter
    after_crash: PagePrinter
    hands: PrinterHands
    pdf: bytes


class PagePrinterContract:
    """Needs a fixture `bench` that gives a `PrinterBench` with paper in it and nothing in its tray."""

    def _state(self, bench: PrinterBench, name: JobName) -> JobState | None:
        job = bench.printer.find(name)
        return None if job is None else job.state

    def _done(self, bench: PrinterBench, name: JobName) -> None:
        until(lambda: self._state(bench, name) is JobState.DONE)

    def test_a_document_is_taken_printed_once_and_found_again(self, bench: PrinterBench) -> None:
        name = JobName("proof-1")
        taken = bench.printer.submit(name, bench.pdf)
        assert isinstance(taken, JobTaken)
        assert taken.job.name == name
        self._done(bench, name)
        found = bench.printer.find(name)
        assert found is not None
        assert (found.number, found.fault) == (taken.job.number, None)
        assert bench.hands.came_out() == [name]

    def test_a_name_that_was_never_given_is_not_found(self, bench: PrinterBench) -> None:
        bench.printer.submit(JobName("proof-1"), bench.pdf)
        assert bench.printer.find(JobName("proof-11")) is None
        assert bench.printer.find(JobName("proof")) is None

    def test_a_name_is_printed_once_however_often_it_is_handed_over(self, bench: PrinterBench) -> None:
        name = JobName("proof-1")
        first = bench.printer.submit(name, bench.pdf)
        second = bench.after_crash.submit(name, bench.pdf)
        self._done(bench, name)
        third = bench.printer.submit(name, bench.pdf)
        assert isinstance(first, JobTaken)
        for again in (second, third):
            assert isinstance(again, JobTaken)
            assert again.job.number == first.job.number
        after = JobName("proof-2")  # what was wrongly queued twice would come out before it
        bench.printer.submit(after, bench.pdf)
        self._done(bench, after)
        assert bench.hands.came_out() == [name, after]

    def test_after_a_crash_the_printer_is_asked_by_name(self, bench: PrinterBench) -> None:
        bench.hands.hold()
        bench.printer.submit(JobName("proof-1"), bench.pdf)
        bench.printer.submit(JobName("proof-2"), bench.pdf)
        until(lambda: self._state(bench, JobName("proof-1")) is JobState.PRINTING)
        found = bench.after_crash.find(JobName("proof-2"))
        assert found is not None
        assert found.state is JobState.QUEUED
        bench.hands.let_go()
        self._done(bench, JobName("proof-2"))
        found = bench.after_crash.find(JobName("proof-2"))
        assert found is not None
        assert found.state is JobState.DONE

    def test_a_waiting_job_can_be_cancelled_and_never_comes_out(self, bench: PrinterBench) -> None:
        bench.hands.hold()
        bench.printer.submit(JobName("proof-1"), bench.pdf)
        bench.printer.submit(JobName("proof-2"), bench.pdf)
        bench.after_crash.cancel(JobName("proof-2"))
        bench.hands.let_go()
        self._done(bench, JobName("proof-1"))
        until(lambda: self._state(bench, JobName("proof-2")) is JobState.CANCELLED)
        assert bench.hands.came_out() == ["proof-1"]

    def test_cancelling_what_is_done_or_unknown_is_no_error(self, bench: PrinterBench) -> None:
        name = JobName("proof-1")
        bench.printer.submit(name, bench.pdf)
        self._done(bench, name)
        bench.printer.cancel(name)
        bench.printer.cancel(JobName("nobody-knows"))
        assert self._state(bench, name) is JobState.DONE

    def test_ready_is_online_without_fault(self, bench: PrinterBench) -> None:
        assert bench.printer.start() != ""
        status = bench.printer.status()
        assert status.can_work
        assert (status.device, status.fault, status.level(Supply.PAPER)) == (DeviceState.ONLINE, None, Level.FULL)

    def test_a_status_that_did_not_change_is_equal(self, bench: PrinterBench) -> None:
        assert bench.printer.status() == bench.printer.status()

    def test_out_of_paper_is_told_and_goes_on_after_refill(self, bench: PrinterBench) -> None:
        name = JobName("proof-1")
        bench.hands.load_paper(1)  # of two pages
        bench.printer.submit(name, bench.pdf)
        until(lambda: self._state(bench, name) is JobState.STOPPED)
        found = bench.printer.find(name)
        assert found is not None
        assert found.fault is Fault.PRINTER_PAPER_OUT
        status = bench.printer.status()
        assert (status.fault, status.level(Supply.PAPER)) == (Fault.PRINTER_PAPER_OUT, Level.OUT)
        assert status.device is DeviceState.ONLINE
        assert not status.can_work
        bench.hands.load_paper(100)
        self._done(bench, name)
        assert bench.hands.came_out() == [name]
        assert bench.printer.status().can_work

    def test_a_jam_is_told_and_goes_on_when_cleared(self, bench: PrinterBench) -> None:
        name = JobName("proof-1")
        bench.hands.jam(True)
        bench.printer.submit(name, bench.pdf)
        until(lambda: self._state(bench, name) is JobState.STOPPED)
        assert bench.printer.status().fault is Fault.PRINTER_JAMMED
        assert bench.printer.status().device is DeviceState.ERROR
        bench.hands.jam(False)
        self._done(bench, name)
        assert bench.hands.came_out() == [name]

    def test_an_open_cover_is_told(self, bench: PrinterBench) -> None:
        bench.hands.open_cover(True)
        assert bench.printer.status().fault is Fault.PRINTER_COVER_OPEN
        bench.hands.open_cover(False)
        assert bench.printer.status().fault is None

    def test_a_pulled_cable_is_a_lost_link_and_a_status(self, bench: PrinterBench) -> None:
        bench.hands.go_away()
        assert bench.printer.status().device is DeviceState.OFFLINE
        assert bench.printer.status().fault is Fault.LINK_LOST
        for ask in (
            bench.printer.start,
            bench.printer.paper_in_tray,
            lambda: bench.printer.submit(JobName("proof-1"), bench.pdf),
            lambda: bench.printer.find(JobName("proof-1")),
            lambda: bench.printer.cancel(JobName("proof-1")),
        ):
            with pytest.raises(LinkLost):
                ask()
        bench.hands.come_back()
        assert bench.printer.status().can_work
        assert bench.printer.find(JobName("proof-1")) is None

    def test_a_cable_pulled_during_printing_loses_and_doubles_nothing(self, bench: PrinterBench) -> None:
        name = JobName("proof-1")
        bench.hands.hold()
        bench.printer.submit(name, bench.pdf)
        bench.hands.go_away()
        with pytest.raises(LinkLost):
            bench.printer.find(name)
        bench.hands.come_back()
        bench.hands.let_go()
        assert isinstance(bench.printer.submit(name, bench.pdf), JobTaken)
        self._done(bench, name)
        assert bench.hands.came_out() == [name]

    def test_paper_in_the_tray_is_seen_until_it_is_taken(self, bench: PrinterBench) -> None:
        name = JobName("proof-1")
        if bench.printer.paper_in_tray() is Seen.UNKNOWN:
            assert bench.printer.status().level(Supply.EXIT) is Level.UNKNOWN
            return
        assert bench.printer.paper_in_tray() is Seen.NO
        bench.printer.submit(name, bench.pdf)
        self._done(bench, name)
        assert bench.printer.paper_in_tray() is Seen.YES
        assert bench.printer.status().level(Supply.EXIT) is Level.LOW
        bench.hands.take_paper()
        assert bench.printer.paper_in_tray() is Seen.NO
        assert bench.printer.status().level(Supply.EXIT) is Level.FULL

    def test_what_is_no_document_does_not_come_out(self, bench: PrinterBench) -> None:
        name = JobName("proof-1")
        if not isinstance(bench.printer.submit(name, b"this is no PDF"), JobRefused):
            until(lambda: self._state(bench, name) is JobState.ABORTED)
        assert bench.hands.came_out() == []

    def test_a_name_must_be_one(self, bench: PrinterBench) -> None:
        for wrong in ("", "x" * 256, "纸" * 86):
            with pytest.raises(ValueError, match="octets"):
                bench.printer.submit(JobName(wrong), bench.pdf)
