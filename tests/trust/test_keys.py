"""Signing keys and the ring."""

import base64
import datetime as dt
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trust.files import write_private
from trust.keys import ECDSA_P256, USE_ACK, USE_TERMINAL, KeyFileBroken, KeyRing, SigningKey, kid_of
from wire.canonical import b64u
from wire.messages import PublicKey

NOW = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)
KEY = SigningKey.generate()
OTHER = SigningKey.generate()


def test_the_published_example_of_rfc_9421_verifies() -> None:
    """RFC 9421 B.1.3 (key) and B.2.4 (signature over a response): made by nobody of this house."""
    spki = base64.b64decode(
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lfw0EkjqF7xB4FivAxzic30tMM"
        "4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ=="
    )
    base = (
        '"@status": 200\n'
        '"content-type": application/json\n'
        '"content-digest": sha-512='
        ":mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:\n"
        '"content-length": 23\n'
        '"@signature-params": ("@status" "content-type" "content-digest" "content-length")'
        ';created=1618884473;keyid="test-key-ecc-p256"'
    )
    sig = base64.b64decode("wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==")
    kid = kid_of(spki)
    ring = KeyRing([PublicKey(kid=kid, alg=ECDSA_P256, use=USE_ACK, key=b64u(spki))])
    assert ring.verify(USE_ACK, kid, base.encode(), sig, NOW)
    assert not ring.verify(USE_ACK, kid, base.encode() + b" ", sig, NOW)


@given(st.binary(max_size=300))
def test_what_a_key_signs_verifies_for_its_use_alone(data: bytes) -> None:
    ring = KeyRing([KEY.public(USE_ACK)])
    sig = KEY.sign(data)
    assert len(sig) == 64
    assert ring.verify(USE_ACK, KEY.kid, data, sig, NOW)
    assert not ring.verify(USE_TERMINAL, KEY.kid, data, sig, NOW)
    assert not ring.verify(USE_ACK, OTHER.kid, data, sig, NOW)
    assert not ring.verify(USE_ACK, KEY.kid, data + b"\0", sig, NOW)
    assert not ring.verify(USE_ACK, KEY.kid, data, OTHER.sign(data), NOW)


@given(st.binary(max_size=80))
def test_any_bytes_as_a_signature_are_just_wrong(sig: bytes) -> None:
    assert not KeyRing([KEY.public(USE_ACK)]).verify(USE_ACK, KEY.kid, b"data", sig, NOW)


def test_a_key_ends_when_it_says() -> None:
    ring = KeyRing([KEY.public(USE_ACK, not_after=NOW)])
    sig = KEY.sign(b"data")
    later = NOW + dt.timedelta(seconds=1)
    assert ring.verify(USE_ACK, KEY.kid, b"data", sig, NOW)
    assert not ring.verify(USE_ACK, KEY.kid, b"data", sig, later)
    assert [key.kid for key in ring.of_use(USE_ACK, NOW)] == [KEY.kid]
    assert ring.of_use(USE_ACK, later) == ()


@pytest.mark.parametrize(
    "spoilt",
    [
        KEY.public(USE_ACK).model_copy(update={"key": "%%%"}),
        KEY.public(USE_ACK).model_copy(update={"key": b64u(b"not a key")}),
        KEY.public(USE_ACK).model_copy(update={"alg": "none"}),
        KEY.public(USE_ACK).model_copy(update={"kid": "0" * 16}),
        KEY.public(USE_ACK).model_copy(update={"key": OTHER.public(USE_ACK).key}),
    ],
)
def test_a_spoilt_key_verifies_nothing_and_spoils_no_other(spoilt: PublicKey) -> None:
    ring = KeyRing([spoilt, OTHER.public(USE_ACK)])
    assert not ring.verify(USE_ACK, spoilt.kid, b"data", KEY.sign(b"data"), NOW)
    assert ring.verify(USE_ACK, OTHER.kid, b"data", OTHER.sign(b"data"), NOW)


def test_a_key_file_is_private_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "terminal.key"
    path.with_name("terminal.key.new").write_bytes(b"left behind by a cut")
    KEY.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SigningKey.load(path).kid == KEY.kid
    assert [each.name for each in tmp_path.iterdir()] == ["terminal.key"]


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_broken_key_file_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "terminal.key"
    path.write_bytes(content)
    with pytest.raises(KeyFileBroken):
        SigningKey.load(path)


def test_a_planted_link_is_not_written_through(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"keep")
    (tmp_path / "terminal.key.new").symlink_to(victim)
    write_private(tmp_path / "terminal.key", b"secret")
    assert victim.read_bytes() == b"keep"


def test_nothing_secret_is_shown() -> None:
    assert repr(KEY) == f"SigningKey({KEY.kid})"
