"""The memory that sealing takes, from a file to a sealed file: ten times the bytes, the same memory.

An attachment lies in a file; it is packed, sealed, hashed and written piece by piece, as `SqlStore.accept` does with
`files`. The peak is what Python had allocated at most during it (tracemalloc), and beside it how far the process's own
peak (VmHWM, after it was set back) rose.
"""

import datetime as dt
import hashlib
import random
import tempfile
import tracemalloc
from pathlib import Path

from bench.figures import Row
from offline_cache.bodies import Bodies
from trust.sealing import Envelope, Sealer, SealingKey
from wire.letters import Application, Attachment, Person
from wire.packing import pack

MB = 1_000_000
SIZES_MB = (20, 200)
QUICK_MB = (8, 40)
MOST_MB = 16.0
"""Some pieces of 1 MiB on their way between reading, sealing, hashing and writing."""
_CHUNK = MB


def measure(quick: bool) -> list[Row]:
    """One row: the peak of the larger beside the peak of the smaller."""
    small, large = QUICK_MB if quick else SIZES_MB
    with tempfile.TemporaryDirectory(prefix="nuanting-bench-") as made:
        folder = Path(made)
        key = SealingKey.generate()
        sealed(folder, key, 1)  # whatever is loaded at the first use is loaded now
        less, _ = sealed(folder, key, small)
        peak, process = sealed(folder, key, large)
    risen = "not told here" if process is None else f"{process:.1f} MB"
    return [
        Row(
            name="sealing-memory",
            what=f"peak memory while sealing {large} MB",
            unit="MB",
            count=1,
            median=peak,
            limit=f"the same of {small} MB",
            limit_median=less,
            goal=f"≤ {MOST_MB:.0f} MB",
            met=max(peak, less) <= MOST_MB,
            note=f"from file to file; the process's own peak rose by {risen}; a letter may have 64 MiB",
        )
    ]


def sealed(folder: Path, key: SealingKey, size_mb: int) -> tuple[float, float | None]:
    """Peak in MB: what was allocated, and how far the process rose (None where the kernel does not tell)."""
    source = folder / "scan"
    digest = hashlib.sha256()
    chance = random.Random(7)
    with source.open("wb") as file:
        for _ in range(size_mb):
            chunk = chance.randbytes(_CHUNK)
            digest.update(chunk)
            file.write(chunk)
    contents = application(digest.hexdigest())
    before = _risen_since(None)
    tracemalloc.start()
    packed = pack(contents, {digest.hexdigest(): source})
    sealer = Sealer(Envelope(key.public(), header=b"letter"), packed.size)
    bodies = Bodies(folder / "letters")
    bodies.write("letter", sealer.pieces(packed.pieces()))
    bodies.close()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    risen = _risen_since(before)
    (folder / "letters" / "letter.sealed").unlink()
    return peak / MB, risen


def application(sha256: str) -> Application:
    """A made-up application whose page lies in a file."""
    now = dt.datetime.now(dt.UTC)
    return Application(
        case="bench", item="jinglaoka", version=1, definition="0" * 64,
        person=Person(kind="citizen", name="测试一", number="310199199003070022", by="card"), answers={}, consents={},
        receipt="r", page=Attachment(name="scan.pdf", media_type="application/pdf", sha256=sha256, data=""),
        language="zh", submitted_at=now,
    )  # fmt: skip


def _risen_since(before: float | None) -> float | None:
    """The process's peak in MB above `before`; without it, the peak is set back and today's size given."""
    try:
        if before is None:
            Path("/proc/self/clear_refs").write_text("5", "ascii")  # proc(5): sets VmHWM back to the present size
        told = Path("/proc/self/status").read_text("ascii", errors="replace")
    except OSError:
        return None
    peak = next((int(line.split()[1]) * 1024 / MB for line in told.splitlines() if line.startswith("VmHWM")), None)
    return peak if before is None or peak is None else peak - before
