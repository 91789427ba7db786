"""Twin of a Modbus RTU relay board with a lamp on each relay."""

import enum

from hardware.codecs.hunt import Noise
from hardware.codecs.modbus_relay import (
    ALL_COILS,
    FLASH_OFF,
    FLASH_ON,
    FromBoard,
    Read,
    Refused,
    RequestReader,
    ToBoard,
    Values,
    Write,
    WriteMany,
    Written,
    encode,
)
from hardware.twins.wire import PtyWire, Twin

ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE, DEVICE_FAILED = 1, 2, 3, 4


class RelayFault(enum.Enum):
    """What goes wrong with relay boards."""

    NO_REPLY = enum.auto()
    BAD_CRC = enum.auto()
    OTHER_UNIT = enum.auto()  # answers under another address
    FAILS = enum.auto()  # exception 04 to everything
    ECHO = enum.auto()  # the line repeats what the host sends


class LightsRelayTwin(Twin):
    """`lit` are the relays (from 1) that are on now; `history` is every change of it, the oldest first."""

    def __init__(self, wire: PtyWire, *, unit: int = 1, relays: int = 8) -> None:
        super().__init__(wire)
        self.unit = unit
        self.relays = relays
        self.faults: set[RelayFault] = set()
        self.history: list[frozenset[int]] = []
        self._on = 0
        self._reader = RequestReader()
        self.power_on()

    @property
    def lit(self) -> frozenset[int]:
        with self.lock:
            return self._lit()

    def received(self, chunk: bytes) -> None:
        if RelayFault.ECHO in self.faults:
            self.send(chunk)
        if RelayFault.NO_REPLY in self.faults:
            return
        for piece in self._reader.feed(chunk):
            if not isinstance(piece, Noise) and piece.unit in (self.unit, 0):
                answer = self._obey(piece)
                if piece.unit == self.unit:  # a broadcast is obeyed and not answered
                    self._say(answer)

    def lost_power(self) -> None:
        self._reader.reset()
        self._set(0)

    def _lit(self) -> frozenset[int]:
        return frozenset(relay + 1 for relay in range(self.relays) if self._on >> relay & 1)

    def _obey(self, request: ToBoard) -> FromBoard:
        if RelayFault.FAILS in self.faults:
            return Refused(request.unit, 0x0F if isinstance(request, WriteMany) else request.function, DEVICE_FAILED)
        match request:
            case WriteMany(unit, start, count, data):
                if start + count > self.relays:
                    return Refused(unit, 0x0F, ILLEGAL_ADDRESS)
                if len(data) != (count + 7) // 8:
                    return Refused(unit, 0x0F, ILLEGAL_VALUE)
                mask = (1 << count) - 1
                self._set(self._on & ~(mask << start) | (int.from_bytes(data, "little") & mask) << start)
                return Written(unit, start, count)
            case Write(unit, 0x05, address, value):
                return self._write_coil(request, unit, address, value)
            case Read(unit, 0x01, start, count):
                if not 1 <= count or start + count > self.relays:
                    return Refused(unit, 0x01, ILLEGAL_ADDRESS)
                bits = self._on >> start & (1 << count) - 1
                return Values(unit, 0x01, bits.to_bytes((count + 7) // 8, "little"))
            case Read(unit, function) | Write(unit, function):
                return Refused(unit, function, ILLEGAL_FUNCTION)

    def _write_coil(self, request: Write, unit: int, address: int, value: int) -> FromBoard:
        relay = address & 0xFF
        if address & 0xFF00 in (FLASH_ON, FLASH_OFF) and relay < self.relays:
            lit = address & 0xFF00 == FLASH_ON
            self._set(self._on | 1 << relay if lit else self._on & ~(1 << relay))
            self.wire.later(value / 10, lambda: self._flash_ends(relay, lit))
            return request
        if address != ALL_COILS and address >= self.relays:
            return Refused(unit, 0x05, ILLEGAL_ADDRESS)
        bits = (1 << self.relays) - 1 if address == ALL_COILS else 1 << address
        match value:
            case 0xFF00:
                self._set(self._on | bits)
            case 0x0000:
                self._set(self._on & ~bits)
            case 0x5500:
                self._set(self._on ^ bits)
            case _:
                return Refused(unit, 0x05, ILLEGAL_VALUE)
        return request

    def _flash_ends(self, relay: int, lit: bool) -> None:
        with self.lock:
            self._set(self._on & ~(1 << relay) if lit else self._on | 1 << relay)

    def _set(self, on: int) -> None:
        if on != self._on:
            self._on = on
            self.history.append(self._lit())

    def _say(self, answer: FromBoard) -> None:
        raw = encode(answer)
        if RelayFault.OTHER_UNIT in self.faults:
            raw = encode(Refused(self.unit + 1, 0x01, DEVICE_FAILED))
        if RelayFault.BAD_CRC in self.faults:
            raw = raw[:-1] + bytes((raw[-1] ^ 0x5A,))
        self.send(raw)
