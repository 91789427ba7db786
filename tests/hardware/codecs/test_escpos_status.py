"""ESC/POS answers: told apart by their fixed bits on a line without frames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.codecs.escpos_status import (
    Answer,
    AnswerReader,
    AutoReport,
    NowAnswer,
    OfflineCause,
    PaperSensor,
    PresenterPaper,
    PresenterReport,
    Printer,
    QueuedAnswer,
    encode,
    size_on_wire,
)
from hardware.codecs.hunt import Noise
from tests.hardware.codecs.cutting import chunks_of

WORKED: list[tuple[Answer, str]] = [
    (NowAnswer(0), "12"),
    (NowAnswer(Printer.OFFLINE), "1A"),
    (NowAnswer(OfflineCause.COVER_OPEN), "16"),
    (NowAnswer(OfflineCause.PAPER_END), "32"),
    (NowAnswer(OfflineCause.ERROR), "52"),
    (NowAnswer(PaperSensor.NEAR_END), "1E"),
    (NowAnswer(PaperSensor.END), "72"),
    (NowAnswer(PaperSensor.END | PaperSensor.NEAR_END), "7E"),
    (AutoReport(0, 0, 0), "10 00 00 00"),
    (AutoReport(0x08, 0, 0x0F), "18 00 0F 00"),
    (AutoReport(0x08, 0, 0x0C), "18 00 0C 00"),
    (AutoReport(0x28, 0, 0), "38 00 00 00"),
    (AutoReport(0x08, 0x08, 0), "18 08 00 00"),
    (QueuedAnswer(0), "00"),
    (QueuedAnswer(0x0F), "0F"),
]

later_bits = st.integers(0, 255).map(lambda bits: bits & 0x6F)
now = st.integers(0, 255).map(lambda bits: NowAnswer(bits & 0x6C))
queued = st.sampled_from([0, 3, 12, 15]).map(QueuedAnswer)
automatic = st.builds(AutoReport, st.integers(0, 255).map(lambda b: b & 0x6C), later_bits, later_bits, later_bits)
presented = st.builds(PresenterReport, *[st.integers(0, 255)] * 4)


@pytest.mark.parametrize(("answer", "raw"), WORKED, ids=[raw for _, raw in WORKED])
def test_worked_answers(answer: Answer, raw: str) -> None:
    assert encode(answer) == bytes.fromhex(raw)
    assert AnswerReader().feed(bytes.fromhex(raw)) == [answer]


def test_a_ticket_in_the_exit() -> None:
    (report,) = AnswerReader(presenter=True).feed(bytes.fromhex("10 0F 20 00 00 00"))
    assert report == PresenterReport(PresenterPaper.IN_EXIT, 0)


def test_a_real_time_answer_in_the_middle_of_an_automatic_report() -> None:
    assert AnswerReader().feed(bytes.fromhex("18 00 12 0F 00")) == [NowAnswer(0), AutoReport(0x08, 0, 0x0F)]


def test_the_rest_of_an_automatic_report_is_no_queued_answer() -> None:
    reader = AnswerReader()
    assert reader.feed(b"\x10\x00") == []
    assert reader.feed(b"\x00\x00") == [AutoReport(0, 0, 0)]


@pytest.mark.parametrize("byte", [0x11, 0x13, 0x81, 0x93, 0xFF, 0x01, 0x40])
def test_bytes_without_the_fixed_bits_are_noise(byte: int) -> None:
    assert AnswerReader().feed(bytes((byte, 0x12))) == [Noise(bytes((byte,))), NowAnswer(0)]


@given(st.booleans(), st.lists(st.one_of(st.binary(max_size=20), automatic.map(encode), now.map(encode))), st.data())
def test_any_bytes_are_accounted_for_and_little_is_held(
    presenter: bool, parts: list[bytes], data: st.DataObject
) -> None:
    stream = b"".join(parts)
    reader, pieces = AnswerReader(presenter=presenter), []
    for chunk in data.draw(chunks_of(stream)):
        pieces += reader.feed(chunk)
        assert reader.held < 6
    whole = AnswerReader(presenter=presenter)
    assert pieces == whole.feed(stream)
    assert sum(map(size_on_wire, pieces)) + reader.held == len(stream)
    pieces += reader.quiet()
    assert sum(map(size_on_wire, pieces)) == len(stream)


@given(st.lists(st.one_of(now, queued, automatic)), st.lists(st.one_of(now, queued, presented)), st.data())
def test_answers_come_out_as_they_went_in_however_they_are_cut(
    plain: list[Answer], kiosk: list[Answer], data: st.DataObject
) -> None:
    for sent, presenter in ((plain, False), (kiosk, True)):
        reader = AnswerReader(presenter=presenter)
        chunks = data.draw(chunks_of(b"".join(map(encode, sent))))
        assert [piece for chunk in chunks for piece in reader.feed(chunk)] == sent
