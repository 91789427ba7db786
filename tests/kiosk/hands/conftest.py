"""One rig a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kiosk.hands.rig import Rig, a_rig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with a_rig(tmp_path) as made:
        yield made
