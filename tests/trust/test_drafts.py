"""Sealed drafts: the same card at the same terminal, and nothing else."""

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hardware.api.id_card import LEAST_PHOTO, card_secret
from trust.drafts import DraftSecret
from trust.keys import KeyFileBroken
from trust.sealing import SealBroken

PHOTO = bytes(range(256)) * 4
HERE, ELSEWHERE = DraftSecret.generate(), DraftSecret.generate()
CARD = card_secret(b"text" * 64, PHOTO)
PLAIN = "上海市测试区样例路1号".encode()
SEALED = HERE.seal(CARD, PLAIN, context=b"item 1")

secrets = st.binary(min_size=32, max_size=32)


@given(secrets, st.binary(max_size=9000), st.binary(max_size=60))
def test_the_same_card_opens_what_was_sealed(card: bytes, plain: bytes, context: bytes) -> None:
    sealed = HERE.seal(card, plain, context=context)
    assert HERE.open(card, sealed, context=context) == plain
    assert plain not in sealed or len(plain) < 5  # a few bytes may stand there by chance


@given(secrets)
def test_another_card_or_terminal_opens_nothing_and_finds_nothing(card: bytes) -> None:
    assume(card != CARD)
    for secret, other in ((HERE, card), (ELSEWHERE, CARD), (ELSEWHERE, card)):
        with pytest.raises(SealBroken):
            secret.open(other, SEALED, context=b"item 1")
        assert secret.name(other, "item") != HERE.name(CARD, "item")


@given(st.data())
def test_a_changed_or_cut_draft_does_not_open(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SEALED) - 1))
    changed = bytearray(SEALED)
    changed[at] ^= data.draw(st.integers(1, 255))
    for broken in (bytes(changed), SEALED[:at]):
        with pytest.raises(SealBroken):
            HERE.open(CARD, broken, context=b"item 1")


@given(st.binary(max_size=200))
def test_any_bytes_are_survived(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        HERE.open(CARD, sealed, context=b"")


def test_it_is_bound_to_what_stands_beside_it_and_its_length_says_little() -> None:
    with pytest.raises(SealBroken):
        HERE.open(CARD, SEALED, context=b"item 2")
    assert len(HERE.seal(CARD, b"", context=b"")) == len(HERE.seal(CARD, bytes(2000), context=b""))
    assert HERE.seal(CARD, PLAIN, context=b"item 1") != SEALED


def test_names_differ_by_item_and_a_card_without_a_secret_has_none() -> None:
    assert HERE.name(CARD, "a") == HERE.name(CARD, "a") != HERE.name(CARD, "b")
    with pytest.raises(ValueError, match="no secret"):
        HERE.name(b"", "a")


def test_the_terminals_half_is_kept_in_a_private_file(tmp_path: Path) -> None:
    path = tmp_path / "draft.secret"
    HERE.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert DraftSecret.load(path).open(CARD, SEALED, context=b"item 1") == PLAIN
    assert repr(HERE) == "DraftSecret()"
    path.write_bytes(b"short")
    with pytest.raises(KeyFileBroken):
        DraftSecret.load(path)


@given(st.binary(min_size=256, max_size=256), st.binary(min_size=1, max_size=8))
def test_a_cards_secret_is_of_its_whole_text_and_photo(text: bytes, more: bytes) -> None:
    assert len(card_secret(text, PHOTO)) == 32
    assert card_secret(text, PHOTO) != card_secret(text + more, PHOTO) != card_secret(text, more + PHOTO)
    assert card_secret(text + more, PHOTO) != card_secret(text, more + PHOTO)  # where the text ends is part of it


@pytest.mark.parametrize("photo", [b"", bytes(1024), bytes(range(LEAST_PHOTO - 1)) * 20])
def test_a_card_without_a_photo_has_no_secret(photo: bytes) -> None:
    assert card_secret(b"text", photo) == b""
