"""Guide lights on a Modbus relay board, and the board's other functions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.api.clock import SystemClock
from hardware.api.lights import Spot
from hardware.codecs.hunt import Noise
from hardware.codecs.modbus_relay import (
    ALL_COILS,
    BAUD,
    FLASH_ON,
    OFF,
    ON,
    TOGGLE,
    FromBoard,
    Read,
    Refused,
    ReplyReader,
    ToBoard,
    Values,
    Write,
    WriteMany,
    encode,
)
from hardware.drivers.lights_relay import LightsRelay
from hardware.transports.serial_link import SerialLink
from hardware.twins.lights_relay import LightsRelayTwin
from hardware.twins.wire import PtyWire
from tests.contracts.guide_lights import GuideLightsContract, LightsBench
from tests.contracts.until import until
from tests.hardware.unhurried import UnhurriedLink


def made(port: Path, relays: int, wiring: dict[Spot, int]) -> Iterator[LightsBench]:
    with LightsRelayTwin(PtyWire(port, BAUD, pacing=False), relays=relays) as twin:
        link = UnhurriedLink(twin.wire)
        link.open()
        lights = LightsRelay(link, link.clock, wiring, relays=relays, reply_s=0.15)
        yield LightsBench(lights, link, twin, wiring)
        link.close()


class TestEightRelays(GuideLightsContract):
    @pytest.fixture
    def bench(self, tmp_path: Path) -> Iterator[LightsBench]:
        yield from made(tmp_path / "lights", 8, {Spot.CARD: 1, Spot.CODE: 2, Spot.SLIP: 4, Spot.LOCKER: 8})


def test_sixteen_relays(tmp_path: Path) -> None:
    for bench in made(tmp_path / "lights", 16, {Spot.CARD: 16, Spot.SLIP: 9, Spot.LOCKER: 8}):
        for spot in bench.wiring:
            bench.lights.show(spot)
            assert bench.lights.lit() == {spot}
            assert bench.lit() == [spot]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[LightsBench]:
    yield from made(tmp_path / "lights", 8, {})


def answer(bench: LightsBench, request: ToBoard) -> FromBoard:
    """What the board says to one request."""
    bench.link.write(encode(request))
    reader, heard = ReplyReader(), list[FromBoard | Noise]()

    def hears() -> bool:
        heard.extend(reader.feed(bench.link.read(0.01)))
        return bool(heard)

    until(hears)
    assert not isinstance(heard[0], Noise)
    return heard[0]


def test_a_board_does_what_its_manual_says(bench: LightsBench) -> None:
    assert answer(bench, Write(1, 5, 0, ON)) == Write(1, 5, 0, ON)
    assert answer(bench, Read(1, 1, 0, 8)) == Values(1, 1, b"\x01")
    assert answer(bench, Write(1, 5, 7, TOGGLE)) == Write(1, 5, 7, TOGGLE)
    assert bench.twin.lit == {1, 8}
    assert answer(bench, Write(1, 5, ALL_COILS, ON)) == Write(1, 5, ALL_COILS, ON)
    assert answer(bench, Write(1, 5, 2, OFF)) == Write(1, 5, 2, OFF)
    assert bench.twin.lit == {1, 2, 4, 5, 6, 7, 8}


def test_a_flash_ends_by_itself(bench: LightsBench) -> None:
    assert answer(bench, Write(1, 5, FLASH_ON + 2, 1)) == Write(1, 5, FLASH_ON + 2, 1)
    until(lambda: not bench.twin.lit)
    assert bench.twin.history == [frozenset({3}), frozenset()]


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (Write(1, 5, 8, ON), 2),
        (Write(1, 5, 0, 0x1234), 3),
        (Read(1, 1, 0, 9), 2),
        (Read(1, 3, 0x4000, 1), 1),
        (Write(1, 6, 0x4000, 3), 1),
        (WriteMany(1, 1, 8, b"\xff"), 2),
        (WriteMany(1, 0, 8, b"\xff\xff"), 3),
    ],
)
def test_what_a_board_refuses(bench: LightsBench, request_: ToBoard, code: int) -> None:
    refused = answer(bench, request_)
    assert isinstance(refused, Refused)
    assert refused.code == code
    assert bench.twin.lit == frozenset()


@pytest.mark.parametrize("relay", [0, 9])
def test_a_lamp_on_a_relay_that_the_board_does_not_have(tmp_path: Path, relay: int) -> None:
    with pytest.raises(ValueError, match="relay"):
        LightsRelay(SerialLink(str(tmp_path), BAUD), SystemClock(), {Spot.CARD: relay})
