"""Slip printers that speak ESC/POS, printing every slip as a raster (docs/devices/escpos-slip.md)."""

import enum
from collections.abc import Callable
from typing import TypeVar

from hardware.api.clock import Clock
from hardware.api.errors import DeviceError
from hardware.api.link import ByteLink
from hardware.api.locker import Seen
from hardware.api.slip_printer import SlipFailed, SlipImage, SlipOutcome, SlipPrinted
from hardware.api.status import DeviceState, Fault, Level, Status, Supply
from hardware.codecs.escpos import (
    ASK_PRESENTER,
    AskNow,
    AskQueued,
    AutoStatus,
    Cut,
    Filler,
    Initialise,
    Raster,
    Recover,
    encode,
)
from hardware.codecs.escpos_status import (
    Answer,
    AnswerReader,
    ErrorCause,
    NowAnswer,
    OfflineCause,
    PaperSensor,
    PresenterPaper,
    PresenterReport,
    PresenterUser,
    QueuedAnswer,
    QueuedPaper,
)
from hardware.codecs.hunt import Noise
from hardware.drivers.exchange import hear, no_answer, status_of

BAND_ROWS = 24
"""Rows sent at once: little enough that a stop is seen soon, and that the command stream never ends inside an image."""
TALLEST_SLIP = 8000
"""Dots; a metre of paper is a mistake of ours."""
FEED_DOTS = 24
"""From the last row to the knife, beyond the printer's own distance."""
TRIES = 3
CAUSE, ERROR, PAPER = 2, 3, 4
"""The numbers of the real-time questions."""

T = TypeVar("T")


class Presenter(enum.StrEnum):
    """What holds the cut slip: nothing, or a presenter that can say whether a slip waits in the mouth."""

    NONE = "none"
    KPM150 = "kpm150"


class SlipEscPos:
    """One printer. Implements `hardware.api.slip_printer.SlipPrinter`.

    "Printed" is believed when a queued question sent after the cut is answered and the printer then knows no fault.
    `answer_s` bounds a real-time answer; between bands it may take `busy_s`, as the bytes before it need their time on
    the wire. `slowest_dots_s` is the slowest head that is waited for; `recover_every_s` spares a knife that is stuck.
    """

    def __init__(
        self,
        link: ByteLink,
        clock: Clock,
        presenter: Presenter = Presenter.NONE,
        width: int = 576,
        *,
        answer_s: float = 0.3,
        busy_s: float = 2.0,
        poll_s: float = 0.1,
        slowest_dots_s: float = 400.0,
        grace_s: float = 5.0,
        recover_every_s: float = 30.0,
    ) -> None:
        if width % 8 or width <= 0:
            raise ValueError(f"a head of {width} dots is not a multiple of 8")
        self._link = link
        self._clock = clock
        self._presenter = presenter
        self._width = width
        self._answer_s = answer_s
        self._busy_s = busy_s
        self._poll_s = poll_s
        self._slowest_dots_s = slowest_dots_s
        self._grace_s = grace_s
        self._reader = AnswerReader(presenter=presenter is not Presenter.NONE)
        self._asked = self._answered = 0  # queued questions
        self._queued_bits = 0  # the newest queued answer
        self._recover_every_s = recover_every_s
        self._recover_after = clock.monotonic()
        self._noise = 0  # pieces of it heard so far
        self._left_over = True  # something of a slip may be inside: not known before the first start

    # ---- what the port promises

    def start(self) -> str:
        """Bring the command stream into step and put out what an interrupted slip left inside. Raises DeviceError.

        A host that stopped inside an image leaves the printer waiting for the rest of it: it would swallow the next
        commands as dots. Zero bytes fill that up as white rows and mean nothing anywhere else.
        """
        self._link.discard_input()
        self._reader.quiet()
        self._answered = self._asked
        self._left_over = True
        self._link.write(encode(Filler(BAND_ROWS * self._width // 8)) + encode(Initialise()) + encode(AutoStatus(0)))
        self._ask(CAUSE, self._busy_s)
        if self._presenter is Presenter.NONE:
            self._clear_left_over()
        return f"ESC/POS, {self._width} dots, presenter {self._presenter}"

    def status(self) -> Status:
        """Ask in real time. Once the printer can work again, what an interrupted slip left inside is cut off.

        Not with a presenter: the piece would wait in the mouth and look like a slip. There the next slip pushes it out.
        """
        try:
            self._settle()
            status = self._status()
            if not status.can_work or self._presenter is not Presenter.NONE:
                return status
            fault = self._clear_left_over()
        except DeviceError as error:
            return status_of(error)
        return status if fault is None else Status(DeviceState.ERROR, fault, status.supplies)

    def print_slip(self, image: SlipImage) -> SlipOutcome:
        """Print and cut. A link or a printer that is gone before the first byte of the slip is told, not raised.

        Raises LinkLost, NotAnswering, DeviceBrokeRules later on; ValueError for an image that is not this head's.
        """
        self._check(image)
        try:
            self._settle()
            fault = self._fault_now() or self._clear_left_over()
        except DeviceError as error:
            fault = error.fault
        if fault is not None:
            return SlipFailed(fault, begun=False)
        self._left_over = True
        self._link.write(encode(Initialise()) + encode(AutoStatus(0)))
        fault = self._send_bands(image)
        if fault is None:
            self._link.write(encode(Cut(feed=FEED_DOTS)))
            fault = self._wait_worked_through(self._grace_s + image.height / self._slowest_dots_s)
            fault = self._fault_at_the_end() if fault is None else fault
        if fault is not None:
            return self._failed(fault)
        self._left_over = False
        return SlipPrinted()

    def slip_in_exit(self) -> Seen:
        """Whether a slip waits in the mouth; UNKNOWN without a presenter. Raises DeviceError."""
        match self._presenter:
            case Presenter.NONE:
                return Seen.UNKNOWN
            case Presenter.KPM150:
                self._settle()
                return Seen.YES if self._ask_presenter().paper & PresenterPaper.IN_EXIT else Seen.NO

    # ---- a slip

    def _check(self, image: SlipImage) -> None:
        if image.width % 8 or not 0 < image.width <= self._width:
            raise ValueError(f"an image {image.width} dots wide for a head of {self._width}")
        if not 0 < image.height <= TALLEST_SLIP:
            raise ValueError(f"an image {image.height} dots tall")
        if len(image.rows) != image.width // 8 * image.height:
            raise ValueError("an image whose bytes are not its rows")

    def _send_bands(self, image: SlipImage) -> Fault | None:
        row = image.width // 8
        answers = True
        for first in range(0, image.height, BAND_ROWS):
            rows = image.rows[first * row : (first + BAND_ROWS) * row]
            self._link.write(encode(Raster(row, len(rows) // row, rows)))
            if not answers:
                continue
            cause = self._ask_once(CAUSE, self._busy_s)
            if cause is None:
                answers = False  # some boards are deaf while they print: the queued answer tells the end
            elif (fault := self._fault_of(cause)) is not None:
                return fault
        return None

    def _wait_worked_through(self, within_s: float, *, any_answer: bool = False) -> Fault | None:
        """Ask in the queue, twice, and wait until both are answered, looking out for faults.

        None when everything before it is done; PRINTER_STUCK when only real-time answers come in that time. Raises
        LinkLost, NotAnswering, DeviceBrokeRules.
        """
        self._ask_queued()
        goal = self._answered + 1 if any_answer else self._asked
        deadline = self._clock.monotonic() + within_s
        noise = self._noise
        alive = confirming = False
        while True:
            if self._hear_queued(goal, self._poll_s):
                if confirming and self._noise == noise:
                    at_end = self._queued_bits & QueuedPaper.END == QueuedPaper.END
                    return Fault.PRINTER_PAPER_OUT if at_end else None
                # A queued answer is one byte without a check, and a stray 00 looks like it: the answer to a second
                # question cannot come before the first one's. What comes along with noise is asked for again, too.
                noise, confirming, goal = self._noise, True, goal + 1
                self._ask_queued()
            if self._clock.monotonic() >= deadline:
                break
            cause = self._ask_once(CAUSE, self._answer_s)
            if cause is not None and self._answered < goal:
                alive = True
                fault = self._fault_of(cause)
                if fault is not None:
                    return fault
        if alive:
            return Fault.PRINTER_STUCK
        raise no_answer(self._noise != noise, "end of the slip")

    def _fault_at_the_end(self) -> Fault | None:
        """An honest printer stops before it says that it is done; one that does not has still told us its fault."""
        try:
            return self._fault_now()
        except DeviceError:
            return None  # it was cut and told so; what has happened to the line since is the next question's business

    def _failed(self, fault: Fault) -> SlipFailed:
        if fault in (Fault.PRINTER_CUTTER, Fault.PRINTER_HEAD):
            self._link.write(encode(Recover(2)))  # drop what is buffered; without effect while the cause stands
        return SlipFailed(fault, begun=True)

    def _clear_left_over(self) -> Fault | None:
        """Cut off what an interrupted slip left inside or unprinted, so that it is not on top of the next one.

        Returns the fault that prevents it.
        """
        if not self._left_over:
            return None
        fault = self._fault_now()
        if fault is not None:
            return fault
        self._link.write(encode(Cut(feed=FEED_DOTS)))
        fault = self._wait_worked_through(self._grace_s, any_answer=True)
        if fault is not None:
            return fault
        # Answers come in order. One that is owed from before may have died with the power: do not wait for it long.
        self._hear_queued(self._asked, self._busy_s)
        self._answered = self._asked
        self._left_over = False
        return None

    # ---- faults

    def _fault_now(self) -> Fault | None:
        """What stops the printer now. A recoverable error may have been mended: leaving it is tried now and then."""
        fault = self._fault_of(self._ask(CAUSE))
        if fault in (Fault.PRINTER_CUTTER, Fault.PRINTER_HEAD) and self._clock.monotonic() >= self._recover_after:
            self._recover_after = self._clock.monotonic() + self._recover_every_s
            self._link.write(encode(Recover(2)))
            fault = self._fault_of(self._ask(CAUSE))
        return fault

    def _fault_of(self, cause: int) -> Fault | None:
        if cause & OfflineCause.COVER_OPEN:
            return Fault.PRINTER_COVER_OPEN
        if cause & OfflineCause.ERROR:
            return Fault.PRINTER_CUTTER if self._ask(ERROR) & ErrorCause.CUTTER else Fault.PRINTER_HEAD
        return Fault.PRINTER_PAPER_OUT if cause & OfflineCause.PAPER_END else None

    def _status(self) -> Status:
        fault = self._fault_now()
        sensors = self._ask(PAPER)
        level = Level.OUT if sensors & PaperSensor.END else Level.LOW if sensors & PaperSensor.NEAR_END else Level.FULL
        supplies = {Supply.PAPER: level}
        match self._presenter:
            case Presenter.NONE:
                pass
            case Presenter.KPM150:
                report = self._ask_presenter()
                supplies[Supply.EXIT] = Level.LOW if report.paper & PresenterPaper.IN_EXIT else Level.FULL
                if report.paper & PresenterPaper.NONE:
                    supplies[Supply.PAPER] = Level.OUT
                if report.user & (PresenterUser.HEAD_UP | PresenterUser.COVER_OPEN):
                    fault = Fault.PRINTER_COVER_OPEN
        if fault is None and supplies[Supply.PAPER] is Level.OUT:
            fault = Fault.PRINTER_PAPER_OUT
        # A printer without paper is a sound device with nothing to print on.
        sound = fault is None or fault is Fault.PRINTER_PAPER_OUT
        return Status(DeviceState.ONLINE if sound else DeviceState.ERROR, fault, supplies)

    # ---- questions

    def _ask(self, n: int, within_s: float | None = None) -> int:
        """One real-time byte's meaning bits. Raises LinkLost, NotAnswering, DeviceBrokeRules."""
        noise = self._noise
        for _ in range(TRIES):
            bits = self._ask_once(n, self._answer_s if within_s is None else within_s)
            if bits is not None:
                return bits
            # The answer may be late; it must not be taken for the next one's.
            self._hear(lambda _: None, self._poll_s)
        raise no_answer(self._noise != noise, f"real-time status {n}")

    def _ask_once(self, n: int, within_s: float) -> int | None:
        """None without an answer, and for one that comes along with noise: a byte without a check may be noise too."""
        self._drain()
        noise = self._noise
        self._link.write(encode(AskNow(n)))
        bits = self._hear(lambda piece: piece.bits if isinstance(piece, NowAnswer) else None, within_s)
        return bits if self._noise == noise else None

    def _ask_presenter(self) -> PresenterReport:
        noise = self._noise
        for _ in range(TRIES):
            self._drain()
            self._link.write(encode(AskNow(ASK_PRESENTER)))
            report = self._hear(lambda piece: piece if isinstance(piece, PresenterReport) else None, self._answer_s)
            if report is not None:
                return report
            self._reader.quiet()  # half a report put together with the next one would be a false one
        raise no_answer(self._noise != noise, "presenter status")

    def _ask_queued(self) -> None:
        self._link.write(encode(AskQueued(1)))
        self._asked += 1

    def _hear_queued(self, goal: int, within_s: float) -> bool:
        """Whether so many queued questions have been answered since the beginning."""
        if self._answered >= goal:
            return True
        return self._hear(lambda _: self._answered >= goal or None, within_s) is True

    def _settle(self) -> None:
        """Nothing was asked for some time: what is half here is noise."""
        self._drain()
        self._reader.quiet()

    def _drain(self) -> None:
        """Take in what arrived before now: a queued answer counts, a late real-time one must not answer the next."""
        for _ in range(64):  # bounded: a babbling wire must not hold the lane
            chunk = self._link.read(0.0)
            if not chunk:
                return
            for piece in self._reader.feed(chunk):
                self._note(piece)

    def _hear(self, wanted: Callable[[Answer | Noise], T | None], within_s: float) -> T | None:
        def noted(piece: Answer | Noise) -> T | None:
            self._note(piece)
            return wanted(piece)

        # What is half here after a short look may still be completed: three bytes of an automatic report without their
        # first would be taken for queued answers.
        return hear(self._link, self._clock, self._reader, noted, within_s, then_quiet=False)

    def _note(self, piece: Answer | Noise) -> None:
        if isinstance(piece, QueuedAnswer):
            self._answered = min(self._answered + 1, self._asked)
            self._queued_bits = piece.bits
        elif isinstance(piece, Noise):
            self._noise += 1
