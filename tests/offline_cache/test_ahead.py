"""What is made before there is a letter: used once, for the keys it was made for; and files that are read in pieces."""

import hashlib
from pathlib import Path

import pytest

from offline_cache.ahead import Ahead
from tests.offline_cache.rig import Rig, a_rig
from tests.offline_cache.world import KEYS, START, Keys, a_store, application
from wire.canonical import b64u
from wire.deeds import Accepted, Refused, StoreRefused
from wire.letters import Attachment
from wire.messages import SMALL_LETTER


def test_no_key_is_wrapped_while_somebody_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_late(*_: object, **__: object) -> None:
        raise AssertionError("wrapped while somebody waits")

    with a_store(tmp_path) as store:
        for size in (100, 400_000):
            store.make_ready()
            with monkeypatch.context() as patched:
                patched.setattr("offline_cache.ahead.Envelope", too_late)
                assert isinstance(store.accept(application("C", size), subject="C"), Accepted)
                with pytest.raises(AssertionError):
                    store.accept(application("C", size), subject="C")


def test_a_blank_is_given_once_and_only_for_its_keys() -> None:
    ahead, keys, others = Ahead(), (KEYS.seal.public(),), (Keys().seal.public(),)
    ahead.prepare(keys, START)
    first, second = ahead.take(keys, START), ahead.take(keys, START)
    assert first.letter != second.letter
    assert first.envelope is not second.envelope
    ahead.prepare(keys, START)
    assert ahead.take(others, START).keys == others
    ahead.prepare(keys, START)
    ahead.prepare(others, START)
    assert ahead.take(keys, START).keys == keys


@pytest.mark.parametrize("size", [30_000, 2 * SMALL_LETTER])
def test_an_attachment_in_a_file_arrives_as_it_is(tmp_path: Path, size: int) -> None:
    data = hashlib.shake_128(b"scan").digest(size)
    scan = tmp_path / "scan"
    scan.write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    attached = Attachment(name="scan.jpg", media_type="image/jpeg", sha256=sha256, data="")
    contents = application("C1").model_copy(update={"materials": (attached,)})
    with a_rig(tmp_path / "store") as rig:
        for subject, source in (("FILE", scan), ("BYTES", data)):
            outcome = rig.store.accept(contents, subject=subject, files={sha256: source})
            assert isinstance(outcome, Accepted)
        rig.sync.round()
        arrived = [rig.end.opened(letter)["materials"][0]["data"] for letter in rig.end.order]
        assert arrived == [b64u(data)] * 2


def test_a_file_that_cannot_be_read_refuses_and_leaves_nothing(tmp_path: Path) -> None:
    attached = Attachment(name="scan.jpg", media_type="image/jpeg", sha256="1" * 64, data="")
    contents = application("C1").model_copy(update={"materials": (attached,)})
    with a_rig(tmp_path / "store") as rig:
        gone = {"1" * 64: tmp_path / "gone"}
        assert rig.store.accept(contents, subject="C1", files=gone) == Refused(StoreRefused.BROKEN)
        assert left(rig) == []


def left(rig: Rig) -> list[Path]:
    folder = rig.store._bodies.folder
    return list(folder.iterdir()) if folder.exists() else []
