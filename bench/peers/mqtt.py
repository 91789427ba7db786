"""MQTT with QoS 2 through mosquitto to a sink that commits to SQLite and answers by name what it has committed.

"Exactly once" of MQTT is per hop, and its PUBCOMP says that the broker has a message, not that central has: so the
terminal lets go of a letter on the sink's answer only, as ours does on central's. The answer is not signed.
"""

import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.peers.running import Absent, Drained, Process
from bench.proxy import HOST, Line

NAME = "mqtt"
TITLE = "MQTT QoS 2, paho → mosquitto → SQLite"
START_S = 20.0
_CONFIG = """\
listener {port} {host}
allow_anonymous true
persistence true
persistence_location {folder}/
max_queued_messages 0
max_queued_bytes 0
"""


def missing(*, install: bool) -> str:
    """Why it cannot run here; empty when it can. It is never installed by us: the broker is the system's."""
    del install
    return "" if _mosquitto() else "no mosquitto"


def _mosquitto() -> str | None:
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


def drain(sizes: Sequence[int], rtt_ms: float, cuts: Sequence[int] = ()) -> Drained | Absent:
    """As many submissions of these sizes, from their lying in the terminal's database to the sink's last answer.

    After each of the `cuts` (bytes) paho connects again and goes on with the session.
    """
    program = _mosquitto()
    if program is None:
        return Absent(missing(install=False))
    with tempfile.TemporaryDirectory(prefix="nuanting-peer-") as made:
        folder = Path(made)
        folder.chmod(0o777)  # where root starts it, the broker becomes another user
        port = _free_port()
        config = folder / "mosquitto.conf"
        config.write_text(_CONFIG.format(port=port, host=HOST, folder=folder), "utf-8")
        module = [sys.executable, "-m", "bench.peers.mqtt_ends"]
        with (
            Process([program, "-c", str(config)]) as broker,
            Process([*module, "terminal", str(folder / "terminal.sqlite")]) as terminal,
        ):
            _until_it_listens(port)
            with Process([*module, "sink", str(folder / "central.sqlite"), str(port)]) as sink:
                assert sink.hear() == {"ready": True}
                terminal.say(sizes=list(sizes))
                assert terminal.hear() == {"ready": len(sizes)}
                with Line(port, rtt_ms=rtt_ms, cuts=cuts) as line:
                    theirs, own = broker.cpu_s() + sink.cpu_s(), terminal.cpu_s()
                    terminal.say(port=line.port)
                    told = terminal.hear()
                    own, theirs = terminal.cpu_s() - own, broker.cpu_s() + sink.cpu_s() - theirs
                    if told["left"]:
                        return Absent(f"no answer for {told['left']} of {len(sizes)}")
                    return Drained(told["seconds"], line.weight().both, own, theirs)


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _until_it_listens(port: int) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection((HOST, port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
