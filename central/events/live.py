"""Terminals that are connected: one open answer each, in which a line says that there is something to ask for.

A hint only: it is not signed, and a terminal believes nothing of it. What it then asks for comes as ever, by
`GET /v1/mirror`. Lines of JSON, each at once: {"every_s": 30} first, an empty line for a beat, {"changed": "mirror"}
when the mirror may have changed, {"bye": true} when central ends the answer and the terminal is to come back.
"""

import asyncio
import datetime as dt
import json
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from central.events.bus import EVERYTHING, Event, EventBus
from central.events.presence import Presence
from central.rules.letters import Sender
from central.store import editions, terminals
from central.store.database import Database, StoreUnavailable

LOG = logging.getLogger("central.live")

BEAT_S = 30
"""Between two signs of life on a connection on which nothing happens; who hears none for three of them comes anew."""

LOOK_S = {True: 2, False: 30}
"""How often the mirrors of the connected are looked at all the same: events may be lost, and with SQLite (True) those
of another process, the counter's, are never heard."""

_AT_ONCE = 500
_CHANGED = b'{"changed":"mirror"}\n'
_BYE = b'{"bye":true}\n'

ENDING = "nuanting.ending"
"""In the server's state: an asyncio.Event that is set when it is to stop (central.serving)."""


@dataclass(eq=False, slots=True)
class _Line:
    """One terminal's open answer. Used in the event loop's thread only."""

    sender: Sender
    send: Send
    version: int
    over: asyncio.Future[bool]
    """Resolved when the answer is to end; True when there is still somebody to say goodbye to."""
    edition: int = -1
    """The newest edition of its region when that was last looked at."""
    texts: list[bytes] = field(default_factory=list)
    writing: asyncio.Task[None] | None = None

    def write(self, text: bytes) -> None:
        if text not in self.texts:  # the same hint twice is one
            self.texts.append(text)
        if self.writing is None:
            self.writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        while self.texts:
            await self.send({"type": "http.response.body", "body": self.texts.pop(0), "more_body": True})
        self.writing = None

    def end(self, *, politely: bool) -> None:
        if not self.over.done():
            self.over.set_result(politely)


class Live:
    """The connected terminals of this worker. `run` is its beat; events may come from any thread."""

    def __init__(
        self, database: Database, events: EventBus, presence: Presence, now: Callable[[], dt.datetime]
    ) -> None:
        self._database = database
        self._events = events
        self._presence = presence
        self._now = now
        self._lines: dict[Sender, _Line] = {}
        self._slots: list[set[_Line]] = [set() for _ in range(BEAT_S)]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Task[None] | None = None

    @property
    def connected(self) -> int:
        return len(self._lines)

    async def run(self) -> None:
        """Beats, looks, writes down who is here; until cancelled."""
        self._loop = asyncio.get_running_loop()
        stop = self._events.listen(self._hear)
        beat = 0
        try:
            while True:
                await asyncio.sleep(1.0)
                beat += 1
                for line in tuple(self._slots[beat % BEAT_S]):
                    self._beat(line)
                try:
                    if beat % LOOK_S[self._database.is_sqlite] == 0:
                        await self._look()
                    if beat % BEAT_S == 0:
                        await run_in_threadpool(self._presence.flush, self._now())
                except StoreUnavailable as world:
                    LOG.warning("who is connected is not looked after for now: %s", world)
        finally:
            stop()
            self._loop = None
            if self._ending is not None:
                self._ending.cancel()
                self._ending = None
            for line in tuple(self._lines.values()):
                line.end(politely=True)

    async def serve(self, sender: Sender, have: int | None, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold one terminal's answer open until it leaves, comes anew, is too slow to listen, or central stops."""
        loop = asyncio.get_running_loop()
        line = _Line(sender, send, -1 if have is None else have, loop.create_future())
        before = self._lines.get(sender)
        if before is not None:
            before.end(politely=True)
        self._lines[sender] = line
        slot = random.choice(self._slots)  # noqa: S311 - so that not all beats fall into one second
        slot.add(line)
        leaving = loop.create_task(_until_gone(receive, line))
        if self._ending is None and (ending := scope.get("state", {}).get(ENDING)) is not None:
            self._ending = loop.create_task(self._until_set(ending))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            line.write(json.dumps({"every_s": BEAT_S}).encode() + b"\n")
            if have is not None:
                try:
                    await self._look_at([line])
                except StoreUnavailable:
                    line.write(_CHANGED)  # an asking too many does no harm
            if await line.over:
                line.write(_BYE)
                if line.writing is not None:
                    await asyncio.wait([line.writing], timeout=5)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            slot.discard(line)
            if self._lines.get(sender) is line:
                del self._lines[sender]
            for task in (leaving, line.writing):
                if task is not None:
                    task.cancel()

    async def _until_set(self, ending: asyncio.Event) -> None:
        """A server that stops waits for its open answers."""
        await ending.wait()
        for line in tuple(self._lines.values()):
            line.end(politely=True)

    def _beat(self, line: _Line) -> None:
        if line.writing is not None:
            line.end(politely=False)  # it has not taken one line in all the time since its last beat
            return
        self._presence.still(line.sender, self._now())
        line.write(b"\n")

    def _hear(self, event: Event) -> None:
        """In any thread."""
        loop = self._loop
        if loop is not None and event.topic in (terminals.MIRROR, EVERYTHING):
            try:
                loop.call_soon_threadsafe(self._hint, event)
            except RuntimeError:
                return  # the loop has ended meanwhile

    def _hint(self, event: Event) -> None:
        if event.about == EVERYTHING:
            for line in self._lines.values():
                line.write(_CHANGED)
            return
        region, _, terminal = event.about.partition("/")
        found = self._lines.get(Sender(region, terminal))
        if found is not None:
            found.write(_CHANGED)

    async def _look(self) -> None:
        lines = list(self._lines.values())
        for start in range(0, len(lines), _AT_ONCE):
            await self._look_at(lines[start : start + _AT_ONCE])

    async def _look_at(self, lines: list[_Line]) -> None:
        """Hint at every mirror or edition that is another one than was last seen here. Raises StoreUnavailable."""
        by_region: dict[str, list[_Line]] = defaultdict(list)
        for line in lines:
            by_region[line.sender.region].append(line)
        for region, those in by_region.items():
            found, edition = await run_in_threadpool(self._versions, region, [line.sender.terminal for line in those])
            for line in those:
                version = found.get(line.sender.terminal, line.version)
                if line.version not in (-1, version) or line.edition not in (-1, edition):
                    line.write(_CHANGED)
                line.version, line.edition = version, edition

    def _versions(self, region: str, names: list[str]) -> tuple[Mapping[str, int], int]:
        with self._database.reading() as connection:
            return terminals.mirror_versions(connection, region, names), editions.newest_version(connection, region)


_HEADERS = [
    (b"content-type", b"application/x-ndjson"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx hands each line on at once
]


async def _until_gone(receive: Receive, line: _Line) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    line.end(politely=False)
