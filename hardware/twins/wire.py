"""The twin's end of a serial cable: a pseudo-terminal paced at the wire's speed, with the wire's own faults.

A twin is built in this order: `Twin.__init__(self, wire)`, its own fields, and last `self.power_on()`; from then on
`received(chunk)` is called in the wire's thread, holding `self.lock`. Actions of a person (`lay`, `take_slip`) take the
same lock. `received` must not block: what takes time is asked for with `send(..., after_s=)` or `later`.
"""

import contextlib
import enum
import heapq
import itertools
import os
import select
import sys
import threading
import time
import tty
from collections import deque
from collections.abc import Callable
from pathlib import Path

from hardware.twins.closing import Closing

BITS_PER_BYTE = 10
"""8N1: a start bit, eight data bits, a stop bit."""
PIECE_S = 0.002
"""A reader on a real port sees bytes about this often; a piece is what the wire carries in that time."""
NOISE = bytes.fromhex("00 FF AA AA AA 96 00 02 80 8A 7E 00 31 1D")
"""Line noise that begins like the frames of several protocols."""
TRACE_LENGTH = 400
MOST_UNSENT = 65_536
"""Bytes that wait for a host that reads too slowly; beyond them bytes are lost, as a UART's are."""


class WireFault(enum.Enum):
    """What a bad cable does to what a device sends. Each works on one `send`, `times` times."""

    GARBAGE_BEFORE = enum.auto()  # noise, then the whole answer
    NOISE_BETWEEN = enum.auto()  # noise in the middle of the answer
    FLIPPED_BIT = enum.auto()  # one bit of the answer is wrong
    TRUNCATE = enum.auto()  # only the first half comes
    SILENT = enum.auto()  # nothing comes
    SLOW = enum.auto()  # byte by byte, at a fifth of the speed
    INTERLEAVED = enum.auto()  # mixed, in small pieces, with what was sent before
    TWICE = enum.auto()  # the answer comes two times
    PULLED_HALFWAY = enum.auto()  # the cable is pulled when half has come


def refuse_in_shipped_program() -> None:
    """Twins are for the demo, the tests and the bench. Raises RuntimeError in a frozen program."""
    if getattr(sys, "frozen", False):
        raise RuntimeError("a twin was built in a shipped program")


class PtyWire:
    """A pseudo-terminal under a stable name; its thread carries bytes both ways at the wire's speed."""

    def __init__(self, link_path: Path, baud: int, *, pacing: bool = True) -> None:
        refuse_in_shipped_program()
        self.link_path = link_path
        self.baud = baud
        self.byte_s = BITS_PER_BYTE / baud if pacing else 0.0
        self.trace: deque[tuple[str, bytes]] = deque(maxlen=TRACE_LENGTH)  # ("in" | "out", bytes), newest last
        self._lock = threading.Condition()
        self._master = -1
        self._slave = -1
        self._gone: list[int] = []  # descriptors that the thread, and no one else, may close
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._free_in = self._free_out = 0.0  # when the wire has carried what it was given, each way
        self._fault: WireFault | None = None
        self._fault_times = 0
        self._last_sent = b""
        self._unsent = bytearray()
        self._hear: Callable[[bytes], None] | None = None
        self._unplugged: Callable[[], None] | None = None
        self._closed = False
        self._wake_in, self._wake_out = os.pipe()
        os.set_blocking(self._wake_out, False)
        self._thread = threading.Thread(target=self._run, name=f"twin:{link_path.name}", daemon=True)
        self.replug()

    # ---- what the twin and the person do

    @property
    def plugged(self) -> bool:
        return self._master >= 0

    def attach(self, hear: Callable[[bytes], None], unplugged: Callable[[], None] | None = None) -> None:
        """Begin to carry bytes: chunks from the host go to `hear`, in the wire's thread."""
        self._hear, self._unplugged = hear, unplugged
        self._thread.start()

    def send(self, data: bytes, after_s: float = 0.0) -> None:
        """Put bytes on the wire after `after_s`; returns at once. Bytes sent while unplugged are lost."""
        if after_s > 0:
            self.later(after_s, lambda: self.send(data))
            return
        with self._lock:
            if not self.plugged or not data:
                return
            fault = self._take_fault()
            previous, self._last_sent = self._last_sent, data
            for piece, weight in _disturbed(data, previous, fault, self._piece_size()):
                self._put(piece, weight)
            if fault is WireFault.PULLED_HALFWAY:
                self._add(self._free_out, self.unplug)
        self._wake()

    def later(self, delay_s: float, call: Callable[[], None]) -> None:
        """Run `call` in the wire's thread after `delay_s` (a device's own time: a motor, a head)."""
        with self._lock:
            self._add(time.monotonic() + delay_s, call)
        self._wake()

    def disturb(self, fault: WireFault, times: int = 1) -> None:
        """Do `fault` to the next `times` answers; a negative number means until `calm`."""
        with self._lock:
            self._fault, self._fault_times = fault, times

    def calm(self) -> None:
        with self._lock:
            self._fault, self._fault_times = None, 0

    def unplug(self) -> None:
        """Pull the cable: the name goes away, who has it open sees a hang-up. Never called with a twin's lock held."""
        with self._lock:
            if not self.plugged:
                return
            self.link_path.unlink(missing_ok=True)
            self._gone += [self._master, self._slave]
            self._master = self._slave = -1
            self._due.clear()
            self._unsent.clear()
            if not self._thread.is_alive() or threading.current_thread() is self._thread:
                self._bury()
            else:
                self._wake()
                self._lock.wait_for(lambda: not self._gone, timeout=30.0)
        if self._unplugged is not None:
            self._unplugged()

    def replug(self) -> None:
        """Put the cable back: a new pseudo-terminal under the same name."""
        with self._lock:
            if self.plugged or self._closed:
                return
            master, slave = os.openpty()
            tty.setraw(slave)  # the slave stays open here, so that a host that closes is not a hang-up for the twin
            os.set_blocking(master, False)
            self.link_path.parent.mkdir(parents=True, exist_ok=True)
            new = self.link_path.with_name(f".{self.link_path.name}.new")
            new.unlink(missing_ok=True)
            new.symlink_to(os.ttyname(slave))
            os.replace(new, self.link_path)
            self._master, self._slave = master, slave
            self._free_in = self._free_out = 0.0
        self._wake()

    def close(self) -> None:
        """Unplug for good and end the thread."""
        self.unplug()
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._ring()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout=30.0)
        os.close(self._wake_in)
        os.close(self._wake_out)

    # ---- the thread

    def _run(self) -> None:
        while True:
            with self._lock:
                self._bury()
                if self._closed:
                    return
                master = self._master
                blocked = bool(self._unsent)
                wait_s = max(self._due[0][0] - time.monotonic(), 0.0) if self._due else None
            reads = [self._wake_in, *([master] if master >= 0 else [])]
            ready, _, _ = select.select(reads, [master] if blocked else [], [], wait_s)
            if self._wake_in in ready:
                os.read(self._wake_in, 4096)
            if master in ready:
                self._arrived(master)
            self._flush()
            self._do_what_is_due()

    def _arrived(self, master: int) -> None:
        with self._lock:
            if master != self._master:
                return  # unplugged meanwhile
            try:
                chunk = os.read(master, 4096)
            except OSError:
                return
            # the pty hands over at once what a wire would still be carrying
            self._free_in = max(self._free_in, time.monotonic()) + len(chunk) * self.byte_s
            self._add(self._free_in, lambda: self._deliver(chunk))

    def _deliver(self, chunk: bytes) -> None:
        self.trace.append(("in", chunk))
        if self._hear is not None:
            self._hear(chunk)

    def _do_what_is_due(self) -> None:
        while True:
            with self._lock:
                if not self._due or self._due[0][0] > time.monotonic():
                    return
                call = heapq.heappop(self._due)[2]
            call()  # without the wire's lock: it takes the twin's

    def _put(self, piece: bytes, weight: float) -> None:
        self._free_out = max(self._free_out, time.monotonic()) + len(piece) * self.byte_s * weight
        self._add(self._free_out, lambda: self._write(piece))

    def _write(self, piece: bytes) -> None:
        with self._lock:
            if not self.plugged:
                return
            self.trace.append(("out", piece))
            if len(self._unsent) < MOST_UNSENT:
                self._unsent += piece
        self._flush()

    def _flush(self) -> None:
        with self._lock:
            if not self._unsent or not self.plugged:
                return
            with contextlib.suppress(BlockingIOError):  # the host's buffer is full: select tells when there is room
                del self._unsent[: os.write(self._master, self._unsent)]

    def _take_fault(self) -> WireFault | None:
        if self._fault is None or self._fault_times == 0:
            return None
        if self._fault_times > 0:
            self._fault_times -= 1
        return self._fault

    def _piece_size(self) -> int:
        return max(int(PIECE_S / self.byte_s), 1) if self.byte_s else 512

    def _add(self, due: float, call: Callable[[], None]) -> None:
        heapq.heappush(self._due, (due, next(self._order), call))

    def _bury(self) -> None:
        for descriptor in self._gone:
            with contextlib.suppress(OSError):
                os.close(descriptor)
        self._gone.clear()
        self._lock.notify_all()

    def _wake(self) -> None:
        with self._lock:
            if not self._closed:  # a closed descriptor's number may be someone else's by now
                self._ring()

    def _ring(self) -> None:
        with contextlib.suppress(BlockingIOError):  # full: it is awake already
            os.write(self._wake_out, b"!")


def _disturbed(data: bytes, previous: bytes, fault: WireFault | None, size: int) -> list[tuple[bytes, float]]:
    """The pieces that go on the wire, each with how many times longer than usual it takes."""
    half = len(data) // 2
    match fault:
        case None:
            pass
        case WireFault.GARBAGE_BEFORE:
            data = NOISE + data
        case WireFault.NOISE_BETWEEN:
            data = data[:half] + NOISE + data[half:]
        case WireFault.FLIPPED_BIT:
            data = data[:half] + bytes([data[half] ^ 0x10]) + data[half + 1 :]
        case WireFault.TRUNCATE | WireFault.PULLED_HALFWAY:
            data = data[:half]
        case WireFault.SILENT:
            data = b""
        case WireFault.SLOW:
            return [(data[at : at + 1], 5.0) for at in range(len(data))]
        case WireFault.INTERLEAVED:
            other = previous or NOISE
            data = b"".join(data[at : at + 4] + other[at : at + 4] for at in range(0, max(len(data), len(other)), 4))
        case WireFault.TWICE:
            data = data + data
    return [(data[at : at + size], 1.0) for at in range(0, len(data), size)]


class Twin(Closing):
    """Base of every serial twin: a wire, a lock, and a bounded record of the bytes both ways."""

    def __init__(self, wire: PtyWire) -> None:
        refuse_in_shipped_program()
        self.wire = wire
        self.lock = threading.RLock()

    def power_on(self) -> None:
        """Begin to listen; the last line of a twin's `__init__`."""
        self.wire.attach(self._hear, self._power_cut)

    def received(self, chunk: bytes) -> None:
        """Bytes from the host, in any cut. Runs in the wire's thread with `self.lock` held."""
        raise NotImplementedError

    def lost_power(self) -> None:
        """What the device forgets when its cable (and with it its power) is pulled."""

    def send(self, data: bytes, after_s: float = 0.0) -> None:
        self.wire.send(data, after_s)

    @property
    def trace(self) -> tuple[tuple[str, bytes], ...]:
        """The newest bytes both ways: ("in" | "out", bytes), oldest first."""
        return tuple(self.wire.trace)

    def unplug(self) -> None:
        self.wire.unplug()

    def replug(self) -> None:
        self.wire.replug()

    def close(self) -> None:
        self.wire.close()

    def _hear(self, chunk: bytes) -> None:
        with self.lock:
            self.received(chunk)

    def _power_cut(self) -> None:
        with self.lock:
            self.lost_power()
