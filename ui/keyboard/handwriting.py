"""Handwriting: strokes to characters on a thread of its own, and what is on the pad. Keeps nothing that was written.

`Hand` is pure: it is told strokes and answers, and says what must go to the field, in the order it was written, even
where an answer comes late. `HandLane` asks the recogniser; only the newest strokes of a character are worth an answer.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from ui.keyboard.characters import COARSE
from ui.keyboard.shapes import FILE, Shapes
from ui.keyboard.zinnia import MODEL, SIDE, NoRecogniser, Point, Stroke, Zinnia, load

log = logging.getLogger(__name__)

HANDWRITING = "keyboard.handwriting"
SHAPES_ONLY = "keyboard.shapes_only"
NO_HANDWRITING = "keyboard.no_handwriting"

THREAD = "lane-handwriting"
MARGIN = 0.12  # of the side, around a character: where the model's own writers left it (measured: 0.1 to 0.15 alike)
NEAR = 0.02  # of the character's size: points nearer than this tell nothing new
MOST_STROKES = 40
MOST_POINTS = 400  # of one stroke: ten seconds of the finger
MOST_CANDIDATES = 30
ZINNIA_VOICE = 0.3
STOP_S = 2.0


class Recogniser(Protocol):
    """Strokes to characters. Used on one thread, opened there and closed there."""

    def candidates(self, strokes: Sequence[Stroke], limit: int) -> list[str]:
        """The likeliest first; strokes in any unit, y downwards."""

    def close(self) -> None:
        """Let go of everything."""


class TwoEyes:
    """Our shapes, which take strokes in any order, and Zinnia, which sees order, as a second opinion where it is there.

    Measured on characters drawn by somebody else than either was made from, first five of the list: shapes 99.6 %,
    Zinnia 88 %, both 100 %; with one stroke out of its turn 99.6 %, 47 %, 100 %; with some strokes joined 93 %, 36 %,
    93 %. So Zinnia has the smaller voice.
    """

    def __init__(self, shapes: Shapes, zinnia: Zinnia | None) -> None:
        self._shapes = shapes
        self._zinnia = zinnia

    def candidates(self, strokes: Sequence[Stroke], limit: int) -> list[str]:
        votes: dict[str, float] = {}
        _vote(votes, self._shapes.candidates(strokes, limit), 1.0)
        if self._zinnia is not None:
            _vote(votes, self._zinnia.classify(fitted(strokes), limit), ZINNIA_VOICE)
        return sorted(votes.keys() - COARSE, key=lambda text: -votes[text])[:limit]

    def close(self) -> None:
        if self._zinnia is not None:
            self._zinnia.close()


def _vote(votes: dict[str, float], texts: Sequence[str], voice: float) -> None:
    for rank, text in enumerate(texts, 1):
        votes[text] = votes.get(text, 0.0) + voice / rank


def fitted(strokes: Sequence[Stroke]) -> list[list[Point]]:
    """The strokes in the middle of a square of SIDE, as large as it takes with MARGIN, neither wider nor narrower."""
    xs = [x for stroke in strokes for x, _ in stroke]
    ys = [y for stroke in strokes for _, y in stroke]
    if not xs:
        return []
    size = max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    scale = SIDE * (1 - 2 * MARGIN) / size

    def point(x: float, y: float) -> Point:
        return SIDE / 2 + (x - middle_x) * scale, SIDE / 2 + (y - middle_y) * scale

    return [[point(x, y) for x, y in thinned(stroke, size * NEAR)] for stroke in strokes if stroke]


def thinned(stroke: Stroke, near: float) -> list[Point]:
    """The stroke without points that stand nearer than `near` to the one before; its ends stay."""
    kept = [stroke[0]]
    for x, y in stroke[1:-1]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= near:
            kept.append((x, y))
    return [*kept, stroke[-1]] if len(stroke) > 1 else kept


@dataclass(frozen=True)
class _Owed:
    """A character that was finished before the answer to its strokes came."""

    serial: int


class Hand:
    """The pad: strokes of one character in one of its cells, and what it may be.

    Every method that lets text go returns it; text said while an answer is owed waits behind it.
    """

    def __init__(self) -> None:
        self.number = 0  # of the character
        self.serial = 0  # of what is on the pad: another with every change
        self.cell = 0
        self.strokes: list[Stroke] = []
        self.candidates: list[str] = []
        self.searching = False
        self.down = False  # the finger draws
        self._line: deque[_Owed | str] = deque()

    @property
    def writing(self) -> bool:
        """Whether there is ink, or the finger draws the first of it."""
        return self.down or bool(self.strokes)

    @property
    def owes(self) -> bool:
        """Whether text waits for an answer."""
        return bool(self._line)

    def pen_down(self, cell: int) -> list[str]:
        """A stroke begins: in another cell it begins the next character, and the last one is taken."""
        out = self.settle() if cell != self.cell else []
        self.cell = cell
        self.down = True
        return out

    def add(self, points: Sequence[Point]) -> bool:
        """A stroke has ended; False where no more fit or it holds nothing."""
        self.down = False
        if not points or len(self.strokes) >= MOST_STROKES:
            return False
        self.strokes.append(tuple(points[:MOST_POINTS]))
        self.serial += 1
        self.searching = True
        return True

    def undo(self) -> bool:
        """Without the last stroke; False without ink."""
        if not self.strokes:
            return False
        self.strokes.pop()
        if self.strokes:
            self.serial += 1
            self.searching = True
        else:
            self.rewrite()
        return True

    def rewrite(self) -> None:
        """An empty pad for a new character; what is owed is still owed."""
        self.number += 1
        self.serial += 1
        self.strokes, self.candidates = [], []
        self.searching = self.down = False

    def forget(self) -> None:
        """Everything, owed text too."""
        self._line.clear()
        self.rewrite()

    def pick(self, at: int) -> list[str]:
        """A candidate is chosen."""
        if not 0 <= at < len(self.candidates):
            return []
        text = self.candidates[at]
        self.rewrite()
        return self.say(text)

    def settle(self) -> list[str]:
        """The first candidate is taken; where no answer has come yet, it is owed."""
        if not self.strokes:
            self.down = False
            return []
        if self.searching:
            self._line.append(_Owed(self.serial))
            self.rewrite()
            return []
        if self.candidates:
            return self.pick(0)
        self.rewrite()
        return []

    def say(self, text: str) -> list[str]:
        """Text from elsewhere, in its turn."""
        if self._line:
            self._line.append(text)
            return []
        return [text]

    def unsay(self) -> bool:
        """Take back the last thing that waits; False where nothing does."""
        if not self._line:
            return False
        self._line.pop()
        return True

    def answer(self, serial: int, texts: list[str]) -> list[str]:
        """What the strokes of that serial may be. Answers to strokes that are no longer so are dropped."""
        if serial == self.serial:
            self.candidates, self.searching = texts, False
            return []
        first = texts[0] if texts else ""
        self._line = deque(first if one == _Owed(serial) else one for one in self._line)
        out = []
        while self._line and not isinstance(text := self._line[0], _Owed):
            self._line.popleft()
            out.append(text)
        return [text for text in out if text]


class HandLane(QObject):
    """The recogniser's own thread: it is opened there, asked there, closed there."""

    answered = Signal(int, list)  # serial of the strokes, candidates

    def __init__(self, opened: Callable[[], Recogniser], status: str = HANDWRITING) -> None:
        super().__init__()
        self.status = status
        self._opened = opened
        self._waits = threading.Condition()
        self._asked: dict[int, tuple[int, tuple[Stroke, ...]]] = {}
        self._ends = False
        self._thread = threading.Thread(target=self._run, name=THREAD, daemon=True)
        self._thread.start()

    def ask(self, number: int, serial: int, strokes: Sequence[Stroke]) -> None:
        """Any thread: what may these be? Replaces an unanswered question about the same character."""
        with self._waits:
            self._asked[number] = serial, tuple(strokes)
            self._waits.notify()

    def forget(self) -> None:
        """Any thread: drop every question that waits."""
        with self._waits:
            self._asked.clear()

    def close(self) -> None:
        """End the thread; nothing is answered afterwards."""
        with self._waits:
            self._ends = True
            self._asked.clear()
            self._waits.notify()
        self._thread.join(STOP_S)

    def _run(self) -> None:
        recogniser = self._opened()
        while (asked := self._next()) is not None:
            serial, strokes = asked
            self.answered.emit(serial, recogniser.candidates(strokes, MOST_CANDIDATES))
        recogniser.close()

    def _next(self) -> tuple[int, tuple[Stroke, ...]] | None:
        """The oldest character that is asked about, or None at the end."""
        with self._waits:
            self._waits.wait_for(lambda: self._ends or bool(self._asked))
            if self._ends:
                return None
            return self._asked.pop(next(iter(self._asked)))


def open_hand() -> HandLane:
    """The lane of what this machine reads handwriting with. Raises OSError without our own shapes: our bug."""
    packed = FILE.read_bytes()
    try:
        load()
        second = MODEL.is_file()
    except NoRecogniser:
        second = False
    status = HANDWRITING if second else SHAPES_ONLY
    return HandLane(lambda: TwoEyes(Shapes(packed), second_eye() if second else None), status)


def second_eye(model: Path = MODEL) -> Zinnia | None:
    """Zinnia, or None and a line in the log where its model cannot be opened."""
    try:
        return Zinnia.open(model)
    except NoRecogniser as why:
        log.warning("handwriting partly absent: %s (%s)", SHAPES_ONLY, why)
        return None
