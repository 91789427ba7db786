"""Looks for words in files in every form in which a program may have written them down readable."""

import base64
import json
import urllib.parse
import zlib
from collections.abc import Iterator
from pathlib import Path

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "utf-32-le")


def forms(word: str) -> dict[str, bytes]:
    """Name of the form -> the bytes that betray it."""
    found: dict[str, bytes] = {encoding: word.encode(encoding) for encoding in ENCODINGS}
    for encoding in ("utf-8", "utf-16-le", "gb18030"):
        raw = word.encode(encoding)
        found[f"hex of {encoding}"] = raw.hex().encode()
        found[f"HEX of {encoding}"] = raw.hex().upper().encode()
        for shift in range(3):
            # What stands before it moves the alphabet: the middle of the three writings is the same wherever it stands.
            text = base64.b64encode(bytes(shift) + raw)
            inner = text[4 if shift else 0 : len(text) - 4]
            found[f"base64 of {encoding}, {shift} bytes on"] = inner
            found[f"base64url of {encoding}, {shift} bytes on"] = inner.translate(bytes.maketrans(b"+/", b"-_"))
    found["JSON"] = json.dumps(word).strip('"').encode()
    found["URL"] = urllib.parse.quote(word).encode()
    found["repr"] = ascii(word).strip("'").encode()
    return {name: data for name, data in found.items() if len(data) >= 6}


def readable(folder: Path, words: dict[str, str]) -> list[str]:
    """Where any of the words can be read, as "file: word in form"; also inside zlib streams."""
    wanted = [(what, name, data) for what, word in words.items() for name, data in forms(word).items()]
    wrong = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        data = path.read_bytes()
        for piece in (data, *_inflated(data)):
            wrong += [f"{path.relative_to(folder)}: {what} in {name}" for what, name, form in wanted if form in piece]
    return wrong


def _inflated(data: bytes) -> Iterator[bytes]:
    """The zlib streams in it: PDF and PNG hold their texts in such."""
    for head in (b"\x78\x9c", b"\x78\xda", b"\x78\x01"):
        at = data.find(head)
        while at >= 0:
            try:
                yield zlib.decompressobj().decompress(data[at:], 4_000_000)
            except zlib.error:
                pass
            at = data.find(head, at + 1)
