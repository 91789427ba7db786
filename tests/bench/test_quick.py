"""The bench runs and prints every row; how fast anything is, is never a test."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.figures import Row, median, number, quantile, table

ROOT = Path(__file__).resolve().parents[2]
WAYS = ("plain", "elder", "contrast", "low", "magnify", "wide", "wide-elder-contrast")
ROWS = {
    "card": {"card"},
    "durable": {"durable-5kB", "durable-5MB"},
    "sealing": {"sealing-memory"},
    "central": {f"central-{what}-{each}" for what in ("rate", "cpu") for each in (1, 20, 64)}
    | {"central-idle-memory", "central-idle-cpu"},
    "touch": {f"{what}-{when}" for what in ("touch", "answer", "page") for when in ("idle", "uploading")},
    "modes": {f"mode-{way}" for way in WAYS} | {f"slide-{way}" for way in WAYS if way != "magnify"},
    "start": {"start-frame", "start-open", "memory"},
}


@pytest.mark.timeout(200)  # whole terminals are started, beside whatever else the machine does
@pytest.mark.parametrize("measure", ROWS)
def test_a_measure_prints_every_row(measure: str, tmp_path: Path) -> None:
    rows_file = tmp_path / "rows.json"
    ran = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--only", measure, "--json", str(rows_file)],
        cwd=ROOT,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    rows = {told["name"]: Row(**told) for told in json.loads(rows_file.read_text("utf-8"))}
    assert rows.keys() == ROWS[measure]
    for row in rows.values():
        assert row.what in ran.stdout
        assert row.count > 0
        assert row.median is not None
        assert row.median > 0
        if measure != "start":  # Chromium is not installed everywhere, and is then skipped with a word
            assert row.limit_median is not None
        assert row.limit
    assert "processor" in ran.stdout
    assert "load" in ran.stdout


def test_a_quantile_is_a_value_that_occurred() -> None:
    values = [float(each) for each in range(1, 101)]
    assert (median(values), quantile(values, 0.99), quantile(values, 1.0), quantile(values, 0.0)) == (50, 99, 100, 1)
    assert quantile([3.0], 0.99) == 3.0


def test_the_table_tells_the_ratio_and_what_was_missed() -> None:
    met = Row("a", "one", count=2, median=3.0, limit="a peer", limit_median=2.0, goal="≤ 2 ×", met=True)
    missed = Row("b", "two", unit="s", count=1, median=123.4, met=False, note="why")
    skipped = Row("c", "three", limit="skipped: no Chromium")
    lines = table([met, missed, skipped]).splitlines()
    assert lines[2] == "| one, ms | 2 | 3.00 | – | – | a peer | 2.00 | 1.50 | ≤ 2 × | yes |"
    assert lines[3] == "| two, s | 1 | 123 | – | – | – | – | – | – | **no** |"
    assert lines[4] == "| three, ms | – | – | – | – | skipped: no Chromium | – | – | – | – |"
    assert lines[-1] == "* two: why"


def test_figures_have_three_digits() -> None:
    assert [number(each) for each in (1234.5, 12.34, 1.234, None)] == ["1,234", "12.3", "1.23", "–"]
