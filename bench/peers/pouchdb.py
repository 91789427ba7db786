"""PouchDB on LevelDB, replicated to express-pouchdb on LevelDB: "many offline, one central" as web applications do it.

A submission is a document with one attachment of as many bytes. Settings are PouchDB's own (100 documents a batch).
LevelDB does not fsync by default: neither end has put anything on disk for certain when it says that it is done.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.peers.running import ROOT, Absent, Drained, Process
from bench.proxy import Line

NAME = "pouchdb"
TITLE = "PouchDB 9.0.0 → express-pouchdb 4.2.0"
HERE = Path(__file__).resolve().parent
INSTALLED = ROOT / "build" / "peers"
"""Outside the sources: thousands of files of other people, under a name that every tool here leaves alone."""
INSTALL_S = 300


def missing(*, install: bool) -> str:
    """Why it cannot run here; empty when it can. `install` fetches its packages, as the committed lock has them."""
    absent = [name for name in ("node", "npm") if shutil.which(name) is None]
    if absent:
        return f"no {absent[0]}"
    lock, mark = HERE / "package-lock.json", INSTALLED / "installed.json"
    if mark.exists() and mark.read_bytes() == lock.read_bytes():
        return ""
    if not install:
        return "its packages are not installed: python -m bench.peers"
    shutil.rmtree(INSTALLED, ignore_errors=True)
    INSTALLED.mkdir(parents=True)
    for each in (HERE / "package.json", lock):
        shutil.copy(each, INSTALLED)
    command = ["npm", "ci", "--omit=optional", "--no-audit", "--no-fund"]
    try:
        ran = subprocess.run(command, cwd=INSTALLED, capture_output=True, timeout=INSTALL_S, check=False)
    except subprocess.TimeoutExpired:
        return "its packages did not come in time (npm ci)"
    if ran.returncode != 0:
        return "its packages could not be installed (npm ci)"
    shutil.copy(lock, mark)
    return ""


def drain(sizes: Sequence[int], rtt_ms: float, cuts: Sequence[int] = ()) -> Drained | Absent:
    """As many submissions of these sizes, from their lying in the terminal's database to central's last answer.

    After each of the `cuts` (bytes) the terminal replicates again: PouchDB's own `retry` is for live ones only.
    """
    if why := missing(install=True):
        return Absent(why)
    environment = {"NODE_PATH": os.fspath(INSTALLED / "node_modules")}
    with tempfile.TemporaryDirectory(prefix="nuanting-peer-") as made:
        folder = Path(made)
        server = ["node", os.fspath(HERE / "pouchdb_central.js"), os.fspath(folder / "central")]
        client = ["node", os.fspath(HERE / "pouchdb_terminal.js"), os.fspath(folder / "terminal")]
        with Process(server, environment=environment) as central, Process(client, environment=environment) as terminal:
            port = int(central.hear()["port"])
            terminal.say(sizes=list(sizes))
            assert terminal.hear() == {"ready": len(sizes)}
            with Line(port, rtt_ms=rtt_ms, cuts=cuts) as line:
                theirs, own = central.cpu_s(), terminal.cpu_s()
                terminal.say(url=line.url)
                told = terminal.hear()
                own, theirs = terminal.cpu_s() - own, central.cpu_s() - theirs
                if told["documents"] != len(sizes):
                    return Absent(f"gave up after {told['tries']} tries")
                return Drained(told["seconds"], line.weight().both, own, theirs)
