"""What anybody may answer in central's place, and a calendar that is set in the middle of it: letters only wait."""

import datetime as dt
import gzip
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from offline_cache.link import LONGEST_RETRY_AFTER_S, SILENCE_S, Failed, Link, LinkFault
from tests.offline_cache.rig import a_rig, accept
from tests.offline_cache.world import IDENTITY, CentralEnd, HandClock, Handler, Reply, canonical, serving
from trust.requests import RequestFault
from wire.deeds import Network

NO_DATES = (
    "Mon, 01 Jan 2024 00:00:00 +99999999999999999999",
    "Mon, 01 Jan 2024 99999999999999999999:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",  # one that is, and is no clock's: a day later there is no date to sign with
    "tomorrow",
)


def dated(date: str) -> Reply:
    """Whose clock is said to be wrong by somebody whose own says this."""

    def reply(handler: Handler) -> None:
        body = canonical({"error": RequestFault.STALE.value})
        handler.send_response_only(401)
        handler.send_header("Date", date)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def test_a_date_that_is_none_neither_ends_the_sync_nor_sets_its_clock(tmp_path: Path) -> None:
    with a_rig(tmp_path) as rig:
        accept(rig, "C1")
        for date in NO_DATES:
            rig.end.faults = [dated(date)] * 2
            rig.sync.try_now()
            rig.sync.round()
            assert rig.sync.state().fault == LinkFault.REFUSED
            busy = partial(Handler.error, status=503, word="store.busy", Retry_After=date)
            rig.end.faults = [busy] * 2  # to the mirror, and to the letter
            rig.sync.try_now()
            assert rig.sync.round() <= LONGEST_RETRY_AFTER_S
            assert rig.sync.state().fault == LinkFault.SERVER
            rig.clock.pass_(86400.0)
        rig.turn_until_empty()
        assert rig.end.cases() == ["C1"]


def shapes() -> list[tuple[LinkFault, int, bytes, dict[str, str]]]:
    wrong = (
        b"[]", b"null", b"1", b"{}", b'"acks"', b'{"acks":[]}', b'{"acks":null,"kid":"x","sig":"y"}', b"\xff\xfe",
        b"9" * 5000, b"[" * 20_000, b'{"a":' * 20_000,
    )  # fmt: skip
    unsigned = (b'{"acks":[],"kid":"x","sig":"y"}', b'{"acks":[],"kid":"\\u4e2d","sig":"%"}')
    return [
        *((LinkFault.BAD_ANSWER, 200, body, {}) for body in wrong),
        *((LinkFault.BAD_SIGNATURE, 200, body, {}) for body in unsigned),
        # never unpacked: what it would grow to is nowhere in memory
        (LinkFault.BAD_ANSWER, 200, gzip.compress(bytes(4_000_000), 1), {"Content_Encoding": "gzip"}),
        (LinkFault.PORTAL, 201, b'{"acks":[]}', {}),
        (LinkFault.PORTAL, 404, b'["error"]', {}),
        (LinkFault.PORTAL, 302, b"", {"Location": "http://["}),
    ]


def answering(status: int, body: bytes, headers: dict[str, str]) -> Callable[[Handler], Reply | None]:
    """To everything but the question how much of a letter is there."""
    return lambda asked: None if asked.command == "HEAD" else lambda handler: handler.say(status, body, **headers)


@pytest.mark.parametrize("size", [100, 400_000])
def test_json_of_another_shape_is_no_acknowledgement(tmp_path: Path, size: int) -> None:
    with a_rig(tmp_path) as rig:
        rig.sync.round()
        accept(rig, "C1", size=size)
        for fault, status, body, headers in shapes()[:: 1 if size < 1000 else 4]:
            rig.end.when = answering(status, body, headers)
            rig.sync.try_now()
            rig.sync.round()
            assert (rig.sync.state().fault, rig.sync.network()) == (fault, Network.DOWN), (status, body[:40])
            assert (rig.store.waiting().letters, rig.store.waiting().parked) == (1, 0)
        rig.end.when = lambda handler: None
        rig.turn_until_empty()
        assert rig.end.cases() == ["C1"]


def test_nobody_makes_the_terminal_carry_his_cookies(tmp_path: Path) -> None:
    with a_rig(tmp_path) as rig:
        carried: list[str | None] = []

        def when(handler: Handler) -> Reply | None:
            carried.append(handler.headers.get("Cookie"))
            if len(carried) > 1:
                return None
            return lambda handler: handler.say(
                503, b"", Set_Cookie="track=" + "x" * 3000 + "; Path=/; Max-Age=99999999"
            )

        rig.end.when = when
        accept(rig, "C1")
        rig.turn_until_empty()
    assert len(carried) > 1
    assert set(carried) == {None}


def test_a_proxy_that_somebody_left_in_the_environment_carries_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with a_rig(tmp_path) as rig:
        accept(rig, "C1")
        rig.sync.round()
        assert rig.end.cases() == ["C1"]


class Hurried(HandClock):
    """On which a while passes between two looks."""

    def monotonic(self) -> float:
        self.pass_(SILENCE_S - 1)
        return super().monotonic()


@pytest.mark.parametrize("status", [200, 404])
def test_an_answer_that_never_ends_is_left_when_its_time_is_over(tmp_path: Path, status: int) -> None:
    """Each of its pieces comes before a silence would be long enough, and all of them are not too much."""
    clock = Hurried()

    def drip(handler: Handler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        handler.wfile.write(bytes(900_000))

    end = CentralEnd()
    end.faults = [drip]
    with serving(end) as url:
        link = Link(url, IDENTITY.key, clock)
        outcome = link.exchange("GET", "/v1/mirror?have=0")
        link.close()
    assert isinstance(outcome, Failed)
    assert outcome.fault is LinkFault.TIMED_OUT


@pytest.mark.parametrize("days", [-1, 1])
def test_a_calendar_set_within_a_wait_makes_it_neither_longer_nor_shorter(tmp_path: Path, days: int) -> None:
    with a_rig(tmp_path) as rig:
        rig.sync.round()
        accept(rig, "C1", subject="s")
        rig.end.faults = [lambda handler: handler.error(503, "store.busy")]
        wait = rig.sync.round()
        rig.clock.jump(dt.timedelta(days=days))
        accept(rig, "C2", subject="s")  # dated before, or long after, the one that it follows
        before = len(rig.end.seen)
        assert rig.sync.round() == wait
        assert len(rig.end.seen) == before
        rig.clock.pass_(wait)
        rig.sync.round()
        assert rig.end.cases() == ["C1", "C2"]
        assert rig.store.waiting().letters == 0


def test_a_calendar_that_is_set_back_and_forth_stops_no_letter(tmp_path: Path) -> None:
    with a_rig(tmp_path) as rig:
        rig.end.now = lambda: dt.datetime.now(dt.UTC)  # what the end's Date header says, too
        rig.clock.jump(rig.end.now() - rig.clock.now())
        for days in (0, -1, 1, 400, -400):
            rig.clock.jump(dt.timedelta(days=days))
            accept(rig, f"C{days}", subject="s")
            rig.sync.try_now()
            rig.sync.round()
            assert (rig.store.waiting().letters, rig.sync.state().fault) == (0, "")
        assert rig.end.cases() == ["C0", "C-1", "C1", "C400", "C-400"]
