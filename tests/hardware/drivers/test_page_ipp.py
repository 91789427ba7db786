"""The A4 printer's driver: what attributes mean, and answers no twin would give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.api.errors import DeviceBrokeRules, DeviceError, WrongDevice
from hardware.api.locker import Seen
from hardware.api.page_printer import Job, JobName, JobRefused, JobState, JobTaken
from hardware.api.status import DeviceState, Fault, Level, Supply
from hardware.codecs import ipp
from hardware.codecs.ipp import Attributes, Group, Message, Operation, Section, StatusCode, decode, encode
from hardware.drivers.page_ipp import driver, reading
from hardware.drivers.page_ipp.driver import PageIpp
from tests.hardware.drivers.ipp_paper import LeapingClock

NAME = JobName("proof-1")


def printer_with(reasons: tuple[str, ...] = ("none",), state: int = 3, **more: tuple[ipp.Value, ...]) -> Group:
    told = {"printer-state": ipp.enums(state), "printer-state-reasons": ipp.keywords(*reasons)}
    return Group(Section.PRINTER, {**told, **{key.replace("_", "-"): values for key, values in more.items()}})


def fault_of(*reasons: str, state: int = 3) -> Fault | None:
    return reading.status_of(printer_with(reasons, state), believe_tray=True).fault


@pytest.mark.parametrize("suffix", ["", "-error", "-warning", "-report"])
@pytest.mark.parametrize(
    ("reason", "fault"),
    [
        ("media-empty", Fault.PRINTER_PAPER_OUT),
        ("media-needed", Fault.PRINTER_PAPER_OUT),
        ("input-tray-missing", Fault.PRINTER_PAPER_OUT),
        ("media-jam", Fault.PRINTER_JAMMED),
        ("media-path-output-jam", Fault.PRINTER_JAMMED),
        ("cover-open", Fault.PRINTER_COVER_OPEN),
        ("door-open", Fault.PRINTER_COVER_OPEN),
        ("fuser-cover-open", Fault.PRINTER_COVER_OPEN),
        ("toner-empty", Fault.PRINTER_TONER_OUT),
        ("marker-supply-empty", Fault.PRINTER_TONER_OUT),
        ("marker-waste-full", Fault.PRINTER_TONER_OUT),
        ("output-area-full", Fault.PRINTER_TRAY_FULL),
        ("fuser-over-temp", Fault.PRINTER_HEAD),
        ("marker-motor-failure", Fault.PRINTER_HEAD),
        ("paused", Fault.PRINTER_REFUSED),
        ("offline", Fault.NOT_ANSWERING),
        ("media-low", None),
        ("toner-low", None),
        ("connecting-to-device", None),
        ("other", None),
    ],
)
def test_reasons_and_their_faults(reason: str, suffix: str, fault: Fault | None) -> None:
    assert fault_of(reason + suffix) is fault


def test_of_several_faults_the_first_to_mend_is_told() -> None:
    assert fault_of("media-empty-error", "media-jam-error", "cover-open-error") is Fault.PRINTER_COVER_OPEN
    assert fault_of("toner-empty-report", "media-empty-report") is Fault.PRINTER_PAPER_OUT


def test_stopped_without_a_known_reason_is_stuck() -> None:
    assert fault_of("com.maker.mood-error", state=5) is Fault.PRINTER_STUCK
    assert fault_of("com.maker.mood-error", state=3) is None


def test_a_paused_printer_is_paused_and_not_stuck() -> None:
    assert fault_of("paused", state=5) is Fault.PRINTER_REFUSED


def level(supply: Supply, **attributes: tuple[ipp.Value, ...]) -> Level:
    return reading.status_of(printer_with(**attributes), believe_tray=True).level(supply)


def test_an_empty_cassette_is_out_though_no_reason_says_so() -> None:
    tray = "type=sheetFeedAutoRemovableTray;maxcapacity=250;level={};name=main;"
    unknown = "type=sheetFeedManual;maxcapacity=1;level=-2;name=manual"
    assert level(Supply.PAPER, printer_input_tray=ipp.octets(tray.format(0))) is Level.OUT
    assert level(Supply.PAPER, printer_input_tray=ipp.octets(tray.format(0), unknown)) is Level.FULL
    assert level(Supply.PAPER, printer_input_tray=ipp.octets(tray.format(9))) is Level.FULL
    assert level(Supply.PAPER) is Level.FULL


@pytest.mark.parametrize(
    ("levels", "kinds", "limits", "toner"),
    [
        ((50,), ("toner",), (10,), Level.FULL),
        ((20,), ("toner-cartridge",), (20,), Level.LOW),
        ((0,), ("toner",), (), Level.OUT),
        ((50, 3), ("toner", "waste-toner"), (), Level.FULL),
        ((50, 3), ("toner", "toner"), (), Level.LOW),
        ((9,), (), (), Level.LOW),
        ((-3,), ("toner",), (), Level.UNKNOWN),
        ((), (), (), Level.UNKNOWN),
    ],
)
def test_toner_by_markers(
    levels: tuple[int, ...], kinds: tuple[str, ...], limits: tuple[int, ...], toner: Level
) -> None:
    attributes: Attributes = {
        name: values
        for name, values in {
            "marker-levels": ipp.whole(*levels),
            "marker-types": ipp.keywords(*kinds),
            "marker-low-levels": ipp.whole(*limits),
        }.items()
        if values
    }
    assert reading.status_of(Group(Section.PRINTER, attributes), believe_tray=True).level(Supply.TONER) is toner


def test_toner_by_printer_supply() -> None:
    waste = "index=1;class=receptacleThatIsFilled;type=wasteToner;unit=percent;maxcapacity=100;level=0;"
    toner = "index=2;class=supplyThatIsConsumed;type=toner;unit=tenThousandthsOfInches;maxcapacity={};level={};"
    assert level(Supply.TONER, printer_supply=ipp.octets(waste, toner.format(100, 75))) is Level.FULL
    assert level(Supply.TONER, printer_supply=ipp.octets(waste, toner.format(3000, 150))) is Level.LOW
    assert level(Supply.TONER, printer_supply=ipp.octets(waste, toner.format(100, 0))) is Level.OUT
    assert level(Supply.TONER, printer_supply=ipp.octets(waste)) is Level.UNKNOWN


@pytest.mark.parametrize(
    ("trays", "seen"),
    [
        (["type=unRemovableBin;maxcapacity=50;remaining=50;"], Seen.NO),
        (["type=unRemovableBin;maxcapacity=50;remaining=49;"], Seen.YES),
        (["type=unRemovableBin;maxcapacity=50;remaining=-2;"], Seen.UNKNOWN),
        (["type=unRemovableBin;maxcapacity=-2;remaining=-3;"], Seen.UNKNOWN),
        (["type=unRemovableBin;maxcapacity=50;level=0;"], Seen.NO),
        (["type=unRemovableBin;maxcapacity=50;level=3;"], Seen.YES),
        (["maxcapacity=50;remaining=50;", "maxcapacity=50;remaining=-2;"], Seen.UNKNOWN),
        (["maxcapacity=50;remaining=-2;", "maxcapacity=50;remaining=4;"], Seen.YES),
        (["maxcapacity=fifty;remaining=4e1;"], Seen.UNKNOWN),
        ([], Seen.UNKNOWN),
    ],
)
def test_the_output_tray(trays: list[str], seen: Seen) -> None:
    printer = Group(Section.PRINTER, {"printer-output-tray": ipp.octets(*trays)} if trays else {})
    assert reading.tray_seen(printer, believe_tray=True) is seen
    assert reading.tray_seen(printer, believe_tray=False) is Seen.UNKNOWN


@pytest.mark.parametrize(
    ("state", "reason", "job"),
    [
        (3, "none", (JobState.QUEUED, None)),
        (4, "job-hold-until-specified", (JobState.QUEUED, None)),
        (5, "job-printing", (JobState.PRINTING, None)),
        (5, "printer-stopped", (JobState.STOPPED, None)),
        (6, "printer-stopped", (JobState.STOPPED, None)),
        (7, "job-canceled-by-user", (JobState.CANCELLED, None)),
        (8, "aborted-by-system", (JobState.ABORTED, None)),
        (8, "document-format-error", (JobState.ABORTED, Fault.PRINTER_REFUSED)),
        (9, "job-completed-successfully", (JobState.DONE, None)),
    ],
)
def test_job_states(state: int, reason: str, job: tuple[JobState, Fault | None]) -> None:
    told = {"job-id": ipp.whole(7), "job-state": ipp.enums(state), "job-state-reasons": ipp.keywords(reason)}
    assert reading.job_of(Group(Section.JOB, {**told, "job-name": ipp.name(NAME)})) == Job(NAME, 7, *job)
    assert reading.job_of(Group(Section.JOB, told)) is None


# ---- answers no twin gives


class Scripted:
    """An exchange that answers each operation from a list; the last answer stays."""

    uri = "ipp://printer/ipp/print"

    def __init__(self, **answers: list[Message]) -> None:
        self.answers = answers
        self.asked: list[Message] = []

    def post(self, body: bytes, timeout_s: float) -> bytes:
        asked = decode(body)
        self.asked.append(asked)
        script = self.answers[Operation(asked.code).name]
        answer = script.pop(0) if len(script) > 1 else script[0]
        return encode(Message(answer.code, asked.request_id, answer.groups))

    def times(self, operation: Operation) -> int:
        return sum(1 for message in self.asked if message.code == operation)


def job_group(name: str, number: int, state: int = 3) -> Group:
    told = {"job-id": ipp.whole(number), "job-name": ipp.name(name), "job-state": ipp.enums(state)}
    return Group(Section.JOB, told)


def answer(*groups: Group, code: int = StatusCode.OK) -> Message:
    return Message(code, 0, groups)


NONE = answer()
IDLE = answer(printer_with())


def test_an_inner_error_after_the_job_was_taken_is_taken() -> None:
    link = Scripted(
        GET_JOBS=[NONE, answer(job_group("other", 4), job_group(NAME, 5))],
        PRINT_JOB=[answer(code=StatusCode.INTERNAL_ERROR)],
        GET_JOB_ATTRIBUTES=[answer(job_group(NAME, 5))],
        GET_PRINTER_ATTRIBUTES=[IDLE],
    )
    assert PageIpp(link, LeapingClock()).submit(NAME, b"%PDF") == JobTaken(Job(NAME, 5, JobState.QUEUED))


@pytest.mark.parametrize("code", [0x0400, 0x040A, 0x040B, 0x0411, 0x0500, 0x0504, 0x0506])
def test_a_refusal_that_left_no_job_is_a_refusal(code: int) -> None:
    link = Scripted(GET_JOBS=[NONE], PRINT_JOB=[answer(code=code)], GET_PRINTER_ATTRIBUTES=[IDLE])
    assert PageIpp(link, LeapingClock()).submit(NAME, b"%PDF") == JobRefused(Fault.PRINTER_REFUSED)
    assert link.times(Operation.PRINT_JOB) == 1


def test_an_answer_without_a_job_is_looked_up() -> None:
    link = Scripted(GET_JOBS=[NONE, answer(job_group(NAME, 5))], PRINT_JOB=[NONE], GET_PRINTER_ATTRIBUTES=[IDLE])
    assert PageIpp(link, LeapingClock()).submit(NAME, b"%PDF") == JobTaken(Job(NAME, 5, JobState.QUEUED))


def test_taken_and_unknown_is_against_the_rules() -> None:
    link = Scripted(GET_JOBS=[NONE], PRINT_JOB=[NONE], GET_PRINTER_ATTRIBUTES=[IDLE])
    with pytest.raises(DeviceBrokeRules):
        PageIpp(link, LeapingClock()).submit(NAME, b"%PDF")


def test_jobs_are_asked_for_in_one_question() -> None:
    link = Scripted(GET_JOBS=[answer(job_group(NAME, 5, 9))])
    job = PageIpp(link, LeapingClock()).find(NAME)
    assert job == Job(NAME, 5, JobState.DONE)
    (asked,) = link.asked
    assert asked.first(Section.OPERATION).texts("which-jobs") == ("all",)
    assert asked.first(Section.OPERATION).yes("my-jobs") is False


def test_a_number_that_now_belongs_to_another_job_is_not_believed() -> None:
    link = Scripted(
        GET_JOBS=[answer(job_group(NAME, 5, 9)), NONE],
        GET_JOB_ATTRIBUTES=[answer(job_group("after-its-restart", 5, 9))],
    )
    printer = PageIpp(link, LeapingClock())
    assert printer.find(NAME) == Job(NAME, 5, JobState.DONE)
    assert printer.find(NAME) is None


def test_of_two_jobs_of_one_name_the_newer_is_told() -> None:
    link = Scripted(GET_JOBS=[answer(job_group(NAME, 9, 9), job_group(NAME, 5, 7))])
    assert PageIpp(link, LeapingClock()).find(NAME) == Job(NAME, 9, JobState.DONE)


def test_a_job_under_way_at_a_printer_without_paper_is_stopped() -> None:
    link = Scripted(
        GET_JOBS=[answer(job_group(NAME, 5, 5))],
        GET_PRINTER_ATTRIBUTES=[answer(printer_with(("media-empty-warning",), 4))],
    )
    assert PageIpp(link, LeapingClock()).find(NAME) == Job(NAME, 5, JobState.STOPPED, Fault.PRINTER_PAPER_OUT)


def test_following_a_job_does_not_remember_every_job_there_ever_was() -> None:
    names = [f"proof-{number}" for number in range(driver.REMEMBERED + 10)]
    link = Scripted(GET_JOBS=[answer(*(job_group(name, number, 9) for number, name in enumerate(names)))])
    printer = PageIpp(link, LeapingClock())
    for name in names:
        printer.find(JobName(name))
    assert len(printer._numbers) == driver.REMEMBERED


def test_a_printer_that_does_not_tell_its_state_is_in_error() -> None:
    status = PageIpp(Scripted(GET_PRINTER_ATTRIBUTES=[NONE]), LeapingClock()).status()
    assert (status.device, status.fault) == (DeviceState.ERROR, Fault.BROKE_RULES)


@pytest.mark.parametrize(
    "lacking",
    [
        {"document-format-supported": ipp.keywords("image/urf")},
        {"operations-supported": ipp.enums(Operation.PRINT_JOB, Operation.GET_PRINTER_ATTRIBUTES)},
        {"which-jobs-supported": ipp.keywords("completed", "not-completed")},
    ],
)
def test_a_printer_that_cannot_do_the_work_is_the_wrong_one(lacking: Attributes) -> None:
    link = Scripted(GET_PRINTER_ATTRIBUTES=[answer(Group(Section.PRINTER, lacking))])
    with pytest.raises(WrongDevice):
        PageIpp(link, LeapingClock()).start()


def test_cancel_of_a_job_that_ended_meanwhile_is_no_error() -> None:
    for code in (StatusCode.NOT_POSSIBLE, StatusCode.NOT_FOUND):
        link = Scripted(GET_JOBS=[answer(job_group(NAME, 5, 5))], CANCEL_JOB=[answer(code=code)])
        PageIpp(link, LeapingClock()).cancel(NAME)
    link = Scripted(GET_JOBS=[answer(job_group(NAME, 5, 5))], CANCEL_JOB=[answer(code=0x0403)])
    with pytest.raises(DeviceBrokeRules):
        PageIpp(link, LeapingClock()).cancel(NAME)


class Babbling:
    """An exchange that answers anything with the same bytes, under the right number."""

    uri = "ipp://printer/ipp/print"

    def __init__(self, rest: bytes) -> None:
        self.rest = rest

    def post(self, body: bytes, timeout_s: float) -> bytes:
        return b"\x02\x00\x00\x00" + body[4:8] + self.rest


@given(st.binary(max_size=300))
def test_any_answer_at_all_is_an_outcome_or_an_error_of_ours(rest: bytes) -> None:
    printer = PageIpp(Babbling(rest), LeapingClock())
    printer.status()
    for ask in (
        printer.start,
        printer.paper_in_tray,
        lambda: printer.submit(NAME, b"%PDF"),
        lambda: printer.find(NAME),
        lambda: printer.cancel(NAME),
    ):
        try:
            ask()
        except DeviceError:
            continue


_odd = st.one_of(
    st.integers(-5, 12).map(lambda n: ipp.enums(n)),
    st.integers(-(2**31), 2**31 - 1).map(lambda n: ipp.whole(n)),
    st.text(max_size=30).map(lambda text: ipp.keywords(text)),
    st.text("levelmaxcapyt=;-0123456789", max_size=40).map(lambda text: ipp.octets(text)),
    st.booleans().map(ipp.yes),
)
_names = st.sampled_from([*reading.PRINTER_ATTRIBUTES, *reading.JOB_ATTRIBUTES])


@given(st.dictionaries(_names, _odd))
def test_any_attributes_at_all_have_a_meaning(attributes: Attributes) -> None:
    status = reading.status_of(Group(Section.PRINTER, attributes), believe_tray=True)
    assert set(status.supplies) == {Supply.PAPER, Supply.TONER, Supply.EXIT}
    reading.job_of(Group(Section.JOB, attributes))
