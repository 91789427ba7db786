"""A stack of A4 pages on which things are put from the top down; the page count is known before any page is drawn.

Lengths are points (1/72 inch), y grows downwards from the top edge. What is put is text, never markup.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from documents import fonts
from documents.codes import QUIET, matrix
from documents.fonts import MAKING, Face
from documents.wrapping import wrap

Draw = Callable[[Any], None]
WIDTH, HEIGHT = float(A4[0]), float(A4[1])
MM = 72 / 25.4

INK, SOFT, LINE, SEAL, PALE = "#241F1A", "#5A5048", "#B9AC9C", "#9C2F16", "#F6F0E6"


_FILL, _FILL_AND_STROKE = 0, 2  # PDF 32000-1, table 106


@dataclass(frozen=True)
class Style:
    """How a line of text looks. `leading` is the step from line to line, as a multiple of the size."""

    face: Face = Face.SANS
    size: float = 10.5
    colour: str = INK
    leading: float = 1.5

    @property
    def step(self) -> float:
        return self.size * self.leading

    def measure(self, text: str) -> float:
        return fonts.width(text, self.face, self.size)

    def wrap(self, text: str, width: float) -> list[str]:
        return wrap(text, width, self.measure)


BODY = Style()
BODY_BOLD = Style(Face.BOLD)
SMALL = Style(size=8.5, colour=SOFT, leading=1.45)


class Sheet:
    """Collects what is put on each page, then draws it all."""

    def __init__(self, left: float, right: float, top: float, bottom: float) -> None:
        self.left, self.right, self.top, self.bottom = left, WIDTH - right, top, HEIGHT - bottom
        self.y = top
        self._pages: list[list[Draw]] = [[]]
        self.head: Callable[[], None] = lambda: None
        """Puts what stands again at the top of each further page."""
        self.under: Callable[[], None] = lambda: None
        """Puts what lies under everything on each further page."""

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def page_count(self) -> int:
        return len(self._pages)

    def new_page(self) -> None:
        self._pages.append([])
        self.y = self.top
        self.under()
        self.head()

    def room_for(self, height: float) -> bool:
        """Begin a new page when this height does not fit any more; whether that was so."""
        if self.y + height <= self.bottom:
            return False
        self.new_page()
        return True

    def put(self, draw: Draw, page: int = -1) -> None:
        self._pages[page].append(draw)

    # ---- marks ----

    def text(self, x: float, baseline: float, text: str, style: Style, align: str = "left", page: int = -1) -> None:
        """One line; `x` is its left end, middle or right end. Raises NoGlyph."""
        runs = fonts.split(text, style.face)
        wide = style.measure(text)
        start = x - {"left": 0.0, "centre": wide / 2, "right": wide}[align]

        def draw(canvas: Any) -> None:
            pen = canvas.beginText(start, HEIGHT - baseline)
            pen.setFillColor(style.colour)
            pen.setStrokeColor(style.colour)
            stroke = style.face.fallback_stroke * style.size
            canvas.setLineWidth(stroke)
            for name, piece in runs:
                pen.setTextRenderMode(_FILL_AND_STROKE if stroke and name == fonts.FALLBACK else _FILL)
                pen.setFont(name, style.size)
                pen.textOut(piece)
            pen.setTextRenderMode(_FILL)
            canvas.drawText(pen)

        self.put(draw, page)

    def lines(self, x: float, top: float, lines: list[str], style: Style, align: str = "left") -> float:
        """Lines one under another from `top`; returns the y below them."""
        for at, line in enumerate(lines):
            self.text(x, top + at * style.step + _ascent(style), line, style, align)
        return top + len(lines) * style.step

    def paragraph(self, text: str, style: Style, *, indent: float = 0, align: str = "left") -> None:
        """Wrapped text across the page, onto the next when it must; moves y."""
        x = self.left + indent if align == "left" else (self.left + self.right) / 2
        for line in style.wrap(text, self.width - indent):
            self.room_for(style.step)
            self.y = self.lines(x, self.y, [line], style, align)

    def rule(self, x1: float, y: float, x2: float, colour: str = LINE, thick: float = 0.6) -> None:
        self.stroke(x1, y, x2, y, colour, thick)

    def stroke(self, x1: float, y1: float, x2: float, y2: float, colour: str = LINE, thick: float = 0.6) -> None:
        def draw(canvas: Any) -> None:
            canvas.setStrokeColor(colour)
            canvas.setLineWidth(thick)
            canvas.line(x1, HEIGHT - y1, x2, HEIGHT - y2)

        self.put(draw)

    def box(self, x: float, y: float, wide: float, high: float, fill: str = "", stroke: str = "") -> None:
        def draw(canvas: Any) -> None:
            if fill:
                canvas.setFillColor(fill)
            if stroke:
                canvas.setStrokeColor(stroke)
                canvas.setLineWidth(0.6)
            canvas.rect(x, HEIGHT - y - high, wide, high, stroke=int(bool(stroke)), fill=int(bool(fill)))

        self.put(draw)

    def slanted(self, text: str, style: Style) -> None:
        """Large pale words from lower left to upper right across the page. Raises NoGlyph."""
        runs = fonts.split(text, style.face)
        wide = style.measure(text)

        def draw(canvas: Any) -> None:
            canvas.saveState()
            canvas.translate(WIDTH / 2, HEIGHT / 2)
            canvas.rotate(45)
            pen = canvas.beginText(-wide / 2, -style.size * 0.38)
            pen.setFillColor(style.colour)
            for name, piece in runs:
                pen.setFont(name, style.size)
                pen.textOut(piece)
            canvas.drawText(pen)
            canvas.restoreState()

        self.put(draw)

    def feet(self, number: str, counted: Callable[[int, int], str], origin: str) -> None:
        """Under every page what it belongs to, `counted(page, pages)`, and where it comes from."""
        y = self.bottom + 9 * MM
        for page in range(self.page_count):
            self.text(self.left, y, number, SMALL, page=page)
            middle = (self.left + self.right) / 2
            self.text(middle, y, counted(page + 1, self.page_count), SMALL, "centre", page=page)
            self.text(self.right, y, origin, SMALL, "right", page=page)

    def code(self, x: float, y: float, side: float, text: str) -> None:
        """A QR code with its quiet zone inside `side`. Raises codes.CodeTooLong."""
        found = matrix(text)
        module = side / (found.size + 2 * QUIET)

        def draw(canvas: Any) -> None:
            canvas.setFillColor("#FFFFFF")
            canvas.rect(x, HEIGHT - y - side, side, side, stroke=0, fill=1)
            canvas.setFillColor("#000000")
            path = canvas.beginPath()
            for down, row in enumerate(found.rows):
                for start, length in _dark_runs(row):
                    left = x + (start + QUIET) * module
                    low = HEIGHT - y - (down + 1 + QUIET) * module
                    path.rect(left, low, length * module, module)
            canvas.drawPath(path, stroke=0, fill=1)

        self.put(draw)

    # ---- the end ----

    def pdf(self, title: str, language: str) -> bytes:
        """The bytes; the same for the same things put. No time and no chance is in them."""
        with MAKING:
            fonts.register(Face.SANS.value)
            out = io.BytesIO()
            canvas = Canvas(
                out,
                pagesize=A4,
                pageCompression=1,
                invariant=1,
                initialFontName=Face.SANS.value,
                lang="en" if language == "en" else "zh-CN",
            )
            canvas.setTitle(title)
            canvas.setAuthor("")
            canvas.setSubject("")
            canvas.setCreator("Nuanting")
            for page in self._pages:
                for draw in page:
                    draw(canvas)
                canvas.showPage()
            canvas.save()
            return out.getvalue()


def _ascent(style: Style) -> float:
    """From the top of a line to its baseline, so that Han characters sit in the middle of the step."""
    return style.step / 2 + style.size * 0.38


def _dark_runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules: fewer rectangles, and no hairlines between them."""
    runs: list[tuple[int, int]] = []
    for at, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == at:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((at, 1))
    return runs
