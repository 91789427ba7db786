"""Twin of a sound card with a headset and a speaker: the far end of a sound player, on the WAV stream that it is given.

`folder/aplay` stands in the player's place (put `folder` first on PATH, or name it to the transport) and hands every
byte to a pipe of the device that it was asked for; this twin takes them from there as fast as a card would, or as fast
as it can, or not at all. What was heard stays in memory, and only the newest of it.
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
from types import TracebackType
from typing import Self

from hardware.codecs.hunt import Noise
from hardware.codecs.wav import Begins, Reader, Samples
from hardware.twins.wire import refuse_in_shipped_program

NEWEST = 40
"""Playings that are remembered."""
LONGEST = 8 * 1024 * 1024
"""Bytes of one playing that are remembered."""
TAKES = 1024
"""Bytes taken at a time."""

_PLAYER = """\
#!/bin/sh
# Stands where aplay would: hands the stream to the twin's end of that device.
while [ $# -gt 0 ]; do
    [ "$1" = -D ] && { device=$2; shift; }
    shift
done
wire="%s/$device.wire"
[ -p "$wire" ] || { echo "aplay: main:831: audio open error: No such file or directory" >&2; exit 1; }
exec cat > "$wire"
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


class SoundCardTwin:
    """Outlets by their device's name. `pacing` takes samples at their own speed; `hold` takes none until `release`."""

    def __init__(self, folder: Path, *devices: str, pacing: bool = False) -> None:
        refuse_in_shipped_program()
        self.folder = folder
        self.player = folder / "aplay"
        self.pacing = pacing
        self.faults: set[SoundFault] = set()
        self._lock = threading.Condition()
        self._heard: dict[str, deque[Played]] = {device: deque(maxlen=NEWEST) for device in devices}
        self._ends: dict[str, int] = {}
        self._readers: dict[str, Reader] = {}
        self._free_at: dict[str, float] = dict.fromkeys(devices, 0.0)
        self._held: set[str] = set()
        self._closed = False
        self._wake_in, self._wake_out = os.pipe()
        os.set_blocking(self._wake_out, False)
        folder.mkdir(parents=True, exist_ok=True)
        self.player.write_text(_PLAYER % folder, "utf-8")
        self.player.chmod(0o700)
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
            self._wire(device).unlink(missing_ok=True)
            end = self._ends.pop(device, -1)
            if end >= 0:
                os.close(end)
            self._over(device)
        self._ring()

    def replug(self, device: str) -> None:
        with self._lock:
            if device in self._ends or self._closed:
                return
            wire = self._wire(device)
            wire.unlink(missing_ok=True)
            os.mkfifo(wire, 0o600)
            self._ends[device] = self._open(device)
            self._readers[device] = Reader()
        self._ring()

    def close(self) -> None:
        for device in self._heard:
            self.unplug(device)
        with self._lock:
            self._closed = True
        self._ring()
        self._thread.join(5.0)
        os.close(self._wake_in)
        os.close(self._wake_out)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ---- the card's own thread

    def _wire(self, device: str) -> Path:
        return self.folder / f"{device}.wire"

    def _open(self, device: str) -> int:
        end = os.open(self._wire(device), os.O_RDONLY | os.O_NONBLOCK)
        with contextlib.suppress(OSError):  # a wish: a larger pipe only holds more that nobody has heard
            fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, 4096)
        return end

    def _ring(self) -> None:
        with contextlib.suppress(OSError):
            os.write(self._wake_out, b"!")

    def _run(self) -> None:
        while True:
            with self._lock:
                if self._closed:
                    return
                now = time.monotonic()
                ready = select.poll()
                ready.register(self._wake_in, select.POLLIN)
                free = {end: device for device, end in self._ends.items() if self._takes(device, now)}
                for end in free:
                    ready.register(end, select.POLLIN)
                waits = [at - now for device, at in self._free_at.items() if device in self._ends and at > now]
                timeout = max(min(waits), 0.0) * 1000 + 1 if waits else None
            events = ready.poll(timeout)
            with self._lock:
                for end, _ in events:
                    if end == self._wake_in:
                        os.read(self._wake_in, 4096)
                    elif self._ends.get(free.get(end, "")) == end:
                        self._take(free[end], end)

    def _takes(self, device: str, now: float) -> bool:
        return device not in self._held and SoundFault.STUCK not in self.faults and self._free_at[device] <= now

    def _playing(self, device: str) -> Played | None:
        heard = self._heard[device]
        return heard[-1] if heard and not heard[-1].ended else None

    def _over(self, device: str) -> None:
        playing = self._playing(device)
        if playing is not None:
            playing.ended = True
        self._readers[device] = Reader()
        self._lock.notify_all()

    def _take(self, device: str, end: int) -> None:
        try:
            chunk = os.read(end, TAKES)
        except BlockingIOError:
            return
        now = time.monotonic()
        if not chunk:
            self._over(device)
            # a pipe that was hung up says so until it is opened anew; first the new end, so that a player which comes
            # just now never finds none
            self._ends[device] = self._open(device)
            os.close(end)
            return
        playing = self._playing(device)
        if playing is None:
            playing = Played(now)
            self._heard[device].append(playing)
        for piece in self._readers[device].feed(chunk):
            match piece:
                case Begins(hz):
                    playing.hz = hz
                case Samples(pcm):
                    playing.pcm += pcm[: LONGEST - len(playing.pcm)]
                    if playing.first_sound_at is None and any(pcm):
                        playing.first_sound_at = now
                    if self.pacing and playing.hz:
                        self._free_at[device] = max(now, self._free_at[device]) + len(pcm) / 2 / playing.hz
                case Noise():
                    playing.noise = True
        if SoundFault.UNPLUGGED_HALFWAY in self.faults and playing.length_s > 0.1:
            self.faults.discard(SoundFault.UNPLUGGED_HALFWAY)
            self.unplug(device)
        self._lock.notify_all()
