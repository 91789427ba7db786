"""The sound card: a headset and a speaker, each at its own ALSA device (docs/devices/headset.md)."""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from hardware.api.clock import Clock
from hardware.api.errors import DeviceError, LinkLost
from hardware.api.locker import Seen
from hardware.api.speech import LOUDEST, Heard, Outlet, Speech
from hardware.api.status import OFFLINE, STARTING, DeviceState, Fault, Status
from hardware.codecs.wav import head
from hardware.drivers.exchange import status_of
from hardware.drivers.sound_player.mixing import Chime, at_speed, chunks, gain, mixed, silence

HEADSET_LIMIT = 0.5
"""The part of the full signal that a headset ever gets, unless the settings say otherwise."""
TRY_AGAIN_S = 10.0
"""How often an outlet that is away is looked for."""
FINISH_S = 5.0
HELD_S = 0.3
"""What may have been handed over and not yet heard."""
MOST_CHIMES = 4
USUAL_HZ = 22_050


class Pipe(Protocol):
    """The way to one outlet. `kill` is anybody's, the rest the lane's."""

    def open(self) -> None: ...

    def write(self, data: bytes) -> None: ...

    def finish(self, timeout_s: float) -> None: ...

    def kill(self) -> None: ...

    def close(self) -> None: ...


class SoundPlayer:
    """Implements `hardware.api.speech.AudioOut`. The loudness and the headset's limit are made of the samples
    themselves, so they hold whatever the card's own mixer says. `jack` tells whether the socket is taken."""

    def __init__(
        self,
        pipes: Mapping[Outlet, Pipe],
        clock: Clock,
        *,
        headset_limit: float = HEADSET_LIMIT,
        jack: Callable[[], Seen] | None = None,
    ) -> None:
        self._pipes = dict(pipes)
        self._limits = {Outlet.HEADSET: headset_limit, Outlet.SPEAKER: 1.0}
        self._clock = clock
        self._jack = jack
        self._seen = Seen.UNKNOWN
        self._away: frozenset[Outlet] = frozenset(self._pipes)
        self._looked_at = 0.0
        self._status: Status = STARTING
        self._lock = threading.Lock()
        self._stops = 0
        self._level = LOUDEST // 2
        self._waiting: list[Chime] = []
        self._playing: Pipe | None = None

    def start(self) -> str:
        """Open each outlet once and play a moment of nothing. Raises LinkLost when not one of them is there."""
        self._look_for(self._pipes)
        if self._away == frozenset(self._pipes):
            self._status = OFFLINE
            raise LinkLost("no outlet is there")
        return "sound: " + ", ".join(sorted(self._pipes.keys() - self._away))

    def status(self) -> Status:
        """Online while one outlet is there; `device.link_lost` beside it when the other is away."""
        self._seen = self._jack() if self._jack is not None else Seen.UNKNOWN
        if self._away and self._clock.monotonic() - self._looked_at >= TRY_AGAIN_S:
            self._look_for(self._away)
        return self._status

    def has(self, outlet: Outlet) -> bool:
        return outlet in self._pipes

    def plugged(self) -> Seen:
        return self._seen

    def play(self, pieces: Iterable[Speech], outlet: Outlet) -> Heard:
        """Implements `AudioOut.play`. Raises LinkLost (also for an outlet that went away), NotAnswering."""
        return self._play(pieces, outlet)

    def ring(self, outlet: Outlet) -> Heard:
        """Implements `AudioOut.ring`."""
        with self._lock:
            waiting = bool(self._waiting)
        return self._play([Speech(silence(USUAL_HZ), USUAL_HZ)], outlet) if waiting else Heard.NOTHING

    def chime(self, sound: Speech) -> None:
        with self._lock:
            self._waiting = [*self._waiting, Chime(sound)][-MOST_CHIMES:]

    def stop(self) -> None:
        with self._lock:
            self._stops += 1
            if self._playing is not None:
                self._playing.kill()

    def set_level(self, level: int) -> None:
        with self._lock:
            self._level = min(max(level, 0), LOUDEST)

    # ---- in the lane

    def _look_for(self, outlets: Iterable[Outlet]) -> None:
        away = set(self._away)
        for outlet in list(outlets):
            pipe = self._pipes[outlet]
            try:
                pipe.open()
                pipe.write(head(USUAL_HZ) + silence(USUAL_HZ))
                pipe.finish(FINISH_S)
                away.discard(outlet)
            except DeviceError:
                pipe.close()
                away.add(outlet)
        self._away = frozenset(away)
        self._looked_at = self._clock.monotonic()
        self._status = Status(DeviceState.ONLINE, Fault.LINK_LOST if away else None)

    def _play(self, pieces: Iterable[Speech], outlet: Outlet) -> Heard:
        pipe = self._pipes.get(outlet)
        if pipe is None:
            return Heard.NOTHING
        with self._lock:
            stops, self._playing = self._stops, pipe
        playing = _Playing(pipe)
        try:
            # before the first piece is there: the player starts while the engine still renders
            pipe.open()
            for piece in pieces:
                if not self._send(playing, piece, outlet, stops):
                    return self._cut(playing)
            while playing.hz and self._chiming(playing):
                if not self._send(playing, Speech(silence(playing.hz), playing.hz), outlet, stops):
                    return self._cut(playing)
            if not playing.hz:
                return Heard.NOTHING if self._stops == stops else Heard.CUT
            pipe.finish(FINISH_S)
        except DeviceError as error:
            if self._stops != stops:
                return self._cut(playing)
            self._status = status_of(error)
            raise
        finally:
            with self._lock:
                self._playing = None
            pipe.close()
        return Heard.WHOLE

    def _send(self, playing: "_Playing", piece: Speech, outlet: Outlet, stops: int) -> bool:
        """Hand over one piece; False when it was stopped."""
        if not playing.hz:
            if self._stops != stops:
                return False
            playing.hz = piece.hz
            playing.pipe.write(head(piece.hz))
        elif piece.hz != playing.hz:
            piece = Speech(at_speed(piece, playing.hz).tobytes(), playing.hz)
        limit = self._limits[outlet]
        for chunk in chunks(piece):
            with self._lock:
                if self._stops != stops:
                    return False
                factor = gain(self._level, limit)
                playing.carried += self._waiting
                self._waiting = []
            playing.pipe.write(mixed(chunk, playing.under_way(), playing.hz, factor, limit))
            playing.gone_out(len(chunk) // 2)
        return True

    def _chiming(self, playing: "_Playing") -> bool:
        with self._lock:
            return bool(self._waiting) or bool(playing.under_way())

    def _cut(self, playing: "_Playing") -> Heard:
        """Speech is over; chimes that may not have been heard go out with what is played next."""
        with self._lock:
            again = [Chime(chime.sound) for chime in playing.unheard()]
            self._waiting = [*again, *self._waiting][-MOST_CHIMES:]
        return Heard.CUT


class _Playing:
    """One playing: its speed, and the chimes that it took along."""

    def __init__(self, pipe: Pipe) -> None:
        self.pipe = pipe
        self.hz = 0
        self.carried: list[Chime] = []
        self._ended: dict[int, int] = {}  # a chime's id -> how much had gone out when its last sample did
        self._out = 0

    def under_way(self) -> list[Chime]:
        return [c for c in self.carried if c.samples is None or c.at < len(c.samples)]

    def gone_out(self, samples: int) -> None:
        self._out += samples
        for chime in self.carried:
            if chime.samples is not None and chime.at >= len(chime.samples):
                self._ended.setdefault(id(chime), self._out)

    def unheard(self) -> list[Chime]:
        held = round(self.hz * HELD_S)
        return [c for c in self.carried if self._out - self._ended.get(id(c), self._out) <= held]
