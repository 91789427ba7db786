"""Records: asked for with a fresh consent, made up openly in the demonstration, never kept."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.connectors.demo import MONTHS, SOURCE, DemoConnector
from central.jobs.records import figures_hash
from central.rules.records import number_is_sound
from central.wiring import Central
from tests.central.databases import all_that_is_kept
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.world import NAME, NUMBER, Clock, Terminal, error
from trust.keys import USE_ACK, KeyRing
from wire.canonical import canonical, un_b64u
from wire.messages import RecordAnswer, RecordRequest, RecordState, SignedRecord
from wire.records import LEAST_NONCE, signed_bytes

NONCE = "n" * LEAST_NONCE


def ask(terminal: Terminal, number: str = NUMBER, item: str = "shebao-proof", **consent: float) -> RecordAnswer | str:
    at = terminal.clock() + dt.timedelta(**consent)
    request = RecordRequest(item=item, holder_number=number, holder_name=NAME, consent_at=at, nonce=NONCE)
    answer = terminal.ask("POST", "/v1/records", canonical(request.model_dump(mode="json")))
    if answer.status_code != 200:
        return error(answer)
    signed = SignedRecord.model_validate_json(answer.content)
    told = signed_bytes(signed.record.model_dump(mode="json"), request)
    assert KeyRing(terminal.keys).verify(USE_ACK, signed.kid, told, un_b64u(signed.sig), terminal.clock())
    return signed.record


def demo(central: Central) -> DemoConnector:
    connector = central.connectors["shebao-proof"]
    assert isinstance(connector, DemoConnector)
    return connector


def test_a_record_is_two_years_of_made_up_months_and_says_so(terminal: Terminal) -> None:
    answer = ask(terminal)
    assert isinstance(answer, RecordAnswer)
    assert answer.state is RecordState.FOUND
    assert answer.source == SOURCE
    assert answer.columns == ("缴费年月", "缴费基数", "个人缴费", "单位", "状态")
    assert len(answer.rows) == MONTHS
    assert (answer.rows[0][0], answer.rows[-1][0]) == ("2024-11", "2026-10")
    assert answer.heading["姓名"] == NAME
    assert ask(terminal) == answer


def sound(start: str) -> str:
    return next(start + check for check in "0123456789X" if number_is_sound(start + check))


def test_nobody_else_gets_the_same_figures(terminal: Terminal) -> None:
    one, two = ask(terminal), ask(terminal, sound("31010119490515004"))
    assert isinstance(one, RecordAnswer)
    assert isinstance(two, RecordAnswer)
    assert one.rows != two.rows


def test_some_people_have_no_record_and_a_department_may_be_away(
    terminal: Terminal, central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = sound("31010119490515999")
    nothing = ask(terminal, number)
    assert isinstance(nothing, RecordAnswer)
    assert (nothing.state, nothing.rows) == (RecordState.NOTHING, ())
    monkeypatch.setattr(demo(central), "available", False)
    away = ask(terminal)
    assert isinstance(away, RecordAnswer)
    assert (away.state, away.rows) == (RecordState.UNAVAILABLE, ())


@pytest.mark.parametrize(
    ("consent", "word"),
    [
        ({"hours": -25}, "record.consent_old"),
        ({"minutes": 11}, "record.consent_ahead"),
    ],
)
def test_a_record_needs_a_fresh_consent(terminal: Terminal, consent: dict[str, float], word: str) -> None:
    assert ask(terminal, **consent) == word


@pytest.mark.parametrize(
    "number", ["", "1", "310101194905150029", "３10101194905150028", "x" * 18, "31010119490515002８"]
)
def test_a_number_that_cannot_exist_is_asked_of_nobody(terminal: Terminal, number: str) -> None:
    assert ask(terminal, number) == "record.bad_number"


def test_an_item_without_a_connector_is_not_answered(terminal: Terminal) -> None:
    assert ask(terminal, item="jinglaoka") == "record.no_connector"


@pytest.mark.parametrize("nonce", ["", "n" * (LEAST_NONCE - 1)])
def test_an_asking_without_a_fresh_word_is_not_answered(terminal: Terminal, nonce: str) -> None:
    request = RecordRequest(
        item="shebao-proof", holder_number=NUMBER, holder_name=NAME, consent_at=terminal.clock(), nonce=nonce
    )
    answer = terminal.ask("POST", "/v1/records", canonical(request.model_dump(mode="json")))
    assert (answer.status_code, error(answer)) == (422, "record.no_nonce")


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b'{"item":"x"}'])
def test_a_request_without_sense_gets_a_word(terminal: Terminal, body: bytes) -> None:
    answer = terminal.ask("POST", "/v1/records", body)
    assert (answer.status_code, error(answer)) == (422, "record.not_a_request")


def test_nothing_of_a_record_stays_but_a_hash(terminal: Terminal, central: Central) -> None:
    answer = ask(terminal)
    assert isinstance(answer, RecordAnswer)
    written = all_that_is_kept(central)
    assert figures_hash(answer).encode() in written
    for told in (NAME, NUMBER, answer.rows[3][1]):
        assert told.encode() not in written


@given(st.text(max_size=20))
def test_any_text_is_judged_as_a_number(text: str) -> None:
    assert not number_is_sound(text) or len(text) == 18


@given(st.integers(0, 10**17 - 1))
def test_exactly_one_check_character_fits(digits: int) -> None:
    start = f"{digits:017d}"
    assert sum(number_is_sound(start + check) for check in "0123456789X") == 1


@pytest.mark.parametrize("day", [dt.date(2026, 1, 1), dt.date(2026, 12, 31), dt.date(2028, 2, 29)])
def test_the_demonstration_has_every_month_once_whatever_the_day(day: dt.date) -> None:
    clock = Clock(dt.datetime.combine(day, dt.time(12), dt.UTC))
    months = [row[0] for row in DemoConnector(clock).query("shebao-proof", NUMBER, NAME).rows]
    assert months == sorted(set(months))
    assert len(months) == MONTHS
    assert months[-1] < f"{day:%Y-%m}"
