"""Breaking lines as Chinese and English both want it. Pure; the measure is the caller's, in any unit."""

import re
from collections.abc import Callable

_NOT_FIRST = frozenset("，。、；：？！）》」』】〕〉”’…—·％℃,.;:?!)]}%")
_NOT_LAST = frozenset("（《「『【〔〈“‘([{￥$")
_NARROW = str.maketrans("‘’“”", "''\"\"")
_PIECE = re.compile(r"[ \u3000]+|[0-9A-Za-z\u00c0-\u024f_@#&'\"’+=/\\.,:;?!%\-]+|.", re.DOTALL)


def narrow_quotes(text: str) -> str:
    """English as it is set with a Chinese font, whose curly quotes are as wide as a Han character."""
    return text.translate(_NARROW)


def pieces(text: str) -> list[str]:
    """What may not be broken inside: a word with its punctuation, a Han character with the marks that cling to it."""
    found: list[str] = []
    for match in _PIECE.finditer(text):
        piece = match.group()
        clings = found and (piece[0] in _NOT_FIRST or found[-1][-1] in _NOT_LAST) and not found[-1].isspace()
        if clings and not piece.isspace():
            found[-1] += piece
        else:
            found.append(piece)
    return found


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The lines of a text. A piece wider than the line is cut where it must be; an empty text is one empty line."""
    lines: list[str] = []
    for paragraph in text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n"):
        lines += _wrap_one(paragraph, width, measure)
    return lines


def _wrap_one(paragraph: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in pieces(paragraph):
        if measure((line + piece).rstrip(" \u3000")) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip(" \u3000"))
        line = "" if piece.isspace() else piece
        while measure(line) > width and len(line) > 1:
            fits = _fitting(line, width, measure)
            lines.append(line[:fits])
            line = line[fits:]
    lines.append(line.rstrip(" \u3000"))
    return lines


def _fitting(line: str, width: float, measure: Callable[[str], float]) -> int:
    """How many characters fit, at least one."""
    low, high = 1, len(line) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if measure(line[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return low
