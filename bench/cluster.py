"""A PostgreSQL of our own for a while: in a folder of its own, reached through a socket there, gone afterwards.

Never the system's cluster, never a port. As root it runs under PostgreSQL's own user, because it refuses to be root.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

START_S = 60.0
_CHEAP = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off", "wal_level=minimal")
"""For tests: nothing of it must outlive a power cut."""

_COMMON = ("listen_addresses=", "max_wal_senders=0", "max_connections=200", "shared_buffers=64MB")


class NoPostgres(Exception):
    """PostgreSQL's programs are not on this machine, or did not start; the text says which."""


def programs() -> Path:
    """The folder of the newest PostgreSQL here. Raises NoPostgres."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    if named is None:
        raise NoPostgres("PostgreSQL's initdb is not on this machine (Debian: postgresql)")
    return Path(named).resolve().parent


class Cluster:
    """Started when made, stopped by `stop`; the kernel stops it should its maker die.

    `durable` is as a server is run: every commit is flushed. Else nothing is, for tests. `data`: where it keeps its
    files, on another disk; that folder is the caller's to remove.
    """

    def __init__(self, *, durable: bool = False, data: Path | None = None) -> None:
        self.programs = programs()
        self.folder = Path(tempfile.mkdtemp(prefix="nt-pg-"))
        self._data = data or self.folder / "data"
        self._data.mkdir(mode=0o700)
        self._as: list[str] = ["setpriv", "--pdeathsig", "INT"]
        if os.geteuid() == 0:
            user = _unprivileged()
            for its in (self.folder, self._data):
                os.chown(its, user.pw_uid, user.pw_gid)
            self._as += ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
        make = ["-D", str(self._data), "-A", "trust", "-U", "nuanting", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._run("initdb", *make, "--no-instructions")
            self._told = [f"unix_socket_directories={self.folder}", *_COMMON, *(() if durable else _CHEAP)]
            self.start()
        except BaseException:
            self.stop()
            raise

    def start(self) -> None:
        """Once more, after `kill`. Raises NoPostgres: of one that was killed, processes may still be ending."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._as, str(self.programs / "postgres"), "-D", str(self._data), *_options(self._told)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
            )
        self._await()

    def kill(self, how: signal.Signals) -> None:
        """The server's own process gets the signal and is gone."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(30)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def url(self, name: str) -> str:
        """What `CentralSettings.database` is given."""
        return f"postgresql+psycopg://nuanting@/{name}?host={self.folder}"

    def create(self, name: str, template: str = "template1") -> str:
        """A new database, a copy of `template`, to which nobody may be connected; its URL."""
        self.tell(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        self.tell(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def tell(self, statement: str) -> None:
        with self.connect("postgres") as connection:
            connection.execute(statement)

    def connect(self, name: str) -> psycopg.Connection:
        return psycopg.connect(f"host={self.folder} user=nuanting dbname={name}", autocommit=True)

    def stop(self) -> None:
        """End it by its id and remove its folder."""
        self.kill(signal.SIGQUIT)  # at once: nothing of it is kept
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as, str(self.programs / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, timeout=START_S, check=False)
        if done.returncode != 0:
            raise NoPostgres(f"{program}: {done.stderr.strip()[-300:]}")

    def _await(self) -> None:
        deadline = time.monotonic() + START_S
        assert self._process is not None
        while True:
            try:
                self.tell("SELECT 1")
                return
            except psycopg.OperationalError as not_yet:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    said = (self.folder / "log").read_text("utf-8", "replace")[-500:]
                    raise NoPostgres(f"postgres did not start: {said}") from not_yet
                time.sleep(0.02)


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("no user to run PostgreSQL as")


def _options(settings: list[str]) -> list[str]:
    return [word for setting in settings for word in ("-c", setting)]
