"""Contents as the bytes that are sealed: files as they are, and the same contents at the other end."""

import datetime as dt
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.offline_cache.world import START, application, collected
from wire.canonical import b64u
from wire.letters import Application, Attachment, Collected
from wire.packing import MAGIC, NotPacked, pack, unpack, unpacked

KIND = TypeAdapter(Application)
datas = st.one_of(st.binary(max_size=200).map(b64u), st.text(max_size=12), st.text("AQgw-_=#0", max_size=9))


def with_files(*told: str) -> Application:
    empty = hashlib.sha256().hexdigest()  # nobody compares it here; but no data means an empty file
    files = [Attachment(name=f"{n}", media_type="x/y", sha256=empty, data=data) for n, data in enumerate(told)]
    return application().model_copy(update={"page": files[0], "materials": tuple(files[1:])})


@given(st.lists(datas, min_size=1, max_size=4))
def test_any_contents_come_out_as_they_went_in(told: list[str]) -> None:
    contents = with_files(*told)
    packed = pack(contents)
    plain = b"".join(packed.pieces())
    assert len(plain) == packed.size
    assert unpack(plain, KIND) == contents


def test_a_file_is_carried_as_it_is() -> None:
    data = bytes(range(256)) * 400
    packed = pack(with_files(b64u(data), b64u(data[::-1])))
    plain = b"".join(packed.pieces())
    assert plain.endswith(data + data[::-1])
    assert packed.size < 2 * len(data) + 1500


def test_answers_that_look_like_attachments_are_left_alone() -> None:
    answers = {"data": "#0", "name": "#1", "page": "x"}
    contents = with_files(b64u(b"file")).model_copy(update={"answers": answers})
    assert unpack(b"".join(pack(contents).pieces()), KIND) == contents


def test_answers_that_name_the_file_itself_are_left_alone() -> None:
    file = b"file"
    sha256 = hashlib.sha256(file).hexdigest()
    page = Attachment(name="page.pdf", media_type="application/pdf", sha256=sha256, data="")
    contents = application().model_copy(update={"answers": {"sha256": sha256, "data": ""}, "page": page})
    there = unpack(b"".join(pack(contents, {sha256: file}).pieces()), KIND)
    assert there.answers == contents.answers
    assert there.page.data == b64u(file)


def test_contents_without_files_are_plain_json() -> None:
    contents = collected()
    plain = b"".join(pack(contents).pieces())
    assert json.loads(plain) == contents.model_dump(mode="json")
    assert unpack(plain, TypeAdapter(Collected)) == contents


def test_a_file_on_the_disk_is_never_whole_in_memory(tmp_path: Path) -> None:
    data = b"page of a scan " * 300_000
    file = tmp_path / "scan"
    file.write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    scanned = Attachment(name="scan.jpg", media_type="image/jpeg", sha256=sha256, data="")
    contents = with_files(b64u(b"page")).model_copy(update={"materials": (scanned,)})
    packed = pack(contents, {sha256: file})
    pieces = list(packed.pieces())
    assert max(map(len, pieces)) <= 1 << 20
    there = unpack(b"".join(pieces), KIND)
    assert there.materials[0].data == b64u(data)
    assert there.page == contents.page


def test_a_letter_never_leaves_without_its_file() -> None:
    nowhere = Attachment(name="scan.jpg", media_type="image/jpeg", sha256="1" * 64, data="")
    contents = with_files(b64u(b"page")).model_copy(update={"materials": (nowhere,)})
    with pytest.raises(ValueError, match="file"):
        pack(contents, {"2" * 64: b"another"})


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for plain in (data, MAGIC + data):
        with pytest.raises(ValueError):  # noqa: PT011 - any kind of it
            unpack(plain, KIND)


def test_a_changed_head_is_refused() -> None:
    plain = b"".join(pack(with_files(b64u(b"one"), b64u(b"two"))).pieces())
    for broken in (plain + b"x", plain[:-1], plain[:8], plain.replace(b'"#1"', b'"#7"')):
        with pytest.raises(NotPacked):
            unpacked(broken)


def test_times_survive() -> None:
    contents = with_files(b64u(b"x")).model_copy(update={"submitted_at": START + dt.timedelta(microseconds=1)})
    assert unpack(b"".join(pack(contents).pieces()), KIND).submitted_at == contents.submitted_at
