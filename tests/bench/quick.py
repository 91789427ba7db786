"""One measure of the bench in its quick run, and whether it printed every row."""

import json
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.figures import Row

Expected = dict[str, set[str]]
"""Measure -> names of its rows."""


def prints_every_row(measure: str, expected: set[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows_file = folder / "rows.json"
    assert main(["--quick", "--only", measure, "--json", str(rows_file)]) == 0
    printed = capsys.readouterr().out
    rows = {told["name"]: Row(**told) for told in json.loads(rows_file.read_text("utf-8"))}
    assert rows.keys() == expected
    for row in rows.values():
        assert row.what in printed
        assert row.count > 0
        assert row.median is not None
        # What central gave back meanwhile may outweigh forty connections.
        assert row.median > 0 or row.name == "central-idle-memory"
        if measure != "start":  # Chromium is not installed everywhere, and is then skipped with a word
            assert row.limit_median is not None
        assert row.limit
    assert "processor" in printed
    assert "load" in printed
