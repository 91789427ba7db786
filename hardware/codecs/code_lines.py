"""Codes as a scanner sends them: bytes up to a line end; and what those bytes mean as text."""

from dataclasses import dataclass, field

from hardware.api.code_scanner import LONGEST_CODE, CodeScanned
from hardware.codecs.hunt import Noise

CR = b"\r"
ANY_END = b"\r\n"


@dataclass(frozen=True)
class Code:
    """One code's bytes and the byte that ended it (none where the line just went quiet). Shown by no repr."""

    raw: bytes = field(repr=False)
    end: bytes = b""


@dataclass(frozen=True)
class TooLong:
    """The end of a run longer than any code; the run itself came out as noise."""

    end: bytes = b""


class LineReader:
    """Feed it chunks of any size; it hands back codes, in order, and the noise between them. Holds little.

    `ends` are the bytes that each end a code. An end with nothing before it (the LF of CR LF) is noise.
    """

    def __init__(self, ends: bytes = ANY_END, longest: int = LONGEST_CODE) -> None:
        self._ends = ends
        self._longest = longest
        self._held = b""
        self._skipping = False

    @property
    def held(self) -> int:
        """How many bytes wait for their end."""
        return len(self._held)

    @property
    def unfinished(self) -> bool:
        """Whether something has begun and not ended: bytes held, or a run too long that still goes on."""
        return bool(self._held) or self._skipping

    def feed(self, chunk: bytes) -> list[Code | TooLong | Noise]:
        """The codes and noise that `chunk` completes, in order."""
        out: list[Code | TooLong | Noise] = []
        data = self._held + chunk
        start = 0
        for at, byte in enumerate(data):
            if byte in self._ends:
                out += self._line(data[start:at], data[at : at + 1])
                start = at + 1
        rest = data[start:]
        if self._skipping or len(rest) > self._longest:
            self._skipping = self._skipping or bool(rest)
            out += [Noise(rest)] if rest else []
            rest = b""
        self._held = rest
        return out

    def quiet(self) -> list[Code | TooLong | Noise]:
        """The line has gone quiet: what is held is all that will come (a scanner that sends no end)."""
        held, self._held = self._held, b""
        if self._skipping:
            self._skipping = False
            return [TooLong()]
        return [Code(held)] if held else []

    def reset(self) -> None:
        """Forget what is held."""
        self._held = b""
        self._skipping = False

    def _line(self, raw: bytes, end: bytes) -> list[Code | TooLong | Noise]:
        if self._skipping or len(raw) > self._longest:
            self._skipping = False
            return [*([Noise(raw)] if raw else []), TooLong(end)]
        return [Code(raw, end)] if raw else [Noise(end)]


def scanned(raw: bytes) -> CodeScanned:
    """The code as text: UTF-8, else GB 18030; not readable when it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return CodeScanned(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return CodeScanned("", readable=False)


TOO_LONG = CodeScanned("", readable=False)
"""What a listener is told about a run longer than any code."""
