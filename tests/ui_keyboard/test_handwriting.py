"""Handwriting: what is read of 104 characters' strokes, the pad as a pure thing, its thread, its absence.

Past 400 lines because the pad, its thread and the keyboard over both are asked about the same strokes.
"""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtCore import QCoreApplication, QEventLoop

from tests.ui_keyboard.hands import OTHERS_HAND, TAUGHT, by_hand, joined, known, out_of_turn
from ui.keyboard import handwriting, zinnia
from ui.keyboard.characters import COARSE
from ui.keyboard.engine import SingleCharacters
from ui.keyboard.facade import Keyboard
from ui.keyboard.handwriting import (
    HANDWRITING,
    MOST_CANDIDATES,
    MOST_POINTS,
    MOST_STROKES,
    NO_HANDWRITING,
    SHAPES_ONLY,
    Hand,
    HandLane,
    TwoEyes,
    fitted,
    open_hand,
    second_eye,
)
from ui.keyboard.shapes import FILE, FULL, Shapes, features, shape, squared
from ui.keyboard.zinnia import MODEL, SIDE, NoRecogniser, Stroke, Zinnia

HANDS = 2
LONGEST_WAIT_S = 20.0
LINE: Stroke = [(0.1, 0.5), (0.9, 0.5)]

Ask = Callable[[Sequence[Stroke]], list[str]]
Spoil = Callable[[list[Stroke], int], list[Stroke]]


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes(FILE.read_bytes())


@pytest.fixture(scope="module")
def eye() -> Zinnia:
    return Zinnia.open()


def neat(strokes: list[Stroke], hand: int) -> list[Stroke]:
    return strokes


def rates(ask: Ask, source: str, spoil: Spoil) -> tuple[float, float]:
    """Share of characters that came first, and among the first five."""
    first = five = count = 0
    for text in known(source):
        for hand in range(HANDS):
            found = ask(spoil(by_hand(text, hand), hand))
            first += found[:1] == [text]
            five += text in found[:5]
            count += 1
    return first / count, five / count


def test_there_are_enough_characters() -> None:
    assert len(known(OTHERS_HAND)) >= 60
    assert len(known(OTHERS_HAND).keys() | known(TAUGHT).keys()) >= 100


@pytest.mark.parametrize(
    ("source", "spoil", "first", "five"),
    [
        # Measured 0.965 and 0.993, 0.965 and 0.993, 0.944 and 0.993, 1 and 1 (the last are the lines our shapes are
        # made from, shaken).
        (OTHERS_HAND, neat, 0.94, 0.98),
        (OTHERS_HAND, out_of_turn, 0.94, 0.98),
        (OTHERS_HAND, joined, 0.92, 0.97),
        (TAUGHT, neat, 0.98, 0.99),
    ],
)
def test_what_is_written_is_read(
    shapes: Shapes, eye: Zinnia, source: str, spoil: Spoil, first: float, five: float
) -> None:
    def ask(strokes: Sequence[Stroke]) -> list[str]:
        return TwoEyes(shapes, eye).candidates(strokes, MOST_CANDIDATES)

    found = rates(ask, source, spoil)
    print(f"{source} {spoil.__name__}: first {found[0]:.3f}, first five {found[1]:.3f}")  # noqa: T201
    assert found[0] >= first
    assert found[1] >= five


@pytest.mark.parametrize(("source", "five"), [(OTHERS_HAND, 0.80), (TAUGHT, 0.77)])  # measured 0.831 and 0.803
def test_zinnia_alone_reads_neat_strokes(eye: Zinnia, source: str, five: float) -> None:
    found = rates(lambda strokes: eye.classify(fitted(strokes), MOST_CANDIDATES), source, neat)
    print(f"{source} zinnia alone: first {found[0]:.3f}, first five {found[1]:.3f}")  # noqa: T201
    assert found[1] >= five


def test_the_first_stroke_has_candidates_already_and_none_is_coarse(shapes: Shapes, eye: Zinnia) -> None:
    both = TwoEyes(shapes, eye)
    assert both.candidates([LINE], 5)[0] == "一"
    for text in COARSE & set(shapes.texts):
        number = shapes.texts.index(text)
        strokes = [list(zip(one[::2], one[1::2], strict=True)) for one in shapes._shape(number)]
        assert text in shapes.candidates(strokes, 5)
        assert text not in both.candidates(strokes, MOST_CANDIDATES)


def test_shapes_hold_what_zinnia_knows_and_rare_names_too(shapes: Shapes, eye: Zinnia) -> None:
    assert set(eye.known()) <= set(shapes.texts)
    assert set("喆堃昇淼") <= set(shapes.texts)


@given(
    st.lists(
        st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)), min_size=1, max_size=30),
        min_size=1,
        max_size=12,
    )
)
def test_any_strokes_are_brought_into_the_square(strokes: list[list[tuple[float, float]]]) -> None:
    for stroke in fitted(strokes):
        assert stroke
        assert all(-1 <= x <= SIDE + 1 and -1 <= y <= SIDE + 1 for x, y in stroke)
    square = squared(strokes)
    assert all(len(one) == 8 for one in shape(square))
    assert max(features(square)) <= FULL


def test_damaged_data_is_refused(tmp_path: Path) -> None:
    whole = FILE.read_bytes()
    for damaged in (b"", b"junk", whole[:-100], whole[:100] + whole[200:]):
        with pytest.raises(ValueError, match="shapes"):
            Shapes(damaged)
    for damaged in (b"", b"junk", MODEL.read_bytes()[:100_000]):
        file = tmp_path / "model"
        file.write_bytes(damaged)
        with pytest.raises(NoRecogniser):
            Zinnia.open(file)


# ---------------------------------------------------------------------------------------------------- the pad, pure


class Writing(RuleBasedStateMachine):
    """Characters are written at random while answers come late or never: every one goes out once, in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.hand = Hand()
        self.asked: list[tuple[int, str]] = []  # serial, what will be answered
        self.out: list[str] = []
        self.expected: list[str] = []
        self.count = 0
        self.on_pad = ""

    def take(self, texts: list[str]) -> None:
        self.out += texts

    def finish(self) -> None:
        if self.on_pad:
            self.expected.append(self.on_pad)
            self.on_pad = ""

    def written(self) -> None:
        self.count += 1
        self.on_pad = f"{self.count}"
        self.asked.append((self.hand.serial, self.on_pad))

    @precondition(lambda self: len(self.hand.strokes) < MOST_STROKES)
    @rule(cell=st.integers(0, 3))
    def stroke(self, cell: int) -> None:
        if cell != self.hand.cell:
            self.finish()
        self.take(self.hand.pen_down(cell))
        assert self.hand.add(LINE)
        self.written()

    @rule()
    def undo(self) -> None:
        if self.hand.undo() and self.hand.writing:
            self.written()
        elif not self.hand.writing:
            self.on_pad = ""

    @rule()
    def rewrite(self) -> None:
        self.hand.rewrite()
        self.on_pad = ""

    @rule()
    def settle(self) -> None:
        self.finish()
        self.take(self.hand.settle())

    @rule(text=st.sampled_from("，·-"))
    def say(self, text: str) -> None:
        if not self.hand.writing:
            self.expected.append(text)
            self.take(self.hand.say(text))

    @precondition(lambda self: self.asked)
    @rule(late=st.booleans())
    def answer(self, late: bool) -> None:
        serial, text = self.asked.pop(0 if late else -1)
        self.take(self.hand.answer(serial, [text, "?"]))

    @precondition(lambda self: self.hand.candidates)
    @rule()
    def pick_second(self) -> None:
        self.expected.append("?")
        self.on_pad = ""
        self.take(self.hand.pick(1))
        assert not self.hand.writing

    @invariant()
    def in_turn(self) -> None:
        assert self.out == self.expected[: len(self.out)]
        if not self.hand.owes:
            assert self.out == self.expected
        if not self.hand.writing:
            assert self.hand.candidates == []

    def teardown(self) -> None:
        for serial, text in self.asked:
            self.take(self.hand.answer(serial, [text]))
        assert self.out == self.expected


TestWriting = Writing.TestCase


def test_an_answer_to_other_strokes_is_dropped() -> None:
    hand = Hand()
    hand.add(LINE)
    first = hand.serial
    hand.add(LINE)
    hand.undo()
    hand.add(LINE)  # as many strokes as were asked about before, but others
    assert hand.answer(first, ["一"]) == []
    assert hand.candidates == []
    assert hand.searching
    hand.answer(hand.serial, ["二"])
    assert hand.candidates == ["二"]


def test_the_pad_holds_no_more_than_it_can() -> None:
    hand = Hand()
    assert not hand.add([])
    assert all(hand.add([(0.0, 0.0)] * 10_000) for _ in range(MOST_STROKES))
    assert not hand.add(LINE)
    assert all(len(stroke) == MOST_POINTS for stroke in hand.strokes)


def test_what_is_owed_can_be_taken_back() -> None:
    hand = Hand()
    hand.add(LINE)
    serial = hand.serial
    hand.settle()
    assert hand.unsay()
    assert hand.answer(serial, ["一"]) == []
    assert not hand.unsay()


# --------------------------------------------------------------------------------------- the thread, and the keyboard


class Slow:
    """A recogniser that answers when it is let: with how many strokes it saw."""

    def __init__(self) -> None:
        self.go = threading.Semaphore(0)
        self.begun = threading.Semaphore(0)
        self.asked: list[int] = []
        self.thread = ""
        self.closed = False

    def candidates(self, strokes: Sequence[Stroke], limit: int) -> list[str]:
        self.thread = threading.current_thread().name
        self.asked.append(len(strokes))
        self.begun.release()
        assert self.go.acquire(timeout=LONGEST_WAIT_S)
        return [f"字{len(strokes)}", "王"]

    def close(self) -> None:
        self.closed = True


class Desk:
    """A keyboard on a slow recogniser, and a field that does what it tells."""

    def __init__(self, kind: str = "address") -> None:
        self.app = QCoreApplication.instance() or QCoreApplication([])
        self.slow = Slow()
        self.lane = HandLane(lambda: self.slow)
        self.board = Keyboard(SingleCharacters(), {}, self.lane)
        self.text = ""
        self.done = 0
        self.board.committed.connect(self._put)
        self.board.erased.connect(self._erase)
        self.board.done_requested.connect(self._finish)
        self.board.measure(800.0, 1060.0, 34.0, 16.0, 81.0, 8.0)
        self.board.open(kind, "zh")
        self.board.switchPanel("hand")

    def _put(self, text: str) -> None:
        self.text += text

    def _erase(self) -> None:
        self.text = self.text[:-1]

    def _finish(self) -> None:
        self.done += 1

    def write(self, cell: int = 0) -> None:
        self.board.penDown(cell)
        self.board.stroke([0.1, 0.5, 0.9, 0.5])

    def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + LONGEST_WAIT_S
        while not true():
            assert time.monotonic() < deadline
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def let(self, count: int = 1) -> None:
        for _ in range(count):
            self.slow.go.release()

    def told(self, name: str) -> object:
        return self.board.property(name)

    def close(self) -> None:
        self.let(50)
        self.board.close()


@pytest.fixture
def desk(qapp: QCoreApplication) -> object:
    made = Desk()
    yield made
    made.close()
    made.lane._thread.join(LONGEST_WAIT_S)
    assert made.slow.closed


def test_strokes_are_read_on_a_thread_of_their_own_and_the_newest_only(desk: Desk) -> None:
    desk.write()
    assert desk.slow.begun.acquire(timeout=LONGEST_WAIT_S)
    for _ in range(4):
        desk.write()
    assert (desk.told("composing"), desk.told("searching"), desk.told("cells")) == (True, True, [])
    desk.let(2)
    desk.until(lambda: not desk.told("searching"))
    assert desk.slow.asked == [1, 5]
    assert desk.slow.thread == handwriting.THREAD
    assert [cell["text"] for cell in desk.told("cells")] == ["字5", "王"]  # type: ignore[attr-defined]


def test_a_picked_candidate_clears_the_pad(desk: Desk) -> None:
    desk.let()
    desk.write()
    desk.until(lambda: bool(desk.told("cells")))
    desk.board.pick(1)
    assert (desk.text, desk.told("composing"), desk.told("ink")) == ("王", False, [])


def test_characters_in_a_row_come_in_their_turn_however_late_the_answers(desk: Desk) -> None:
    desk.write(0)
    desk.write(1)
    desk.write(1)
    desk.write(0)
    desk.board.key("，")
    assert (desk.text, desk.told("composing")) == ("", False)
    desk.board.done()
    desk.board.done()
    assert desk.done == 0
    desk.let(3)
    desk.until(lambda: desk.done > 0)
    assert (desk.text, desk.done) == ("字1字2字1，", 1)


def test_what_nobody_touched_anything_for_is_known_by_it_however_late_the_answer(desk: Desk) -> None:
    """The person is away: ink is read and put into the field, and no touch comes of it, then or afterwards."""
    came: list[tuple[str, bool]] = []
    desk.board.committed.connect(lambda text: came.append((text, desk.board.untouched)))
    desk.write()
    desk.board.settle_untouched()
    assert came == []
    desk.let()
    desk.until(lambda: bool(came))
    desk.write()
    desk.let()
    desk.until(lambda: bool(desk.told("cells")))
    desk.board.settle_untouched()
    desk.board.key("，")
    assert came == [("字1", True), ("字1", True), ("，", False)]


def test_another_panel_takes_the_first_candidate_and_forgets_the_strokes(desk: Desk) -> None:
    desk.let()
    desk.write()
    desk.until(lambda: bool(desk.told("cells")))
    desk.board.switchPanel("pinyin")
    assert (desk.text, desk.told("ink")) == ("字1", [])


def test_delete_takes_back_a_stroke_then_what_is_owed_then_the_field(desk: Desk) -> None:
    desk.text = "上"
    desk.write()
    desk.write()
    desk.board.backspace()
    assert len(desk.told("ink")) == 1  # type: ignore[arg-type]
    desk.board.settle()
    desk.board.backspace()
    assert desk.text == "上"
    desk.board.backspace()
    assert desk.text == ""
    desk.let(2)


def test_reset_drops_strokes_candidates_and_what_is_owed(desk: Desk) -> None:
    desk.write(0)
    desk.write(1)
    assert desk.slow.begun.acquire(timeout=LONGEST_WAIT_S)
    desk.board.reset()
    desk.let(2)
    desk.write()
    told = [desk.told(name) for name in ("ink", "composing", "searching", "cells", "ready")]
    assert told == [[], False, False, [], []]
    desk.lane.ask(99, 99, [LINE, LINE, LINE])  # when this is answered, what came before has been
    desk.until(lambda: 3 in desk.slow.asked)
    assert desk.text == ""
    held = [value for value in vars(desk.board._hand).values() if not isinstance(value, int)]
    assert not any(held)
    assert not desk.lane._asked


def test_a_language_switched_while_writing_loses_nothing(desk: Desk) -> None:
    desk.let()
    desk.write()
    desk.until(lambda: bool(desk.told("cells")))
    desk.board.speak("en")
    assert (desk.told("composing"), desk.told("panel")) == (True, "hand")


def test_without_a_lane_there_is_no_such_panel() -> None:
    board = Keyboard(SingleCharacters(), {})
    board.open("address", "zh")
    assert board.property("panels") == ["pinyin", "english", "digits"]
    assert board.hand_status == NO_HANDWRITING
    board.switchPanel("hand")
    board.penDown(0)
    board.stroke([0.1, 0.5, 0.9, 0.5])
    assert (board.property("panel"), board.property("composing")) == ("pinyin", False)


def test_each_kind_that_takes_chinese_may_be_written() -> None:
    desk = Desk()
    panels = {kind: ("hand" in (desk.board.open(kind, "zh"), desk.told("panels"))[1]) for kind in KINDS_ASKED}  # type: ignore[operator]
    desk.close()
    assert [kind for kind, hand in panels.items() if hand] == ["pinyin", "name", "address"]


KINDS_ASKED = ("pinyin", "name", "address", "english", "digits", "phone", "id")


def read_of(lane: HandLane, text: str) -> list[str]:
    answers: list[list[str]] = []
    lane.answered.connect(lambda serial, texts: answers.append(texts))
    lane.ask(1, 1, by_hand(text, 0))
    deadline = time.monotonic() + LONGEST_WAIT_S
    while not answers:
        assert time.monotonic() < deadline
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    lane.close()
    return answers[0]


def test_this_machine_has_both_eyes(qapp: QCoreApplication) -> None:
    lane = open_hand()
    assert lane.status == HANDWRITING
    assert read_of(lane, "浦")[0] == "浦"


def test_without_the_library_our_shapes_read_alone(qapp: QCoreApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zinnia, "LIBRARY", "libnosuchthing.so.0")
    lane = open_hand()
    assert lane.status == SHAPES_ONLY
    assert read_of(lane, "浦")[0] == "浦"


@pytest.mark.log_warnings_expected
def test_a_damaged_model_is_told_once_and_done_without(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "model").write_bytes(b"junk")
    assert second_eye(tmp_path / "model") is None
    assert [SHAPES_ONLY in record.getMessage() for record in caplog.records] == [True]
