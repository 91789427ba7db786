"""A GM65's end of the wire: zones, answers, and codes read only while it is triggered."""

import enum
from collections import deque
from typing import assert_never

from hardware.codecs import gm65
from hardware.codecs.gm65 import BadRequest, Kind, Reply, Request, Result
from hardware.codecs.hunt import Noise
from hardware.twins.mishaps import MishapTwin
from hardware.twins.wire import PtyWire

FACTORY_MODE = 0xD4
"""Manual mode: what a scanner out of the box is in, until the driver sets it."""
GIVE_UP_S = 5.0


class Gm65Fault(enum.Enum):
    """What a scanner gets wrong."""

    DEAF = enum.auto()  # no answer to a request
    CALLS_IT_DAMAGED = enum.auto()  # 01, "bad CRC"
    CALLS_IT_UNKNOWN = enum.auto()  # 03, "bad command"
    ANSWER_DAMAGED = enum.auto()  # an answer whose CRC is wrong
    ANSWER_UNCHECKED = enum.auto()  # AB CD in place of the CRC
    ANSWER_IN_CODE = enum.auto()  # the answer to a trigger comes in the middle of the code
    NO_TAIL = enum.auto()  # the code's end is not sent
    MODE_STAYS = enum.auto()  # writing the mode is acknowledged and does nothing
    ENDLESS = enum.auto()  # a code without end


_OF_CODES = {Gm65Fault.ANSWER_IN_CODE, Gm65Fault.NO_TAIL, Gm65Fault.ENDLESS}
_OK = Reply(Result.OK, b"\x00")


class ScannerGm65Twin(MishapTwin[Gm65Fault]):
    """`show` holds a code before it until it is read or `hide`; it is read when the scanner is triggered."""

    def __init__(self, wire: PtyWire, *, tail: bytes = b"\r", give_up_s: float = GIVE_UP_S) -> None:
        super().__init__(wire)
        self.zones: dict[int, int] = {gm65.ZONE_MODE: FACTORY_MODE}
        self.saved = 0  # how often flash was written
        self.requests: deque[Request] = deque(maxlen=200)
        self._tail = tail
        self._give_up_s = give_up_s
        self._reader = gm65.request_reader()
        self._shown: bytes | None = None
        self._triggers = 0
        self._lit = False
        self._held_answer = b""
        self.power_on()

    # ---- hands and luck

    @property
    def lit(self) -> bool:
        """Whether it looks for a code now."""
        return self._lit

    def show(self, code: bytes) -> None:
        """Hold a code before the window."""
        with self.lock:
            self._shown = code
            self._look()

    def hide(self) -> None:
        with self.lock:
            self._shown = None

    def lost_power(self) -> None:
        self._reader.reset()
        self._lit = False
        if not self.saved:
            self.zones[gm65.ZONE_MODE] = FACTORY_MODE

    # ---- the scanner

    def received(self, chunk: bytes) -> None:
        for piece in self._reader.feed(chunk):
            if isinstance(piece, Noise):
                continue
            if isinstance(piece, BadRequest):
                self.send(gm65.encode_reply(Reply(Result.BAD_CRC, b"\x00")))
                continue
            self.requests.append(piece)
            self._answer(piece)

    def _answer(self, request: Request) -> None:
        fault = self.take_fault(lambda fault: fault not in _OF_CODES)
        match fault:
            case Gm65Fault.DEAF:
                return
            case Gm65Fault.CALLS_IT_DAMAGED:
                self.send(gm65.encode_reply(Reply(Result.BAD_CRC, b"\x00")))
                return
            case Gm65Fault.CALLS_IT_UNKNOWN:
                self.send(gm65.encode_reply(Reply(Result.BAD_COMMAND, b"\x00")))
                return
            case _:
                pass
        reply = self._obey(request, mode_stays=fault is Gm65Fault.MODE_STAYS)
        frame = gm65.encode_reply(reply)
        if fault is Gm65Fault.ANSWER_DAMAGED:
            frame = frame[:-1] + bytes([frame[-1] ^ 0xFF])
        elif fault is Gm65Fault.ANSWER_UNCHECKED:
            frame = frame[:-2] + gm65.UNCHECKED
        if self.about_to(Gm65Fault.ANSWER_IN_CODE) and self._lit and self._shown is not None:
            self._held_answer = frame  # comes inside the code, which is read now
        else:
            self.send(frame)
        self._look()

    def _obey(self, request: Request, *, mode_stays: bool) -> Reply:
        kind = Kind(request.kind)
        match kind:
            case Kind.HEARTBEAT:
                return Reply(Result.OK, b"\x00", heartbeat=True)
            case Kind.SAVE:
                self.saved += 1
                return _OK
            case Kind.READ:
                count = request.data[0] if 1 <= request.data[0] <= gm65.LONGEST_DATA else 1
                zones = range(request.address, request.address + count)
                return Reply(Result.OK, bytes(self.zones.get(zone, 0) for zone in zones))
            case Kind.WRITE:
                if request.address == gm65.ZONE_TRIGGER:
                    self._set_light(request.data[0] == 1)
                elif not mode_stays:
                    for offset, value in enumerate(request.data):
                        self.zones[request.address + offset] = value
                return _OK
            case _ as never:
                assert_never(never)

    def _set_light(self, wanted: bool) -> None:
        command_mode = self.zones[gm65.ZONE_MODE] & gm65.MODE_MASK == gm65.MODE_COMMAND
        self._lit = wanted and command_mode
        self._triggers += 1
        if self._lit:
            this = self._triggers
            self.wire.later(self._give_up_s, lambda: self._gave_up(this))

    def _gave_up(self, trigger: int) -> None:
        with self.lock:
            if trigger == self._triggers:
                self._lit = False

    def _look(self) -> None:
        if not self._lit or self._shown is None:
            return
        code, self._shown, self._lit = self._shown, None, False
        match self.take_fault(lambda fault: fault in _OF_CODES):
            case Gm65Fault.ANSWER_IN_CODE:
                half = len(code) // 2
                answer, self._held_answer = self._held_answer, b""
                self.send(code[:half] + answer + code[half:] + self._tail)
            case Gm65Fault.NO_TAIL:
                self.send(code)
            case Gm65Fault.ENDLESS:
                self.send((code or b"x") * (20_000 // max(len(code), 1)))
            case _:
                self.send(code + self._tail)
