"""As test_quick, of what starts whole terminals with a screen: by itself, so that the two files run side by side."""

from pathlib import Path

import pytest

from tests.bench.quick import Expected, prints_every_row

_WAYS = ("plain", "magnify", "wide-elder-contrast")
ROWS: Expected = {
    "touch": {f"{what}-{when}" for what in ("touch", "answer", "page") for when in ("idle", "uploading")},
    "modes": {f"mode-{way}" for way in _WAYS} | {f"slide-{way}" for way in _WAYS if way != "magnify"},
    "start": {"start-frame", "start-open", "memory"},
}


@pytest.mark.timeout(200)  # whole terminals are started, beside whatever else the machine does
@pytest.mark.parametrize("measure", ROWS)
def test_a_measure_prints_every_row(measure: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prints_every_row(measure, ROWS[measure], tmp_path, capsys)
