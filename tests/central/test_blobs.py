"""What every store of large bodies promises, on the disk and in an object store; and large letters through each."""

import hashlib
import logging
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import boto3
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from central import desk
from central.app import create_app
from central.jobs.intake import sweep
from central.jobs.opening import file_of
from central.settings import CentralSettings
from central.store import cases, objects
from central.store.bodies import BlobStore, Bodies
from central.store.database import StoreUnavailable
from central.store.objects import BadBlobsSetting, Objects, open_objects
from tests.central.databases import POSTGRESQL, SQLITE, fresh, settings_on
from tests.central.test_uploads import PAGE, large, send
from tests.central.world import BASE, Clock, Terminal
from wire.ids import RegionId, SiteId, TerminalId
from wire.messages import AckState

BUCKET = "nuanting-test"
NAME, OTHER = "a" * 64, "b" * 64


@pytest.fixture(scope="module")
def object_server() -> Iterator[dict[str, str]]:
    """The environment that names an object store on this machine, with a bucket in it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    environment = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "made-up",
        "AWS_SECRET_ACCESS_KEY": "made-up",
    }
    client = boto3.client(
        "s3",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        region_name="us-east-1",
        aws_access_key_id="made-up",
        aws_secret_access_key="made-up",
    )
    client.create_bucket(Bucket=BUCKET)
    client.close()
    yield environment
    server.stop()


@pytest.fixture(params=["disk", "objects"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "disk":
        return Bodies(tmp_path / "bodies")
    return open_objects(f"s3://{BUCKET}/{tmp_path.name}", request.getfixturevalue("object_server"))


def test_pieces_make_a_body(store: BlobStore) -> None:
    assert store.measure(NAME) == (0, "")
    assert list(store.names()) == []
    assert store.write_at(NAME, 0, b"one ")
    assert store.write_at(NAME, 4, b"two ")
    assert store.write_at(NAME, 8, b"three")
    assert store.write_at(OTHER, 0, b"")
    assert store.read(NAME) == b"one two three"
    assert store.measure(NAME) == (13, hashlib.sha256(b"one two three").hexdigest())
    assert (store.read(OTHER), store.measure(OTHER)) == (b"", (0, hashlib.sha256().hexdigest()))
    assert sorted(store.names()) == [NAME, OTHER]
    store.remove(NAME)
    store.remove(NAME)
    assert store.measure(NAME) == (0, "")
    assert list(store.names()) == [OTHER]


def test_a_piece_behind_a_gap_is_not_taken(store: BlobStore) -> None:
    assert not store.write_at(NAME, 5, b"behind nothing")
    assert store.write_at(NAME, 0, b"four")
    assert not store.write_at(NAME, 5, b"one too far")
    assert store.read(NAME) == b"four"


def test_what_is_not_there_is_a_fault_of_the_world(store: BlobStore) -> None:
    with pytest.raises(StoreUnavailable):
        store.read(NAME)


@pytest.mark.parametrize("name", ["", "a", "../" + "a" * 61, "A" * 64, "a" * 63 + "/", "a" * 65])
def test_no_other_name_is_a_body_s(store: BlobStore, name: str) -> None:
    for use in (store.read, store.measure, store.remove, lambda name: store.write_at(name, 0, b"")):
        with pytest.raises(ValueError, match="name of a body"):
            use(name)


def test_only_what_nobody_writes_to_is_idle(store: BlobStore) -> None:
    store.write_at(NAME, 0, b"now")
    assert list(store.idle(3600)) == []
    assert list(store.idle(-3600)) == [NAME]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 12), st.binary(min_size=1, max_size=6)), max_size=6))
def test_any_pieces_leave_what_a_file_would_hold(store: BlobStore, pieces: list[tuple[int, bytes]]) -> None:
    """Written over, cut off, behind a gap: the model is a string of bytes."""
    store.remove(NAME)
    expected = b""
    for offset, data in pieces:
        if store.write_at(NAME, offset, data):
            assert offset <= len(expected)
            expected = expected[:offset] + data
        else:
            assert offset > len(expected)
    assert store.measure(NAME)[0] == len(expected)
    assert expected == b"" or store.read(NAME) == expected


def test_what_a_cut_left_behind_a_gap_is_not_part_of_a_body(object_server: dict[str, str]) -> None:
    store = open_objects(f"s3://{BUCKET}/cut", object_server)
    store.write_at(NAME, 0, b"four")
    store._store.put(f"{NAME}/000000000006", b"left over")
    assert store.read(NAME) == b"four"
    assert store.write_at(NAME, 4, b"to")  # ends where the left-over begins, which must not be joined to it
    assert store.read(NAME) == b"fourto"


def test_a_store_that_is_not_there_is_a_fault_of_the_world(object_server: dict[str, str]) -> None:
    store = open_objects("s3://no-such-bucket/x", object_server)
    with pytest.raises(StoreUnavailable, match="object store"):
        store.write_at(NAME, 0, b"lost?")
    with pytest.raises(StoreUnavailable):
        list(store.names())


class _Moody(BaseHTTPRequestHandler):
    """An object store in which one piece of ten bytes lies: it lists it, and gives what it is told to give."""

    gives: ClassVar[tuple[int, int, bytes]]  # status, the length that it says, what comes

    def do_GET(self) -> None:
        status, length, body = 200, -1, b""
        if "list-type=2" in self.path:
            body = (
                f"<ListBucketResult><Contents><Key>{NAME}/000000000000</Key><Size>10</Size><ETag>e</ETag>"
                "<LastModified>2026-11-22T00:00:00.000Z</LastModified></Contents></ListBucketResult>"
            ).encode()
        else:
            status, length, body = self.gives
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length < 0 else length))
        self.send_header("Last-Modified", "Sun, 22 Nov 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    "gives",
    [(503, -1, b""), (200, 10, b"half "), (200, -1, b"half "), (200, -1, b"<html>later, please</html>")],
    ids=["503", "cut", "half", "page"],
)
def test_less_than_a_whole_piece_is_a_fault_of_the_world(
    gives: tuple[int, int, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the letter it belongs to would be refused for good, or kept as unreadable."""
    monkeypatch.setattr(objects, "_RETRIES", 0)
    monkeypatch.setattr(_Moody, "gives", gives, raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Moody) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            told = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}"}
            store = open_objects("s3://moody", told | {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"})
            for use in (store.read, store.measure, lambda name: store.write_at(name, 4, b"anew")):
                with pytest.raises(StoreUnavailable, match="object store"):
                    use(NAME)
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("url", ["", "bucket", "s3://", "s3:///prefix", "http://bucket/prefix"])
def test_a_setting_that_names_no_object_store_is_refused(url: str) -> None:
    with pytest.raises(BadBlobsSetting):
        open_objects(url, {})


@pytest.mark.parametrize("database", [SQLITE, POSTGRESQL])
def test_a_large_letter_goes_through_an_object_store(
    object_server: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    database: str,
) -> None:
    """With the disk, every test of uploads shows the same."""
    for name, value in object_server.items():
        monkeypatch.setenv(name, value)
    if database == SQLITE:
        through(CentralSettings(tmp_path / "c", blobs=f"s3://{BUCKET}/{tmp_path.name}"), tmp_path)
        return
    with fresh(request.getfixturevalue("cluster")) as url:
        told = settings_on(url, tmp_path / "c")
        through(CentralSettings(told.folder, database=url, blobs=f"s3://{BUCKET}/{tmp_path.name}"), tmp_path)


def through(told: CentralSettings, tmp_path: Path) -> None:
    clock = Clock()
    app = create_app(told, now=clock)
    central = app.state.central
    assert isinstance(central.bodies, Objects)
    with TestClient(app, base_url=BASE) as client:
        terminal = Terminal(client, clock)
        terminal.enrol(desk.enrolment_code(central, RegionId("sh"), SiteId("s"), TerminalId("NT-1")))
        header, body = large(terminal, "A-1")
        assert send(terminal, header, body) is AckState.RECEIVED
        with central.database.reading() as connection:
            (case,) = cases.find_cases(connection, "A-1")
        page = file_of(central, case.region, "A-1", 0)
        assert page is not None
        assert page[1] == PAGE
        assert len(list(central.bodies.names())) == 2  # the letter, and the page that was in it
        central.bodies.write_at("e" * 64, 0, b"left by a cut before the commit")
        assert sweep(central, idle_s=-3600) == 1
        assert len(list(central.bodies.names())) == 2
    assert not any(os.scandir(tmp_path / "c" / "bodies")) if (tmp_path / "c" / "bodies").exists() else True
