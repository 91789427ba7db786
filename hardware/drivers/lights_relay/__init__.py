"""Guide lights on a Modbus RTU relay board (docs/devices/modbus-relay.md)."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from hardware.api.clock import Clock
from hardware.api.errors import DeviceBrokeRules, DeviceError
from hardware.api.lights import Spot
from hardware.api.link import ByteLink
from hardware.api.status import DeviceState, Status
from hardware.codecs.hunt import Noise
from hardware.codecs.modbus_relay import (
    FromBoard,
    Read,
    Refused,
    ReplyReader,
    ToBoard,
    Values,
    WriteMany,
    Written,
    encode,
)
from hardware.drivers.exchange import hear, no_answer, status_of

REPLY_S = 0.25
TRIES = 3
_READ_COILS = 0x01

T = TypeVar("T")


class LightsRelay:
    """One lamp at a time. Implements `hardware.api.lights.GuideLights`; `channels` maps a spot to its relay, from 1.

    All relays are set by one frame, so no moment has two lamps lit and a repeat changes nothing.
    """

    def __init__(
        self,
        link: ByteLink,
        clock: Clock,
        channels: Mapping[Spot, int],
        *,
        unit: int = 1,
        relays: int = 8,
        reply_s: float = REPLY_S,
    ) -> None:
        for spot, channel in channels.items():
            if not 1 <= channel <= relays:
                raise ValueError(f"{spot} is wired to relay {channel} of {relays}")
        self._link = link
        self._clock = clock
        self._channels = dict(channels)
        self._unit = unit
        self._relays = relays
        self._reply_s = reply_s

    def start(self) -> str:
        """All lamps off. Raises DeviceError."""
        self.show(None)
        return f"relay board, {self._relays} relays"

    def status(self) -> Status:
        """Whether the board answers."""
        try:
            self.lit()
        except DeviceError as error:
            return status_of(error)
        return Status(DeviceState.ONLINE)

    def show(self, spot: Spot | None) -> None:
        """Light the lamp of `spot` and no other; a spot without a lamp, or None, puts all out. Raises DeviceError."""
        channel = None if spot is None else self._channels.get(spot)
        bits = 0 if channel is None else 1 << (channel - 1)
        order = WriteMany(self._unit, 0, self._relays, bits.to_bytes((self._relays + 7) // 8, "little"))
        done = Written(self._unit, 0, self._relays)
        self._ask(order, lambda piece: piece if piece == done else None)

    def lit(self) -> frozenset[Spot]:
        """Which spots' relays are on, as the board says. Raises DeviceError."""
        size = (self._relays + 7) // 8

        def wanted(piece: FromBoard) -> Values | None:
            whole = isinstance(piece, Values) and (piece.function, len(piece.data)) == (_READ_COILS, size)
            return piece if whole and isinstance(piece, Values) else None

        values = self._ask(Read(self._unit, _READ_COILS, 0, self._relays), wanted)
        bits = int.from_bytes(values.data, "little")
        return frozenset(spot for spot, channel in self._channels.items() if bits >> (channel - 1) & 1)

    def _ask(self, question: ToBoard, wanted: Callable[[FromBoard], T | None]) -> T:
        heard_other = False

        def answer(piece: FromBoard | Noise) -> T | None:
            nonlocal heard_other
            if isinstance(piece, Noise) or piece.unit != self._unit:
                heard_other = True
                return None
            if isinstance(piece, Refused):
                raise DeviceBrokeRules(f"the relay board refused function {piece.function:02X} with code {piece.code}")
            return wanted(piece)

        for _ in range(TRIES):
            self._link.discard_input()
            self._link.write(encode(question))
            heard = hear(self._link, self._clock, ReplyReader(), answer, self._reply_s)
            if heard is not None:
                return heard
        raise no_answer(heard_other, "relay board")
