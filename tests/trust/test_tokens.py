"""Signed codes."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trust.keys import USE_CODE, USE_TERMINAL, KeyRing, SigningKey
from trust.tokens import LONGEST, Payload, TokenFault, TokenTooLong, read, write
from wire.canonical import b64u, canonical
from wire.tokens import IdCode, Proof, Receipt

NOW = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)
TERMINAL = SigningKey.generate()
CODER = SigningKey.generate()
RING = KeyRing([TERMINAL.public(USE_TERMINAL), CODER.public(USE_CODE)])
WORD = st.text(min_size=1, max_size=40)
HASH = st.text("0123456789abcdef", min_size=64, max_size=64)

RECEIPT = Receipt(case="C1", item="i", version=1, parts=("0" * 64,), at=NOW, terminal="T", counter=1, previous="0" * 64)
CODE = IdCode(id="c1", issued=NOW, expires=NOW, kind="citizen", name="张㛃𬱖", number="310101199001010022")
TOKEN = write(RECEIPT, TERMINAL)

payloads = st.one_of(
    st.builds(Receipt, case=WORD, item=WORD, parts=st.tuples(HASH), terminal=WORD, previous=HASH,
              at=st.datetimes(timezones=st.just(dt.UTC))),
    st.builds(Proof, serial=WORD, item=WORD, figures=HASH, terminal=WORD, at=st.datetimes(timezones=st.just(dt.UTC))),
)  # fmt: skip


@given(payloads)
def test_what_is_written_is_read(payload: Payload) -> None:
    assert read(write(payload, TERMINAL), RING, USE_TERMINAL, NOW) == payload


@given(st.integers(0, len(TOKEN) - 1), st.characters(codec="ascii", exclude_categories=["Cc", "Zs"]))
def test_no_character_can_be_changed(at: int, other: str) -> None:
    """Not even the unused bits at the end of a base64url group: a token has one text."""
    changed = TOKEN[:at] + other + TOKEN[at + 1 :]
    outcome = read(changed, RING, USE_TERMINAL, NOW)
    assert outcome == RECEIPT if changed == TOKEN else isinstance(outcome, TokenFault)


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    for shown in (text, "NT1." + text, TOKEN + text):
        outcome = read(shown, RING, USE_TERMINAL, NOW)
        assert isinstance(outcome, TokenFault) or shown.strip() == TOKEN


def test_faults_have_their_names() -> None:
    body, kid, sig = TOKEN.split(".")[1:]
    forged = write(RECEIPT.model_copy(update={"case": "C2"}), TERMINAL).split(".")[1]
    stranger = write(RECEIPT, SigningKey.generate())
    assert read("https://example.org/x", RING, USE_TERMINAL, NOW) is TokenFault.FOREIGN
    assert read("NT1." + "a" * LONGEST, RING, USE_TERMINAL, NOW) is TokenFault.TOO_LONG
    assert read(TOKEN[:-3], RING, USE_TERMINAL, NOW) is TokenFault.DAMAGED
    assert read(stranger, RING, USE_TERMINAL, NOW) is TokenFault.UNKNOWN_KEY
    assert read(TOKEN, RING, USE_CODE, NOW) is TokenFault.UNKNOWN_KEY
    assert read(f"NT1.{forged}.{kid}.{sig}", RING, USE_TERMINAL, NOW) is TokenFault.BAD_SIGNATURE
    assert read(f" NT1.{body}.{kid}.{sig}\r\n", RING, USE_TERMINAL, NOW) == RECEIPT


def test_a_key_cannot_say_what_is_not_its_use() -> None:
    """A stolen terminal must not be able to make citizens' codes."""
    both = KeyRing([TERMINAL.public(USE_TERMINAL), TERMINAL.public(USE_CODE)])
    assert read(write(CODE, TERMINAL), both, USE_TERMINAL, NOW) is TokenFault.WRONG_KIND
    assert read(write(RECEIPT, TERMINAL), both, USE_CODE, NOW) is TokenFault.WRONG_KIND


def _signed(raw: bytes) -> str:
    signed = f"NT1.{b64u(raw)}.{TERMINAL.kid}"
    return f"{signed}.{b64u(TERMINAL.sign(signed.encode()))}"


@pytest.mark.parametrize(
    "raw",
    [
        b"[]",
        b"null",
        b"{}",
        b"\xff",
        b"[" * 2000,
        canonical({"t": "receipt"}),
        canonical({"t": "elsewhere"}),
        canonical(RECEIPT.model_dump(mode="json") | {"more": 1}),
        canonical(RECEIPT.model_dump(mode="json")) + b" ",
    ],
)
def test_well_signed_nonsense_is_damaged(raw: bytes) -> None:
    assert read(_signed(raw), RING, USE_TERMINAL, NOW) is TokenFault.DAMAGED


def test_too_much_to_say_is_told_when_writing() -> None:
    with pytest.raises(TokenTooLong):
        write(RECEIPT.model_copy(update={"parts": ("0" * 64,) * 50}), TERMINAL)


def test_a_token_of_an_expired_key_can_be_read_as_of_then() -> None:
    ring = KeyRing([TERMINAL.public(USE_TERMINAL, not_after=NOW)])
    assert read(TOKEN, ring, USE_TERMINAL, NOW + dt.timedelta(days=1)) is TokenFault.BAD_SIGNATURE
    assert read(TOKEN, ring, USE_TERMINAL, RECEIPT.at) == RECEIPT
