"""Sealing takes the same memory whatever the size: memory can be counted on, unlike time."""

from pathlib import Path

from bench.sealing import MOST_MB, sealed
from trust.sealing import SealingKey


def test_memory_stays_flat_while_forty_megabytes_are_sealed_from_a_file(tmp_path: Path) -> None:
    peak, _ = sealed(tmp_path, SealingKey.generate(), 40)
    assert peak <= MOST_MB
