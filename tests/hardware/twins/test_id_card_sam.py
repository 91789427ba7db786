"""The SAM driver and its twin through a real pseudo-terminal: the contract, every fault, every made-up person."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hardware.api.errors import DeviceBrokeRules, DeviceError, LinkLost, NotAnswering, OutOfService, WrongDevice
from hardware.api.id_card import CardKind, CardProblem, CardRead, CardRefused, NoCard, PollOutcome
from hardware.api.identity_number import NumberFault, number_fault
from hardware.api.status import DeviceState, Fault, Status
from hardware.codecs.sam import Command
from hardware.drivers.id_card_sam.driver import IdCardSam, SamOptions
from hardware.twins.id_card_sam import SAM_ID, IdCardSamTwin, SamFault
from hardware.twins.made_up_people import (
    BY_KEY,
    CITIZEN,
    DAMAGED,
    ELDER,
    FOREIGNER_2017,
    FOREIGNER_2023,
    HMT,
    MOVED_HOUSE,
    NOT_GENUINE,
    PEOPLE,
    WRONG_CHECK,
)
from hardware.twins.wire import PtyWire, WireFault
from tests.contracts.id_card_reader import IdCardReaderContract
from tests.hardware.unhurried import UnhurriedLink

NUMBERS = {
    CardKind.CITIZEN: (CITIZEN, "310199199003070022"),
    CardKind.HMT_PERMIT: (HMT, "830000199003070019"),
    CardKind.FOREIGNER_2017: (FOREIGNER_2017, "GBR310090030701"),
    CardKind.FOREIGNER_2023: (FOREIGNER_2023, "931826199003070010"),
}
HASTY = SamOptions(answer_s=0.4, gap_s=0.4, whole_s=2.0)
"""For tests of silence: every wait for what never comes costs so much."""


@dataclass
class Bench:
    """A twin on a wire, and the driver at its other end."""

    twin: IdCardSamTwin
    link: UnhurriedLink
    reader: IdCardSam

    def lay(self, kind: CardKind) -> str:
        person, number = NUMBERS[kind]
        self.twin.lay(person.card)
        return number

    def lay_damaged(self) -> None:
        self.twin.lay(DAMAGED.card)

    def lift(self) -> None:
        self.twin.lift()

    def unplug(self) -> None:
        self.twin.unplug()

    def replug(self) -> None:
        self.twin.replug()
        self.link.open()

    def with_options(self, options: SamOptions) -> IdCardSam:
        reader = IdCardSam(self.link, self.link.clock, options)
        reader.start()
        return reader


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with IdCardSamTwin(PtyWire(tmp_path / "ttyCARD", 115200, pacing=False)) as twin:
        link = UnhurriedLink(twin.wire)
        link.open()
        reader = IdCardSam(link, link.clock)
        reader.start()
        yield Bench(twin, link, reader)
        link.close()


class TestTwin(IdCardReaderContract):
    """The contract, on the twin."""


def number_in(outcome: PollOutcome) -> str:
    assert isinstance(outcome, CardRead)
    return outcome.holder.number


# ---- people


@pytest.mark.parametrize("key", BY_KEY)
def test_every_made_up_person_can_be_laid(bench: Bench, key: str) -> None:
    bench.twin.lay(BY_KEY[key].card)
    outcome = bench.reader.poll()
    match key:
        case "damaged":
            assert outcome == CardRefused(CardProblem.FAILED_CHECK)
        case "not_genuine":
            assert outcome == CardRefused(CardProblem.NOT_GENUINE)
        case _:
            assert isinstance(outcome, CardRead)
            holder = outcome.holder
            expected = NumberFault.CHECK_DIGIT if key == WRONG_CHECK.key else None
            assert number_fault(holder.number, holder.kind) is expected
            assert holder.birth is not None
            if len(holder.number) == 18:
                assert holder.number[6:14] == f"{holder.birth:%Y%m%d}"
                assert holder.sex == "21"[int(holder.number[16]) % 2]  # odd is male (1), even is female (2)


def test_the_people_have_each_a_key_and_no_region_that_exists() -> None:
    assert len(BY_KEY) == len(PEOPLE)
    for person in PEOPLE:
        assert "测试" in person.label_zh or "卡" in person.label_zh or "证" in person.label_zh


def test_the_elder_s_card_never_ends(bench: Bench) -> None:
    bench.twin.lay(ELDER.card)
    outcome = bench.reader.poll()
    assert isinstance(outcome, CardRead)
    assert (outcome.holder.valid_for_ever, outcome.holder.valid_to) == (True, None)


def test_it_names_the_module(bench: Bench) -> None:
    assert bench.reader.start() == SAM_ID


# ---- options


def test_the_additional_address_is_read_where_the_site_wants_it(bench: Bench) -> None:
    reader = bench.with_options(SamOptions(additional_address=True))
    bench.twin.lay(MOVED_HOUSE.card)
    outcome = reader.poll()
    assert isinstance(outcome, CardRead)
    assert outcome.holder.additional_address == "上海市测试区样例路2号"
    bench.twin.lay(CITIZEN.card)
    outcome = reader.poll()
    assert isinstance(outcome, CardRead)
    assert outcome.holder.additional_address == ""


def test_without_the_option_it_is_not_asked_for(bench: Bench) -> None:
    bench.twin.lay(MOVED_HOUSE.card)
    bench.reader.poll()
    assert Command.READ_ADDITIONAL_ADDRESS not in [request.known for request in bench.twin.requests]


def test_an_additional_address_that_cannot_be_read_is_asked_for_again(bench: Bench) -> None:
    reader = bench.with_options(SamOptions(additional_address=True))
    bench.twin.lay(MOVED_HOUSE.card)
    bench.twin.fail(SamFault.ADDRESS_FAILED)
    outcome = reader.poll()
    assert isinstance(outcome, CardRead)
    assert outcome.holder.additional_address == "上海市测试区样例路2号"


def test_an_old_address_is_never_told_as_the_newest(bench: Bench) -> None:
    reader = bench.with_options(SamOptions(additional_address=True))
    bench.twin.lay(MOVED_HOUSE.card)
    bench.twin.fail(SamFault.ADDRESS_FAILED, times=-1)
    assert reader.poll() == CardRefused(CardProblem.MOVED)


def test_the_answer_with_fingerprints_is_understood(bench: Bench) -> None:
    reader = bench.with_options(SamOptions(with_fingerprint=True))
    bench.twin.lay(CITIZEN.card)
    assert number_in(reader.poll()) == "310199199003070022"
    assert bench.twin.requests[-1].known is Command.READ_WITH_FINGERPRINT


def test_a_module_without_the_fingerprint_command_is_asked_without(bench: Bench) -> None:
    reader = bench.with_options(SamOptions(with_fingerprint=True))
    bench.twin.fail(SamFault.NO_FINGERPRINT_COMMAND, times=-1)
    for _ in range(2):
        bench.twin.lay(CITIZEN.card)
        assert number_in(reader.poll()) == "310199199003070022"
    asked = [request.known for request in bench.twin.requests]
    assert asked.count(Command.READ_WITH_FINGERPRINT) == 1


# ---- every fault of the reader and the hand

OUTCOMES: dict[SamFault, PollOutcome | type[DeviceError]] = {
    SamFault.LIFTED_BEFORE_SELECT: CardRefused(CardProblem.MOVED),
    SamFault.LIFTED_IN_READ: CardRefused(CardProblem.MOVED),
    SamFault.SILENT_IN_READ: CardRefused(CardProblem.MOVED),
    SamFault.CUT_OFF_IN_READ: CardRefused(CardProblem.MOVED),
    SamFault.SELECT_FAILED: CardRefused(CardProblem.MOVED),
    SamFault.READ_FAILED: CardRefused(CardProblem.MOVED),
    SamFault.RANDOM_FAILED: CardRefused(CardProblem.MOVED),
    SamFault.CARD_REFUSED_SAM: CardRefused(CardProblem.NOT_GENUINE),
    SamFault.SAM_REFUSED_CARD: CardRefused(CardProblem.NOT_GENUINE),
    SamFault.FAILED_CHECK: CardRefused(CardProblem.FAILED_CHECK),
    SamFault.WRONG_CARD: CardRefused(CardProblem.NOT_IDENTITY_CARD),
    SamFault.TEXT_NONSENSE: CardRefused(CardProblem.UNREADABLE),
    SamFault.LENGTHS_LIE: CardRefused(CardProblem.UNREADABLE),
    SamFault.SAM_FAILED: OutOfService,
    SamFault.SAM_UNAUTHORISED: OutOfService,
    SamFault.CHECKSUM_COMPLAINT: DeviceBrokeRules,
    SamFault.LENGTH_COMPLAINT: DeviceBrokeRules,
    SamFault.NOT_ACCEPTED: DeviceBrokeRules,
    SamFault.UNKNOWN_COMMAND: DeviceBrokeRules,
    SamFault.OTHERS_FRAME: DeviceBrokeRules,
    SamFault.OVERSIZED: NotAnswering,
    SamFault.OTHER_DIALECT: NotAnswering,
}
ELSEWHERE = {SamFault.ADDRESS_FAILED, SamFault.NO_FINGERPRINT_COMMAND, SamFault.LATE_ANSWER}


def test_every_fault_has_a_test() -> None:
    assert set(OUTCOMES) | ELSEWHERE == set(SamFault)


@pytest.mark.parametrize("fault", OUTCOMES)
def test_a_fault_that_stays_is_told_and_the_reader_recovers(bench: Bench, fault: SamFault) -> None:
    reader = bench.with_options(HASTY)
    bench.twin.lay(CITIZEN.card)
    bench.twin.fail(fault, times=-1)
    expected = OUTCOMES[fault]
    if isinstance(expected, type):
        with pytest.raises(expected):
            reader.poll()
    else:
        assert reader.poll() == expected
    bench.twin.heal()
    bench.twin.lay(HMT.card)
    assert number_in(reader.poll()) == "830000199003070019"


@pytest.mark.parametrize(
    "fault",
    [
        SamFault.SELECT_FAILED,
        SamFault.READ_FAILED,
        SamFault.RANDOM_FAILED,
        SamFault.CHECKSUM_COMPLAINT,
        SamFault.LATE_ANSWER,
    ],
)
def test_a_fault_that_passes_is_not_even_noticed(bench: Bench, fault: SamFault) -> None:
    bench.twin.lay(CITIZEN.card)
    bench.twin.fail(fault)
    assert number_in(bench.reader.poll()) == "310199199003070022"


def test_late_answers_all_the_way_are_seen_through(bench: Bench) -> None:
    bench.twin.fail(SamFault.LATE_ANSWER, times=-1)
    for kind in (CardKind.CITIZEN, CardKind.HMT_PERMIT):
        number = bench.lay(kind)
        assert number_in(bench.reader.poll()) == number


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (SamFault.SAM_FAILED, Status(DeviceState.ERROR, Fault.READER_SAM_FAILED)),
        (SamFault.SAM_UNAUTHORISED, Status(DeviceState.ERROR, Fault.READER_SAM_UNAUTHORISED)),
        (SamFault.OTHERS_FRAME, Status(DeviceState.ERROR, Fault.BROKE_RULES)),
        (SamFault.OTHER_DIALECT, Status(DeviceState.OFFLINE, Fault.NOT_ANSWERING)),
    ],
)
def test_the_status_says_what_is_wrong(bench: Bench, fault: SamFault, status: Status) -> None:
    reader = bench.with_options(HASTY)
    bench.twin.fail(fault, times=-1)
    assert reader.status() == status
    bench.twin.heal()
    assert reader.status() == Status(DeviceState.ONLINE)


def test_a_device_that_speaks_otherwise_is_the_wrong_one(bench: Bench) -> None:
    bench.twin.fail(SamFault.OTHER_DIALECT, times=-1)
    with pytest.raises(WrongDevice) as raised:
        IdCardSam(bench.link, bench.link.clock, HASTY).start()
    assert raised.value.fault is Fault.WRONG_DEVICE


def test_a_card_the_module_does_not_believe(bench: Bench) -> None:
    bench.twin.lay(NOT_GENUINE.card)
    assert bench.reader.poll() == CardRefused(CardProblem.NOT_GENUINE)


# ---- every fault of the wire, at every step of a read


@pytest.mark.parametrize("step", [Command.FIND, Command.SELECT, Command.READ])
@pytest.mark.parametrize("fault", [fault for fault in WireFault if fault is not WireFault.PULLED_HALFWAY])
def test_a_bad_wire_never_gives_another_holder_and_the_card_is_read_in_the_end(
    bench: Bench, fault: WireFault, step: Command
) -> None:
    reader = bench.with_options(HASTY)
    bench.lay(CardKind.HMT_PERMIT)
    assert number_in(reader.poll()) == "830000199003070019"  # someone was here before
    bench.lay(CardKind.CITIZEN)
    _disturb_at(bench.twin, step, fault)
    for _ in range(4):
        try:
            outcome = reader.poll()
        except (NotAnswering, DeviceBrokeRules):
            continue
        if isinstance(outcome, CardRead):
            break
        assert outcome in (NoCard(), CardRefused(CardProblem.MOVED))
    assert number_in(outcome) == "310199199003070022"


def test_a_cable_pulled_halfway_through_a_card_is_link_lost(bench: Bench) -> None:
    bench.lay(CardKind.CITIZEN)
    _disturb_at(bench.twin, Command.READ, WireFault.PULLED_HALFWAY)
    with pytest.raises(LinkLost):
        bench.reader.poll()
    bench.replug()
    bench.reader.start()
    assert number_in(bench.reader.poll()) == "310199199003070022"


def _disturb_at(twin: IdCardSamTwin, step: Command, fault: WireFault) -> None:
    """Let the wire fault hit the answer to the next `step`."""
    answer = twin._answer

    def watch(request) -> None:
        if request.known is step:
            twin.wire.disturb(fault)
            twin._answer = answer
        answer(request)

    twin._answer = watch
