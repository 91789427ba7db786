"""An A4 printer reached straight by IPP, job by our own name.

The printer is asked, never guessed at: after a lost answer `find` tells whether the job was taken, and `submit` looks
for the name before it sends, so one name is one job at the printer for as long as the printer remembers it.

Sources: RFC 8011 §4.2–4.3 (operations), appendix B (status codes), PWG 5100.7 which-jobs "all".
"""

from collections import OrderedDict
from typing import Protocol

from hardware.api.clock import Clock
from hardware.api.errors import DeviceBrokeRules, DeviceError, WrongDevice
from hardware.api.locker import Seen
from hardware.api.page_printer import Job, JobName, JobRefused, JobState, JobTaken, SubmitOutcome
from hardware.api.status import Fault, Status
from hardware.codecs import ipp
from hardware.codecs.ipp import Attributes, Group, Message, NotIppError, Operation, Section, StatusCode, Tag, Value
from hardware.drivers.exchange import status_of
from hardware.drivers.page_ipp import reading

LONGEST_NAME = 255
"""Octets of an IPP name (RFC 8011 §5.1.3)."""
REMEMBERED = 64
"""Job numbers kept so that following a job does not ask for the printer's whole history."""
PDF = "application/pdf"
A4 = "iso_a4_210x297mm"

NEEDED = (
    Operation.PRINT_JOB,
    Operation.CANCEL_JOB,
    Operation.GET_JOB_ATTRIBUTES,
    Operation.GET_JOBS,
    Operation.GET_PRINTER_ATTRIBUTES,
)


class IppExchange(Protocol):
    """What the driver is handed: one body there, one back. `hardware.transports.ipp_link.IppLink` is one."""

    @property
    def uri(self) -> str: ...

    def post(self, body: bytes, timeout_s: float) -> bytes:
        """Raises LinkLost, NotAnswering, DeviceBrokeRules."""
        ...


class PageIpp:
    """PagePrinter over IPP. All methods run in the device's lane and hold it while the printer answers.

    `busy_limit_s` is how long a printer that is busy with another job is waited for, `busy_wait_s` between two tries.
    `believe_tray` False is for models whose printer-output-tray says nothing true. `ask_s` and `submit_s` are how long
    an answer may take, without and with a document.
    """

    def __init__(
        self,
        link: IppExchange,
        clock: Clock,
        *,
        user: str = "terminal",
        busy_limit_s: float = 20.0,
        busy_wait_s: float = 1.0,
        believe_tray: bool = True,
        ask_s: float = 10.0,
        submit_s: float = 60.0,
    ) -> None:
        self._link = link
        self._clock = clock
        self._user = user
        self._busy_limit_s = busy_limit_s
        self._busy_wait_s = busy_wait_s
        self._believe_tray = believe_tray
        self._ask_s = ask_s
        self._submit_s = submit_s
        self._version = (2, 0)
        self._request_id = 0
        self._numbers: OrderedDict[JobName, int] = OrderedDict()

    def start(self) -> str:
        """Ask who it is (make and model). Raises DeviceError; WrongDevice when it cannot do what we need."""
        printer = self._printer(
            "printer-make-and-model",
            "document-format-supported",
            "operations-supported",
            "which-jobs-supported",
        )
        formats, can = printer.texts("document-format-supported"), printer.numbers("operations-supported")
        if formats and PDF not in formats:
            raise WrongDevice("the printer takes no application/pdf")
        if can and not set(NEEDED) <= set(can):
            raise WrongDevice("the printer lacks an operation that is needed")
        listed = printer.texts("which-jobs-supported")
        if listed and "all" not in listed:
            raise WrongDevice("the printer cannot list all its jobs in one answer")
        return printer.text("printer-make-and-model") or ""

    def status(self) -> Status:
        """State and supplies as the printer tells them now; a lost or odd printer is a status too, never an error."""
        try:
            return self._status()
        except DeviceError as error:
            return status_of(error)

    def submit(self, name: JobName, pdf: bytes, *, sides: str = "one-sided") -> SubmitOutcome:
        """Hand over one document; a name the printer already knows is not printed again.

        Raises DeviceError: then only `find` can tell whether the printer took it. ValueError: a name it cannot carry.
        """
        if not 0 < len(name.encode()) <= LONGEST_NAME:
            raise ValueError("a job's name has 1 to 255 octets")
        known = self.find(name)
        if known is not None:
            return JobTaken(known)
        operation = {"job-name": ipp.name(name), "document-format": (Value(Tag.MIME_TYPE, PDF),)}
        template = {"sides": ipp.keywords(sides), "media": ipp.keywords(A4)}
        answer = self._ask(Operation.PRINT_JOB, operation, template, pdf)
        if ipp.is_success(answer.code):
            taken = reading.job_of(_named(answer.first(Section.JOB), name)) or self.find(name)
            if taken is None:
                raise DeviceBrokeRules("it took a job and does not know it (RFC 8011 §4.2.1.2)")
            self._remember(taken)
            return JobTaken(taken)
        if _may_have_taken(answer.code):
            found = self.find(name)
            if found is not None:
                return JobTaken(found)
        return JobRefused(Fault.PRINTER_REFUSED)

    def find(self, name: JobName) -> Job | None:
        """The job of that name, finished or not; None when the printer knows none. Raises DeviceError."""
        job = self._find(name)
        if job is None or job.fault is not None or job.state in (JobState.DONE, JobState.CANCELLED):
            return job
        fault = self._status().fault
        # A printer may wait for paper in job-state "processing", without a word in the job's reasons (ippeveprinter).
        waits = job.state is JobState.PRINTING and fault in reading.HALTING
        return Job(job.name, job.number, JobState.STOPPED if waits else job.state, fault)

    def cancel(self, name: JobName) -> None:
        """Stop a job that is not done; no error when it is gone. Raises DeviceError."""
        job = self._find(name)
        if job is None or job.state in (JobState.DONE, JobState.ABORTED, JobState.CANCELLED):
            return
        answer = self._ask(Operation.CANCEL_JOB, {"job-id": ipp.whole(job.number)})
        if not ipp.is_success(answer.code) and answer.code not in (StatusCode.NOT_POSSIBLE, StatusCode.NOT_FOUND):
            raise DeviceBrokeRules(f"it answers 0x{answer.code:04x} to Cancel-Job")

    def paper_in_tray(self) -> Seen:
        """Whether paper lies in the output tray; UNKNOWN where the printer cannot tell. Raises DeviceError."""
        return reading.tray_seen(self._printer("printer-output-tray"), believe_tray=self._believe_tray)

    def _status(self) -> Status:
        printer = self._printer(*reading.PRINTER_ATTRIBUTES)
        if printer.number("printer-state") not in set(reading.PrinterState):
            raise DeviceBrokeRules("it does not tell its state (RFC 8011 §5.4.11)")
        return reading.status_of(printer, believe_tray=self._believe_tray)

    def _find(self, name: JobName) -> Job | None:
        number = self._numbers.get(name)
        if number is not None:
            job = self._by_number(number)
            if job is not None and job.name == name:
                return job
            del self._numbers[name]
        return self._by_name(name)

    def _by_number(self, number: int) -> Job | None:
        wanted = {"job-id": ipp.whole(number), "requested-attributes": ipp.keywords(*reading.JOB_ATTRIBUTES)}
        answer = self._ask(Operation.GET_JOB_ATTRIBUTES, wanted)
        return reading.job_of(answer.first(Section.JOB)) if ipp.is_success(answer.code) else None

    def _by_name(self, name: JobName) -> Job | None:
        """One question for all jobs: with one for the unfinished and one for the finished, a job can slip between."""
        wanted = {
            "which-jobs": ipp.keywords("all"),
            "my-jobs": ipp.yes(False),
            "requested-attributes": ipp.keywords(*reading.JOB_ATTRIBUTES),
        }
        answer = self._good(Operation.GET_JOBS, wanted)
        jobs = [job for group in answer.of(Section.JOB) if (job := reading.job_of(group)) and job.name == name]
        newest = max(jobs, key=lambda job: job.number, default=None)
        if newest is not None:
            self._remember(newest)
        return newest

    def _remember(self, job: Job) -> None:
        self._numbers[job.name] = job.number
        self._numbers.move_to_end(job.name)
        if len(self._numbers) > REMEMBERED:
            self._numbers.popitem(last=False)

    def _printer(self, *wanted: str) -> Group:
        answer = self._good(Operation.GET_PRINTER_ATTRIBUTES, {"requested-attributes": ipp.keywords(*wanted)})
        return answer.first(Section.PRINTER)

    def _good(self, operation: Operation, attributes: Attributes) -> Message:
        answer = self._ask(operation, attributes)
        if not ipp.is_success(answer.code):
            raise DeviceBrokeRules(f"it answers 0x{answer.code:04x} to {operation.name}")
        return answer

    def _ask(
        self, operation: Operation, attributes: Attributes, template: Attributes | None = None, document: bytes = b""
    ) -> Message:
        """One answer; a busy printer is asked again in a while, an older one in its own version of IPP."""
        give_up = self._clock.monotonic() + self._busy_limit_s
        while True:
            answer = self._exchange(operation, attributes, template, document)
            if answer.code == StatusCode.VERSION_NOT_SUPPORTED and self._version != (1, 1):
                self._version = (1, 1)
            elif answer.code == StatusCode.BUSY and self._clock.monotonic() + self._busy_wait_s <= give_up:
                self._clock.wait(self._busy_wait_s)
            else:
                return answer

    def _exchange(
        self, operation: Operation, attributes: Attributes, template: Attributes | None, document: bytes
    ) -> Message:
        self._request_id = self._request_id % 0x7FFFFFFF + 1
        who = ipp.opening(printer_uri=(Value(Tag.URI, self._link.uri),), requesting_user_name=ipp.name(self._user))
        groups = [Group(Section.OPERATION, {**who, **attributes})]
        if template:
            groups.append(Group(Section.JOB, template))
        asked = Message(operation, self._request_id, tuple(groups), self._version, document)
        heard = self._link.post(ipp.encode(asked), self._submit_s if document else self._ask_s)
        try:
            answer = ipp.decode(heard)
        except NotIppError as error:
            raise DeviceBrokeRules(f"its answer is no IPP: {error}") from error
        if answer.request_id != self._request_id:
            raise DeviceBrokeRules("its answer belongs to another question (RFC 8011 §4.1.1)")
        return answer


def _may_have_taken(code: int) -> bool:
    """Whether the printer may hold the job though it answered so: its own inner errors, which may come too late."""
    return code >= StatusCode.INTERNAL_ERROR and code not in (StatusCode.BUSY, StatusCode.NOT_ACCEPTING)


def _named(job: Group, name: JobName) -> Group:
    """The answer to Print-Job must hold number and state; our name is added where it is left out (it may be)."""
    return Group(job.section, {"job-name": ipp.name(name), **job.attributes})
