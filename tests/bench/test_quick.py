"""The bench runs and prints every row; how fast anything is, is never a test."""

from pathlib import Path

import pytest

from bench.figures import Row, median, number, quantile, table
from tests.bench.quick import Expected, prints_every_row

ROWS: Expected = {
    "card": {"card"},
    "durable": {"durable-5kB", "durable-5MB"},
    "sealing": {"sealing-memory"},
    "central": {f"central-{what}-{each}" for what in ("rate", "cpu") for each in (1, 20, 64)}
    | {"central-idle-memory", "central-idle-cpu"},
}


@pytest.mark.timeout(200)  # programs are started, beside whatever else the machine does
@pytest.mark.parametrize("measure", ROWS)
def test_a_measure_prints_every_row(measure: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prints_every_row(measure, ROWS[measure], tmp_path, capsys)


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
