"""The bench of the way to central runs: a cut letter is weighed, submissions are drained, absent peers are named."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.figures import Row
from bench.peers import mqtt, pouchdb
from bench.peers.running import Absent

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ("seconds", "wire", "terminal", "central")


@pytest.mark.timeout(200)  # a whole central is started, beside whatever else the machine does
def test_the_quick_run_prints_every_row_and_names_what_it_skipped(tmp_path: Path) -> None:
    rows_file = tmp_path / "rows.json"
    ran = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--only", "sync", "--json", str(rows_file)],
        cwd=ROOT,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    rows = {told["name"]: Row(**told) for told in json.loads(rows_file.read_text("utf-8"))}
    peers = {f"sync-{figure}-{peer}" for figure in (*FIGURES, "cuts") for peer in (pouchdb.NAME, mqtt.NAME)}
    assert rows.keys() == {"sync-cuts", *peers}
    cut = rows.pop("sync-cuts")
    assert cut.median is not None
    assert cut.median > 1  # no line carries a letter for less than its bytes
    assert cut.limit_median == 1
    for row in rows.values():
        assert row.median is not None
        assert "a quick run" in row.limit
        assert row.limit_median is None


@pytest.mark.parametrize("peer", [pouchdb, mqtt])
def test_a_peer_that_is_not_here_is_absent_with_a_word(peer: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *given, **more: None)
    answer = peer.drain([1000], 0.0)
    assert isinstance(answer, Absent)
    assert answer.why.startswith("no ")


def test_the_lock_of_the_peers_names_a_hash_for_everything_and_no_place() -> None:
    lock = json.loads((ROOT / "bench/peers/package-lock.json").read_text("utf-8"))
    packages = {name: told for name, told in lock["packages"].items() if name}
    assert len(packages) > 100
    assert [name for name, told in packages.items() if "integrity" not in told or "resolved" in told] == []
