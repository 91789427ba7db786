"""Start and stop of the whole program as a supervisor sees it: exit codes, signals, what it says of mistakes."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

import kiosk.main
from kiosk.main import NOT_ENROLLED, WRONG, Ending, main
from kiosk.settings.loading import load
from kiosk.words import Words
from tests.offline_cache.test_editions import FILES, an_edition
from tests.offline_cache.world import a_store
from ui import app
from wire.editions import SETTINGS_FILE

ROOT = Path(__file__).resolve().parents[2]


def settings(folder: Path, more: str = "") -> Path:
    path = folder / "terminal.toml"
    path.write_text(
        f'[terminal]\nname = "T1"\nplace_zh = "测试点"\nplace_en = "Test site"\n'
        f'[store]\nfolder = "{folder / "store"}"\n'
        f'[central]\nurl = "http://127.0.0.1:9"\n'
        f'[catalogue]\nfolder = "{ROOT / "assets" / "catalogue"}"\n{more}',
        "utf-8",
    )
    return path


def test_check_says_every_mistake_and_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = settings(tmp_path, "[visit]\nwarn_aftr_s = 3\n[screen]\nrotation = 45\n")
    assert main(["--settings", str(path), "--check"]) == WRONG
    told = capsys.readouterr().err
    assert "warn_after_s" in told
    assert "screen.rotation" in told


def test_check_of_good_settings_tells_that_the_machine_is_no_terminal_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--settings", str(settings(tmp_path)), "--check"]) == NOT_ENROLLED
    lines = capsys.readouterr().err.splitlines()
    assert any("identity.missing" in line for line in lines)
    assert lines[-1].startswith("Not in use yet")


def test_enrolment_with_nobody_there_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--settings", str(settings(tmp_path)), "--enrol", "ABC"]) == NOT_ENROLLED
    assert "enrol.unreachable" in capsys.readouterr().err


@pytest.mark.parametrize("mistake", ["", "[visit]\nwarn_aftr_s = 3\n"])
def test_a_terminal_that_cannot_begin_shows_its_closed_page_and_ends_when_asked(tmp_path: Path, mistake: str) -> None:
    """Not enrolled, or a typing error in the settings: no black glass, and SIGTERM ends it with the reason's code."""
    code = WRONG if mistake else NOT_ENROLLED
    program = "import sys; from kiosk import main as m; from ui import app;"
    program += "real = app.run\n"
    program += "def run(mind, plan, words, started):\n"
    program += "    return real(mind, plan, words, lambda stage: (print('drawn', flush=True), started(stage)))\n"
    program += "app.run = run\nsys.exit(m.main(sys.argv[1:]))"
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    running = subprocess.Popen(
        [sys.executable, "-c", program, "--settings", str(settings(tmp_path, mistake))],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with running:
        assert running.stdout is not None
        assert running.stdout.readline() == "drawn\n"
        limits = Path(f"/proc/{running.pid}/limits").read_text("ascii")
        core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
        assert core.split()[4] == "0", "a crash would write a citizen to the disk"
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=30)
    assert running.returncode == code


def test_the_screen_is_given_the_glass_the_keys_and_the_front_of_the_settings_and_the_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = load(
        settings(
            tmp_path, '[screen]\nrotation = 90\nbottom_mm = 1100\n[keypad]\nhelp = "F2"\n[front]\ncabinet_columns = 3\n'
        )
    )
    lacking: list[str] = []
    watch = SimpleNamespace(lacks=lacking.extend)
    nothing = {"start": lambda: None, "stop": lambda: None}
    terminal = SimpleNamespace(settings=found, mind="mind", voice="voice", watch=watch, **nothing)
    given: list[object] = []
    monkeypatch.setattr(app, "prepare", lambda: None)
    monkeypatch.setattr(app, "run", lambda *told: given.extend(told) or 0)
    monkeypatch.setattr(kiosk.main, "Ending", lambda: SimpleNamespace(started="started"))
    assert kiosk.main._show(cast("Any", terminal), Words({})) == 0
    mind, glass, _, _, voice, keys, front = given
    assert (mind, glass, voice, keys, front) == ("mind", found.screen, "voice", found.keypad, found.drawn_front)
    assert lacking == ["glass.high"], "the watch tells a technician"


def test_a_signal_before_the_first_frame_is_not_forgotten() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    stopped: list[int] = []

    class Stage:
        def stop(self, code: int = 0) -> None:
            stopped.append(code)

    try:
        ending = Ending()
        signal.raise_signal(signal.SIGTERM)
        assert not stopped
        ending.started(Stage())
        assert stopped == [0]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_check_tells_the_edition_and_which_of_its_settings_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the store of a terminal whose program may be running."""
    path = settings(tmp_path, "[speech]\nvolume = 6\n")
    main(["--settings", str(path), "--check"])
    assert "edition.none" in capsys.readouterr().err
    sent = "[speech]\nvolume = 2\nrate = 0.8\n[screen]\nreduced_motion = true\n"
    with a_store(tmp_path / "store") as store:
        assert store.take_edition(an_edition(5, "jinglaoka", files={**FILES, SETTINGS_FILE: sent}))
        main(["--settings", str(path), "--check"])
        told = capsys.readouterr().err
        assert "Edition 5 from central is used (2026-11-22" in told
        assert "Central set speech.volume = 2, which is not used" in told
        assert "Set by central: speech.rate = 0.8" in told
        assert "from the program's next start on: screen.reduced_motion = true" in told
        assert store.take_edition(an_edition(6, files={**FILES, SETTINGS_FILE: "[reader]\npath = 1\n"}))
        main(["--settings", str(path), "--check"])
    told = capsys.readouterr().err
    assert "Edition 6 (2026-11-22" in told
    assert "settings.toml:2: reader.path: may not be set from central" in told


def test_check_says_so_when_the_edition_cannot_be_laid_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk under /tmp, or none."""
    path = settings(tmp_path)
    with a_store(tmp_path / "store") as store:
        assert store.take_edition(an_edition(5, "jinglaoka"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    main(["--settings", str(path), "--check"])
    told = capsys.readouterr().err
    assert "edition.bad" in told
    assert "No such file" in told
