"""Twin of an ESC/POS slip printer: works through what it is sent, on paper that can be looked at."""

import enum
from collections import deque

from hardware.codecs.escpos import (
    ASK_PRESENTER,
    AskNow,
    AskQueued,
    AutoStatus,
    Command,
    CommandReader,
    Cut,
    Extended,
    FeedDots,
    FeedLines,
    Filler,
    Initialise,
    Raster,
    Recover,
    Setting,
    Text,
)
from hardware.codecs.escpos_status import (
    Answer,
    AutoReport,
    ErrorCause,
    NowAnswer,
    OfflineCause,
    PaperSensor,
    PresenterPaper,
    PresenterReport,
    PresenterUser,
    Printer,
    QueuedAnswer,
    QueuedPaper,
    encode,
)
from hardware.codecs.hunt import Noise
from hardware.twins.slip_paper import PaperPiece
from hardware.twins.wire import PtyWire, Twin

STEP_ROWS = 24
LINE_DOTS = 30
LOW_ROWS = 4000
"""The near-end sensor trips half a metre before the end."""
FULL_ROLL_ROWS = 400_000


class SlipFault(enum.Enum):
    """What goes wrong with slip printers in the field."""

    CUTTER_STUCK = enum.auto()  # the knife does not move: recoverable once it is free
    HEAD_HOT = enum.auto()  # stops until it has cooled
    MECHANISM = enum.auto()  # stops for good
    DEAF = enum.auto()  # hears nothing
    NEVER_PRINTS = enum.auto()  # takes everything, answers in real time, works through nothing
    SAYS_DONE = enum.auto()  # works through nothing when it is stopped, and says that it has
    DEAF_WHILE_PRINTING = enum.auto()  # no real-time answers between the first row and the cut
    WRONG_BITS = enum.auto()  # real-time answers break the fixed bits
    REPORTS_UNASKED = enum.auto()  # an automatic report before every answer


class SlipEscPosTwin(Twin):
    """A printer on its own power: pulling its cable stops no paper and clears no buffer; `power_cycle` does.

    Hands: `open_cover`, `close_cover`, `load_paper`, `paper_ends_after(rows)`, `take_slip`. `slips` are
    the cut pieces with anything on them; `blanks` counts those without; `refused` are commands it does not know.
    `dots_s` is the head's speed, None for at once. With `presenter` a cut slip waits in the mouth for a hand.
    """

    def __init__(
        self, wire: PtyWire, *, width: int = 576, presenter: bool = False, dots_s: float | None = None
    ) -> None:
        super().__init__(wire)
        self.width = width
        self.presenter = presenter
        self.dots_s = dots_s
        self.slips: list[PaperPiece] = []
        self.blanks = 0
        self.refused: list[Command | Noise] = []
        self.rows_left = FULL_ROLL_ROWS
        self.low_paper_sensor = True
        self.cover_open = False
        self.in_exit: list[PaperPiece] = []
        self.faults: set[SlipFault] = set()
        self._error = ErrorCause(0)  # latched until it is recovered
        self._auto_mask = 0
        self._queue: deque[Command] = deque()
        self._rows_done = 0  # of the raster at the head of the queue
        self._paper = bytearray()  # what is printed and not cut
        self._text = bytearray()
        self._stepping = False
        self._reader = CommandReader()
        self._reported = self._report()
        self.power_on()

    # ---- hands

    def open_cover(self) -> None:
        with self.lock:
            self.cover_open = True
            self._changed()

    def close_cover(self) -> None:
        with self.lock:
            self.cover_open = False
            self._changed()

    def paper_ends_after(self, rows: int) -> None:
        """So many rows of paper are left."""
        with self.lock:
            self.rows_left = rows
            self._changed()

    def load_paper(self) -> None:
        with self.lock:
            self.rows_left = FULL_ROLL_ROWS
            self._changed()

    def take_slip(self) -> PaperPiece | None:
        """What waits in the mouth, taken by a hand; None when nothing does."""
        with self.lock:
            return self.in_exit.pop(0) if self.in_exit else None

    def suffer(self, fault: SlipFault) -> None:
        with self.lock:
            self.faults.add(fault)
            self._changed()

    def heal(self, fault: SlipFault) -> None:
        """The cause is gone; a latched error stays until the host recovers it or the power is cycled."""
        with self.lock:
            self.faults.discard(fault)
            if fault is SlipFault.HEAD_HOT:
                self._error &= ~ErrorCause.AUTO_RECOVERABLE
            self._changed()

    def power_cycle(self) -> None:
        """Off and on: buffers are empty, what was printed stays in the printer's throat."""
        with self.lock:
            self._reader.power_cycle()
            self._drop_buffer()
            self._error = ErrorCause(0)
            self._auto_mask = 0
            self._changed()

    @property
    def busy(self) -> bool:
        """Whether there is anything left to work through."""
        with self.lock:
            return bool(self._queue)

    @property
    def uncut_rows(self) -> int:
        with self.lock:
            return len(self._paper) // self._row

    # ---- the wire

    def received(self, chunk: bytes) -> None:
        if SlipFault.DEAF in self.faults:
            return
        for piece in self._reader.feed(chunk):
            match piece:
                case AskNow(n):
                    self._answer_now(n)
                case Recover(n):
                    self._recover(n)
                case Noise() | Extended():
                    self.refused.append(piece)
                case Filler():
                    pass
                case _:
                    self._queue.append(piece)
        self._work()

    def lost_power(self) -> None:
        """Only the cable is gone. The wire forgot its timers with it, so what is buffered comes out at once."""
        self._stepping = False
        while self._can_step():
            self._step()

    def _say(self, answer: Answer) -> None:
        unasked = encode(self._report()) if SlipFault.REPORTS_UNASKED in self.faults else b""
        self.send(unasked + encode(answer))

    # ---- real time

    def _answer_now(self, n: int) -> None:
        if SlipFault.DEAF_WHILE_PRINTING in self.faults and (self._queue or self._paper):
            return
        if n == ASK_PRESENTER and self.presenter:
            paper = PresenterPaper.IN_EXIT if self.in_exit else PresenterPaper(0)
            paper |= PresenterPaper.NONE if self.rows_left <= 0 else PresenterPaper(0)
            paper |= PresenterPaper.NEAR_END if self._near_end else PresenterPaper(0)
            self._say(PresenterReport(paper, PresenterUser.COVER_OPEN if self.cover_open else 0))
            return
        answers = {1: self._printer_bits, 2: self._cause_bits, 3: lambda: int(self._error), 4: self._paper_bits}
        if n not in answers:
            self.refused.append(AskNow(n))
        elif SlipFault.WRONG_BITS in self.faults:
            self.send(b"\xff")
        else:
            self._say(NowAnswer(answers[n]()))

    def _printer_bits(self) -> int:
        return Printer.OFFLINE if self._stopped() else 0

    def _cause_bits(self) -> int:
        bits = OfflineCause.COVER_OPEN if self.cover_open else OfflineCause(0)
        bits |= OfflineCause.PAPER_END if self.rows_left <= 0 else OfflineCause(0)
        return bits | (OfflineCause.ERROR if self._error else OfflineCause(0))

    def _paper_bits(self) -> int:
        bits = PaperSensor.NEAR_END if self._near_end else PaperSensor(0)
        return bits | (PaperSensor.END if self.rows_left <= 0 else PaperSensor(0))

    @property
    def _near_end(self) -> bool:
        return self.low_paper_sensor and self.rows_left <= LOW_ROWS

    def _report(self) -> AutoReport:
        printer = Printer.OFFLINE if self._stopped() else 0
        printer |= 0x20 if self.cover_open else 0
        paper = (0x03 if self._near_end else 0) | (0x0C if self.rows_left <= 0 else 0)
        return AutoReport(printer, self._error, paper)

    def _recover(self, n: int) -> None:
        """Leave a recoverable error whose cause is gone; 2 drops the buffer too. Out of error it does nothing."""
        if not self._error or self._error & ErrorCause.UNRECOVERABLE or SlipFault.CUTTER_STUCK in self.faults:
            return
        if n == 2:
            self._drop_buffer()
        self._error &= ~ErrorCause.CUTTER
        self._changed()

    def _drop_buffer(self) -> None:
        self._queue.clear()
        self._rows_done = 0

    # ---- the mechanism

    @property
    def _row(self) -> int:
        return self.width // 8

    def _stopped(self) -> bool:
        return self.cover_open or self.rows_left <= 0 or bool(self._error)

    def _can_step(self) -> bool:
        if not self._queue or SlipFault.NEVER_PRINTS in self.faults:
            return False
        return not self._stopped() or SlipFault.SAYS_DONE in self.faults

    def _changed(self) -> None:
        """Something about the printer is other than before: tell those who asked to be told, and go on if it can."""
        if SlipFault.HEAD_HOT in self.faults:
            self._error |= ErrorCause.AUTO_RECOVERABLE
        if SlipFault.MECHANISM in self.faults:
            self._error |= ErrorCause.MECHANICAL | ErrorCause.UNRECOVERABLE
        self._tell_change()
        self._work()

    def _work(self) -> None:
        """Work through the queue: at once, or step by step at the head's speed."""
        while not self._stepping and self._can_step():
            rows = self._step()
            if self.dots_s is not None and rows and self.wire.plugged:
                self._stepping = True
                self.wire.later(rows / self.dots_s, self._next_step)

    def _next_step(self) -> None:
        with self.lock:
            self._stepping = False
            self._work()

    def _step(self) -> int:
        """Do a little of the first command; returns the rows of paper that moved."""
        command = self._queue[0]
        if isinstance(command, Raster) and not self._stopped():
            return self._print(command)
        self._queue.popleft()
        match command:
            case AskQueued(1):
                lies = SlipFault.SAYS_DONE in self.faults
                bits = QueuedPaper.NEAR_END if self._near_end and not lies else QueuedPaper(0)
                self._say(QueuedAnswer(bits))
            case AutoStatus(mask):
                self._auto_mask = mask
                if mask:
                    self.send(encode(self._report()))
            case Initialise() | Setting():
                pass
            case Text(raw):
                self._text += raw
            case FeedDots(dots):
                return self._feed(dots)
            case FeedLines(lines):
                return self._feed(lines * LINE_DOTS)
            case Cut():
                return self._cut(command)
            case Raster():
                pass  # says done, and is stopped: the rows are lost
            case _:
                self.refused.append(command)
        return 0

    def _print(self, raster: Raster) -> int:
        rows = min(STEP_ROWS, raster.height - self._rows_done, self.rows_left)
        for _ in range(rows):
            start = self._rows_done * raster.width_bytes
            dots = raster.data[start : start + raster.width_bytes]
            self._paper += dots[: self._row].ljust(self._row, b"\0")
            self._rows_done += 1
        self.rows_left -= rows
        if self._rows_done == raster.height:
            self._queue.popleft()
            self._rows_done = 0
        if self.rows_left <= 0 or self._near_end:
            self._tell_change()
        return rows

    def _tell_change(self) -> None:
        report = self._report()
        if report != self._reported:
            self._reported = report
            if self._auto_mask:
                self.send(encode(report))

    def _feed(self, dots: int) -> int:
        dots = min(dots, max(self.rows_left, 0))
        self._paper += bytes(dots * self._row)
        self.rows_left -= dots
        return dots

    def _cut(self, cut: Cut) -> int:
        if SlipFault.SAYS_DONE in self.faults and self._stopped():
            return 0
        if SlipFault.CUTTER_STUCK in self.faults:
            self._error |= ErrorCause.CUTTER
            self._queue.appendleft(cut)  # it is tried again when the error is left without dropping the buffer
            self._tell_change()
            return 0
        wanted = cut.feed or 0
        fed = self._feed(wanted)
        if fed < wanted:  # the paper ended on the way to the knife
            self._queue.appendleft(Cut(cut.partial, wanted - fed))
            self._tell_change()
            return fed
        piece = PaperPiece(self.width, bytes(self._paper), bytes(self._text))
        self._paper.clear()
        self._text.clear()
        if any(piece.rows) or piece.text:
            self.slips.append(piece)
        else:
            self.blanks += 1
        if self.presenter:
            self.in_exit[:] = [piece]  # a new one pushes out what waits there
        return fed
