"""Signed requests."""

import base64
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trust.keys import USE_ACK, USE_TERMINAL, KeyRing, SigningKey
from trust.requests import MAX_AGE, RequestFault, claim_of, sign_request, verify_request

NOW = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)
KEY = SigningKey.generate()
RING = KeyRing([KEY.public(USE_TERMINAL)])
TARGET = "/v1/letters/0190?x=1"
SENT = {"Upload-Offset": "0", "Letter-Header": "e30", "Accept": "*/*"}
HEADERS = {**SENT, **sign_request(KEY, "PATCH", TARGET, SENT, b"piece", NOW)}


def verify(headers: dict[str, str] | None = None, *, method: str = "PATCH", target: str = TARGET,
           body: bytes = b"piece", now: dt.datetime = NOW) -> str | RequestFault:  # fmt: skip
    return verify_request(RING, method, target, HEADERS if headers is None else headers, body, now)


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in HEADERS.items() if key != name}


def test_a_signed_request_names_its_terminal() -> None:
    assert verify() == KEY.kid
    assert verify({name.lower(): value for name, value in HEADERS.items()}) == KEY.kid
    claim = claim_of(HEADERS)
    assert claim is not None
    assert claim.kid == KEY.kid
    assert claim_of({}) is None


def test_the_signature_base_is_the_one_of_the_standard() -> None:
    """RFC 9421 §2.5: the base is rebuilt here by hand from the header fields alone."""
    told = HEADERS["Signature-Input"].removeprefix("nt=")
    base = (
        f'"@method": PATCH\n"@path": /v1/letters/0190\n"@query": ?x=1\n"content-digest": {HEADERS["Content-Digest"]}\n'
        f'"upload-offset": 0\n"letter-header": e30\n"@signature-params": {told}'
    )
    sig = HEADERS["Signature"].removeprefix("nt=:").removesuffix(":")
    assert RING.verify(USE_TERMINAL, KEY.kid, base.encode(), base64.b64decode(sig), NOW)


def test_an_absent_query_is_a_lone_question_mark() -> None:
    signed = sign_request(KEY, "GET", "/v1/mirror", {}, b"", NOW)
    assert verify(signed, method="GET", target="/v1/mirror", body=b"") == KEY.kid
    assert verify(signed, method="GET", target="/v1/mirror?have=1", body=b"") is RequestFault.BAD_SIGNATURE


def test_nothing_that_matters_can_be_changed() -> None:
    assert verify(method="POST") is RequestFault.BAD_SIGNATURE
    assert verify(target="/v1/letters/0191?x=1") is RequestFault.BAD_SIGNATURE
    assert verify(target="/v1/letters/0190?x=2") is RequestFault.BAD_SIGNATURE
    assert verify(body=b"other") is RequestFault.BAD_DIGEST
    assert verify({**HEADERS, "Upload-Offset": "5"}) is RequestFault.BAD_SIGNATURE
    assert verify({**HEADERS, "Letter-Header": "e31"}) is RequestFault.BAD_SIGNATURE
    assert verify(without("Upload-Offset")) is RequestFault.UNCOVERED
    assert verify({**HEADERS, "Accept": "text/html"}) == KEY.kid


def test_a_header_that_matters_cannot_be_added_uncovered() -> None:
    signed = sign_request(KEY, "PATCH", TARGET, {}, b"", NOW)
    assert verify(signed, body=b"") == KEY.kid
    assert verify({**signed, "Upload-Offset": "9"}, body=b"") is RequestFault.UNCOVERED


@pytest.mark.parametrize("name", ["Signature", "Signature-Input", "Content-Digest"])
def test_a_missing_part_is_unsigned(name: str) -> None:
    assert verify(without(name)) is RequestFault.UNSIGNED


@given(st.sampled_from(["Signature", "Signature-Input", "Content-Digest"]), st.text(max_size=60))
def test_any_text_in_a_header_is_survived(name: str, text: str) -> None:
    assert isinstance(verify({**HEADERS, name: text}), RequestFault)


def test_requests_go_stale_both_ways() -> None:
    assert verify(now=NOW + MAX_AGE) == KEY.kid
    assert verify(now=NOW + MAX_AGE + dt.timedelta(seconds=1)) is RequestFault.STALE
    assert verify(now=NOW - MAX_AGE - dt.timedelta(seconds=1)) is RequestFault.STALE


def test_a_key_of_another_use_or_unknown_is_not_a_terminal() -> None:
    ring = KeyRing([KEY.public(USE_ACK)])
    assert verify_request(ring, "PATCH", TARGET, HEADERS, b"piece", NOW) is RequestFault.UNKNOWN_KEY


def test_two_signatures_of_the_same_request_differ() -> None:
    again = sign_request(KEY, "PATCH", TARGET, SENT, b"piece", NOW)
    assert again["Signature-Input"] != HEADERS["Signature-Input"]
