"""The keyboard's singleton for QML: panels, composition, candidates in pages. It types into nothing: it tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from ui.keyboard.composer import Composer
from ui.keyboard.engine import CHARACTERS_ONLY, Engine
from ui.keyboard.pages import Cell, Fit, pages

LIST: Any = "QVariantList"  # Qt takes its own type names too, which its typing does not know
MAP: Any = "QVariantMap"

PINYIN, ENGLISH, DIGITS = "pinyin", "english", "digits"
LABELS = "keyboard."  # the sentences that are the keyboard's own
GRID_ROWS = 5
SPACE = " "


@dataclass(frozen=True)
class Kind:
    """What a kind of field is typed with: its panels, words that stand ready, one more key beside the digits."""

    panels: tuple[str, ...]
    quick: tuple[str, ...] = ()
    extra: str = ""


KINDS = {
    "pinyin": Kind((PINYIN, ENGLISH, DIGITS)),
    "address": Kind((PINYIN, ENGLISH, DIGITS), quick=("路", "弄", "号", "室")),
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

    def __init__(self, engine: Engine, labels: Mapping[str, Mapping[str, str]]) -> None:
        """`labels`: language -> key under LABELS -> sentence."""
        super().__init__()
        self._engine = engine
        self._labels = labels
        self._composer = Composer(engine)
        self._kind = ANY_KIND
        self._language = "zh"
        self._panel = ENGLISH
        self._capital = False
        self._expanded = False
        self._strip = self._grid = Fit()
        self._pages: list[list[Cell]] = []
        self._page = 0

    # -------------------------------------------------------------------------------------------------- what is told

    @property
    def status(self) -> str:
        """The engine's status word, for health at start."""
        return self._engine.status

    @Property(str, notify=panel_changed)
    def panel(self) -> str:
        """pinyin, english or digits."""
        return self._panel

    @Property(bool, notify=panel_changed)
    def capital(self) -> bool:
        """Whether letters come as capitals."""
        return self._capital

    @Property(LIST, notify=kind_changed)
    def panels(self) -> list[str]:
        """The panels this field may be typed with."""
        return list(self._kind.panels)

    @Property(LIST, notify=kind_changed)
    def quick(self) -> list[str]:
        """Words that stand ready while nothing is composed."""
        return list(self._kind.quick)

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
        """Whether letters wait for a choice."""
        return self._composer.active

    @Property(str, notify=composition_changed)
    def chosen(self) -> str:
        """Text that is chosen for the first letters."""
        return self._composer.chosen

    @Property(str, notify=composition_changed)
    def letters(self) -> str:
        """The letters that wait, with a space between syllables."""
        return self._composer.spelled

    @Property(LIST, notify=candidates_changed)
    def cells(self) -> list[dict[str, object]]:
        """The candidates of this page: number, text, row, left, width."""
        return [
            {"number": cell.number, "text": cell.text, "row": cell.row, "left": cell.left, "width": cell.width}
            for cell in (self._pages[self._page] if self._pages else ())
        ]

    @Property(bool, notify=candidates_changed)
    def found(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self._pages)

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

    @Property(int, constant=True)
    def gridRows(self) -> int:
        """Rows of candidates when expanded."""
        return GRID_ROWS

    # ------------------------------------------------------------------------------------------------- what is asked

    @Slot(str, str)
    def open(self, kind: str, language: str) -> None:
        """A field of this kind has come to be typed in: everything begins anew."""
        self._language = language
        self._kind = KINDS.get(kind, ANY_KIND)
        foreign = language == "en" and ENGLISH in self._kind.panels
        self._panel = ENGLISH if foreign else self._kind.panels[0]
        self._capital = False
        self._composer.clear()
        self.kind_changed.emit()
        self.words_changed.emit()
        self.panel_changed.emit()
        self._composed()

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
            self.settle()
            if text == SPACE:
                return  # space has chosen
        elif self._panel == PINYIN and text == "'":
            return
        self.committed.emit(text.upper() if self._capital else text)

    @Slot(int)
    def pick(self, number: int) -> None:
        """A candidate."""
        text = self._composer.pick(number)
        self._composed()
        if text:
            self.committed.emit(text)

    @Slot()
    def settle(self) -> None:
        """Let the likeliest text of what is composed go."""
        if self._composer.active:
            text = self._composer.take()
            self._composed()
            self.committed.emit(text)

    @Slot()
    def backspace(self) -> None:
        """Undo a choice, a letter, or what stands before the caret."""
        if self._composer.erase():
            self._composed()
        else:
            self.erased.emit()

    @Slot()
    def clear(self) -> None:
        """Empty the composition; the field where there is none."""
        if self._composer.active:
            self._composer.clear()
            self._composed()
        else:
            self.cleared.emit()

    @Slot()
    def done(self) -> None:
        """The field is finished; letters that still wait are only put into it, to be seen before it is left."""
        if self._composer.active:
            self.settle()
        else:
            self.done_requested.emit()

    @Slot(str)
    def switchPanel(self, name: str) -> None:
        """Another panel of this field's."""
        if name in self._kind.panels and name != self._panel:
            self.settle()
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
        if self._composer.active:
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

    def _turn(self, by: int) -> None:
        if 0 <= self._page + by < len(self._pages):
            self._page += by
            self.candidates_changed.emit()

    def _composed(self) -> None:
        """The composition is another: its candidates begin at the first page."""
        self._expanded = self._expanded and self._composer.active
        self.composition_changed.emit()
        self._arrange()

    def _arrange(self) -> None:
        self._page = 0
        texts = [one.text for one in self._composer.candidates]
        self._pages = pages(texts, self._grid, GRID_ROWS) if self._expanded else pages(texts, self._strip, 1)
        self.candidates_changed.emit()


def labels(sentences: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The keyboard's own labels without their common beginning: language -> key -> sentence."""
    return {
        language: {key.removeprefix(LABELS): text for key, text in texts.items() if key.startswith(LABELS)}
        for language, texts in sentences.items()
    }
