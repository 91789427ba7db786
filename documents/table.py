"""Tables on a sheet: columns as wide as their words need, cells that wrap, heads that come again on the next page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from documents.fonts import Face
from documents.sheet import LINE, MM, PALE, SOFT, Sheet, Style

_NUMBER = re.compile(r"[-+]?[0-9][0-9,]*(\.[0-9]+)?%?")
_LEAST = 9 * MM
_SMALLEST = 6.0
_KEPT = 3  # rows that stay with what follows a table


@dataclass(frozen=True)
class Column:
    """One column: its head, its width in points, how its cells stand ("left" or "right")."""

    head: str
    width: float
    align: str = "left"


_HEAD = Style(Face.BOLD, 9, SOFT, 1.4)
_CELL = Style(size=9.5, leading=1.4)


@dataclass(frozen=True)
class Look:
    """How a table looks."""

    head: Style = _HEAD
    cell: Style = _CELL
    first: Style | None = None  # the first column, when it looks different
    pad: float = 1.1 * MM  # above and below a cell
    side: float = 2.2 * MM  # left and right of it


def fitting(heads: Sequence[str], rows: Sequence[Sequence[str]], width: float, look: Look) -> tuple[Look, list[Column]]:
    """Columns that share `width`, and the look, made smaller (to 6 points) while a number would be broken in two."""
    while True:
        columns = columns_for(heads, rows, width, look)
        room = [column.width - 2 * look.side for column in columns]
        broken = any(
            look.cell.measure(cell) > room[at] for row in rows for at, cell in enumerate(row) if _NUMBER.fullmatch(cell)
        )
        if not broken or look.cell.size <= _SMALLEST:
            return look, columns
        look = replace(
            look,
            head=replace(look.head, size=max(_SMALLEST, look.head.size - 0.5)),
            cell=replace(look.cell, size=max(_SMALLEST, look.cell.size - 0.5)),
            side=max(0.8 * MM, look.side - 0.2 * MM),
        )


def columns_for(heads: Sequence[str], rows: Sequence[Sequence[str]], width: float, look: Look) -> list[Column]:
    """Columns that share `width` by what they hold; a column of numbers stands to the right."""
    count = max([len(heads), *(len(row) for row in rows)], default=0)
    wanted, aligns = [], []
    for at in range(count):
        head = heads[at] if at < len(heads) else ""
        cells = [row[at] for row in rows if at < len(row)]
        widest = max([look.head.measure(_one_line(head)), *(look.cell.measure(_one_line(cell)) for cell in cells)])
        wanted.append(max(_LEAST, widest + 2 * look.side))
        aligns.append("right" if cells and all(_NUMBER.fullmatch(cell.strip()) for cell in cells if cell) else "left")
    widths = _shared(wanted, width)
    return [Column(heads[at] if at < len(heads) else "", widths[at], aligns[at]) for at in range(count)]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _shared(wanted: list[float], width: float) -> list[float]:
    """The widths wanted, stretched alike to fill the page; when they are too wide, the widest give way first."""
    if not wanted:
        return []
    total = sum(wanted)
    if total <= width:
        return [one + (width - total) / len(wanted) for one in wanted]
    widths, left, rest = [0.0] * len(wanted), width, sorted(range(len(wanted)), key=lambda at: wanted[at])
    while rest:
        share = left / len(rest)
        narrowest = rest.pop(0)
        widths[narrowest] = min(wanted[narrowest], share)
        left -= widths[narrowest]
    return widths


def put_table(
    sheet: Sheet, columns: Sequence[Column], rows: Sequence[Sequence[str]], look: Look, after: float = 0
) -> None:
    """Head and rows from the sheet's y on, over as many pages as it takes. Raises NoGlyph.

    What comes below and is `after` points high never stands alone on a page: the last rows go with it.
    """
    heads = [look.head.wrap(column.head, column.width - 2 * look.side) for column in columns]
    head_height = max([len(lines) for lines in heads], default=1) * look.head.step + 2 * look.pad

    def put_head() -> None:
        sheet.box(sheet.left, sheet.y, sheet.width, head_height, fill=PALE)
        sheet.rule(sheet.left, sheet.y + head_height, sheet.right, LINE, 0.8)
        _put_cells(sheet, columns, heads, [look.head] * len(columns), sheet.y + look.pad, look.side)
        sheet.y += head_height

    if any(column.head for column in columns):
        sheet.room_for(head_height + 2 * look.cell.step)
        put_head()
        before, sheet.head = sheet.head, put_head
    else:
        before = sheet.head
    styles = [look.first or look.cell, *[look.cell] * (len(columns) - 1)]
    for number, row in enumerate(rows):
        if after and number == max(0, len(rows) - _KEPT):
            sheet.room_for((len(rows) - number) * (look.cell.step + 2 * look.pad) + after)
        filled = [row[at] if at < len(row) else "" for at in range(len(columns))]
        cells = [
            style.wrap(text, column.width - 2 * look.side)
            for text, column, style in zip(filled, columns, styles, strict=True)
        ]
        _put_row(sheet, columns, cells, styles, look)
    sheet.head = before


def _put_row(sheet: Sheet, columns: Sequence[Column], cells: list[list[str]], styles: list[Style], look: Look) -> None:
    """One row, whole on a page where it can be; a row taller than a page is cut between lines."""
    step = max(style.step for style in styles)
    while True:
        tallest = max(len(lines) for lines in cells)
        height = tallest * step + 2 * look.pad
        if sheet.y + height > sheet.bottom and sheet.y > sheet.top + 60 * MM:
            sheet.new_page()
        fits = max(1, int((sheet.bottom - sheet.y - 2 * look.pad) / step))
        now, cells = [lines[:fits] for lines in cells], [lines[fits:] for lines in cells]
        _put_cells(sheet, columns, now, styles, sheet.y + look.pad, look.side)
        sheet.y += max(len(lines) for lines in now) * step + 2 * look.pad
        sheet.rule(sheet.left, sheet.y, sheet.right, LINE, 0.4)
        if not any(cells):
            return
        sheet.new_page()


def _put_cells(
    sheet: Sheet,
    columns: Sequence[Column],
    cells: Sequence[list[str]],
    styles: Sequence[Style],
    top: float,
    side: float,
) -> None:
    x = sheet.left
    for column, lines, style in zip(columns, cells, styles, strict=True):
        edge = x + column.width - side if column.align == "right" else x + side
        sheet.lines(edge, top, lines, style, column.align)
        x += column.width
