"""Meaning for GM65 scanners: told when to look, with answers and codes on one line."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from hardware.api.clock import Clock
from hardware.api.code_scanner import CodeScanned
from hardware.api.errors import DeviceBrokeRules, DeviceError, LinkLost, NotAnswering, WrongDevice
from hardware.api.link import ByteLink
from hardware.api.status import OFFLINE, DeviceState, Status
from hardware.codecs import gm65
from hardware.codecs.code_lines import CR, TOO_LONG, Code, TooLong, scanned
from hardware.codecs.gm65 import Kind, Piece, Reply, Result

WAITING_CODES = 8


@dataclass(frozen=True)
class Gm65Options:
    """Site settings of the scanner."""

    mode: int = gm65.MODE_D5  # zone 0000; its low bits must say "command-triggered"
    tail: bytes = CR  # what the scanner sends after a code
    answer_s: float = 0.5  # to a command
    retrigger_s: float = 4.0  # the scanner gives up on its own after a while (5 s as delivered) and says nothing
    idle_s: float = 0.3  # a line quiet for so long is a code without its tail
    save: bool = False  # keep the mode in flash; off, because flash wears and every start sets it anyway


class ScannerGm65:
    """Reads codes on command over any byte link. Implements `hardware.api.code_scanner.CodeScanner`."""

    def __init__(self, link: ByteLink, clock: Clock, options: Gm65Options | None = None) -> None:
        self._link = link
        self._clock = clock
        self._options = options or Gm65Options()
        self._reader = gm65.StreamReader(self._options.tail)
        self._waiting: deque[CodeScanned] = deque(maxlen=WAITING_CODES)
        self._listening = False
        self._last_byte = self._triggered_at = clock.monotonic()
        self._unanswered = False  # a trigger was sent and its answer has not come
        self._refused = False

    def start(self) -> str:
        """Set command-triggered mode; returns the family's name. Raises DeviceError."""
        self._listening = self._unanswered = False
        self._link.discard_input()
        self._reader.reset()
        self._waiting.clear()
        self._ask(gm65.HEARTBEAT, lambda reply: reply.heartbeat, first=True)
        self._ask(gm65.UNTRIGGER, _is_short)
        if self._mode() != self._options.mode:
            mode = bytes([self._options.mode])
            self._ask(gm65.encode_request(Kind.WRITE, gm65.ZONE_MODE, mode), _is_short)
            if self._options.save:
                self._ask(gm65.SAVE, _is_short)
            if self._mode() & gm65.MODE_MASK != self._options.mode & gm65.MODE_MASK:
                raise DeviceBrokeRules("the mode was written and did not change")
        self._waiting.clear()  # what it read in another mode was shown to nobody
        return "GM65"

    def status(self) -> Status:
        """Ask with a heartbeat; codes that come meanwhile are kept for `poll`."""
        try:
            self._take()
            if self._sending():
                return Status(DeviceState.ONLINE)
            self._ask(gm65.HEARTBEAT, lambda reply: reply.heartbeat)
        except LinkLost:
            return OFFLINE
        except NotAnswering as error:
            if self._sending():
                return Status(DeviceState.ONLINE)
            return Status(DeviceState.OFFLINE, error.fault)
        except DeviceError as error:
            return Status(DeviceState.ERROR, error.fault)
        return Status(DeviceState.ONLINE)

    def listen(self) -> None:
        """Light and trigger it, until `rest`; codes from before are forgotten. Raises LinkLost."""
        self._link.discard_input()
        self._reader.reset()
        self._waiting.clear()
        self._listening = True
        self._trigger()

    def rest(self) -> None:
        """Put the light out. Raises DeviceError."""
        if self._unanswered:  # the answer to the last trigger must not be taken for the one to come
            self._ask(gm65.HEARTBEAT, lambda reply: reply.heartbeat)
        self._listening = self._unanswered = False
        self._ask(gm65.UNTRIGGER, _is_short)
        self._waiting.clear()

    def poll(self) -> CodeScanned | None:
        """A code that has come in since the last look, or None. Raises DeviceError.

        A trigger that was refused or stayed without an answer is sent again and told once, by an exception.
        """
        self._take()
        now = self._clock.monotonic()
        if self._refused and self._listening:
            self._trigger()
            raise DeviceBrokeRules("a trigger was refused")
        if self._waiting:
            code = self._waiting.popleft()
            if self._listening and not self._waiting:
                self._trigger()  # a read ends the trigger
            return code
        if self._listening and not self._reader.unfinished:
            if self._unanswered and now - self._triggered_at >= self._options.answer_s:
                self._trigger()
                raise NotAnswering("no answer to a trigger")
            if now - self._triggered_at >= self._options.retrigger_s:
                self._trigger()
        return None

    def _sending(self) -> bool:
        """Whether a code is coming in now: the scanner is alive, and an answer would stand behind the code."""
        return self._reader.unfinished and self._clock.monotonic() - self._last_byte < self._options.idle_s

    # ---- the line

    def _mode(self) -> int:
        # The answer looks like any acknowledgement: the heartbeat's, which does not, shows that no other is on its way.
        self._ask(gm65.HEARTBEAT, lambda reply: reply.heartbeat)
        return self._ask(gm65.READ_MODE, _is_short).data[0]

    def _trigger(self) -> None:
        self._link.write(gm65.TRIGGER)
        self._triggered_at = self._clock.monotonic()
        self._unanswered = True
        self._refused = False

    def _take(self) -> None:
        for _ in range(16):  # bounded: a babbling wire must not hold the lane
            chunk = self._link.read(0.0)
            now = self._clock.monotonic()
            if chunk:
                self._last_byte = now
                self._sort(self._reader.feed(chunk))
            elif self._reader.unfinished and now - self._last_byte >= self._options.idle_s:
                self._sort(self._reader.quiet())
            else:
                return

    def _ask(self, request: bytes, fits: Callable[[Reply], bool], *, first: bool = False) -> Reply:
        """Send a request, and once more when it was called damaged or stayed without an answer."""
        for last in (False, True):
            self._link.write(request)
            reply, heard = self._answer(fits)
            if reply is not None and reply.result is Result.OK:
                return reply
            if last and reply is not None:
                raise DeviceBrokeRules("a whole request was refused")
            if last and first and heard:
                raise WrongDevice("bytes came, and no answer of a GM65")
        raise NotAnswering("no answer in time")

    def _answer(self, fits: Callable[[Reply], bool]) -> tuple[Reply | None, bool]:
        """The answer that fits or refuses, if it comes in time, and whether any byte came."""
        heard = False
        give_up = self._clock.monotonic() + self._options.answer_s
        while True:
            chunk = self._link.read(give_up - self._clock.monotonic())
            heard = heard or bool(chunk)
            if chunk:
                self._last_byte = self._clock.monotonic()
            # After silence a damaged answer that still waits for its end must not swallow the next one.
            pieces = self._reader.feed(chunk) if chunk else self._reader.quiet()
            self._sort(pieces)
            for piece in pieces:
                if isinstance(piece, Reply) and (fits(piece) or piece.result is not Result.OK):
                    return piece, heard
            if not chunk or self._clock.monotonic() >= give_up:
                return None, heard

    def _sort(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            if isinstance(piece, Reply):
                if self._unanswered and not piece.heartbeat:
                    self._refused = piece.result is not Result.OK
                    self._unanswered = False
            elif isinstance(piece, Code) and piece.raw != b"\n":  # the LF of a CR LF tail
                self._waiting.append(scanned(piece.raw.removeprefix(b"\n")))
            elif isinstance(piece, TooLong):
                self._waiting.append(TOO_LONG)


def _is_short(reply: Reply) -> bool:
    return not reply.heartbeat and len(reply.data) == 1
