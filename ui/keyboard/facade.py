"""The keyboard's singleton for QML: panels, composition, pad, candidates in pages. It types into nothing: it tells.

Past 400 lines because QML knows one keyboard: every panel's words, candidates and requests come through this object;
what they mean is in `composer.py`, `handwriting.py` and `addresses.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Property, QObject, Qt, Signal, Slot

from ui.keyboard.addresses import Word, suggestions
from ui.keyboard.composer import Composer
from ui.keyboard.engine import CHARACTERS_ONLY, Engine
from ui.keyboard.handwriting import NO_HANDWRITING, Hand, HandLane
from ui.keyboard.pages import Cell, Fit, pages

LIST: Any = "QVariantList"  # Qt takes its own type names too, which its typing does not know
MAP: Any = "QVariantMap"

PINYIN, HAND, ENGLISH, DIGITS = "pinyin", "hand", "english", "digits"
LABELS = "keyboard."  # the sentences that are the keyboard's own
GRID_ROWS = 5
SPACE = " "


@dataclass(frozen=True)
class Kind:
    """What a kind of field is typed with: its panels, whether words stand ready, one more key beside the digits, and
    whether people's names are typed."""

    panels: tuple[str, ...]
    suggests: bool = False
    extra: str = ""
    names: bool = False


KINDS = {
    "pinyin": Kind((PINYIN, HAND, ENGLISH, DIGITS)),
    "name": Kind((PINYIN, HAND, ENGLISH, DIGITS), names=True),
    "address": Kind((PINYIN, HAND, ENGLISH, DIGITS), suggests=True),
    "english": Kind((ENGLISH, DIGITS)),
    "digits": Kind((DIGITS,)),
    "phone": Kind((DIGITS,)),
    "id": Kind((DIGITS,), extra="X"),
    "date": Kind((DIGITS,), extra="-"),
}
ANY_KIND = KINDS["english"]


class Keyboard(QObject):
    """Made once. `committed` brings text for the caret, `erased` asks to delete before it, `cleared` to empty all.

    A key that is no letter first lets the likeliest text of the composition go, so nothing typed is dropped.
    """

    committed = Signal(str)
    erased = Signal()
    cleared = Signal()
    done_requested = Signal(name="doneRequested")

    panel_changed = Signal(name="panelChanged")
    kind_changed = Signal(name="kindChanged")
    words_changed = Signal(name="wordsChanged")
    composition_changed = Signal(name="compositionChanged")
    candidates_changed = Signal(name="candidatesChanged")
    ink_changed = Signal(name="inkChanged")

    def __init__(self, engine: Engine, labels: Mapping[str, Mapping[str, str]], lane: HandLane | None = None) -> None:
        """`labels`: language -> key under LABELS -> sentence; `lane`: the handwriting's, None where it is absent."""
        super().__init__()
        self._engine = engine
        self._labels = labels
        self._composer = Composer(engine)
        self._hand = Hand()
        self._lane = lane
        self._leaving = False
        self._untouched = False
        self._offered: list[Word] = []
        if lane is not None:
            lane.answered.connect(self._recognised, Qt.ConnectionType.QueuedConnection)
        self._kind = ANY_KIND
        self._language = "zh"
        self._panel = ENGLISH
        self._capital = False
        self._expanded = False
        self._rows = GRID_ROWS
        self._strip = self._grid = Fit()
        self._pages: list[list[Cell]] = []
        self._page = 0

    @property
    def _panels(self) -> list[str]:
        return [name for name in self._kind.panels if name != HAND or self._lane is not None]

    @property
    def _waiting(self) -> bool:
        return self._composer.active or self._hand.writing

    @property
    def _page_cells(self) -> list[dict[str, object]]:
        return [
            {"number": cell.number, "text": cell.text, "row": cell.row, "left": cell.left, "width": cell.width}
            for cell in (self._pages[self._page] if self._pages else ())
        ]

    # -------------------------------------------------------------------------------------------------- what is told

    @property
    def status(self) -> str:
        """The engine's status word, for health at start."""
        return self._engine.status

    @property
    def hand_status(self) -> str:
        """HANDWRITING, SHAPES_ONLY or NO_HANDWRITING, for health at start."""
        return NO_HANDWRITING if self._lane is None else self._lane.status

    @property
    def untouched(self) -> bool:
        """Whether the text that is being let go comes of no touch: nobody need be there for it."""
        return self._untouched

    @Property(str, notify=panel_changed)
    def panel(self) -> str:
        """pinyin, hand, english or digits."""
        return self._panel

    @Property(bool, notify=panel_changed)
    def capital(self) -> bool:
        """Whether letters come as capitals."""
        return self._capital

    @Property(LIST, notify=kind_changed)
    def panels(self) -> list[str]:
        """The panels this field may be typed with."""
        return list(self._panels)

    @Property(bool, notify=kind_changed)
    def suggesting(self) -> bool:
        """Whether words stand ready while nothing is composed."""
        return self._kind.suggests

    @Property(LIST, notify=candidates_changed)
    def quick(self) -> list[str]:
        """All words that stand ready."""
        return [word.text for word in self._offered]

    @Property(str, notify=kind_changed)
    def extra(self) -> str:
        """The key beside the digits; empty for none."""
        return self._kind.extra

    @Property(MAP, notify=words_changed)
    def words(self) -> dict[str, str]:
        """The keyboard's labels in the page's language."""
        return dict(self._labels.get(self._language, {}))

    @Property(bool, constant=True)
    def simple(self) -> bool:
        """Whether the pinyin library is absent and characters come one by one."""
        return self._engine.status == CHARACTERS_ONLY

    @Property(bool, notify=composition_changed)
    def composing(self) -> bool:
        """Whether letters or ink wait for a choice."""
        return self._waiting

    @Property(str, notify=composition_changed)
    def chosen(self) -> str:
        """Text that is chosen for the first letters."""
        return self._composer.chosen

    @Property(str, notify=composition_changed)
    def letters(self) -> str:
        """The letters that wait, with a space between syllables."""
        return self._composer.spelled

    @Property(bool, notify=candidates_changed)
    def searching(self) -> bool:
        """Whether what was written last is still being written or read."""
        return self._hand.searching or self._hand.down

    @Property(LIST, notify=ink_changed)
    def ink(self) -> list[list[float]]:
        """The strokes on the pad: x and y by turns, a cell's height being 1. Told when strokes go, not as they come."""
        return [[one for point in stroke for one in point] for stroke in self._hand.strokes]

    @Property(int, notify=ink_changed)
    def inkCell(self) -> int:
        """The cell of the pad they stand in."""
        return self._hand.cell

    @Property(LIST, notify=candidates_changed)
    def cells(self) -> list[dict[str, object]]:
        """The candidates of this page: number, text, row, left, width."""
        return self._page_cells if self._waiting else []

    @Property(LIST, notify=candidates_changed)
    def ready(self) -> list[dict[str, object]]:
        """The same of the words that stand ready, while nothing is composed."""
        return [] if self._waiting else self._page_cells

    @Property(bool, notify=candidates_changed)
    def found(self) -> bool:
        """Whether there is anything to choose for what is composed."""
        return self._waiting and bool(self._pages)

    @Property(bool, notify=candidates_changed)
    def before(self) -> bool:
        """Whether a page comes before this one."""
        return self._page > 0

    @Property(bool, notify=candidates_changed)
    def after(self) -> bool:
        """Whether a page comes after this one."""
        return self._page + 1 < len(self._pages)

    @Property(bool, notify=candidates_changed)
    def expanded(self) -> bool:
        """Whether candidates stand in place of the keys."""
        return self._expanded

    @Property(bool, notify=candidates_changed)
    def rare(self) -> bool:
        """Whether only rare characters are offered."""
        return self._composer.rare

    @Property(int, notify=candidates_changed)
    def gridRows(self) -> int:
        """Rows of candidates when expanded."""
        return self._rows

    # ------------------------------------------------------------------------------------------------- what is asked

    @Slot(str, str)
    def open(self, kind: str, language: str) -> None:
        """A field of this kind has come to be typed in: everything begins anew."""
        self._language = language
        self._kind = KINDS.get(kind, ANY_KIND)
        foreign = language == "en" and ENGLISH in self._kind.panels
        self._panel = ENGLISH if foreign else self._kind.panels[0]
        self._capital = self._leaving = self._expanded = False
        self._composer.names = self._kind.names
        self._composer.clear()
        self._forget_ink()
        self._offered = self._ready("")
        self.kind_changed.emit()
        self.words_changed.emit()
        self.panel_changed.emit()
        self._composed()

    @Slot(str)
    def speak(self, language: str) -> None:
        """The page's language is another; what is typed and composed stays."""
        if language != self._language:
            self._language = language
            self.words_changed.emit()

    @Slot(str)
    def stand(self, before: str) -> None:
        """What stands before the caret of a field that suggests."""
        offered = self._ready(before)
        if offered != self._offered:
            self._offered = offered
            if not self._waiting:
                self._expanded = False
                self._arrange()

    @Slot()
    def reset(self) -> None:
        """The visit has ended, or the keyboard goes down: forget everything."""
        self.open("", "zh")

    @Slot(float, float, float, float, float, float)
    def measure(self, strip: float, grid: float, glyph: float, padding: float, least: float, gap: float) -> None:
        """How wide a row of candidates is above the keys and in their place, and how large its cells are."""
        fits = (Fit(strip, glyph, padding, least, gap), Fit(grid, glyph, padding, least, gap))
        if fits != (self._strip, self._grid):
            self._strip, self._grid = fits
            self._arrange()

    @Slot(int)
    def setRows(self, rows: int) -> None:
        """How many rows of candidates stand in place of the keys."""
        if rows != self._rows:
            self._rows = max(1, rows)
            self._arrange()

    @Slot(str)
    def key(self, text: str) -> None:
        """A key with a sign on it."""
        if self._panel == PINYIN and text != SPACE and self._composer.type(text):
            self._composed()
            return
        if self._composer.active:
            full = text.isalpha() and text.isascii()
            if full or text == "'":
                return  # no more letters fit; the candidates are there to be chosen from
        elif self._panel == PINYIN and text == "'":
            return
        waited = self._waiting
        self.settle()
        if waited and text == SPACE:
            return  # space has chosen
        self._say(self._hand.say(text.upper() if self._capital else text))

    @Slot(int)
    def pick(self, number: int) -> None:
        """A candidate, or a word that stands ready."""
        if self._hand.writing:
            said = self._hand.pick(number)
            self._inked()
            self._say(said)
        elif self._composer.active:
            text = self._composer.pick(number)
            self._composed()
            if text:
                self.committed.emit(text)
        elif 0 <= number < len(self._offered):
            word = self._offered[number]
            self._composed()
            self._say(self._hand.say(word.rest))

    @Slot()
    def settle(self) -> None:
        """Let the likeliest text of what is composed go."""
        if self._hand.writing:
            said = self._hand.settle()
            self._inked()
            self._say(said)
        if self._composer.active:
            text = self._composer.take()
            self._composed()
            self.committed.emit(text)

    def settle_untouched(self) -> None:
        """The same without a touch: the person seems to be away, and what they composed is not to be lost with them."""
        self._untouched = True
        try:
            self.settle()
        finally:
            self._untouched = False

    @Slot()
    def backspace(self) -> None:
        """Undo a stroke, a choice, a letter, or what stands before the caret."""
        if self._hand.undo():
            self._inked()
            self._ask()
        elif self._composer.erase():
            self._composed()
        elif not self._hand.unsay():
            self.erased.emit()

    @Slot()
    def clear(self) -> None:
        """Empty the pad or the composition; the field where there is none."""
        if self._hand.writing:
            self._hand.rewrite()
            self._inked()
        elif self._composer.active:
            self._composer.clear()
            self._composed()
        else:
            self.cleared.emit()

    @Slot()
    def done(self) -> None:
        """The field is finished; what still waits is only put into it, to be seen before it is left."""
        if self._waiting:
            self.settle()
        elif self._hand.owes:
            self._leaving = True
        else:
            self.done_requested.emit()

    @Slot(int)
    def penDown(self, cell: int) -> None:
        """A stroke begins in this cell of the pad: in another than the last one it begins the next character."""
        if self._panel == HAND:
            elsewhere, begun = cell != self._hand.cell, not self._hand.writing
            said = self._hand.pen_down(cell)
            if elsewhere or begun:
                self._inked()
            self._say(said)

    @Slot(LIST)
    def stroke(self, flat: Sequence[float]) -> None:
        """A stroke has ended: x and y by turns, a cell's height being 1."""
        if self._panel == HAND:
            self._hand.add(list(zip(flat[::2], flat[1::2], strict=False)))
            self._ask()
            self.composition_changed.emit()
            self.candidates_changed.emit()

    @Slot(str)
    def switchPanel(self, name: str) -> None:
        """Another panel of this field's."""
        if name in self._panels and name != self._panel:
            self.settle()
            self._expanded = False
            self._panel, self._capital = name, False
            self.panel_changed.emit()

    @Slot()
    def shift(self) -> None:
        """Capitals on or off."""
        self._capital = not self._capital
        self.panel_changed.emit()

    @Slot()
    def expand(self) -> None:
        """Candidates in place of the keys, or the keys again."""
        if self._waiting or self._offered:
            self._expanded = not self._expanded
            self._composer.show_rare(False)
            self._arrange()

    @Slot()
    def showRare(self) -> None:
        """Only rare characters, or everything again."""
        self._composer.show_rare(not self._composer.rare)
        self._arrange()

    @Slot()
    def pageBefore(self) -> None:
        """The page before."""
        self._turn(-1)

    @Slot()
    def pageAfter(self) -> None:
        """The page after."""
        self._turn(1)

    def close(self) -> None:
        """The screen goes down: the handwriting's thread ends."""
        self._forget_ink()
        if self._lane is not None:
            self._lane.close()

    def _turn(self, by: int) -> None:
        if 0 <= self._page + by < len(self._pages):
            self._page += by
            self.candidates_changed.emit()

    def _composed(self) -> None:
        """The composition is another: its candidates begin at the first page."""
        self._expanded = self._expanded and self._waiting
        self.composition_changed.emit()
        self._arrange()

    def _inked(self) -> None:
        """Strokes have gone from the pad."""
        self.ink_changed.emit()
        self._composed()

    def _ask(self) -> None:
        if self._lane is not None and self._hand.strokes:
            self._lane.ask(self._hand.number, self._hand.serial, self._hand.strokes)

    def _forget_ink(self) -> None:
        self._hand.forget()
        if self._lane is not None:
            self._lane.forget()
        self.ink_changed.emit()

    @Slot(int, list)
    def _recognised(self, serial: int, texts: list[str]) -> None:
        said = self._hand.answer(serial, texts)
        if serial == self._hand.serial:
            self._arrange()
        self._untouched = True  # who wrote it was there then; whether they are now, an answer does not tell
        try:
            self._say(said)
        finally:
            self._untouched = False
        if self._leaving and not self._hand.owes:
            self._leaving = False
            self.done_requested.emit()

    def _say(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.committed.emit(text)

    def _ready(self, before: str) -> list[Word]:
        return suggestions(before) if self._kind.suggests else []

    def _arrange(self) -> None:
        self._page = 0
        if self._hand.writing:
            texts = list(self._hand.candidates)
        elif self._composer.active:
            texts = [one.text for one in self._composer.candidates]
        else:
            texts = [word.text for word in self._offered]
        self._pages = pages(texts, self._grid, self._rows) if self._expanded else pages(texts, self._strip, 1)
        self.candidates_changed.emit()


def labels(sentences: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The keyboard's own labels without their common beginning: language -> key -> sentence."""
    return {
        language: {key.removeprefix(LABELS): text for key, text in texts.items() if key.startswith(LABELS)}
        for language, texts in sentences.items()
    }
