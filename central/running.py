"""Central as a service: one process, or several workers behind one address, started again when they die."""

import fcntl
import json
import logging
import multiprocessing
import multiprocessing.connection
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from central.app import create_app
from central.connectors.settings import BadDepartments
from central.jobs.intake import IDLE_S, sweep
from central.logs import say_logs
from central.saying import disk, why
from central.serving import CentralServer, address_of, open_listener
from central.settings import CentralSettings, is_loopback
from central.store.database import StoreDamaged, StoreUnavailable
from central.store.objects import BadBlobsSetting
from trust.keys import KeyFileBroken

LOG = logging.getLogger("central.running")

EXIT_CANNOT = 3
SOONEST_S, LATEST_S = 0.5, 30.0
"""How long a worker that died stays away: doubled each time that it lived for less than `STEADY_S`."""
STEADY_S = 60.0
STOP_S = 20.0
"""How long workers may take over ending; those that take longer are killed: nothing unacknowledged is lost by it."""

_SPAWN = multiprocessing.get_context("spawn")


class CannotServe(Exception):
    """Central does not start; the text says why, for an operator."""


EXPECTED = (CannotServe, StoreDamaged, StoreUnavailable, BadBlobsSetting, BadDepartments, KeyFileBroken, OSError)
"""What starting may raise that is not our mistake."""


def serve(settings: CentralSettings, say: Callable[[str], object], *, workers: int = 1) -> int:
    """Serve until told to stop; the exit code. `say` is given a line of JSON once requests are answered.

    Raises one of EXPECTED.
    """
    if not settings.behind_proxy and not is_loopback(settings.host):
        raise CannotServe(
            f"{settings.host} is not this machine. Listen on 127.0.0.1, or put a proxy with TLS in front and say "
            "--behind-proxy"
        )
    if settings.catalogue is not None and not settings.catalogue.is_dir():
        raise CannotServe(f"{settings.catalogue} is no folder: --catalogue names the folder of the items")
    if workers > 1 and not settings.database:
        raise CannotServe("several workers need PostgreSQL: say --database")
    settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _more_files()
    with _lock(settings), _listening(settings) as listener:
        if workers > 1:
            return Workers(settings, listener, workers, lambda: _told(say, listener)).run()
        app = create_app(settings)
        sweep(app.state.central, idle_s=IDLE_S if settings.database else 0)
        CentralServer(app, lambda: _told(say, listener)).run(sockets=[listener])
    return 0


def _listening(settings: CentralSettings) -> socket.socket:
    """The socket that requests come to. Raises CannotServe."""
    try:
        return open_listener(settings.host, settings.port)
    except socket.gaierror as unknown:
        raise CannotServe(f"there is no address called {settings.host}: say --host 127.0.0.1") from unknown
    except OSError as world:
        raise CannotServe(f"cannot listen on {settings.host}, port {settings.port}: {disk(world)}") from world


def _more_files() -> None:
    """Every connected terminal is an open file, and 1,024 of them are usual: as many as are allowed, then."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _told(say: Callable[[str], object], listener: socket.socket) -> None:
    url, port = address_of(listener)
    say(json.dumps({"url": url, "port": port}))


@contextmanager
def _lock(settings: CentralSettings) -> Iterator[None]:
    """With SQLite one central serves from a folder, with PostgreSQL any number; nobody restores a backup meanwhile."""
    with (settings.folder / "serve.lock").open("a") as lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_SH if settings.database else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise CannotServe(
                f"another central serves from this folder, {settings.folder}: end that one, or name another folder"
            ) from busy
        yield


class Workers:
    """Processes that answer at one listening socket, which this one holds and never accepts from.

    The first is waited for, so that keys and tables are made by one; it alone sweeps. A worker that dies is started
    again, its connections are lost, its neighbours go on. They end when told to, and when this process is gone.
    """

    def __init__(
        self, settings: CentralSettings, listener: socket.socket, count: int, ready: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._listener = listener
        self._ready = ready
        self._workers = [_Worker(number) for number in range(count)]
        self._stopping = False

    def run(self) -> int:
        """Until SIGTERM or SIGINT; the exit code."""
        wake, woken = socket.socketpair()
        with wake, woken:
            wake.setblocking(False)
            woken.setblocking(False)
            before = {each: signal.signal(each, self._stop) for each in (signal.SIGTERM, signal.SIGINT)}
            old = signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
            try:
                return self._run(woken)
            finally:
                signal.set_wakeup_fd(old)
                for number, handler in before.items():
                    signal.signal(number, handler)
                self._end()

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _run(self, woken: socket.socket) -> int:
        first = self._workers[0]
        first.start(self._settings, self._listener)
        told = False
        while not self._stopping:
            now = time.monotonic()
            if first.answers:
                for worker in self._workers:
                    if worker.process is None and now >= worker.not_before:
                        worker.start(self._settings, self._listener)
            if not told and all(worker.answers for worker in self._workers):
                told = True
                self._ready()
            waits = [worker.not_before - now for worker in self._workers if worker.process is None and first.answers]
            things: list[Connection | int | socket.socket] = [woken]
            for worker in self._workers:
                things += worker.things()
            multiprocessing.connection.wait(things, timeout=max(0.0, min(waits)) if waits else None)
            for worker in self._workers:
                if not worker.look() and not told:
                    return EXIT_CANNOT  # it cannot even begin, and has said why
        return 0

    def _end(self) -> None:
        for worker in self._workers:
            if worker.process is not None:
                worker.process.terminate()
        deadline = time.monotonic() + STOP_S
        for worker in self._workers:
            if worker.process is not None:
                worker.process.join(max(0.0, deadline - time.monotonic()))
                if worker.process.exitcode is None:
                    worker.process.kill()
                    worker.process.join()
                worker.forget()


class _Worker:
    """One place among the workers, and the process that fills it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.process: multiprocessing.context.SpawnProcess | None = None
        self.answers = False
        self.not_before = 0.0
        self._pause_s = SOONEST_S
        self._began = 0.0
        self._line: Connection | None = None

    def start(self, settings: CentralSettings, listener: socket.socket) -> None:
        self._line, theirs = _SPAWN.Pipe(duplex=False)
        self.process = _SPAWN.Process(
            target=_work, args=(settings, listener, theirs, self.number == 0), name=f"central-{self.number}"
        )
        self.process.start()
        theirs.close()
        self._began = time.monotonic()

    def things(self) -> list[Connection | int | socket.socket]:
        """What tells that something happened to it."""
        if self.process is None:
            return []
        return [self.process.sentinel] if self._line is None else [self.process.sentinel, self._line]

    def look(self) -> bool:
        """Take notice of what happened; False when it has ended."""
        if self.process is None:
            return True
        if self._line is not None and self._line.poll():
            try:
                self.answers = bool(self._line.recv())
            except EOFError:
                pass
            self._line.close()
            self._line = None
        if self.process.exitcode is None:
            return True
        lived = time.monotonic() - self._began
        self._pause_s = SOONEST_S if lived >= STEADY_S else min(LATEST_S, self._pause_s * 2)
        self.not_before = time.monotonic() + self._pause_s
        if self.process.exitcode != EXIT_CANNOT:  # else it has said why
            LOG.error("worker %d ended with %s after %.0f s", self.number, self.process.exitcode, lived)
        self.forget()
        return False

    def forget(self) -> None:
        if self.process is not None:
            self.process.close()
        if self._line is not None:
            self._line.close()
        self.process, self._line = None, None


def _work(settings: CentralSettings, listener: socket.socket, line: Connection, sweeps: bool) -> None:
    """A worker's whole life, in a process of its own."""
    say_logs()
    try:
        app = create_app(settings)
        if sweeps:
            sweep(app.state.central)
    except EXPECTED as mistake:
        sys.stderr.write(why(mistake, settings.folder) + "\n")
        sys.exit(EXIT_CANNOT)

    def ready() -> None:
        line.send(True)
        line.close()

    server = CentralServer(app, ready)
    above = multiprocessing.parent_process()
    assert above is not None  # noqa: S101 - what multiprocessing promises a child

    def outlive_nobody() -> None:
        multiprocessing.connection.wait([above.sentinel])
        server.should_exit = True

    threading.Thread(target=outlive_nobody, name="central-parent", daemon=True).start()
    server.run(sockets=[listener])
