"""The real panel under a finger, in a process of its own: one engine may own the singletons only once."""

import subprocess
import sys
from pathlib import Path

TOUCHED = Path(__file__).with_name("touched.py")


def test_the_panel_under_a_finger() -> None:
    """Runs every test in touched.py; a warning of Qt fails it there."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", str(TOUCHED), "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
        cwd=TOUCHED.parents[2],
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert " passed" in run.stdout
