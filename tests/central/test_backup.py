"""A backup and its keys make the same central again; anything less is refused with a sentence."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bench.cluster import Cluster
from central import backup, desk
from central.__main__ import EXIT_CANNOT, main
from central.app import create_app
from central.backup import CannotCopy, back_up, restore
from central.jobs.opening import file_of
from central.settings import CentralSettings
from central.wiring import Central
from tests.central.databases import fresh
from tests.central.test_uploads import PAGE, large, send
from tests.central.world import BASE, NAME, NUMBER, Clock, Terminal
from wire.ids import ItemCode, RegionId, TerminalId
from wire.messages import AckState


@pytest.fixture
def elsewhere(
    central_settings: CentralSettings, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[CentralSettings]:
    """An empty place of the same kind."""
    told = replace(central_settings, folder=tmp_path / "elsewhere")
    if not told.database:
        yield told
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    with fresh(cluster, template="template1") as url:
        yield replace(told, database=url)


def ticket(central: Central, door: int) -> None:
    desk.register_ticket(
        central,
        RegionId("sh-310101"),
        TerminalId("NT-0001"),
        item=ItemCode("juzhuzheng-pickup"),
        what_zh="证",
        what_en="Card",
        door=door,
        number=NUMBER,
    )


def test_a_restored_central_knows_every_letter_and_serves_who_is_ahead_of_it(
    app: FastAPI,
    central: Central,
    terminal: Terminal,
    elsewhere: CentralSettings,
    tmp_path: Path,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = terminal.letter(terminal.application("A-1"))
    assert terminal.send(small)[0].state is AckState.RECEIVED
    header, body = large(terminal, "A-2")
    assert send(terminal, header, body) is AckState.RECEIVED
    ticket(central, 1)
    meanwhile, real = large(terminal, "A-4"), backup._copied

    def copied(*told: Path) -> int:
        assert send(terminal, *meanwhile) is AckState.RECEIVED  # it comes when the database was copied already
        return real(*told)

    with monkeypatch.context() as patched:
        patched.setattr(backup, "_copied", copied)
        said = back_up(central.settings, tmp_path / "backup")  # while it serves
    assert "2 letters" in said
    assert "keys are not in it" in said
    ticket(central, 2)
    ahead = terminal.ask("GET", "/v1/mirror").json()["mirror"]["version"]

    assert "2 letters are back" in restore(elsewhere, tmp_path / "backup", central.settings.folder / "keys")
    again = create_app(elsewhere, now=clock)
    with TestClient(again, base_url=BASE) as client:
        terminal.client = client
        assert terminal.send(small)[0].state is AckState.ALREADY
        assert send(terminal, header, body) is AckState.ALREADY
        assert send(terminal, *meanwhile) is AckState.RECEIVED
        page = file_of(again.state.central, "sh-310101", "A-2", 0)
        assert page is not None
        assert page[1] == PAGE
        mirror = terminal.ask("GET", f"/v1/mirror?have={ahead}").json()["mirror"]
        assert mirror["version"] > ahead
        assert [each["door"] for each in mirror["tickets"]] == [1]
        assert terminal.send(terminal.letter(terminal.application("A-3")))[0].state is AckState.RECEIVED


def test_a_backup_alone_tells_nothing_of_a_citizen(
    central: Central, terminal: Terminal, tmp_path: Path, elsewhere: CentralSettings
) -> None:
    terminal.send(terminal.letter(terminal.application("A-1")))
    back_up(central.settings, tmp_path / "backup")
    files = [path for path in (tmp_path / "backup").rglob("*") if path.is_file()]
    told = b"".join(path.read_bytes() for path in files)
    assert not any(text in told for text in (NAME.encode(), NUMBER.encode(), b"13800001234", b"PRIVATE KEY"))
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)
    other = tmp_path / "keys of another"
    create_app(CentralSettings(other)).state.central.close()
    with pytest.raises(CannotCopy, match="not those of this backup"):
        restore(elsewhere, tmp_path / "backup", other / "keys")
    restore(elsewhere, tmp_path / "backup", central.settings.folder / "keys")  # what failed is not in the way


def test_what_is_no_whole_backup_is_refused(
    central: Central, terminal: Terminal, tmp_path: Path, elsewhere: CentralSettings
) -> None:
    terminal.send(terminal.letter(terminal.application("A-1")))
    made, keys = tmp_path / "backup", central.settings.folder / "keys"
    back_up(central.settings, made)
    told = json.loads((made / "backup.json").read_text())
    with pytest.raises(CannotCopy, match="not empty"):
        back_up(central.settings, made)
    (made / "backup.json").unlink()
    with pytest.raises(CannotCopy, match="no backup"):
        restore(elsewhere, made, keys)
    (made / "backup.json").write_text("{")
    with pytest.raises(CannotCopy, match="damaged"):
        restore(elsewhere, made, keys)
    (made / "backup.json").write_text(json.dumps(told))
    (name,) = (each for each in told["files"] if each.startswith("central."))
    shutil.copy(made / name, tmp_path / "kept")
    with (made / name).open("ab") as file:
        file.write(b"x")
    with pytest.raises(CannotCopy, match="not as it was written"):
        restore(elsewhere, made, keys)
    shutil.copy(tmp_path / "kept", made / name)
    other = "" if elsewhere.database else "postgresql+psycopg://nobody@/none?host=/nowhere"
    with pytest.raises(CannotCopy, match="goes back into no other"):
        restore(replace(elsewhere, database=other), made, keys)
    with pytest.raises(CannotCopy, match="already"):
        restore(central.settings, made, keys)
    restore(elsewhere, made, keys)


def test_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create_app(CentralSettings(tmp_path / "c")).state.central.close()
    assert main(["backup", "--folder", str(tmp_path / "c"), "--to", str(tmp_path / "b")]) == 0
    told = ["--folder", str(tmp_path / "d"), "--from", str(tmp_path / "b"), "--keys", str(tmp_path / "c" / "keys")]
    assert main(["restore", *told]) == 0
    assert "0 letters are back" in capsys.readouterr().out
    assert main(["restore", *told]) == EXIT_CANNOT
    assert "already" in capsys.readouterr().err
    assert main(["backup", "--folder", str(tmp_path / "none"), "--to", str(tmp_path / "x")]) == EXIT_CANNOT
    assert not (tmp_path / "none").exists()
