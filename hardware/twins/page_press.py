"""The inside of the A4 printer's twin: paper, toner, cover, tray and jobs, with no word of any protocol.

One thread turns the paper. A sheet counts when it falls into the tray, not before: a jam or an opened cover keeps it
inside, and it is fed anew when the way is free.
"""

import enum
import io
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import pikepdf

from hardware.twins.wire import refuse_in_shipped_program

TRAY_HOLDS = 100
CASSETTE_HOLDS = 250
KEPT = 500
"""Documents kept for whoever looks at what came in and what came out; older ones are forgotten."""


class PageFault(enum.Enum):
    """What the printer does wrong, from `begin` until `end`."""

    ACCEPTS_NEVER_PRINTS = enum.auto()  # takes jobs, says "processing" for ever
    SAYS_DONE_PAPER_OUT = enum.auto()  # says "completed" although the cassette was empty
    BUSY = enum.auto()  # answers 0x0507 to every Print-Job
    ABORTS = enum.auto()  # takes jobs and aborts them
    REFUSES = enum.auto()  # answers 0x0506, not accepting jobs
    HANGS_UP_AFTER_TAKING = enum.auto()  # takes the job and cuts the connection instead of answering
    HTML_ANSWER = enum.auto()  # 200 with a login page
    RUBBISH_ANSWER = enum.auto()  # application/ipp, and bytes whose lengths run backwards
    TRUNCATED_ANSWER = enum.auto()  # half an IPP message, whole as HTTP
    CUT_ANSWER = enum.auto()  # the connection is cut in the middle of the answer
    OVERSIZED_ANSWER = enum.auto()  # an answer without end
    SLOW = enum.auto()  # works on the request and does not answer until the fault ends
    OTHER_ANSWER = enum.auto()  # the answer carries another request's number


class JobEnd(enum.Enum):
    """How a job ended."""

    COMPLETED = enum.auto()
    CANCELED = enum.auto()
    ABORTED = enum.auto()


@dataclass(frozen=True)
class Sheet:
    """One sheet of paper in the tray."""

    job: int
    name: str
    first_page: int
    pages: int


@dataclass(frozen=True)
class Document:
    """A document that came in, or came out whole."""

    job: int
    name: str
    pdf: bytes = field(repr=False)


@dataclass
class PressJob:
    """A job at the printer."""

    number: int
    name: str
    user: str
    pdf: bytes = field(repr=False)
    pages: int
    per_sheet: int
    created_s: float
    started_s: float | None = None
    ended_s: float | None = None
    pages_done: int = 0
    end: JobEnd | None = None
    reason: str = "none"
    cancel_asked: bool = False


class Press:
    """The mechanics. `page_s` seconds a page; None: a page is only turned by `turn_page` (for tests that hold it).

    Every method may be called from any thread. `history` jobs that have ended are remembered, older ones forgotten.
    """

    def __init__(
        self, *, page_s: float | None = 0.0, sheets: int = CASSETTE_HOLDS, low_at: int = 20, history: int = 20
    ):
        refuse_in_shipped_program()
        self.changed = threading.Condition()
        self.page_s = page_s
        self.low_at = low_at
        self.history = history
        self.one_at_a_time = False
        self.faults: set[PageFault] = set()
        self.received: deque[Document] = deque(maxlen=KEPT)
        self.printed: deque[Document] = deque(maxlen=KEPT)
        self.tray: list[Sheet] = []
        self.jobs: dict[int, PressJob] = {}
        self.started_s = time.monotonic()
        self._sheets = sheets
        self._toner = 100
        self._jammed = False
        self._cover_open = False
        self._halts = 0  # how often the sheet inside was stopped, even for less than the thread needs to look
        self._turns = 0
        self._next_number = 1
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="twin-page-press", daemon=True)
        self._thread.start()

    # ---- what a person does to it

    @property
    def sheets(self) -> int:
        """Sheets in the cassette."""
        return self._sheets

    def load_paper(self, sheets: int = CASSETTE_HOLDS) -> None:
        """Put this many sheets into the cassette, whatever was there; 0 empties it."""
        with self.changed:
            self._sheets = sheets
            self.changed.notify_all()

    def jam(self, jammed: bool = True) -> None:
        with self.changed:
            self._jammed = jammed
            self._halts += jammed
            self.changed.notify_all()

    def open_cover(self, is_open: bool = True) -> None:
        with self.changed:
            self._cover_open = is_open
            self._halts += is_open
            self.changed.notify_all()

    def set_toner(self, percent: int) -> None:
        with self.changed:
            self._toner = percent
            self.changed.notify_all()

    def take_paper(self) -> list[Sheet]:
        """Take everything out of the tray."""
        with self.changed:
            taken, self.tray = self.tray, []
            self.changed.notify_all()
            return taken

    def begin(self, fault: PageFault) -> None:
        with self.changed:
            self.faults.add(fault)
            self.changed.notify_all()

    def end(self, fault: PageFault) -> None:
        with self.changed:
            self.faults.discard(fault)
            self.changed.notify_all()

    def turn_page(self, sheets: int = 1) -> None:
        """Let this many sheets through where `page_s` is None."""
        with self.changed:
            self._turns += sheets
            self.changed.notify_all()

    def wait_for(self, seen: Callable[[], bool], timeout_s: float = 10.0) -> bool:
        """Whether `seen` became true in time; looked at after every change."""
        with self.changed:
            return self.changed.wait_for(seen, timeout_s)

    # ---- what its protocol end asks

    @property
    def toner(self) -> int:
        return self._toner

    def take_job(self, name: str, user: str, pdf: bytes, *, two_sided: bool) -> PressJob:
        """Queue a document. One that is no PDF is taken and aborted, as printers do."""
        pages = _page_count(pdf)
        with self.changed:
            job = PressJob(self._next_number, name, user, pdf, pages, 2 if two_sided else 1, time.monotonic())
            self._next_number += 1
            self.jobs[job.number] = job
            self.received.append(Document(job.number, name, pdf))
            if pages == 0:
                self._finish(job, JobEnd.ABORTED, "document-format-error")
            self.changed.notify_all()
            return job

    def cancel_job(self, job: PressJob) -> bool:
        """Ask for a stop; False when the job has ended already. A page under way is finished first."""
        with self.changed:
            if job.end is not None:
                return False
            job.cancel_asked = True
            if job.started_s is None:
                self._finish(job, JobEnd.CANCELED, "job-canceled-by-user")
            self.changed.notify_all()
            return True

    def current(self) -> PressJob | None:
        """The oldest job that has not ended."""
        with self.changed:
            return next((job for job in self.jobs.values() if job.end is None), None)

    def obstacles(self) -> list[str]:
        """Why no paper can move now, as bare words."""
        words = {
            "media-empty": self._sheets == 0,
            "media-jam": self._jammed,
            "cover-open": self._cover_open,
            "toner-empty": self._toner == 0,
            "output-area-full": len(self.tray) >= TRAY_HOLDS,
        }
        return [word for word, holds in words.items() if holds]

    def warnings(self) -> list[str]:
        """What is running low, as bare words."""
        words = {"media-low": 0 < self._sheets <= self.low_at, "toner-low": 0 < self._toner <= 10}
        return [word for word, holds in words.items() if holds]

    def stop(self) -> None:
        """End the thread; jobs that have not ended stay where they are."""
        with self.changed:
            self._stopping = True
            self.changed.notify_all()
        self._thread.join(timeout=30.0)

    # ---- the thread

    def _run(self) -> None:
        with self.changed:
            while not self._stopping:
                job = self.current()
                if job is None or not self._advance(job):
                    self.changed.wait()

    def _advance(self, job: PressJob) -> bool:
        """One step of a job; False when nothing can be done for it until something changes."""
        if job.started_s is None:
            job.started_s = time.monotonic()
            self.changed.notify_all()
        if job.cancel_asked:
            self._finish(job, JobEnd.CANCELED, "job-canceled-by-user")
        elif PageFault.ABORTS in self.faults:
            self._finish(job, JobEnd.ABORTED, "aborted-by-system")
        elif PageFault.ACCEPTS_NEVER_PRINTS in self.faults:
            return False
        elif PageFault.SAYS_DONE_PAPER_OUT in self.faults and self._sheets == 0:
            self._finish(job, JobEnd.COMPLETED, "job-completed-successfully")
        elif self.obstacles():
            return False
        else:
            return self._feed(job)
        return True

    def _feed(self, job: PressJob) -> bool:
        """Turn one sheet; False when the test has not asked for it yet."""
        pages = min(job.per_sheet, job.pages - job.pages_done)
        if self.page_s is None:
            if self._turns == 0:
                return False
            self._turns -= 1
        else:
            due, halts = time.monotonic() + self.page_s * pages, self._halts

            def stopped() -> bool:
                return self._stopping or self._halts != halts or bool(self.obstacles())

            while (left := due - time.monotonic()) > 0 and not stopped():
                self.changed.wait(left)
            if stopped():
                return True  # the sheet stays inside: it is fed anew
        self._sheets -= 1
        self.tray.append(Sheet(job.number, job.name, job.pages_done + 1, pages))
        job.pages_done += pages
        if job.pages_done == job.pages:
            self.printed.append(Document(job.number, job.name, job.pdf))
            self._finish(job, JobEnd.COMPLETED, "job-completed-successfully")
        self.changed.notify_all()
        return True

    def _finish(self, job: PressJob, end: JobEnd, reason: str) -> None:
        if job.end is not None:
            raise RuntimeError("a job ends once")
        job.end, job.reason, job.ended_s = end, reason, time.monotonic()
        ended = [each.number for each in self.jobs.values() if each.end is not None]
        for number in ended[: max(len(ended) - self.history, 0)]:
            del self.jobs[number]
        self.changed.notify_all()


def _page_count(pdf: bytes) -> int:
    """Pages of a document, 0 when it is no PDF that can be printed."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return len(document.pages)
    except pikepdf.PdfError:
        return 0
