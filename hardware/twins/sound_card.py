"""Twin of a sound card with a headset and a speaker: the far end of a sound player, on the WAV stream that it is given.

`folder/aplay` stands in the player's place (put `folder` first on PATH, or name it to the transport) and hands every
byte on; this twin takes them as fast as a card would, or as fast as it can, or not at all. What was heard stays in
memory, and only the newest of it.
"""

import contextlib
import enum
import fcntl
import os
import select
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from hardware.codecs.hunt import Noise
from hardware.codecs.wav import Begins, Reader, Samples
from hardware.twins.closing import Closing
from hardware.twins.wire import refuse_in_shipped_program

NEWEST = 40
"""Playings that are remembered."""
LONGEST = 8 * 1024 * 1024
"""Bytes of one playing that are remembered."""
TAKES = 1024
"""Bytes taken at a time."""
LATE_S = 0.1
"""A card that was not fed for longer had nothing left to play."""

_PLAYER = """\
#!/bin/sh
# Stands where aplay would: hands the stream to the twin, each playing through a pipe of its own.
while [ $# -gt 0 ]; do
    [ "$1" = -D ] && { device=$2; shift; }
    shift
done
cd "%s" || exit 1
[ -e "$device.outlet" ] || { echo "aplay: main:831: audio open error: No such file or directory" >&2; exit 1; }
mkfifo "$$.wire" && echo "$device $$" > calls && exec cat > "$$.wire"
"""


class SoundFault(enum.Enum):
    """What goes wrong with sound cards."""

    UNPLUGGED_HALFWAY = enum.auto()  # the plug is pulled in the middle of the next playing
    STUCK = enum.auto()  # it takes no more samples and does not say so


@dataclass
class Played:
    """One playing as it came out: `hz` 0 while its head has not come, `noise` when it was no sound at all."""

    began_at: float
    hz: int = 0
    pcm: bytearray = field(default_factory=bytearray, repr=False)
    first_sound_at: float | None = None
    ended: bool = False
    noise: bool = False

    @property
    def length_s(self) -> float:
        return len(self.pcm) / 2 / self.hz if self.hz else 0.0

    @property
    def loudest(self) -> int:
        """The largest sample, 0 for silence."""
        return max((abs(value) for value in memoryview(bytes(self.pcm)).cast("h")), default=0)


@dataclass
class _Stream:
    """A playing under way."""

    end: int
    wire: Path  # stays until the end: a player that came too late would make a plain file of that name
    played: Played
    reader: Reader = field(default_factory=Reader)
    free_at: float = 0.0


class SoundCardTwin(Closing):
    """Outlets by their device's name. `pacing` takes samples at their own speed; `hold` takes none until `release`."""

    def __init__(self, folder: Path, *devices: str, pacing: bool = False) -> None:
        refuse_in_shipped_program()
        self.folder = folder
        self.player = folder / "aplay"
        self.pacing = pacing
        self.faults: set[SoundFault] = set()
        self._lock = threading.Condition()
        self._heard: dict[str, deque[Played]] = {device: deque(maxlen=NEWEST) for device in devices}
        self._streams: dict[str, _Stream] = {}
        self._plugged: set[str] = set()
        self._held: set[str] = set()
        self._closed = False
        self._called = b""
        folder.mkdir(parents=True, exist_ok=True)
        self.player.write_text(_PLAYER % folder, "utf-8")
        self.player.chmod(0o700)
        os.mkfifo(folder / "calls", 0o600)
        # both ends are ours, so that the pipe never hangs up and can be rung from here
        self._calls = os.open(folder / "calls", os.O_RDWR | os.O_NONBLOCK)
        for device in devices:
            self.replug(device)
        self._thread = threading.Thread(target=self._run, name="twin:sound", daemon=True)
        self._thread.start()

    # ---- what a person does and hears

    def heard(self, device: str) -> list[Played]:
        """Everything that came out there and had a sample other than zero, the oldest first."""
        with self._lock:
            return [played for played in self._heard[device] if played.noise or played.first_sound_at is not None]

    def forget(self) -> None:
        """Forget what was heard so far."""
        with self._lock:
            for heard in self._heard.values():
                while heard and heard[0].ended:
                    heard.popleft()

    def hold(self, device: str) -> None:
        """Take no samples until `release`; a player fills its pipes and waits."""
        with self._lock:
            self._held.add(device)

    def release(self, device: str) -> None:
        with self._lock:
            self._held.discard(device)
        self._ring()

    def unplug(self, device: str) -> None:
        """Pull the plug: who plays sees it, who comes later finds no such device."""
        with self._lock:
            self._plugged.discard(device)
            (self.folder / f"{device}.outlet").unlink(missing_ok=True)
            self._over(device)
        self._ring()

    def replug(self, device: str) -> None:
        with self._lock:
            self._plugged.add(device)
            (self.folder / f"{device}.outlet").touch()

    def close(self) -> None:
        for device in self._heard:
            self.unplug(device)
        with self._lock:
            self._closed = True
        self._ring()
        self._thread.join(30.0)
        os.close(self._calls)
        for left in (self.folder / "calls", *self.folder.glob("*.wire")):
            left.unlink(missing_ok=True)

    # ---- the card's own thread

    def _ring(self) -> None:
        with contextlib.suppress(OSError):
            os.write(self._calls, b"\n")

    def _run(self) -> None:
        while True:
            with self._lock:
                if self._closed:
                    return
                now = time.monotonic()
                ready = select.poll()
                ready.register(self._calls, select.POLLIN)
                taken = {stream.end: device for device, stream in self._streams.items() if self._takes(device, now)}
                for end in taken:
                    ready.register(end, select.POLLIN)
                waits = [stream.free_at - now for stream in self._streams.values() if stream.free_at > now]
            events = ready.poll(min(waits) * 1000 + 1 if waits else None)
            with self._lock:
                for end, _ in events:
                    if end == self._calls:
                        self._answer()
                    else:
                        stream = self._streams.get(taken[end])
                        if stream is not None and stream.end == end:
                            self._take(taken[end], stream)

    def _takes(self, device: str, now: float) -> bool:
        stuck = SoundFault.STUCK in self.faults
        return device not in self._held and not stuck and self._streams[device].free_at <= now

    def _answer(self) -> None:
        """Players that call: the newest on a device is heard, what an older one had not yet played never is."""
        *whole, self._called = (self._called + os.read(self._calls, 4096)).split(b"\n")
        for line in filter(None, whole):
            device, _, number = line.decode("ascii").partition(" ")
            wire = self.folder / f"{number}.wire"
            if device in self._plugged:
                end = os.open(wire, os.O_RDONLY | os.O_NONBLOCK)
                with contextlib.suppress(OSError):  # a wish: a larger pipe only holds more that nobody has heard
                    fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, 4096)
                self._over(device)
                self._streams[device] = _Stream(end, wire, Played(time.monotonic()))
                self._heard[device].append(self._streams[device].played)
            else:
                wire.unlink(missing_ok=True)

    def _over(self, device: str) -> None:
        stream = self._streams.pop(device, None)
        if stream is not None:
            stream.played.ended = True
            os.close(stream.end)
            stream.wire.unlink(missing_ok=True)

    def _take(self, device: str, stream: _Stream) -> None:
        try:
            chunk = os.read(stream.end, TAKES)
        except BlockingIOError:
            return
        if not chunk:
            self._over(device)
            return
        now, played = time.monotonic(), stream.played
        for piece in stream.reader.feed(chunk):
            match piece:
                case Begins(hz):
                    played.hz = hz
                case Samples(pcm):
                    played.pcm += pcm[: LONGEST - len(played.pcm)]
                    if played.first_sound_at is None and any(pcm):
                        played.first_sound_at = now
                    if self.pacing and played.hz:
                        late = now - stream.free_at > LATE_S
                        stream.free_at = (now if late else stream.free_at) + len(pcm) / 2 / played.hz
                case Noise():
                    played.noise = True
        if SoundFault.UNPLUGGED_HALFWAY in self.faults and played.length_s > 0.1:
            self.faults.discard(SoundFault.UNPLUGGED_HALFWAY)
            self.unplug(device)
