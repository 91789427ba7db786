"""What every slip printer promises, whatever model it is."""

import pytest

from hardware.api.errors import DeviceError, LinkLost
from hardware.api.link import ByteLink
from hardware.api.locker import Seen
from hardware.api.slip_printer import SlipFailed, SlipImage, SlipPrinted, SlipPrinter
from hardware.api.status import OFFLINE, DeviceState, Fault, Level, Status, Supply
from hardware.twins.slip_escpos import SlipEscPosTwin, SlipFault
from hardware.twins.wire import WireFault

WIDTH = 576
HEIGHT = 240


def pattern(seed: int, height: int = HEIGHT, width: int = WIDTH) -> SlipImage:
    """A slip that looks like no other: every row black somewhere, the seed in every byte."""
    row = width // 8
    return SlipImage(width, height, bytes((7 * (at + seed) ^ at // row ^ seed) % 255 + 1 for at in range(row * height)))


class SlipBench:
    """A driver, its link, and the printer with its paper; `impatient` is one more, for answers that never come."""

    def __init__(self, printer: SlipPrinter, impatient: SlipPrinter, link: ByteLink, twin: SlipEscPosTwin) -> None:
        self.printer = printer
        self.impatient = impatient
        self.link = link
        self.twin = twin

    def printed(self) -> list[bytes]:
        """What stands on each slip, without the blank feed at its end."""
        return [slip.rows.rstrip(b"\0") for slip in self.twin.slips]


class SlipPrinterContract:
    """Inherited by each model's twin test; a fixture `bench` hands over one that is started and has printed before."""

    def test_a_slip_is_on_paper_dot_by_dot_when_the_printer_says_so(self, bench: SlipBench) -> None:
        slips = [pattern(1), pattern(2, height=1), pattern(3, height=1001)]
        for image in slips:
            assert bench.printer.print_slip(image) == SlipPrinted()
        assert bench.printed() == [image.rows for image in slips]
        assert bench.twin.refused == []
        assert not bench.twin.busy

    def test_a_narrow_slip_is_printed_at_the_left(self, bench: SlipBench) -> None:
        assert bench.printer.print_slip(pattern(1, width=8, height=3)) == SlipPrinted()
        (slip,) = bench.twin.slips
        assert slip.rows[0 : 3 * WIDTH // 8 : WIDTH // 8] == pattern(1, width=8, height=3).rows
        assert not any(slip.rows[1 : WIDTH // 8])

    @pytest.mark.parametrize(
        "image",
        [
            SlipImage(WIDTH + 8, 1, bytes(WIDTH // 8 + 1)),
            SlipImage(12, 1, bytes(2)),
            SlipImage(8, 0, b""),
            SlipImage(8, 2, b"\0"),
            SlipImage(8, 100_000, bytes(100_000)),
        ],
        ids=["too wide", "odd width", "no height", "rows missing", "far too tall"],
    )
    def test_an_image_that_is_no_slip_is_refused_before_a_byte_is_sent(
        self, bench: SlipBench, image: SlipImage
    ) -> None:
        with pytest.raises(ValueError, match="image"):
            bench.printer.print_slip(image)
        assert bench.printer.status().can_work
        assert bench.twin.slips == []

    def test_a_printer_that_is_well(self, bench: SlipBench) -> None:
        status = bench.printer.status()
        assert (status.device, status.fault) == (DeviceState.ONLINE, None)
        assert status.level(Supply.PAPER) is Level.FULL
        assert status.can_work
        assert bench.printer.status() == status

    def test_paper_running_low_is_told_and_still_prints(self, bench: SlipBench) -> None:
        bench.twin.paper_ends_after(2000)
        status = bench.printer.status()
        assert status.level(Supply.PAPER) is Level.LOW
        assert status.can_work
        assert bench.printer.print_slip(pattern(1)) == SlipPrinted()

    def test_without_paper_nothing_is_begun(self, bench: SlipBench) -> None:
        bench.twin.paper_ends_after(0)
        status = bench.printer.status()
        assert (status.device, status.fault) == (DeviceState.ONLINE, Fault.PRINTER_PAPER_OUT)
        assert status.level(Supply.PAPER) is Level.OUT
        assert not status.can_work
        assert bench.printer.print_slip(pattern(1)) == SlipFailed(Fault.PRINTER_PAPER_OUT, begun=False)
        bench.twin.load_paper()
        assert bench.printer.status().can_work
        assert bench.twin.slips == []

    def test_with_the_cover_open_nothing_is_begun(self, bench: SlipBench) -> None:
        bench.twin.open_cover()
        status = bench.printer.status()
        assert (status.device, status.fault) == (DeviceState.ERROR, Fault.PRINTER_COVER_OPEN)
        assert bench.printer.print_slip(pattern(1)) == SlipFailed(Fault.PRINTER_COVER_OPEN, begun=False)
        bench.twin.close_cover()
        assert bench.printer.status().can_work
        assert bench.twin.slips == []

    @pytest.mark.parametrize("rows", [1, 30, HEIGHT - 1, HEIGHT + 1])
    def test_paper_out_in_the_middle_is_told_and_the_rest_is_never_on_the_next_slip(
        self, bench: SlipBench, rows: int
    ) -> None:
        bench.twin.paper_ends_after(rows)
        assert bench.printer.print_slip(pattern(1)) == SlipFailed(Fault.PRINTER_PAPER_OUT, begun=True)
        assert bench.twin.slips == []
        bench.twin.load_paper()
        assert bench.printer.print_slip(pattern(2)) == SlipPrinted()
        assert bench.printed()[-1] == pattern(2).rows
        assert len(bench.printed()) == 2  # the first one's remains, cut off, and the second one

    def test_a_cover_opened_in_the_middle(self, bench: SlipBench) -> None:
        bench.twin.dots_s = 2000.0
        until_rows = bench.twin.uncut_rows + 24

        def open_in_the_middle() -> None:
            if bench.twin.uncut_rows >= until_rows:
                bench.twin.open_cover()
            else:
                bench.twin.wire.later(0.005, open_in_the_middle)

        bench.twin.wire.later(0.005, open_in_the_middle)
        assert bench.printer.print_slip(pattern(1)) == SlipFailed(Fault.PRINTER_COVER_OPEN, begun=True)
        bench.twin.close_cover()
        bench.twin.dots_s = None
        assert bench.printer.print_slip(pattern(2)) == SlipPrinted()
        assert bench.printed()[-1] == pattern(2).rows

    def test_a_stuck_knife_is_told_and_recovers_when_it_is_free(self, bench: SlipBench) -> None:
        bench.twin.suffer(SlipFault.CUTTER_STUCK)
        assert bench.printer.print_slip(pattern(1)) == SlipFailed(Fault.PRINTER_CUTTER, begun=True)
        assert bench.printer.status() == Status(
            DeviceState.ERROR, Fault.PRINTER_CUTTER, bench.printer.status().supplies
        )
        assert bench.printer.print_slip(pattern(2)) == SlipFailed(Fault.PRINTER_CUTTER, begun=False)
        bench.twin.heal(SlipFault.CUTTER_STUCK)
        assert bench.printer.print_slip(pattern(3)) == SlipPrinted()
        assert bench.printed() == [pattern(1).rows, pattern(3).rows]

    def test_a_hot_head_cools_down(self, bench: SlipBench) -> None:
        bench.twin.suffer(SlipFault.HEAD_HOT)
        assert bench.printer.print_slip(pattern(1)) == SlipFailed(Fault.PRINTER_HEAD, begun=False)
        bench.twin.heal(SlipFault.HEAD_HOT)
        assert bench.printer.print_slip(pattern(2)) == SlipPrinted()
        assert bench.printed() == [pattern(2).rows]

    def test_a_broken_mechanism_stays_broken(self, bench: SlipBench) -> None:
        bench.twin.suffer(SlipFault.MECHANISM)
        assert bench.printer.status().fault is Fault.PRINTER_HEAD
        bench.twin.heal(SlipFault.MECHANISM)
        assert bench.printer.status().fault is Fault.PRINTER_HEAD
        bench.twin.power_cycle()
        assert bench.printer.status().can_work

    def test_a_printer_that_takes_everything_and_prints_nothing_is_stuck(self, bench: SlipBench) -> None:
        bench.twin.suffer(SlipFault.NEVER_PRINTS)
        assert bench.impatient.print_slip(pattern(1)) == SlipFailed(Fault.PRINTER_STUCK, begun=True)
        assert bench.twin.slips == []

    @pytest.mark.parametrize("rows", [0, 30, HEIGHT - 1])
    def test_a_printer_that_says_done_without_paper_is_not_believed(self, bench: SlipBench, rows: int) -> None:
        bench.twin.suffer(SlipFault.SAYS_DONE)
        bench.twin.paper_ends_after(rows)
        outcome = bench.printer.print_slip(pattern(1))
        assert outcome == SlipFailed(Fault.PRINTER_PAPER_OUT, begun=rows > 0)

    def test_a_printer_that_is_deaf_while_it_prints_is_waited_for(self, bench: SlipBench) -> None:
        bench.twin.suffer(SlipFault.DEAF_WHILE_PRINTING)
        assert bench.impatient.print_slip(pattern(1)) == SlipPrinted()
        assert bench.printed() == [pattern(1).rows]

    def test_a_deaf_printer_is_not_answering(self, bench: SlipBench) -> None:
        bench.twin.suffer(SlipFault.DEAF)
        assert bench.impatient.status() == Status(DeviceState.OFFLINE, Fault.NOT_ANSWERING)
        assert bench.impatient.print_slip(pattern(1)) == SlipFailed(Fault.NOT_ANSWERING, begun=False)

    def test_bytes_that_break_the_fixed_bits_are_no_status(self, bench: SlipBench) -> None:
        bench.twin.suffer(SlipFault.WRONG_BITS)
        assert bench.impatient.status() == Status(DeviceState.ERROR, Fault.BROKE_RULES)

    def test_reports_that_nobody_asked_for_disturb_nothing(self, bench: SlipBench) -> None:
        bench.twin.suffer(SlipFault.REPORTS_UNASKED)
        assert bench.printer.status().can_work
        assert bench.printer.print_slip(pattern(1)) == SlipPrinted()
        bench.twin.paper_ends_after(30)
        assert bench.printer.print_slip(pattern(2)) == SlipFailed(Fault.PRINTER_PAPER_OUT, begun=True)

    def test_printed_is_said_only_after_the_last_row(self, bench: SlipBench) -> None:
        bench.twin.dots_s = 1500.0
        assert bench.printer.print_slip(pattern(1)) == SlipPrinted()
        assert bench.printed() == [pattern(1).rows]

    def test_a_stray_byte_that_looks_like_done_is_not_believed(self, bench: SlipBench) -> None:
        bench.twin.dots_s = 1000.0
        bench.twin.wire.later(0.1, lambda: bench.twin.send(b"\0"))
        assert bench.printer.print_slip(pattern(1)) == SlipPrinted()
        assert bench.printed() == [pattern(1).rows]

    @pytest.mark.parametrize(
        "fault",
        [
            WireFault.SILENT,
            WireFault.GARBAGE_BEFORE,
            WireFault.NOISE_BETWEEN,
            WireFault.INTERLEAVED,
            WireFault.TWICE,
            WireFault.SLOW,
        ],
    )
    def test_one_bad_answer_is_asked_for_again(self, bench: SlipBench, fault: WireFault) -> None:
        bench.twin.wire.disturb(fault)
        assert bench.printer.status().can_work
        bench.twin.wire.disturb(fault)
        assert bench.printer.print_slip(pattern(1)) == SlipPrinted()
        assert bench.printed() == [pattern(1).rows]

    def test_a_cable_pulled_in_the_middle_is_a_lost_link_and_the_next_slip_is_clean(self, bench: SlipBench) -> None:
        bench.twin.dots_s = 1000.0

        def pull_in_the_middle() -> None:
            if bench.twin.uncut_rows >= 24:
                bench.twin.unplug()
            else:
                bench.twin.wire.later(0.005, pull_in_the_middle)

        bench.twin.wire.later(0.005, pull_in_the_middle)
        with pytest.raises(LinkLost):
            bench.printer.print_slip(pattern(1))
        assert bench.printer.status() == OFFLINE
        assert bench.printer.print_slip(pattern(1)) == SlipFailed(Fault.LINK_LOST, begun=False)
        bench.twin.replug()
        bench.twin.dots_s = None
        bench.link.open()
        bench.printer.start()
        assert bench.printer.print_slip(pattern(2)) == SlipPrinted()
        assert bench.printed()[-1] == pattern(2).rows

    def test_a_program_that_died_inside_an_image_leaves_a_printer_that_the_next_one_can_use(
        self, bench: SlipBench
    ) -> None:
        bench.link.write(b"\x1d\x76\x30\x00\x48\x00\x18\x00" + bytes(range(256)) * 3)
        bench.printer.start()
        assert bench.printer.print_slip(pattern(2)) == SlipPrinted()
        assert bench.printed()[-1] == pattern(2).rows

    def test_power_lost_in_the_middle(self, bench: SlipBench) -> None:
        bench.twin.paper_ends_after(100)
        assert bench.printer.print_slip(pattern(1)) == SlipFailed(Fault.PRINTER_PAPER_OUT, begun=True)
        bench.twin.power_cycle()
        bench.twin.load_paper()
        assert bench.printer.status().can_work
        assert bench.printer.print_slip(pattern(2)) == SlipPrinted()
        assert bench.printed()[-1] == pattern(2).rows

    def test_no_answer_at_all_raises_only_what_the_port_names(self, bench: SlipBench) -> None:
        bench.twin.suffer(SlipFault.NEVER_PRINTS)
        bench.twin.suffer(SlipFault.DEAF_WHILE_PRINTING)
        with pytest.raises(DeviceError):
            bench.impatient.print_slip(pattern(1))

    def test_whether_a_slip_waits_is_known_or_said_to_be_unknown(self, bench: SlipBench) -> None:
        assert bench.printer.print_slip(pattern(1)) == SlipPrinted()
        if not bench.twin.presenter:
            assert bench.printer.slip_in_exit() is Seen.UNKNOWN
            assert bench.printer.status().level(Supply.EXIT) is Level.UNKNOWN
            return
        assert bench.printer.slip_in_exit() is Seen.YES
        assert bench.printer.status().level(Supply.EXIT) is Level.LOW
        assert bench.printer.status().can_work
        slip = bench.twin.take_slip()
        assert slip is not None
        assert slip.rows.rstrip(b"\0") == pattern(1).rows
        assert bench.printer.slip_in_exit() is Seen.NO
        assert bench.printer.status().level(Supply.EXIT) is Level.FULL
