"""The round red stamp of an office, drawn by us. It is a picture: what proves a document is its signed code."""

import math
from typing import Any

from documents import fonts
from documents.fonts import Face
from documents.sheet import HEIGHT, Sheet, Style

RED = "#C3272B"


def put_stamp(sheet: Sheet, x: float, y: float, radius: float, around: str, middle: str, below: str) -> None:
    """A ring around (x, y), words along its upper arc, a word across the middle and a line below. Raises NoGlyph."""
    size = min(radius * 0.25, radius * 3.4 / max(1, len(around)))
    arc = [(character, fonts.font_for(character, Face.BOLD)) for character in around if not character.isspace()]
    word = fonts.split(middle, Face.BOLD)
    line = fonts.split(below, Face.BOLD)
    middle_size = min(radius * 0.38, radius * 1.12 / max(1.0, Style(Face.BOLD, 1).measure(middle)))
    below_size = min(radius * 0.15, radius * 1.1 / max(1.0, Style(Face.BOLD, 1).measure(below)))
    reach = radius * 0.70
    step = min(math.radians(200) / max(1, len(arc) - 1), size * 1.25 / reach) if arc else 0.0

    def draw(canvas: Any) -> None:
        canvas.saveState()
        canvas.setFillAlpha(0.82)
        canvas.setStrokeAlpha(0.82)
        canvas.setStrokeColor(RED)
        canvas.setFillColor(RED)
        canvas.translate(x, HEIGHT - y)
        canvas.setLineWidth(radius * 0.06)
        canvas.circle(0, 0, radius * 0.97, stroke=1, fill=0)
        canvas.setLineWidth(radius * 0.015)
        canvas.circle(0, 0, radius * 0.90, stroke=1, fill=0)
        for at, (character, name) in enumerate(arc):
            canvas.saveState()
            canvas.rotate(math.degrees((len(arc) - 1) * step / 2 - at * step))
            canvas.setFont(name, size)
            canvas.drawCentredString(0, reach - size * 0.36, character)
            canvas.restoreState()
        _centred(canvas, word, middle_size, -radius * 0.22 - middle_size * 0.38)
        _centred(canvas, line, below_size, -radius * 0.62)
        canvas.restoreState()

    sheet.put(draw)


def _centred(canvas: Any, runs: list[tuple[str, str]], size: float, baseline: float) -> None:
    x = -sum(canvas.stringWidth(piece, name, size) for name, piece in runs) / 2
    for name, piece in runs:
        canvas.setFont(name, size)
        canvas.drawString(x, baseline, piece)
        x += canvas.stringWidth(piece, name, size)
