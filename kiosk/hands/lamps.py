"""The hand that lights the spot a person needs now."""

from typing import Protocol

from hardware.api.lights import GuideLights, Spot
from hardware.api.status import Status
from kiosk.stations import Station


class Lights(GuideLights, Protocol):
    """Guide lights that can be started like every device."""

    def start(self) -> str: ...

    def status(self) -> Status: ...


class Lamps:
    """Shows one spot at a time; a terminal without lights shows none and misses nothing else."""

    def __init__(self, station: Station[Lights] | None) -> None:
        self._station = station

    def show(self, spot: Spot | None) -> None:
        if self._station is not None:
            self._station.ask(lambda lights: lights.show(spot), lambda _: None)
