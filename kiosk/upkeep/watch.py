"""The watch: how the terminal is, told to the mind at each change; and the sweep of deeds without an end.

The boot ends here: the mind hears of the world for the first time when every device has been looked at once (or has
had its time) and the ledger has been swept; until then the page says that the terminal is being checked.
"""

import contextlib
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from hardware.api.clock import Clock
from hardware.api.status import DeviceState
from hardware.transports.lane import Broke, Done, Lane, Repeat
from kiosk.alarms import DO, AlarmLimits, Freshness, alarms, freshness
from kiosk.health import World, opening
from kiosk.mind import Mind
from kiosk.ports import Mirror, Network, Room, Store, StoreBroken, StoreRefused, Waiting
from kiosk.recovery import Recovery
from kiosk.stations import Station

log = logging.getLogger("kiosk.upkeep")

_REFUSING = {Room.NONE: StoreRefused.FULL.value, Room.REFUSES: StoreRefused.BROKEN.value}
"""Why nothing new is begun, by how the disk is."""
BEAT_S = 0.5
DEVICES_TIME_S = 12.0
"""How long the boot waits for a device to be looked at once."""
SWEEP_EVERY_S = 4.0


class Line(Protocol):
    """How it stands with central."""

    def network(self) -> Network: ...

    def alive(self) -> bool:
        """Whether anybody is sending letters at all."""
        ...

    def edition_fault(self) -> str:
        """Why the newest edition of the catalogue is not worked by; "" when it is."""
        ...


class Watch:
    """Owns the World. Its own thread; asks the devices nothing that their stations do not know already."""

    def __init__(
        self,
        mind: Mind,
        stations: Mapping[str, Station[Any]],
        line: Line,
        store: Store,
        recovery: Recovery,
        hands_busy: Callable[[], bool],
        clock: Clock,
        limits: AlarmLimits | None = None,
    ) -> None:
        self._mind = mind
        self._stations = stations
        self._line = line
        self._store = store
        self._recovery = recovery
        self._hands_busy = hands_busy
        self._clock = clock
        self._limits = limits or AlarmLimits()
        self._lacking: frozenset[str] = frozenset()
        self._lane = Lane("upkeep", clock)
        self._repeat: Repeat | None = None
        self._began = clock.monotonic()
        self._swept_at = float("-inf")
        self._swept_word = ""
        self._counted_at = float("-inf")
        self._outbox = Waiting()
        self._held: frozenset[str] = frozenset()
        self._told: World | None = None

    def start(self) -> None:
        self._began = self._clock.monotonic()
        self._repeat = self._lane.every(BEAT_S, self._beat, self._beaten)

    def bound(self, limits: AlarmLimits) -> None:
        """Other limits from the next look on."""
        self._limits = limits

    def lacks(self, words: Iterable[str]) -> None:
        """Alarms of what the glass lacks: as long as the program runs."""
        self._lacking = frozenset(words)

    def stop(self) -> None:
        if self._repeat is not None:
            self._repeat.stop()
        self._lane.stop(10.0)

    def _beat(self) -> None:
        booting = self._told is None
        if booting and self._devices_to_come():
            return
        if booting:
            self._say_what_is_wrong()
        # a sweep that broke (our bug) is not tried again before the world is told: the terminal must come up
        store_word = self._sweep(booting and self._swept_at == float("-inf"))
        world = self._look(store_word)
        if world == self._told:
            return
        before = frozenset() if self._told is None else self._told.alarms
        for alarm in sorted(world.alarms - before):
            log.warning("alarm for the %s: %s: %s", alarm.owner.value, alarm.word, DO[alarm.word])
        for alarm in sorted(before - world.alarms):
            log.info("alarm is over: %s", alarm.word)
        if self._told is None or opening(world) is not opening(self._told):
            log.info("terminal is %s", opening(world).value)
        self._told = world
        self._mind.world(world)

    def _beaten(self, done: Done[None]) -> None:
        if isinstance(done, Broke):
            log.error("the watch broke: %s", type(done.error).__name__)

    def _devices_to_come(self) -> bool:
        late = self._clock.monotonic() - self._began > DEVICES_TIME_S
        return not late and any(s.status.device is DeviceState.STARTING for s in self._stations.values())

    def _say_what_is_wrong(self) -> None:
        """The boot check names every device that is absent or wrong, together."""
        wrong = {name: s.status for name, s in self._stations.items() if not s.status.can_work}
        for name, status in wrong.items():
            log.warning("boot check: %s is %s %s", name, status.device.value, status.fault or dict(status.supplies))
        log.info("boot check: %d of %d devices ready", len(self._stations) - len(wrong), len(self._stations))

    def _sweep(self, first: bool) -> str:
        """Settle deeds while nobody is served. Returns the store's word when it is broken."""
        now = self._clock.monotonic()
        if not first and (not self._mind.idle or self._hands_busy() or now - self._swept_at < SWEEP_EVERY_S):
            return self._swept_word
        self._swept_at = now
        try:
            _, self._held = self._recovery.sweep()
        except StoreBroken:
            self._swept_word = StoreRefused.BROKEN.value
        else:
            self._swept_word = ""
        return self._swept_word

    def _look(self, store_word: str) -> World:
        mirror: Mirror | None = self._store.mirror()
        now, seen, network = self._clock.now(), self._store.mirror_seen(), self._line.network()
        fresh = freshness(seen, now, self._limits.oldest_mirror)
        room = self._store.room()
        raised = alarms(
            waiting=self._waiting(), room=room, network=network, sync_alive=self._line.alive(), mirror=fresh, now=now,
            limits=self._limits, edition_fault=self._line.edition_fault(), lacking=self._lacking,
        )  # fmt: skip
        notice_zh = " · ".join(mirror.notices_zh) if mirror else ""
        notice_en = " · ".join(mirror.notices_en) if mirror else ""
        return World(
            devices={name: station.status for name, station in self._stations.items()},
            network=network,
            store_word=store_word or _REFUSING.get(room, ""),
            closed_items=dict(mirror.closed_items) if mirror else {},
            notice_zh=notice_zh,
            notice_en=notice_en,
            held=self._held,
            mirror=fresh,
            mirror_seen=seen if fresh is Freshness.OLD else None,
            waiting=self._outbox,
            alarms=raised,
        )

    def _waiting(self) -> Waiting:
        """What lies in the outbox, asked for as rarely as deeds are swept; the last known when the disk refuses."""
        if self._clock.monotonic() - self._counted_at >= SWEEP_EVERY_S:
            self._counted_at = self._clock.monotonic()
            with contextlib.suppress(StoreBroken):
                self._outbox = self._store.waiting()
        return self._outbox
