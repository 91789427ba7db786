"""A submission made durable, beside one fsync of the same bytes in the same folder.

The limit is the least that keeps bytes over a power cut: a new file, one write, one fsync, as many bytes as the letter
has before it is sealed. Ours is `SqlStore.accept` whole: the letter's JSON and its files put together, sealed to
central's public key (ML-KEM-768 + X25519, AES-256-GCM), hashed, and written with the promised slip in one transaction.
The two take turns in random order with a pause between, so that neither finds the disk or the caches warmer than the
other. In the pause the store is made ready, as the sync's thread does after each letter; after it, before either, the
receipt is signed and the letter put together, as the desk does at once before it asks the store.
"""

import datetime as dt
import hashlib
import os
import random
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.figures import Row, median, quantile
from hardware.api.clock import SystemClock
from kiosk.numbers import new_deed_id
from offline_cache.boot import Opened, open_store
from offline_cache.identity import Identity
from offline_cache.store import SqlStore
from trust.files import sync_folder
from trust.keys import USE_ACK, SigningKey
from trust.sealing import SealingKey
from trust.tokens import write
from wire.deeds import Accepted, Deed, DeedKind
from wire.letters import Application, Attachment, Person
from wire.packing import pack
from wire.tokens import Receipt

PAUSE_S = 0.02
"""Between two measures: a submission never comes hot on the heels of another."""
WARM_UP = 3
SIZES = (
    ("durable-5kB", "submission of 5 kB made durable", 5_000, 200),
    ("durable-5MB", "submission of 5 MB made durable", 5_000_000, 40),
)


def application(case: str, size: int, chance: random.Random) -> tuple[Application, dict[str, bytes]]:
    """A made-up application and its file by SHA-256; the letter, packed and not yet sealed, has about `size` bytes."""
    pdf = chance.randbytes(max(size - 1150, 1))
    sha256 = hashlib.sha256(pdf).hexdigest()
    return put_together(case, sha256, SigningKey.generate()), {sha256: pdf}


def put_together(case: str, sha256: str, key: SigningKey) -> Application:
    """What the desk does with an order before it asks the store: the receipt is signed, the letter put together."""
    now = dt.datetime.now(dt.UTC)
    receipt = Receipt(
        case=case, item="jinglaoka", version=1, parts=(sha256,), at=now, terminal="YP01", counter=1, previous="0" * 64
    )
    return Application(
        case=case,
        item="jinglaoka",
        version=1,
        definition="0" * 64,
        person=Person(
            kind="citizen", name="测试一", number="310199199003070022", address="上海市测试区样例路1号", by="card"
        ),
        answers={"contact.phone": "13800000000", "delivery.way": "cabinet"},
        consents={"apply": now},
        receipt=write(receipt, key),
        page=Attachment(name=f"{case}.pdf", media_type="application/pdf", sha256=sha256, data=""),
        language="zh",
        submitted_at=now,
    )


def measure(quick: bool) -> list[Row]:
    """Two rows, 5 kB and 5 MB."""
    with tempfile.TemporaryDirectory(prefix="nuanting-bench-") as made:
        folder = Path(made)
        keys = (SigningKey.generate().public(USE_ACK), SealingKey.generate().public())
        key = SigningKey.generate()
        identity = Identity("310110", "YP-YANGLI", "YP01", keys, key)
        opened = open_store(folder, identity, SystemClock())
        assert isinstance(opened, Opened)
        try:
            return [_row(opened.store, folder, key, *size, quick=quick) for size in SIZES]
        finally:
            opened.store.close()


def _row(
    store: SqlStore, folder: Path, key: SigningKey, name: str, what: str, size: int, count: int, *, quick: bool
) -> Row:
    chance = random.Random(7)
    count = 3 if quick else count
    ours: list[float] = []
    bare: list[float] = []
    named: list[float] = []
    length = 0
    for turn in range(count + WARM_UP):
        letter, files = application(f"{name}-{turn}", size, chance)
        plain = b"".join(pack(letter, files).pieces())
        length = len(plain)
        slip = Deed(new_deed_id(letter.submitted_at), DeedKind.SLIP, letter.case, letter.item, again="{}")
        kept = [
            (ours, partial(_accepted, store, files, slip)),
            (bare, partial(_written, folder / f"{name}-{turn}.bare", plain)),
            (named, partial(_renamed, folder / f"{name}-{turn}.named", plain)),
        ]
        chance.shuffle(kept)
        for figures, work in kept:
            store.make_ready()
            time.sleep(PAUSE_S)
            letter = put_together(letter.case, letter.page.sha256, key)
            figures.append(_took_ms(partial(work, letter)))
        # As after central's acknowledgement: the next one finds its blocks free, ours as well as theirs.
        for left in (*folder.glob(f"{name}-{turn}.*"), *folder.glob("letters/*")):
            left.unlink()
    ours, bare, named = ours[WARM_UP:], bare[WARM_UP:], named[WARM_UP:]
    ratio = median(ours) / median(bare)
    return Row.of_times(
        name,
        what,
        ours,
        "write + fsync of a new file",
        bare,
        goal="≤ 1.5 ×",
        met=ratio <= 1.5,
        note=f"letter of {length:,} bytes; the limit's p99 {quantile(bare, 0.99):.2f} ms; with rename and fsync of the"
        f" folder, as a file that must not be seen half needs, the same bytes take {median(named):.2f} ms"
        f" (then the ratio is {median(ours) / median(named):.2f}); best of ours {min(ours):.2f} ms,"
        f" best of the limit {min(bare):.2f} ms",
    )


def _took_ms(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _accepted(store: SqlStore, files: dict[str, bytes], slip: Deed, letter: Application) -> None:
    assert isinstance(store.accept(letter, subject=letter.case, promises=(slip,), files=files), Accepted)


def _written(path: Path, data: bytes, _: object = None) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _renamed(path: Path, data: bytes, _: object) -> None:
    part = path.with_suffix(".part")
    _written(part, data)
    part.replace(path)
    sync_folder(path.parent)
