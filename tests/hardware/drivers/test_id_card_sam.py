"""The SAM driver on scripted bytes: how long it waits, what it ignores, and that nothing at all confuses it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.api.errors import DeviceBrokeRules, DeviceError, NotAnswering
from hardware.api.id_card import CardProblem, CardRead, CardRefused, NoCard
from hardware.codecs import sam
from hardware.codecs.sam import CardData, Command, Reply, Sw
from hardware.drivers.id_card_sam.driver import IdCardSam, SamOptions
from tests.hardware.codecs import card_blocks
from tests.hardware.drivers.scripted_link import Answer, HandClock, ScriptedLink

CARD = sam.encode_reply(Reply(Sw.DONE, sam.encode_card_data(CardData(card_blocks.CITIZEN, bytes(1024)))))
GOOD: dict[bytes, bytes] = {
    sam.encode_request(Command.RESET): sam.encode_reply(Reply(Sw.DONE)),
    sam.encode_request(Command.STATUS): sam.encode_reply(Reply(Sw.DONE)),
    sam.encode_request(Command.SAM_ID): sam.encode_reply(Reply(Sw.DONE, bytes(16))),
    sam.encode_request(Command.FIND): sam.encode_reply(Reply(Sw.FOUND, bytes(4))),
    sam.encode_request(Command.SELECT): sam.encode_reply(Reply(Sw.DONE, bytes(8))),
    sam.encode_request(Command.READ): CARD,
}
OPTIONS = SamOptions()


def reader_for(**changed: Answer) -> tuple[IdCardSam, ScriptedLink]:
    """A started reader on a wire that answers at once and well, but for the commands named."""
    answers: dict[bytes, Answer] = {}
    link = ScriptedLink(HandClock(), lambda request: answers.get(request, [(0.0, GOOD[request])]))
    reader = IdCardSam(link, link.clock)
    reader.start()
    link.written.clear()
    answers.update({sam.encode_request(Command[name]): answer for name, answer in changed.items()})
    return reader, link


def test_a_read_waits_for_nothing_but_bytes() -> None:
    reader, link = reader_for()
    assert isinstance(reader.poll(), CardRead)
    assert link.clock.at == 1000.0


def test_it_asks_for_nothing_that_is_not_needed() -> None:
    reader, link = reader_for()
    reader.poll()
    assert link.written == [sam.encode_request(each) for each in (Command.FIND, Command.SELECT, Command.READ)]


def test_an_answer_may_begin_late_and_come_slowly() -> None:
    slowly = [(OPTIONS.answer_s - 0.1, CARD[:1]), *((0.002, CARD[at : at + 1]) for at in range(1, len(CARD)))]
    reader, _ = reader_for(READ=slowly)
    assert isinstance(reader.poll(), CardRead)


def test_silence_is_told_after_the_time_for_an_answer_and_not_later() -> None:
    reader, link = reader_for(FIND=[])
    with pytest.raises(NotAnswering):
        reader.poll()
    assert link.clock.at == pytest.approx(1000.0 + OPTIONS.answer_s)


def test_an_answer_that_stops_is_given_up_soon() -> None:
    reader, link = reader_for(FIND=[(0.0, GOOD[sam.encode_request(Command.FIND)][:8])])
    with pytest.raises(NotAnswering):
        reader.poll()
    assert link.clock.at == pytest.approx(1000.0 + OPTIONS.gap_s)


@pytest.mark.parametrize("noise", [b"\x00", sam.PREAMBLE, sam.PREAMBLE + b"\x09\x0a"])
def test_noise_without_end_is_given_up_too(noise: bytes) -> None:
    reader, link = reader_for(FIND=[(0.01, noise)] * 5000)
    with pytest.raises(NotAnswering):
        reader.poll()
    assert link.clock.at <= 1000.0 + OPTIONS.whole_s + OPTIONS.gap_s + 0.1


def test_silence_in_mid_card_is_a_moved_card_while_the_module_lives() -> None:
    reader, link = reader_for(READ=[])
    assert reader.poll() == CardRefused(CardProblem.MOVED)
    assert link.written.count(sam.encode_request(Command.RESET)) == OPTIONS.retries


def test_silence_in_mid_card_and_after_it_is_a_dead_module() -> None:
    reader, _ = reader_for(READ=[], RESET=[])
    with pytest.raises(NotAnswering):
        reader.poll()


def test_a_status_nobody_knows_is_no_answer() -> None:
    reader, _ = reader_for(FIND=[(0.0, sam.encode_reply(Reply(0x77)))])
    with pytest.raises(DeviceBrokeRules):
        reader.poll()


@pytest.mark.parametrize("detail", [(0x00, 0x00), (0x12, 0x34)])
def test_detail_in_the_first_status_bytes_changes_nothing(detail: tuple[int, int]) -> None:
    reader, _ = reader_for(READ=[(0.0, sam.encode_reply(Reply(Sw.FAILED_CHECK, b"", *detail)))])
    assert reader.poll() == CardRefused(CardProblem.FAILED_CHECK)


def test_someone_else_s_card_that_comes_late_is_never_shown() -> None:
    other = sam.encode_reply(Reply(Sw.DONE, sam.encode_card_data(CardData(card_blocks.HMT, bytes(1024)))))
    reader, _ = reader_for(
        FIND=[(0.0, other), (0.0, GOOD[sam.encode_request(Command.FIND)])],
        SELECT=[(0.0, other), (0.0, GOOD[sam.encode_request(Command.SELECT)])],
    )
    outcome = reader.poll()
    assert isinstance(outcome, CardRead)
    assert outcome.holder.number == "310199199003070022"


def test_an_answer_from_before_the_question_is_not_its_answer() -> None:
    reader, link = reader_for(FIND=[(0.1, sam.encode_reply(Reply(Sw.NOT_FOUND)))])
    link.say([(0.0, GOOD[sam.encode_request(Command.FIND)])])
    link.clock.at += 0.1
    assert reader.poll() == NoCard()


def test_a_complaint_about_the_checksum_is_answered_once() -> None:
    reader, link = reader_for(FIND=[(0.0, sam.encode_reply(Reply(Sw.CHECKSUM_WRONG)))])
    with pytest.raises(DeviceBrokeRules):
        reader.poll()
    assert link.written == [sam.encode_request(Command.FIND)] * 2


shapes = st.sampled_from([Reply(sw) for sw in Sw] + [Reply(Sw.DONE, bytes(size)) for size in (4, 8, 16, 28, 70, 1284)])
bits = st.binary(max_size=40) | shapes.map(sam.encode_reply) | st.sampled_from([*GOOD.values(), CARD[:700]])
answers = st.lists(st.tuples(st.sampled_from([0.0, 0.0, 0.3, 3.0]), bits), max_size=4)


@given(st.lists(answers, max_size=12), st.booleans(), st.booleans())
def test_whatever_comes_there_is_an_outcome_or_a_device_error_in_bounded_time(
    script: list[Answer], fingerprint: bool, additional: bool
) -> None:
    coming = iter(script)
    link = ScriptedLink(HandClock(), lambda request: next(coming, []))
    reader = IdCardSam(link, link.clock, SamOptions(with_fingerprint=fingerprint, additional_address=additional))
    for use in (reader.start, reader.status, reader.poll, reader.card_still_there, reader.poll):
        began, asked = link.clock.at, len(link.written)
        try:
            outcome = use()
        except DeviceError:
            outcome = None
        if isinstance(outcome, CardRead):
            assert outcome.holder.number == "310199199003070022"  # the only card whose bytes were ever sent
        elif use == reader.poll:
            assert outcome is None or isinstance(outcome, NoCard | CardRefused)
        exchanges = len(link.written) - asked
        assert link.clock.at - began <= exchanges * (OPTIONS.whole_s + OPTIONS.gap_s) + 0.001
        assert exchanges <= 40
