"""The real panel under a finger, in a process of its own: one engine may own the singletons only once."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.timeout(240)  # all tests of a file in one
@pytest.mark.parametrize("name", ["touched.py", "written.py"])
def test_the_panel_under_a_finger(name: str) -> None:
    """Runs every test of that file; a warning of Qt fails it there."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", str(HERE / name), "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        timeout=230,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert " passed" in run.stdout
