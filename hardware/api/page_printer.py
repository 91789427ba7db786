"""The A4 printer's port: jobs by our own name, found again by it after a crash."""

import enum
from dataclasses import dataclass
from typing import NewType, Protocol

from hardware.api.locker import Seen
from hardware.api.status import Fault, Status

JobName = NewType("JobName", str)
"""Our own name of a job, unique for ever, no personal data in it: what `find` looks for."""


class JobState(enum.StrEnum):
    """What the printer says about a job. DONE is the printer's word, not the paper's."""

    QUEUED = "queued"
    PRINTING = "printing"
    STOPPED = "stopped"  # it waits for paper, a hand, a cover
    DONE = "done"
    ABORTED = "aborted"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Job:
    """A job as the printer tells it now."""

    name: JobName
    number: int
    state: JobState
    fault: Fault | None = None


@dataclass(frozen=True)
class JobTaken:
    """The printer has the whole document."""

    job: Job


@dataclass(frozen=True)
class JobRefused:
    """The printer did not take it: nothing will be printed."""

    fault: Fault


SubmitOutcome = JobTaken | JobRefused


class PagePrinter(Protocol):
    """Prints A4 documents. All methods run in the device's lane."""

    def start(self) -> str:
        """Ask who it is (make and model). Raises DeviceError."""
        ...

    def status(self) -> Status:
        """State and supplies; Supply.EXIT is LOW while paper lies in the output tray, UNKNOWN without a sensor.

        Raises nothing: a printer that is away or odd is a status too.
        """
        ...

    def submit(self, name: JobName, pdf: bytes, *, sides: str = "one-sided") -> SubmitOutcome:
        """Hand over one document; a name the printer still knows is answered with its job, not printed again.

        Raises DeviceError of any kind: then only `find` can tell whether it was taken.
        """
        ...

    def find(self, name: JobName) -> Job | None:
        """The job of that name, finished or not; None when the printer knows none. Raises DeviceError."""
        ...

    def cancel(self, name: JobName) -> None:
        """Stop a job that is not done; no error when it is gone. Raises DeviceError."""
        ...

    def paper_in_tray(self) -> Seen:
        """Whether paper lies in the output tray; UNKNOWN without a sensor. Raises DeviceError."""
        ...
