"""Central as it is run: a process of its own, killed, restarted, misused; and answers that break on their way."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from starlette.types import ASGIApp

from central import desk
from central.__main__ import EXIT_CANNOT, main
from central.app import create_app
from central.console.verification import Finding, verify
from central.jobs.opening import file_of
from central.keys import utc_now
from central.serving import CentralServer, address_of, open_listener
from central.settings import CentralSettings, is_loopback
from central.store import cases, letters
from central.store.database import StoreDamaged
from central.store.tables import meta
from central.wiring import open_central
from demo.faulty_central import CentralFault, FaultyCentral
from tests.central.databases import settings_on
from tests.central.waiting import PATIENCE_S, settled
from tests.central.world import BASE, Clock, Terminal
from trust.keys import USE_CODE, KeyRing
from trust.requests import sign_request
from trust.tokens import read
from wire.canonical import b64u, canonical
from wire.ids import RegionId, SiteId, TerminalId
from wire.messages import PIECE, AckState, LetterHeader, SignedAcks
from wire.tokens import IdCode

ROOT = Path(__file__).parents[2]


def log_of(folder: Path) -> Path:
    return folder.with_name(folder.name + ".stderr")


@contextmanager
def served(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Central in a process of its own, and its address. What it logs goes to a file: a pipe nobody reads fills up."""
    with log_of(folder).open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "central", "serve", "--folder", str(folder), "--port", "0"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert told["url"] == f"http://127.0.0.1:{told['port']}"
        yield process, told["url"]
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def now() -> Clock:
    """The signatures' time: a process of its own has the machine's clock."""
    return Clock(utc_now())


def cut_off(terminal: Terminal, header: LetterHeader, offset: int, piece: bytes, sent: int, url: str) -> socket.socket:
    """A signed piece of which only `sent` bytes are on their way, on a connection that stays open."""
    target = f"/v1/letters/{header.id}"
    told = {"Upload-Offset": str(offset), "Letter-Header": b64u(canonical(header.model_dump(mode="json")))}
    told |= sign_request(terminal.key, "PATCH", target, told, piece, terminal.clock())
    lines = [f"PATCH {target} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(piece)}"]
    lines += [f"{name}: {value}" for name, value in told.items()]
    half = socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])))
    half.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + piece[:sent])
    return half


@pytest.mark.timeout(180)  # a process is started four times
def test_kills_in_the_middle_of_pieces_lose_nothing_that_was_told(tmp_path: Path, now: Clock) -> None:
    folder = tmp_path / "central"
    page = b"%PDF-" + os.urandom(4 * PIECE)
    told = 0
    app = create_app(CentralSettings(folder), now=now)  # in this process: nothing is killed before a piece has come
    with TestClient(app, base_url=BASE) as client:
        terminal = Terminal(client, now)
        code = desk.enrolment_code(app.state.central, RegionId("sh"), SiteId("s"), TerminalId("NT-1"))
        assert terminal.enrol(code).status_code == 200
    contents = terminal.application("A-1", page=page)
    letter = terminal.letter_id()
    body = terminal.sealed(contents, letter)
    header = terminal.header(contents, letter, body)
    for cut in (5000, PIECE):  # half a piece; a whole one, killed while it is being written
        with (
            served(folder) as (process, url),
            httpx2.Client(base_url=url, trust_env=False, timeout=PATIENCE_S) as client,
        ):
            terminal.client = client
            held = terminal.held(letter)
            assert held in (told, told + PIECE)  # never less than was told; more if the kill came after the commit
            answer = terminal.piece(header, held, body[held : held + PIECE])
            assert answer.status_code == 204
            told = int(answer.headers["Upload-Offset"])
            with cut_off(terminal, header, told, body[told : told + PIECE], cut, url):
                process.send_signal(signal.SIGKILL)
                process.wait()
    with served(folder) as (process, url), httpx2.Client(base_url=url, trust_env=False, timeout=PATIENCE_S) as client:
        terminal.client = client
        offset = terminal.held(letter)
        while (answer := terminal.piece(header, offset, body[offset : offset + PIECE])).status_code == 204:
            offset = int(answer.headers["Upload-Offset"])
        assert next(ack.state for ack in terminal.believed(answer)) in (AckState.RECEIVED, AckState.ALREADY)
        process.send_signal(signal.SIGKILL)  # acknowledged is acknowledged
        process.wait()
    central = settled(open_central(CentralSettings(folder)))
    with central.database.reading() as connection:
        (case,) = cases.find_cases(connection, "A-1")
    assert case.flags == ()
    kept = file_of(central, "sh", "A-1", 0)
    assert kept is not None
    assert kept[1] == page
    central.close()


def test_a_stop_is_clean_and_nothing_is_for_others_to_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "central"
    with served(folder) as (process, url):
        assert httpx2.get(f"{url}/health", trust_env=False, timeout=PATIENCE_S).json()["state"] == "ok"
        assert main(["serve", "--folder", str(folder), "--port", "0"]) == EXIT_CANNOT
        assert "another central serves" in capsys.readouterr().err
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=50)
    assert (out, log_of(folder).read_text()) == ("", "")
    for path in [folder, *folder.rglob("*")]:
        if path.suffix != ".lock":
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_other_addresses_than_this_machine_need_a_proxy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--folder", str(tmp_path), "--host", "0.0.0.0"]) == EXIT_CANNOT  # noqa: S104 the point
    assert "--behind-proxy" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.1.2.3", False), ("central", False), ("", False)],
)
def test_loopback_is_told_apart(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_the_desk_works_beside_a_central_that_serves(
    tmp_path: Path, now: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "central"
    common = ["--folder", str(folder), "--region", "sh", "--terminal", "NT-1"]
    goods = [
        "--item",
        "juzhuzheng-pickup",
        "--what-zh",
        "证",
        "--what-en",
        "Card",
        "--door",
        "4",
        "--number",
        "310101194905150023",
    ]

    def desk_says(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        told = capsys.readouterr()
        return code, told.out.strip(), told.err.strip()

    with served(folder) as (_, url), httpx2.Client(base_url=url, trust_env=False, timeout=PATIENCE_S) as client:
        code, out, _ = desk_says("code", *common, "--site", "人民广场")
        terminal = Terminal(client, now)
        assert terminal.enrol(out).status_code == 200
        assert desk_says("ticket", *common, *goods)[0] == 0
        code, out, refused = desk_says("ticket", *common, *goods)
        assert (code, out) == (EXIT_CANNOT, "")
        assert "behind door 4" in refused
        mirror = terminal.ask("GET", "/v1/mirror?have=0").json()["mirror"]
        assert [ticket["door"] for ticket in mirror["tickets"]] == [4]
        code, out, _ = desk_says(
            "idcode", "--folder", str(folder), "--name", "王", "--number", "310101194905150023", "--birth", "1949-05-15"
        )
        told = read(out, KeyRing(terminal.keys), USE_CODE, now())
        assert isinstance(told, IdCode)
        assert (told.expires - told.issued).total_seconds() == 600
        assert desk_says("withdraw", *common)[0] == 0
        assert terminal.ask("GET", "/v1/mirror").status_code == 403
        unknown = desk_says("withdraw", "--folder", str(folder), "--region", "sh", "--terminal", "NT-2")
        assert unknown[:2] == (EXIT_CANNOT, "")
        assert "no terminal NT-2 is enrolled in region sh" in unknown[2]


# ---- folders that cannot be used ----------------------------------------------------------------------------


def test_a_damaged_database_is_not_started_with_and_not_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "central"
    open_central(CentralSettings(folder)).close()
    (folder / "central.db").write_bytes(b"not a database at all" * 1000)
    before = (folder / "central.db").read_bytes()
    with pytest.raises(StoreDamaged):
        open_central(CentralSettings(folder))
    assert main(["serve", "--folder", str(folder), "--port", "0"]) == EXIT_CANNOT
    assert "not a sound database" in capsys.readouterr().err
    assert (folder / "central.db").read_bytes() == before


def test_lost_or_broken_keys_are_named_and_never_made_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "central"
    open_central(CentralSettings(folder)).close()
    seal = folder / "keys" / "seal.key"
    seal.write_text("nonsense")
    assert main(["serve", "--folder", str(folder), "--port", "0"]) == EXIT_CANNOT
    assert "seal.key" in capsys.readouterr().err
    seal.unlink()
    assert main(["serve", "--folder", str(folder), "--port", "0"]) == EXIT_CANNOT
    assert "does not make new keys" in capsys.readouterr().err
    assert not seal.exists()


def test_a_newer_schema_is_not_touched(tmp_path: Path) -> None:
    folder = tmp_path / "central"
    central = open_central(CentralSettings(folder))
    with central.database.writing() as connection:
        connection.execute(meta.update().values(value="99"))
    central.close()
    with pytest.raises(StoreDamaged, match="schema 99"):
        open_central(CentralSettings(folder))


# ---- answers that break on their way ------------------------------------------------------------------------


@contextmanager
def in_a_thread(app: ASGIApp) -> Iterator[str]:
    """The address of an application that is served by a thread of this process."""
    ready = threading.Event()
    server = CentralServer(app, ready.set)
    with open_listener("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="central-in-a-thread")
        thread.start()
        try:
            assert ready.wait(PATIENCE_S)
            yield address_of(listener)[0]
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def on_a_bad_day(folder: Path, now: Clock) -> Iterator[tuple[FaultyCentral, Any, str]]:
    """A real server in a thread, its answers broken at will."""
    app = create_app(settings_on("", folder), now=now)
    faulty = FaultyCentral(app, slow_s=0.05)
    with in_a_thread(faulty) as url:
        yield faulty, app.state.central, url


@pytest.mark.log_warnings_expected
def test_a_bad_day_s_answers_are_not_acknowledgements_and_nothing_is_doubled(tmp_path: Path, now: Clock) -> None:
    with (
        on_a_bad_day(tmp_path, now) as (faulty, central, url),
        httpx2.Client(base_url=url, trust_env=False, timeout=PATIENCE_S) as client,
    ):
        terminal = Terminal(client, now)
        code = desk.enrolment_code(central, RegionId("sh"), SiteId("s"), TerminalId("NT-1"))
        terminal.enrol(code)
        letter = terminal.letter(terminal.application("A-1"))

        faulty.fault = CentralFault.LOGIN_PAGE
        answer = terminal.post(letter)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        faulty.fault = CentralFault.SERVER_ERROR
        assert terminal.post(letter).status_code == 500
        with central.database.reading() as connection:
            assert letters.find(connection, "sh", letter.header.id) is None

        faulty.fault = CentralFault.WRONG_SIGNATURE
        answer = terminal.post(letter)
        told = SignedAcks.model_validate_json(answer.content)
        assert told.acks[0].state is AckState.RECEIVED
        with pytest.raises(AssertionError):
            terminal.believed(answer)
        faulty.fault = CentralFault.HALF_REPLY
        with pytest.raises(httpx2.RemoteProtocolError):
            terminal.post(letter)
        faulty.fault = CentralFault.LOST_ANSWER
        assert terminal.post(letter).status_code == 500
        faulty.fault = CentralFault.SLOW
        assert terminal.send(letter)[0].state is AckState.ALREADY
        assert faulty.met == 6
        with settled(central).database.reading() as connection:
            assert len(cases.newest_cases(connection, 10)) == 1
        receipt = cases_receipt(central)
        assert verify(central, receipt).finding is Finding.RECEIPT


def cases_receipt(central: Any) -> str:
    with central.database.reading() as connection:
        return cases.newest_cases(connection, 1)[0].receipt


@pytest.mark.log_warnings_expected
def test_a_request_whose_body_never_comes_is_let_go(tmp_path: Path, now: Clock) -> None:
    app = create_app(CentralSettings(tmp_path, body_timeout_s=0.2), now=now)
    with in_a_thread(app) as url, socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as slow:
        slow.settimeout(20)
        slow.sendall(b"POST /v1/enrol HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{")
        answer = b""
        while chunk := slow.recv(4096):
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 408")
    assert answer.endswith(b'{"error":"request.too_slow"}')


def test_answers_do_not_wait_for_delayed_acknowledgements() -> None:
    """asyncio sets TCP_NODELAY only where the socket says that it is TCP."""
    with open_listener("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_a_mistyped_folder_is_not_taken_for_a_new_central(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "typo"
    assert main(["backup", "--folder", str(folder), "--to", str(tmp_path / "copy")]) == EXIT_CANNOT
    assert main(["keys", "list", "--folder", str(folder)]) == EXIT_CANNOT
    assert capsys.readouterr().err.count("there is no central in") == 2
    assert not folder.exists()
    who = ("--region", "sh", "--site", "s", "--terminal", "NT-1")
    assert main(["code", "--folder", str(folder), *who]) == 0
    assert "a new central was begun" in capsys.readouterr().err
    assert main(["code", "--folder", str(folder), *who]) == 0
    assert "begun" not in capsys.readouterr().err
