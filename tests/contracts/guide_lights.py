"""What guide lights promise."""

from collections.abc import Sequence

import pytest

from hardware.api.errors import DeviceBrokeRules, DeviceError, LinkLost, NotAnswering
from hardware.api.lights import Spot
from hardware.api.link import ByteLink
from hardware.api.status import OFFLINE, DeviceState, Fault, Status
from hardware.drivers.lights_relay import LightsRelay
from hardware.twins.lights_relay import LightsRelayTwin, RelayFault
from hardware.twins.wire import WireFault


class LightsBench:
    """A driver, its link, the lamps, and which relay each spot has."""

    def __init__(self, lights: LightsRelay, link: ByteLink, twin: LightsRelayTwin, wiring: dict[Spot, int]) -> None:
        self.lights = lights
        self.link = link
        self.twin = twin
        self.wiring = wiring

    def lit(self) -> list[Spot]:
        """The spots whose lamps burn."""
        return [spot for spot, relay in self.wiring.items() if relay in self.twin.lit]


class GuideLightsContract:
    """Inherited by each board's twin test; a fixture `bench` hands over the bench."""

    def test_a_start_puts_every_lamp_out(self, bench: LightsBench) -> None:
        bench.lights.show(Spot.CARD)
        bench.lights.start()
        assert bench.twin.lit == frozenset()

    def test_one_lamp_at_a_time(self, bench: LightsBench) -> None:
        for spot in bench.wiring:
            bench.lights.show(spot)
            assert bench.lit() == [spot]
            assert bench.lights.lit() == {spot}
        bench.lights.show(None)
        assert bench.twin.lit == frozenset()
        assert all(len(lit) <= 1 for lit in bench.twin.history)

    def test_showing_the_same_spot_again_changes_nothing(self, bench: LightsBench) -> None:
        bench.lights.show(Spot.SLIP)
        bench.lights.show(Spot.SLIP)
        assert len(bench.twin.history) == 1

    def test_a_spot_without_a_lamp_is_dark(self, bench: LightsBench) -> None:
        unlit: Sequence[Spot] = [spot for spot in Spot if spot not in bench.wiring]
        bench.lights.show(Spot.SLIP)
        for spot in unlit:
            bench.lights.show(spot)
            assert bench.twin.lit == frozenset()

    @pytest.mark.parametrize("fault", [fault for fault in WireFault if fault is not WireFault.PULLED_HALFWAY])
    def test_one_bad_answer_is_asked_for_again(self, bench: LightsBench, fault: WireFault) -> None:
        bench.twin.wire.disturb(fault)
        bench.lights.show(Spot.CARD)
        assert bench.lit() == [Spot.CARD]
        assert bench.lights.status() == Status(DeviceState.ONLINE)

    def test_an_echo_is_no_answer_and_disturbs_none(self, bench: LightsBench) -> None:
        bench.twin.faults = {RelayFault.ECHO}
        bench.lights.show(Spot.CARD)
        assert bench.lit() == [Spot.CARD]
        bench.twin.faults = {RelayFault.ECHO, RelayFault.NO_REPLY}
        with pytest.raises(DeviceError):
            bench.lights.show(Spot.SLIP)
        assert bench.lit() == [Spot.CARD]

    def test_a_silent_board(self, bench: LightsBench) -> None:
        bench.twin.faults = {RelayFault.NO_REPLY}
        with pytest.raises(NotAnswering):
            bench.lights.show(Spot.CARD)
        assert bench.lights.status() == Status(DeviceState.OFFLINE, Fault.NOT_ANSWERING)

    @pytest.mark.parametrize("fault", [RelayFault.BAD_CRC, RelayFault.OTHER_UNIT, RelayFault.FAILS])
    def test_a_board_that_breaks_its_rules(self, bench: LightsBench, fault: RelayFault) -> None:
        bench.twin.faults = {fault}
        with pytest.raises(DeviceBrokeRules):
            bench.lights.show(Spot.CARD)
        assert bench.lights.status() == Status(DeviceState.ERROR, Fault.BROKE_RULES)

    def test_a_pulled_cable_is_a_lost_link_and_comes_back(self, bench: LightsBench) -> None:
        bench.twin.unplug()
        with pytest.raises(LinkLost):
            bench.lights.show(Spot.CARD)
        assert bench.lights.status() == OFFLINE
        bench.twin.replug()
        bench.link.open()
        bench.lights.start()
        bench.lights.show(Spot.LOCKER)
        assert bench.lit() == [Spot.LOCKER]
