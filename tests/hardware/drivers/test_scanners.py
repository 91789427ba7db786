"""The scanner drivers on scripted bytes: time, lost answers, and that nothing at all confuses them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.api.code_scanner import LONGEST_CODE, CodeScanned
from hardware.api.errors import DeviceBrokeRules, DeviceError, NotAnswering, WrongDevice
from hardware.api.status import DeviceState, Fault, Status
from hardware.codecs import gm65
from hardware.codecs.gm65 import Reply, Result
from hardware.drivers.scanner_gm65.driver import Gm65Options, ScannerGm65
from hardware.drivers.scanner_lines.driver import ScannerLines
from tests.hardware.drivers.scripted_link import Answer, HandClock, ScriptedLink

OK = gm65.encode_reply(Reply(Result.OK, b"\x00"))
ALIVE = gm65.encode_reply(Reply(Result.OK, b"\x00", heartbeat=True))
MODE = gm65.encode_reply(Reply(Result.OK, b"\xd5"))
OPTIONS = Gm65Options()


def well(request: bytes) -> Answer:
    """A scanner in the right mode that answers at once."""
    if request == gm65.HEARTBEAT:
        return [(0.0, ALIVE)]
    return [(0.0, MODE if request == gm65.READ_MODE else OK)]


@pytest.fixture
def link() -> ScriptedLink:
    return ScriptedLink(HandClock(), well)


@pytest.fixture
def scanner(link: ScriptedLink) -> ScannerGm65:
    scanner = ScannerGm65(link, link.clock)
    assert scanner.start() == "GM65"
    link.written.clear()
    return scanner


def test_a_scanner_in_the_right_mode_is_not_written_to(link: ScriptedLink) -> None:
    ScannerGm65(link, link.clock).start()
    assert set(link.written) == {gm65.HEARTBEAT, gm65.UNTRIGGER, gm65.READ_MODE}


def test_the_trigger_is_renewed_before_the_scanner_gives_up(scanner: ScannerGm65, link: ScriptedLink) -> None:
    scanner.listen()
    assert link.written == [gm65.TRIGGER]
    assert scanner.poll() is None
    link.clock.at += OPTIONS.retrigger_s - 0.1
    assert scanner.poll() is None
    assert link.written == [gm65.TRIGGER]
    link.clock.at += 0.2
    assert scanner.poll() is None
    assert link.written == [gm65.TRIGGER] * 2


def test_it_is_not_triggered_while_a_code_is_coming(scanner: ScannerGm65, link: ScriptedLink) -> None:
    scanner.listen()
    scanner.poll()
    link.clock.at += OPTIONS.retrigger_s
    link.say([(0.0, b"half of a co"), (0.2, b"de\r")])
    assert scanner.poll() is None
    assert link.written == [gm65.TRIGGER]
    link.clock.at += 0.2
    assert scanner.poll() == CodeScanned("half of a code")


def test_a_read_ends_the_trigger_so_it_is_renewed(scanner: ScannerGm65, link: ScriptedLink) -> None:
    scanner.listen()
    link.say([(0.0, b"code\r")])
    assert scanner.poll() == CodeScanned("code")
    assert link.written == [gm65.TRIGGER] * 2


def test_a_trigger_without_an_answer_is_told_and_sent_again(scanner: ScannerGm65, link: ScriptedLink) -> None:
    link.answer = lambda request: []
    scanner.listen()
    assert scanner.poll() is None
    link.clock.at += OPTIONS.answer_s
    with pytest.raises(NotAnswering):
        scanner.poll()
    link.answer = well
    link.clock.at += OPTIONS.answer_s
    with pytest.raises(NotAnswering):
        scanner.poll()
    assert scanner.poll() is None
    assert link.written == [gm65.TRIGGER] * 3


def test_a_refused_trigger_is_told_and_sent_again(scanner: ScannerGm65, link: ScriptedLink) -> None:
    link.answer = lambda request: [(0.0, gm65.encode_reply(Reply(Result.BAD_CRC, b"\x00")))]
    scanner.listen()
    link.answer = well
    with pytest.raises(DeviceBrokeRules):
        scanner.poll()
    assert scanner.poll() is None
    assert link.written == [gm65.TRIGGER] * 2


def test_the_answer_to_a_trigger_is_not_taken_for_the_answer_to_its_end(
    scanner: ScannerGm65, link: ScriptedLink
) -> None:
    refused = gm65.encode_reply(Reply(Result.BAD_COMMAND, b"\x00"))
    link.answer = lambda request: [(0.1, refused)] if request == gm65.UNTRIGGER else [(0.1, well(request)[0][1])]
    scanner.listen()
    with pytest.raises(DeviceBrokeRules):
        scanner.rest()


def test_codes_that_come_while_something_is_asked_are_kept(scanner: ScannerGm65, link: ScriptedLink) -> None:
    scanner.listen()
    link.answer = lambda request: [(0.0, b"in bet"), (0.0, ALIVE), (0.0, b"ween\r")]
    assert scanner.status() == Status(DeviceState.ONLINE)
    link.answer = well
    assert scanner.poll() == CodeScanned("in between")


def test_a_lost_answer_is_asked_for_again(link: ScriptedLink) -> None:
    scanner = ScannerGm65(link, link.clock)
    lost = {gm65.HEARTBEAT, gm65.UNTRIGGER}

    def forgetful(request: bytes) -> Answer:
        if request in lost:
            lost.discard(request)
            return []
        return well(request)

    link.answer = forgetful
    assert scanner.start() == "GM65"


def test_a_late_acknowledgement_is_not_taken_for_the_mode(link: ScriptedLink) -> None:
    late = iter([[(OPTIONS.answer_s + 0.01, OK)]])
    link.answer = lambda request: next(late, [(0.0, OK)]) if request == gm65.UNTRIGGER else well(request)
    scanner = ScannerGm65(link, link.clock)
    assert scanner.start() == "GM65"
    assert gm65.encode_request(gm65.Kind.WRITE, gm65.ZONE_MODE, b"\xd5") not in link.written


def test_nobody_there_and_something_else_there(link: ScriptedLink) -> None:
    link.answer = lambda request: []
    with pytest.raises(NotAnswering):
        ScannerGm65(link, link.clock).start()
    link.answer = lambda request: [(0.0, b"ERROR\r\n")]
    with pytest.raises(WrongDevice):
        ScannerGm65(link, link.clock).start()
    assert ScannerGm65(link, link.clock).status() == Status(DeviceState.OFFLINE, Fault.NOT_ANSWERING)


@pytest.mark.parametrize("tail", [b"\r", b"\r\n"])
def test_either_tail_gives_clean_codes(scanner: ScannerGm65, link: ScriptedLink, tail: bytes) -> None:
    scanner.listen()
    for text in ("one", "two"):
        link.say([(0.0, text.encode() + tail)])
        assert scanner.poll() == CodeScanned(text)
    link.clock.at += OPTIONS.idle_s + 0.01
    assert scanner.poll() is None


pieces = st.binary(max_size=30) | st.sampled_from([OK, ALIVE, MODE, b"\r", b"x" * (LONGEST_CODE + 1), OK[:5]])
scripts = st.lists(st.lists(st.tuples(st.sampled_from([0.0, 0.1, 1.0]), pieces), max_size=3), max_size=10)


@given(scripts)
def test_whatever_comes_a_gm65_gives_codes_or_device_errors(script: list[Answer]) -> None:
    coming = iter(script)
    link = ScriptedLink(HandClock(), lambda request: next(coming, []))
    scanner = ScannerGm65(link, link.clock)
    for use in (scanner.start, scanner.listen, scanner.poll, scanner.status, scanner.poll, scanner.rest, scanner.poll):
        began = link.clock.at
        try:
            outcome = use()
        except DeviceError:
            outcome = None
        if use == scanner.poll:
            assert outcome is None or isinstance(outcome, CodeScanned)
        assert link.clock.at - began <= 14 * 2 * OPTIONS.answer_s


@given(scripts)
def test_whatever_comes_a_line_scanner_gives_codes(script: list[Answer]) -> None:
    link = ScriptedLink(HandClock(), lambda request: [])
    scanner = ScannerLines(link, link.clock)
    scanner.start()
    scanner.listen()
    for answer in script:
        link.say(answer)
        link.clock.at += 2.0
        code = scanner.poll()
        assert code is None or isinstance(code, CodeScanned)
    assert link.written == []


def test_a_line_scanner_without_an_end_is_heard_after_a_pause() -> None:
    link = ScriptedLink(HandClock(), lambda request: [])
    scanner = ScannerLines(link, link.clock, idle_s=0.3)
    scanner.start()
    scanner.listen()
    link.say([(0.0, b"no end")])
    assert scanner.poll() is None
    link.clock.at += 0.31
    assert scanner.poll() == CodeScanned("no end")


def test_a_babbling_wire_does_not_hold_the_lane() -> None:
    link = ScriptedLink(HandClock(), lambda request: [])
    scanner = ScannerLines(link, link.clock)
    scanner.start()
    scanner.listen()
    link.say([(0.0, b"babble\r")] * 1000)
    found = 0
    for _ in range(200):
        found += scanner.poll() is not None
    assert 0 < found <= 1000
