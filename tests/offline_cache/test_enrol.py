"""Enrolment, the identity's files, and citizens' codes."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_cache.citizen_codes import SKEW, CitizenCodes
from offline_cache.enrol import NotEnrolled, WhyNotEnrolled, enrol, enrol_here
from offline_cache.identity import IDENTITY_FILE, KEY_FILE, Identity, IdentityFault
from tests.offline_cache import world
from tests.offline_cache.world import IDENTITY, KEYS, NAME, NUMBER, START, CentralEnd, HandClock, serving
from trust.keys import USE_ACK, USE_CODE, USE_TERMINAL, KeyRing, SigningKey
from trust.tokens import write
from wire.messages import EnrolAnswer
from wire.tokens import CodeFault, IdCode, Receipt


@pytest.fixture
def end() -> CentralEnd:
    return CentralEnd()


@pytest.fixture
def url(end: CentralEnd) -> Iterator[str]:
    with serving(end) as served:
        yield served


def test_a_machine_becomes_a_terminal(tmp_path: Path, url: str) -> None:
    folder = tmp_path / "new" / "store"
    identity = enrol_here(url, " CODE-1 ", folder, HandClock())
    assert isinstance(identity, Identity)
    assert (identity.region, identity.site, identity.terminal) == ("31", "site-1", "terminal-1")
    again = Identity.load(folder)
    assert isinstance(again, Identity)
    assert (again.keys, again.key.kid) == (KEYS.public(), identity.key.kid)
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        IDENTITY_FILE: 0o600,
        KEY_FILE: 0o600,
    }


def test_after_a_lost_answer_the_same_key_is_shown_again(tmp_path: Path, end: CentralEnd, url: str) -> None:
    shown = []
    end.when = lambda handler: shown.append(handler.body)
    end.faults = [world.half_reply]
    first = enrol_here(url, "CODE-1", tmp_path, HandClock())
    assert first == NotEnrolled(WhyNotEnrolled.UNREACHABLE, "link.cut")
    assert isinstance(Identity.load(tmp_path), IdentityFault)
    key = SigningKey.load(tmp_path / KEY_FILE)
    identity = enrol_here(url, "CODE-1", tmp_path, HandClock())
    assert isinstance(identity, Identity)
    assert identity.key.kid == key.kid
    assert key.kid.encode() in shown[-1]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (lambda handler: handler.error(403, "enrol.used"), WhyNotEnrolled.BAD_CODE),
        (lambda handler: handler.error(422, "enrol.not_a_request"), WhyNotEnrolled.BAD_CODE),
        (world.html_200, WhyNotEnrolled.BAD_ANSWER),
        (world.garbage_json, WhyNotEnrolled.BAD_ANSWER),
        (world.error_500, WhyNotEnrolled.UNREACHABLE),
        (
            lambda handler: handler.message(EnrolAnswer(region="31", site="s", terminal="t", keys=())),
            WhyNotEnrolled.BAD_ANSWER,
        ),
        (
            lambda handler: handler.message(
                EnrolAnswer(region="31", site="s", terminal="t", keys=(KEYS.ack.public(USE_ACK),))
            ),
            WhyNotEnrolled.BAD_ANSWER,
        ),
    ],
)
def test_why_not_has_its_word(end: CentralEnd, url: str, reply: world.Reply, reason: WhyNotEnrolled) -> None:
    end.faults = [reply]
    outcome = enrol(url, "CODE-1", SigningKey.generate(), HandClock())
    assert isinstance(outcome, NotEnrolled)
    assert outcome.reason is reason
    assert "CODE" not in outcome.detail


def test_an_impossible_code_is_not_sent(end: CentralEnd, url: str) -> None:
    for code in ("", "  ", "x" * 121):
        assert enrol(url, code, SigningKey.generate(), HandClock()) == NotEnrolled(WhyNotEnrolled.BAD_CODE)
    assert end.seen == []


@pytest.mark.parametrize("name", [IDENTITY_FILE, KEY_FILE])
def test_a_damaged_identity_is_not_a_missing_one(tmp_path: Path, name: str) -> None:
    assert Identity.load(tmp_path) is IdentityFault.MISSING
    IDENTITY.save(tmp_path)
    (tmp_path / name).write_bytes(b"\xff{")
    assert Identity.load(tmp_path) is IdentityFault.DAMAGED
    (tmp_path / name).unlink()
    assert Identity.load(tmp_path) is IdentityFault.MISSING


# ---- citizens' codes ----------------------------------------------------------------------------------------

CODES = CitizenCodes(lambda: KeyRing(KEYS.public()))
MADE = IdCode(
    id="code-1", issued=START, expires=START + dt.timedelta(minutes=10), kind="citizen", name=NAME, number=NUMBER
)
TEXT = write(MADE, KEYS.code)


def test_a_code_of_central_stands_for_the_card() -> None:
    assert CODES.check(TEXT, START) == MADE
    assert CODES.check(f"\ufeff{TEXT}\r\n".lstrip("\ufeff"), START) == MADE


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (-SKEW - dt.timedelta(seconds=1), CodeFault.NOT_YET),
        (-SKEW, MADE),
        (dt.timedelta(minutes=10) + SKEW - dt.timedelta(seconds=1), MADE),
        (dt.timedelta(minutes=10) + SKEW, CodeFault.EXPIRED),
        (dt.timedelta(days=400), CodeFault.EXPIRED),
    ],
)
def test_a_code_has_its_time_with_five_minutes_of_grace(after: dt.timedelta, expected: IdCode | CodeFault) -> None:
    assert CODES.check(TEXT, START + after) == expected


def test_other_texts_are_foreign_or_damaged() -> None:
    other = SigningKey.generate()
    receipt = Receipt(case="C1", item="i", version=1, parts=(), at=START, terminal="T", counter=1, previous="0" * 64)
    forged = TEXT.split(".")
    forged[1] = write(MADE.model_copy(update={"number": "11010519491231002X"}), KEYS.code).split(".")[1]
    both = CitizenCodes(lambda: KeyRing([*KEYS.public(), other.public(USE_TERMINAL), other.public(USE_CODE)]))
    assert CODES.check("https://qr.alipay.com/abc", START) is CodeFault.FOREIGN
    assert CODES.check("", START) is CodeFault.FOREIGN
    assert CODES.check(write(MADE, other), START) is CodeFault.FOREIGN
    assert both.check(write(receipt, other), START) is CodeFault.FOREIGN
    assert CODES.check(TEXT[:-1], START) is CodeFault.DAMAGED
    assert CODES.check(".".join(forged), START) is CodeFault.DAMAGED
    assert CODES.check("NT1." + "x" * 5000, START) is CodeFault.DAMAGED


@given(st.text(max_size=3000))
def test_any_text_shown_is_survived(text: str) -> None:
    assert isinstance(CODES.check(text, START), CodeFault)
    assert isinstance(CODES.check("NT1." + text, START), CodeFault)


def test_a_withdrawn_key_ends_its_codes_at_once() -> None:
    rings = [KeyRing(KEYS.public()), KeyRing(KEYS.public()[:1])]
    codes = CitizenCodes(lambda: rings.pop(0))
    assert codes.check(TEXT, START) == MADE
    assert codes.check(TEXT, START) is CodeFault.FOREIGN
