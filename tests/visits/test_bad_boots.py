"""A terminal that starts on a broken settings file, a damaged store or a full disk: says so, loses nothing, goes on."""

import contextlib
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.visits import CARD
from hardware.twins.made_up_people import ELDER
from kiosk.words import Words
from offline_cache.rescue import STORE_FILE
from tests.torture import ledger
from tests.visits.rig import Rig
from ui.pictures import ASSETS

pytestmark = [pytest.mark.threads_stay("the twins go on until the World closes"), pytest.mark.timeout(120)]
WORDS = Words.load(ASSETS / "i18n")
WRONG = 2
SMALL_DISK = "120m"  # the reserve, and what the largest application needs, and a little
PAGE = 4096


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path, screenless=True)
    yield made
    made.close()


def test_a_typing_error_in_the_settings_closes_the_screen_and_names_the_line(tmp_path: Path) -> None:
    rig = Rig(tmp_path, screenless=False)
    try:
        settings = rig.world.settings
        settings.write_text(settings.read_text("utf-8").replace("warn_after_s", "warn_afer_s"), "utf-8")
        rig.terminal.start(wait=False)
        rig.terminal.wait("closed", text=WORDS.say("closed.reason.settings", "zh"))
        line = settings.read_text("utf-8").splitlines().index("warn_afer_s = 45.0") + 1
        assert f"settings.toml:{line}:" in rig.terminal.last_words()
        assert "warn_after_s" in rig.terminal.last_words()
        assert rig.terminal.stop() == WRONG
    finally:
        rig.close()


def test_a_damaged_store_is_set_aside_and_what_was_accepted_still_arrives(rig: Rig) -> None:
    rig.terminal.start()
    rig.world.gate.cut()
    first = rig.visit.apply(ELDER)
    rig.visit.leave()
    assert rig.terminal.stop() == 0
    database = rig.world.store / STORE_FILE
    whole = bytearray(database.read_bytes())
    page = next(n for n in range(len(whole) // PAGE - 1, 0, -1) if b"receipt chain" in whole[n * PAGE : (n + 1) * PAGE])
    whole[page * PAGE : (page + 1) * PAGE] = b"\xa5" * PAGE
    database.write_bytes(whole)

    rig.terminal.start()
    assert "set aside" in (rig.world.logs / "kiosk.log").read_text("utf-8")
    second = rig.visit.apply(ELDER)
    rig.visit.leave()
    assert second != first
    rig.world.gate.mend()
    assert rig.case(first).person.name == rig.case(second).person.name == "测试长者"
    rig.told()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """The terminal's store on a file system of its own."""
    disk = tmp_path / "terminal" / "store"
    disk.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK},mode=700", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs the right to mount a tmpfs")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def give_back_the_log(disk: Path) -> None:
    """The log is laid down in its full length at the start: on a full disk a small letter would still be taken.

    The terminal writes nothing meanwhile: what it appends now and then by itself would be cut off again.
    """
    log = disk / f"{STORE_FILE}-wal"
    frame, head = 24 + PAGE, 32  # sqlite.org/fileformat.html#walformat
    with contextlib.closing(sqlite3.connect(disk / STORE_FILE, timeout=20.0, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        frames = -(-(len(log.read_bytes().rstrip(b"\0")) - head) // frame)
        os.truncate(log, head + frames * frame)
        connection.execute("ROLLBACK")


def fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as filler:
        for size in (1 << 20, PAGE):
            with contextlib.suppress(OSError):
                while filler.write(bytes(size)):
                    pass


def test_a_full_disk_refuses_before_anything_is_promised_and_keeps_what_was_typed(
    small_disk: Path, tmp_path: Path
) -> None:
    rig = Rig(tmp_path, screenless=True)
    try:
        rig.terminal.start()
        rig.visit.choose(CARD)
        rig.visit.lay_card(ELDER)
        rig.visit.agree()
        rig.visit.fill_in()
        give_back_the_log(small_disk)
        fill(small_disk)
        rig.terminal.press("next")
        rig.terminal.wait("trouble", text=WORDS.fault("store.full", "zh")[0])
        assert ledger.read(rig.world.store).receipts == 0
        assert rig.book().deeds == ()
        (small_disk / "filler").unlink()
        rig.terminal.press("again")
        rig.visit.submit()
        rig.visit.take_slip()
        rig.case(str(rig.visit.result()["number"]))
        rig.told()
        rig.visit.leave()
        fill(small_disk)
        rig.terminal.wait("closed", text=WORDS.say("closed.reason.store", "zh"))  # nobody types anything for nothing
        (small_disk / "filler").unlink()
        rig.terminal.wait("attract")
    finally:
        rig.close()
