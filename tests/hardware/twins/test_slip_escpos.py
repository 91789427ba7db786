"""The ESC/POS slip printer: the promises of every slip printer, with and without a presenter, and its own."""

import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from hardware.api.clock import Clock, SystemClock
from hardware.api.locker import Seen
from hardware.api.slip_printer import SlipPrinted
from hardware.codecs.escpos import AskNow, AutoStatus, Extended, encode
from hardware.codecs.escpos_status import PresenterPaper, PresenterReport
from hardware.codecs.escpos_status import encode as encode_answer
from hardware.drivers.slip_escpos import Presenter, SlipEscPos
from hardware.transports.serial_link import SerialLink
from hardware.twins.slip_escpos import SlipEscPosTwin
from hardware.twins.wire import PtyWire
from tests.contracts.slip_printer import HEIGHT, WIDTH, SlipBench, SlipPrinterContract, pattern
from tests.contracts.until import until
from tests.hardware.unhurried import UnhurriedLink

BAUD = 115200


def opened(twin: SlipEscPosTwin) -> UnhurriedLink:
    link = UnhurriedLink(twin.wire)
    link.open()
    return link


def clock_of(bench: SlipBench) -> Clock:
    """For one more driver on the bench's wire."""
    assert isinstance(bench.link, UnhurriedLink)
    return bench.link.clock


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "slip"


@pytest.fixture
def make(port: Path) -> Iterator[Callable[[Presenter], SlipBench]]:
    made: list[SlipBench] = []

    def bench(presenter: Presenter) -> SlipBench:
        twin = SlipEscPosTwin(PtyWire(port, BAUD, pacing=False), presenter=presenter is not Presenter.NONE)
        link = opened(twin)
        clock = link.clock
        printer = SlipEscPos(link, clock, presenter, poll_s=0.02, busy_s=0.5, recover_every_s=0.0)
        impatient = SlipEscPos(
            link,
            clock,
            presenter,
            answer_s=0.1,
            busy_s=0.2,
            poll_s=0.02,
            grace_s=0.4,
            slowest_dots_s=4000.0,
        )
        made.append(SlipBench(printer, impatient, link, twin))
        for driver in (printer, impatient):
            driver.start()
            assert driver.print_slip(pattern(0)) == SlipPrinted()
        twin.slips.clear()
        twin.in_exit.clear()
        twin.blanks = 0
        return made[-1]

    yield bench
    for bench_made in made:
        bench_made.link.close()
        bench_made.twin.close()


class TestWithoutPresenter(SlipPrinterContract):
    @pytest.fixture
    def bench(self, make: Callable[[Presenter], SlipBench]) -> SlipBench:
        return make(Presenter.NONE)

    def test_what_an_earlier_program_left_inside_is_cut_off_at_the_start(self, bench: SlipBench) -> None:
        bench.link.write(b"\x1d\x76\x30\x00\x48\x00\x01\x00" + b"\xaa" * 72)
        SlipEscPos(bench.link, clock_of(bench), poll_s=0.02).start()
        assert bench.printed() == [b"\xaa" * 72]

    def test_remains_are_cut_off_as_soon_as_paper_is_back(self, bench: SlipBench) -> None:
        bench.twin.paper_ends_after(HEIGHT // 2)
        bench.printer.print_slip(pattern(1))
        bench.twin.load_paper()
        assert bench.printer.status().can_work
        assert len(bench.twin.slips) == 1
        assert bench.twin.uncut_rows == 0


class TestWithPresenter(SlipPrinterContract):
    @pytest.fixture
    def bench(self, make: Callable[[Presenter], SlipBench]) -> SlipBench:
        return make(Presenter.KPM150)

    def test_a_start_puts_nothing_into_the_mouth(self, bench: SlipBench) -> None:
        again = SlipEscPos(bench.link, clock_of(bench), Presenter.KPM150, poll_s=0.02)
        again.start()
        assert again.status().can_work
        assert again.slip_in_exit() is Seen.NO
        assert bench.twin.blanks == 0

    def test_what_an_earlier_program_left_inside_is_cut_off_before_the_first_slip(self, bench: SlipBench) -> None:
        bench.link.write(b"\x1d\x76\x30\x00\x48\x00\x01\x00" + b"\xaa" * 72)
        again = SlipEscPos(bench.link, clock_of(bench), Presenter.KPM150, poll_s=0.02)
        again.start()
        assert again.print_slip(pattern(1)) == SlipPrinted()
        assert bench.printed() == [b"\xaa" * 72, pattern(1).rows]

    def test_a_slip_that_waits_is_still_known_after_a_restart_of_the_program(self, bench: SlipBench) -> None:
        bench.printer.print_slip(pattern(1))
        again = SlipEscPos(bench.link, clock_of(bench), Presenter.KPM150, poll_s=0.02)
        again.start()
        assert again.slip_in_exit() is Seen.YES

    @pytest.mark.parametrize("cut", [1, 2, 5])
    def test_half_a_report_is_never_put_together_with_the_next_one(self, bench: SlipBench, cut: int) -> None:
        bench.printer.print_slip(pattern(1))
        half = encode_answer(PresenterReport(PresenterPaper.IN_EXIT, 0))[:cut]
        sent = threading.Event()
        bench.twin.send(half)
        bench.twin.wire.later(0.0, sent.set)
        assert sent.wait(20.0)
        assert bench.printer.slip_in_exit() is Seen.YES

    def test_an_answer_cut_short_is_asked_for_again_and_not_completed_by_the_next_one(
        self, bench: SlipBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench.printer.print_slip(pattern(1))
        send = bench.twin.send

        def cut_once(data: bytes, after_s: float = 0.0) -> None:
            monkeypatch.setattr(bench.twin, "send", send)
            send(data[:2], after_s)

        monkeypatch.setattr(bench.twin, "send", cut_once)
        assert bench.impatient.slip_in_exit() is Seen.YES


def test_a_slip_over_a_paced_wire_and_a_paced_head(port: Path) -> None:
    with SlipEscPosTwin(PtyWire(port, BAUD), dots_s=2000.0) as twin:
        link = opened(twin)
        printer = SlipEscPos(link, link.clock, answer_s=20.0, busy_s=20.0)  # nothing is silent here
        printer.start()
        assert printer.print_slip(pattern(1, height=120)) == SlipPrinted()
        link.close()
        assert [slip.rows.rstrip(b"\0") for slip in twin.slips] == [pattern(1, height=120).rows]


def test_the_picture_of_a_slip_is_black_where_the_dots_are(port: Path) -> None:
    with SlipEscPosTwin(PtyWire(port, BAUD, pacing=False)) as twin:
        link = opened(twin)
        printer = SlipEscPos(link, link.clock)
        printer.start()
        printer.print_slip(pattern(5))
        link.close()
        picture = Image.open(io.BytesIO(twin.slips[0].png()))
    assert picture.mode == "1"
    assert picture.size == (WIDTH, HEIGHT + 24)
    ink = bytes(byte ^ 0xFF for byte in picture.tobytes())
    assert ink.rstrip(b"\0") == pattern(5).rows


def test_changes_are_reported_to_a_host_that_asked_for_them(port: Path) -> None:
    with SlipEscPosTwin(PtyWire(port, BAUD, pacing=False)) as twin:
        link = opened(twin)
        heard = bytearray()

        def hears(raw: str) -> bool:
            heard.extend(link.read(0.01))
            return bytes(heard) == bytes.fromhex(raw)

        link.write(encode(AutoStatus(0xFF)))
        until(lambda: hears("10 00 00 00"))
        twin.open_cover()
        until(lambda: hears("10 00 00 00 38 00 00 00"))
        twin.close_cover()
        twin.paper_ends_after(0)
        until(lambda: hears("10 00 00 00 38 00 00 00 10 00 00 00 18 00 0F 00"))
        link.close()


def test_commands_that_the_printer_does_not_know_are_on_record(port: Path) -> None:
    with SlipEscPosTwin(PtyWire(port, BAUD, pacing=False)) as twin:
        link = opened(twin)
        code = Extended(0x6B, b"1Q0")
        link.write(encode(code) + b"\x07" + encode(AskNow(9)) + encode(AskNow(1)))
        until(lambda: len(twin.refused) == 3)
        link.close()
        assert twin.refused[0] == code
        assert twin.refused[2] == AskNow(9)


@pytest.mark.parametrize("width", [0, 12, -8])
def test_a_head_that_does_not_exist(port: Path, width: int) -> None:
    with pytest.raises(ValueError, match="multiple of 8"):
        SlipEscPos(SerialLink(str(port), BAUD), SystemClock(), width=width)
