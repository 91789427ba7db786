"""The slip: 80 mm paper, one bit a dot, drawn whole, because a printer's own font lacks rare characters.

Sizes are dots of a 203 dpi head (8 a millimetre). Text is cut at one threshold, not dithered: it stays sharp.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from documents import codes, fonts
from documents.fonts import MAKING, Face
from documents.wrapping import narrow_quotes, wrap

WIDTH = 576
_MARGIN = 18
_INSIDE = WIDTH - 2 * _MARGIN
_DARK = 150  # a dot is black below this grey: a little over the half, so that thin strokes do not break
_LEAST_MODULE, _MOST_MODULE = 4, 8
_LARGEST = WIDTH // _LEAST_MODULE - 2 * codes.QUIET


@dataclass(frozen=True)
class Image1Bit:
    """`width` dots (a multiple of 8) by `height`; rows packed, most significant bit left, 1 is black."""

    width: int
    height: int
    rows: bytes = field(repr=False)

    def png(self) -> bytes:
        """The same as a PNG, to be looked at."""
        out = io.BytesIO()
        Image.frombytes("1", (self.width, self.height), bytes(~byte & 0xFF for byte in self.rows)).save(out, "PNG")
        return out.getvalue()


@dataclass(frozen=True)
class Slip:
    """What a slip says. `lines` are label and value; `token` goes into the code, "" for none."""

    title: str
    lines: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
    token: str = ""
    language: str = "zh"
    place: str = ""
    terminal: str = ""


@dataclass(frozen=True)
class _Type:
    face: Face
    size: int
    step: int

    def measure(self, text: str) -> float:
        return sum(_font(name, self.size).getlength(piece) for name, piece in fonts.split(text, self.face))

    def wrap(self, text: str, width: float) -> list[str]:
        return wrap(text, width, self.measure)


_BRAND = _Type(Face.BOLD, 30, 42)
_TITLE = _Type(Face.BOLD, 46, 64)
_LABEL = _Type(Face.SANS, 25, 40)
_VALUE = _Type(Face.BOLD, 28, 40)
_NOTE = _Type(Face.SANS, 25, 37)
_FOOT = _Type(Face.SANS, 24, 34)


@lru_cache(maxsize=16)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fonts.font_file(name)), size, layout_engine=ImageFont.Layout.BASIC)


class _Roll:
    """Paper that grows as things are put on it."""

    def __init__(self) -> None:
        self.y = 14
        self._texts: list[tuple[float, int, str, _Type]] = []
        self._rules: list[tuple[int, int]] = []
        self._codes: list[tuple[int, int, Image.Image]] = []

    def text(self, x: float, line: str, kind: _Type, align: str = "left") -> None:
        """One line with its top at y; does not move y."""
        if align == "centre":
            x -= kind.measure(line) / 2
        self._texts.append((x, self.y, line, kind))

    def lines(self, x: float, lines: Sequence[str], kind: _Type, align: str = "left") -> None:
        for line in lines:
            self.text(x, line, kind, align)
            self.y += kind.step

    def rule(self, thick: int = 2) -> None:
        self._rules.append((self.y, thick))
        self.y += thick

    def code(self, picture: Image.Image) -> None:
        self._codes.append(((WIDTH - picture.width) // 2, self.y, picture))
        self.y += picture.height

    def image(self) -> Image1Bit:
        grey = Image.new("L", (WIDTH, self.y), 255)
        pen = ImageDraw.Draw(grey)
        for x, top, line, kind in self._texts:
            baseline = top + kind.step / 2 + kind.size * 0.38
            for name, piece in fonts.split(line, kind.face):
                font = _font(name, kind.size)
                thicker = 1 if name == fonts.FALLBACK and kind.face is Face.BOLD else 0
                pen.text((round(x), round(baseline)), piece, fill=0, font=font, anchor="ls", stroke_width=thicker)
                x += font.getlength(piece)
        for top, thick in self._rules:
            pen.rectangle((_MARGIN, top, WIDTH - _MARGIN - 1, top + thick - 1), fill=0)
        for left, top, picture in self._codes:
            grey.paste(picture, (left, top))
        dark = grey.point([255 if value < _DARK else 0 for value in range(256)]).convert("1", dither=Image.Dither.NONE)
        return Image1Bit(WIDTH, self.y, dark.tobytes())


def slip_image(slip: Slip) -> Image1Bit:
    """The slip, drawn. Raises NoGlyph, codes.CodeTooLong."""
    if slip.language == "en":
        slip = Slip(
            title=narrow_quotes(slip.title),
            lines=tuple((narrow_quotes(label), narrow_quotes(value)) for label, value in slip.lines),
            notes=tuple(narrow_quotes(note) for note in slip.notes),
            token=slip.token,
            language=slip.language,
            place=narrow_quotes(slip.place),
            terminal=slip.terminal,
        )
    with MAKING:
        roll = _Roll()
        _head(roll, slip)
        _facts(roll, slip)
        _notes(roll, slip)
        if slip.token:
            _code(roll, slip.token)
        _foot(roll, slip)
        return roll.image()


def _head(roll: _Roll, slip: Slip) -> None:
    brand = "Nuanting · public services" if slip.language == "en" else "暖亭 · 政务服务自助终端"
    roll.lines(WIDTH / 2, [brand], _BRAND, "centre")
    roll.y += 4
    roll.rule(3)
    roll.y += 10
    roll.lines(WIDTH / 2, _TITLE.wrap(slip.title, _INSIDE), _TITLE, "centre")
    roll.y += 6


def _facts(roll: _Roll, slip: Slip) -> None:
    """Label and value side by side; one under the other where the labels are long."""
    widest = max((_LABEL.measure(label) for label, _ in slip.lines), default=0.0)
    indent = round(widest) + 22
    beside = indent <= _INSIDE * 0.4
    for label, value in slip.lines:
        if beside:
            roll.text(_MARGIN, label, _LABEL)
            roll.lines(_MARGIN + indent, _VALUE.wrap(value, _INSIDE - indent), _VALUE)
        else:
            roll.lines(_MARGIN, _LABEL.wrap(label, _INSIDE), _LABEL)
            roll.y -= 4
            roll.lines(_MARGIN, _VALUE.wrap(value, _INSIDE), _VALUE)
        roll.y += 6


def _notes(roll: _Roll, slip: Slip) -> None:
    if not slip.notes:
        return
    roll.y += 6
    roll.rule(1)
    roll.y += 8
    for note in slip.notes:
        roll.text(_MARGIN, "·", _Type(Face.BOLD, _NOTE.size, _NOTE.step))
        roll.lines(_MARGIN + 20, _NOTE.wrap(note, _INSIDE - 20), _NOTE)
        roll.y += 4


def _code(roll: _Roll, token: str) -> None:
    found = codes.matrix(token, _LARGEST)
    module = min(_MOST_MODULE, WIDTH // (found.size + 2 * codes.QUIET))
    roll.y += 4
    roll.code(codes.image(found, module))


def _foot(roll: _Roll, slip: Slip) -> None:
    told = {value for _, value in slip.lines}
    place = "" if slip.place in told else slip.place
    terminal = f"{'Terminal' if slip.language == 'en' else '终端'} {slip.terminal}" if slip.terminal else ""
    said = " · ".join(part for part in (place, terminal) if part)
    if said:
        roll.lines(WIDTH / 2, _FOOT.wrap(said, _INSIDE), _FOOT, "centre")
    roll.y += 24
