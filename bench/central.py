"""Central on PostgreSQL, one worker: submissions a second and their processor time, and terminals that are connected.

The limit beside submissions is pgbench on the same cluster: as many clients, rows of the same size, as many rows in a
transaction, nothing else. Ours does all that a letter needs: the signature and the nonce of the request, the hash, the
row, the signed acknowledgement, and afterwards the letter opened, its person sealed by the vault, its case made and
routed: the rate is of answers, the processor time is of everything, until the last letter is open.
Letters come as a terminal sends them: packed (decision 0023), one as well as many. The hammering has its requests made
and signed beforehand, and takes no part in the figures but its share of the cores.
"""

import asyncio
import datetime as dt
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.cluster import Cluster, NoPostgres
from bench.durable import application
from bench.figures import Row
from bench.opened import until_opened
from central.rules.enrolment import CodeRow
from central.settings import CentralSettings
from central.store import terminals
from central.wiring import Central, open_central
from trust.keys import USE_SEAL, USE_TERMINAL, SigningKey
from trust.requests import sign_request
from trust.sealing import seal
from wire.batches import pack_batch
from wire.canonical import sha256_hex
from wire.ids import RegionId, SiteId, TerminalId, new_letter_id
from wire.messages import LetterHeader, LetterKind, PublicKey
from wire.packing import pack

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 8
SIZE = 5_000
ENOUGH = {1: 600, 20: 100, 64: 40}
"""Letters in a request -> requests."""

IDLE = 5_000
OPENING = 32
"""Connections that are opened side by side."""

REST_S = 60.0
REGION, SITE = RegionId("sh-310101"), SiteId("bench")


@dataclass(frozen=True)
class Served:
    """Central in a process of its own."""

    host: str
    port: int
    pid: int

    def cpu_s(self) -> float:
        """Of all its threads, ended ones too, to the nanosecond: at rest it is little."""
        return time.clock_gettime(~self.pid << 3 | 2)  # the process's clock, as clock_getcpuclockid(3) names it

    def rss_kb(self) -> int:
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def measure(quick: bool) -> list[Row]:
    """Two rows for each number of letters in a request, and two for connected terminals."""
    try:
        cluster = Cluster(durable=True)
    except NoPostgres as absent:
        return [Row("central-rate-1", "submissions a second", limit=f"skipped: {absent}")]
    try:
        with tempfile.TemporaryDirectory(prefix="nuanting-bench-") as made:
            folder = Path(made)
            url = cluster.create("central")
            central = open_central(CentralSettings(folder / "central", database=url))
            _more_files()
            with _served(folder, url) as served:
                rows = []
                for each, requests in ENOUGH.items():
                    rows += _hammer(cluster, central, served, folder, each, *((2, 1) if quick else (requests, CLIENTS)))
                rows += _rest(central, served, 40 if quick else IDLE, 2.0 if quick else REST_S)
            central.close()
            return rows
    finally:
        cluster.stop()


@contextmanager
def _served(folder: Path, url: str) -> Iterator[Served]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "central", "serve", "--folder", str(folder / "central"), "--port", "0"],
            cwd=ROOT,
            env=os.environ | {"NUANTING_DATABASE": url},
            stdout=subprocess.PIPE,
            stderr=log,
        )
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        yield Served("127.0.0.1", told["port"], process.pid)
    finally:
        process.kill()
        process.wait()


# ---- submissions ------------------------------------------------------------------------------------------------


def _hammer(
    cluster: Cluster, central: Central, served: Served, folder: Path, each: int, count: int, warm: int
) -> list[Row]:
    key, keys = _enrolled(central, f"HAMMER-{each}")
    asked = [_request(key, keys, f"HAMMER-{each}", each, number) for number in range(count + warm)]
    asyncio.run(_all_sent(served, asked[count:]))  # warm
    until_opened(served.host, served.port)
    before, database, began = served.cpu_s(), _cluster_cpu_s(cluster), time.perf_counter()
    asyncio.run(_all_sent(served, asked[:count]))
    took = time.perf_counter() - began
    later = until_opened(served.host, served.port)
    letters = count * each
    ours, theirs = (served.cpu_s() - before) / letters, (_cluster_cpu_s(cluster) - database) / letters
    rate, its_cpu = _pgbench(cluster, folder, each, max(1, letters // each // CLIENTS))
    plural = "one" if each == 1 else str(each)
    body = len(asked[0])
    return [
        Row(
            f"central-rate-{each}",
            f"submissions of 5 kB a second, {plural} in a request",
            "1/s",
            letters,
            letters / took,
            limit=f"pgbench, rows of that size, {plural} in a transaction",
            limit_median=rate,
            note=f"{CLIENTS} clients; {1000 * took / count * CLIENTS:.1f} ms a request; request of {body:,} bytes;"
            f" every letter opened {later:.1f} s after the last answer",
        ),
        Row(
            f"central-cpu-{each}",
            f"processor for a submission of 5 kB, {plural} in a request",
            "ms",
            letters,
            1000 * (ours + theirs),
            limit="pgbench's PostgreSQL for such a row",
            limit_median=1000 * its_cpu,
            note=f"central {1000 * ours:.2f} ms, PostgreSQL {1000 * theirs:.2f} ms; of a request: central"
            f" {1000 * ours * each:.1f} ms, PostgreSQL {1000 * theirs * each:.1f} ms",
        ),
    ]


def _enrolled(central: Central, name: str) -> tuple[SigningKey, Sequence[PublicKey]]:
    key = SigningKey.generate()
    row = CodeRow(REGION, SITE, TerminalId(name), dt.datetime.now(dt.UTC), "")
    with central.database.writing() as connection:
        terminals.admit(connection, row, key.public(USE_TERMINAL), "file", "salt", dt.datetime.now(dt.UTC))
    return key, central.keys.public()


def _request(key: SigningKey, keys: Sequence[PublicKey], name: str, each: int, number: int) -> bytes:
    recipient = next(public for public in keys if public.use == USE_SEAL)
    chance = random.Random(number)
    letters: list[tuple[LetterHeader, bytes]] = []
    for place in range(each):
        now = dt.datetime.now(dt.UTC)
        letter = new_letter_id(now)
        plain = b"".join(pack(*application(f"{name}-{number}-{place}", SIZE, chance)).pieces())
        body = seal(recipient, plain, header=letter.encode())
        header = LetterHeader(
            id=letter,
            region=REGION,
            terminal=name,
            kind=LetterKind.APPLICATION,
            seq=number * each + place,
            sha256=sha256_hex(body),
            size=len(body),
            created_at=now,
            subject=letter,
        )
        letters.append((header, body))
    return _http(key, "POST", "/v1/letters", pack_batch(letters))


def _http(key: SigningKey, method: str, target: str, content: bytes = b"") -> bytes:
    signed = sign_request(key, method, target, {}, content, dt.datetime.now(dt.UTC))
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in signed.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content


async def _all_sent(served: Served, asked: Sequence[bytes]) -> None:
    """Each client has a connection and sends its next request when it has the answer to the last."""
    waiting = iter(asked)

    async def client() -> None:
        reader, writer = await asyncio.open_connection(served.host, served.port)
        for request in waiting:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            fields = dict(line.lower().split(b": ", 1) for line in head.splitlines()[1:] if line)
            answer = json.loads(await reader.readexactly(int(fields[b"content-length"])))
            assert all(ack["state"] == "received" for ack in answer["acks"]), answer
        writer.close()

    await asyncio.gather(*(client() for _ in range(CLIENTS)))


def _pgbench(cluster: Cluster, folder: Path, each: int, transactions: int) -> tuple[float, float]:
    """Rows a second, and PostgreSQL's processor time for a row in seconds."""
    with cluster.connect("postgres") as connection:
        connection.execute("DROP TABLE IF EXISTS bare")
        connection.execute("CREATE TABLE bare (region text, id text, told text, body bytea, PRIMARY KEY (region, id))")
        connection.execute("ALTER TABLE bare ALTER COLUMN body SET STORAGE EXTERNAL")
    body = f"decode(repeat(md5(random()::text), {SIZE // 16}), 'hex')"
    row = f"'sh-310101', gen_random_uuid()::text, repeat('x', 250), {body}"
    insert = f"INSERT INTO bare SELECT {row} FROM generate_series(1, {each});\n"  # noqa: S608 - numbers of ours only
    script = folder / f"insert-{each}.sql"
    script.write_text(insert, "ascii")
    before = _cluster_cpu_s(cluster)
    command = [str(cluster.programs / "pgbench"), "-n", "-h", str(cluster.folder), "-U", "nuanting", "-f", str(script)]
    command += ["-c", str(CLIENTS), "-t", str(transactions), "postgres"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
    rate = float(next(line for line in told.splitlines() if line.startswith("tps")).split()[2])
    return rate * each, (_cluster_cpu_s(cluster) - before) / (each * transactions * CLIENTS)


# ---- terminals that are connected -----------------------------------------------------------------------------


def _rest(central: Central, served: Served, count: int, rest_s: float) -> list[Row]:
    possible = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200
    if possible < count:
        skipped = f"skipped: only {possible} files may be open"
        return [
            Row("central-idle-memory", "memory of a connected terminal", "kB", limit=skipped),
            Row("central-idle-cpu", "processor for connected terminals", "% of a core", limit=skipped),
        ]
    made = [_enrolled(central, f"IDLE-{number:05}")[0] for number in range(count)]
    return asyncio.run(_connected(served, made, rest_s))


async def _connected(served: Served, keys: Sequence[SigningKey], rest_s: float) -> list[Row]:
    before = served.rss_kb()
    waiting = iter(keys)
    held: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def connect() -> None:
        for key in waiting:
            reader, writer = await asyncio.open_connection(served.host, served.port, limit=4096)
            writer.write(_http(key, "GET", "/v1/live"))
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            held.append((reader, writer))

    began, cpu = time.perf_counter(), served.cpu_s()
    await asyncio.gather(*(connect() for _ in range(OPENING)))
    opened, opening = time.perf_counter() - began, served.cpu_s() - cpu
    began, cpu = time.perf_counter(), served.cpu_s()
    await asyncio.sleep(rest_s)
    share = (served.cpu_s() - cpu) / (time.perf_counter() - began)
    lost = sum(reader.at_eof() for reader, _ in held)
    memory = (served.rss_kb() - before) / len(held)
    for _, writer in held:
        writer.close()
    return [
        Row(
            "central-idle-memory",
            "memory of a connected terminal",
            "kB",
            len(held),
            memory,
            limit="a WebSocket of uvicorn's, measured before",
            limit_median=31.0,
            note=f"{before / 1024:.0f} MB before, {served.rss_kb() / 1024:.0f} MB with them; {lost} were lost",
        ),
        Row(
            "central-idle-cpu",
            "processor for connected terminals",
            "% of a core",
            len(held),
            100 * share,
            limit="5,000 WebSockets of uvicorn's with the same beat",
            limit_median=5.5,
            note=f"a beat every 30 s, {rest_s:.0f} s long; opening took {opened:.0f} s and"
            f" {1000 * opening / len(held):.1f} ms of processor each (signature, nonce, presence)",
        ),
    ]


def _more_files() -> None:
    """As many open files as this user may have, for the process that is started too."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _cpu_s(pid: int, *, children: bool = False) -> float:
    told = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    fields = told[11:15] if children else told[11:13]
    return sum(map(int, fields)) / os.sysconf("SC_CLK_TCK")


def _cluster_cpu_s(cluster: Cluster) -> float:
    """Of the postmaster, of what it started, and of those that have ended."""
    total = _cpu_s(cluster.pid, children=True)
    for child in Path(f"/proc/{cluster.pid}/task/{cluster.pid}/children").read_text("ascii").split():
        try:
            total += _cpu_s(int(child))
        except FileNotFoundError:
            continue
    return total
