"""Whether the disk still takes a visit's letter: looked at before anything is typed, not found out at the first write.

Free room alone does not tell of a disk that gives I/O errors or of a file system that went read-only under us: so now
and then, and soon after each refusal, something small is written for good and taken away again.
"""

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from offline_cache.clock import Clock
from offline_cache.database import DiskRefused
from offline_cache.reserve import Reserve
from wire.deeds import Room, StoreRefused
from wire.messages import LARGEST_LETTER

LOG = logging.getLogger("offline_cache.room")

_LEAST_FILES = 16
_AS_WORD = {StoreRefused.FULL: Room.NONE, StoreRefused.BROKEN: Room.REFUSES, StoreRefused.TOO_LARGE: Room.ENOUGH}


@dataclass(frozen=True)
class RoomSettings:
    """Bytes beside the reserve, and seconds."""

    least_bytes: int = LARGEST_LETTER
    """Below this no visit is begun: its letter might not fit."""
    low_bytes: int = 8 * LARGEST_LETTER
    """Below this a technician is asked to come."""
    try_every_s: float = 300.0
    try_again_s: float = 10.0  # after a refusal


class Gauge:
    """Tells how much room there is. Any thread may call."""

    def __init__(
        self, folder: Path, reserve: Reserve, clock: Clock, settings: RoomSettings, attempt: Callable[[], None]
    ) -> None:
        """`attempt` writes something small for good, or raises DiskRefused."""
        self._folder = folder
        self._reserve = reserve
        self._clock = clock
        self._settings = settings
        self._attempt = attempt
        self._lock = threading.Lock()
        self._refusal: StoreRefused | None = None
        self._tried_at = clock.monotonic()  # opening the store has just written
        self._told = Room.ENOUGH

    def refused(self, refusal: DiskRefused) -> None:
        """The disk said no to somebody: until an attempt succeeds, no visit is begun."""
        with self._lock:
            self._refusal = refusal.reason

    def room(self) -> Room:
        """May take as long as the disk, when an attempt is due."""
        now = self._clock.monotonic()
        with self._lock:
            wait = self._settings.try_every_s if self._refusal is None else self._settings.try_again_s
            due = now - self._tried_at >= wait
            if due:
                self._tried_at = now
        if due:
            self._try()
        room = self._looked()
        with self._lock:
            told, self._told = self._told, room
        if room is not told:
            tell = LOG.info if room is Room.ENOUGH else LOG.warning
            tell("the disk of the store: %s", room.value)
        return room

    def _try(self) -> None:
        try:
            self._attempt()
        except DiskRefused as refusal:
            self.refused(refusal)
        else:
            with self._lock:
                self._refusal = None

    def _looked(self) -> Room:
        with self._lock:
            refusal = self._refusal
        if refusal is not None:
            return _AS_WORD[refusal]
        try:
            disk = os.statvfs(self._folder)
        except OSError:
            return Room.REFUSES
        if disk.f_flag & os.ST_RDONLY:
            return Room.REFUSES
        missing = self._reserve.missing()
        free = disk.f_bavail * disk.f_frsize - missing  # what the reserve gave away is not for new letters
        if free < self._settings.least_bytes or (disk.f_files and disk.f_favail < _LEAST_FILES):
            return Room.NONE
        return Room.LOW if missing or free < self._settings.low_bytes else Room.ENOUGH
