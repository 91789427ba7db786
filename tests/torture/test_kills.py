"""The power fails at any moment of a visit: nothing is lost, nothing is done twice, everything comes to an end."""

import sys
from pathlib import Path

import pytest

from tests.torture.kills import Torture

SHORT, LONG = 6, 200


def _run(folder: Path, kills: int, seed: int) -> None:
    torture = Torture(folder, seed)
    try:
        torture.run(kills)
        findings = torture.findings()
        sys.stdout.write(torture.figures() + "\n")
    finally:
        torture.close()
    assert findings == []


@pytest.mark.timeout(300)
def test_half_a_dozen_power_cuts(tmp_path: Path) -> None:
    _run(tmp_path, SHORT, seed=20261122)


@pytest.mark.torture
def test_two_hundred_power_cuts(tmp_path: Path) -> None:
    _run(tmp_path, LONG, seed=200)
