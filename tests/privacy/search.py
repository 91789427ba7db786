"""Looks for marks in files the way somebody with the disk would: plain, encoded, escaped, hashed, packed."""

import base64
import hashlib
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "gb18030")
HASHES = ("md5", "sha1", "sha256")
LEAST = 6
"""Bytes. Anything shorter turns up in noise."""
MOST_INFLATED = 32 * 1024 * 1024
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_ZIPPED = re.compile(rb"PK\x03\x04.{4}\x08\x00", re.DOTALL)
_ZIP_HEADER = 30
_SQLITE = b"SQLite format 3\0"
_EDGE = bytes(4)
"""Given back to what was stripped of its zeros: the last character of a text may need them."""


@dataclass(frozen=True)
class Found:
    """A mark that can be read. It names the mark and never holds it."""

    where: str
    mark: str
    form: str


def forms(text: str) -> dict[bytes, str]:
    """Every way the text may have been written: the bytes, and what to call them."""
    told: dict[bytes, str] = {}
    for encoding in ENCODINGS:
        raw = text.encode(encoding)
        for found, form in byte_forms(raw).items():
            told.setdefault(found, f"{form}{encoding}")
        told.setdefault(quote(raw).encode(), f"percent {encoding}")
        told.setdefault(quote(raw).lower().encode(), f"percent {encoding}")
        told.setdefault(repr(raw)[2:-1].encode(), f"bytes literal {encoding}")
    units = text.encode("utf-16-be")
    escaped = "".join(
        chr(unit) if unit < 128 else f"\\u{unit:04x}"
        for unit in (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))
    )
    told.setdefault(escaped.encode(), "JSON escapes")
    told.setdefault(re.sub(r"[0-9a-f]{4}", lambda four: four[0].upper(), escaped).encode(), "JSON escapes")
    told.setdefault(text.encode("unicode_escape"), "Python escapes")
    told.setdefault("".join(c if c.isascii() else f"&#{ord(c)};" for c in text).encode(), "HTML entities")
    for name in HASHES:  # of a number there are few enough to try them all: its plain hash is the number
        for found, form in byte_forms(hashlib.new(name, text.encode()).digest()).items():
            told.setdefault(found, f"{form}{name}")
    return {found: form for found, form in told.items() if len(found) >= LEAST}


def byte_forms(raw: bytes) -> dict[bytes, str]:
    """The bytes themselves, in hexadecimal, and in base64 wherever they begin in it."""
    told = {raw: "", raw.hex().encode(): "hex ", raw.hex().upper().encode(): "hex "}
    for before in range(3):
        for encode, form in ((base64.b64encode, "base64 "), (base64.urlsafe_b64encode, "base64url ")):
            told.setdefault(_whole_characters(encode(bytes(before) + raw), before, len(raw)), form)
    return {found: form for found, form in told.items() if len(found) >= LEAST}


def _whole_characters(encoded: bytes, before: int, size: int) -> bytes:
    """Without the characters that hold bits of a neighbour."""
    first = -(-before * 8 // 6)
    return encoded[first : (before + size) * 8 // 6]


@dataclass
class Search:
    """Marks, and where they were found. A file is read again only when it has changed."""

    needles: dict[bytes, tuple[str, str]] = field(default_factory=dict, repr=False)
    seen: dict[Path, tuple[int, int, int]] = field(default_factory=dict, repr=False)
    files: set[Path] = field(default_factory=set)
    read: int = 0

    def mark(self, name: str, text: str) -> None:
        """Look for this text from now on, in all its forms."""
        for needle, form in forms(text).items():
            self.needles.setdefault(needle, (name, form))
        self.seen.clear()

    def mark_bytes(self, name: str, raw: bytes) -> None:
        """Look for these bytes from now on, plain, in hexadecimal and in base64."""
        for needle, form in byte_forms(raw).items():
            self.needles.setdefault(needle, (name, form or "bytes"))
        self.seen.clear()

    def folder(self, folder: Path) -> list[Found]:
        """In every file below, and in the files' names. A file may go while it is looked for."""
        told: list[Found] = []
        for path in sorted(folder.rglob("*")):
            told += self.inside(str(path.relative_to(folder)).encode(), f"the name of {path.name}")
            try:
                status = path.stat()
                if not path.is_file() or path.is_symlink():
                    continue
                state = (status.st_ino, status.st_mtime_ns, status.st_size)
                if self.seen.get(path) == state:
                    continue
                told += self.file(path)
            except FileNotFoundError:
                continue
            self.seen[path] = state
            self.files.add(path)
        return told

    def file(self, path: Path) -> list[Found]:
        """In one file, and in every cell where it is a data base: a long cell is cut up in the file."""
        data = path.read_bytes()
        self.read += len(data)
        told = self.inside(data, path.name)
        if data.startswith(_SQLITE):
            for place, cell in _cells(path):
                told += self.inside(cell, f"{path.name} {place}")
        return told

    def inside(self, data: bytes, where: str) -> list[Found]:
        """In these bytes, in what is packed in them, and in both with lines and groups of digits joined."""
        told: dict[Found, None] = {}
        for each, how in ((data, ""), *((piece, " packed") for piece in _unpacked(data))):
            for text in _joined(_EDGE + each.strip(b"\0") + _EDGE):
                for needle, (mark, form) in self.needles.items():
                    if needle in text:
                        told[Found(where, mark, form + how)] = None
        return list(told)


def _joined(data: bytes) -> Iterable[bytes]:
    """As it is; without white space (wrapped base64, grouped digits); without hyphens too."""
    no_space = data.translate(None, b" \t\r\n")
    no_hyphen = no_space.translate(None, b"-")
    return dict.fromkeys((data, no_space, no_hyphen))


def _unpacked(data: bytes) -> Iterator[bytes]:
    """What zlib, gzip and zip packed anywhere in it."""
    starts = [(match.start(), zlib.MAX_WBITS | 32) for match in _ZLIB.finditer(data)]
    for match in _ZIPPED.finditer(data):
        at = match.start()
        name, extra = (int.from_bytes(data[at + place : at + place + 2], "little") for place in (26, 28))
        starts.append((at + _ZIP_HEADER + name + extra, -zlib.MAX_WBITS))
    for at, kind in starts:
        packed = zlib.decompressobj(kind)
        out = bytearray()
        try:
            for begin in range(at, len(data), 4096):  # in steps: a stream cut off gives what it has
                out += packed.decompress(data[begin : begin + 4096], MOST_INFLATED)
                if packed.eof or len(out) > MOST_INFLATED:
                    break
        except zlib.error:
            pass
        if len(out) >= LEAST:
            yield bytes(out)


def _cells(path: Path) -> Iterator[tuple[str, bytes]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10.0)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute('SELECT * FROM "{}"'.format(table.replace('"', '""'))):  # noqa: S608 - its own
                for cell in row:
                    if cell is not None:
                        yield table, cell if isinstance(cell, bytes) else str(cell).encode()
