"""Where candidates stand: rows of cells as wide as their text, pages of rows. Lengths in design pixels."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fit:
    """The room and the type: `room` is a row's width, `least` a cell's smallest, `padding` left and right of a text."""

    room: float = 0.0
    glyph: float = 0.0
    padding: float = 0.0
    least: float = 1.0
    gap: float = 0.0


@dataclass(frozen=True, repr=False)
class Cell:
    """Candidate `number`, `left` from the row's beginning in row `row` of its page."""

    number: int
    text: str
    row: int
    left: float
    width: float


def pages(texts: Sequence[str], fit: Fit, rows: int) -> list[list[Cell]]:
    """Every text stands once, in order; no cell is wider than the room. No room: no pages."""
    made: list[list[Cell]] = []
    if fit.room < fit.least:
        return made
    row, left = rows, 0.0
    for number, text in enumerate(texts):
        width = min(fit.room, max(fit.least, len(text) * fit.glyph + 2 * fit.padding))
        if row == rows or left + width > fit.room:
            row, left = row + 1, 0.0
            if row >= rows:
                made.append([])
                row = 0
        made[-1].append(Cell(number, text, row, left, width))
        left += width + fit.gap
    return made
