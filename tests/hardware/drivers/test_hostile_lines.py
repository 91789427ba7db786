"""Locks, slips and lights on a line that carries anything: a request ends in time, in an answer or a known error."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.api.clock import Clock
from hardware.api.errors import DeviceError, LinkLost
from hardware.api.lights import Spot
from hardware.api.link import ByteLink
from hardware.api.slip_printer import SlipFailed, SlipImage, SlipPrinted
from hardware.api.status import Status
from hardware.codecs.cu16 import BoardStatus
from hardware.codecs.cu16 import encode as cu16_bytes
from hardware.codecs.lock_8a import AllReply, OpenReply
from hardware.codecs.lock_8a import encode as bytes_8a
from hardware.codecs.modbus_relay import Values, Written
from hardware.codecs.modbus_relay import encode as relay_bytes
from hardware.drivers.lights_relay import LightsRelay
from hardware.drivers.locker_8a import Locker8A
from hardware.drivers.locker_cu16 import LockerCu16
from hardware.drivers.slip_escpos import Presenter, SlipEscPos

READ_S = 0.01
MOST_S = 600.0
"""No single request may keep a lane longer than this by the driver's own clock, whatever the line says."""


class LineClock:
    """Moves on with every read of the line, and with nothing else."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> dt.datetime:
        return dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

    def wait(self, seconds: float) -> None:
        self.seconds += seconds


class BabblingLink:
    """Says its chunks over and over, whatever it is asked; an empty chunk is a silence, None a pulled cable."""

    def __init__(self, chunks: list[bytes | None], clock: LineClock) -> None:
        self._chunks = chunks
        self._clock = clock
        self._at = 0
        self.written = 0

    def open(self) -> None: ...

    def close(self) -> None: ...

    def write(self, data: bytes) -> None:
        self.written += len(data)

    def read(self, timeout_s: float) -> bytes:
        chunk = self._chunks[self._at % len(self._chunks)]
        self._at += 1
        if chunk is None:
            raise LinkLost("pulled")
        self._clock.seconds += min(READ_S, max(timeout_s, 0.0)) if chunk else max(timeout_s, 0.0)
        return chunk if timeout_s > 0 or self._at % 3 else b""

    def discard_input(self) -> None: ...


def slip(link: ByteLink, clock: Clock, presenter: Presenter) -> None:
    printer = SlipEscPos(link, clock, presenter)
    assert isinstance(printer.status(), Status)
    outcome = printer.print_slip(SlipImage(8, 50, bytes(50)))
    assert isinstance(outcome, SlipPrinted | SlipFailed)


def lights(link: ByteLink, clock: Clock) -> None:
    relays = LightsRelay(link, clock, {Spot.CARD: 1})
    assert isinstance(relays.status(), Status)
    relays.show(Spot.CARD)


def cu16(link: ByteLink, clock: Clock) -> None:
    locker = LockerCu16(link, clock, 40)
    assert isinstance(locker.status(), Status)
    locker.pulse(1)
    assert len(locker.look()) == 40


def lock_8a(link: ByteLink, clock: Clock) -> None:
    locker = Locker8A(link, clock, 1, 32)
    assert isinstance(locker.status(), Status)
    locker.pulse(1)
    assert len(locker.look()) == 32


DRIVERS: dict[str, Callable[[ByteLink, Clock], None]] = {
    "slip": lambda link, clock: slip(link, clock, Presenter.NONE),
    "slip with presenter": lambda link, clock: slip(link, clock, Presenter.KPM150),
    "lights": lights,
    "cu16": cu16,
    "8a": lock_8a,
}

likely = st.sampled_from(
    [
        b"\x12",
        b"\x00",
        b"\x32",
        b"\x52",
        b"\x10\x0f\x20\x00",
        b"\x10\x00",
        cu16_bytes(BoardStatus(0, 0xFFFE, 1)),
        cu16_bytes(BoardStatus(1, 0xFFFF, 0)),
        bytes_8a(AllReply(1, b"\xff\xff\xff\xfe")),
        bytes_8a(OpenReply(1, 1, 0x11)),
        relay_bytes(Written(1, 0, 8)),
        relay_bytes(Values(1, 1, b"\1")),
    ]
)
babble = st.lists(st.one_of(st.none(), st.binary(max_size=40), likely, likely), min_size=1, max_size=12)


@pytest.mark.parametrize("name", DRIVERS)
@given(chunks=babble)
def test_any_line_ends_in_an_answer_or_a_device_error_in_time(name: str, chunks: list[bytes | None]) -> None:
    clock = LineClock()
    link = BabblingLink(chunks, clock)
    try:
        DRIVERS[name](link, clock)
    except DeviceError:
        pass
    assert clock.seconds < MOST_S
    assert link.written < 100_000
