"""The way to a sound card: one `aplay` of alsa-utils for each playing, fed through a pipe and killed for silence.

A program beside ours rather than a library in it: what the card's driver does when its plug is pulled happens there.
"""

import contextlib
import fcntl
import os
import select
import subprocess

from hardware.api.errors import LinkLost, NotAnswering
from hardware.transports.surroundings import surroundings

PIPE_BYTES = 4096
"""What waits in the pipe: 0.09 s of samples at 22,050 Hz. Sounds that are added to speech come so much later."""
BUFFER_US = 120_000
"""What waits in the player, microseconds."""
STUCK_S = 3.0
"""A player that takes nothing for so long has a card that is stuck."""


class SoundPipe:
    """One outlet. `open`, `write`, `finish` are one thread's; `kill` is anybody's."""

    def __init__(self, device: str, *, player: str = "aplay") -> None:
        self._device = device
        self._player = player
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def device(self) -> str:
        return self._device

    def open(self) -> None:
        """Start a player. Raises LinkLost when there is none on this machine."""
        self.close()
        command = [self._player, "-q", "-t", "wav", "-D", self._device, f"--buffer-time={BUFFER_US}", "-"]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env=surroundings(),
            )
        except OSError as error:
            raise LinkLost(f"no sound player: {error.strerror}") from error
        self._process = process
        if process.stdin is not None:
            os.set_blocking(process.stdin.fileno(), False)
            with contextlib.suppress(OSError):  # a smaller pipe is a wish: a system that refuses plays on
                fcntl.fcntl(process.stdin.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    def write(self, data: bytes) -> None:
        """Hand over every byte, as fast as the card plays. Raises LinkLost, NotAnswering."""
        process = self._process
        if process is None or process.stdin is None:
            raise LinkLost("the player is not open")
        rest = memoryview(data)
        ready = select.poll()
        ready.register(process.stdin.fileno(), select.POLLOUT)
        while rest:
            if not ready.poll(STUCK_S * 1000):
                raise NotAnswering("the sound card takes no samples")
            try:
                rest = rest[os.write(process.stdin.fileno(), rest) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise LinkLost("the player went away") from error

    def finish(self, timeout_s: float) -> None:
        """No more comes: wait until the last sample has been played. Raises LinkLost, NotAnswering."""
        process = self._process
        if process is None:
            raise LinkLost("the player is not open")
        if process.stdin is not None:
            process.stdin.close()
        try:
            code = process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise NotAnswering("the sound card does not come to an end") from None
        finally:
            self.close()
        if code != 0:
            raise LinkLost("the player could not play")

    def kill(self) -> None:
        """Any thread: end the player now; what it holds is never heard."""
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the player, if there is one, and wait for it to be gone."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        process.wait()
