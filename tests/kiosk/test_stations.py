"""A station opens, loses and opens again its device, and tells each change once."""

import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hardware.api.errors import DeviceBrokeRules, LinkLost, NotAnswering
from hardware.api.status import OFFLINE, STARTING, DeviceState, Fault, Status
from hardware.codecs.sam import Command
from hardware.drivers.id_card_sam.driver import IdCardSam, SamOptions
from hardware.transports.lane import Failed, NotBegun
from hardware.transports.serial_link import SerialLink
from hardware.twins.id_card_sam import IdCardSamTwin, SamFault
from hardware.twins.page_press import PageFault
from hardware.twins.wire import PtyWire
from kiosk.stations import NotThere, Station, never_tried
from tests.contracts.until import DEADLINE_S, until
from tests.kiosk.hands.rig import ANSWER_S, SILENCE_S, LeapingClock, Rig, a_rig, a_while

ONLINE = Status(DeviceState.ONLINE)
SILENT = Status(DeviceState.OFFLINE, Fault.NOT_ANSWERING)
USUAL = SamOptions(answer_s=ANSWER_S, gap_s=ANSWER_S, whole_s=2 * ANSWER_S)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with a_rig(tmp_path) as made:
        yield made


class Bench:
    """A reader's twin and a station for it that has not begun."""

    def __init__(self, folder: Path) -> None:
        self.port = folder / "reader"
        self.twin = IdCardSamTwin(PtyWire(self.port, 115200, pacing=False))
        clock = LeapingClock()
        link = SerialLink(str(self.port), 115200)
        self.driver = IdCardSam(link, clock, USUAL)
        self.station: Station[Any] = Station("reader", self.driver, link, clock, beat_s=0.02)
        self.told: list[tuple[str, Status]] = []
        self.station.on_change(lambda name, status: self.told.append((name, status)))

    def between_looks(self, work: Callable[[], None]) -> None:
        """Done while no question is under way, whether the device is there or not."""
        done = threading.Event()
        self.station.lane.ask(work, lambda _: done.set())
        assert done.wait(DEADLINE_S)

    def until(self, *statuses: Status) -> None:
        wanted = [("reader", status) for status in statuses]
        until(lambda: len(self.told) >= len(wanted))
        a_while(0.1)
        assert self.told == wanted


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.station.end()
    made.twin.close()


def test_it_opens_and_tells_once(bench: Bench) -> None:
    assert bench.station.status == STARTING
    bench.station.begin()
    bench.until(ONLINE)
    assert bench.station.call(lambda reader: reader.card_still_there()) is False


def test_a_cable_that_nobody_uses_is_missed_and_found_again(bench: Bench) -> None:
    """Only the beat looks: the driver tells a lost wire as a status and never raises."""
    bench.station.begin()
    bench.until(ONLINE)
    bench.twin.unplug()
    bench.until(ONLINE, OFFLINE)
    bench.twin.replug()
    bench.until(ONLINE, OFFLINE, ONLINE)


def test_a_cable_that_was_out_at_the_start_is_found_later(bench: Bench) -> None:
    bench.twin.unplug()
    bench.station.begin()
    bench.until(OFFLINE)
    with pytest.raises(NotThere) as away:
        bench.station.call(lambda reader: reader.poll())
    assert never_tried(away.value)
    bench.twin.replug()
    bench.until(OFFLINE, ONLINE)


def test_a_device_that_falls_silent_is_told_once_and_started_anew_when_it_speaks(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.station.begin()
    bench.until(ONLINE)

    def falls_silent() -> None:
        bench.driver._options = SamOptions(answer_s=SILENCE_S)
        monkeypatch.setattr(bench.twin, "received", lambda chunk: None)

    def speaks() -> None:
        bench.driver._options = USUAL
        bench.twin.requests.clear()
        monkeypatch.undo()

    bench.between_looks(falls_silent)
    bench.until(ONLINE, SILENT)
    bench.between_looks(speaks)
    bench.until(ONLINE, SILENT, ONLINE)
    with bench.twin.lock:
        assert [request.known for request in bench.twin.requests].count(Command.SAM_ID) == 1


def test_a_device_that_says_it_cannot_work_is_in_error_until_it_can(bench: Bench) -> None:
    bench.station.begin()
    bench.until(ONLINE)
    bench.twin.fail(SamFault.SAM_FAILED, -1)
    bench.until(ONLINE, Status(DeviceState.ERROR, Fault.READER_SAM_FAILED))
    bench.twin.heal()
    bench.until(ONLINE, Status(DeviceState.ERROR, Fault.READER_SAM_FAILED), ONLINE)


def test_a_link_lost_in_the_middle_of_work_is_told_and_raised(bench: Bench) -> None:
    bench.station.begin()
    bench.until(ONLINE)

    def loses(_: object) -> None:
        raise LinkLost("pulled")

    with pytest.raises(LinkLost) as lost:
        bench.station.call(loses)
    assert not never_tried(lost.value)  # it may have been told
    bench.until(ONLINE, OFFLINE, ONLINE)


@pytest.mark.log_warnings_expected
def test_our_own_mistake_reaches_who_asked_and_not_the_device(bench: Bench) -> None:
    bench.station.begin()
    bench.until(ONLINE)

    def breaks(_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        bench.station.call(breaks)
    bench.until(ONLINE)


def test_who_waits_for_a_busy_device_waits_no_longer_than_said(bench: Bench) -> None:
    bench.station.begin()
    bench.until(ONLINE)
    failed: list[Any] = []
    free = threading.Event()
    bench.station.ask(lambda _: free.wait(DEADLINE_S), lambda _: None)
    bench.station.ask(lambda _: 1 / 0, failed.append, timeout_s=0.01)  # too late, never done
    with pytest.raises(NotAnswering):
        bench.station.call(lambda _: 1, timeout_s=0.05)
    free.set()
    until(lambda: failed)
    assert isinstance(failed[0], Failed)
    assert isinstance(failed[0].error, NotBegun)
    assert never_tried(failed[0].error)


def test_what_may_have_been_done_is_not_said_to_be_never_tried() -> None:
    assert not never_tried(LinkLost("x"))
    assert not never_tried(NotAnswering("x"))
    assert not never_tried(DeviceBrokeRules("x"))


def test_a_network_printer_needs_no_link_and_comes_back_too(rig: Rig) -> None:
    twin = rig.printer()
    told: list[Status] = []
    rig.pages.on_change(lambda _, status: told.append(status))
    twin.go_away()
    until(lambda: told and told[-1] == OFFLINE)
    twin.come_back()
    until(lambda: told[-1].can_work)
    twin.begin(PageFault.HTML_ANSWER)
    until(lambda: told[-1].device is DeviceState.ERROR)
    twin.end(PageFault.HTML_ANSWER)
    until(lambda: told[-1].can_work)
    assert all(a != b for a, b in itertools.pairwise(told))


def test_a_supply_is_a_change_and_told_once(rig: Rig) -> None:
    twin = rig.printer()
    told: list[Status] = []
    rig.pages.on_change(lambda _, status: told.append(status))
    twin.load_paper(0)
    until(lambda: told)
    a_while(0.1)
    assert len(told) == 1
    assert told[0].fault is Fault.PRINTER_PAPER_OUT
    assert not told[0].can_work
