"""What every code scanner promises; a twin's or a bench's test class inherits this and gives it a bench."""

from typing import Protocol

import pytest

from hardware.api.code_scanner import CodeScanned, CodeScanner
from hardware.api.errors import LinkLost
from hardware.api.status import OFFLINE, DeviceState, Status

PATIENCE = 2_000
"""Looks at a scanner before a test gives up; a look waits a little where nothing has come."""


class ScannerBench(Protocol):
    """A scanner, and the hand that shows codes and pulls its cable."""

    scanner: CodeScanner

    def show(self, code: bytes) -> None: ...

    def hide(self) -> None: ...

    def settle(self) -> None:
        """Return when all that was sent has come over the wire."""
        ...

    def unplug(self) -> None: ...

    def replug(self) -> None:
        """Put the cable back and open the link again; the scanner is not started yet."""
        ...


def next_code(bench: ScannerBench) -> CodeScanned:
    """The next code, looked for again and again."""
    for _ in range(PATIENCE):
        bench.settle()
        code = bench.scanner.poll()
        if code is not None:
            return code
    raise AssertionError("no code came")


class CodeScannerContract:
    """Inherit, and give a fixture `bench` whose scanner was started."""

    def test_a_working_scanner_is_online(self, bench: ScannerBench) -> None:
        assert bench.scanner.status() == Status(DeviceState.ONLINE)

    def test_it_starts_as_often_as_it_is_told_to(self, bench: ScannerBench) -> None:
        assert bench.scanner.start() == bench.scanner.start()

    def test_nothing_shown_is_none(self, bench: ScannerBench) -> None:
        bench.scanner.listen()
        bench.settle()
        assert bench.scanner.poll() is None

    @pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
    def test_a_chinese_code_is_read_in_both_encodings(self, bench: ScannerBench, encoding: str) -> None:
        bench.scanner.listen()
        bench.show("取件码：48213，䶮𬱖".encode(encoding))
        assert next_code(bench) == CodeScanned("取件码：48213，䶮𬱖")

    def test_codes_come_in_order_and_once(self, bench: ScannerBench) -> None:
        bench.scanner.listen()
        for number in range(3):
            bench.show(b"code %d" % number)
            assert next_code(bench) == CodeScanned(f"code {number}")
        bench.settle()
        assert bench.scanner.poll() is None

    def test_a_code_of_three_kilobytes(self, bench: ScannerBench) -> None:
        text = "NT1:" + "A7" * 1474  # 2,952 bytes, what the largest QR code holds
        bench.scanner.listen()
        bench.show(text.encode())
        assert next_code(bench) == CodeScanned(text)

    def test_bytes_that_are_no_text_are_told_as_unreadable(self, bench: ScannerBench) -> None:
        bench.scanner.listen()
        bench.show(b"\xff\xff\xfe\x80")
        assert next_code(bench) == CodeScanned("", readable=False)

    def test_a_code_shown_while_it_rests_is_not_told_later(self, bench: ScannerBench) -> None:
        bench.scanner.listen()
        bench.scanner.rest()
        bench.show(b"old")
        bench.settle()
        assert bench.scanner.poll() is None
        bench.hide()
        bench.scanner.listen()
        bench.show(b"new")
        assert next_code(bench) == CodeScanned("new")

    def test_a_pulled_cable_is_link_lost_and_comes_back(self, bench: ScannerBench) -> None:
        bench.scanner.listen()
        bench.unplug()
        with pytest.raises(LinkLost):
            bench.scanner.poll()
        assert bench.scanner.status() == OFFLINE
        bench.replug()
        bench.scanner.start()
        assert bench.scanner.status() == Status(DeviceState.ONLINE)
        bench.scanner.listen()
        bench.show(b"again")
        assert next_code(bench) == CodeScanned("again")
