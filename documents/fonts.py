"""The typefaces of paper: which font draws which character, and an error instead of a blank box.

The PDF writer draws an empty box for a character that its font lacks, and says nothing. Here a text is split into runs
by what the fonts hold (Noto first, HanaMinB for the rest of extensions B to F), and a character that none of them holds
stops the document. Measured pitfalls of reportlab 5.1.0 are put right on import: `/ToUnicode` of characters above
U+FFFF, ASCII85 around every stream.
"""

import enum
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts

from documents.places import fonts_folder

MAKING = threading.RLock()
"""Held while a document is drawn or rendered: neither reportlab's fonts nor pdfium are for two threads at once."""

FALLBACK = "HanaMinB"
_BLOCK = 100  # most lines of one bfchar block (PDF 32000-1, 9.10.3; Adobe Technical Note 5014)


class NoGlyph(Exception):
    """No font here holds this character. The message names the code point only, never the text around it."""

    def __init__(self, character: str) -> None:
        super().__init__(f"U+{ord(character):04X}")


class Face(enum.Enum):
    """A typeface of paper; the value is the name of its file."""

    SANS = "NotoSansSC-Regular"
    BOLD = "NotoSansSC-Bold"
    SERIF = "NotoSerifSC-SemiBold"  # names of documents

    @property
    def fallback_stroke(self) -> float:
        """How much thicker the fallback's thin strokes are drawn to stand beside this face, per size; 0 beside SANS."""
        return 0.0 if self is Face.SANS else 0.035


def font_file(name: str) -> Path:
    return fonts_folder() / f"{name}.ttf"


@cache
def _font(name: str) -> ttfonts.TTFont:
    with MAKING:
        font = ttfonts.TTFont(name, str(font_file(name)), shapable=False)
        pdfmetrics.registerFont(font)
        return font


@cache
def _glyphs(name: str) -> Mapping[int, int]:
    glyphs: Mapping[int, int] = _font(name).face.charToGlyph
    return glyphs


def register(name: str) -> None:
    """Make a font known to the PDF writer; nothing the second time."""
    _font(name)


def font_for(character: str, face: Face) -> str:
    """The name of the font that draws this character. Raises NoGlyph."""
    code = ord(character)
    if code >= 0x20 and not 0x7F <= code < 0xA0:
        for name in (face.value, FALLBACK):
            if code in _glyphs(name):
                return name
    raise NoGlyph(character)


def split(text: str, face: Face) -> list[tuple[str, str]]:
    """The text in runs of (font name, piece). Raises NoGlyph."""
    runs: list[tuple[str, str]] = []
    for character in text:
        name = font_for(character, face)
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + character)
        else:
            runs.append((name, character))
    return runs


def width(text: str, face: Face, size: float) -> float:
    """How wide the text is drawn, in points. Raises NoGlyph."""
    with MAKING:
        return sum(float(_font(name).stringWidth(piece, size)) for name, piece in split(text, face))


def _to_unicode(font_name: str, subset: Sequence[int]) -> str:
    """The CMap that says which character each code of an embedded subset is (PDF 32000-1, 9.10.3).

    reportlab writes a code point above U+FFFF as five hex digits, which readers take for another character: a name
    copied from the page is then a wrong name. UTF-16BE is what the standard asks for.
    """
    head = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        f"/CIDSystemInfo\n<< /Registry ({font_name})\n/Ordering ({font_name})\n/Supplement 0\n>> def\n"
        f"/CMapName /{font_name} def\n/CMapType 2 def\n1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
    )
    lines = [f"<{code:02X}> <{chr(value).encode('utf-16-be').hex().upper()}>" for code, value in enumerate(subset)]
    blocks = [lines[at : at + _BLOCK] for at in range(0, len(lines), _BLOCK)]
    body = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return head + body + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"


ttfonts.makeToUnicodeCMap = _to_unicode
rl_config.useA85 = 0
