"""Sealing takes the same memory whatever the size: memory can be counted on, unlike time."""

from pathlib import Path

from bench.sealing import MOST_MB, sealed
from trust.sealing import SealingKey


def test_memory_stays_flat_while_forty_megabytes_are_sealed_from_a_file(tmp_path: Path) -> None:
    key = SealingKey.generate()
    small, _ = sealed(tmp_path, key, 8)
    large, _ = sealed(tmp_path, key, 40)
    assert large <= 1.2 * small
    assert large <= MOST_MB
