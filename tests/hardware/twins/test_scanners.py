"""The scanners' drivers and twins through a real pseudo-terminal: the contract, and every fault."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hardware.api.code_scanner import CodeScanned
from hardware.api.errors import DeviceBrokeRules, DeviceError, NotAnswering
from hardware.codecs import gm65
from hardware.codecs.gm65 import Kind
from hardware.drivers.scanner_gm65.driver import Gm65Options, ScannerGm65
from hardware.drivers.scanner_lines.driver import ScannerLines
from hardware.twins.scanner_gm65 import FACTORY_MODE, Gm65Fault, ScannerGm65Twin
from hardware.twins.scanner_lines import LinesFault, ScannerLinesTwin
from hardware.twins.wire import PtyWire, WireFault
from tests.contracts.code_scanner import CodeScannerContract, next_code
from tests.contracts.until import until
from tests.hardware.unhurried import UnhurriedLink


@dataclass
class Bench:
    """A twin on a wire, and the driver at its other end."""

    twin: ScannerGm65Twin | ScannerLinesTwin
    link: UnhurriedLink
    scanner: ScannerGm65 | ScannerLines

    def show(self, code: bytes) -> None:
        self.twin.show(code)

    def hide(self) -> None:
        if isinstance(self.twin, ScannerGm65Twin):
            self.twin.hide()

    def settle(self) -> None:
        """What the twin was told to send by now is in the driver's port when this returns."""
        sent = threading.Event()
        self.twin.wire.later(0.0, sent.set)
        assert sent.wait(20.0)

    def unplug(self) -> None:
        self.twin.unplug()

    def replug(self) -> None:
        self.twin.replug()
        self.link.open()


def _bench(twin: ScannerGm65Twin | ScannerLinesTwin) -> Iterator[Bench]:
    link = UnhurriedLink(twin.wire)
    link.open()
    scanner: ScannerGm65 | ScannerLines
    if isinstance(twin, ScannerGm65Twin):
        scanner = ScannerGm65(link, link.clock)
    else:
        scanner = ScannerLines(link, link.clock, idle_s=0.05)
    scanner.start()
    yield Bench(twin, link, scanner)
    link.close()


@pytest.fixture
def gm65_bench(tmp_path: Path) -> Iterator[Bench]:
    with ScannerGm65Twin(PtyWire(tmp_path / "ttyCODE", 9600, pacing=False)) as twin:
        yield from _bench(twin)


@pytest.fixture
def lines_bench(tmp_path: Path) -> Iterator[Bench]:
    with ScannerLinesTwin(PtyWire(tmp_path / "ttyCODE", 115200, pacing=False)) as twin:
        yield from _bench(twin)


class TestGm65Twin(CodeScannerContract):
    """The contract, on the GM65's twin."""

    @pytest.fixture
    def bench(self, gm65_bench: Bench) -> Bench:
        return gm65_bench


class TestLinesTwin(CodeScannerContract):
    """The contract, on the plain scanner's twin."""

    @pytest.fixture
    def bench(self, lines_bench: Bench) -> Bench:
        return lines_bench


# ---- GM65


def test_starting_sets_the_mode_and_leaves_flash_alone(gm65_bench: Bench) -> None:
    twin = gm65_bench.twin
    assert isinstance(twin, ScannerGm65Twin)
    assert (twin.zones[gm65.ZONE_MODE], twin.saved) == (gm65.MODE_D5, 0)
    kinds = [request.kind for request in twin.requests]
    gm65_bench.scanner.start()
    assert [request.kind for request in twin.requests][len(kinds) :].count(Kind.WRITE) == 1  # the light put out


def test_the_mode_is_kept_in_flash_where_the_site_wants_it(gm65_bench: Bench) -> None:
    twin = gm65_bench.twin
    assert isinstance(twin, ScannerGm65Twin)
    twin.zones[gm65.ZONE_MODE] = FACTORY_MODE
    ScannerGm65(gm65_bench.link, gm65_bench.link.clock, Gm65Options(save=True)).start()
    assert (twin.zones[gm65.ZONE_MODE], twin.saved) == (gm65.MODE_D5, 1)


def test_it_looks_only_while_it_listens(gm65_bench: Bench) -> None:
    twin, scanner = gm65_bench.twin, gm65_bench.scanner
    assert isinstance(twin, ScannerGm65Twin)
    twin.show(b"early")
    scanner.status()
    assert not twin.lit
    gm65_bench.settle()
    assert scanner.poll() is None
    scanner.listen()
    assert next_code(gm65_bench) == CodeScanned("early")
    scanner.rest()
    assert not twin.lit


def test_it_stays_lit_from_code_to_code(gm65_bench: Bench) -> None:
    gm65_bench.scanner.listen()
    for number in range(3):
        gm65_bench.twin.show(b"%d" % number)
        assert next_code(gm65_bench) == CodeScanned(f"{number}")


@pytest.mark.parametrize(
    "fault", [Gm65Fault.DEAF, Gm65Fault.CALLS_IT_DAMAGED, Gm65Fault.ANSWER_DAMAGED, Gm65Fault.ANSWER_UNCHECKED]
)
def test_a_fault_that_passes_is_not_noticed_at_start(gm65_bench: Bench, fault: Gm65Fault) -> None:
    assert isinstance(gm65_bench.twin, ScannerGm65Twin)
    gm65_bench.twin.fail(fault)
    assert gm65_bench.scanner.start() == "GM65"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Gm65Fault.DEAF, NotAnswering),
        (Gm65Fault.ANSWER_DAMAGED, DeviceError),
        (Gm65Fault.CALLS_IT_DAMAGED, DeviceBrokeRules),
        (Gm65Fault.CALLS_IT_UNKNOWN, DeviceBrokeRules),
        (Gm65Fault.MODE_STAYS, DeviceBrokeRules),
    ],
)
def test_a_fault_that_stays_is_told_and_it_recovers(
    gm65_bench: Bench, fault: Gm65Fault, error: type[DeviceError]
) -> None:
    twin = gm65_bench.twin
    assert isinstance(twin, ScannerGm65Twin)
    twin.zones[gm65.ZONE_MODE] = FACTORY_MODE
    twin.fail(fault, times=-1)
    scanner = ScannerGm65(gm65_bench.link, gm65_bench.link.clock, Gm65Options(answer_s=0.2))
    with pytest.raises(error):
        scanner.start()
    twin.heal()
    assert gm65_bench.scanner.start() == "GM65"
    gm65_bench.scanner.listen()
    twin.show(b"well")
    assert next_code(gm65_bench) == CodeScanned("well")


@pytest.mark.parametrize("fault", [Gm65Fault.ANSWER_IN_CODE, Gm65Fault.NO_TAIL])
def test_a_code_is_whole_in_spite_of(gm65_bench: Bench, fault: Gm65Fault) -> None:
    twin, scanner = gm65_bench.twin, gm65_bench.scanner
    assert isinstance(twin, ScannerGm65Twin)
    twin.fail(fault)
    twin.show("取件码：48213".encode())
    scanner.listen()
    _until_told(gm65_bench, CodeScanned("取件码：48213"))
    twin.show(b"next")
    _until_told(gm65_bench, CodeScanned("next"))


def test_an_endless_code_is_unreadable_and_the_next_is_read(gm65_bench: Bench) -> None:
    twin = gm65_bench.twin
    assert isinstance(twin, ScannerGm65Twin)
    twin.fail(Gm65Fault.ENDLESS)
    gm65_bench.scanner.listen()
    twin.show(b"x")
    _until_told(gm65_bench, CodeScanned("", readable=False))
    twin.show(b"next")
    _until_told(gm65_bench, CodeScanned("next"))


def test_every_fault_has_a_test() -> None:
    assert len(Gm65Fault) == 9
    assert len(LinesFault) == 2


@pytest.mark.parametrize("fault", [fault for fault in WireFault if fault is not WireFault.PULLED_HALFWAY])
def test_a_bad_wire_passes(gm65_bench: Bench, fault: WireFault) -> None:
    gm65_bench.twin.wire.disturb(fault)
    gm65_bench.scanner.start()
    gm65_bench.twin.wire.calm()
    gm65_bench.scanner.start()
    gm65_bench.scanner.listen()
    gm65_bench.show(b"well")
    assert next_code(gm65_bench) == CodeScanned("well")


# ---- a bad wire while a code is sent, with either scanner


@pytest.mark.parametrize("fault", [fault for fault in WireFault if fault is not WireFault.PULLED_HALFWAY])
@pytest.mark.parametrize("kind", ["gm65", "lines"])
def test_a_code_spoilt_on_the_wire_spoils_no_other(tmp_path: Path, kind: str, fault: WireFault) -> None:
    wire = PtyWire(tmp_path / "ttyCODE", 115200, pacing=False)
    twin = ScannerGm65Twin(wire) if kind == "gm65" else ScannerLinesTwin(wire)
    with twin:
        for bench in _bench(twin):
            if isinstance(twin, ScannerGm65Twin):
                bench.scanner = ScannerGm65(
                    bench.link, bench.link.clock, Gm65Options(answer_s=20.0, retrigger_s=0.05, idle_s=0.05)
                )
            bench.scanner.listen()
            until(lambda: not isinstance(twin, ScannerGm65Twin) or twin.lit)
            with twin.lock:  # the trigger has its answer: the code is what it hits
                wire.disturb(fault)
            bench.show(b"NT1.first")
            told = [] if fault is WireFault.SILENT else [_told(bench)]
            while CodeScanned("NT1.next") not in told:  # bytes of the first may still stand before it: shown once more
                bench.show(b"NT1.next")
                told.append(_told(bench))
            assert told.count(CodeScanned("NT1.first")) == {WireFault.SLOW: 1, WireFault.TWICE: 2}.get(fault, 0)
            assert len(told) <= 6


# ---- plain lines


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_any_line_end_will_do(tmp_path: Path, end: bytes) -> None:
    with ScannerLinesTwin(PtyWire(tmp_path / "ttyCODE", 115200, pacing=False), end=end) as twin:
        for bench in _bench(twin):
            bench.scanner.listen()
            for text in ("one", "two"):
                bench.show(text.encode())
                assert next_code(bench) == CodeScanned(text)
            assert twin.heard == 0


@pytest.mark.parametrize(
    ("fault", "told"), [(LinesFault.NO_END, CodeScanned("code")), (LinesFault.ENDLESS, CodeScanned("", readable=False))]
)
def test_a_line_that_does_not_end(lines_bench: Bench, fault: LinesFault, told: CodeScanned) -> None:
    assert isinstance(lines_bench.twin, ScannerLinesTwin)
    lines_bench.twin.fail(fault)
    lines_bench.scanner.listen()
    lines_bench.show(b"code")
    _until_told(lines_bench, told)
    lines_bench.show(b"next")
    _until_told(lines_bench, CodeScanned("next"))


def _until_told(bench: Bench, expected: CodeScanned) -> None:
    """The next code must be that one."""
    assert _told(bench) == expected


def _told(bench: Bench) -> CodeScanned:
    """Look, a little apart, until a code comes."""
    pause = threading.Event()
    for _ in range(1000):
        code = bench.scanner.poll()
        if code is not None:
            return code
        pause.wait(0.01)  # nothing announces a line that stays quiet
    raise AssertionError("no code came")
